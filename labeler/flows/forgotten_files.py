"""What the files of a workspace hold of people and papers that were forgotten, taken out of each of them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from labeler.appending import rewrite_lines
from labeler.config import Workspace, find_workspace
from labeler.errors import InputError
from labeler.evaluation.frozen import FILE as EVALUATION
from labeler.files import json_line, read_text, write_text
from labeler.flows.kept_curve import FILE as CURVE
from labeler.flows.kept_curve import kept_curve
from labeler.flows.kept_simulation import FILE as SIMULATION
from labeler.flows.mail import LOG as MAIL
from labeler.history import FILE as HISTORY
from labeler.json_parsing import JsonError, parse_json
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.index import INDEX
from labeler.judgements.judgement import Judgement
from labeler.judgements.same_people import SECTION
from labeler.judgements.soft_labels import FILE as SOFT_LABELS
from labeler.judgements.soft_labels import SoftLabel
from labeler.papers import Paper
from labeler.studio.known_tasks import forget_tasks
from labeler.watching.journal import FILE as JOURNAL
from labeler.watching.schedule import folder_of

_LONGEST_ENTRY = 60  # lines that one person may take in the settings
Record = dict[str, Any]


def take_out(workspace: Workspace, forgotten: Forgotten, dry_run: bool = False) -> dict[str, int]:
    """Take what was forgotten out of all files that labeler keeps in a workspace.

    Each file is replaced whole or not at all, and nothing else in it changes. A dry run changes none.

    Returns:
        The name of each file that was changed, with the number of lines or entries that were.

    Raises:
        InputError: a file cannot be written, or another process keeps it locked.
    """
    annotations, private = workspace.judgements.parent, workspace.private
    lines: list[tuple[Path, Callable[[bytes], bytes | None]]] = [
        (workspace.judgements, _dropping(lambda record: forgotten.has(Judgement.from_dict(record)))),
        (annotations / SOFT_LABELS, _dropping(lambda record: forgotten.has_paper(SoftLabel.from_dict(record).paper))),
        (annotations / EVALUATION, _dropping(lambda record: forgotten.has_ids([record["paper"], *record["ids"]]))),
        (private / HISTORY, _changing(lambda record: _without_papers(record, forgotten))),
        (private / MAIL, _dropping(lambda record: forgotten.has_annotator(record["to"]))),
    ]
    for journal in sorted(folder_of(workspace).glob(f"*/{JOURNAL}")):
        lines.append((journal, _changing(lambda record: _without_ids(record["batch"] or {}, "papers", forgotten))))
        for batch in sorted((journal.parent / "batches").glob("*.jsonl")):
            lines.append((batch, _dropping(lambda record: forgotten.has_paper(Paper.from_dict(record)))))
    changed: dict[str, int] = {}
    for path, change in lines:
        changed[path.relative_to(workspace.root).as_posix()] = rewrite_lines(path, change, dry_run)
        changed |= _removed(workspace, path.with_suffix(".torn"), dry_run)
    is_log_changed = bool(changed["annotations/judgements.jsonl"])
    changed |= _removed(workspace, private / INDEX, dry_run) if is_log_changed else {}
    changed[".labeler/tasks.json"] = forget_tasks(workspace, forgotten, dry_run)
    is_curve_kept = not is_log_changed and kept_curve(workspace)
    changed |= {} if is_curve_kept else _removed(workspace, private / CURVE, dry_run)  # its notes name people
    changed |= _removed(workspace, private / SIMULATION, dry_run)
    return {name: count for name, count in changed.items() if count}


def _dropping(is_forgotten: Callable[[Record], bool]) -> Callable[[bytes], bytes | None]:
    """What becomes of a line: it goes where its record was forgotten. One that cannot be read stays."""

    def change(line: bytes) -> bytes | None:
        with suppress(JsonError, ValueError, LookupError, TypeError, AttributeError):
            return None if is_forgotten(parse_json(line)) else line
        return line

    return change


def _changing(take: Callable[[Record], bool]) -> Callable[[bytes], bytes | None]:
    """What becomes of a line from whose record something is taken, which tells whether there was something."""

    def change(line: bytes) -> bytes | None:
        with suppress(JsonError, ValueError, LookupError, TypeError, AttributeError):
            record = parse_json(line)
            return json_line(record).encode() if take(record) else line
        return line

    return change


def _without_ids(record: Record, key: str, forgotten: Forgotten) -> bool:
    """Take the papers that were forgotten out of a list of what is kept of papers, and say whether there were any."""
    kept = [ids for ids in record.get(key) or () if not forgotten.has_ids(ids)]
    count = len(record.get(key) or ()) - len(kept)
    if count:
        record[key] = kept
    return bool(count)


def _without_papers(record: Record, forgotten: Forgotten) -> bool:
    """The same of a run of labelling, whose fields stand in the order of the papers that were shown, and not shown."""
    papers = [*(record.get("ids") or ()), *(record.get("unshown") or ())]
    stays = [not forgotten.has_ids(ids) for ids in papers]
    if record.get("fields"):
        record["fields"] = [fields for fields, is_kept in zip(record["fields"], stays, strict=False) if is_kept]
    taken = [_without_ids(record, key, forgotten) for key in ("ids", "unshown")]
    return any(taken)


def _removed(workspace: Workspace, path: Path, dry_run: bool) -> dict[str, int]:
    """Remove a file that can be done without: an index, or a line that was cut short and may hold anything."""
    try:
        if not dry_run:
            path.unlink()
        elif not path.exists():
            return {}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"cannot remove {path}", "check its permissions") from error
    return {path.relative_to(workspace.root).as_posix(): 1}


def forget_names(workspace: Workspace, forgotten: Forgotten, dry_run: bool = False) -> list[str]:
    """Take people who were forgotten out of ``[annotators]`` in the settings; return the names that a person has to.

    All else in the file stays as it is, byte by byte. A dry run changes nothing.

    Raises:
        InputError: the file cannot be written.
    """
    path, left = workspace.settings_file, list[str]()
    section: Mapping[str, Any] = find_workspace(str(workspace.root)).sections.get(SECTION, {})  # as they are by now
    for name in section:
        if forgotten.has_annotator(name):
            text = read_text(path)
            shorter = without_entry(text, ("tool", "labeler") if path.name == "pyproject.toml" else (), name)
            if shorter is None:
                left.append(name)
            elif not dry_run:
                write_text(path, shorter)
    return left


def without_entry(text: str, tables: Sequence[str], name: str) -> str | None:
    """The text of a TOML file without the lines of an entry of ``[annotators]``, which stands in these tables.

    None where the entry cannot be taken out by leaving out lines.
    """
    before = tomllib.loads(text)
    wanted = tomllib.loads(text)
    section: Any = wanted
    for table in (*tables, SECTION):
        section = section[table]
    del section[name]
    lines = text.splitlines(keepends=True)
    for start, line in enumerate(lines):
        if "=" not in line or line.lstrip().startswith("#"):
            continue
        for end in range(start + 1, min(start + _LONGEST_ENTRY, len(lines)) + 1):
            shorter = "".join(lines[:start] + lines[end:])
            with suppress(tomllib.TOMLDecodeError):
                found = tomllib.loads(shorter)
                if found == wanted:
                    return shorter
                if found != before:
                    break  # another entry went
    return None
