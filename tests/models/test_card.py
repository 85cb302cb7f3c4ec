from __future__ import annotations

from models.arxiv.card import card


def test_a_card_says_what_how_good_and_what_not() -> None:
    figure = {"value": 0.61234, "low": 0.6, "high": 0.65}
    topics = [{"id": "cs.RO", "name": "Robotics"}, {"id": "cs.SD", "name": "Sound"}]
    details = {
        "scheme": {"topics": topics},
        "papers": {"labelled": 61},
        "counts": {"cs.RO": 60, "cs.SD": 1},
        "measured": {"accuracy": figure, "top_3": figure, "macro_f1": figure},
        "bands": {
            "precision": 0.9,
            "lower": 0.0,
            "upper": 0.8,
            "held_out": {"papers": 10, "decided": 5, "assigned": 5, "right": 4},
        },
    }
    by_topic = [
        {"topic": "cs.RO", "asked": 30, "f1": 0.765, "taken_for": "cs.SD"},
        {"topic": "cs.SD", "asked": 2, "f1": None, "taken_for": ""},
    ]
    facts: dict[str, object] = {
        "asked": 32,
        "most": 60,
        "fewest": 1,
        "terms": 100,
        "levels": 63,
        "several": 20,
        "pile": 900,
    }
    facts |= {"largest": "cs.RO", "first": "1995-08-26", "cut": "2025-10-01", "last": "2025-12-31"}
    text = card(details, by_topic, facts)
    assert text.startswith("# The model that comes with labeler\n")
    assert "one of 2 categories" in text
    assert "61 papers of arXiv, 1995-08-26 to 2025-12-31 |" in text
    assert "Measured on 32 papers from 2025-10-01 on" in text
    assert text.count("0.612 [0.600, 0.650]") == 3
    assert "Without a person: 5 of 10 held-out papers (50% [19%, 81%])" in text
    assert ", 4 of 5 topics right (80% [28%, 99%]) (promised: 90%)." in text
    assert "## Its limits" in text
    assert text.endswith("| cs.RO | Robotics | 60 | 30 | 0.77 | cs.SD |\n| cs.SD | Sound | 1 | 2 |  |  |\n")
    assert "{" not in text
