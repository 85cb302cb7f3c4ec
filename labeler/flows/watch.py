"""One run of a watch: what is new is labelled and published, each step once, whatever was interrupted before.

A look at the inputs makes a batch of the papers that are new, which stays the same from then on. Each step that
publishes it (an output, the mail, the server's queue) can be repeated, and is noted after it was done: a run that was
killed is completed by the next one. A step that fails stops no other, and is tried again by the next run.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from labeler.appending import now
from labeler.config import Workspace
from labeler.errors import InputError, ServerError, UsageError
from labeler.files import atomic_write
from labeler.flows.watch_outputs import LabelledBatches
from labeler.history import KnownPapers, ids_of
from labeler.judgements.forgotten import Forgotten
from labeler.papers import merge
from labeler.watching.batches import BatchFiles
from labeler.watching.inputs import Fault, fault_of, look
from labeler.watching.journal import Batch, Journal, new_in_words
from labeler.watching.schedule import folder_of
from labeler.watching.settings import DATE, Watch
from labeler.wording import counted

OUTPUT, HISTORY, MAIL, PUSH, PULL = "output:", "history", "mail", "push", "pull"
_OWN = "own:"  # what stands at the place of an output is of the watch from here on
_AT_SERVERS = (MAIL, PUSH, PULL)
_DAY = 86400  # seconds
Between = Callable[[str], None]


@dataclass
class WatchRun:
    """What a run has come to: how many ``papers`` were new, the steps that were ``done``, and what failed.

    Of a dry run, ``done`` has the steps that would be done.
    """

    name: str
    papers: int = 0
    model: str | None = None
    done: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code that the faults stand for: that of a server where one failed, else that of the first."""
        codes = [fault.code for fault in self.faults]
        return ServerError.exit_code if ServerError.exit_code in codes else next(iter(codes), 0)

    @property
    def is_worth_telling(self) -> bool:
        """Whether anything has happened."""
        return bool(self.papers or self.done or self.notes or self.faults)

    def summary(self) -> str:
        """What has come of it, as one line."""
        new = new_in_words(self.papers, bool(self.faults))
        by = f", {'to be ' if self.dry_run else ''}labelled by {self.model}" if self.model else ""
        if self.dry_run:
            return f"{self.name}: {new}{by}" + (f". Would make: {', '.join(self.done)}" if self.done else "")
        return f"{self.name}: {new}{by}" + (f": {', '.join(self.done)}" if self.done else "")

    def to_dict(self) -> dict[str, Any]:
        """The run for programs."""
        faults = [{"code": fault.code, "text": fault.text} for fault in self.faults]
        return {
            "name": self.name,
            "papers": self.papers,
            "model": self.model,
            "done": self.done,
            "notes": self.notes,
            "faults": faults,
        }


def run_watch(
    workspace: Workspace,
    watch: Watch,
    outputs: list[str],
    between: Between = lambda _: None,
    scratch: Path | None = None,
) -> WatchRun:
    """Run a watch once. No other process may be at work (:func:`labeler.watching.schedule.at_work`).

    ``outputs`` are the files that watches of the workspace write, which are no inputs. ``between`` is called between
    two steps, with what comes next; what it raises ends the run there. With a ``scratch`` folder, where the new papers
    go, it is a dry run, which does everything but write, send and train.

    Raises:
        InputError: the journal of the watch cannot be read or written.
    """
    began = time.monotonic()
    run = _Run(workspace, watch, between, scratch)
    run.result.notes += run.journal.state.faults
    run.learn()
    run.look(outputs)
    batches = list(run.journal.state.batches.values())
    for batch in batches:
        run.publish(batch)
    result = run.result
    is_empty_day = watch.every >= _DAY and today() not in {batch.date for batch in batches}
    if watch.mail and is_empty_day and not result.faults:  # where an input failed, nobody knows
        run.mail_empty_day()
    result.notes += run.labelled.notes
    run.journal.note(
        "run", at=now(), seconds=round(time.monotonic() - began, 1), papers=result.papers, model=result.model,
        done=result.done, faults=[list(fault) for fault in result.faults],
    )  # fmt: skip
    return result


class _Run:
    """A run of a watch that is at work."""

    def __init__(self, workspace: Workspace, watch: Watch, between: Between, scratch: Path | None) -> None:
        self.is_dry = scratch is not None
        folder = folder_of(workspace) / watch.name
        self.workspace, self.watch, self.between = workspace, watch, between
        self.journal, self.files = Journal(folder, self.is_dry), BatchFiles(folder / "batches", scratch)
        self.labelled = LabelledBatches(workspace, watch, self.files, self.journal, self.is_dry)
        self.result = WatchRun(watch.name, dry_run=self.is_dry)
        self.dead: set[str] = set()

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Do a step; what fails in it is kept as a fault."""
        self.between(what)
        try:
            yield
        except Exception as error:  # one of a library is no reason not to do the other steps
            fault = fault_of(error)
            if isinstance(error, UsageError) and what in _AT_SERVERS:  # the password or the key of a server is missing
                fault = fault._replace(code=ServerError.exit_code)
            if fault not in self.result.faults:
                self.result.faults.append(fault)

    def learn(self) -> None:
        """Bring judgements from the server, and train where enough papers were judged, wherever they come from."""
        from labeler.flows.watch_loop import pull_judgements, train_if_due

        if self.watch.pull:
            with self.step(PULL):
                self.result.notes += pull_judgements(self.workspace, self.is_dry)
        if self.watch.train is not None:
            with self.step("train"):
                self.result.notes += train_if_due(self.workspace, self.watch.train, self.is_dry)

    def look(self, outputs: list[str]) -> None:
        """Look at the inputs, and make a batch of the papers that are new."""
        self.between("look")
        state = self.journal.state
        found = look(self.watch, self.workspace, state, outputs)
        self.result.faults += found.faults
        self.result.notes += found.notes
        if found.left:
            self.result.notes.append(f"still being written, and left for the next run: {', '.join(found.left)}")
        known = KnownPapers(state.given)
        forgotten = Forgotten.of(self.workspace.judgements.parent)
        papers = [paper for paper in forgotten.without(merge(found.papers)) if known.first_day(paper) is None]
        changed = found.days.items() - state.days.items() or found.mailboxes.items() - state.mailboxes.items()
        if not (papers or found.files or changed):
            return
        batch = None
        if papers:
            date = today()
            batch = {"name": self.files.write(date, papers), "date": date, "papers": list(map(ids_of, papers))}
        self.journal.note(
            "looked", at=now(), files=found.files, mailboxes=found.mailboxes, days=found.days, batch=batch
        )
        self.result.papers = len(papers)

    def publish(self, batch: Batch) -> None:
        """Do the steps that were not yet done with a batch.

        Of a batch with which all was done, outputs that are new in the settings are written if it is the newest.
        """
        if batch.is_closed and batch is not self.journal.state.newest:
            return
        if not self.files.path(batch.name).exists():
            self._give_up(batch)
            return
        steps: dict[str, Callable[[], str]] = {}
        if not batch.is_closed and self.watch.push is not None:
            steps[PUSH] = partial(self._push, batch)  # first, as pages and mails link to the tasks
        steps |= {OUTPUT + output: partial(self._write, batch, output) for output in self.watch.outputs}
        if not batch.is_closed:
            steps[HISTORY] = partial(self._leave, batch)
            steps |= {MAIL: partial(self._mail, batch)} if self.watch.mail else {}
        for name, action in steps.items():
            if name not in batch.done and name not in self.dead:
                self._do(batch, name, action)
        if not batch.is_closed and batch.done.issuperset(steps):
            self.journal.note("closed", batch=batch.name)

    def _give_up(self, batch: Batch) -> None:
        """Close a batch whose papers a person or a program has removed."""
        if not batch.is_closed:
            lost = f"{counted(batch.count, 'paper')} that were new on {batch.date} are gone from {self.files.folder}"
            self.result.faults.append(Fault(InputError.exit_code, f"{lost}, and not published any more"))
            self.journal.note("closed", batch=batch.name)

    def _do(self, batch: Batch, name: str, action: Callable[[], str]) -> None:
        """Do a step, and note that it was done. A server that has failed is asked no more in this run."""
        with self.step(name.removeprefix(OUTPUT)):
            try:
                told = action()
            except ServerError:
                self.dead.add(name)
                raise
            self.journal.note("done", batch=batch.name, step=name)
            if told:
                self.result.done.append(told)
                self.result.model = batch.model or self.result.model

    def _write(self, batch: Batch, output: str) -> str:
        """Write an output, unless a later batch writes the same file."""
        batches = list(self.journal.state.batches.values())
        later = batches[batches.index(batch) + 1 :]
        if any(DATE not in output or other.date == batch.date for other in later):
            return ""
        place = output.replace(DATE, batch.date)
        days = [other for other in batches if DATE not in output or other.date == batch.date]
        if not any({OUTPUT + output, _OWN + output} & other.done for other in days):
            self._keep_others(place)
            self.journal.note("done", batch=batch.name, step=_OWN + output)  # so that a killed run knows its own file
        self.labelled.write(batch, place)
        return place

    def _keep_others(self, place: str) -> None:
        """Keep a copy of a file that this watch has not written, as somebody may want it back, and say so."""
        path = self.workspace.root / place
        if path.is_file():
            names = (path.with_name(f"{path.name}~{number or ''}") for number in count())
            copy = next(name for name in names if not name.exists())
            if not self.is_dry:
                with path.open("rb") as stream, atomic_write(copy) as out:  # which a kill leaves whole or not there
                    shutil.copyfileobj(stream, out)
            kept = "would be kept" if self.is_dry else "is kept"
            self.result.notes.append(f"{place} was there, and not of this watch: what it was {kept} as {copy.name}")

    def _leave(self, batch: Batch) -> str:
        """Note the batch in the history of the workspace."""
        self.labelled.leave(batch)
        return ""

    def _mail(self, batch: Batch) -> str:
        """Mail a batch to the subscribers; addresses that the server refuses for good are told, once."""
        from labeler.flows.watch_mail import mail_papers

        papers, job = self.labelled.papers(batch), self.labelled.job(batch)
        sent, refused, notes = mail_papers(self.workspace, papers, job, self.is_dry)
        self.result.faults += [Fault(ServerError.exit_code, text) for text in refused]
        self.result.notes += [note for note in notes if note not in self.result.notes]
        return sent

    def mail_empty_day(self) -> None:
        """Tell subscribers who want to know of it that there is nothing new on a day."""
        from labeler.flows.watch_mail import mail_nothing

        with self.step(MAIL):
            if told := mail_nothing(self.workspace, self.watch.model, self.is_dry):
                self.result.done.append(told)

    def _push(self, batch: Batch) -> str:
        """Send papers of a batch to the Label Studio server, up to as many as are to wait there."""
        from labeler.flows.watch_loop import push_papers

        return push_papers(self.workspace, self.files.path(batch.name), self.watch.push or 0, self.is_dry)


def today() -> str:
    """The present day where this machine is."""
    return datetime.now().astimezone().date().isoformat()
