from __future__ import annotations

import re
import warnings
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from labeler.features.background import NO_BACKGROUND
from labeler.features.space import Mix, fit_space
from labeler.features.weighting import fit_tfidf
from labeler.learn import selection
from labeler.learn.definitions import definition_points
from labeler.learn.recipe import HINGE, REGRESSIONS, SMALL_C_HINGE, TWO_TOPICS, Recipe, TrainingData
from labeler.learn.selection import (
    candidates_for,
    cross_validated_thresholds,
    fold_count,
    held_out_scores,
    select,
)
from labeler.learn.thresholds import thresholds_for
from labeler.measure.metrics import average_precision, macro_f1, micro_f1
from labeler.topics import Mode
from tests.learn.factories import TINY, multi_papers, single_papers, text_of

MODES = [Mode.SINGLE, Mode.MULTI]
USUAL = {Mode.SINGLE: REGRESSIONS[0], Mode.MULTI: HINGE[0]}
TOPICS = ("robots", "speech", "vision")


@cache
def training_data(
    mode: str = Mode.SINGLE,
    each: int = 5,
    definitions: tuple[str, ...] = (),
    none: tuple[int, ...] = (),
    noise: float = 0.0,
) -> TrainingData:
    """Papers made up, the rows of ``none`` without their yes; ``noise`` is the share of answers drawn by chance."""
    texts, topics = single_papers(each) if mode == Mode.SINGLE else multi_papers(each)
    answers = np.array(
        [[name == topic if mode == Mode.SINGLE else name in topic for name in TOPICS] for topic in topics], dtype=float
    )
    rng = np.random.default_rng(0)
    wrong = rng.random(len(texts)) < noise
    answers[wrong] = np.eye(3)[rng.integers(3, size=wrong.sum())]
    answers[list(none)] = 0
    tfidf = fit_tfidf(texts, 1, TINY)
    space, points = fit_space(tfidf, tfidf.transform(texts), TINY)
    named, defined = definition_points(
        {topic: topic + " robot speech image" for topic in definitions}, TOPICS, tfidf, space
    )
    return TrainingData(mode, space, points, answers, np.ones(answers.shape), named, defined, points.take(np.arange(0)))


def papers_of(data: TrainingData) -> range:
    return range(len(data.papers))


@pytest.mark.parametrize("mode", MODES)
def test_held_out_scores_are_of_models_that_never_saw_the_paper(mode: str) -> None:
    data = training_data(mode)
    found = select(data, papers_of(data), 0)
    assert found.recipe == USUAL[mode]
    for fold in np.unique(found.folds):
        inside, outside = np.flatnonzero(found.folds != fold), np.flatnonzero(found.folds == fold)
        np.testing.assert_array_equal(found.scores[outside], data.held_out(found.recipe, inside, outside))


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_recipes_are_compared_without_unread_papers_and_the_chosen_one_is_held_out_with_them(mode: str) -> None:
    without = training_data(mode, each=20)
    data = replace(without, unlabeled=without.papers)
    found, alone = select(data, papers_of(data), 0), select(without, papers_of(data), 0)
    assert found.candidates == alone.candidates != {}
    assert not np.array_equal(found.scores, alone.scores)
    inside, outside = np.flatnonzero(found.folds != 0), np.flatnonzero(found.folds == 0)
    np.testing.assert_array_equal(found.scores[outside], data.held_out(found.recipe, inside, outside))


@pytest.mark.parametrize("mode", MODES)
def test_scores_of_one_recipe_are_held_out_as_those_of_all_without_unread_papers(mode: Mode) -> None:
    without = training_data(mode)
    data = replace(without, unlabeled=without.papers)
    found = held_out_scores(data, USUAL[mode], papers_of(data), 0)
    np.testing.assert_array_equal(found, select(without, papers_of(data), 0).scores)


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_has_no_influence_on_the_scores_of_its_own_paper(mode: str) -> None:
    data = training_data(mode)
    found = select(data, papers_of(data), 0)
    answers = data.answers.copy()
    answers[7] = 1 - answers[7] if mode == Mode.MULTI else np.roll(answers[7], 1)
    other = TrainingData(
        mode,
        data.space,
        data.papers,
        answers,
        data.pair_weights,
        data.definitions,
        data.defined_columns,
        data.unlabeled,
    )
    own = found.folds == found.folds[7]
    np.testing.assert_array_equal(
        found.scores[own], other.held_out(USUAL[mode], np.flatnonzero(~own), np.flatnonzero(own))
    )


def test_after_each_fold_it_is_told_how_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_MIN_LEFT", 0.0)
    data, lines = training_data(Mode.SINGLE, each=20), []  # type: ignore[var-annotated]
    found = select(data, papers_of(data), 0, lines.append)
    folds = len(np.unique(found.folds))
    pattern = r"comparing recipes: fold (\d+) of (\d+) done, \d may be the best; \d+:\d\d left at most …"
    told = [re.fullmatch(pattern, line) for line in lines]
    assert [match and match.groups() for match in told] == [(str(fold + 1), str(folds)) for fold in range(folds)]


def test_papers_of_one_group_are_held_out_together() -> None:
    data = training_data(each=6)
    folds = select(data, [number // 3 for number in papers_of(data)], 0).folds
    assert all(len(set(folds[3 * group : 3 * group + 3])) == 1 for group in range(6))


@pytest.mark.parametrize("mode", MODES)
def test_few_papers_take_the_first_recipe_without_a_choice(mode: str) -> None:
    data = training_data(mode)
    found = select(data, papers_of(data), 0)
    assert found.recipe == USUAL[mode]
    assert list(found.candidates) == [USUAL[mode].name]
    assert found.candidates[USUAL[mode].name] == pytest.approx(figure_of(data, found.scores), abs=1e-6)
    assert len(np.unique(found.folds)) == 10
    assert np.isfinite(found.scores).all()


@pytest.mark.parametrize("papers", [0, 1, 49, 50, 249, 250, 3000])
def test_the_more_papers_the_more_recipes_are_compared_the_usual_one_first(papers: int) -> None:
    assert candidates_for(Mode.MULTI, papers, 3) == (HINGE + SMALL_C_HINGE if papers >= 250 else HINGE[:1])
    single = candidates_for(Mode.SINGLE, papers, 3)
    if papers < 50:
        assert single == (REGRESSIONS[0],)
    elif papers < 250:
        assert single == (REGRESSIONS[0], HINGE[0])
    else:
        assert single == (*REGRESSIONS, *HINGE, *SMALL_C_HINGE)


@pytest.mark.parametrize("papers", [3001, 100_000])
def test_of_very_many_papers_what_they_are_about_alone_is_no_longer_compared(papers: int) -> None:
    assert candidates_for(Mode.MULTI, papers, 3) == HINGE[1:] + SMALL_C_HINGE
    assert candidates_for(Mode.SINGLE, papers, 3) == REGRESSIONS[1:] + HINGE[1:] + SMALL_C_HINGE


@pytest.mark.parametrize("papers", [0, 49, 50, 3001])
def test_two_topics_take_the_hinge_loss_and_a_choice_from_fifty_papers_on(papers: int) -> None:
    assert candidates_for(Mode.SINGLE, papers, 2) == (TWO_TOPICS if papers >= 50 else TWO_TOPICS[:1])
    assert candidates_for(Mode.MULTI, papers, 2) == candidates_for(Mode.MULTI, papers, 3)


def rare_beside_all_else(papers: int, rare: int) -> TrainingData:
    """Two topics: one of a few papers, which share their words, and all else."""
    topics = np.arange(papers) < rare
    texts = [
        text_of(["robots" if is_rare else TOPICS[1 + number % 2]], number) for number, is_rare in enumerate(topics)
    ]
    tfidf = fit_tfidf(texts, 1, NO_BACKGROUND)
    space, points = fit_space(tfidf, tfidf.transform(texts), NO_BACKGROUND)
    named, defined = definition_points({}, ("in", "out"), tfidf, space)
    answers = np.column_stack([topics, ~topics]).astype(float)
    return TrainingData(
        Mode.SINGLE, space, points, answers, np.ones(answers.shape), named, defined, points.take(np.arange(0))
    )


@pytest.mark.parametrize("papers", [30, 80])
def test_a_rare_topic_beside_all_else_is_put_in_front(papers: int) -> None:
    data = rare_beside_all_else(papers, 6)
    found = select(data, papers_of(data), 0)
    wanted, leads = data.answers[:, 0] == 1, found.scores[:, 0] - found.scores[:, 1]
    assert list(found.candidates) == [recipe.name for recipe in candidates_for(Mode.SINGLE, papers, 2)]
    assert found.candidates[found.recipe.name] == pytest.approx(average_precision.score(wanted, leads), abs=1e-6)
    assert average_precision.score(wanted, leads) > 0.9


def figure_of(data: TrainingData, every: np.ndarray, rows: Any = slice(None)) -> float:
    scores, answers = every[rows], data.answers[rows]
    if data.mode == Mode.SINGLE:
        assigned = np.eye(scores.shape[1], dtype=bool)[scores.argmax(axis=1)]
    else:
        assigned = expit(scores) >= thresholds_for(expit(scores), answers)
    return (macro_f1.score(answers, assigned) + micro_f1.score(answers, assigned)) / 2


@pytest.mark.parametrize(("papers", "folds"), [(2, 10), (250, 10), (251, 5), (3000, 5), (3001, 3)])
def test_many_papers_have_fewer_folds(papers: int, folds: int) -> None:
    assert fold_count(papers) == folds


@pytest.mark.parametrize("mode", MODES)
def test_the_seed_decides_the_folds_alone(mode: str) -> None:
    data = training_data(mode)
    one, same, other = (select(data, papers_of(data), seed) for seed in (1, 1, 2))
    assert one.scores.tobytes() == same.scores.tobytes()
    assert one.folds.tolist() == same.folds.tolist() != other.folds.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_the_best_candidate_is_taken_and_the_first_of_equals(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_MIN_PAPERS_ALL", 10)
    data = training_data(mode, noise=0.4)
    recipes = [replace(recipe, penalty=0.0) for recipe in candidates_for(mode, 250, 3)]
    monkeypatch.setattr(selection, "REGRESSIONS", tuple(recipe for recipe in recipes if not recipe.hinge))
    monkeypatch.setattr(selection, "HINGE", tuple(recipe for recipe in recipes if recipe.hinge))
    found = select(data, papers_of(data), 0)
    assert list(found.candidates) == [recipe.name for recipe in recipes]
    every = [selection._held_out_scores(data, (recipe,), found.folds, range(10))[0] for recipe in recipes]
    figures = [figure_of(data, scores) for scores in every]
    assert found.candidates[found.recipe.name] == pytest.approx(max(figures), abs=1e-6)
    for recipe, scores in zip(recipes, every, strict=True):
        so_far = [figure_of(data, scores, found.folds <= fold) for fold in range(10)]
        assert any(found.candidates[recipe.name] == pytest.approx(figure, abs=1e-6) for figure in so_far)
    np.testing.assert_array_equal(found.scores, every[recipes.index(found.recipe)])


@cache
def told_by_a_word(mode: str) -> TrainingData:
    """Which topic a paper is of is told by one word of which the background knows nothing."""
    words, topics = ("data data", "case case", "table table"), np.random.default_rng(0).integers(3, size=60)
    texts = [f"{text_of(['robots'], number)} {words[topic]}" for number, topic in enumerate(topics)]
    tfidf = fit_tfidf(texts, 1, TINY)
    space, points = fit_space(tfidf, tfidf.transform(texts), TINY)
    named, defined = definition_points({}, TOPICS, tfidf, space)
    return TrainingData(
        mode, space, points, np.eye(3)[topics], np.ones((60, 3)), named, defined, points.take(np.arange(0))
    )


def two(hinge: bool, penalties: tuple[float, float] = (0.0, 0.0)) -> tuple[Recipe, Recipe]:
    return (
        Recipe("background", Mix(0.0, 1.0, 0.0), 4.0, hinge, penalties[0]),
        Recipe("terms", Mix(1.0, 0.0, 0.0), 4.0, hinge, penalties[1]),
    )


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_another_recipe_than_the_first_can_be_taken(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_MIN_PAPERS_ALL", 10)
    recipes = two(mode == Mode.MULTI)
    monkeypatch.setattr(selection, "REGRESSIONS", recipes if mode == Mode.SINGLE else ())
    monkeypatch.setattr(selection, "HINGE", recipes if mode == Mode.MULTI else ())
    found = select(told_by_a_word(mode), range(60), 0)
    assert found.recipe == recipes[1]
    assert found.candidates["terms"] > found.candidates["background"]


@pytest.mark.slow
@pytest.mark.parametrize("hinge", [False, True])
@pytest.mark.parametrize(("beyond", "taken"), [(-0.001, True), (0.001, False)])
def test_a_recipe_must_be_ahead_by_its_penalty_over_the_root_of_papers(
    beyond: float, taken: bool, hinge: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = told_by_a_word(Mode.SINGLE)
    monkeypatch.setattr(selection, "_MIN_PAPERS_ALL", 10)
    monkeypatch.setattr(selection, "HINGE", ())
    monkeypatch.setattr(selection, "SMALL_C_HINGE", ())
    monkeypatch.setattr(selection, "REGRESSIONS", two(hinge))
    monkeypatch.setattr(selection, "still_racing", lambda scores, *_: range(len(scores)))
    figures = select(data, range(60), 0).candidates
    lead = figures["terms"] - figures["background"]
    assert lead > 0.01
    recipes = two(hinge, (0.2, 0.2 + (lead + beyond) * np.sqrt(60)))
    monkeypatch.setattr(selection, "REGRESSIONS", recipes)
    found = select(data, range(60), 0)
    assert found.candidates == figures
    assert found.recipe == recipes[taken]
    np.testing.assert_array_equal(
        found.scores, selection._held_out_scores(data, (found.recipe,), found.folds, range(10))[0]
    )


def test_hinge_recipes_have_a_penalty_and_of_two_topics_the_one_with_a_background() -> None:
    assert all(recipe.penalty == 0 and not recipe.hinge for recipe in REGRESSIONS)
    assert all(recipe.penalty > 0 and recipe.hinge for recipe in HINGE)
    assert [recipe.penalty > 0 for recipe in TWO_TOPICS] == [True, False]
    assert [recipe.mix.background > 0 for recipe in TWO_TOPICS] == [True, False]


def skewed(noise: float, counts: tuple[int, ...] = (150, 8, 6)) -> TrainingData:
    """Topics of very different size; of ``noise`` of the papers the words of another topic are the louder ones."""
    rng = np.random.default_rng(3)
    truth = np.repeat(np.arange(3), counts)
    texts = []
    for number, topic in enumerate(truth):
        shown = rng.integers(3) if rng.random() < noise else topic
        texts.append(text_of([TOPICS[shown]], number))
    tfidf = fit_tfidf(texts, 1, NO_BACKGROUND)
    space, points = fit_space(tfidf, tfidf.transform(texts), NO_BACKGROUND)
    named, defined = definition_points({}, TOPICS, tfidf, space)
    answers = np.eye(3)[truth]
    return TrainingData(
        Mode.SINGLE, space, points, answers, np.ones(answers.shape), named, defined, points.take(np.arange(0))
    )


@pytest.mark.slow
def test_the_hinge_loss_is_chosen_where_topics_are_of_very_different_size_and_regressions_where_they_are_not() -> None:
    """A regression makes rare topics count more, so that many papers of the usual one are taken for them."""
    uneven, even = skewed(0.3), skewed(0.3, (55, 55, 54))
    assert select(uneven, papers_of(uneven), 0).recipe.name == HINGE[0].name
    assert select(even, papers_of(even), 0).recipe.name == REGRESSIONS[0].name


def test_of_very_many_papers_the_first_fold_chooses_and_all_are_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_MIN_PAPERS_ALL", 10)
    monkeypatch.setattr(selection, "_MAX_PAPERS_ABOUT", 40)
    data = training_data(each=20, noise=0.3)
    found = select(data, papers_of(data), 0)
    assert list(found.candidates) == [recipe.name for recipe in candidates_for(Mode.SINGLE, 60, 3)]
    recipes = {recipe.name: recipe for recipe in candidates_for(Mode.SINGLE, 60, 3)}
    first = {
        name: selection._held_out_scores(data, (recipe,), found.folds, (0,))[0] for name, recipe in recipes.items()
    }
    figures = {name: figure_of(data, scores, found.folds == 0) for name, scores in first.items()}
    handicaps = {name: recipe.penalty / np.sqrt(60) for name, recipe in recipes.items()}
    assert found.recipe.name == max(figures, key=lambda name: figures[name] - handicaps[name])
    others = set(figures) - {found.recipe.name}
    assert {name: found.candidates[name] for name in others} == pytest.approx({name: figures[name] for name in others})
    assert len(np.unique(found.folds)) == 10
    assert np.isfinite(found.scores).all()
    alone = selection._held_out_scores(data, (found.recipe,), found.folds, range(10))[0]
    np.testing.assert_array_equal(found.scores, alone)


@pytest.mark.parametrize("mode", MODES)
def test_a_topic_without_a_paper_to_learn_from_has_no_score_there(mode: str) -> None:
    rows = range(1, 5) if mode == Mode.SINGLE else range(1, 30)
    data = training_data(mode, none=tuple(row for row in rows if mode == Mode.SINGLE or row not in range(5, 15)))
    column = 0
    assert (data.answers[:, column] == 1).sum() == 1
    found = select(data, papers_of(data), 0)
    only = found.folds == found.folds[0]
    assert np.isneginf(found.scores[only, column]).all()
    assert np.isfinite(found.scores[~only]).all()


def test_but_for_a_definition() -> None:
    data = training_data(none=(1, 2, 3, 4), definitions=("robots",))
    assert np.isfinite(select(data, papers_of(data), 0).scores).all()


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("mode", MODES)
def test_fewer_than_two_papers_cannot_be_held_out(mode: str, count: int) -> None:
    whole = training_data(mode)
    few = TrainingData(
        mode,
        whole.space,
        whole.papers.take(np.arange(count)),
        whole.answers[:count],
        whole.pair_weights[:count],
        whole.definitions,
        [],
        whole.unlabeled,
    )
    found = select(few, range(count), 0)
    assert (found.recipe, found.candidates, found.folds.tolist()) == (USUAL[mode], {}, [0] * count)
    assert found.scores.tolist() == [[-np.inf] * 3] * count


@pytest.mark.parametrize("mode", MODES)
def test_papers_that_are_all_of_one_group_have_no_scores_and_no_warning(mode: str) -> None:
    data = training_data(mode)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = select(data, ["same"] * len(data.papers), 0)
    assert np.isneginf(found.scores).all()


def test_cross_validated_thresholds_of_a_fold_come_from_the_others() -> None:
    folds = np.array([0, 0, 1, 1])
    probabilities = np.array([[0.9], [0.5], [0.3], [0.1]])
    matrix = np.array([[1.0], [0.0], [1.0], [0.0]])
    thresholds = cross_validated_thresholds(probabilities, matrix, folds)
    assert (probabilities >= thresholds[folds]).tolist() == [[True], [True], [False], [False]]


def test_cross_validated_thresholds_of_one_fold_are_one_half() -> None:
    found = cross_validated_thresholds(np.array([[0.6], [0.4]]), np.array([[1.0], [1.0]]), np.zeros(2, dtype=int))
    assert found.tolist() == [[0.5]]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("papers", [0, 100, 1000, 4000])
@pytest.mark.parametrize("topics", [2, 3])
@pytest.mark.parametrize("part", [0.0, 0.25])
def test_terms_have_the_share_of_the_background_that_does_not_fit(
    mode: Mode, papers: int, topics: int, part: float
) -> None:
    usual, found = (candidates_for(mode, papers, topics, fitting) for fitting in (1.0, part))
    for one, other in zip(usual, found, strict=True):
        assert other == replace(one, mix=other.mix)
        assert other.mix.background == part * one.mix.background
        assert other.mix.terms == one.mix.terms + (1 - part) * one.mix.background
        assert other.mix.components == one.mix.components
