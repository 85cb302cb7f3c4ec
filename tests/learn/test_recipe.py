from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from labeler.features.space import fit_space
from labeler.features.weighting import fit_tfidf
from labeler.learn import recipe as module
from labeler.learn.definitions import definition_points
from labeler.learn.recipe import HINGE, REGRESSIONS, Recipe, TrainingData
from labeler.learn.selection import candidates_for
from labeler.topics import Mode
from tests.learn.factories import TINY, WORDS, multi_papers, single_papers, text_of

NAN = np.nan
MODES = [Mode.SINGLE, Mode.MULTI]
TOPICS = ("robots", "speech", "vision")
DEFINITIONS = {topic: f"{topic}. {' '.join(WORDS[topic].split()[:3])}" for topic in TOPICS}
CLOSE = 2e-2  # two optima of regressions that stop early, see test_solver


@cache
def judged(mode: str) -> tuple[list[str], np.ndarray]:
    if mode == Mode.SINGLE:
        texts, topics = single_papers(each=6)
        return texts, np.array([[topic == name for name in TOPICS] for topic in topics], dtype=float)
    texts, lists = multi_papers(each=4)
    return texts, np.array([[name in row for name in TOPICS] for row in lists], dtype=float)


def not_judged(papers: int = 60) -> list[str]:
    return [text_of([TOPICS[number % 3]], number + 1000) for number in range(papers)]


def training_data(
    mode: str = Mode.SINGLE,
    papers: tuple[list[str], np.ndarray] | None = None,
    definitions: dict[str, str] | None = None,
    unlabeled: int = 0,
) -> TrainingData:
    """Of papers, answers and definitions of three topics. The space is always that of the same papers."""
    texts, answers = papers or judged(mode)
    pile = judged(mode)[0] + not_judged()
    tfidf = fit_tfidf(pile, 1, TINY)
    space, _ = fit_space(tfidf, tfidf.transform(pile), TINY)
    named, defined = definition_points(definitions or {}, TOPICS, tfidf, space)
    points = [space.points(tfidf.transform(some)) for some in (texts, not_judged()[:unlabeled])]
    pairs = (~np.isnan(answers)).astype(float)
    return TrainingData(mode, space, points[0], answers, pairs, named, defined, points[1])


def every(data: TrainingData) -> np.ndarray:
    return np.arange(len(data.papers))


def scores_of(data: TrainingData, rows: Any = None, recipe: Recipe | None = None) -> np.ndarray:
    """Scores of sixty papers that nobody has judged, by the usual recipe of the mode or another."""
    found = data.fit(
        recipe or candidates_for(data.mode, 0, 3)[0], every(data) if rows is None else np.asarray(rows, dtype=np.intp)
    )
    return data.space.scores(found, unjudged_points(data))


def unjudged_points(data: TrainingData) -> Any:
    tfidf = fit_tfidf(judged(data.mode)[0] + not_judged(), 1, TINY)
    return data.space.points(tfidf.transform(not_judged()))


TRUTH = np.arange(60) % 3


RECIPES = REGRESSIONS + HINGE
OFFERED = [(mode, recipe) for mode in MODES for recipe in candidates_for(mode, 10_000, 3)]
NAMED = [f"{mode}-{recipe.name}" for mode, recipe in OFFERED]


@pytest.mark.slow
@pytest.mark.parametrize("unlabeled", [0, 60])
@pytest.mark.parametrize(("mode", "recipe"), OFFERED, ids=NAMED)
def test_every_recipe_tells_topics_apart(mode: str, recipe: Recipe, unlabeled: int) -> None:
    assert (scores_of(training_data(mode, unlabeled=unlabeled), recipe=recipe).argmax(axis=1) == TRUTH).mean() > 0.95


@pytest.mark.parametrize(("mode", "recipe"), OFFERED, ids=NAMED)
def test_hinge_models_alone_have_an_intercept_and_it_is_what_the_folded_model_adds(mode: str, recipe: Recipe) -> None:
    data = training_data(mode, definitions=DEFINITIONS, unlabeled=60)
    found = data.fit(recipe, every(data))
    assert (found.intercepts != 0).all() if recipe.hinge else not found.intercepts.any()
    weights, intercepts = data.space.fold(found)
    np.testing.assert_allclose(
        data.papers.terms @ weights + intercepts, data.space.scores(found, data.papers), atol=1e-5
    )


def test_with_the_hinge_loss_a_pair_without_weight_teaches_nothing() -> None:
    """A pair of no weight teaches nothing, whatever its answer; a regression knows no weights of pairs."""
    data = training_data(Mode.MULTI)
    answers, pairs = data.answers.copy(), data.pair_weights.copy()
    pairs[::3, 1] = 0
    answers[::3, 1] = 1 - answers[::3, 1]
    same = [
        TrainingData(
            Mode.MULTI, data.space, data.papers, some, pairs, data.definitions, data.defined_columns, data.unlabeled
        )
        for some in (data.answers, answers)
    ]
    one, other = (scores_of(some) for some in same)
    np.testing.assert_array_equal(one, other)
    assert np.abs(one[:, 1] - scores_of(data)[:, 1]).max() > 0.05


def test_shares_of_a_recipe_make_one_and_names_differ() -> None:
    assert [sum((one.mix.terms, *one.mix.latent)) for one in RECIPES] == pytest.approx([1.0] * len(RECIPES))
    assert len({one.name for one in RECIPES}) == len(RECIPES)
    assert [one.hinge for one in RECIPES] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("mode", MODES)
def test_a_model_of_some_rows_is_that_of_these_papers_alone(mode: str) -> None:
    rows = np.array([0, 3, 7, 8, 12, 13, 17])
    texts, answers = judged(mode)
    some = ([texts[row] for row in rows], answers[rows])
    found = scores_of(training_data(mode, definitions=DEFINITIONS), rows)
    np.testing.assert_allclose(found, scores_of(training_data(mode, some, DEFINITIONS)), atol=1e-5)


@pytest.mark.parametrize("unlabeled", [0, 60])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hinge", [False, True])
def test_scores_of_judged_papers_by_inner_products_are_those_by_the_weights(
    hinge: bool, mode: str, unlabeled: int
) -> None:
    data = training_data(mode, definitions={"vision": DEFINITIONS["vision"]}, unlabeled=unlabeled)
    recipe = HINGE[0] if hinge else REGRESSIONS[0]
    rows = np.flatnonzero(data.answers[:, 0] != 1)[1:]
    others = np.setdiff1d(every(data), rows)
    found = data.held_out(recipe, rows, others)
    expected = data.space.scores(data.fit(recipe, rows), data.papers.take(others))
    assert np.isneginf(found[:, 0]).all()
    np.testing.assert_allclose(found[:, 1:], expected[:, 1:], atol=1e-4)
    alone = data.held_out(recipe, rows, others, unlabeled=False)
    assert np.array_equal(alone, found) == (not unlabeled)


@pytest.mark.parametrize("unlabeled", [0, 60])
@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_papers_does_not_matter(mode: str, unlabeled: int) -> None:
    texts, answers = judged(mode)
    order = np.random.default_rng(0).permutation(len(texts))
    turned = ([texts[row] for row in order], answers[order])
    found = scores_of(training_data(mode, turned, DEFINITIONS, unlabeled))
    np.testing.assert_allclose(found, scores_of(training_data(mode, None, DEFINITIONS, unlabeled)), atol=CLOSE)


@pytest.mark.parametrize("unlabeled", [0, 60])
@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_topics_does_not_matter(mode: str, unlabeled: int) -> None:
    columns = np.array([2, 0, 1])
    answers = judged(mode)[1]
    data = training_data(mode, None, DEFINITIONS, unlabeled)
    turned = TrainingData(
        mode,
        data.space,
        data.papers,
        answers[:, columns],
        data.pair_weights[:, columns],
        data.definitions,
        [columns.tolist().index(column) for column in data.defined_columns],
        data.unlabeled,
    )
    np.testing.assert_allclose(scores_of(turned), scores_of(data)[:, columns], atol=CLOSE)


@pytest.mark.parametrize("mode", MODES)
def test_the_same_training_data_gives_the_same_bytes(mode: str) -> None:
    one, other = (scores_of(training_data(mode, definitions=DEFINITIONS, unlabeled=60)) for _ in range(2))
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("unlabeled", [0, 60])
@pytest.mark.parametrize("mode", MODES)
def test_definitions_alone_tell_topics_apart(mode: str, unlabeled: int) -> None:
    found = scores_of(training_data(mode, definitions=DEFINITIONS, unlabeled=unlabeled), [])
    assert (found.argmax(axis=1) == TRUTH).mean() > (0.9 if unlabeled else 0.6)


@pytest.mark.parametrize("mode", MODES)
def test_one_paper_a_topic_and_the_papers_nobody_has_judged_are_better_than_one_paper_alone(mode: str) -> None:
    rows = [0, 6, 12] if mode == Mode.SINGLE else [0, 4, 8]
    alone, together = (
        scores_of(training_data(mode, definitions={"vision": DEFINITIONS["vision"]}, unlabeled=unlabeled), rows)
        for unlabeled in (0, 60)
    )
    right = [(scores.argmax(axis=1) == TRUTH).mean() for scores in (alone, together)]
    assert right[1] >= right[0] > 0.5
    assert right[1] > 0.9
    assert np.abs(alone - together).max() > 0.1


def test_beside_very_many_judged_papers_those_nobody_has_judged_teach_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_JUDGED", 5)
    assert scores_of(training_data(unlabeled=60)).tobytes() == scores_of(training_data()).tobytes()


@pytest.mark.parametrize("mode", MODES)
def test_a_column_of_which_nothing_is_known_learns_nothing(mode: str) -> None:
    texts, answers = judged(mode)
    answers = answers.copy()
    kept = answers[:, 1] == 0 if mode == Mode.SINGLE else np.ones(len(texts), dtype=bool)
    answers[:, 1] = NAN
    some = ([text for text, keep in zip(texts, kept, strict=True) if keep], answers[kept])
    found = scores_of(training_data(mode, some))
    assert not found[:, 1].any()
    others = TRUTH != 1
    assert (found[others][:, [0, 2]].argmax(axis=1) == (TRUTH[others] == 2)).all()


def test_an_answer_that_leaves_a_topic_open_does_not_speak_against_it() -> None:
    """Food, said to be none of two topics before a third was added: the third is not learned to be not about food."""
    texts, answers = judged(Mode.SINGLE)
    food = [text_of([], number) for number in range(6)]
    column = np.append(np.zeros(len(texts)), np.ones(6))[:, None]
    figures = []
    for vision in (0.0, NAN):
        none = np.tile([0.0, 0.0, vision], (6, 1))
        rows = np.hstack([np.vstack([answers, none]), column])
        data = training_data(Mode.SINGLE, (texts + food, rows))
        tfidf = fit_tfidf(judged(Mode.SINGLE)[0] + not_judged(), 1, TINY)
        new = data.space.points(tfidf.transform([text_of([], number) for number in range(50, 60)]))
        figures.append(data.space.scores(data.fit(REGRESSIONS[0], every(data)), new).mean(axis=0))
    assert figures[1][2] > figures[0][2] + 0.1


def test_a_rare_topic_weighs_more_a_paper_and_less_in_all_in_a_regression() -> None:
    texts, answers = judged(Mode.SINGLE)
    data = training_data(Mode.SINGLE, (texts, answers))
    rows = np.array([0, *range(6, 18)])  # one of the first topic, six of each other
    weights = data._class_weights(rows)[:, 0]
    assert weights.shape == (13,)
    assert weights.mean() == pytest.approx(1)
    assert weights[0] > weights[1] == pytest.approx(weights[7])
    assert weights[0] < weights[1:7].sum()


@pytest.mark.parametrize("columns", [1, 3])
def test_an_example_beside_judged_papers_weighs_as_much_for_its_topic_as_against_the_others(columns: int) -> None:
    answers = np.eye(columns)[[0, columns - 1]]
    weights = module._example_weights(answers, np.array([16.0, 2.0]), HINGE[0])
    assert weights.shape == answers.shape
    assert np.where(answers == 1, weights, 0).sum(axis=1).tolist() == [8, 1]
    assert np.where(answers == 0, weights, 0).sum(axis=1) == pytest.approx([8, 1] if columns > 1 else [0, 0])
    assert module._example_weights(answers, np.array([16.0, 2.0]), REGRESSIONS[0]).tolist() == [[16], [2]]


@pytest.mark.parametrize("mode", MODES)
def test_with_the_hinge_loss_pairs_keep_their_weights_and_regressions_have_class_weights(mode: str) -> None:
    data = training_data(mode)
    rows = np.array([0, *range(6, 18)])
    seen: list[np.ndarray] = []

    class Spied(module.Loss):
        def __init__(self, answers: np.ndarray, weights: np.ndarray, C: float, hinge: bool, factor: None) -> None:
            seen.append(weights)
            super().__init__(answers, weights, C, hinge, factor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Loss", Spied)
        data.fit(HINGE[0], rows)
        data.fit(REGRESSIONS[0], rows)
    np.testing.assert_array_equal(seen[0], data.pair_weights[rows])
    np.testing.assert_array_equal(seen[1], data._class_weights(rows))
