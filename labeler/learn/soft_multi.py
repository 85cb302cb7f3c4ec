"""Soft labels where a paper has any number of topics: each topic is a question of its own.

What a model says of a topic counts as far as people agree with it on that topic, on papers that they judged as well: by
the square of Cohen's kappa ("A coefficient of agreement for nominal scales", 1960). Otherwise all is as in
:mod:`labeler.learn.soft`. (On 16 areas of conference papers, over three draws, soft labels of a model of macro-F1 .35
raised mean average precision by .020 at 25 judged papers and at 100; random ones changed it by .001 and -.002, and ones
that are surely wrong about four areas by -.001 and .005. With a weight of .3 these gave .035 and .029, -.005 and -.002,
-.008 and .005.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labeler.features.space import Points
from labeler.learn.self_training import GROUP_SIZE
from labeler.learn.soft import WEIGHT, Floats, Indices, SoftLabels, by_text
from labeler.learn.targets import completed
from labeler.papers.ids import title_key
from labeler.topics.hierarchy import FLAT, Hierarchy

_YES = 0.5  # the probability from which a topic is said to apply
# Disagreements by chance: of a topic on which people and the model could hardly disagree, as it is rare among the
# papers that both know, the agreement over all topics counts more.
_PRIOR = 1.0


@dataclass(frozen=True, slots=True)
class SoftTopics:
    """Groups of unlabeled papers as ``points``, their ``answers`` (n_groups, n_topics) and ``sizes`` (n_groups,).

    ``judged`` (n_papers, n_topics) is what the model says of the judged papers. Answers are 1, 0 or NaN (unknown).
    """

    points: Points
    answers: Floats
    sizes: Floats
    judged: Floats

    def examples(self, answers: Floats, rows: Indices) -> tuple[Floats, Floats]:
        """The answers of the groups and their weights, both (n_groups, n_topics).

        Weights are measured on the judged papers of ``rows``, of which ``answers`` (n_papers, n_topics) are 1, 0 or
        NaN; they are zero where no paper tells.
        """
        agreeing = agreement(self.judged[rows], answers[rows])
        return self.answers, np.asarray(WEIGHT * np.outer(self.sizes, agreeing**2))


def agreement(said: Floats, truth: Floats) -> Floats:
    """How far two agree beyond chance on each topic (n_topics,), from 0 to 1; of both the answers are 1, 0 or NaN.

    It is Cohen's kappa, one minus the disagreements over those by chance. Of a topic with few of either it is drawn
    towards the kappa of all topics.
    """
    known = ~np.isnan(said) & ~np.isnan(truth)
    papers = np.maximum(known.sum(axis=0), 1)
    yes, applies = ((answers == 1) & known for answers in (said, truth))
    share, applying = yes.sum(axis=0) / papers, applies.sum(axis=0) / papers
    by_chance = known.sum(axis=0) * (share * (1 - applying) + applying * (1 - share))
    disagreements = (yes != applies).sum(axis=0)
    if not by_chance.sum():
        return np.zeros(said.shape[1])
    overall = disagreements.sum() / by_chance.sum()
    return np.asarray(np.maximum(1 - (disagreements + _PRIOR * overall) / (by_chance + _PRIOR), 0))


def soft_topics(
    soft: SoftLabels,
    judged: Sequence[str],
    unlabeled: Sequence[str],
    points: Points,
    topics: Sequence[str],
    hierarchy: Hierarchy = FLAT,
) -> SoftTopics:
    """The soft labels of the ``unlabeled`` papers, which are ``points``, and of the ``judged`` ones, by their texts.

    What a model says of one of the ``topics`` counts for those above and below it.
    """
    found = by_text(soft)
    rows = np.array([row for row, text in enumerate(unlabeled) if title_key(text) in found], dtype=np.intp)
    unknown = np.full(len(topics), np.nan)
    probabilities, of_judged = (
        np.array([found.get(title_key(text), unknown) for text in texts]).reshape(-1, len(topics))
        for texts in ([unlabeled[row] for row in rows], judged)
    )
    said, said_of_judged = (_answers(some, topics, hierarchy) for some in (probabilities, of_judged))
    groups = _groups(said, np.nan_to_num(probabilities, nan=-1.0))
    answers = np.array([_answer(said[group]) for group in groups]).reshape(-1, len(topics))
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    return SoftTopics(points.means([rows[group] for group in groups]).normalized(), answers, sizes, said_of_judged)


def _answers(probabilities: Floats, topics: Sequence[str], hierarchy: Hierarchy) -> Floats:
    said = np.where(np.isnan(probabilities), np.nan, (probabilities >= _YES).astype(np.float64))
    return completed(said, topics, hierarchy)


def _answer(said: Floats) -> Floats:
    """What is said of all papers of a group (n_topics,); NaN where they differ, and where nothing is said."""
    yes, no = (said == 1).any(axis=0), (said == 0).any(axis=0)
    return np.where(yes == no, np.nan, yes.astype(np.float64))


def _groups(said: Floats, probabilities: Floats) -> list[npt.NDArray[np.intp]]:
    """The papers said to be of each topic in groups of about ten, the most probable first, and those of no topic."""
    none = ~(said == 1).any(axis=1)
    members = [(said[:, column] == 1, probabilities[:, column]) for column in range(said.shape[1])]
    groups: list[npt.NDArray[np.intp]] = []
    for flags, order in [*members, (none, -probabilities.max(axis=1, initial=-1.0))]:
        own = np.flatnonzero(flags)
        own = own[np.argsort(-order[own], kind="stable")]
        groups += np.array_split(own, max(1, len(own) // GROUP_SIZE)) if len(own) else []
    return groups
