from __future__ import annotations

from labeler.measure.estimates import Estimate
from labeler.measure.figures import Bands, Figures, Outcome, PaperCounts
from labeler.score.manifest import Parameters, TrainingRecord
from labeler.topics import Mode, Scheme, Topic
from models.arxiv.card import TopicFigures, card


def test_a_card_says_what_how_good_and_what_not() -> None:
    figure = Estimate(0.61234, 0.6, 0.65)
    scheme = Scheme(Mode.SINGLE, (Topic("cs.RO", "Robotics"), Topic("cs.SD", "Sound")))
    figures = Figures(
        measured={"accuracy": figure, "top_3": figure, "macro_f1": figure},
        papers=PaperCounts(61, 0, 0),
        counts={"cs.RO": 60, "cs.SD": 1},
    )
    bands = Bands(0.9, 0.0, 0.8, Outcome(10, 5, 5, 4))
    by_topic = [TopicFigures("cs.RO", 30, 0.765, "cs.SD"), TopicFigures("cs.SD", 2, None, "")]
    facts: dict[str, object] = {
        "evaluated": 32,
        "min_papers": 1,
        "min_evaluated": 20,
        "terms": 100,
        "levels": 63,
        "least": 0.4,
    }
    facts |= {"largest": "cs.RO", "first": "1995-08-26", "cut": "2025-10-01", "last": "2025-12-31"}
    text = card(TrainingRecord(Parameters(0.9), figures, scheme), bands, by_topic, facts)
    assert text.startswith("# The model that comes with labeler\n")
    assert "one of 2 categories" in text
    assert "61 papers of arXiv, 1995-08-26 to 2025-12-31 |" in text
    assert "Measured on 32 papers from 2025-10-01 on" in text
    assert text.count("0.612 [0.600, 0.650]") == 3
    assert "Decided automatically: 5 of 10 held-out papers (50% [19%, 81%])" in text
    assert ", 4 of 5 topics right (80% [28%, 99%]) (promised: 90%)." in text
    assert "## Its limits" in text
    assert "with their probabilities, from 0.4 up" in " ".join(text.split())
    assert text.endswith("| cs.RO | Robotics | 60 | 30 | 0.77 | cs.SD |\n| cs.SD | Sound | 1 | 2 |  |  |\n")
    assert "{" not in text
