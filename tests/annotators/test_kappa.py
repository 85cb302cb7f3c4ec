from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from labeler.annotators.kappa import cohen_kappa, gwet_ac1, observed_agreement, pabak, pooled_kappa
from tests.annotators.examples import ABSTRACTORS, RATINGS, counts_of

SEEDS = st.integers(0, 2**32 - 1)


def answers(seed: int, papers: int = 20, kinds: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    one = rng.integers(0, kinds, papers)
    return one, np.where(rng.random(papers) < 0.6, one, rng.integers(0, kinds, papers))


def test_published_ratings_have_the_printed_coefficients() -> None:
    counts, once = counts_of(RATINGS), np.ones((1, len(RATINGS)))
    assert f"{gwet_ac1(counts, once).values[0]:.5f}" == "0.77544"
    assert f"{observed_agreement(counts, once)[0]:.7f}" == "0.8181818"
    assert f"{pabak(counts, once, 5).values[0]:.5f}" == "0.77273"
    one, other = (np.repeat(part, ABSTRACTORS.ravel()) for part in (np.arange(9) // 3, np.arange(9) % 3))
    assert f"{cohen_kappa(one, other, 3, np.ones((1, 100))).values[0]:.7f}" == "0.7964094"
    both = counts_of(np.column_stack([one, other]) + 1)
    assert f"{gwet_ac1(both, np.ones((1, 100))).values[0]:.7f}" == "0.8493305"


@given(SEEDS)
def test_kappa_is_that_of_scikit_learn_also_with_weights(seed: int) -> None:
    one, other = answers(seed)
    weights = np.vstack([np.ones(20), np.random.default_rng(seed).exponential(size=20)])
    found = cohen_kappa(one, other, 4, weights).values
    expected = [cohen_kappa_score(one, other, sample_weight=row) for row in weights]
    np.testing.assert_allclose(found, expected, atol=1e-9)


@given(SEEDS)
def test_pooled_kappa_of_one_topic_is_cohens(seed: int) -> None:
    one, other = answers(seed, kinds=2)
    if len({*one.tolist(), *other.tolist()}) > 1:
        found = pooled_kappa(one[:, None], other[:, None], np.ones((1, 20))).values[0]
        assert found == pytest.approx(cohen_kappa_score(one, other), abs=1e-9)


@given(SEEDS)
def test_pooled_kappa_is_of_the_means_over_topics(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.integers(-1, 2, (2, 15, 3))
    agreed, by_chance = [], []
    for first, second in zip(one.T, other.T, strict=True):
        known = (first >= 0) & (second >= 0)
        if known.any():
            yes, also_yes = first[known].mean(), second[known].mean()
            agreed.append((first[known] == second[known]).mean())
            by_chance.append(yes * also_yes + (1 - yes) * (1 - also_yes))
    expected = (np.mean(agreed) - np.mean(by_chance)) / (1 - np.mean(by_chance))
    assert pooled_kappa(one, other, np.ones((1, 15))).values[0] == pytest.approx(expected, abs=1e-9)


@given(SEEDS)
def test_ac1_is_that_of_the_formula(seed: int) -> None:
    ratings = np.random.default_rng(seed).integers(0, 4, (12, 3))
    counts = counts_of(ratings)
    judged = [row[row > 0] for row in ratings if (row > 0).any()]
    kinds = sorted({value for unit in judged for value in unit.tolist()})
    pairs = [unit for unit in judged if len(unit) > 1]
    if len(kinds) > 1 and pairs:
        same = [
            sum((unit == value).sum() * ((unit == value).sum() - 1) for value in kinds) / (len(unit) * (len(unit) - 1))
            for unit in pairs
        ]
        shares = [np.mean([(unit == value).mean() for unit in judged]) for value in kinds]
        by_chance = sum(share * (1 - share) for share in shares) / (len(kinds) - 1)
        expected = (np.mean(same) - by_chance) / (1 - by_chance)
        assert gwet_ac1(counts, np.ones((1, 12))).values[0] == pytest.approx(expected, abs=1e-9)


def test_ac1_and_pabak_do_not_fall_where_a_topic_is_rare() -> None:
    counts = np.array([[0, 2]] * 96 + [[2, 0]] + [[1, 1]] * 3)
    once = np.ones((1, 100))
    assert gwet_ac1(counts, once).values[0] > 0.96
    assert pabak(counts, once).values[0] == pytest.approx(0.94)
