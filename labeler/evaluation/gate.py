"""The gate that a new version passes before it is put to use: is it worse than the one in use?

Each version is asked of papers that it had not seen. Of papers that it learned from it is held against the answers that
it learned: where these have gone bad since, as in a table whose rows have slipped, the new version agrees with its own
answers less than the old one did with its.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labeler.evaluation.figures import Question, averages
from labeler.evaluation.judged import JudgedSet
from labeler.evaluation.unseen import Indices, Unseen, held_out, unseen
from labeler.measure.resampling import Draws
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.score.lineage import Passage
from labeler.score.model import TopicModel
from labeler.topics import Scheme

Floats = npt.NDArray[np.float64]
FEWEST = 30  # papers that both versions can be asked; fewer do not tell one from the other


def passage(former: str, old: TopicModel, new: TopicModel, judged: JudgedSet, scheme: Scheme) -> Passage | None:
    """How the ``new`` model does beside the ``old`` one, whose label is ``former``.

    They are asked of judged papers that neither had seen, and of others that both held out, such as those of tables.
    None where they cannot be compared: they have another mode or no common topic, or there are too few such papers.
    """
    if old.mode != new.mode:
        return None
    models = old.under(scheme), new.under(scheme)
    topics = tuple(topic for topic in judged.topics if all(topic in model.topics for model in models))
    today = judged.truth[:, [judged.topics.index(topic) for topic in topics]]
    said = [unseen(model, judged.papers) for model in models]
    others = [held_out(model, rows) for model, rows in zip(models, _held_out_by_both(*said), strict=True)]
    unknown = np.full((len(others[0].rows), len(topics)), np.nan)
    truths = [
        np.vstack([answers_to(one, topics, today), answers_to(more, topics, unknown)])
        for one, more in zip(said, others, strict=True)
    ]
    guesses = [
        np.vstack([assigned_of(one, topics), assigned_of(more, topics)]) for one, more in zip(said, others, strict=True)
    ]
    usable = np.append(said[0].usable & said[1].usable, np.ones(len(unknown), dtype=bool))
    rows = np.flatnonzero(usable & ~np.isnan(truths[0]).all(axis=1) & ~np.isnan(truths[1]).all(axis=1))
    if len(rows) < FEWEST or not topics:
        return None
    groups = near_duplicate_groups([paper.text for paper in judged.papers])
    groups = np.append(groups, groups.max(initial=-1) + 1 + np.arange(len(unknown)))
    weights = np.append(weights_of(said[1]), weights_of(others[1]))
    draws = Draws.of(groups[rows], weights[rows], replaced=True)
    question = Question(new.mode, topics, scheme.hierarchy)
    before, after = (
        averages(question, truth[rows], guess[rows], draws)["macro_f1"]
        for truth, guess in zip(truths, guesses, strict=True)
    )
    difference = draws.estimate(after - before)
    if difference is None:
        return None
    return Passage(former, len(rows), float(before[0]), float(after[0]), difference)


def _held_out_by_both(old: Unseen, new: Unseen) -> tuple[Indices, Indices]:
    """The rows, among those that each model held out, of papers that both did and that were not asked about."""
    if old.model.held_out_papers is None or new.model.held_out_papers is None:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    _, before, after = np.intersect1d(old.model.held_out_papers, new.model.held_out_papers, return_indices=True)
    others = ~np.isin(before, old.rows) & ~np.isin(after, new.rows)
    return before[others], after[others]


def weights_of(said: Unseen) -> Floats:
    """How much each paper counts (n_papers,): all alike, unless a model is for papers with topics in other shares."""
    weights = said.model.held_out_weights
    if weights is None:
        return np.ones(len(said.rows))
    return np.where(said.rows >= 0, weights[said.rows], 1.0)


def assigned_of(said: Unseen, topics: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which of ``topics``, all of which a model gives, it assigns (n_papers, n_topics)."""
    position = {topic: number for number, topic in enumerate(said.model.topics)}
    return said.assigned[:, [position[topic] for topic in topics]]


def answers_to(said: Unseen, topics: Sequence[str], today: Floats) -> Floats:
    """The answers (n_papers, n_topics) to hold a model against: those it learned, else those of ``today``."""
    learned, given = said.model.held_out[1], said.model.given
    position = {topic: number for number, topic in enumerate(given.topics)}
    rows = np.flatnonzero(said.rows >= 0)
    truth = today.copy()
    for column, topic in enumerate(topics):
        sources = [source for source in given.sources[position[topic]] if source < learned.shape[1]]
        answers = learned[said.rows[rows]][:, sources]
        failed = np.where((answers == 0).all(axis=1), 0.0, np.nan)
        truth[rows, column] = np.where((answers == 1).any(axis=1), 1.0, failed)
    return truth
