from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, softmax

from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.weighting import fit_tfidf
from labeler.score.familiarity import Familiarity, least_spread, out_of_vocabulary
from labeler.topics.mode import Mode
from tests.learn.factories import TINY, classifier, fitted, single_papers, text_of

INTERCEPTS = np.array([0.5, -1.0, -3.0])
ADDITIONS = np.array([[0.0, 0.0, 0.0], [0.2, 0.2, 0.2], [1.0, 0.0, -1.0], [3.0, -1.0, -2.0]])
GERMAN = (
    "Ein Greifarm für die Werkstatt\nWir stellen einen Greifarm vor, der lernt, fremde Dinge zu heben. Er wird an "
    "mehreren Aufgaben geprüft, und er ist besser als die bisherigen Verfahren."
)


def probabilities(mode: str, added: np.ndarray = ADDITIONS) -> np.ndarray:
    return np.asarray(expit(INTERCEPTS + added) if mode == Mode.MULTI else softmax(INTERCEPTS + added, axis=1))


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_the_spread_is_the_standard_deviation_of_what_the_words_add(mode: str) -> None:
    found = Familiarity(mode, INTERCEPTS).spread(probabilities(mode))
    np.testing.assert_allclose(found, ADDITIONS.std(axis=1), atol=1e-9)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_papers_below_the_least_spread_are_unfamiliar(mode: str) -> None:
    unfamiliar = Familiarity(mode, INTERCEPTS, 0.9).unfamiliar(probabilities(mode))
    assert unfamiliar.tolist() == [True, True, True, False]
    assert not Familiarity(mode, INTERCEPTS, 0.0).unfamiliar(probabilities(mode)).any()


def test_columns_without_a_score_take_no_part() -> None:
    intercepts = np.array([0.5, -np.inf, -1.0, 0.0])
    rows = np.array([[0.9, 0.0, 0.2, np.nan], [0.9, 0.3, 0.2, 0.5]])
    expected = Familiarity(Mode.MULTI, intercepts[[0, 2]]).spread(rows[:, [0, 2]])
    found = Familiarity(Mode.MULTI, intercepts).spread(rows)
    assert found[0] == pytest.approx(expected[0])
    assert found[1] == pytest.approx(Familiarity(Mode.MULTI, intercepts[[0, 2, 3]]).spread(rows[:, [0, 2, 3]])[1])
    assert Familiarity(Mode.MULTI, intercepts).spread(np.full((1, 4), np.nan)).tolist() == [0.0]


def test_the_least_spread_leaves_out_one_judged_paper_in_twenty() -> None:
    judged, at_hand = np.arange(1.0, 101.0), np.arange(1000.0)
    assert (judged < least_spread(judged, at_hand)).sum() == 5


def test_of_few_judged_papers_the_papers_at_hand_tell_and_of_few_papers_half_is_enough() -> None:
    assert least_spread(np.arange(5.0), np.full(50, 3.0)) == 1.5
    assert least_spread(np.empty(0), np.empty(0)) == 0.0
    assert least_spread(np.full(100, 3.0), np.full(50, 3.0)) == 1.5


def test_texts_of_which_few_words_are_known_are_unread() -> None:
    tfidf = fit_tfidf(["robot arm leg", "speech voice sound"], 1, NO_BACKGROUND)
    texts = ["Robot arm zzz", "robot zzz yyy", "", "零零 零零", "the robot arm", "robot ROBOT zzz", "voice"]
    found = out_of_vocabulary(tfidf.vocabulary, tfidf.rows(texts), texts)
    assert found.tolist() == [False, True, True, True, False, False, False]
    assert out_of_vocabulary(tfidf.vocabulary, tfidf.rows([]), []).tolist() == []
    assert out_of_vocabulary(tfidf.vocabulary, tfidf.rows(["zzz", "zzz"]), ["zzz", "zzz"]).tolist() == [True, True]


def test_pairs_of_words_are_not_counted_as_words() -> None:
    tfidf = fit_tfidf(["robot arm leg"], 1, NO_BACKGROUND)
    text = ["robot arm leg a1 b2 c3 d4"]
    assert len(tfidf.rows(text).columns) == 5
    assert out_of_vocabulary(tfidf.vocabulary, tfidf.rows(text), text).tolist() == [True]


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_another_language_another_field_and_nothing_at_all_are_unfamiliar_and_never_automatic(mode: str) -> None:
    model = fitted(mode).model_
    cooking = "Tomato soup\nChop onions, fry them in butter, add salt and pepper and simmer for half an hour."
    for decision in model.decide([GERMAN, cooking, "", "图像识别 的 神经网络", "\n"], 0.5):
        assert (decision.decision, decision.reason) in (("review", "unfamiliar"), ("none", "unfamiliar"))


@pytest.mark.parametrize(("each", "background"), [(6, TINY), (12, TINY), (12, NO_BACKGROUND)])
def test_papers_like_the_judged_ones_are_familiar(each: int, background: Background) -> None:
    papers = [text_of([topic], 700 + number) for number in range(30) for topic in ("robots", "speech", "vision")]
    model = classifier(Mode.SINGLE, background).fit(*single_papers(each)).model_
    assert [decision.reason for decision in model.decide(papers, 0.5)].count("unfamiliar") <= 9


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_papers_of_a_topic_that_nobody_judged_are_less_familiar(mode: str) -> None:
    judged = [(topic, text_of([topic], number)) for topic in ("robots", "speech") for number in range(30)]
    answers = [[topic] if mode == Mode.MULTI else topic for topic, _ in judged]
    not_judged = [text_of([topic], 500 + number) for topic in ("robots", "vision") for number in range(30)]
    model = classifier(mode).fit([text for _, text in judged], answers, unlabeled=not_judged).model_
    rule = model.rule
    assert rule.familiarity is not None
    inside, outside = (
        rule.familiarity.spread(model.linear.probabilities([text_of([topic], 900 + number) for number in range(30)]))
        for topic in ("speech", "vision")
    )
    assert np.mean(inside[:, None] > outside) > 0.9
