from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labeler.annotators.ratings import Rated, Ratings
from labeler.topics import Mode
from tests.annotators.factories import ratings_of

LONG = "A long enough text about robots that grasp cups in kitchens and offices of all kinds"


def rated(number: int, text: str = "", **said: str) -> Rated:
    """A paper; people and the topics that each gave it, of a, b and c."""
    answers = {who: {topic: topic in topics for topic in "abc"} for who, topics in said.items()}
    return Rated(f"paper {number}", f"Paper {number}", text, answers)


def test_only_papers_that_two_people_judged_are_held() -> None:
    found = Ratings.of(Mode.MULTI, "abc", [rated(1, ada="a", bo="ab"), rated(2, ada="c")])
    assert (found.ids, found.papers, found.judgements) == (("paper 1",), 2, 3)
    assert found.by_annotator == {"ada": 2, "bo": 1}
    assert found.answers[0].tolist() == [[1, 0, 0], [1, 1, 0]]


def test_topics_that_nobody_answered_are_none() -> None:
    papers = [Rated("1", "", "", {"ada": {"a": True}, "bo": {"a": False}})]
    assert Ratings.of(Mode.MULTI, "abc", papers).topics == ("a",)


def test_near_duplicates_are_a_group_and_short_texts_are_not() -> None:
    papers = [
        rated(number, text, ada="a", bo="b") for number, text in enumerate([LONG, LONG + " too", "", "", "Two", "Two"])
    ]
    groups = Ratings.of(Mode.MULTI, "abc", papers).groups
    assert groups.tolist() == [0, 0, 2, 3, 4, 5]


def test_sets_are_compared_by_the_topics_that_all_answered() -> None:
    papers = [Rated("1", "", "", {"ada": {"a": True, "b": True}, "bo": {"a": True}, "cy": {"a": False, "b": True}})]
    papers.append(Rated("2", "", "", {"ada": {"a": True}, "bo": {"b": True}}))
    sets, present = Ratings.of(Mode.MULTI, "ab", papers).sets
    assert sets[0].tolist() == [[True, False], [True, False], [False, False]]
    assert present.tolist() == [[True] * 3, [False] * 3]


def test_none_of_the_topics_is_an_answer_of_its_own() -> None:
    found = Ratings.of(Mode.SINGLE, "abc", [rated(1, ada="b", bo="", cy="b"), rated(2, ada="a", bo="c")])
    assert found.chosen.tolist() == [[1, 3, 1], [0, 2, -1]]
    assert found.choices.tolist() == [[0, 2, 0, 1], [1, 0, 1, 0]]


@given(st.integers(0, 2**32 - 1))
def test_a_part_has_the_papers_that_were_asked_for(seed: int) -> None:
    rng = np.random.default_rng(seed)
    every = ratings_of(rng.integers(0, 2, (9, 3, 2)).astype(np.int8))
    rows = rng.permutation(9)[:4]
    part = every.part(rows)
    assert part.ids == tuple(every.ids[row] for row in rows)
    assert (part.answers == every.answers[rows]).all()
    assert (part.said_yes + part.said_no == 3).all()
