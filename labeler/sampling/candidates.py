"""The papers to choose from, and all that strategies may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from labeler.features.background import Background
from labeler.features.tfidf import Floats
from labeler.papers.ids import title_key
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.sampling.vectors import paper_vectors

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Papers, in an order that has nothing to do with the one they came in.

    ``vectors`` (n_papers, k) say what they are about; ``titles`` (n_papers,) are their titles without spelling, and
    near-duplicates have one number in ``groups`` (n_papers,). With a model there are its ``probabilities`` (n_papers,
    n_topics), the ``margins`` (n_papers,) and ``yes`` (n_topics,), of how many papers each topic is among those it was
    trained on; ``judged`` is the number of these.
    """

    vectors: Matrix
    titles: npt.NDArray[np.str_]
    groups: npt.NDArray[np.intp]
    probabilities: Floats | None = None
    margins: Floats | None = None
    yes: Floats | None = None
    judged: int = 0

    def __len__(self) -> int:
        return len(self.vectors)

    def take(self, rows: npt.NDArray[np.intp]) -> Candidates:
        """Some of the candidates, in the order of ``rows``."""
        return Candidates(
            self.vectors[rows],
            self.titles[rows],
            self.groups[rows],
            None if self.probabilities is None else self.probabilities[rows],
            None if self.margins is None else self.margins[rows],
            self.yes,
            self.judged,
        )


def candidates_of(texts: Sequence[str], model: TopicModel | None, background: Background) -> Candidates:
    """What is known of ``texts``, given a trained model or none."""
    vectors = paper_vectors(texts, background)
    titles = np.array([title_key(text.partition("\n")[0]) for text in texts], dtype=object)
    groups = near_duplicate_groups(texts)
    if model is None:
        return Candidates(vectors, titles, groups)
    probabilities = model.linear.probabilities(texts)
    return Candidates(
        vectors,
        titles,
        groups,
        model.given.probabilities(probabilities)[:, : len(model.topics)],
        model.margins(probabilities),
        model.examples.astype(np.float64),
        model.judged_papers,
    )
