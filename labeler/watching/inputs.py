"""A look at the inputs of a watch: which files are new, and the papers in them.

A local file is read again when its size, or the time at which it was changed, is another one, and its content is one
that was not seen before. What an address brings is looked at each time. Papers that the watch has had before are not
told apart here.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from labeler.config import Workspace
from labeler.digests import PaperStream, open_sources
from labeler.digests.opening import may_be_fetched
from labeler.digests.reading import is_about
from labeler.digests.source import Refusal, Source
from labeler.errors import InputError, LabelerError, ServerError, UsageError
from labeler.files import os_message
from labeler.papers import Paper
from labeler.sources.days import today
from labeler.sources.query import source_meant
from labeler.storage import is_uri, list_files, may_match_many
from labeler.watching.addresses import queries_since
from labeler.watching.journal import Seen, State
from labeler.watching.mailbox import is_mailbox
from labeler.watching.settings import DATE, Watch
from labeler.wording import counted, without_secrets

FRESH = 60.0  # seconds after its last change in which a file whose end is damaged may still be being written
SETTLED = 5.0  # seconds without a change after which a file is taken to be whole
PAUSE = 1.0  # seconds between two looks at files that have changed just now
_DAMAGED, _BREAKS_OFF = "damaged", "breaks off"  # how readers call files that were cut
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", "~")  # of browsers and copies
_LONGEST_NAME = 60  # characters of the name of a mailbox that go into that of a file
_BY_LITTLE = ("titles", "page")  # formats that know themselves by little, as which many a letter could be read


class Fault(NamedTuple):
    """Something that failed: the exit code that it stands for, and a line about it."""

    code: int
    text: str


@dataclass
class Look:
    """What a look at the inputs has found. ``left`` are files that seem to be still being written."""

    files: dict[str, Seen] = field(default_factory=dict)
    mailboxes: dict[str, tuple[int, int]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def join(self, other: Look) -> None:
        """Add what was found in one input."""
        self.files |= other.files
        self.papers += other.papers
        self.notes += other.notes
        self.faults += other.faults


def look(watch: Watch, workspace: Workspace, state: State, outputs: Sequence[str]) -> Look:
    """What is new in the inputs of a watch; ``outputs`` are files of labeler's own, which are no inputs.

    An input that fails is told, and stops no other.
    """
    found, files = Look(), list[str]()
    for name in watch.inputs:
        try:
            if is_mailbox(name):
                _look_at_mailbox(name, watch, state, found)
            elif is_source(workspace, name):
                _ask(name, watch, state, found)
            elif is_uri(name):
                _read(name, watch, found)
            else:
                files += _local_files(workspace, name, outputs)
                found.notes += _no_folder(workspace, name)
        except Exception as error:  # a fault of a reader or a library must not stop the other inputs
            found.faults.append(fault_of(error, name))
    known = set(state.hashes)
    for path, status in _changed(dict.fromkeys(files), watch, state, found):
        _look_at_file(path, status, watch, known, found)
    return found


def is_source(workspace: Workspace, name: str) -> bool:
    """Whether an input is the address of a public source (``hf:today``), and not a file of that very name."""
    return may_be_fetched(name) and not os.path.lexists(workspace.root / name)


def fault_of(error: Exception, name: str = "") -> Fault:
    """An error as a fault, whose text says of which input it is; passwords and keys in addresses are left out.

    Nobody has typed what fails in a watch: what is wrong usage of a command is, here, bad input (such as an address
    whose package is missing), and so is all that an input (``name``) lacks, such as a password, unless a server failed.
    """
    text = str(error) if isinstance(error, LabelerError) else os_message(error) if isinstance(error, OSError) else ""
    text = text or f"a fault of labeler itself ({type(error).__name__}: {error}); report it"
    code = getattr(error, "exit_code", InputError.exit_code if isinstance(error, OSError) else 1)
    if isinstance(error, UsageError) or (name and isinstance(error, LabelerError) and code != ServerError.exit_code):
        code = InputError.exit_code
    return Fault(code, without_secrets(text if not name or name in text else f"{name}: {text}"))


def _fault_of_file(error: Exception, name: str) -> Fault:
    """A file that is refused, as a fault: what to do about it is not what a person at a terminal would do."""
    if isinstance(error, InputError):
        return fault_of(InputError(error.message, "it is read again when it changes"), name)
    return fault_of(error, name)


def _local_files(workspace: Workspace, name: str, outputs: Sequence[str]) -> list[str]:
    """The files that an input stands for; a folder or a pattern may have none yet.

    Raises:
        InputError: there is no such file or folder.
    """
    [path] = workspace.inputs([name])
    if not may_match_many(path):
        if not Path(path).is_file():
            meant = source_meant(name)
            hint = f"did you mean {meant!r}?" if meant else "the others are read; remove it from inputs if it is gone"
            raise InputError(f"there is no file {name} yet", hint)
        return [path]
    try:
        files = list_files([path])
    except InputError:
        if Path(path).is_dir() or set("*?[") & set(name):
            return []
        raise
    own = re.compile("|".join(re.escape(output).replace(re.escape(DATE), r"\d{4}-\d\d-\d\d") for output in outputs))
    return [file for file in files if not file.endswith(_UNFINISHED) and not (outputs and own.fullmatch(file))]


def _no_folder(workspace: Workspace, name: str) -> list[str]:
    """A note where the folder of a pattern does not exist: it may come yet, and may be misspelt."""
    fixed = list(takewhile(lambda part: not set("*?[") & set(part), Path(name).parts))
    is_pattern = len(fixed) < len(Path(name).parts)
    is_missing = is_pattern and not workspace.root.joinpath(*fixed).is_dir()
    return [f"there is no folder {Path(*fixed)} yet, in which {name} would be found"] if is_missing else []


def _changed(
    paths: Mapping[str, None], watch: Watch, state: State, found: Look
) -> Iterator[tuple[str, os.stat_result]]:
    """The files that are not as they were when they were read last, once they are whole."""
    changed: dict[str, os.stat_result] = {}
    for path in paths:
        try:
            now, before = Path(path).stat(), state.files.get(path)
        except OSError as error:
            found.faults.append(fault_of(error, path))
            continue
        is_same = before is not None and (now.st_size, now.st_mtime_ns) == (before.size, before.changed)
        if before is None or not is_same or before.refused not in ("", _read_as(watch)):
            changed[path] = now
    if any(0 <= time.time() - now.st_mtime < SETTLED for now in changed.values()):
        time.sleep(PAUSE)
    for path, before_pause in changed.items():
        if _is_as(path, before_pause):
            yield path, before_pause
        else:
            found.left.append(path)


def _is_as(path: str, before: os.stat_result) -> bool:
    """Whether a file is as it was."""
    try:
        now = Path(path).stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def _read_as(watch: Watch) -> str:
    """As what the files of a watch are read now: the format, and the version of labeler."""
    return f"{watch.format or 'any'} by labeler {version('labeler')}"


def _look_at_file(path: str, status: os.stat_result, watch: Watch, known: set[str], found: Look) -> None:
    """Read a file whose content is not ``known``, and add what is found.

    One that is empty or breaks off may still be being written if it was changed just now: it is left for the next time.
    One that is refused is read again when it changes.
    """
    is_fresh, is_cut, one = 0 <= time.time() - status.st_mtime < FRESH, False, Look()
    try:
        seen = Seen(status.st_size, status.st_mtime_ns, _hash(path))
        if seen.sha256 not in known and not is_about(Source(path, is_found=True)):  # such as a README
            is_cut = (is_fresh and not status.st_size) or _read(path, watch, one)
    except OSError as error:  # it may be readable the next time
        found.faults.append(fault_of(error, path))
        return
    except Exception as error:  # a fault of a reader must not stop the other files
        is_cut = isinstance(error, LabelerError) and _DAMAGED in error.message
        seen = seen._replace(refused=_read_as(watch))
        one.faults.append(_fault_of_file(error, Path(path).name))
    if (is_cut and is_fresh) or not _is_as(path, status):
        found.left.append(path)
        return
    known.add(seen.sha256)
    one.files[path] = seen
    found.join(one)


def _read(name: str, watch: Watch, found: Look, is_letter: bool = False) -> bool:
    """Add the papers of an input; return whether it breaks off, or its last record could not be used.

    One that ``is_letter`` is a digest only if its format tells more than that there are lines of text.

    Raises:
        LabelerError: it cannot be read, is of no known format, or none of its records is a paper.
    """
    stream = PaperStream(open_sources([name]), watch.format or None)
    papers: list[Paper] = []
    refused: list[Refusal] = []
    is_cut = False
    for item in stream:
        is_cut = isinstance(item, Refusal)
        if isinstance(item, Refusal):
            refused.append(item)
        else:
            papers.append(item)
    if is_letter and not watch.format and set(stream.formats.values()).intersection(_BY_LITTLE):
        raise InputError(f"{name} is a letter", "name its format where it is a digest")
    if refused and not papers:
        raise InputError(f"no papers in {refused[0]}", "see `labeler read --formats` for what can be read")
    found.papers += papers
    found.notes += stream.notes
    if refused:
        more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
        found.notes.append(f"not used: {refused[0]}{more}")
    return is_cut or any(_BREAKS_OFF in note for note in stream.notes)


def _ask(name: str, watch: Watch, state: State, found: Look) -> None:
    """Add what a public source has, also of the days since it was asked last."""
    noted = without_secrets(name)
    for query in queries_since(name, state.days.get(noted)):
        _read(query, watch, found)
    found.days[noted] = today().isoformat()


def _look_at_mailbox(address: str, watch: Watch, state: State, found: Look) -> None:
    """Add the papers of messages that are new in a mailbox. Most messages of most mailboxes are no digests."""
    from labeler.temporary import temporary_folder
    from labeler.watching.mailbox import new_messages

    last, others = state.mailboxes.get(address), 0
    with temporary_folder() as folder, new_messages(address, last) as mailbox:
        for uid, message in mailbox.messages:
            path = folder / f"{mailbox.name[:_LONGEST_NAME]}-{uid}.eml"
            path.write_bytes(message)
            one = Look()
            try:
                _read(str(path), watch, one, is_letter=True)
                found.join(one)
            except LabelerError:
                others += 1
            path.unlink()
        found.mailboxes[address] = (mailbox.validity, mailbox.last)
    if others:
        found.notes.append(f"{mailbox.name}: {counted(others, 'new message')} of no known format passed over")
    if mailbox.too_large:
        found.notes.append(f"{mailbox.name}: {counted(mailbox.too_large, 'new message')} too large, passed over")


def _hash(path: str) -> str:
    """The SHA-256 of a file's bytes."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.sha256(usedforsecurity=False)).hexdigest()
