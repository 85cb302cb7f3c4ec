"""Which judged papers are to be judged once more, and why."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.judgements import Judgement, labels_of
from labeler.papers import Paper
from labeler.review.papers import FINDERS, ReviewPaper, disagreements, suspected, ties, unsettled, unsure
from labeler.suspects.contradictions import Contradiction
from labeler.suspects.listing import Guess, Suspect
from labeler.topics import Mode
from tests.judgements.factories import TOPICS, scheme
from tests.review.factories import PEOPLE, said, verdict


def told(papers: Sequence[ReviewPaper]) -> list[tuple[str, str]]:
    return [(one.paper.id[-1], one.reason) for one in papers]


def test_ties_tell_each_topic_with_its_votes_and_those_with_most_come_first() -> None:
    log = [
        said(1, "ada", "llm"),
        said(1, "ben"),
        said(2, "ada", "llm"),
        said(2, "ben", "vision"),
        said(3, "ada", "llm"),
    ]
    assert told(ties(unsettled(log, scheme()), scheme())) == [
        ("2", "people are tied on Language models (yes 1, no 1); Vision (yes 1, no 1)"),
        ("1", "people are tied on Language models (yes 1, no 1)"),
    ]


@pytest.mark.parametrize("mode", list(Mode))
def test_verdicts_that_are_tied_settle_nothing(mode: Mode) -> None:
    under = scheme(mode)
    log = [said(1, "ada", "llm"), said(1, "ben", "llm"), verdict(1, "cleo", "llm"), verdict(1, "eve", "vision")]
    (one,) = ties(unsettled(log, under), under)
    assert [judgement.annotator for judgement in one.judgements] == ["ada", "ben", "cleo", "eve"]
    assert one.reason.startswith("people are tied on Language models (")
    assert labels_of(log, under).ties
    assert unsettled([*log, verdict(1, "ben", "vision")], under) == []
    assert not labels_of([*log, verdict(1, "ben", "vision")], under).ties


def test_in_single_mode_a_tie_is_between_the_answers() -> None:
    single = scheme(Mode.SINGLE)
    log = [said(1, "ada", "llm"), said(1, "ben", "vision"), said(2, "ada", "llm"), said(2, "ben")]
    assert told(ties(unsettled(log, single), single)) == [
        ("1", "people are tied on Language models (1), Vision (1)"),
        ("2", "people are tied on Language models (1), none of these (1)"),
    ]


@pytest.mark.parametrize("mode", list(Mode))
def test_what_the_consensus_settles_is_no_tie_but_still_a_disagreement(mode: Mode) -> None:
    log = [said(1, "ada", "llm"), said(1, "ben", "vision"), said(2, "ada", "llm"), said(2, "ben", "vision")]
    settled = {log[0].paper: {"llm": True, "vision": False, "speech": False}}
    papers = unsettled(log, scheme(mode), settled)
    assert [number for number, _ in told(ties(papers, scheme(mode)))] == ["2"]
    assert len(disagreements(papers, scheme(mode))) == 2


def test_disagreements_are_also_those_that_a_majority_decides_and_the_even_ones_come_first() -> None:
    log = [said(1, who, topic) for who, topic in zip(PEOPLE, ("llm", "llm", "llm", "vision"), strict=True)]
    log += [said(2, "ada", "llm"), said(2, "ben", "vision"), said(3, "ada", "llm"), said(3, "ben", "llm")]
    both = disagreements(unsettled(log, scheme()), scheme())
    assert [number for number, _ in told(both)] == ["2", "1"]
    assert both[1].reason == "people disagree on Language models (yes 3, no 1); Vision (no 3, yes 1)"
    single = scheme(Mode.SINGLE)
    assert told(disagreements(unsettled(log, single), single))[1] == (
        "1", "people disagree on Language models (3), Vision (1)",
    )  # fmt: skip


def test_unsure_is_who_has_not_judged_since() -> None:
    log = [
        said(1, "ada", "llm", unsure=True), said(1, "ben", "llm"),
        said(2, "ada", "llm", unsure=True),
        said(3, "ada", "llm", unsure=True), said(3, "ada", "llm", number=777, at="2026-03-02T10:00:00Z"),
    ]  # fmt: skip
    assert told(unsure(unsettled(log, scheme()), scheme())) == [
        ("2", "the person who judged it is unsure"),
        ("1", "1 of the 2 people who judged it is unsure"),
    ]


@pytest.mark.parametrize("kind", sorted(FINDERS))
def test_what_an_adjudicator_settled_is_not_asked_again_unless_they_were_unsure(kind: str) -> None:
    log = [said(1, "ada", "llm"), said(1, "ben", "vision"), said(1, "cleo", "llm", unsure=True)]
    assert len(FINDERS[kind](unsettled(log, scheme()), scheme())) == 1
    assert not FINDERS[kind](unsettled([*log, verdict(1, "ben", "vision")], scheme()), scheme())
    assert FINDERS[kind](unsettled([*log, verdict(1, "eve", "vision", unsure=True)], scheme()), scheme())
    assert FINDERS[kind](unsettled([*log, verdict(1, "eve", status="skipped")], scheme()), scheme())


answers = st.lists(st.sampled_from(["", *TOPICS, "llm vision"]), min_size=1, max_size=4)


@given(st.lists(answers, max_size=6), st.sampled_from(list(Mode)))
def test_ties_are_those_of_the_vote_and_all_of_them_are_disagreements(votes: list[list[str]], mode: Mode) -> None:
    one = scheme(mode)
    log: list[Judgement] = [
        said(paper, who, yes) for paper, some in enumerate(votes) for who, yes in zip(PEOPLE, some, strict=False)
    ]
    tied = {item.paper.ids for item in ties(unsettled(log, one), one)}
    assert tied == {tie.paper.ids for tie in labels_of(log, one).ties}
    assert tied <= {item.paper.ids for item in disagreements(unsettled(log, one), one)}


def test_suspects_keep_their_order_and_a_paper_drawn_at_random_has_the_same_reason() -> None:
    log = [said(number, "ada", "llm") for number in range(5)]
    papers = [one.paper for one in unsettled(log, scheme())]
    against = (
        Contradiction(1, "copy", ("llm",), 2),
        Contradiction(1, "change", ("llm", "vision"), who="ada"),
        Contradiction(1, "parent", ("llm", "vision"), who="ada"),
        Contradiction(1, "keyword", ("llm",), word="owl"),
    )
    guesses = (Guess("vision", 0.9, ("pixel",)),)
    found = [
        Suspect(papers[1], 1, 0.9, ("llm",), ("model",), contradictions=against, guesses=guesses),
        Suspect(papers[0], 0, 0.1, ("llm",), (), control=True),
        Suspect(Paper.make("Nobody judged this"), 9, 0.1, ("llm",), ()),
    ]
    one, control = suspected(unsettled(log, scheme()), found, papers, scheme())
    assert (one.paper, one.guesses, one.control) == (papers[1], guesses, False)
    assert (control.reason, control.control) == (one.reason, True)
    assert one.notes == (
        "nearly the same text was judged otherwise on Language models: Paper c of the heap",
        "one person judged it twice, and otherwise on Language models, Vision",
        "Language models was chosen without Vision, which is above it",
        "it holds 'owl', which papers of Language models do not hold",
    )
    assert "ada" not in " ".join([one.reason, *one.notes])
