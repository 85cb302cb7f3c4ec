from __future__ import annotations

from labeler import Paper
from labeler.publish.explained import marks_of, record_of
from labeler.score.model import Explanation

TOLD = Explanation("robots", 0.75, 1.1, 0.5, (("arm", 1.0), ("soup", -0.6), ("leg", 0.2)))
PAPER = Paper.make("Arms and legs", "of robots")


def test_a_record_holds_the_paper_and_every_contribution() -> None:
    record = record_of(PAPER, [TOLD], "mine@1", [])
    assert {key: record[key] for key in PAPER.to_dict()} == PAPER.to_dict()
    assert record["model"] == "mine@1"
    assert record["explanations"] == [
        {
            "topic": "robots",
            "probability": 0.75,
            "score": 1.1,
            "base": 0.5,
            "contributions": [
                {"term": "arm", "adds": 1.0},
                {"term": "soup", "adds": -0.6},
                {"term": "leg", "adds": 0.2},
            ],
        }
    ]


def test_the_terms_of_the_topic_whose_score_it_is_are_marked() -> None:
    marks = {"robots": {"arm": "keyword"}, "speech": {"leg": "not"}}
    assert marks_of(TOLD, marks) == {"arm": "keyword"}
    assert marks_of(TOLD._replace(through="speech"), marks) == {"leg": "not"}
    assert record_of(PAPER, [TOLD._replace(through="speech")], "mine@1", [])["explanations"][0]["through"] == "speech"
