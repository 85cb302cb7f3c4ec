"""The labelled paper as a record."""

from __future__ import annotations

from tests.publish.making import labelled, paper


def test_record_holds_the_paper_and_what_the_model_says() -> None:
    one = paper(ids=["arxiv:2601.88001"], authors=("Ann Lee",), date="--03-14")
    assert labelled(one, decision="review", reason="ambiguous").to_dict() == {
        **one.to_dict(),
        "topics": [
            {"topic": "vision", "probability": 0.9123, "because": ["image", "pixel"]},
            {"topic": "lang", "probability": 0.7, "because": []},
        ],
        "scores": {"lang": 0.7, "vision": 0.9123},
        "decision": "review",
        "reason": "ambiguous",
        "model": "default@3",
    }


def test_paper_without_topics_still_has_all_scores() -> None:
    record = labelled(topics=(), decision="none").to_dict()
    assert (record["topics"], record["scores"], record["decision"]) == ([], {"lang": 0.1, "vision": 0.2}, "none")


def test_a_decision_that_needs_no_reason_has_none() -> None:
    assert labelled().to_dict()["reason"] is None
