"""Why a paper is left to a person, in words."""

from __future__ import annotations

import pytest

from labeler.publish.reasons import reason_in_words
from tests.publish.factories import NAMES, labelled


@pytest.mark.parametrize(
    ("torn", "reason", "words"),
    [
        ((), "", ""),
        ((), "unfamiliar", "unfamiliar words"),
        ((), "ambiguous", "a doubtful topic"),
        ((), "few_examples", "few papers of its topic judged"),
        ((), "unchecked", "too little judged to decide alone"),
        ((), "tied", "annotators disagree"),
        ((), "a reason of a later version", ""),
        (("lang",), "ambiguous", "unsure of Language"),
        (("lang", None), "ambiguous", "torn between Language and none of these"),
        (("lang", "vision", "gone"), "ambiguous", "torn between Language and Vision & Images and gone"),
        ((None,), "", "unsure of none of these"),
    ],
)
def test_reasons_and_what_a_paper_lies_between(torn: tuple[str | None, ...], reason: str, words: str) -> None:
    assert reason_in_words(labelled(reason=reason)._replace(torn=torn), NAMES) == words


def test_topics_that_a_paper_is_likely_listed_under_are_told_but_not_twice() -> None:
    also = (("lang", 0.5), ("gone", 0.4))
    assert reason_in_words(labelled()._replace(also=also), NAMES) == "perhaps also Language and gone"
    torn = labelled(reason="ambiguous")._replace(torn=("vision", "lang"), also=also)
    assert reason_in_words(torn, NAMES) == "torn between Vision & Images and Language; perhaps also gone"
    assert reason_in_words(labelled()._replace(also=()), NAMES) == ""
