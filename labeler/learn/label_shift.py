"""Label shift: how frequent topics are in a stream of papers, where judged papers have them in other shares.

Papers that people were asked about are rarely a fair sample: a strategy picks them evenly, and a stream is uneven. A
model of them expects each topic as often as they had it. The shares of the stream are found from what the model says
of unlabeled papers, by expectation maximisation (M. Saerens et al., "Adjusting the outputs of a classifier to new a
priori probabilities", 2002), and its probabilities are adjusted to them.

What the model expects is taken from its own probabilities of held-out papers and not from their labels, so that a topic
that it is generally too sure of is not found to be frequent (A. Alexandari et al., "Maximum likelihood with
bias-corrected calibration is hard-to-beat at label shift adaptation", 2020). Of a topic with few judged papers little
is known of that; its adjustment is the smaller, the fewer they are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_ROUNDS = 2000
_CLOSE = 1e-7  # total change of the shares at which the rounds end
_PRIOR = 50.0  # papers that count as having the expected shares
_PRIOR_JUDGED = 10.0  # with so many judged papers, as many more as are unlabeled: a model of few papers fits any shares
_FEW = 2.0  # judged papers of a topic with which its adjustment is half
_SMALL = 0.02  # share below which it hardly matters how rare a topic is; of many topics, this part of an even share:
_SMALL_OF_EVEN = 0.4
_BY_CHANCE = 0.15  # change of a logarithm that chance and new words may bring about


def stream_shares(probabilities: Floats, expected: Floats, judged: int) -> Floats:
    """The shares (n_columns,) of topics among unlabeled papers, which sum to one.

    ``probabilities`` (n_papers, n_columns) are by a model that has learned from ``judged`` papers and expects the
    shares ``expected`` (n_columns,).
    """
    if not len(probabilities):
        return expected
    likelihoods = probabilities / np.maximum(expected, 1e-12)
    prior = _PRIOR + _PRIOR_JUDGED * len(probabilities) / max(judged, 1)
    shares = expected
    for _ in range(_ROUNDS):
        posterior = likelihoods * shares
        posterior /= np.maximum(posterior.sum(axis=1, keepdims=True), 1e-300)
        found = (posterior.sum(axis=0) + prior * expected) / (len(probabilities) + prior)
        change, shares = float(np.abs(found - shares).sum()), found
        if change < _CLOSE:
            break
    return np.asarray(shares)


def expected_shares(held_out: Floats) -> Floats:
    """The shares (n_columns,) that a model expects, by its ``held_out`` probabilities (n_papers, n_columns)."""
    known = held_out[np.isfinite(held_out).all(axis=1)]
    shares = known.mean(axis=0) if len(known) else np.full(held_out.shape[1], 1.0)
    return np.asarray(shares / max(float(shares.sum()), 1e-12))


def even_weights(membership: Floats) -> Floats:
    """Weights (n_papers,) with the mean 1, with which all columns count the same among papers.

    ``membership`` (n_papers, n_columns) says how far a paper belongs to each column. A column of few papers counts for
    less, as chance decides which these are.
    """
    weights = membership @ (1 / np.maximum(membership.sum(axis=0), _FEW))
    return np.asarray(weights / max(float(weights.mean()), 1e-12))


def adjustment(shares: Floats, expected: Floats, counts: Floats) -> Floats:
    """What is added to the scores (n_columns,) of a model that expects some shares, to make it expect ``shares``.

    ``counts`` (n_columns,) are the judged papers of each column.
    """
    small = min(_SMALL, _SMALL_OF_EVEN / len(shares))
    change = np.log(shares + small) - np.log(expected + small)
    change = np.sign(change) * np.maximum(np.abs(change) - _BY_CHANCE, 0)
    return np.asarray(change * counts / (counts + _FEW))
