"""Bringing judgements in: from exports of Label Studio, and from tables."""

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
from labeler.judgements import Incoming, Judgement, JudgementLog, TableMeaning, additions, from_table
from labeler.judgements.incoming import check_known
from labeler.studio.exports import read_export
from labeler.studio.interface import CONTROL
from labeler.studio.to_judgements import FOREIGN, from_studio
from labeler.topics import sound_scheme


@dataclass
class ImportResult:
    """What an import found and what of it was new."""

    incoming: Incoming
    added: list[Judgement]
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The figures of the import, for people and programs."""
        told = self.incoming.judgements
        return {
            "annotations": len(told),
            "annotators": len({judgement.annotator for judgement in told}),
            "papers": len({judgement.paper for judgement in told}),
            "added": len(self.added),
            "corrections": sum(judgement.supersedes is not None for judgement in self.added),
            "known": len(told) - len(self.added),
            "skipped": sum(judgement.status == "skipped" for judgement in told),
            "empty": self.incoming.empty,
            "unsure": sum(judgement.unsure for judgement in told),
            "drafts_left_out": self.incoming.drafts,
            "unknown_labels": dict(self.incoming.unknown_labels.most_common()),
            "unknown_controls": dict(self.incoming.unknown_controls.most_common()),
            "refused": self.incoming.refused,
            "notes": self.notes,
        }


def import_exports(
    workspace: Workspace, files: Sequence[str], control: str, text_field: str, dry_run: bool = False
) -> ImportResult:
    """Judgements from exports of Label Studio into the log. Nothing is written if any file is unusable.

    Raises:
        InputError: a file is missing, no export, or of another project.
        RefusedError: the topic scheme has faults.
    """
    scheme = sound_scheme(workspace.topics)
    every = Incoming()
    for name in files:
        path = Path(name)
        one = from_studio(read_export(path, control), scheme, path.name, control, text_field)
        if one.refused and not one.judgements:
            raise InputError(f"none of the annotations in {path.name} can be used: {one.refused[0]}")
        if control == CONTROL:
            check_known(one, f"in {path.name}", FOREIGN)
        every.join(one)
    return append(workspace, every, dry_run)


def import_tables(
    workspace: Workspace,
    files: Sequence[str],
    column: str,
    complete: bool,
    annotator: str = "",
    format_name: str | None = None,
    dry_run: bool = False,
) -> ImportResult:
    """Judgements from tables with a column of topics into the log; ``annotator`` is who judged (default: the file).

    Raises:
        InputError: a file is missing or unreadable, has no such column, or names no topic of the scheme.
        RefusedError: the topic scheme has faults.
    """
    scheme = sound_scheme(workspace.topics)
    every, rows = Incoming(), 0
    for name in files:
        source = Source(name)
        records = list(reader_named(format_name or guess(source)).records(source))
        rows += len(records)
        every.join(from_table(records, scheme, TableMeaning(source.name, column, complete, _made(name), annotator)))
    check_known(every, f"in column {column!r}")
    if not every.judgements and (every.refused or not rows):
        names = ", ".join(Path(name).name for name in files)
        raise InputError(
            f"nothing in {names} can be used: {(every.refused or ['it has no rows'])[0]}", "mend the table"
        )
    return append(workspace, every, dry_run)


def append(workspace: Workspace, incoming: Incoming, dry_run: bool) -> ImportResult:
    """Add to the log what is new in ``incoming``."""
    log = JudgementLog(workspace.judgements)
    if dry_run:
        reading = log.read()
        return ImportResult(incoming, additions(reading.judgements, incoming.judgements), reading.faults)
    added, notes = log.update(lambda known: additions(known, incoming.judgements))
    return ImportResult(incoming, added, notes)


def _made(name: str) -> str:
    """When a table was last changed; standard input is of now."""
    seconds = datetime.now(UTC).timestamp() if name == "-" else Path(name).stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
