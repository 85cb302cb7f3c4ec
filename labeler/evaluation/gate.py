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
from labeler.evaluation.unseen import Unseen, unseen
from labeler.measure.resampling import Draws
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.score.lineage import Passage
from labeler.score.model import TopicModel
from labeler.topics import Scheme

Floats = npt.NDArray[np.float64]
FEWEST = 30  # papers that both versions can be asked; fewer do not tell one from the other


def passage(former: str, old: TopicModel, new: TopicModel, judged: JudgedSet, scheme: Scheme) -> Passage | None:
    """How the ``new`` model does beside the ``old`` one, whose label is ``former``, on judged papers.

    None where they cannot be compared: they have another mode or no common topic, or there are too few papers that
    both can be asked.
    """
    if old.mode != new.mode or not judged.papers:
        return None
    before, after = (unseen(model, judged.papers, scheme) for model in (old, new))
    topics = tuple(topic for topic in judged.topics if {topic} <= {*before.model.topics} & {*after.model.topics})
    columns = [judged.topics.index(topic) for topic in topics]
    truths = [_truth(said, topics, judged.truth[:, columns]) for said in (before, after)]
    known = ~np.isnan(truths[0]).all(axis=1) & ~np.isnan(truths[1]).all(axis=1)
    rows = np.flatnonzero(before.usable & after.usable & known)
    if len(rows) < FEWEST or not topics:
        return None
    draws = Draws.of(near_duplicate_groups([judged.papers[row].text for row in rows]))
    question = Question(new.mode, topics, scheme.hierarchy)
    figures = [
        averages(question, truth[rows], assigned_of(said, topics)[rows], draws)["macro_f1"]
        for said, truth in zip((before, after), truths, strict=True)
    ]
    difference = draws.estimate(figures[1] - figures[0])
    if difference is None:
        return None
    return Passage(former, len(rows), float(figures[0][0]), float(figures[1][0]), difference)


def assigned_of(said: Unseen, topics: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which of ``topics``, all of which a model gives, it assigns (n_papers, n_topics)."""
    position = {topic: number for number, topic in enumerate(said.model.topics)}
    return said.assigned[:, [position[topic] for topic in topics]]


def _truth(said: Unseen, topics: Sequence[str], today: Floats) -> Floats:
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
