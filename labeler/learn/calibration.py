"""Calibration: from scores to probabilities that agree with how often topics apply, fitted to held-out papers.

In multi mode each topic has Platt scaling (J. Platt, 1999). In single mode one temperature scales all scores
(temperature scaling; C. Guo et al., 2017), and then Platt scaling corrects the most probable topic (top-label
calibration). The results are folded into weights and intercepts of the linear model.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import expit, logit

from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
MIN_HELD_OUT = 10  # held-out papers below which nothing can be fitted
_MIN_POSITIVES = 10  # of a topic, to have a scale of its own
_MIN_TOP_LABELS = 50  # held-out papers from which on the most probable topic is corrected
_DEFAULT_SCALE = {Mode.SINGLE: 2.0, Mode.MULTI: 4.0}  # where nothing is fitted: what fits models of definitions alone
_MIN_SPREAD = 1e-9  # scores that differ less are all the same
_PENALTY = 1e-2  # of the distance between a topic's scale and the common one, in logarithms


def platt(scores: Floats, matrix: Floats) -> tuple[Floats, Floats]:
    """Platt scaling: scale and shift of each topic (each (n_topics,)), so that ``scale · score + shift`` are log-odds.

    ``scores`` (n_papers, n_topics) are of held-out papers, minus infinity or NaN where there is none; ``matrix`` has
    the answers. A topic with few positive examples has the scale that is common to all topics, and a shift of its own.
    """
    columns = range(scores.shape[1])
    usable = np.isfinite(scores) & ~np.isnan(matrix)
    spreads = np.array([_spread(scores[usable[:, column], column]) for column in columns])
    standardized = np.where(usable, scores, 0.0) / spreads  # scores of rare topics differ less
    common = _common_scale(standardized, matrix, usable)
    scales, shifts = np.ones(len(columns)), np.zeros(len(columns))
    for column in columns:
        rows = usable[:, column]
        has_own_scale = int((matrix[rows, column] == 1).sum()) >= _MIN_POSITIVES
        if rows.any():
            fixed = None if has_own_scale else common
            scales[column], shifts[column] = _fit(standardized[rows, column], matrix[rows, column], fixed, common)
    return scales / spreads, shifts


def _spread(scores: Floats) -> float:
    spread = float(scores.std()) if len(scores) else 0.0
    return spread if spread > _MIN_SPREAD else 1.0


def _common_scale(scores: Floats, matrix: Floats, usable: npt.NDArray[np.bool_]) -> float:
    """The one scale that makes ``scores`` of all topics log-odds, where each topic has a shift of its own.

    Topics without a positive or without a negative example do not count. Platt's targets are those of all topics
    together: targets of each topic would draw many rare topics to the middle.
    """
    positives = ((matrix == 1) & usable).sum(axis=0)
    informative = (positives > 0) & (positives < usable.sum(axis=0))
    if not informative.any():
        return 1.0
    known, yes = usable[:, informative].sum(), positives[informative].sum()
    scores, weight = scores[:, informative], usable[:, informative] / known
    targets = np.where(matrix[:, informative] == 1, (yes + 1) / (yes + 2), 1 / (known - yes + 2))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        scale = float(np.exp(parameters[0]))
        log_odds = scale * scores + parameters[1:]
        gradient = weight * (expit(log_odds) - targets)
        cross_entropy = float((weight * (np.logaddexp(0, log_odds) - targets * log_odds)).sum())
        value = cross_entropy + _PENALTY * parameters[0] ** 2 / 10
        scale_gradient = float((gradient * scores).sum()) * scale + _PENALTY * parameters[0] / 5
        return value, np.concatenate([[scale_gradient], gradient.sum(axis=0)])

    shares = positives[informative] / usable[:, informative].sum(axis=0)
    start = np.concatenate([[0.0], logit(shares)])
    bounds = [(-4.0, 6.0)] + [(-50.0, 50.0)] * int(informative.sum())
    return float(np.exp(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x[0]))


def default_platt(scores: Floats) -> tuple[Floats, Floats]:
    """Scale and shift of each topic (each (n_topics,)) where too few papers are held out to fit them.

    With them a paper has one topic on average; ``scores`` (n_papers, n_topics) are of any papers at hand.
    """
    topics = scores.shape[1]
    finite = np.where(np.isfinite(scores), scores, -1e9)
    learned = int(np.isfinite(scores).any(axis=0).sum())

    def surplus(shift: float) -> float:
        return float(expit(_DEFAULT_SCALE[Mode.MULTI] * finite + shift).sum(axis=1).mean()) - min(1.0, learned / 2)

    shift = brentq(surplus, -40.0, 40.0) if len(scores) else -np.log(max(topics - 1, 1))
    return np.full(topics, _DEFAULT_SCALE[Mode.MULTI]), np.full(topics, shift)


def temperature(scores: Floats, matrix: Floats) -> float:
    """Temperature scaling: the factor on held-out ``scores`` by which the softmax fits the answers best.

    ``matrix`` has a 1 in the column of each paper's answer; both are (n_papers, n_columns). Scores of minus infinity
    take no part. A few papers that are all right must not make a model certain. So, as in Platt's targets, one answer
    in n + 2 counts as spread over all columns, and the logarithm of the factor has a normal prior about the default.
    """
    answers = (matrix == 1).argmax(axis=1)
    usable = np.isfinite(scores[np.arange(len(scores)), answers]) & (matrix == 1).any(axis=1)
    scores, answers = scores[usable], answers[usable]
    finite = np.isfinite(scores)
    smoothing = 1.0 / (len(scores) + 2)
    means = np.where(finite, scores, 0.0).sum(axis=1) / np.maximum(finite.sum(axis=1), 1)
    answer_scores = (1.0 - smoothing) * scores[np.arange(len(scores)), answers] + smoothing * means
    scores = np.where(finite, scores, -1e9)

    def loss(log_factor: float) -> float:
        scaled = scores * np.exp(log_factor)
        largest = scaled.max(axis=1)
        log_sums = largest + np.log(np.exp(scaled - largest[:, None]).sum(axis=1))
        losses = log_sums - answer_scores * np.exp(log_factor)
        prior = (log_factor - np.log(_DEFAULT_SCALE[Mode.SINGLE])) ** 2 / (2 * len(losses))
        return float(np.mean(losses) + prior)

    if len(scores) < MIN_HELD_OUT:
        return _DEFAULT_SCALE[Mode.SINGLE]
    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded").x))


def top_label(probabilities: Floats, matrix: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Top-label calibration: scale and shift for the log-odds of each paper's largest probability.

    ``probabilities`` (n_papers, n_columns) are held out; ``matrix`` (n_papers, n_columns) has a 1 in the column of each
    paper's answer. ``weights`` (n_papers,) say how much each paper counts.
    """
    usable = np.isfinite(probabilities).all(axis=1) & (matrix == 1).any(axis=1)
    weights = None if weights is None else weights[usable]
    if usable.sum() < _MIN_TOP_LABELS:
        return 1.0, 0.0
    largest = np.clip(probabilities[usable].max(axis=1), 1e-9, 1 - 1e-9)
    right = probabilities[usable].argmax(axis=1) == (matrix[usable] == 1).argmax(axis=1)
    return _fit(logit(largest), right.astype(np.float64), weights=weights)


def _fit(
    scores: Floats, answers: Floats, fixed: float | None = None, prior: float = 1.0, weights: Floats | None = None
) -> tuple[float, float]:
    """Scale and shift by penalised likelihood, with Platt's targets, which keep small samples from certainty.

    The scale is ``fixed``, or else drawn towards ``prior``. ``weights`` (n,) say how much each answer counts.
    """
    yes, no = answers.sum(), len(answers) - answers.sum()
    targets = np.where(answers == 1, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        scale = fixed if fixed is not None else float(np.exp(parameters[1]))
        log_odds = scale * scores + parameters[0]
        gradient = expit(log_odds) - targets
        value = np.average(np.logaddexp(0, log_odds) - targets * log_odds, weights=weights)
        if fixed is not None:
            return float(value), np.array([np.average(gradient, weights=weights)])
        distance = parameters[1] - np.log(prior)
        scale_gradient = np.average(gradient * scores, weights=weights) * scale + 2 * _PENALTY * distance
        gradients = np.array([np.average(gradient, weights=weights), scale_gradient])
        return float(value + _PENALTY * distance**2), gradients

    start = np.zeros(1) if fixed is not None else np.array([0.0, np.log(prior)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-50, 50), (-4, 6)][: len(start)]).x
    return (fixed if fixed is not None else float(np.exp(found[1]))), float(found[0])
