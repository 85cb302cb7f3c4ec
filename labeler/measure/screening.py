"""What a model saves a person who must find the papers of one topic: recall, and work saved over sampling.

A. Cohen, W. Hersh, K. Peterson, P.-Y. Yen, "Reducing workload in systematic review preparation using automated citation
classification", 2006: at a recall R, WSS = (TN + FN) / N - (1 - R).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.measure.estimates import Estimate
from labeler.measure.resampling import Draws

Floats = npt.NDArray[np.float64]
RECALL = 0.95


class Screening(NamedTuple):
    """To find the share ``recall`` of the ``papers`` of a topic among ``of`` papers, ``read`` must be read.

    They are read in the order of their probability. ``saved`` is the work saved over sampling.
    """

    topic: str
    papers: int
    of: int
    read: int
    recall: float
    saved: Estimate

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        return self._asdict() | {"recall": round(self.recall, 4), "saved": self.saved.to_dict()}


def screening(topic: str, truth: Floats, probabilities: Floats, draws: Draws) -> Screening | None:
    """The work saved at 95 % recall; both arrays are (n_papers,), and papers of which nothing is known do not count.

    None where no paper has the topic.
    """
    known = np.flatnonzero(~np.isnan(truth))
    order = known[np.argsort(-probabilities[known], kind="stable")]
    positive = truth[order] == 1
    if not positive.any():
        return None
    weights = draws.weights[:, order]
    found = np.cumsum(weights * positive, axis=1)
    read = np.cumsum(weights, axis=1)
    total, papers = found[:, -1:], read[:, -1]
    enough = (found >= RECALL * total - 1e-9).argmax(axis=1)
    rows = np.arange(len(weights))
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = found[rows, enough] / total[:, 0]
        saved = np.where(total[:, 0] > 0, 1 - read[rows, enough] / papers - (1 - recall), np.nan)
    estimate = draws.estimate(saved)
    if estimate is None:
        return None
    return Screening(topic, int(positive.sum()), len(order), int(enough[0]) + 1, float(recall[0]), estimate)
