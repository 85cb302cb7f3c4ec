"""Whether reading may stop: how many of the papers of a topic have been found, with a stated confidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.errors import InputError, NotFoundError
from labeler.judgements import missing_topic_notes, read_log
from labeler.judgements.labels import current_judgements
from labeler.measure.stopping import Stopping, further, stopping
from labeler.papers.known import PaperTable, ids_of
from labeler.topics import load_checked_scheme


@dataclass(frozen=True, slots=True)
class Found:
    """Whether reading may stop (``stopping``) for a topic of this ``name``; ``further`` papers would do without a find.

    ``notes`` tell of faults of the log and of what could not be read.
    """

    topic: str
    name: str
    stopping: Stopping
    further: int
    notes: Sequence[str]

    def to_dict(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {"topic": self.topic} | self.stopping.to_dict() | {"further": self.further, "notes": list(self.notes)}


def recall(workspace: Workspace, inputs: Sequence[str], topic: str, wanted: float, confidence: float = 0.95) -> Found:
    """Whether reading the papers of ``inputs`` may stop: whether the share ``wanted`` of those of a topic is found.

    Papers count in the order in which they were judged, with the labels that `train` learns from. Those of one time, as
    the rows of a table have it, count in the order of ``inputs``.

    Raises:
        NotFoundError: there is no such topic.
        RefusedError: the topic scheme has faults.
        InputError: an input is unreadable, or none of its papers is judged.
    """
    scheme = load_checked_scheme(workspace.topics)
    known = scheme.find(topic)
    if known is None:
        raise NotFoundError(f"the scheme has no topic {topic!r}", "`labeler topics show` lists them")
    reading, log = read_inputs(inputs), read_log(workspace)
    times = PaperTable[str]()
    for judgement in current_judgements(log.judgements):
        times.add(ids_of(judgement.as_paper()), judgement.at)
    answers = PaperTable[bool]()
    for item in consensus_labels(log.judgements, scheme).labels.papers:
        if known in item.yes or known in item.no:
            answers.add(ids_of(item.paper), known in item.yes)
    read = []
    for paper in reading.papers:
        if said := set(answers.values_of(paper)):
            read.append((min(times.values_of(paper), default=""), True in said))
    if not read:
        raise InputError(f"none of the {len(reading.papers)} papers is judged for {topic}", "judge the likeliest first")
    import numpy as np

    order = np.array([of_topic for _, of_topic in sorted(read, key=lambda one: one[0])], bool)
    found = stopping(order, len(reading.papers), wanted, confidence)
    more = further(order, len(reading.papers), wanted, confidence)
    name = next((one.name for one in scheme.topics if one.id == known), topic)
    notes = [*reading.notes, *log.faults, *missing_topic_notes(log.judgements, scheme), *_order_notes(read)]
    return Found(known, name, found, more, notes)


def _order_notes(read: Sequence[tuple[str, bool]]) -> list[str]:
    """A note where most papers, which are given with their times, were judged at one time: nobody knows their order."""
    count = Counter(time for time, _ in read).most_common(1)[0][1]
    if count < 2 or count < len(read) / 2:
        return []
    return [
        f"{count:,} of the judged papers have the same time, as the rows of a table have: they count in the order in "
        "which they are given here, which has to be that of reading"
    ]
