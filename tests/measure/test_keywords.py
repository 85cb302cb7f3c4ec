"""How judged papers agree with keywords."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from labeler.features.terms import words
from labeler.measure.keywords import KeywordCount, KeywordTally, not_found
from labeler.topics import Mode, Scheme, Topic

ROBOTS = Topic("robots", "Robots", keywords=("gripper", "Legged robot"), not_keywords=("surgery",))
SCHEME = Scheme(Mode.MULTI, (ROBOTS, Topic("speech", "Speech")))


def test_papers_that_hold_a_keyword_are_counted_by_what_people_said() -> None:
    tally = KeywordTally(SCHEME)
    tally.judged("A gripper\nA soft GRIPPER for legged robots", {"robots"})
    tally.judged("Grippers\nof a legged   robot", {"robots"})
    tally.judged("The gripper of a voice", {"speech"})
    tally.unread("A gripper in surgery\nand surgery")
    assert tally.counts() == {
        "robots": (
            KeywordCount("gripper", False, 2, 1, 1),
            KeywordCount("Legged robot", False, 1, 1, 0),
            KeywordCount("surgery", True, 0, 0, 1),
        )
    }


def test_counts_are_told_in_words() -> None:
    assert (
        KeywordCount("gripper", False, 14, 12, 3).told == "'gripper' in 14 judged papers, 12 of the topic and 3 unread"
    )
    assert KeywordCount("surgery", True, 1, 0).told == "not 'surgery' in 1 judged paper, 0 of the topic"
    assert KeywordCount("surgery", False, 0, 0).told == "'surgery' in no judged paper"


def test_a_phrase_does_not_reach_from_a_title_into_an_abstract() -> None:
    tally = KeywordTally(SCHEME)
    tally.unread("Something legged\nrobot")
    assert [count.unread for count in tally.counts()["robots"]] == [0, 0, 0]


def test_keywords_that_begin_alike_are_counted_each() -> None:
    topics = tuple(Topic(one, one, keywords=(f"deep {one}", "deep")) for one in ("sea", "space"))
    tally = KeywordTally(Scheme(Mode.MULTI, topics))
    tally.unread("The deep sea\nis deep")
    counts = [(one.keyword, one.unread) for some in tally.counts().values() for one in some]
    assert counts == [("deep sea", 1), ("deep", 1), ("deep space", 0), ("deep", 1)]


def test_a_scheme_without_keywords_has_no_counts() -> None:
    tally = KeywordTally(Scheme(Mode.SINGLE, (Topic("speech", "Speech"),)))
    tally.unread("speech")
    assert tally.counts() == {}


def test_keywords_that_no_paper_holds_are_named() -> None:
    tally = KeywordTally(SCHEME)
    tally.unread("A legged robot")
    assert not_found(tally.counts(), SCHEME) == [
        "no paper holds these keywords: 'gripper' (Robots); write them as papers do"
    ]
    tally.judged("gripper", set())
    assert not_found(tally.counts(), SCHEME) == []
    many = Scheme(Mode.MULTI, (Topic("a", "A", keywords=tuple(f"word{number}" for number in range(7))),))
    assert "'word4' (A) and 2 more;" in not_found(KeywordTally(many).counts(), many)[0]


@given(st.lists(st.sampled_from(["gripper", "legged", "robot", "surgery", "the", "机", "器"]), max_size=12))
def test_a_paper_holds_a_keyword_when_its_words_follow_each_other(text: list[str]) -> None:
    tally = KeywordTally(Scheme(Mode.SINGLE, (Topic("a", "A", keywords=("legged robot", "机器")),)))
    tally.unread(" ".join(text))
    found = words(" ".join(text))
    pairs = set(pairwise(found))
    held = [int(("legged", "robot") in pairs), int(("机", "器") in pairs)]
    assert [count.unread for count in tally.counts()["a"]] == held


@given(st.builds(KeywordCount, st.text(), st.booleans(), st.integers(0), st.integers(0), st.integers(0)))
def test_a_count_survives_the_manifest(count: KeywordCount) -> None:
    assert KeywordCount.from_dict(count.to_dict()) == count
