"""The import of judgements into the log: from exports of Label Studio, and from tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labeler.config import Workspace
from labeler.digests.registry import guess, reader_named
from labeler.digests.source import Source
from labeler.errors import InputError
from labeler.judgements import Incoming, Judgement, JudgementLog, TableOptions, additions, from_table
from labeler.judgements.incoming import refuse_unknown_labels
from labeler.storage import is_uri
from labeler.studio.exports import read_export
from labeler.studio.interface import CONTROL
from labeler.studio.to_judgements import FOREIGN, from_studio
from labeler.topics import load_checked_scheme


@dataclass
class ImportResult:
    """The judgements that an import read, and those of them that were new (``added``)."""

    incoming: Incoming
    added: list[Judgement]
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The counts of the import, for people and programs."""
        judgements = self.incoming.judgements
        return {
            "annotations": len(judgements),
            "annotators": len({judgement.annotator for judgement in judgements}),
            "papers": len({judgement.paper for judgement in judgements}),
            "added": len(self.added),
            "corrections": sum(judgement.supersedes is not None for judgement in self.added),
            "known": len(judgements) - len(self.added),
            "skipped": sum(judgement.status == "skipped" for judgement in judgements),
            "empty": self.incoming.empty,
            "unsure": sum(judgement.unsure for judgement in judgements),
            "drafts_left_out": self.incoming.drafts,
            "unknown_labels": dict(self.incoming.unknown_labels.most_common()),
            "unknown_controls": dict(self.incoming.unknown_controls.most_common()),
            "refused": self.incoming.refused,
            "notes": self.notes,
        }


def import_exports(
    workspace: Workspace, files: Sequence[str], control: str, text_field: str, dry_run: bool = False
) -> ImportResult:
    """Add the judgements of exports of Label Studio to the log. Nothing is written if any file is unusable.

    Raises:
        InputError: a file is missing, no export, or of another project.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    total = Incoming()
    for name in files:
        path = Path(name)
        incoming = from_studio(read_export(path, control), scheme, path.name, control, text_field)
        if incoming.refused and not incoming.judgements:
            raise InputError(f"none of the annotations in {path.name} can be used: {incoming.refused[0]}")
        if control == CONTROL:
            refuse_unknown_labels(incoming, f"in {path.name}", FOREIGN)
        total.join(incoming)
    return append(workspace, total, dry_run)


def import_tables(
    workspace: Workspace,
    files: Sequence[str],
    column: str,
    complete: bool,
    annotator: str = "",
    format_name: str | None = None,
    dry_run: bool = False,
) -> ImportResult:
    """Add the judgements of tables with a column of topics to the log.

    ``complete`` says that a topic that is not named is a no. ``annotator`` is who judged, by default the file's name.

    Raises:
        InputError: a file is missing or unreadable, has no such column, or names no topic of the scheme.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    incoming, rows = Incoming(), 0
    for name in files:
        source = Source(name)
        records = list(reader_named(format_name or guess(source)).records(source))
        rows += len(records)
        meaning = TableOptions(source.name, column, complete, _changed_at(name), annotator)
        incoming.join(from_table(records, scheme, meaning))
    refuse_unknown_labels(incoming, f"in column {column!r}")
    if not incoming.judgements and (incoming.refused or not rows):
        names = ", ".join(Path(name).name for name in files)
        raise InputError(
            f"nothing in {names} can be used: {(incoming.refused or ['it has no rows'])[0]}", "mend the table"
        )
    return append(workspace, incoming, dry_run)


def append(workspace: Workspace, incoming: Incoming, dry_run: bool) -> ImportResult:
    """Add the judgements of ``incoming`` that are new to the log; with ``dry_run`` only count them."""
    log = JudgementLog(workspace.judgements)
    if dry_run:
        known = log.read()
        return ImportResult(incoming, additions(known.judgements, incoming.judgements), known.faults)
    added, notes = log.update(lambda known: additions(known, incoming.judgements))
    return ImportResult(incoming, added, notes)


def _changed_at(name: str) -> str:
    """The time of a table's last change (ISO 8601, UTC); the present for standard input and what lies elsewhere."""
    seconds = datetime.now(UTC).timestamp() if name == "-" or is_uri(name) else Path(name).stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
