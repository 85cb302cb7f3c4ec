from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from labeler.annotators.alpha import (
    dice_distance,
    masi_alpha,
    masi_distance,
    multi_valued_alpha,
    nominal_alpha,
    topic_alphas,
)
from labeler.annotators.ratings import Bools
from tests.annotators.examples import RATINGS, SETS, counts_of, sets_of

# Units in rows, annotators in columns; 0 is missing.
TABLES = st.integers(0, 2**32 - 1).map(
    lambda seed: (rng := np.random.default_rng(seed)).integers(
        0, rng.integers(2, 6), (rng.integers(2, 12), rng.integers(2, 6))
    )
)
SEEDS = st.integers(0, 2**32 - 1)


def once(papers: int) -> np.ndarray:
    return np.ones((1, papers))


def nominal(ratings: np.ndarray) -> float:
    return float(nominal_alpha(counts_of(ratings), once(len(ratings))).values[0])


def random_sets(seed: int) -> tuple[Bools, Bools]:
    """Sets of up to four topics that three annotators gave, some missing."""
    rng = np.random.default_rng(seed)
    papers, topics = int(rng.integers(3, 9)), int(rng.integers(2, 5))
    return rng.random((papers, 3, topics)) < rng.uniform(0.1, 0.8), rng.random((papers, 3)) < 0.8


def by_brute_force(ratings: np.ndarray) -> float:
    """The alpha of the formula, pair by pair: observed over units, expected over all pairs of values."""
    units = [row[row > 0] for row in ratings if (row > 0).sum() > 1]
    values = [value for unit in units for value in unit]
    observed = sum(
        2 * sum(one != other for one, other in combinations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(values)
    every = len(values) * (len(values) - 1)
    expected = 2 * sum(one != other for one, other in combinations(values, 2)) / every
    return 1 - observed / expected if expected else np.nan


def test_the_published_example_has_the_printed_alpha() -> None:
    assert f"{nominal(RATINGS):.3f}" == "0.743"
    assert f"{nominal(RATINGS):.5f}" == "0.74342"


@given(TABLES)
def test_nominal_alpha_is_that_of_the_formula(ratings: np.ndarray) -> None:
    if (ratings > 0).sum(axis=1).max() > 1:
        assert nominal(ratings) == pytest.approx(by_brute_force(ratings), abs=1e-9, nan_ok=True)


@given(TABLES)
def test_nominal_alpha_is_that_of_a_second_implementation(ratings: np.ndarray) -> None:
    krippendorff = pytest.importorskip("krippendorff")
    found = nominal(ratings)
    if not np.isnan(found) and (ratings > 0).sum(axis=1).max() > 1:
        missing = np.where(ratings > 0, ratings.astype(float), np.nan).T
        expected = krippendorff.alpha(reliability_data=missing, level_of_measurement="nominal")
        assert found == pytest.approx(expected, abs=1e-9)


@given(TABLES, SEEDS)
def test_who_annotators_are_and_what_answers_are_called_changes_no_alpha(ratings: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    renamed = np.append(0, 1 + rng.permutation(6))[ratings]
    changed = renamed[rng.permutation(len(ratings))][:, rng.permutation(ratings.shape[1])]
    assert nominal(changed) == pytest.approx(nominal(ratings), abs=1e-9, nan_ok=True)


@given(TABLES)
def test_a_paper_that_counts_twice_counts_as_two(ratings: np.ndarray) -> None:
    twice = np.vstack([ratings, ratings[:1]])
    weights = once(len(ratings))
    weights[0, 0] = 2
    counted = nominal_alpha(counts_of(ratings), weights).values[0]
    assert counted == pytest.approx(nominal(twice), abs=1e-9, nan_ok=True)


@given(TABLES)
def test_who_agree_always_have_one(ratings: np.ndarray) -> None:
    same = np.repeat(ratings[:, :1], 3, axis=1)
    if len(set(same[same > 0].tolist())) > 1:
        assert nominal(same) == pytest.approx(1)


@given(SEEDS)
def test_the_alpha_of_a_topic_is_the_nominal_one_of_yes_and_no(seed: int) -> None:
    answers = np.random.default_rng(seed).integers(0, 3, (8, 4, 3))  # 0 missing, 1 yes, 2 no
    found = topic_alphas((answers == 1).sum(axis=1), (answers == 2).sum(axis=1), once(8)).values[0]
    expected = [nominal(answers[:, :, topic]) for topic in range(3)]
    np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.mark.parametrize("name", SETS)
def test_multi_valued_alpha_is_as_printed(name: str) -> None:
    table, printed = SETS[name]
    sets, present = sets_of(table)
    found = float(multi_valued_alpha(sets, present, once(len(sets))).values[0])
    assert f"{found:.{len(printed.partition('.')[2])}f}" == printed


@given(SEEDS)
def test_multi_valued_alpha_is_that_of_the_formula(seed: int) -> None:
    sets, present = random_sets(seed)
    found = multi_valued_alpha(sets, present, once(len(sets))).values[0]
    assert found == pytest.approx(multi_valued_by_brute_force(sets, present), abs=1e-9, nan_ok=True)


def multi_valued_by_brute_force(sets: Bools, present: Bools) -> float:
    """The formula of the paper: all pairs of sets that there could be, one by one."""
    units = [unit[there] for unit, there in zip(sets, present, strict=True) if there.sum() > 1]
    if not units:
        return np.nan
    given_sets = np.concatenate(units)
    observed = sum(
        2 * sum(dice(one, other) for one, other in combinations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(given_sets)
    often = given_sets.sum(axis=0).tolist()  # whole numbers of any size
    sizes = given_sets.sum(axis=1)
    topics = range(sets.shape[2])
    expected = 0.0
    for one in set(sizes.tolist()):
        for other in set(sizes.tolist()):
            parts = [(set(c), set(k)) for c in combinations(topics, one) for k in combinations(topics, other)]
            chances = [
                math.prod([often[t] for t in c] + [often[t] - 1 if t in c else often[t] for t in k]) for c, k in parts
            ]
            if sum(chances):
                distances = [1 - 2 * len(c & k) / (one + other) if one + other else 0.0 for c, k in parts]
                mean = sum(chance * far for chance, far in zip(chances, distances, strict=True)) / sum(chances)
                expected += mean * (sizes == one).mean() * (sizes == other).mean()
    return 1 - observed / expected if expected > 1e-12 else np.nan


def dice(one: np.ndarray, other: np.ndarray) -> float:
    return 1 - 2 * (one & other).sum() / (one.sum() + other.sum()) if (one | other).any() else 0.0


def test_sets_of_one_topic_each_have_a_nominal_alpha_but_for_small_numbers() -> None:
    """The paper says so of very many sets; chance has one value less to draw from there."""
    rng = np.random.default_rng(0)
    ratings = np.repeat(rng.integers(1, 4, (4000, 1)), 2, axis=1)
    ratings[:1000, 1] = rng.integers(1, 4, 1000)
    sets = ratings[:, :, None] == np.arange(1, 4)
    found = multi_valued_alpha(sets, np.ones(ratings.shape, dtype=bool), once(4000)).values[0]
    assert found == pytest.approx(nominal(ratings), abs=1e-3)


def test_masi_is_as_passonneau_defines_it() -> None:
    def masi(one: str, other: str) -> float:
        first, second = (np.array([letter in text for letter in "abcd"]) for text in (one, other))
        return float(masi_distance(first, second))

    assert masi("ab", "ab") == 0
    assert masi("a", "ab") == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi("ab", "bc") == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi("a", "bc") == 1
    assert masi("", "") == 0
    assert masi("", "a") == 1


@given(SEEDS)
def test_masi_alpha_is_that_of_a_second_implementation(seed: int) -> None:
    sets, present = random_sets(seed)
    triples = [
        (f"who{who}", f"paper{paper}", frozenset(np.flatnonzero(sets[paper, who]).tolist()))
        for paper, who in np.argwhere(present).tolist()
        if present[paper].sum() > 1
    ]
    found = masi_alpha(sets, present, once(len(sets))).values[0]
    if len({answer for _, _, answer in triples}) > 1:
        assert found == pytest.approx(AnnotationTask(triples, distance=masi_of_sets).alpha(), abs=1e-9)
    else:
        assert np.isnan(found)


def masi_of_sets(one: frozenset[int], other: frozenset[int]) -> float:
    """MASI with the fractions of the paper; nltk's own has 0.67 and 0.33."""
    if one == other:
        return 0.0
    monotonic = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - len(one & other) / len(one | other) * monotonic


@given(SEEDS)
def test_a_permutation_of_annotators_and_topics_changes_no_alpha_of_sets(seed: int) -> None:
    sets, present = random_sets(seed)
    rng = np.random.default_rng(seed)
    who, what = rng.permutation(3), rng.permutation(sets.shape[2])
    for alpha in (masi_alpha, multi_valued_alpha):
        found = alpha(sets, present, once(len(sets))).values[0]
        changed = alpha(sets[:, who][:, :, what], present[:, who], once(len(sets))).values[0]
        assert changed == pytest.approx(found, abs=1e-9, nan_ok=True)


def test_very_many_topics_overflow_nothing() -> None:
    rng = np.random.default_rng(1)
    sets = rng.random((300, 1, 200)) < 0.2
    same = np.repeat(sets, 2, axis=1)
    present = np.ones((300, 2), dtype=bool)
    assert multi_valued_alpha(same, present, once(300)).values[0] == pytest.approx(1)
    drawn = np.concatenate([sets, rng.random((300, 1, 200)) < 0.2], axis=1)
    assert multi_valued_alpha(drawn, present, once(300)).values[0] == pytest.approx(0, abs=0.02)


def test_dice_of_empty_sets_is_none() -> None:
    empty, one = np.zeros(3, dtype=bool), np.array([True, False, False])
    assert dice_distance(empty, empty) == 0
    assert dice_distance(empty, one) == 1
