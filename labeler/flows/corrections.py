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
    if is_small_sheet and _not_imported(str(file), workspace):
        raise RefusedError(
            f"{file} has corrections that were not imported, and would be lost",
            f"`labeler import {file}` first, or name another file",
        )


def _not_imported(file: str, workspace: Workspace | None) -> bool:
    from labeler.flows.import_ import import_sheets
    from labeler.judgements import JudgementLog
    from labeler.judgements.from_sheet import has_corrections, is_sheet, rows_of

    try:
        if not (is_sheet(Source(file)) and has_corrections(rows_of(Source(file)))):
            return False
    except LabelerError:  # it is damaged, and cannot be imported
        return False
    if workspace is None:
        return True
    try:
        result = import_sheets(workspace, [Source(file)], dry_run=True)
    except LabelerError:  # nothing in it is a topic yet, or the scheme has faults
        return True
    log = JudgementLog(workspace.judgements).read().judgements
    known = {(one.paper, frozenset(one.yes), one.role) for one in log}
    added = ((one.paper, frozenset(one.yes), one.role) for one in result.added)  # whoever is named as their annotator
    return bool(result.incoming.refused) or not known.issuperset(added)
