"""Soft labels: what another model says of unlabeled papers, learned from as far as people agree with that model.

Where a paper has one topic, the most probable one is its answer, with a weight that is measured on the papers that
people judged as well: the square of how far it agrees with them beyond chance (J. Cohen, "A coefficient of agreement
for nominal scales", 1960), topic by topic. Papers enter as means of ten, as in :mod:`labeler.learn.self_training`.
Where a paper has any number of topics, see :mod:`labeler.learn.soft_multi`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.space import Points
from labeler.learn.self_training import GROUP_SIZE
from labeler.papers.ids import title_key
from labeler.papers.inputs import as_texts

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
# Of a paper of a model that is always right, in judged papers. On the development split of 24 topics, over three draws,
# a model of macro-F1 .67 gave +.07 at 25 labels and +.03 at 100; one that is wrong about six topics took .03 at 25.
# With .3 (in a prototype) good models gave .01 more, and that one took .05 more.
WEIGHT = 0.1
# Papers of a topic: of fewer judged ones the model's agreement over all topics counts more. Between 1 and 4 no draw of
# the same three decided.
_PRIOR = 1.0


class SoftLabels(NamedTuple):
    """The ``probabilities`` (n_texts, n_topics) that a ``model`` gives to ``texts``; NaN where they are unknown."""

    model: str
    texts: Sequence[str]
    probabilities: Floats


def soft_labels_of(soft: Mapping[str, tuple[Any, Any]], topics: int) -> list[SoftLabels]:
    """The soft labels of each model, in the order of their names.

    Raises:
        ValueError: they are of another form.
    """
    found = []
    for model in sorted(soft):
        papers, given = as_texts(soft[model][0]), np.asarray(soft[model][1], dtype=np.float64)
        if given.shape != (len(papers), topics):
            raise ValueError(f"soft has probabilities {given.shape} of {model!r}, not {(len(papers), topics)}")
        found.append(SoftLabels(model, papers, given))
    return found


@dataclass(frozen=True, slots=True)
class SoftPapers:
    """Groups of unlabeled papers as ``points``, the column and the size (n_groups,) of each.

    ``judged`` (n_papers,) are the columns that the model gives to the judged papers, -1 where it says nothing of one.
    """

    points: Points
    columns: Indices
    sizes: Floats
    judged: Indices

    def examples(self, answers: Floats, rows: Indices) -> tuple[Floats, Floats]:
        """The answers (n_groups, n_columns) of the groups and their weights (n_groups, 1).

        ``answers`` (n_papers, n_columns) of the judged papers are 1 for yes.
        """
        return np.eye(answers.shape[1])[self.columns], self._weights(answers, rows)[:, None]

    def _weights(self, answers: Floats, rows: Indices) -> Floats:
        """The weight (n_groups,) of each group, measured on the papers of ``rows``; zero where nothing is known."""
        rows = rows[self.judged[rows] >= 0]
        if not len(rows):
            return np.zeros(len(self.columns))
        given, truth = self.judged[rows], answers[rows] == 1
        right = truth[np.arange(len(rows)), given].astype(np.float64)
        counts = np.bincount(given, minlength=answers.shape[1])
        hits = np.bincount(given, weights=right, minlength=answers.shape[1])
        chance = float(counts / len(rows) @ truth.mean(axis=0))
        precision = (hits + _PRIOR * right.mean()) / (counts + _PRIOR)
        worth = np.maximum(precision - chance, 0) / max(1 - chance, 1e-9)
        return np.asarray(WEIGHT * self.sizes * worth[self.columns] ** 2)


def soft_papers(soft: SoftLabels, judged: Sequence[str], unlabeled: Sequence[str], points: Points) -> SoftPapers:
    """The soft labels of the ``unlabeled`` papers, which are ``points``, and of the ``judged`` ones, by their texts."""
    filled = {key: np.nan_to_num(row, nan=-1.0) for key, row in by_text(soft).items()}
    said = [(row, filled[key]) for row, key in enumerate(map(title_key, unlabeled)) if key in filled]
    rows = np.array([row for row, _ in said], dtype=np.intp)
    best = np.array([one.argmax() for _, one in said], dtype=np.intp)
    largest = np.array([one.max() for _, one in said])
    groups, columns = list[Indices](), list[int]()
    for column in np.unique(best):
        own = np.flatnonzero(best == column)
        own = rows[own[np.argsort(-largest[own], kind="stable")]]
        parts = np.array_split(own, max(1, len(own) // GROUP_SIZE))
        groups += parts
        columns += [int(column)] * len(parts)
    keys = map(title_key, judged)
    given = np.array([filled[key].argmax() if key in filled else -1 for key in keys], dtype=np.intp)
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    return SoftPapers(points.means(groups).normalized(), np.array(columns, dtype=np.intp), sizes, given)


def by_text(soft: SoftLabels) -> dict[str, Floats]:
    """The probabilities (n_topics,) of each text of which some are known, by the key of its title."""
    known = np.flatnonzero(~np.isnan(soft.probabilities).all(axis=1))
    return {title_key(soft.texts[row]): soft.probabilities[row] for row in known}
