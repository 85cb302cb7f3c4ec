"""When may the search for the papers of a topic stop: recall with a stated confidence.

M. Callaghan, F. Müller-Hansen, "Statistical stopping criteria for automated screening in systematic reviews", 2020. If
too many papers of the topic were still unread, the papers read last would hold some of them: those are taken for a
random sample of all that were unread before, which is careful where the likeliest are read first, as these hold more
than a random sample. The test is made for the papers read since each point, and the clearest one counts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Stopping(NamedTuple):
    """Whether reading may stop: ``read`` of ``papers`` papers were read, and ``found`` of these are of the topic.

    ``p`` is how probable it is to find so few among the papers read last, if the recall were below ``recall``; to stop
    is right with the ``confidence`` from 1 - ``confidence`` down.
    """

    papers: int
    read: int
    found: int
    recall: float
    confidence: float
    p: float

    @property
    def stop(self) -> bool:
        """Whether the recall is reached with the confidence."""
        return self.p <= 1 - self.confidence

    def to_dict(self) -> dict[str, float | int | bool]:
        """Everything, for programs."""
        return {**self._asdict(), "p": round(self.p, 4), "stop": self.stop}


def stopping(of_topic: Flags, papers: int, recall: float = 0.95, confidence: float = 0.95) -> Stopping:
    """Whether reading may stop.

    ``of_topic`` (n_read,) says of the papers in the order of reading which are of the topic; ``papers`` are all there
    are, read or not.
    """
    read, found = len(of_topic), int(of_topic.sum())
    return Stopping(papers, read, found, recall, confidence, _p(np.asarray(of_topic, bool), papers, recall))


def _p(of_topic: Flags, papers: int, recall: float) -> float:
    """The smallest probability of the papers read since some point, if one too many were unread today."""
    from scipy.stats import hypergeom

    read, found = len(of_topic), int(of_topic.sum())
    if read >= papers:
        return 0.0
    # The least number of papers of the topic with which the recall is below what is wanted.
    least = int(np.floor(found / recall + 1e-9)) + 1
    if found == 0 or least - found > papers - read:
        return 1.0 if found == 0 else 0.0
    before = np.concatenate([[0], np.cumsum(of_topic)])[:-1]  # found before the papers since each point
    points = np.arange(read)
    return float(hypergeom.cdf(found - before, papers - points, least - before, read - points).min())


def further(of_topic: Flags, papers: int, recall: float = 0.95, confidence: float = 0.95) -> int:
    """How many more papers have to be read until one may stop, if none of them is of the topic."""
    low, high = 0, papers - len(of_topic)
    while low < high:
        middle = (low + high) // 2
        longer = np.concatenate([of_topic, np.zeros(middle, bool)])
        low, high = (low, middle) if stopping(longer, papers, recall, confidence).stop else (middle + 1, high)
    return low
