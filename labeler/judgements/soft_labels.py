"""Soft labels: the probabilities that another model gives to the topics of papers. They are no judgements.

They have a file of their own beside the log, ``soft_labels.jsonl``, which only grows (:mod:`labeler.appending`). Of one
model and paper the latest line counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from labeler.appending import append_lines, open_to_append, parse_lines, read_lines
from labeler.judgements.forgotten import Forgotten
from labeler.papers import Paper
from labeler.papers.dates import iso_date
from labeler.papers.ids import sort_ids, text_id
from labeler.papers.times import iso_time
from labeler.topics import Scheme

FILE = "soft_labels.jsonl"


@dataclass(frozen=True, slots=True)
class SoftLabel:
    """What a model says of one paper: topic id → probability (0 to 1); other topics are unknown.

    ``model`` is the name that people gave the model, ``at`` the time of the import (ISO 8601, UTC), and ``source`` the
    file and the row in it.
    """

    paper: Paper
    model: str
    probabilities: Mapping[str, float]
    at: str = ""
    source: Mapping[str, str] | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The model, and the paper by its last identifier (that of its title, where it has one) and its abstract."""
        return self.model, self.paper.ids[-1], text_id(self.paper.abstract)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the file, with its keys in the documented order; ``date`` only where it is known."""
        paper = self.paper
        record: dict[str, Any] = {"paper": paper.id, "ids": list(paper.ids), "title": paper.title}
        record |= {"abstract": paper.abstract} | ({"date": paper.date} if paper.date else {})
        record |= {"model": self.model, "probabilities": dict(self.probabilities), "at": self.at}
        return record | {"source": dict(self.source or {})}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`. Keys of later versions are ignored.

        Raises:
            ValueError: a required key is missing, or a value is of the wrong type.
        """
        try:
            ids = tuple(map(str, record["ids"]))
            probabilities = {str(topic): float(one) for topic, one in record["probabilities"].items()}
            if not ids or not all(0 <= one <= 1 for one in probabilities.values()):
                raise ValueError("it has no identifier, or a probability outside 0 to 1")
            title, abstract = str(record.get("title") or ""), str(record.get("abstract") or "")
            paper = Paper(title, abstract, sort_ids({str(record["paper"]), *ids}), date=iso_date(record.get("date")))
            source = {str(name): str(value) for name, value in dict(record.get("source") or {}).items()}
            return cls(paper, str(record["model"]), probabilities, iso_time(str(record["at"])), source)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no soft label ({error!r})") from error


class SoftReading(NamedTuple):
    """The current soft labels of a file, in the order of models and papers, and messages about lines of it."""

    labels: list[SoftLabel]
    faults: list[str]

    @property
    def counts(self) -> dict[str, int]:
        """How many papers each model labelled."""
        models = [label.model for label in self.labels]
        return {model: models.count(model) for model in dict.fromkeys(models)}


def read_soft_labels(annotations: Path) -> SoftReading:
    """The current soft labels in a folder of annotations, but those of papers that were forgotten.

    Raises:
        InputError: the file cannot be read.
    """
    lines = read_lines(annotations / FILE, SoftLabel.from_dict)
    forgotten = Forgotten.of(annotations)
    current = current_labels(label for label in lines.values if not forgotten.has_paper(label.paper))
    return SoftReading([current[key] for key in sorted(current)], [*lines.faults, *filter(None, [lines.incomplete])])


def add_soft_labels(annotations: Path, labels: Sequence[SoftLabel]) -> tuple[list[SoftLabel], list[str]]:
    """Append the labels that say something new, while the file is locked, but those of papers that were forgotten.

    Returns:
        The labels that were appended, and messages about the file (a repair, lines that cannot be read).

    Raises:
        InputError: the file cannot be written, or another process keeps it locked.
    """
    path = annotations / FILE
    with open_to_append(path, "repeat the import that was interrupted") as (stream, messages):
        stream.seek(0)
        lines = parse_lines(stream.read(), path.name, SoftLabel.from_dict)
        forgotten = Forgotten.of(annotations)
        added = [one for one in new_labels(lines.values, labels) if not forgotten.has_paper(one.paper)]
        append_lines(stream, (label.to_dict() for label in added))
    return added, messages + lines.faults


def current_labels(labels: Iterable[SoftLabel]) -> dict[tuple[str, str, str], SoftLabel]:
    """The latest label by model and paper; of one time, the last one."""
    return {label.key: label for label in sorted(labels, key=lambda label: label.at)}


def new_labels(known: Iterable[SoftLabel], labels: Iterable[SoftLabel]) -> list[SoftLabel]:
    """Those of ``labels`` that differ from what is current; of several on one paper by one model, the last."""
    before = current_labels(known)
    last = {label.key: label for label in labels}
    return [
        label for key, label in last.items() if key not in before or before[key].probabilities != label.probabilities
    ]


def under_scheme(probabilities: Mapping[str, float], scheme: Scheme) -> dict[str, float]:
    """The probabilities of the topics of a scheme; those that it lacks are left out.

    Of topics that went into one the largest counts.
    """
    found: dict[str, float] = {}
    for topic, probability in probabilities.items():
        now = scheme.find(topic)
        if now is not None:
            found[now] = max(probability, found.get(now, 0.0))
    return found
