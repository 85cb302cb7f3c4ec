"""What a watch writes: the labelled papers of a day, or the latest ones, in a file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.digests import open_sources
from labeler.errors import InputError, NotFoundError
from labeler.files import atomic_write, check_folder, checked_place, os_message
from labeler.flows.corrections import refuse_to_lose_corrections
from labeler.flows.label import Filter, Labelling, labelling
from labeler.modelstore import ModelStore
from labeler.publish.chosen import TopicNames
from labeler.publish.registry import is_binary, is_feed, output_of, writer_named
from labeler.watching.batches import BatchFiles
from labeler.watching.journal import Batch, Journal
from labeler.watching.settings import Watch

if TYPE_CHECKING:
    from labeler.publish.labelled import LabelledPaper

FEED_PAPERS = 200  # that a feed has at least, as far as there are so many: who looks in once a week misses nothing


class LabelledBatches:
    """The batches of a watch with what models say of their papers, each labelled when it is first needed.

    All that is published of a batch is labelled by one model, which the journal notes.
    """

    def __init__(
        self, workspace: Workspace, watch: Watch, files: BatchFiles, journal: Journal, dry_run: bool = False
    ) -> None:
        self._workspace, self._watch, self._files, self._journal = workspace, watch, files, journal
        self._dry_run = dry_run
        self._labelled: dict[str, list[LabelledPaper]] = {}
        self._jobs: dict[str, Labelling] = {}
        self._names: Mapping[str, str] = {}
        self.notes: dict[str, None] = {}

    def write(self, batch: Batch, place: str) -> None:
        """Write an output, whose name is relative to the workspace: all papers of the day of a batch.

        A feed has the latest papers, also those of days before, the newest batch first. A dry run writes nothing.

        Raises:
            InputError: the file cannot be written.
            RefusedError: the file is a sheet with corrections that were not imported.
            LabelerError: the papers cannot be labelled.
        """
        path = self._workspace.root / place
        refuse_to_lose_corrections(path, self._workspace)
        writer = writer_named(output_of(path.suffix), self._workspace)
        batches = list(self._journal.state.batches.values())
        shown = _latest(batches) if is_feed(writer) else [other for other in batches if other.date == batch.date]
        papers = [paper for each in shown for paper in self.papers(each)]
        try:
            if self._dry_run:
                check_folder(path.parent)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make {path.parent}: {os_message(error)}", "name another place") from error
        if self._dry_run:
            if path.parent.exists():
                checked_place(path)
            return
        with atomic_write(path) as stream:
            if is_binary(writer):
                writer.write(papers, stream, self._names)
                return
            text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
            writer.write(papers, text, self._names)
            text.flush()
            text.detach()

    def papers(self, batch: Batch) -> list[LabelledPaper]:
        """The labelled papers of a batch that are to be shown; none where its file is gone.

        Raises:
            LabelerError: the papers cannot be labelled.
        """
        if batch.name not in self._labelled and not self._files.path(batch.name).exists():
            return []
        if batch.name not in self._labelled:
            job = self.job(batch)
            topics = frozenset(map(job.topic, self._watch.topics))
            sources = open_sources([str(self._files.path(batch.name))])
            shown = Filter(topics, frozenset(self._watch.only))
            self._labelled[batch.name] = [
                item._replace(since=min(item.since or batch.date, batch.date))
                for item in job.label(sources, "jsonl", shown, dated=True, linked=True)
            ]
            self._names = TopicNames({**self._names, **job.names}, topics)
            self.notes |= dict.fromkeys(job.notes)
        return self._labelled[batch.name]

    def leave(self, batch: Batch) -> None:
        """Note in the workspace's history which papers of a batch were shown, unless it is a dry run.

        Raises:
            LabelerError: the papers cannot be labelled.
        """
        self.papers(batch)
        job = self.job(batch)
        if not self._dry_run:
            job.leave(self._watch.inputs)
        self.notes |= dict.fromkeys(job.notes)

    def job(self, batch: Batch) -> Labelling:
        """The labelling of a batch by its model, or, where that is gone or there was none, by that of today.

        Raises:
            LabelerError: there is none, or it cannot be used.
        """
        if batch.name not in self._jobs:
            self._jobs[batch.name] = self._new_job(batch)
        return self._jobs[batch.name]

    def _new_job(self, batch: Batch) -> Labelling:
        store = ModelStore(self._workspace.models)
        if batch.model is not None:
            try:
                return labelling(store, batch.model, self._workspace)
            except NotFoundError:
                pass
        job = labelling(store, self._watch.model or None, self._workspace)
        self._journal.note("model", batch=batch.name, model=job.version.label)
        if job.shipped_model_used:
            self.notes[f"labelled by {job.version.label}, which comes with labeler: train a model of your own"] = None
        return job


def _latest(batches: list[Batch]) -> list[Batch]:
    """The latest batches, the newest first, which together have as many papers as a feed has."""
    shown, count = list[Batch](), 0
    for batch in reversed(batches):
        if count >= FEED_PAPERS:
            break
        shown.append(batch)
        count += batch.count
    return shown
