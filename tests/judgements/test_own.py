"""Verdicts on papers that the adjudicator had judged are marked."""

from __future__ import annotations

from labeler.judgements.own import is_own, with_own_marked
from tests.review.factories import said, verdict


def marks(incoming: list, log: list, people: dict[str, str] | None = None) -> list[bool]:  # type: ignore[type-arg]
    return [is_own(one) for one in with_own_marked(incoming, log, people or {})]


def test_who_judged_the_paper_before_settles_their_own() -> None:
    log = [said(1, "ada", "llm"), said(1, "eve", "vision"), said(2, "ada", "llm")]
    assert marks([verdict(1, "eve", "llm"), verdict(2, "eve", "llm"), verdict(2, "ada")], log) == [True, False, True]


def test_a_judgement_of_the_same_import_and_other_names_of_the_person_count() -> None:
    assert marks([said(1, "ada", "llm"), verdict(1, "ada", "llm")], []) == [False, True]
    log = [said(1, "ben", "llm")]
    assert marks([verdict(1, "eve", "llm")], log, {"eve": "ben"}) == [True]


def test_skipped_and_withdrawn_judgements_and_earlier_verdicts_do_not_count() -> None:
    log = [said(1, "eve", status="skipped"), said(2, "eve", status="withdrawn"), verdict(3, "eve", "llm", number=5)]
    assert marks([verdict(n, "eve", "llm") for n in (1, 2, 3)], log) == [False, False, False]


def test_nothing_else_is_changed() -> None:
    incoming = [said(1, "ada", "llm"), verdict(1, "ada", "llm"), verdict(2, "ada", status="skipped")]
    marked = with_own_marked(incoming, [], {})
    assert (marked[0], marked[2]) == (incoming[0], incoming[2])
    assert (marked[1].id, marked[1].asked) == (incoming[1].id, {"review": "ties", "own": True})
