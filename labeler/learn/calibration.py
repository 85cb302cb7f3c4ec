"""Scores that mean what they say: log-odds fitted to held-out papers, folded into weights and intercepts.

Platt scaling (J. Platt, 1999) a topic in multi mode; in single mode one temperature (C. Guo et al., 2017), and then
the same scaling for the most probable topic.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import expit, logit

from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
_ENOUGH = 10  # yes-papers a topic needs for a scale of its own
_ENOUGH_TOPS = 50  # held-out papers from which on the most probable topic has a correction of its own
FEW = 10  # held-out papers below which nothing can be fitted
_USUAL = {Mode.SINGLE: 2.0, Mode.MULTI: 4.0}  # the factor then: what fits models of definitions alone
_SAME = 1e-9  # scores that differ less are all the same
_PRIOR = 1e-2  # pull of the scale towards the pooled one


def platt(scores: Floats, matrix: Floats) -> tuple[Floats, Floats]:
    """Scale and shift of each topic (each (n_topics,)), so that ``scale · score + shift`` are log-odds.

    ``scores`` are of held-out papers, (n_papers, n_topics), minus infinity or NaN where there is none. A topic with
    few yes-papers takes the scale of all topics together and a shift of its own.
    """
    columns = range(scores.shape[1])
    usable = np.isfinite(scores) & ~np.isnan(matrix)
    sizes = np.array([_size(scores[usable[:, column], column]) for column in columns])
    even = np.where(usable, scores, 0.0) / sizes  # scores of rare topics differ less
    pooled = _common_scale(even, matrix, usable)
    scales, shifts = np.ones(len(columns)), np.zeros(len(columns))
    for column in columns:
        rows = usable[:, column]
        own = int((matrix[rows, column] == 1).sum()) >= _ENOUGH
        if rows.any():
            fixed = None if own else pooled
            scales[column], shifts[column] = _fit(even[rows, column], matrix[rows, column], fixed, pooled)
    return scales / sizes, shifts


def _size(scores: Floats) -> float:
    size = float(scores.std()) if len(scores) else 0.0
    return size if size > _SAME else 1.0


def _common_scale(scores: Floats, matrix: Floats, usable: npt.NDArray[np.bool_]) -> float:
    """The scale that makes ``scores`` log-odds, one for all topics, where each topic has a shift of its own.

    Topics to which people never said yes, or never no, tell nothing of it. Platt's targets are of all topics together:
    those of each would draw many rare topics to the middle.
    """
    yes = ((matrix == 1) & usable).sum(axis=0)
    telling = (yes > 0) & (yes < usable.sum(axis=0))
    if not telling.any():
        return 1.0
    known, said = usable[:, telling].sum(), yes[telling].sum()
    scores, weight = scores[:, telling], usable[:, telling] / known
    goal = np.where(matrix[:, telling] == 1, (said + 1) / (said + 2), 1 / (known - said + 2))

    def loss(point: Floats) -> tuple[float, Floats]:
        scale = float(np.exp(point[0]))
        odds = scale * scores + point[1:]
        slope = weight * (expit(odds) - goal)
        value = float((weight * (np.logaddexp(0, odds) - goal * odds)).sum()) + _PRIOR * point[0] ** 2 / 10
        pull = float((slope * scores).sum()) * scale + _PRIOR * point[0] / 5
        return value, np.concatenate([[pull], slope.sum(axis=0)])

    shares = yes[telling] / usable[:, telling].sum(axis=0)
    start = np.concatenate([[0.0], logit(shares)])
    bounds = [(-4.0, 6.0)] + [(-50.0, 50.0)] * int(telling.sum())
    return float(np.exp(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x[0]))


def unmeasured(scores: Floats) -> tuple[Floats, Floats]:
    """Scale and shift of each topic where too little was judged to fit them.

    They make papers have one topic on average: ``scores`` (n_papers, n_topics) are of any papers at hand.
    """
    topics = scores.shape[1]
    finite = np.where(np.isfinite(scores), scores, -1e9)
    learned = int(np.isfinite(scores).any(axis=0).sum())

    def surplus(shift: float) -> float:
        return float(expit(_USUAL[Mode.MULTI] * finite + shift).sum(axis=1).mean()) - min(1.0, learned / 2)

    shift = brentq(surplus, -40.0, 40.0) if len(scores) else -np.log(max(topics - 1, 1))
    return np.full(topics, _USUAL[Mode.MULTI]), np.full(topics, shift)


def temperature(scores: Floats, matrix: Floats) -> float:
    """The factor on held-out ``scores`` (n_papers, n_columns) that makes their softmax most likely.

    ``matrix`` (n_papers, n_columns) has a 1 in the column of each paper's answer. Scores of minus infinity take no
    part. As in Platt's targets, one answer in n + 2 counts as spread over all columns, and the factor's logarithm is
    expected to be normal about the usual one's: a few papers that are all right do not make a model certain.
    """
    answers = (matrix == 1).argmax(axis=1)
    usable = np.isfinite(scores[np.arange(len(scores)), answers]) & (matrix == 1).any(axis=1)
    scores, answers = scores[usable], answers[usable]
    chosen, finite = (np.arange(len(scores)), answers), np.isfinite(scores)
    spread = 1.0 / (len(scores) + 2)
    centres = np.where(finite, scores, 0.0).sum(axis=1) / np.maximum(finite.sum(axis=1), 1)
    goal = (1.0 - spread) * scores[chosen] + spread * centres
    scores = np.where(finite, scores, -1e9)

    def loss(log_factor: float) -> float:
        scaled = scores * np.exp(log_factor)
        top = scaled.max(axis=1)
        each = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1)) - goal * np.exp(log_factor)
        return float(np.mean(each) + (log_factor - np.log(_USUAL[Mode.SINGLE])) ** 2 / (2 * len(each)))

    if len(scores) < FEW:
        return _USUAL[Mode.SINGLE]
    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded").x))


def top_label(probabilities: Floats, matrix: Floats) -> tuple[float, float]:
    """Slope and shift for the log-odds of the largest of held-out ``probabilities`` (n_papers, n_columns).

    ``matrix`` (n_papers, n_columns) has a 1 in the column of each paper's answer.
    """
    usable = np.isfinite(probabilities).all(axis=1) & (matrix == 1).any(axis=1)
    if usable.sum() < _ENOUGH_TOPS:
        return 1.0, 0.0
    largest = np.clip(probabilities[usable].max(axis=1), 1e-9, 1 - 1e-9)
    right = probabilities[usable].argmax(axis=1) == (matrix[usable] == 1).argmax(axis=1)
    return _fit(logit(largest), right.astype(np.float64))


def _fit(scores: Floats, answers: Floats, fixed: float | None = None, prior: float = 1.0) -> tuple[float, float]:
    """Scale and shift by penalised likelihood, with Platt's targets that keep small samples from certainty."""
    yes, no = answers.sum(), len(answers) - answers.sum()
    goal = np.where(answers == 1, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(point: Floats) -> tuple[float, Floats]:
        scale = fixed if fixed is not None else float(np.exp(point[1]))
        odds = scale * scores + point[0]
        slope = expit(odds) - goal
        value = np.mean(np.logaddexp(0, odds) - goal * odds)
        if fixed is not None:
            return float(value), np.array([slope.mean()])
        away = point[1] - np.log(prior)
        pull = np.mean(slope * scores) * scale + 2 * _PRIOR * away
        return float(value + _PRIOR * away**2), np.array([slope.mean(), pull])

    start = np.zeros(1) if fixed is not None else np.array([0.0, np.log(prior)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-50, 50), (-4, 6)][: len(start)]).x
    return (fixed if fixed is not None else float(np.exp(found[1]))), float(found[0])
