"""The words of topics, and the surest errors with the judged papers that are most like them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labeler.evaluation.figures import NONE, Answers
from labeler.evaluation.words import mistakes, topic_words
from tests.evaluation.conftest import Measured
from tests.evaluation.test_gate import judged_set
from tests.evaluation.test_unseen import papers_of
from tests.learn.factories import WORDS


def test_the_words_of_a_topic_are_those_of_its_papers_and_none_is_told_twice(single: Measured) -> None:
    found = topic_words(single.model)
    assert set(found) == {"robots", "speech", "vision"}
    for topic, terms in found.items():
        assert set(terms[0].split()) <= set(WORDS[topic].split())
        words = [word for term in terms for word in term.split()]
        assert 0 < len(words) == len(set(words))


def test_the_errors_are_those_papers_of_which_people_say_something_else(single: Measured) -> None:
    found = mistakes(single.found, 0.9)
    wrong = {one.paper.title: one for one in found["robots"] if one.given}
    assert set(wrong) == {paper.title for paper in single.judged.papers[:3]}
    first, second = (wrong[paper.title] for paper in single.judged.papers[:2])
    assert (first.said, first.judged) == (("robots",), (NONE,))
    assert (second.said, second.judged) == (("robots",), ("speech",))
    assert set(first.words) & set(WORDS["robots"].split())
    assert [one.paper.title for one in found["speech"] if not one.given].count(second.paper.title) == 1
    probabilities = [one.probability for one in found["robots"] if one.given]
    assert probabilities == sorted(probabilities, reverse=True)


def test_the_judged_papers_most_like_an_error_stand_beside_it(single: Measured) -> None:
    answers = {paper.id: row for paper, row in zip(single.judged.papers, single.judged.truth, strict=True)}
    for some in mistakes(single.found, 0.9).values():
        for one in some:
            assert len(one.alike) == 3
            assert [near.similarity for near in one.alike] == sorted((n.similarity for n in one.alike), reverse=True)
            assert all(near.paper.id != one.paper.id for near in one.alike)
            for near in one.alike:
                yes = tuple(np.array(single.judged.topics)[answers[near.paper.id] == 1])
                assert near.judged == (yes or (NONE,))
    (near, *_) = next(one for one in mistakes(single.found, 0.9)["robots"] if one.given).alike
    assert near.judged == ("robots",)


def test_papers_of_which_nothing_was_measured_may_be_the_most_alike(single: Measured) -> None:
    asked = mistakes(single.found, 0.9)["robots"][0].paper
    copy = papers_of([f"{asked.title} again\n{asked.abstract}"])
    known = single.judged.and_others(judged_set([*single.judged.papers[:2], *copy], np.array([[1.0, 0, 0]] * 3)))
    assert len(known.papers) == len(single.judged.papers) + 1
    near = mistakes(replace(single.found, known=known), 0.9)["robots"][0].alike[0]
    assert (near.paper.id, near.judged) == (copy[0].id, ("robots",))


def test_what_is_not_known_of_a_paper_is_not_told(multi: Measured) -> None:
    found = multi.found
    last = next(row for row, paper in enumerate(found.judged.papers) if np.isnan(found.judged.truth[row]).any())
    assigned = found.answers.assigned.copy()
    assigned[last] = [True, False, False]
    probabilities = found.answers.probabilities.copy()
    probabilities[last] = [1.0, 0.0, 0.0]
    told = mistakes(replace(found, answers=Answers(probabilities, assigned)), 0.9)
    one = next(one for one in told["robots"] if one.paper == found.judged.papers[last])
    assert (one.given, one.judged) == (True, ())
    assert all(near.paper != one.paper for some in told.values() for one_ in some for near in one_.alike)


def test_without_an_error_there_is_none(single: Measured) -> None:
    right = Answers(single.judged.truth, single.judged.truth == 1)
    assert mistakes(replace(single.found, judged=single.judged, answers=right), 0.9) == {}
