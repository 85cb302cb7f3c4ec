"""Clustered margin: papers that differ among those that a model is unsure of, with some for rare topics.

G. Citovsky et al., "Batch active learning at scale", 2021; here with k-means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.sampling.candidates import Candidates
    from labeler.sampling.medoids import Chance

NAME = "mix"
NEEDS = "model"
ABOUT = (
    "as diverse before the first judgements, then papers that differ among those the model is unsure of, and some for "
    "rare topics"
)
_FIRST = 100  # judged papers below which a model hardly knows what it does not know
_UNSURE = 5  # times as many papers as wanted: the least sure ones, among which the choice is made
_FOR_RARE = 10  # one paper in so many is chosen for the sake of a rare topic


def select(candidates: Candidates, count: int, rng: Chance) -> list[int]:
    """Candidates for rare topics, then medoids of the unsure ones of every topic.

    Before any paper was judged, all are looked at; while few were, the less sure half.
    """
    import numpy as np

    from labeler.sampling.medoids import medoids
    from labeler.sampling.uncertain import by_topic_in_turns, for_rare_topics

    if not candidates.judged:
        return medoids(candidates.vectors, count, rng)
    rare = for_rare_topics(candidates, count // _FOR_RARE)
    others = np.setdiff1d(np.arange(len(candidates)), rare)
    wanted = count - len(rare)
    most = max(_UNSURE * wanted, len(others) // 2 if candidates.judged < _FIRST else 0)
    unsure = others[by_topic_in_turns(candidates.take(others))[:most]]
    return rare + [int(unsure[row]) for row in medoids(candidates.vectors[unsure], wanted, rng)]
