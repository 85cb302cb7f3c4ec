"""What is kept of judged papers while they are learned from, one by one: there may be very many."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from labeler.judgements import JudgedPaper
from labeler.measure.keywords import KeywordTally
from labeler.papers.ids import identifier_hash
from labeler.topics import Scheme

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

READ = 5000  # judged papers, and unread ones, whose languages are told


class LearnedPapers:
    """The ``hashes`` of the ids of all papers, the texts of the first ones (``read``), and counts of ``keywords``."""

    def __init__(self, scheme: Scheme) -> None:
        self.hashes = array("Q")
        self.read: list[str] = []
        self.keywords = KeywordTally(scheme)
        self._columns = {topic: number for number, topic in enumerate(scheme.ids)}

    def row(self, item: JudgedPaper) -> npt.NDArray[np.float64]:
        """The row (n_topics,) of the matrix of topics for a paper, which is noted: 1, 0 and NaN (unknown)."""
        import numpy as np

        self.hashes.append(identifier_hash(item.paper.id))
        if len(self.read) < READ:
            self.read.append(item.paper.text)
        self.keywords.judged(item.paper.text, item.yes)
        answers = np.full(len(self._columns), np.nan)
        answers[[self._columns[topic] for topic in item.no]] = 0.0
        answers[[self._columns[topic] for topic in item.yes]] = 1.0
        return answers
