"""What is kept of judged papers while they are learned from, one by one: there may be very many."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from labeler.judgements import JudgedPaper
from labeler.measure.figures import FieldCounts
from labeler.measure.keywords import KeywordTally
from labeler.papers.ids import identifier_hash
from labeler.topics import Scheme

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

READ = 5000  # judged papers, and unread ones, whose languages are told
_MOST_FIELDS = 2000  # judged papers whose fields are counted


class LearnedPapers:
    """The ``hashes`` of the ids of all papers, the texts of the first ones (``read``), and counts of ``keywords``."""

    def __init__(self, scheme: Scheme) -> None:
        self.hashes = array("Q")
        self.read: list[str] = []
        self.keywords = KeywordTally(scheme)
        self._columns = {topic: number for number, topic in enumerate(scheme.ids)}

    def fields(self) -> FieldCounts | None:
        """The fields of an even choice of the first papers, so that it is known when others come; None of no paper."""
        from labeler.drift.fields import field_counts, shipped_fields

        some = self.read[:: len(self.read) // _MOST_FIELDS + 1]
        counts: dict[str, dict[float, int]] = {}
        for (name, level), count in sorted(field_counts(shipped_fields().fields_of(some)).items()):
            counts.setdefault(name, {})[level] = count
        return FieldCounts(len(some), counts) if some else None

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
