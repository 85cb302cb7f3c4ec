from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from labeler.judgements.verdicts import Verdict
from labeler.publish.judged import with_verdict
from labeler.topics import Mode


def verdict(
    yes: str = "",
    no: str = "",
    tied: str = "",
    complete: bool = False,
    mode: Mode = Mode.MULTI,
    below: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Verdict:
    return Verdict(mode, dict.fromkeys(yes, ("ada",)), frozenset(no), frozenset(tied), complete, below)


TREE = {"p": ("a", "b")}


@pytest.mark.parametrize(
    ("said", "given", "topics", "decision", "reason"),
    [
        (("ab", "review", "ambiguous"), verdict("c", "ab", complete=True), "c", "judged", ""),
        (("ab", "auto", ""), verdict("", "abc", complete=True), "", "judged", ""),
        (("", "none", "unfamiliar"), verdict("c", "ab", complete=True), "c", "judged", ""),
        (("ab", "auto", ""), verdict("c", "", "a"), "cab", "review", "tied"),
        (("", "none", ""), verdict("", "b", "a"), "", "review", "tied"),
        (("ab", "auto", ""), verdict("c", "a"), "cb", "auto", ""),
        (("a", "auto", ""), verdict("", "a"), "", "none", ""),
        (("", "none", "unfamiliar"), verdict("c"), "c", "auto", ""),
        (("", "none", "unfamiliar"), verdict("", "c"), "", "none", "unfamiliar"),
        (("a", "review", "unchecked"), verdict("c", "a"), "c", "review", "unchecked"),
        (("a", "auto", ""), verdict("", "ab", mode=Mode.SINGLE), "", "review", "ambiguous"),
        (("c", "auto", ""), verdict("", "ab", mode=Mode.SINGLE), "c", "auto", ""),
        (("pa", "auto", ""), verdict("", "a", below=TREE), "p", "review", "ambiguous"),
        (("pab", "auto", ""), verdict("", "a", below=TREE), "pb", "auto", ""),
        (("pa", "auto", ""), verdict("", "b", below=TREE), "pa", "auto", ""),
        (("p", "auto", ""), verdict("", "a", below=TREE), "p", "auto", ""),
        (("pac", "auto", ""), verdict("", "pa", below=TREE), "c", "auto", ""),
        (("", "none", ""), verdict("", "ab", mode=Mode.SINGLE), "", "none", ""),
        (("a", "auto", ""), verdict("", "", "abc", mode=Mode.SINGLE), "a", "review", "tied"),
        (("a", "review", "ambiguous"), verdict("b", "ac", complete=True, mode=Mode.SINGLE), "b", "judged", ""),
    ],
)
def test_what_people_say_takes_the_place_of_what_the_model_says(
    said: tuple[str, str, str], given: Verdict, topics: str, decision: str, reason: str
) -> None:
    assert with_verdict(tuple(said[0]), *said[1:], given) == (tuple(topics), decision, reason)
