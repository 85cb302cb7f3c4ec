"""Corrections that people wrote into a sheet, and that a new sheet in its place would take away."""

from __future__ import annotations

from pathlib import Path

from labeler.config import Workspace
from labeler.digests.source import Source
from labeler.errors import LabelerError, RefusedError

_SHEETS = (".csv", ".xlsx")
_LARGEST = 50_000_000  # bytes of a sheet that a person corrects; it takes time to read more


def refuse_to_lose_corrections(file: Path, workspace: Workspace | None) -> None:
    """Refuse to write to a file that is a sheet with corrections which were not imported.

    Raises:
        RefusedError: it is one.
    """
    is_small_sheet = file.suffix.lower() in _SHEETS and file.is_file() and file.stat().st_size <= _LARGEST
    lost = _not_imported(str(file), workspace) if is_small_sheet else None
    if lost is not None:
        why, what_to_do = f": {lost}" if lost else "", "mend this, then " if lost else ""
        raise RefusedError(
            f"{file} has corrections that were not imported, and would be lost{why}",
            f"{what_to_do}`labeler import {file}` first, or name another file",
        )


def _not_imported(file: str, workspace: Workspace | None) -> str | None:
    """Why corrections in a sheet are not in the log: what is wrong with a row, or nothing where an import would do.

    None where all are there, or there are none. Of a row that was imported without a label that is no topic, all is
    there that can be.
    """
    from labeler.flows.import_ import import_sheets
    from labeler.judgements import JudgementLog
    from labeler.judgements.from_sheet import has_corrections, is_sheet, rows_of

    try:
        if not (is_sheet(Source(file)) and has_corrections(rows_of(Source(file)))):
            return None
    except LabelerError:  # it is damaged, and cannot be imported
        return None
    if workspace is None:
        return ""
    try:
        result = import_sheets(workspace, [Source(file)], dry_run=True)
    except LabelerError as error:  # nothing in it is a topic yet, or the scheme has faults
        return error.message
    log = JudgementLog(workspace.judgements).read().judgements
    known = {(one.paper, frozenset(one.yes), one.role) for one in log}
    added = ((one.paper, frozenset(one.yes), one.role) for one in result.added)  # whoever is named as their annotator
    if not known.issuperset(added):
        return ""
    used = tuple(f"{one.source['file']}, {one.source['row']}: " for one in result.incoming.judgements)
    return next((line for line in result.incoming.refused if not line.startswith(used)), None)
