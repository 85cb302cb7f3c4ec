"""Every metric that needs labels, on judged papers, with its interval over the same draws of papers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.measure.by_topic import Tallies
from labeler.measure.counts import Guess, Truth
from labeler.measure.estimates import Estimate
from labeler.measure.registry import METRICS, Metric
from labeler.measure.resampling import Draws
from labeler.registry import leave_out

Floats = npt.NDArray[np.float64]


def measured_estimates(truth: Truth, guess: Guess, draws: Draws) -> dict[str, Estimate]:
    """Every metric that needs labels, by name, with its interval over ``draws``; both arrays are (n_papers, n_topics).

    Those of other packages come last.
    """
    tallies = Tallies.of(truth, guess, draws.weights)
    known = {"macro_f1": tallies.macro_f1(), "micro_f1": tallies.micro_f1()}
    found: dict[str, Estimate | None] = {}
    for metric in METRICS.builtin:
        if metric.NEEDS == "labels":
            figures = known[metric.NAME] if metric.NAME in known else _figures(metric, truth, guess, draws)
            found[metric.NAME] = draws.estimate(figures)
    known_ones = {name: estimate for name, estimate in found.items() if estimate is not None}
    return known_ones | added_estimates(truth, guess, None, draws)


def added_estimates(truth: Truth, guess: Guess, probabilities: Floats | None, draws: Draws) -> dict[str, Estimate]:
    """Every metric of other packages, by name, with its interval; without ``probabilities`` those that need labels.

    One that fails is left out with a warning.
    """
    given = {"labels": guess, "probabilities": probabilities}
    found: dict[str, Estimate | None] = {}
    for metric in METRICS.added:
        if (said := given[metric.NEEDS]) is not None:
            try:
                found[metric.NAME] = draws.estimate(_figures(metric, truth, said, draws))
            except Exception as error:
                leave_out(error)
    return {name: estimate for name, estimate in found.items() if estimate is not None}


def _figures(metric: Metric, truth: Truth, guess: Guess | Floats, draws: Draws) -> Floats:
    """The figure of each draw (1 + n_draws,), by a metric that knows papers and no weights of them.

    It is given each paper about as often as its weight, by systematic sampling (L. Kish, "Survey sampling", 1965).
    """
    figures = []
    for weights in draws.weights:
        ends = np.floor(np.cumsum(weights) + 0.5).astype(np.intp)
        rows = np.repeat(np.arange(len(weights)), np.diff(ends, prepend=0))
        figures.append(float(metric.score(truth[rows], guess[rows])))
    return np.array(figures)
