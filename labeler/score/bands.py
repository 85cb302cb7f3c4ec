"""The decision band: which probabilities are so high or so low that the model may decide without a person.

The thresholds keep a promise: the share ``precision`` of the topics that are assigned automatically is right. They are
tested from the strictest down, and the first that fails ends the tests. Each one is tested only after all stricter ones
have passed, so the tests need no correction (fixed-sequence testing). A threshold passes when the one-sided 90 %
Clopper-Pearson bound on held-out papers reaches the promise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.measure.figures import Bands, Outcome
from labeler.measure.intervals import lower_bound, upper_bound
from labeler.score.decision import Rule
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
_GRID = np.arange(99, 0, -1) / 100
_EXPECTED_ERRORS = 9.0  # that the promise allows in the first test: half as many errors then pass four times in five


def bands_for(
    probabilities: Floats, matrix: Floats, rule: Rule, precision: float, weights: Floats | None = None
) -> Bands:
    """The decision band for one promised ``precision``.

    ``probabilities`` (n_papers, n_columns) are those of held-out papers, ``matrix`` (n_papers, n_topics) says which
    topics they have: 1 yes, 0 no, NaN unknown. In single mode a row of zeros is "none of these", which is the last
    column of ``probabilities``. ``weights`` (n_papers,) say how much each paper counts, where the papers that the model
    is for have topics in other shares than these; by default all count the same.
    """
    weights = np.ones(len(probabilities)) if weights is None else weights
    assigned, yes, known = rule.assigned(probabilities), matrix == 1, ~np.isnan(matrix)
    columns, probabilities = probabilities, rule.probabilities(probabilities)
    if rule.mode == Mode.SINGLE:
        answers = np.where(yes.any(axis=1), yes.argmax(axis=1), matrix.shape[1])
        predicted = probabilities.argmax(axis=1)
        is_known = np.column_stack([known, known.any(axis=1)])[np.arange(len(known)), predicted]
        is_known &= ~np.isnan(probabilities).any(axis=1)
        right = (predicted == answers)[is_known]
        lower, upper = 0.0, _upper(probabilities.max(axis=1)[is_known], right, weights[is_known], precision)
    else:
        known &= np.isfinite(probabilities)
        assigned, yes_alone = rule.most_specific(assigned) & known, rule.most_specific(yes) & known
        pair_weights = np.broadcast_to(weights[:, None], assigned.shape)
        upper = _upper(probabilities[assigned], yes[assigned], pair_weights[assigned], precision)
        lower = _lower(probabilities[yes_alone], precision)
    return Bands(precision, lower, upper, outcome(columns, matrix, rule, lower, upper, weights))


def outcome(
    probabilities: Floats, matrix: Floats, rule: Rule, lower: float, upper: float, weights: Floats | None = None
) -> Outcome:
    """The outcome of a decision band on papers: how many it decides, and how many of the assigned topics are right.

    The arrays are as in :func:`bands_for`. A topic that is unknown counts neither as right nor as wrong, and neither do
    topics that are assigned only as they are above another one, which tell nothing more. With
    ``weights`` the counts are those of as many papers as they are worth (:func:`effective_size`).
    """
    weights = np.ones(len(probabilities)) if weights is None else weights
    worth = weights * (effective_size(weights) / max(float(weights.sum()), 1e-12))
    known = ~np.isnan(matrix) & np.isfinite(probabilities[:, : matrix.shape[1]])
    decided = rule.sure(probabilities, lower, upper, rule.unfamiliar(probabilities))
    assigned = rule.most_specific(rule.assigned(probabilities)) & known & decided[:, None]
    right = (assigned & (matrix == 1)).sum(axis=1)
    papers, decisions, topics, correct = (
        round(float(worth @ column)) for column in (np.ones(len(decided)), decided, assigned.sum(axis=1), right)
    )
    return Outcome(papers, decisions, topics, correct)


def effective_size(weights: Floats) -> float:
    """How many papers of equal weight tell as much as papers of these weights (L. Kish, "Survey sampling", 1965)."""
    return float(weights.sum() ** 2 / np.square(weights).sum()) if weights.any() else 0.0


def _upper(confidences: Floats, right: npt.NDArray[np.bool_], weights: Floats, precision: float) -> float:
    """The lowest threshold that passes before one fails; infinite when none passes.

    ``confidences`` (n,) are the probabilities of assigned topics, ``right`` (n,) says which of them apply,
    ``weights`` (n,) how much each counts. The first test takes as many of the largest as it needs to notice a precision
    well above the promise, or a tenth of all where there are few; but at least as many as pass where all are right.
    Each following test takes a tenth more.
    """
    order = np.argsort(-confidences)
    descending, lowest = confidences[order], np.inf
    sizes = np.cumsum(weights[order]) ** 2 / np.maximum(np.cumsum(weights[order] ** 2), 1e-300)
    fewest = int(np.ceil(np.log(0.1) / np.log(precision))) if precision < 1 else len(confidences) + 1
    enough = int(np.ceil(_EXPECTED_ERRORS / (1 - precision + 1e-9)))
    wanted = max(fewest, min(enough, effective_size(weights) // 10))
    large = np.flatnonzero(sizes >= wanted - 1e-6)
    count = int(large[0]) + 1 if len(large) else len(descending) + 1
    while count <= len(descending):
        threshold = float(descending[count - 1])
        accepted = confidences >= threshold
        size = effective_size(weights[accepted])
        right_size = float(weights[accepted & right].sum()) * size / float(weights[accepted].sum())
        if lower_bound(right_size, size) < precision:
            break
        lowest = threshold
        count = max(int(accepted.sum()) + 1, int(np.ceil(1.1 * count)))
    return lowest


def _lower(positives: Floats, precision: float) -> float:
    """The highest threshold that at most 1 - ``precision`` of ``positives`` lie below, by the upper confidence bound.

    ``positives`` (n,) are the probabilities of the topics that apply.
    """
    highest = 0.0
    for threshold in _GRID[::-1]:
        if upper_bound(int((positives < threshold).sum()), len(positives)) > 1 - precision:
            break
        highest = float(threshold)
    return highest
