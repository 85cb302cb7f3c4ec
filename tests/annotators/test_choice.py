from __future__ import annotations

import json

import pytest

from labeler.annotators.choice import Choice

CHOICE = Choice("dawid_skene", 120, 3, {"majority": 0.7, "weighted": 0.75, "dawid_skene": 0.8}, 4, 1)


def test_a_choice_is_kept_as_json() -> None:
    assert Choice.from_dict(json.loads(json.dumps(CHOICE.to_dict()))) == CHOICE
    with pytest.raises(ValueError, match="no consensus is called"):
        Choice.from_dict(CHOICE.to_dict() | {"method": "oracle"})


def test_the_choice_in_words() -> None:
    assert Choice().sentence == ""
    assert CHOICE.sentence == (
        "Where annotators differ, what counts is a model of what each annotator confuses (Dawid–Skene). Of held-out "
        "answers, those of the others predicted: the majority 70.0%, the weighted vote 75.0%, Dawid–Skene 80.0%. It "
        "settled 4 ties and changed the label of 1 paper."
    )
    assert CHOICE._replace(method="majority").sentence.endswith("Dawid–Skene 80.0%. None is clearly better.")
    assert Choice("majority", 12, 1).sentence == (
        "Where annotators differ, what counts is the majority vote: with 12 papers judged by two, and 1 annotator with "
        "20 of these, the answers do not tell who is right."
    )
