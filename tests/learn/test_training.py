from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.weighting import fit_tfidf
from labeler.learn import training
from labeler.learn.targets import Targets, targets_of
from labeler.learn.training import TrainingResult, train_model
from labeler.score.model import TopicModel
from labeler.topics import Mode
from tests.learn.factories import TINY, WORDS, multi_papers, single_papers, text_of

NAN = np.nan
MODES = [Mode.SINGLE, Mode.MULTI]
TOPICS = ("robots", "speech", "vision")
DEFINITIONS = {topic: f"{topic.title()}. {' '.join(WORDS[topic].split()[:4])}" for topic in TOPICS}
NEW = [text_of([topic] if topic else [], number + 500) for topic in (*TOPICS, "") for number in range(5)]


def not_judged(papers: int = 45) -> list[str]:
    return [text_of([TOPICS[number % 3]], number + 1000) for number in range(papers)]


def judged(mode: str, each: int = 3, none: int = 0) -> tuple[list[str], list[Any]]:
    return single_papers(each, none=none) if mode == Mode.SINGLE else multi_papers(each)


def trained(
    mode: str,
    papers: tuple[Sequence[str], Any],
    unlabeled: Sequence[str] = (),
    definitions: Mapping[str, str] | None = None,
    background: Background = TINY,
    self_training: bool = True,
    classes: Sequence[str] | None = TOPICS,
) -> TrainingResult:
    targets = targets_of(papers[1], mode, classes, definitions or ())
    return train_model(mode, papers[0], targets, unlabeled, definitions or {}, background, self_training, 0)


def contents(model: TopicModel) -> list[object]:
    """All that a model is, to the last bit."""
    linear = model.linear
    arrays = (linear.tfidf.idf, linear.weights, linear.intercepts, model.thresholds, *model.held_out)
    return [linear.tfidf.terms, linear.topics, linear.top, linear.with_none, *(array.tobytes() for array in arrays)]


@cache
def in_order(mode: str) -> TrainingResult:
    return trained(mode, judged(mode), not_judged())


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@given(seed=st.integers(0, 999))
@settings(max_examples=8, deadline=None)
def test_the_order_of_papers_changes_not_a_bit(mode: str, seed: int) -> None:
    texts, topics = judged(mode)
    rng = np.random.default_rng(seed)
    order, more = rng.permutation(len(texts)), not_judged()
    turned = [texts[row] for row in order], [topics[row] for row in order]
    others = [more[row] for row in rng.permutation(len(more))]
    one, other = in_order(mode), trained(mode, turned, others)
    assert contents(other.model) == contents(one.model)
    assert (other.parameters, other.measured) == (one.parameters, one.measured)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_the_same_papers_twice_make_the_same_bits(mode: str) -> None:
    one, other = (trained(mode, judged(mode), not_judged(), DEFINITIONS) for _ in range(2))
    assert contents(other.model) == contents(one.model)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_papers_unread_that_are_given_twice_or_were_judged_count_once(mode: str) -> None:
    papers, more = judged(mode), not_judged()
    one = in_order(mode)
    other = trained(mode, papers, [*more, *more[:9], *papers[0], papers[0][0].upper()])
    assert contents(other.model) == contents(one.model)
    assert other.parameters["unread"] == len(more)


@pytest.mark.slow
def test_the_order_of_definitions_and_of_topics_in_a_list_changes_not_a_bit() -> None:
    texts, lists = judged(Mode.MULTI)
    turned = dict(reversed(DEFINITIONS.items()))
    one = trained(Mode.MULTI, (texts, lists), not_judged(), DEFINITIONS, classes=None)
    other = trained(Mode.MULTI, (texts, [row[::-1] for row in lists]), not_judged(), turned, classes=None)
    assert contents(other.model) == contents(one.model)


@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_classes_is_the_order_of_columns_and_changes_no_probability(mode: str) -> None:
    columns = [2, 0, 1]
    one = trained(mode, judged(mode, each=6)).model
    other = trained(mode, judged(mode, each=6), classes=[TOPICS[column] for column in columns]).model
    assert other.linear.topics == tuple(TOPICS[column] for column in columns)
    np.testing.assert_allclose(other.predict_proba(NEW), one.predict_proba(NEW)[:, columns], rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_no_order_of_papers_or_topics_changes_a_score(mode: str, data: st.DataObject) -> None:
    """With and without definitions, unlabeled papers, papers without a topic, and unknown answers."""
    topics = [*TOPICS, "zoology"]
    rng = np.random.default_rng(data.draw(st.integers(0, 9999), label="seed"))
    each = data.draw(st.sampled_from([2, 5]), label="papers of a topic")
    none = data.draw(st.sampled_from([0, 3]), label="none of these")
    texts, answers = judged(mode, each, none)
    matrix = np.array([[topic in np.atleast_1d(row or "") for topic in topics] for row in answers], dtype=float)
    if data.draw(st.booleans(), label="unknown answers"):
        matrix[(rng.random(matrix.shape) < 0.3) & (matrix == 0)] = NAN
    defined = {topic: DEFINITIONS[topic] for topic in data.draw(st.sets(st.sampled_from(TOPICS)), label="defined")}
    unlabeled = not_judged(data.draw(st.sampled_from([0, 30]), label="unlabeled"))
    rows, columns = rng.permutation(len(texts)), rng.permutation(len(topics))

    def model(rows: np.ndarray, columns: np.ndarray, defined: dict[str, str], unlabeled: list[str]) -> TrainingResult:
        targets = Targets(matrix[np.ix_(rows, columns)], tuple(topics[column] for column in columns), "matrix")
        return train_model(mode, [texts[row] for row in rows], targets, unlabeled, defined, TINY, True, 0)

    one = model(np.arange(len(texts)), np.arange(len(topics)), defined, unlabeled)
    other = model(rows, columns, dict(reversed(defined.items())), unlabeled[::-1])
    np.testing.assert_allclose(other.model.predict_proba(NEW), one.model.predict_proba(NEW)[:, columns], rtol=1e-12)
    all_columns = np.append(columns, np.arange(len(topics), one.model.linear.weights.shape[1]))
    assert other.model.linear.weights.tobytes() == one.model.linear.weights[:, all_columns].tobytes()
    assert other.model.held_out[0].tobytes() == one.model.held_out[0][:, all_columns].tobytes()
    assert other.model.thresholds.tolist() == one.model.thresholds[columns].tolist()
    assert (other.parameters, other.measured) == (one.parameters, one.measured)
    assert (set(other.weak), other.no_topic, other.stream_shares) == (set(one.weak), one.no_topic, one.stream_shares)
    assert other.model.bands(0.8) == one.model.bands(0.8)


@pytest.mark.slow
@pytest.mark.parametrize("background", [NO_BACKGROUND, TINY], ids=["none", "tiny"])
@pytest.mark.parametrize("mode", MODES)
def test_scores_are_ordered_as_those_of_the_regression(mode: str, background: Background) -> None:
    """Calibration scales and shifts a column; a factor may not turn it round, and single mode keeps the order."""
    model = trained(mode, judged(mode), not_judged(), background=background).model
    probabilities = model.predict_proba(NEW[:15])
    for column in range(3):
        own, others = probabilities[5 * column : 5 * column + 5, column], np.delete(probabilities[:, column], column)
        assert own.mean() > others.mean() + 0.2


@pytest.mark.parametrize("none", [0, 1, 6])
def test_rows_of_single_mode_sum_to_one_with_what_is_left_for_none_of_these(none: int) -> None:
    model = trained(Mode.SINGLE, judged(Mode.SINGLE, none=none)).model
    assert model.linear.with_none == bool(none)
    assert model.linear.weights.shape[1] == model.held_out[0].shape[1] == 3 + bool(none)
    np.testing.assert_allclose(model.linear.probabilities(NEW).sum(axis=1), 1)
    if none:
        left = 1 - model.predict_proba(NEW).sum(axis=1)
        assert left[15:].mean() > left[:15].mean() + 0.2


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_what_cannot_be_learned_is_told_and_has_neither_weights_nor_a_threshold_to_reach(mode: str) -> None:
    found = trained(mode, judged(mode), not_judged(), {"robots": DEFINITIONS["robots"]}, classes=["absent", *TOPICS])
    linear = found.model.linear
    assert found.model.unlearned == {"absent": "no paper judged to be of it"}
    assert not linear.weights[:, 0].any()
    assert linear.intercepts[0] == -np.inf
    assert np.isfinite(linear.intercepts[1:]).all()
    assert found.model.predict_proba(NEW)[:, 0].tolist() == [0.0] * len(NEW)
    assert found.model.held_out[0][:, 0].tolist() == [0.0] * len(found.model.held_out[0])
    if mode == Mode.MULTI:
        assert np.isinf(found.model.thresholds).tolist() == [True, False, False, False]


@pytest.mark.parametrize("mode", MODES)
def test_a_topic_without_paper_and_definition_hardly_changes_the_others(mode: str) -> None:
    one = trained(mode, judged(mode, each=5)).model.predict_proba(NEW)
    other = trained(mode, judged(mode, each=5), classes=["absent", *TOPICS]).model.predict_proba(NEW)
    np.testing.assert_allclose(other[:, 1:], one, atol=1e-3)


def test_everyone_s_topic_needs_something_else_in_multi_mode() -> None:
    texts = [text_of(["robots"] if n < 5 else ["vision"], n) for n in range(10)]
    rows = np.array([[1, n < 5] for n in range(10)], dtype=float)
    found = trained(Mode.MULTI, (texts, rows), classes=["research", "robots"]).model
    assert found.unlearned == {"research": "no paper judged not to be of it"}
    with_others = trained(Mode.MULTI, (texts, rows), not_judged(), classes=["research", "robots"]).model
    assert with_others.unlearned == {}


@pytest.mark.parametrize("mode", MODES)
def test_definitions_alone_are_enough_beside_unread_papers(mode: str) -> None:
    found = trained(mode, ([], []), not_judged(), DEFINITIONS)
    assert (found.measured, found.weak, found.model.unlearned) == ({}, (), {})
    recipe = "about" if mode == Mode.SINGLE else "about, hinge"
    assert found.parameters == {"recipe": recipe, "candidates": {}, "background": "tiny", "unread": 45}
    probabilities = found.model.predict_proba(NEW[:15])
    assert (probabilities.argmax(axis=1) == np.repeat([0, 1, 2], 5)).all()
    assert found.model.held_out[0].shape == (0, 3)
    assert found.model.bands(0.5).upper == np.inf
    if mode == Mode.MULTI:
        assert found.model.thresholds.tolist() == [1 / 3] * 3


def test_none_of_these_under_an_older_scheme_says_nothing_of_the_topic_added_since() -> None:
    texts, topics = single_papers(each=5, topics=("robots", "vision"))
    early = [text_of(["speech"], number + 50) for number in range(5)]
    late = [text_of(["speech"], number + 90) for number in range(2)]
    known = np.array(
        [[topic == name for name in TOPICS] for topic in [*topics, *[None] * 5, "speech", "speech"]], float
    )
    open_ = known.copy()
    open_[10:15, 1] = NAN
    new = NEW[5:10]
    shares = [
        trained(Mode.SINGLE, ([*texts, *early, *late], rows)).model.predict_proba(new)[:, 1] for rows in (known, open_)
    ]
    assert shares[1].mean() > shares[0].mean() + 0.1
    held_out = trained(Mode.SINGLE, ([*texts, *early, *late], open_)).model.held_out
    assert np.isnan(held_out[1]).sum() == 5
    assert np.isfinite(held_out[0]).all()


def test_in_single_mode_the_most_probable_topic_is_corrected_from_fifty_papers_on_and_stays_that() -> None:
    texts, topics = single_papers(each=20)
    topics[::3] = [TOPICS[number % 3] for number in range(len(topics[::3]))]  # a third of the answers by chance
    few, many = (trained(Mode.SINGLE, (texts[:count], topics[:count])).model.linear for count in (49, 60))
    assert few.top == (1.0, 0.0) != many.top
    rows = many.rows(NEW)
    assert (many.probabilities(NEW).argmax(axis=1) == many.scores(rows).argmax(axis=1)).all()
    np.testing.assert_allclose(many.probabilities(NEW).sum(axis=1), 1)


def test_held_out_probabilities_of_labels_that_words_do_not_tell_are_about_as_right_as_they_say() -> None:
    texts, _ = single_papers(each=40)
    answers = np.random.default_rng(0).integers(3, size=120)
    model = trained(Mode.SINGLE, (texts, np.eye(3)[answers])).model
    probabilities, known = model.held_out
    right = (probabilities.argmax(axis=1) == known.argmax(axis=1)).mean()
    assert probabilities.max(axis=1).mean() == pytest.approx(right, abs=0.08)


def test_few_papers_are_not_calibrated_on_themselves_in_multi_mode() -> None:
    texts, lists = judged(Mode.MULTI, each=1)  # six papers
    found = trained(Mode.MULTI, (texts, lists))
    assert found.model.thresholds.tolist() == [1 / 3] * 3
    pool = found.model.predict_proba(texts)
    assert pool.sum(axis=1).mean() == pytest.approx(1, abs=1e-4)  # a topic a paper, as nothing better is known


@pytest.mark.parametrize(("more", "kept"), [(180, True), (181, False)])
def test_in_many_papers_a_term_must_be_in_two_of_them_unread_ones_count(more: int, kept: bool) -> None:
    texts, topics = single_papers(each=6, topics=TOPICS, none=1)  # nineteen
    texts[0] += " unheardof"
    found = trained(Mode.SINGLE, (texts, topics), not_judged(more))
    assert ("unheardof" in found.model.linear.tfidf.terms) == kept


@pytest.mark.parametrize(
    ("mode", "topics", "none", "defined", "evenly"),
    [
        (Mode.SINGLE, ("robots", "speech"), 0, (), True),
        (Mode.SINGLE, ("robots",), 6, (), True),
        (Mode.SINGLE, ("robots",), 0, ("speech",), True),
        (Mode.SINGLE, ("robots", "speech"), 6, (), False),
        (Mode.SINGLE, ("robots", "speech"), 0, ("vision",), False),
        (Mode.MULTI, ("robots", "speech"), 0, (), False),
    ],
)
def test_between_two_answers_words_do_not_count_for_being_topical(
    mode: str, topics: tuple[str, ...], none: int, defined: tuple[str, ...], evenly: bool
) -> None:
    papers = single_papers(6, topics, none) if mode == Mode.SINGLE else multi_papers(6, topics)
    found = trained(mode, papers, definitions={topic: DEFINITIONS[topic] for topic in defined}, classes=TOPICS)
    tfidf = found.model.linear.tfidf
    one, other = (fit_tfidf(papers[0], 1, background) for background in (TINY.with_equal_topicality(), TINY))
    generic = tfidf.terms.index("we")
    assert one.idf[generic] > other.idf[generic]
    assert tfidf.idf.tolist() == (one if evenly else other).idf.astype(np.float32).tolist()


@pytest.mark.slow
def test_of_very_many_unread_papers_a_sample_is_learned_from_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_MAX_UNLABELED", 20)
    more = not_judged(60)
    one, other = (trained(Mode.SINGLE, judged(Mode.SINGLE), given) for given in (more, more[::-1]))
    assert one.parameters["unread"] == 20
    assert contents(one.model) == contents(other.model)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_self_training_can_be_left_out_and_unread_papers_still_tell_which_words_go_together(mode: str) -> None:
    found = [
        trained(mode, judged(mode), more, self_training=wanted).model
        for more, wanted in ((not_judged(), True), (not_judged(), False), ((), False))
    ]
    assert len({tuple(contents(model)) for model in found}) == 3


@pytest.mark.parametrize(
    ("mode", "papers", "message"),
    [
        (Mode.SINGLE, (["robot arm"], ["robots"]), "speech: no paper judged to be of it; vision: no paper judged"),
        (Mode.SINGLE, ([], []), "papers judged so far, 0 "),
        (Mode.MULTI, (["robot arm", "robot leg"], [["robots"], ["robots"]]), "robots: no paper judged not to be of it"),
        (Mode.MULTI, (["!"] * 4, [["robots"], [], ["speech"], []]), "papers judged so far, 4 "),
    ],
)
@pytest.mark.parametrize("background", [NO_BACKGROUND, TINY], ids=["none", "tiny"])
def test_where_nothing_can_be_learned_the_reasons_are_told(
    mode: str, papers: tuple[list[str], Any], message: str, background: Background
) -> None:
    with pytest.raises(InputError, match="nothing can be learned") as caught:
        trained(mode, papers, background=background)
    assert message in str(caught.value)


def test_of_many_reasons_three_are_told_and_the_others_counted() -> None:
    rows = np.array([[1.0, 0, 0, 0, 0]] * 2)
    with pytest.raises(InputError) as caught:
        trained(Mode.MULTI, (["robot arm", "robot leg"], rows), classes=list("zabcd"))
    assert "(a: no paper judged to be of it; b: no paper" in str(caught.value)
    assert "and 2 more" in str(caught.value)


def revised(text: str, number: int) -> str:
    """A near-duplicate: another title, and a changed word."""
    words = text.replace("\n", " ").split()
    return f"Version {number}\n{' '.join([*words[:6], f'changed{number}', *words[7:]])}"


@pytest.mark.parametrize("mode", MODES)
def test_near_duplicates_do_not_make_figures_better(mode: str) -> None:
    """Topics are drawn by lot, so only a copy of a paper could tell its topic."""
    rng = np.random.default_rng(0)
    texts = [f"{text_of(['robots'], number)} {text_of(['speech'], number)}" for number in range(30)]
    topics = rng.choice(["robots", "speech"], 30).tolist()
    texts += [revised(text, number) for number, text in enumerate(texts)]
    given = [*topics, *topics] if mode == Mode.SINGLE else [[topic] for topic in [*topics, *topics]]
    found = trained(mode, (texts, given), classes=None, background=NO_BACKGROUND)
    assert found.near_duplicates == 30
    assert found.measured["macro_f1"].value < 0.7
