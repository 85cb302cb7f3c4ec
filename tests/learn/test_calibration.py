from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit, softmax

from labeler.learn.calibration import MIN_HELD_OUT, default_platt, platt, temperature, top_label

NAN = np.nan
RNG = np.random.default_rng


def drawn(count: int, scale: float, shift: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    scores = RNG(seed).normal(0, 2, (count, 1))
    return scores, (RNG(seed + 1).random((count, 1)) < expit(scale * scores + shift)).astype(float)


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.5, 1.0), (2.0, -1.5)])
def test_scale_and_shift_of_many_papers_are_found(scale: float, shift: float) -> None:
    scales, shifts = platt(*drawn(20_000, scale, shift))
    assert scales[0] == pytest.approx(scale, rel=0.07)
    assert shifts[0] == pytest.approx(shift, abs=0.1)


def sized(counts: tuple[int, ...], papers: int, scale: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Standard normal scores and answers of topics whose yes-papers are about so many."""
    scores, grid = RNG(seed).normal(size=(papers, len(counts))), np.linspace(-15, 5, 401)
    shares = expit(scale * RNG(99).normal(size=4000)[:, None] + grid).mean(axis=0)
    shifts = np.interp(np.array(counts) / papers, shares, grid)
    return scores, (RNG(seed + 1).random(scores.shape) < expit(scale * scores + shifts)).astype(float)


def test_topics_with_few_papers_take_the_scale_of_all_on_scores_of_one_size_and_have_a_shift_of_their_own() -> None:
    scores, answers = drawn(2000, 0.5, 0.0)
    few = np.full((2000, 2), NAN)
    few[:9, 0], few[9:30, 0], few[:5, 1], few[5:60, 1] = 1, 0, 1, 0
    scales, shifts = platt(np.hstack([scores] * 3), np.hstack([answers, few]))
    sizes = [scores[:count].std() for count in (2000, 30, 60)]
    assert scales[1] * sizes[1] == pytest.approx(scales[2] * sizes[2], rel=1e-9)
    assert scales == pytest.approx([0.5] * 3, abs=0.15)
    assert shifts[1] > shifts[2]


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_one_scale_calibrates_topics_of_very_different_size(scale: float) -> None:
    """Thirty topics of 3 to 9 yes-papers among 400: none alone could tell its scale, all together can."""
    counts = tuple([3, 5, 9] * 10)
    found = []
    for seed in range(4):
        scores, answers = sized(counts, 400, scale, seed)
        scales, shifts = platt(scores, answers)
        few = (answers == 1).sum(axis=0) < 10
        assert few.sum() > 20
        found += scales[few].tolist()
        new, truth = sized(tuple(10 * count for count in counts), 4000, scale, seed + 50)
        said = expit(scales * new + shifts)
        assert said[:, few].sum() == pytest.approx(truth[:, few].sum(), rel=0.2)
    assert np.mean(found) == pytest.approx(scale, rel=0.1)


def test_a_scale_is_common_to_frequent_and_rare_topics_alike() -> None:
    scores, answers = sized((200, 150, 40, 8, 4, 2), 500, 1.5)
    scales, shifts = platt(scores, answers)
    assert scales == pytest.approx([1.5] * 6, rel=0.25)
    assert expit(scales * scores + shifts).sum(axis=0) == pytest.approx(answers.sum(axis=0), rel=0.35)
    assert (np.diff(shifts) < 0).all()


@pytest.mark.parametrize("sizes", [(1.0, 1.0), (1.0, 0.01), (1.0, 100.0)])
def test_the_size_of_a_topics_scores_does_not_matter(sizes: tuple[float, float]) -> None:
    """Scores of a rare topic differ less than those of a frequent one, and mean as much."""
    scores, answers = sized((60, 5), 400, 2.0)
    scales, shifts = platt(scores, answers)
    again = platt(scores * sizes, answers)
    assert again[0] * sizes == pytest.approx(scales, rel=1e-3)
    assert again[1] == pytest.approx(shifts, abs=1e-3)


@pytest.mark.parametrize("always", [0.0, 1.0])
def test_topics_without_a_yes_or_without_a_no_tell_nothing_of_the_common_scale(always: float) -> None:
    scores, answers = sized((8, 6, 4), 200, 2.0)
    scales, _ = platt(scores, answers)
    more = np.hstack([scores, RNG(5).normal(size=(200, 1)) * [7.0]])
    wider, shifts = platt(more, np.hstack([answers, np.full((200, 1), always)]))
    assert wider[:3] == pytest.approx(scales, rel=1e-6)
    assert np.isfinite(wider).all()
    assert np.isfinite(shifts).all()
    assert (shifts[3] > 0) == bool(always)


def test_where_no_topic_tells_anything_scores_are_of_size_one() -> None:
    scores = RNG(0).normal(0, 3, (50, 2))
    scales, shifts = platt(scores, np.tile([1.0, 0.0], (50, 1)))
    assert scales[1] == pytest.approx(1 / scores[:, 1].std(), rel=1e-6)
    assert shifts[0] > 1 > -1 > shifts[1]


@pytest.mark.parametrize("papers", [10, 18])
@pytest.mark.parametrize("topics", [1, 3])
def test_few_papers_told_apart_perfectly_do_not_make_a_common_scale_certain(papers: int, topics: int) -> None:
    side = np.tile(np.repeat([1.0, -1.0], papers // 2)[:, None], (1, topics))
    scales, shifts = platt(side, (side > 0).astype(float))
    assert (expit(scales + shifts) < 0.99).all()
    assert (expit(-scales + shifts) > 0.01).all()
    assert (expit(scales + shifts) > 0.8).all()


def test_scores_that_are_all_the_same_are_no_fault() -> None:
    scales, shifts = platt(np.full((40, 2), 0.3), np.tile([[1.0, 0.0], [0.0, 1.0]], (20, 1)))
    assert expit(scales * 0.3 + shifts) == pytest.approx([0.5, 0.5], abs=0.01)


@pytest.mark.parametrize("missing", [-np.inf, NAN])
def test_scores_that_are_missing_and_answers_that_are_unknown_do_not_count(missing: float) -> None:
    scores, answers = drawn(300, 1.0, 0.5)
    more = np.vstack([scores, [[missing]] * 50, [[3.0]] * 50])
    known = np.vstack([answers, [[1.0]] * 50, [[NAN]] * 50])
    assert [part.tolist() for part in platt(more, known)] == [part.tolist() for part in platt(scores, answers)]
    few = [part[:, None] for part in (np.append(scores[:20, 0], missing), np.append(answers[:20, 0] > 0.5, 1.0))]
    few[1][:20][np.flatnonzero(few[1][:20])[9:]] = 0  # nine yes-papers: the common scale
    alone = platt(few[0][:20], few[1][:20])
    assert [part.tolist() for part in platt(*few)] == [part.tolist() for part in alone]


def test_a_topic_without_any_score_is_left_as_it_is() -> None:
    scores, answers = drawn(100, 1.0, 0.0)
    scales, shifts = platt(np.hstack([scores, np.full((100, 1), -np.inf)]), np.hstack([answers, answers]))
    assert (scales[1], shifts[1]) == (1.0, 0.0)
    assert [part.tolist() for part in platt(np.full((3, 2), -np.inf), np.ones((3, 2)))] == [[1, 1], [0, 0]]


def test_perfectly_told_apart_papers_do_not_become_certain() -> None:
    scores = np.array([[5.0]] * 20 + [[-5.0]] * 20)
    scales, shifts = platt(scores, (scores > 0).astype(float))
    assert np.all(expit(scales * scores + shifts) < 0.99)
    assert expit(scales * 5 + shifts)[0] > 0.9


def test_a_score_that_means_the_opposite_is_not_turned_around() -> None:
    scores, answers = drawn(500, 1.0, 0.0)
    scales, _ = platt(-scores, answers)
    assert 0 < scales[0] < 0.1


def answered(scores: np.ndarray, seed: int = 0) -> np.ndarray:
    """Answers (a 1 a row) as probable as the softmax of scores says."""
    rng = RNG(seed)
    return np.eye(scores.shape[1])[[rng.choice(len(row), p=row) for row in softmax(scores, axis=1)]]


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
def test_the_temperature_of_many_papers_is_found(factor: float) -> None:
    scores = RNG(0).normal(0, 2, (5000, 3))
    assert temperature(scores, answered(factor * scores)) == pytest.approx(factor, rel=0.1)


def test_scores_that_are_missing_and_papers_without_an_answer_do_not_count_for_the_temperature() -> None:
    scores = RNG(0).normal(0, 2, (400, 3))
    answers = answered(scores)
    worse = np.vstack([scores, [[1.0, 0.0, -np.inf]] * 100, [[9.0, 0.0, 0.0]] * 50])
    more_answers = np.vstack([answers, [[0.0, 0.0, 1.0]] * 100, [[0.0, 0.0, NAN]] * 50])
    assert temperature(worse, more_answers) == pytest.approx(temperature(scores, answers), rel=1e-6)


def test_a_column_without_scores_takes_no_part_in_the_temperature() -> None:
    scores = RNG(0).normal(0, 2, (400, 3))
    answers = answered(scores)
    wider, more_answers = np.insert(scores, 1, -np.inf, axis=1), np.insert(answers, 1, 0, axis=1)
    assert temperature(wider, more_answers) == pytest.approx(temperature(scores, answers), rel=1e-6)


@pytest.mark.parametrize("papers", [0, 4, MIN_HELD_OUT - 1])
def test_few_papers_have_the_usual_temperature(papers: int) -> None:
    assert temperature(np.zeros((papers, 2)), np.eye(2)[np.arange(papers) % 2]) == 2.0
    assert temperature(np.full((30, 2), -np.inf), np.eye(2)[np.arange(30) % 2]) == 2.0


def test_few_papers_that_are_told_apart_do_not_make_single_mode_certain() -> None:
    scores = np.array([[1.0, -1.0], [-1.0, 1.0]] * 6)
    factor = temperature(scores, np.eye(2)[[0, 1] * 6])
    assert 0.8 < softmax(factor * scores, axis=1).max() < 0.99


def test_the_order_of_papers_and_columns_does_not_matter_to_the_temperature() -> None:
    scores = RNG(0).normal(0, 2, (60, 3))
    answers, order, columns = answered(2 * scores), RNG(1).permutation(60), [2, 0, 1]
    again = temperature(scores[order][:, columns], answers[order][:, columns])
    assert again == pytest.approx(temperature(scores, answers), rel=1e-4)


def sure(count: int, slope: float, shift: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of two columns, the larger of which is right as often as slope and shift say."""
    largest = RNG(seed).uniform(0.55, 0.999, count)
    right = RNG(seed + 1).random(count) < expit(slope * logit(largest) + shift)
    return np.column_stack([largest, 1 - largest]), np.eye(2)[np.where(right, 0, 1)]


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, 0.4), (1.5, -0.5)])
def test_how_right_the_most_probable_topic_is_is_found(slope: float, shift: float) -> None:
    found = top_label(*sure(20_000, slope, shift))
    odds = logit(np.array([0.6, 0.75, 0.9, 0.97]))
    np.testing.assert_allclose(expit(found[0] * odds + found[1]), expit(slope * odds + shift), atol=0.03)
    assert found[0] == pytest.approx(slope, rel=0.25)


def test_few_papers_correct_nothing() -> None:
    probabilities, matrix = sure(49, 0.3, 0.0)
    assert top_label(probabilities, matrix) == (1.0, 0.0)
    assert top_label(*sure(50, 0.3, 0.0))[0] < 0.9
    assert top_label(np.zeros((0, 3)), np.zeros((0, 3))) == (1.0, 0.0)


def test_papers_without_an_answer_or_a_probability_do_not_correct_anything() -> None:
    probabilities, matrix = sure(80, 0.5, 0.0)
    more = np.vstack([probabilities, [[0.9, 0.1]] * 40, [[NAN, NAN]] * 40])
    more_answers = np.vstack([matrix, [[0.0, NAN]] * 40, [[1.0, 0.0]] * 40])
    assert top_label(more, more_answers) == top_label(probabilities, matrix)


@pytest.mark.parametrize("right", [True, False])
def test_certain_probabilities_can_be_corrected_too(right: bool) -> None:
    probabilities = np.tile([1.0, 0.0], (60, 1))
    slope, shift = top_label(probabilities, np.tile([float(right), float(not right)], (60, 1)))
    assert np.isfinite([slope, shift]).all()
    assert slope > 0
    assert (expit(slope * logit(1 - 1e-9) + shift) > 0.9) == right


SCORES = st.tuples(st.integers(1, 30), st.integers(2, 6), st.integers(0, 999)).map(
    lambda shape: RNG(shape[2]).normal(0, 1, shape[:2])
)


@given(SCORES)
@settings(max_examples=30, deadline=None)
def test_where_too_little_was_judged_papers_have_one_topic_on_average(scores: np.ndarray) -> None:
    scales, shifts = default_platt(scores)
    assert scales.tolist() == [4.0] * scores.shape[1]
    assert len(set(shifts.tolist())) == 1
    assert expit(scales * scores + shifts).sum(axis=1).mean() == pytest.approx(1, abs=1e-6)


def test_of_one_topic_alone_half_of_the_papers_have_it() -> None:
    scales, shifts = default_platt(np.array([[-1.0], [0.5], [2.0]]))
    assert expit(scales * np.array([[-1.0], [0.5], [2.0]]) + shifts).mean() == pytest.approx(0.5)


@pytest.mark.parametrize("unlearned", [1, 2, 3])
def test_topics_that_were_not_learned_have_no_part_in_that(unlearned: int) -> None:
    scores = RNG(0).normal(0, 1, (8, 1))
    found = default_platt(np.hstack([scores, np.full((8, unlearned), -np.inf)]))
    expected = default_platt(scores)
    assert [part[0] for part in found] == pytest.approx([part[0] for part in expected])


def test_without_any_paper_one_topic_is_expected_too() -> None:
    assert expit(default_platt(np.zeros((0, 4)))[1]).sum() == pytest.approx(1)
