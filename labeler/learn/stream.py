"""What unlabeled papers tell before a recipe is chosen: how frequent topics are among them, and where their middle is.

A space is centred on the mean of all papers, which takes the place of an intercept. Where one topic has a third of the
unlabeled papers, that mean is close to this topic, and its papers are taken for others. So the centre is made even: the
mean in which all topics count the same. Which topic an unlabeled paper has is guessed by a first model.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from labeler.learn.calibration import MIN_HELD_OUT, temperature
from labeler.learn.label_shift import adjustment, even_weights, expected_shares, stream_shares
from labeler.learn.recipe import TrainingData
from labeler.learn.selection import candidates_for, held_out_scores
from labeler.topics import Mode

Floats = npt.NDArray[np.float64]


class Stream(NamedTuple):
    """The estimated ``shares`` (n_columns,) of topics among unlabeled papers, and an even ``centre`` (n_terms,)."""

    shares: Floats
    centre: Floats


def stream_of(data: TrainingData, groups: Sequence[Hashable], seed: int) -> Stream | None:
    """The stream that unlabeled papers are a sample of, by a model that has not learned from them.

    Papers of one group (``groups``, n_papers) are held out together. None in multi mode, and where too little is known.
    """
    if data.mode != Mode.SINGLE or not len(data.unlabeled) or len(data.papers) < MIN_HELD_OUT:
        return None
    rows, answers = np.arange(len(data.papers)), data.answers == 1
    recipe = candidates_for(data.mode, len(rows), int(data.learnable_columns(rows).sum()), data.background_part)[0]
    held_out = held_out_scores(data, recipe, groups, seed)
    factor = temperature(held_out, data.answers)
    scores = data.space.scores(data.fit(recipe, rows, unlabeled=False), data.unlabeled)
    expected = expected_shares(softmax(factor * held_out, axis=1))
    found = stream_shares(softmax(factor * scores, axis=1), expected, len(rows))
    shift = adjustment(found, expected, answers.sum(axis=0))
    shares = expected * np.exp(shift)
    weights = even_weights(np.vstack([answers, softmax(factor * scores + shift, axis=1)]))
    return Stream(shares / shares.sum(), _moved_centre(data, weights))


def _moved_centre(data: TrainingData, weights: Floats) -> Floats:
    """The centre of the space, moved as far as the mean of all papers moves with ``weights`` (n_papers + n_unlabeled,).

    The space's own centre is shrunk towards the background's, which stays so.
    """
    judged, unlabeled = np.split((weights - 1) / len(weights), [len(data.papers)])
    return np.asarray(data.space.centre + data.papers.terms.T @ judged + data.unlabeled.terms.T @ unlabeled)
