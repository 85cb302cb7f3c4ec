"""Labels that are probably slips, by probabilities of models that did not learn from the paper (confident learning).

C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating uncertainty in dataset labels", 2021. A label is
suspect where another one is at least as probable as it is on average for the papers that have it (its threshold, the
mean self-confidence). With several topics a paper, yes and no to each topic are such labels (A. Thyagarajan and others,
"Identifying incorrect annotations in multi-label classification data", 2022).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_TINY = 1e-12
_FREQUENT = 0.25  # power of the mean probability of a label
_LEAST = 0.01  # probability of a topic that a paper lacks, so that none is certainly right
_ALONE = 300.0  # how much less a lacking topic counts alone: with less, exchanged topics are found later
_CERTAIN = 0.9  # probability of a lacking topic that is doubt enough
_LARGEST = 1e3  # lift of the topics of a paper that has none


class Doubts(NamedTuple):
    """Doubts about the labels of papers.

    ``suspicion`` (n_papers,) is from 0 to 1, the larger the more probably a label of the paper is a slip, NaN where
    nothing is known. ``flagged`` (n_papers,) are the papers that are suspect. ``columns``
    (n_papers, n_columns) are the labels that are in doubt: given and probably wrong, or missing.
    """

    suspicion: Floats
    flagged: Flags
    columns: Flags


def doubts_single(answers: Floats, probabilities: Floats) -> Doubts:
    """Doubts where each paper has one label; ``answers`` and ``probabilities`` are (n_papers, n_columns).

    A label is the more suspicious the less probable it is, and a little more so one that is frequent: the probability
    is divided by the fourth root of its mean among all papers. With the mean itself, slips among rare labels are found
    late where labels are of very uneven frequency; without it, those between labels that resemble each other.
    """
    known = (answers == 1).any(axis=1) & np.isfinite(probabilities).all(axis=1)
    given, likely = answers == 1, np.nan_to_num(probabilities)
    counts = np.maximum((given & known[:, None]).sum(axis=0), 1)
    thresholds = np.where(given & known[:, None], likely, 0.0).sum(axis=0) / counts
    others = np.where(given, -1.0, likely)
    best, own = others.max(axis=1, initial=0.0), np.where(given, likely, 0.0).sum(axis=1)
    mean = np.where(given, _mean(probabilities), 0.0).sum(axis=1)
    relative = own / np.maximum(mean, _TINY) ** _FREQUENT
    # The label of the paper among those that reach their thresholds; a label that no paper has is none of them.
    reached = np.where((likely >= thresholds) & given.any(axis=0), likely, -1.0)
    flagged = known & (reached.max(axis=1, initial=-1.0) > np.where(given, reached, -1.0).max(axis=1, initial=-1.0))
    columns = given | (others == best[:, None])
    return Doubts(np.where(known, 1 / (1 + relative), np.nan), flagged, columns & known[:, None])


def doubts_multi(answers: Floats, probabilities: Floats) -> Doubts:
    """Doubts where each paper has any number of labels; NaN in ``answers`` (n_papers, n_columns) is unknown.

    A paper is suspicious where one of its topics is improbable, beside the mean probability of that topic, and a topic
    that it lacks is probable: one was taken for the other. A lacking topic that is nearly certain is enough.

    Each topic of each paper can be in doubt, so that with many topics most papers have one that is. A paper is flagged
    where the doubts come together: a topic that it has is in doubt, and one that it lacks; or one that it lacks is
    nearly certain. Of papers with planted slips these were the half, and most of these papers had one.
    """
    known = np.isfinite(answers) & np.isfinite(probabilities)
    given, likely = known & (answers == 1), np.nan_to_num(probabilities)
    missing = known & (answers == 0)
    yes = np.where(given, likely, 0.0).sum(axis=0) / np.maximum(given.sum(axis=0), 1)
    no = np.where(missing, 1 - likely, 0.0).sum(axis=0) / np.maximum(missing.sum(axis=0), 1)
    both = given.any(axis=0) & missing.any(axis=0)
    wrong_yes = given & (1 - likely >= no) & ~(likely >= yes) & both
    wrong_no = missing & (likely >= yes) & ~(1 - likely >= no) & both
    columns = wrong_yes | wrong_no
    lift = np.where(given, likely / np.maximum(np.nan_to_num(_mean(probabilities)), _TINY), np.inf)
    lacking = np.where(missing, likely, 0.0).max(axis=1, initial=0.0)
    exchanged = (lacking + _LEAST) / np.maximum(lift.min(axis=1, initial=_LARGEST), _TINY)
    forgotten = (lacking + _LEAST) / np.maximum(_ALONE * (1 - lacking), _TINY)
    against = exchanged + forgotten
    taken_for_another = wrong_yes.any(axis=1) & wrong_no.any(axis=1)
    flagged = taken_for_another | (wrong_no & (likely >= _CERTAIN)).any(axis=1)
    return Doubts(np.where(known.any(axis=1), against / (1 + against), np.nan), flagged, columns)


def _mean(probabilities: Floats) -> Floats:
    """The mean probability of each column (n_columns,), of papers of which it is known."""
    known = np.isfinite(probabilities)
    return np.asarray(np.where(known, probabilities, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))
