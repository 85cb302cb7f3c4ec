"""The fit of cross-lists on papers whose whole list of categories is known, and how good lists are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.score.cross_lists import CrossLists
from labeler.score.linear import logit

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
# From here on half of the categories named are on the list; the F1 of lists is .002 below the best there is (at .33).
LEAST = 0.4
_POSSIBLE = 0.005  # probability below which a category says nothing of lists, and would rule the fit by its number
_PENALTY_C = 1000.0  # hardly any: there are two numbers to fit


def fitted(probabilities: Floats, listed: Floats) -> CrossLists | None:
    """The cross-lists of held-out papers, by their ``probabilities`` and lists (n_papers, n_topics).

    None where no paper has a second category, or every one has all.
    """
    from sklearn.linear_model import LogisticRegression

    possible = ~_first(probabilities) & (probabilities > _POSSIBLE)
    answers = listed[possible] == 1
    if answers.all() or not answers.any():
        return None
    curve = LogisticRegression(C=_PENALTY_C).fit(logit(probabilities[possible])[:, None], answers)
    return CrossLists(float(curve.coef_[0, 0]), float(curve.intercept_[0]), LEAST)


def lists(probabilities: Floats, cross_lists: CrossLists | None) -> Flags:
    """The list of each paper (n_papers, n_topics): the most probable category and its cross-lists, if asked for."""
    first = _first(probabilities)
    return first if cross_lists is None else first | (cross_lists.probabilities(probabilities, first) > 0)


def _first(probabilities: Floats) -> Flags:
    return np.asarray(np.arange(probabilities.shape[1]) == probabilities.argmax(axis=1)[:, None])
