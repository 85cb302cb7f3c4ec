"""How many unlabeled papers fit no topic of the scheme (mixture proportion estimation, positive-unlabeled learning).

Where judged papers are drawn from the same stream, unlabeled papers of the scheme look like them, and others do not. A
logistic regression separates judged from unlabeled papers by what they are about, and each paper is scored by one that
has not seen it. Above a quantile of the scores of judged papers there are hardly papers outside the scheme. So the
share of unlabeled papers above it, divided by that of judged papers, estimates the share of papers of the scheme (S.
Garg et al., "Mixture proportion estimation and PU learning: a modern approach", 2021, who choose one quantile; here it
is a mean over some, as judged papers are few). The share of judged papers that people said fit no topic is added.

That estimate is biased where a topic was judged more seldom than it occurs: the papers of such a topic count as outside
the scheme. So there is a second one, from the spread of scores (:mod:`labeler.score.familiarity`), which has no such
bias, but misses papers outside the scheme that resemble a topic. The interval spans both; a wide one is not reported.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.space import Points
from labeler.measure.estimates import Estimate

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
_MIN_PAPERS = 100  # of each kind, for an estimate
_MAX_UNLABELED = 3000  # papers of a sample
_BLOCK_WEIGHTS = (0.45, 0.20)  # of the latent blocks, as where few papers are learned from
_C = 0.3  # of the regression, which is to find kinds of papers, not single ones
_QUANTILES = (0.2, 0.3, 0.4)  # of the scores of judged papers, above which papers are counted
_UPPER_QUANTILE = 0.5  # above it are fewer papers, but fewer outside the scheme: for the most that there may be
_SPREAD_QUANTILE = 0.3
_FOLDS = 5
_BOOTSTRAP_DRAWS = 200
_MAX_WIDTH = 0.45  # of an interval that says anything


class _Scores(NamedTuple):
    """What is known of judged and unlabeled papers (each (n_papers,)): scores of the regression and spreads.

    ``none`` marks judged papers that no topic fits.
    """

    judged: Floats
    unlabeled: Floats
    judged_spreads: Floats
    unlabeled_spreads: Floats
    none: Flags


def no_topic_share(
    judged: Points,
    unlabeled: Points,
    none: Flags,
    spreads: tuple[Floats, Floats],
    seed: int,
    weights: Floats | None = None,
) -> Estimate | None:
    """The share of ``unlabeled`` papers that fit no topic, with a 95 % interval; None where it is not known.

    ``none`` (n_judged,) marks judged papers that no topic fits. ``spreads`` are those of the scores of judged papers,
    held out, and of unlabeled ones. ``weights`` (n_judged,) say how much each judged paper counts, so that topics have
    the shares that they have among the unlabeled papers; by default all count the same.
    """
    if min((~none).sum(), len(unlabeled)) < _MIN_PAPERS:
        return None
    rng = np.random.RandomState(seed)
    sample = np.sort(rng.permutation(len(unlabeled))[:_MAX_UNLABELED])
    count = len(judged)
    shares = np.full(count, 1 / count) if weights is None else weights / weights.sum()
    judged_scores = _judged_scores(judged, unlabeled.take(sample), shares * count, rng)
    scores = _Scores(*judged_scores, spreads[0], spreads[1][sample], none)
    in_proportion = np.searchsorted(np.cumsum(shares), (np.arange(count) + 0.5) / count)
    estimates = _estimates(scores, np.minimum(in_proportion, count - 1), np.arange(len(sample)))

    def draw_judged() -> Indices:
        return rng.randint(count, size=count) if weights is None else rng.choice(count, size=count, p=shares)

    draws = np.array(
        [_estimates(scores, draw_judged(), rng.randint(len(sample), size=len(sample))) for _ in range(_BOOTSTRAP_DRAWS)]
    )
    lows, highs = np.quantile(draws, 0.025, axis=0), np.quantile(draws, 0.975, axis=0)
    low = max(0.0, float(lows[:2].min()))
    high = max(low, min(1.0, float(highs.max())))
    if high - low > _MAX_WIDTH:
        return None
    return Estimate(float(np.clip(max(estimates[:2]), low, high)), low, high)


def _estimates(scores: _Scores, judged: Indices, unlabeled: Indices) -> tuple[float, float, float]:
    """Three estimates from a draw of ``judged`` and ``unlabeled`` papers, given by their indices.

    They are the one by the regression, the one by the spread, and the most that the regression allows.
    """
    *missing, missing_above = (
        _missing_share(scores.judged[judged], scores.unlabeled[unlabeled], quantile)
        for quantile in (*_QUANTILES, _UPPER_QUANTILE)
    )
    none = scores.none[judged]
    judged_spreads = scores.judged_spreads[judged][~none]
    by_spread = _missing_share(judged_spreads, scores.unlabeled_spreads[unlabeled], _SPREAD_QUANTILE)
    none_share = float(none.mean())
    of_scheme = (1 - float(np.mean(missing))) * (1 - none_share)
    return 1 - of_scheme, by_spread, 1 - (1 - missing_above) * (1 - none_share)


def _missing_share(judged: Floats, unlabeled: Floats, quantile: float) -> float:
    """How much smaller the share of ``unlabeled`` above a quantile of ``judged`` is than that of ``judged`` itself."""
    threshold = np.quantile(judged, quantile)
    return float(1 - (unlabeled >= threshold).mean() / (judged >= threshold).mean())


def _judged_scores(
    judged: Points, unlabeled: Points, weights: Floats, rng: np.random.RandomState
) -> tuple[Floats, Floats]:
    """How much ``judged`` and ``unlabeled`` papers look like judged ones, by regressions that have not seen them.

    ``weights`` (n_judged,) are those of the judged papers; their mean is 1.
    """
    from sklearn.linear_model import LogisticRegression

    parts = [
        np.hstack([np.sqrt(weight) * block for weight, block in zip(_BLOCK_WEIGHTS, papers.blocks, strict=True)])
        for papers in (judged, unlabeled)
    ]
    points, answers = np.vstack(parts), np.repeat([1, 0], [len(judged), len(unlabeled)])
    folds = np.concatenate([rng.permutation(len(part)) % _FOLDS for part in (judged, unlabeled)])
    sample_weights = np.append(weights, np.ones(len(unlabeled)))
    scores = np.zeros(len(points))
    for fold in range(_FOLDS):
        train = folds != fold
        model = LogisticRegression(C=_C, class_weight="balanced", max_iter=200)
        model.fit(points[train], answers[train], sample_weight=sample_weights[train])
        scores[~train] = model.decision_function(points[~train])
    return scores[: len(judged)], scores[len(judged) :]
