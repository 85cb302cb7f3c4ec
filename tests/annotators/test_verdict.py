from __future__ import annotations

import numpy as np
import pytest

from labeler.annotators.agreement import Period, agreement_of
from labeler.annotators.resamples import Figure
from labeler.annotators.verdict import COEFFICIENTS, sentences, word_of
from labeler.topics import Mode
from tests.annotators.factories import ratings_of


@pytest.mark.parametrize(
    ("figure", "word"),
    [
        (Figure(0.9, 0.8, 0.95), "solid"),
        (Figure(0.9, 0.79, 0.95), "usable with care"),
        (Figure(0.7, 0.66, 0.78), "not clear yet"),
        (Figure(0.5, 0.3, 0.66), "too low"),
        (Figure(0.5), "too few"),
        (Figure(None), "all answers are the same"),
    ],
)
def test_the_whole_interval_counts(figure: Figure, word: str) -> None:
    assert word_of(figure) == word


def told(answers: np.ndarray, mode: Mode = Mode.MULTI) -> str:
    return " ".join(sentences(agreement_of(ratings_of(answers.astype(np.int8), mode)), {"t0": "Robots"}))


def same(papers: int, topics: int = 3) -> np.ndarray:
    """Two people who agree."""
    return np.repeat((np.arange(papers)[:, None] % topics == np.arange(topics))[:, None], 2, axis=1).astype(np.int8)


def test_a_topic_that_most_disagreements_are_about_is_named() -> None:
    answers = same(60)
    answers[:11, 0, 0] = 1 - answers[:11, 0, 0]
    answers[20:23, 0, 1] = 1 - answers[20:23, 0, 1]
    assert "The definition of Robots is the problem: of 14 disagreements 11 are Robots or not Robots." in told(answers)


def test_a_topic_that_is_given_most_is_disputed_most_and_no_problem_by_that() -> None:
    answers = np.zeros((100, 2, 4), np.int8)
    answers[:70, :, 0] = answers[70:80, :, 1] = answers[80:90, :, 2] = answers[90:, :, 3] = 1
    for row in (*range(14), 70, 71, 80, 81, 90, 91):  # a fifth of the papers of each topic
        answers[row, 1] = 0
    text = told(answers)
    assert "Of 20 disagreements 14 are Robots or not Robots, which may be only because it is given often." in text
    assert "is the problem" not in text


def test_of_two_topics_that_are_taken_for_each_other_neither_is_the_problem() -> None:
    answers = same(90)
    answers[:60:3, 1] = [0, 1, 0]
    text = told(answers, Mode.SINGLE)
    assert "Of 20 disagreements 20 are t1 or not t1, and 20 Robots or not Robots: these do not tell which" in text
    assert "is the problem" not in text


def test_few_disputes_or_solid_agreement_accuse_no_definition() -> None:
    answers = same(60)
    answers[:4:3, 1] = 0
    assert "Of 2 disagreements 2 are Robots or not Robots; of so few nothing follows." in told(answers)
    solid = same(600)
    solid[:18:3, 1] = 0
    assert "Of 6 disagreements 6 are Robots or not Robots; people agree on it well all the same." in told(solid)
    alone = np.ones((60, 2, 1), np.int8)
    alone[:40, :, 0] = 0
    alone[:10, 1] = 1
    assert "Of 10 disagreements 10 are Robots or not Robots." in told(alone)


def test_without_a_topic_of_half_the_disagreements_none_is_named() -> None:
    answers = same(60)
    answers[:15, 1] = 0
    assert "People disagree on 15 papers; no topic stands for half of these." in told(answers)


@pytest.mark.parametrize(("alike", "words"), [(1, "1 of them nearly repeats"), (2, "2 of them nearly repeat")])
def test_papers_that_repeat_others_are_counted(alike: int, words: str) -> None:
    found = agreement_of(ratings_of(same(60), Mode.MULTI))
    assert f"({words} another one)" in sentences(found._replace(distinct=60 - alike), {})[0]


def test_solid_agreement_is_called_so() -> None:
    text = told(same(200))
    assert "Krippendorff's alpha of sets of topics is 1.00 [0.97, 1.00]: solid" in text
    assert "Nobody disagreed on any paper." in text


def test_below_fifty_papers_there_is_no_verdict() -> None:
    answers = same(40)
    answers[:4, 0] = answers[:4, 0][:, ::-1]
    text = told(answers, Mode.SINGLE)
    assert "; papers that two judged are too few for an interval (50 are needed), and for a verdict." in text


def test_topics_that_are_taken_for_each_other_are_named() -> None:
    answers = same(90)
    answers[::3, 0] = [0, 1, 0]
    answers[1::30, 0] = [0, 0, 1]
    text = told(answers, Mode.SINGLE)
    assert "Most often taken for each other: Robots and t1 (30 papers)." in text


def test_where_no_paper_was_judged_by_two_that_is_said() -> None:
    answers = same(3)
    answers[:, 1] = -1
    assert (
        told(answers)
        == "3 judgements of 1 annotator on 3 papers; no paper was judged by two, so nothing says how far people agree."
    )


def test_where_all_say_the_same_nothing_can_be_told() -> None:
    assert "cannot be told: all answers are the same" in told(np.ones((60, 2, 1)))


@pytest.mark.parametrize(
    ("values", "moved"),
    [
        ((0.9, 0.8, 0.7), "it fell"),
        ((0.7, 0.8, 0.9), "it rose"),
        ((0.9, 0.7, 0.88), "it went to and fro"),
        ((0.8, 0.81, 0.82), "no clear change"),
    ],
)
def test_how_agreement_moved_is_told(values: tuple[float, ...], moved: str) -> None:
    periods = [Period("2026-01", "2026-02", 60, Figure(value, value - 0.05, value + 0.05)) for value in values]
    found = agreement_of(ratings_of(same(60)))._replace(periods=periods)
    assert sentences(found, {})[-1].endswith(f"; {moved}.")


def test_each_coefficient_has_a_name() -> None:
    for mode in Mode:
        assert agreement_of(ratings_of(same(5), mode)).overall.keys() <= COEFFICIENTS.keys()
