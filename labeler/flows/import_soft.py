"""The import of soft labels: what another model says of papers, into a file of its own beside the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeler.appending import now
from labeler.config import Workspace
from labeler.digests.fields import identifiers_in, paper_of
from labeler.digests.opening import open_sources
from labeler.digests.reading import usable
from labeler.digests.registry import guess, reader_named
from labeler.digests.source import Record, Source
from labeler.errors import InputError
from labeler.judgements.soft_labels import SoftLabel, add_soft_labels, new_labels, read_soft_labels
from labeler.judgements.soft_rows import model_of, probabilities_in
from labeler.papers import Paper
from labeler.papers.cleaning import printable
from labeler.papers.ids import sort_ids
from labeler.topics import Scheme, load_checked_scheme


@dataclass
class SoftImport:
    """The soft labels that files hold, and those of them that are new (``added``).

    ``refused`` are messages about rows that were left out; ``unknown_labels`` counts labels that are no topics.
    """

    labels: list[SoftLabel] = field(default_factory=list)
    added: list[SoftLabel] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The counts of the import, for people and programs. ``papers`` are those of each model."""
        keys = {label.key for label in self.labels}
        papers = Counter(model for model, *_ in keys)
        return {
            "soft_labels": len(self.labels),
            "models": dict(papers.most_common()),
            "added": len(self.added),
            "known": len(keys) - len(self.added),
            "unknown_labels": dict(self.unknown_labels.most_common()),
            "refused": self.refused,
            "notes": self.notes,
        }


def import_soft(
    workspace: Workspace, files: Sequence[str], model: str = "", format_name: str | None = None, dry_run: bool = False
) -> SoftImport:
    """Add what another model says of the papers in ``files`` to the soft labels; with ``dry_run`` only count it.

    ``model`` is the name of that model; by default the one that the rows state themselves. The log of judgements is
    not touched.

    Raises:
        InputError: a file is missing or unreadable, has no probabilities of a topic, or does not say whose they are.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    result, name, at = SoftImport(), " ".join(printable(model).split()), now()
    for source in usable(open_sources(files), result.notes):
        result.labels += _labels_in(source, scheme, (name, format_name, at), result)
        result.notes += source.notes
    if not result.labels:
        reason = (result.refused or ["it has no rows"])[0]
        hint = "write a column for each topic, or the columns topic and probability"
        raise InputError(f"no soft label in {', '.join(files)}: {reason}", hint)
    annotations = workspace.judgements.parent
    if dry_run:
        before = read_soft_labels(annotations)
        result.added, notes = new_labels(before.labels, result.labels), before.faults
    else:
        result.added, notes = add_soft_labels(annotations, result.labels)
    result.notes += notes
    return result


def _labels_in(
    source: Source, scheme: Scheme, options: tuple[str, str | None, str], result: SoftImport
) -> Iterator[SoftLabel]:
    """The soft labels of a file. What is left out is told in ``result``.

    Rows of one paper, as where a row has one topic, are put together.

    Raises:
        InputError: a row does not say which model it is of, and nobody else has.
    """
    model, format_name, at = options
    rows: dict[tuple[str, str, str], SoftLabel] = {}
    for record in reader_named(format_name or guess(source)).records(source):
        if not isinstance(record, Record):
            result.refused.append(str(record))
            continue
        try:
            paper = _paper_of(record, source.name)
            probabilities = probabilities_in(record.fields, scheme, result.unknown_labels)
        except ValueError as error:
            result.refused.append(f"{source.name}, {record.where}: {error}")
            continue
        whose = model or printable(model_of(record.fields))
        if not whose:
            raise InputError(f"{source.name} does not say which model it is of", "name the model with --from NAME")
        label = SoftLabel(paper, whose, probabilities, at, {"file": source.name, "row": record.where})
        same = rows.setdefault(label.key, label)
        rows[label.key] = _joined(same, label)
    yield from rows.values()


def _joined(one: SoftLabel, other: SoftLabel) -> SoftLabel:
    """A soft label with what another row of its paper says."""
    return SoftLabel(one.paper, one.model, {**one.probabilities, **other.probabilities}, one.at, one.source)


def _paper_of(record: Record, source: str) -> Paper:
    """The paper of a row, which may have nothing but an identifier.

    Raises:
        ValueError: it has neither a title nor an abstract nor an identifier.
    """
    try:
        return paper_of(record.fields, source)
    except ValueError:
        ids = identifiers_in(record.fields)
        if not ids:
            raise ValueError("neither a title nor an abstract nor an identifier") from None
        return Paper("", "", sort_ids(ids))
