"""The journal of a watch: what it has seen, the batches that it made of it, and the steps that were done with each.

It is a file of JSON lines that only grows, and the state of the watch is what its lines say together. A line is
written after what it tells was done, and each step can be repeated: a process that is killed between two of them
repeats the last one at most. Only one process at a time writes here (:func:`labeler.watching.schedule.at_work`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from labeler.appending import append_lines, open_to_append, read_lines
from labeler.history import LabellingRun
from labeler.wording import counted

FILE = "journal.jsonl"
_MOST_RUNS = 30  # that are told
_RUN: dict[str, Callable[[Any], Any]] = {
    "at": str, "seconds": float, "papers": int, "model": lambda model: model, "done": list, "faults": list,
}  # fmt: skip


class Seen(NamedTuple):
    """A local file as it was when it was read: its size, when it was changed (ns), and the SHA-256 of its bytes.

    One that was refused says as what it was read: in another format, or by another labeler, it may be read.
    """

    size: int
    changed: int
    sha256: str
    refused: str = ""


@dataclass
class Batch:
    """Papers that were new in one look at the inputs; they stay the same, whatever happens to the inputs.

    ``date`` is the day on which it was made, ``model`` the one that labels it, and ``done`` the steps that were done.
    """

    name: str
    date: str
    count: int
    model: str | None = None
    done: set[str] = field(default_factory=set)
    is_closed: bool = False


@dataclass
class State:
    """What a journal says.

    ``files`` are the local inputs by path, ``hashes`` those of contents that were read. ``mailboxes`` has the
    UIDVALIDITY and the last UID of each by its address, ``days`` the day on which each public source was asked last.
    ``given`` has the papers of all batches, ``runs`` are the last runs, and ``faults`` messages about lines.
    """

    files: dict[str, Seen] = field(default_factory=dict)
    hashes: set[str] = field(default_factory=set)
    mailboxes: dict[str, tuple[int, int]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    given: list[LabellingRun] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def newest(self) -> Batch | None:
        """The newest batch."""
        return next(reversed(self.batches.values()), None)

    def take(self, event: Mapping[str, Any]) -> None:
        """Add what a line says.

        Raises:
            ValueError: it is no line of a journal.
        """
        try:
            self._take(event, event["event"])
        except (LookupError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"no line of a journal ({error!r})") from error

    def _take(self, event: Mapping[str, Any], kind: str) -> None:
        """Add what a line of a kind says."""
        if kind == "looked":
            self._take_look(event)
        elif kind == "model":
            self.batches[event["batch"]].model = event["model"]
        elif kind == "done":
            self.batches[event["batch"]].done.add(event["step"])
        elif kind == "closed":
            self.batches[event["batch"]].is_closed = True
        elif kind == "run":
            run = {key: convert(event[key]) for key, convert in _RUN.items()}
            self.runs = [*self.runs[1 - _MOST_RUNS :], run]
        else:
            raise ValueError(kind)

    def _take_look(self, event: Mapping[str, Any]) -> None:
        """Add what a look at the inputs has found, or nothing where the line is damaged."""
        files = {path: _seen(*said) for path, said in event["files"].items()}
        mailboxes = {name: (int(last[0]), int(last[1])) for name, last in event["mailboxes"].items()}
        days = {name: str(day) for name, day in event["days"].items()}
        if batch := event["batch"]:
            run = LabellingRun.from_dict({"at": event["at"], "papers": len(batch["papers"]), "ids": batch["papers"]})
            one = Batch(str(batch["name"]), str(batch["date"]), run.papers)
            self.batches[one.name] = one
            self.given.append(run)
        self.files |= files
        self.hashes |= {seen.sha256 for seen in files.values() if not seen.refused}
        self.mailboxes |= mailboxes
        self.days |= days


def new_in_words(papers: int, has_failed: bool) -> str:
    """How many papers were new in a run; where something failed, nobody knows whether there is more."""
    if papers:
        return counted(papers, "new paper")
    return "no new papers in what could be read" if has_failed else "nothing new"


def _seen(size: Any, changed: Any, hashed: Any, refused: Any = "") -> Seen:
    """A file as a line tells of it."""
    return Seen(int(size), int(changed), str(hashed), str(refused))


class Journal:
    """The journal in a folder, which need not exist yet, and the state that it tells.

    Raises:
        InputError: it cannot be read.
    """

    def __init__(self, folder: Path, dry_run: bool = False) -> None:
        self.path, self._dry_run = folder / FILE, dry_run
        self.state = State()
        self.state.faults += read_lines(self.path, self.state.take).faults

    def note(self, event: str, **said: Any) -> None:
        """Write a line, and add it to the state. It is on the disk when this returns; in a dry run none is written.

        Raises:
            InputError: it cannot be written; the journal says what it said before.
        """
        record = {"event": event, **said}
        if not self._dry_run:
            with open_to_append(self.path, "the step that was interrupted is done again") as (stream, messages):
                append_lines(stream, [record])
            self.state.faults += messages
        self.state.take(record)
