"""How the F1 of topics grows with the judged papers, by the margins of held-out papers.

F1 counts papers whose margin is above 0. While a rare topic is given to no paper, it is flat, and then it jumps, so
that no law fitted to it foretells much. The margins that it is counted from grow steadily all the while: their mean and
their spread, of papers that have the topic and of the others that are nearest to it, are lines over the logarithm of
the papers or over a power of them (power laws are the classic ones: C. Cortes, L. Jackel, S. Solla et al., "Learning
curves: asymptotic values and rate of convergence", 1993). These lines are carried on; the margins of all sizes are
moved and stretched to the mean and spread that follow, and F1 is counted from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
FARTHEST = 20.0  # of a margin, about the log-odds of 1e-9: that of a topic that could not be learned yet
# Chosen on other draws than those of tests/bench/CURVES.md.
_WEIGHT = 3  # a size counts as this power of its papers: small ones depend most on which papers they are
_OWN = 0.75  # of a topic's own slope; the rest is the mean slope of all topics
_NEAREST = 20  # papers without the topic that are looked at, at least; else as many as have it
_LEAST_SPREAD = 0.1


def _power(papers: Floats) -> Floats:
    return np.asarray(-(papers**-0.25))


SHAPES: tuple[Callable[[Floats], Floats], ...] = (np.log, _power)  # of the lines; both occur


class HeldOut(NamedTuple):
    """Held-out papers under models of some ``sizes`` (n_sizes,), in judged papers, ascending.

    ``given`` (n_sizes, n_papers, n_topics) are the topics that they give, and ``margins`` log-odds, above 0 where they
    do; ``truth`` (n_papers, n_topics) is 1, 0 or NaN (unknown). ``weights`` (1 + n_draws, n_papers) are those of all
    papers and of draws of them.
    """

    sizes: Floats
    given: npt.NDArray[np.bool_]
    margins: Floats
    truth: Floats
    weights: Floats

    def of_topics(self, columns: npt.NDArray[np.intp]) -> HeldOut:
        """The same of some topics."""
        given, margins = self.given[:, :, columns], self.margins[:, :, columns]
        return self._replace(given=given, margins=margins, truth=self.truth[:, columns])

    def f1(self, papers: Floats) -> Floats:
        """The F1 (1 + n_draws, n_at, n_topics) with so many judged ``papers`` (n_at,): the mean of both shapes."""
        having, others = ([self._group(topic, yes) for topic in range(self.truth.shape[1])] for yes in (True, False))
        total = np.stack([group.weights.sum(axis=1) for group in having], axis=-1)[:, None]
        found = []
        for shape in SHAPES:
            at, places = shape(papers), shape(self.sizes)
            right, wrong = (_given(groups, places, self._shares(), at) for groups in (having, others))
            found.append(2 * right / (right + wrong + total))
        return np.asarray(np.mean(found, axis=0))

    def _shares(self) -> Floats:
        """How much each size counts."""
        return np.asarray(self.sizes**_WEIGHT / (self.sizes**_WEIGHT).sum())

    def _group(self, topic: int, yes: bool) -> _Group:
        """The papers that have a topic, or those nearest to it that do not."""
        margins = np.clip(self.margins[:, :, topic], -FARTHEST, FARTHEST)
        rows = np.flatnonzero(self.truth[:, topic] == yes)
        if not yes:
            count = max(int((self.truth[:, topic] == 1).sum()), _NEAREST)
            rows = rows[np.argsort(-margins[:, rows].mean(axis=0), kind="stable")[:count]]
        return _Group(margins[:, rows], self.weights[:, rows])


class _Group(NamedTuple):
    """Papers of one kind: their ``margins`` (n_sizes, n_rows) for a topic, and ``weights`` (1 + n_draws, n_rows)."""

    margins: Floats
    weights: Floats

    def moments(self) -> tuple[Floats, Floats]:
        """The means and spreads of the margins, both (1 + n_draws, n_sizes)."""
        total = np.maximum(self.weights.sum(axis=1, keepdims=True), 1e-9)
        means = self.weights @ self.margins.T / total
        return means, np.sqrt(np.maximum(self.weights @ (self.margins**2).T / total - means**2, _LEAST_SPREAD**2))

    def beyond(self, limits: Floats, shares: Floats) -> Floats:
        """How many papers (1 + n_draws, n_at) are so many spreads from the mean or more, the sizes by their shares."""
        found = np.zeros_like(limits)
        for size, (mean, spread) in enumerate(zip(*(part.T[:, :, None] for part in self.moments()), strict=True)):
            order = np.argsort(self.margins[size])
            above = np.cumsum(self.weights[:, order[::-1]], axis=1)[:, ::-1]
            above = np.hstack([above, np.zeros((len(above), 1))])
            first = np.searchsorted(self.margins[size, order], mean + limits * spread)
            found += shares[size] * np.take_along_axis(above, first, axis=1)
        return found


def _given(groups: Sequence[_Group], at_sizes: Floats, shares: Floats, at: Floats) -> Floats:
    """To how many papers of each group its topic is given (1 + n_draws, n_at, n_topics)."""
    means, spreads = (np.stack(part, axis=-1) for part in zip(*(group.moments() for group in groups), strict=True))
    least = 0.5 * spreads[:, -1:]
    limits = -_carried_on(means, at_sizes, shares, at) / np.maximum(_carried_on(spreads, at_sizes, shares, at), least)
    return np.stack([group.beyond(limits[:, :, topic], shares) for topic, group in enumerate(groups)], axis=-1)


def _carried_on(values: Floats, at_sizes: Floats, shares: Floats, at: Floats) -> Floats:
    """The lines through ``values`` (1 + n_draws, n_sizes, n_topics) at other places (1 + n_draws, n_at, n_topics)."""
    middle = shares @ at_sizes
    away = shares * (at_sizes - middle)
    slopes = np.einsum("dst,s->dt", values, away) / (away @ (at_sizes - middle))
    slopes = _OWN * slopes + (1 - _OWN) * slopes.mean(axis=1, keepdims=True)
    return np.asarray(np.einsum("dst,s->dt", values, shares)[:, None] + slopes[:, None] * (at - middle)[:, None])
