"""Average precision: how high the papers of a topic stand in the order of its probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.measure.counts import Probabilities, Truth

NAME = "average_precision"
NEEDS = "probabilities"
ABOUT = "mean over topics of the mean precision down to each of its papers, in order of probability"


def score(truth: Truth, probabilities: Probabilities) -> float:
    """Mean over topics of average precision; ``truth`` and ``probabilities`` are (n_papers, n_topics).

    ``truth`` is 1 yes, 0 no, NaN unknown and left out. Topics without a known yes do not count; 0 when there is none.
    A topic alone may come as (n_papers,). Of equal probabilities the first counts as higher.
    """
    import numpy as np

    columns = zip(np.atleast_2d(truth.T), np.atleast_2d(probabilities.T), strict=True)
    figures = [_of_topic(of_topic, scores) for of_topic, scores in columns if (of_topic == 1).any()]
    return float(np.mean(figures)) if figures else 0.0


def _of_topic(truth: Truth, scores: Probabilities) -> float:
    import numpy as np

    known = ~np.isnan(truth)
    found = (truth[known] == 1)[np.argsort(-scores[known], kind="stable")]
    precision = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float(precision[found].mean())
