from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.judgements import Judgement
from labeler.suspects.contradictions import broken_rules, changes, copies
from labeler.topics import Mode, Scheme
from labeler.topics.scheme import Topic
from tests.learn.factories import text_of

TOPICS = ("robots", "speech")
TEXTS = [text_of([topic], number) for number in range(20) for topic in TOPICS]


def scheme_of(mode: Mode, *topics: Topic) -> Scheme:
    return Scheme(mode, topics or tuple(Topic(topic, topic.title()) for topic in TOPICS))


def judgement(row: int, yes: tuple[str, ...], annotator: str = "ada", file: str = "a.csv", at: int = 1) -> Judgement:
    return Judgement(
        "arxiv:2501.00001", ("arxiv:2501.00001",), "Robots that speak", "They say much.", annotator, yes,
        f"2026-01-01T00:00:{at:02}Z", {"file": file, "row": row}, offered=TOPICS,
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 6))
def test_all_copies_that_are_judged_otherwise_are_found(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.choice([0.0, 1.0], size=(len(TEXTS), 2))
    rows = rng.permutation(len(TEXTS))[:count]
    told = truth[rows].copy()
    columns = rng.integers(2, size=count)
    told[np.arange(count), columns] = 1 - told[np.arange(count), columns]
    texts = [*TEXTS, *(f"{TEXTS[row]} again" for row in rows)]
    found = {(one.paper, one.other, one.topics) for one in copies(texts, np.vstack([truth, told]), TOPICS)}
    pairs = [(int(row), len(TEXTS) + number) for number, row in enumerate(rows)]
    expected = {
        (*order, (TOPICS[column],)) for pair, column in zip(pairs, columns, strict=True) for order in (pair, pair[::-1])
    }
    assert found == expected


def test_copies_that_agree_or_say_nothing_do_not_contradict() -> None:
    texts = [TEXTS[0], TEXTS[0] + " again"]
    assert not list(copies(texts, np.array([[1.0, 0.0], [1.0, np.nan]]), TOPICS))
    assert not list(copies(["Editorial", "Editorial"], np.array([[1.0], [0.0]]), TOPICS[:1]))


def test_what_one_person_said_in_two_digests_is_found() -> None:
    twice = [judgement(1, ("robots",)), judgement(7, ("robots", "speech"), file="b.csv", at=2)]
    for mode, topics in ((Mode.MULTI, ("speech",)),):
        ((ids, one),) = changes(twice, scheme_of(mode))
        assert (one.kind, one.topics, one.who) == ("change", topics, "ada")
        assert "arxiv:2501.00001" in ids
    ((_, one),) = changes([twice[0], judgement(7, ("speech",), file="b.csv")], scheme_of(Mode.SINGLE))
    assert one.topics == TOPICS


def test_people_who_differ_and_corrections_are_no_slips_of_one_person() -> None:
    differ = [judgement(1, ("robots",)), judgement(1, ("speech",), "ben", "b.csv")]
    corrected = [judgement(1, ("robots",)), judgement(1, ("speech",), at=9)]
    for log in (differ, corrected):
        assert not list(changes(log, scheme_of(Mode.MULTI)))


def test_who_settles_a_judgement_of_their_own_otherwise_does_not_contradict_themselves() -> None:
    verdict = replace(judgement(2, ("speech",), file="review.csv", at=2), role="adjudicator", id="")
    assert not list(changes([judgement(1, ("robots",)), verdict], scheme_of(Mode.MULTI)))


def test_a_topic_without_the_one_above_it_is_found() -> None:
    scheme = scheme_of(Mode.MULTI, Topic("robots", "Robots"), Topic("speech", "Speech", parent="robots"))
    ((_, one),) = changes([judgement(1, ("speech",))], scheme)
    assert (one.kind, one.topics) == ("parent", ("speech", "robots"))
    assert not list(changes([judgement(1, ("robots", "speech"))], scheme))


def test_words_that_papers_of_a_topic_do_not_hold_are_found() -> None:
    scheme = scheme_of(Mode.MULTI, Topic("robots", "Robots", not_keywords=("soft bread",)), Topic("speech", "Speech"))
    texts = ["On soft bread", "On soft bread and more", "On bread that is soft"]
    given = np.array([[True, False], [False, True], [True, False]])
    (one,) = broken_rules(texts, given, scheme, TOPICS)
    assert (one.paper, one.topics, one.word) == (0, ("robots",), "soft bread")
    assert one.right == 1 / 3
