"""What a run of labelling takes from its workspace beside the model, and what it leaves in the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from labeler.appending import now
from labeler.config import Workspace
from labeler.drift.streams import UNFAMILIAR
from labeler.errors import InputError
from labeler.history import FILE, History, KnownPapers, LabellingRun, ids_of
from labeler.judgements.forgotten import Forgotten, forgotten_now
from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from labeler.topics.mode import Mode

if TYPE_CHECKING:
    from labeler.studio.known_tasks import KnownTasks


_MOST_FIELDS = 5000  # papers of a run up to which their fields are told: above, it is an archive and no day's papers


class RunHistory:
    """One run in a ``workspace``: when it began, which papers it gave, their fields, and how sure the model was.

    Of papers that were forgotten nothing is kept.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._began = now()
        self._known: KnownPapers | None = None  # None: they are not needed, and were not read
        self._tasks: KnownTasks | None = None  # as well
        self._given: list[tuple[list[str], dict[str, float]]] = []  # the ids of each paper, and its fields
        self._unshown: list[tuple[list[str], dict[str, float]]] = []
        self._forgotten = Forgotten.of(workspace.judgements.parent)
        self._confidences, self._decided = 0.0, 0

    def read(self, is_vital: bool) -> list[str]:
        """Read which papers earlier runs gave, and return messages about what of it cannot be read.

        Raises:
            InputError: the history exists but cannot be read, and it ``is_vital``.
        """
        try:
            self._known = History(self.workspace.private / FILE).known()
        except InputError as error:
            if is_vital:
                raise
            return [f"on which day papers were labelled first is not known: {error}"]
        return self._known.faults

    def read_tasks(self) -> None:
        """Read which tasks in Label Studio papers have."""
        from labeler.studio.known_tasks import known_tasks

        self._tasks = known_tasks(self.workspace)

    def is_new(self, paper: Paper) -> bool:
        """Whether no earlier run has given a paper, as far as these were read."""
        return self._known is None or self._known.first_day(paper) is None

    def note(self, item: LabelledPaper, mode: Mode, is_shown: bool) -> None:
        """Note a labelled paper: its fields, and how sure the model is of it, if no person has judged it."""
        if not self._forgotten.has_paper(item.paper):
            papers = self._given if is_shown else self._unshown
            papers.append((ids_of(item.paper), self._fields(item)))
        confidence = None if item.by else _confidence(item, mode)
        if confidence is not None:
            self._confidences += confidence
            self._decided += 1

    def dated(self, item: LabelledPaper) -> LabelledPaper:
        """A paper with the day on which it was labelled first, and its task, where these were read."""
        if self._known is not None:
            item = item._replace(since=self._known.first_day(item.paper) or self._began[:10])
        return item if self._tasks is None else item._replace(task=self._tasks.address(item.paper))

    def leave(
        self, inputs: Sequence[str], model: str, papers: int, decisions: Mapping[str, int], topics: Mapping[str, int],
        unfamiliar: int = 0,
    ) -> list[str]:  # fmt: skip
        """Append the run to the history, when all that it wrote is in place, and return messages.

        Where that cannot be, as in a workspace that may only be read, a message says it, and the labels are as good.
        """
        confidence = self._confidences / self._decided if self._decided else None
        counts = (self._began, tuple(inputs), model, papers, decisions, topics, unfamiliar, confidence)
        try:
            with forgotten_now(self.workspace) as now:
                given, unshown = (
                    [one for one in some if not now.has_ids(one[0])] for some in (self._given, self._unshown)
                )
                is_archive = len(given) + len(unshown) > _MOST_FIELDS
                unshown = [] if is_archive else unshown
                run = LabellingRun(
                    *counts,
                    ids=[ids for ids, _ in given],
                    unshown=[ids for ids, _ in unshown],
                    fields=[] if is_archive else [fields for _, fields in (*given, *unshown)],
                )
                return History(self.workspace.private / FILE).append(run)
        except InputError as error:
            return [f"this run is not in the history of the workspace, so that its papers stay new: {error}"]

    def _fields(self, item: LabelledPaper) -> dict[str, float]:
        """The fields of a paper; none when there are too many papers to tell any."""
        if len(self._given) + len(self._unshown) >= _MOST_FIELDS:
            return {}
        from labeler.drift.fields import shipped_fields

        (fields,) = shipped_fields().fields_of([item.paper.text])
        return fields | ({UNFAMILIAR: 1.0} if item.reason == UNFAMILIAR else {})


def _confidence(item: LabelledPaper, mode: Mode) -> float | None:
    """How sure a model is of a paper: the probability of the least sure of its topics, or that it has none."""
    given = [probability for _, probability, _ in item.topics]
    known = [probability for probability in item.scores.values() if not isnan(probability)]
    if not given and known:
        given = [1 - sum(known) if mode == Mode.SINGLE else 1 - max(known)]
    return None if not given or any(map(isnan, given)) else min(max(min(given), 0.0), 1.0)
