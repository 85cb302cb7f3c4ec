"""The judged tables that versions were trained on, where they are found again: papers of tables are not in the log."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.evaluation.judged import JudgedSet
from labeler.judgements import JudgedPaper
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.tables import JudgedTables, Tables
from labeler.modelstore import Version
from labeler.papers.ids import identifier_hash
from labeler.storage import exists, is_uri
from labeler.topics import Scheme
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

_NAMED = 3  # files that are told by their names


class Trained(NamedTuple):
    """A version and its model."""

    version: Version
    model: TopicModel


def places(files: Sequence[str], root: Path) -> tuple[str, ...]:
    """Where files lie, from the folder of a workspace; addresses as they are."""
    return tuple(file if is_uri(file) else _from(root, file) for file in files)


def _from(root: Path, file: str) -> str:
    try:
        return Path(os.path.relpath(Path(file).absolute(), root.absolute())).as_posix()
    except ValueError:  # on another drive
        return str(Path(file).absolute())


def with_tables(
    judged: JudgedSet, workspace: Workspace, versions: Sequence[Trained], scheme: Scheme
) -> tuple[JudgedSet, list[str]]:
    """Judged papers of the log, and those of the tables that ``versions`` were trained on; and notes on these.

    Of a table, those papers count that a version held out, or that are new to one. Of the others no version knows what
    it would have said without them.
    """
    known = {identifier for paper in judged.papers for identifier in paper.ids}
    notes, read = list[str](), set[tuple[tuple[str, ...], str]]()
    for trained in versions:
        try:
            tables, missing = tables_of(trained.version, workspace)
            if missing:
                notes.append(_lost(trained.version, f"are not found again: {_listed(missing)}"))
            if tables is None or (tables.files, tables.column) in read:
                continue
            read.add((tables.files, tables.column))
            papers = JudgedTables(tables, scheme, known, Forgotten.of(workspace.judgements.parent))
            some = JudgedSet.of_papers(_that_can_measure(papers, versions), scheme)
            notes += _changes(trained.version, tables)
        except LabelerError as error:
            notes.append(_lost(trained.version, f"cannot be read now: {error.message}"))
            continue
        if left_out := papers.papers - len(some.papers):
            rows = counted(left_out, "paper")
            notes.append(f"{rows} of tables left out: no version says what it would have said without them")
        judged = judged.and_others(some)
        known |= {identifier for paper in some.papers for identifier in paper.ids}
    return judged, notes


def tables_of(version: Version, workspace: Workspace) -> tuple[Tables | None, list[str]]:
    """The tables of a version, None where it has none that are found; and the names of files that are not."""
    state, lineage = version.manifest.training.state, version.manifest.training.lineage
    if version.shipped or state is None or state.tables is None:
        return None, []
    record = state.tables
    known = lineage.tables if lineage and len(lineage.tables) == len(record.files) else ()
    files, missing = list[str](), list[str]()
    for number, (name, sha256) in enumerate(record.files):
        file = _file(known[number] if known else "", name, sha256, workspace.root)
        if file:
            files.append(file)
        else:
            missing.append(known[number] if known else name)
    tables = Tables(tuple(files), record.column, record.complete, separator=record.separator)
    return (tables if files else None), missing


def _file(place: str, name: str, sha256: str, root: Path) -> str:
    """Where a table lies: at its place, else in the workspace or the current folder, if it is the same; else empty."""
    if place:
        file = place if is_uri(place) else str(root / place)
        if exists(file) if is_uri(file) else Path(file).is_file():
            return file
    for folder in (root, Path()):
        file = str(folder / name)
        if Path(file).is_file() and Tables((file,), "", complete=False).hashes()[0][1] == sha256:
            return file
    return ""


def _that_can_measure(papers: JudgedTables, versions: Sequence[Trained]) -> Iterator[JudgedPaper]:
    """The papers that a version held out, or that are new to one."""
    held_out = set[int]()
    for trained in versions:
        if trained.model.held_out_papers is not None:
            held_out.update(trained.model.held_out_papers.tolist())
    for item in papers:
        ids = item.paper.ids
        is_new = any(trained.model.has_learned_from(ids) is not True for trained in versions)
        if is_new or not held_out.isdisjoint(map(identifier_hash, ids)):
            yield item


def _changes(version: Version, tables: Tables) -> list[str]:
    """A note on tables that are no longer as they were in the training."""
    state = version.manifest.training.state
    before = dict(state.tables.files) if state and state.tables else {}
    changed = [name for name, sha256 in tables.hashes() if before.get(name) != sha256]
    if not changed:
        return []
    return [f"changed since {version.label} was trained on it, and counts as it is now: {_listed(changed)}"]


def _lost(version: Version, what: str) -> str:
    """A note on tables whose papers cannot be counted."""
    state = version.manifest.training.state
    assert state is not None
    assert state.tables is not None
    option = f"--topics-column {state.tables.column}{' --complete' if state.tables.complete else ''}"
    return f"tables that {version.label} was trained on {what}; to count their papers, name them, with {option}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {counted(len(names) - _NAMED, 'more file')}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
