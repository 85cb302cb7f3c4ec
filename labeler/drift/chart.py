"""A control chart over the fields of a stream of papers: which became more frequent, and since when.

For each field and each moment of the recent past, the share of papers since then is compared with the share before by
the generalized likelihood ratio of two binomial proportions (G. Lorden, "Procedures for reacting to a change in
distribution", 1971; D. Siegmund and E. S. Venkatraman, "Using the generalized likelihood ratio statistic for
sequential detection of a change-point", 1995). The largest ratio over all fields and moments is compared with one
bound, so that it has one rate of false alarms, which `tests/bench/DRIFT.md` measures.

Digests of two days differ by more than chance: a conference opens, a list is sorted otherwise. Ratios are divided by
how much the portions of a cell before differ beyond a binomial share, told by the differences of neighbours
(D. B. Laney, "Improved control charts for attributes", 2002).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]
PORTION = 25  # papers after which the chart looks anew
REFERENCE = 100  # papers before a change, at least
_WINDOW = (50, 600)  # papers since a change
BOUND = 20.5
_TYPICAL = 20  # portions that the dispersion over all cells counts as beside a cell's own


class Change(NamedTuple):
    """A cell's share rose from ``before`` to ``after``, since the portion ``start``; ``ratio`` is the statistic."""

    cell: int
    start: int
    before: float
    after: float
    ratio: float


def changes(counts: Counts, papers: Counts, bound: float = BOUND) -> list[Change]:
    """The cells whose share has risen up to the last portion, the clearest first.

    ``counts`` (n_portions, n_cells) says how many papers of each portion are in a cell, ``papers`` (n_portions,) how
    many there are. The window since a change holds 50 to 600 papers, or the last portion where that has more.
    """
    before, papers_before = _sums(counts), _sums(papers[:, None])[:, 0]
    total, all_papers = before[-1], papers_before[-1]
    since = all_papers - papers_before
    starts = (papers_before >= REFERENCE) & (since >= _WINDOW[0]) & (since <= _WINDOW[1])
    starts[-2:-1] |= (papers_before[-2:-1] >= REFERENCE) & (since[-2:-1] >= _WINDOW[0])
    found = np.flatnonzero(starts)
    if not len(found):
        return []
    n_before, n_after = papers_before[found][:, None], since[found][:, None]
    earlier, later = before[found] / n_before, (total - before[found]) / n_after
    ratios = np.where(later > earlier, ratio(earlier, n_before, later, n_after), 0.0)
    ratios /= dispersion(counts, papers)[found]
    best = ratios.argmax(axis=0)
    cells = np.flatnonzero(ratios.max(axis=0) > bound)
    risen = [
        Change(int(cell), int(found[at]), float(earlier[at, cell]), float(later[at, cell]), float(ratios[at, cell]))
        for cell, at in zip(cells, best[cells], strict=True)
    ]
    return sorted(risen, key=lambda change: -change.ratio)


def ratio(one: Counts, papers: Counts, other: Counts, other_papers: Counts) -> Counts:
    """Twice the log likelihood ratio of two shares, of so many papers, against one share of all."""
    pooled = (one * papers + other * other_papers) / (papers + other_papers)
    return 2 * (papers * _divergence(one, pooled) + other_papers * _divergence(other, pooled))


def dispersion(counts: Counts, papers: Counts) -> Counts:
    """How many times the variance of a binomial share neighbouring portions differ by; 1 or more.

    The shape is (n_portions + 1, n_cells): by the portions before each one, and by all.
    """
    sums, totals = _sums(counts), _sums(papers[:, None])
    shares = np.maximum(sums, 1.0) / np.maximum(totals, 1.0)
    variance = np.maximum(shares * (1 - shares), 1 / np.maximum(totals, 2.0))
    squares = np.diff(counts / papers[:, None], axis=0) ** 2 / (1 / papers[1:] + 1 / papers[:-1])[:, None]
    number = np.maximum(np.arange(len(papers) + 1) - 1, 0)[:, None]  # of differences before each portion
    own = _sums(squares)[number[:, 0]] / variance
    typical = own.mean(axis=1, keepdims=True) / np.maximum(number, 1)
    return np.asarray(np.maximum((own + _TYPICAL * typical) / (number + _TYPICAL), 1.0))


def _divergence(share: Counts, other: Counts) -> Counts:
    """Kullback and Leibler's divergence of two binomial proportions, in nats."""
    return _part(share, other) + _part(1 - share, 1 - other)


def _part(share: Counts, other: Counts) -> Counts:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(share > 0, share * np.log(share / other), 0.0))


def _sums(values: Counts) -> Counts:
    """The sums (n + 1, …) of what comes before each row, and of all."""
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
