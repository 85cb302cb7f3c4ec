"""What a run of labelling takes from its workspace beside the model, and what it leaves in the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from labeler.appending import now
from labeler.config import Workspace
from labeler.errors import InputError
from labeler.history import FILE, History, KnownPapers, LabellingRun, ids_of
from labeler.judgements.forgotten import Forgotten, forgotten_now
from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from labeler.topics.mode import Mode

if TYPE_CHECKING:
    from labeler.studio.known_tasks import KnownTasks


class RunHistory:
    """One run in a ``workspace``: when it began, the ids of the papers that it gave, and how sure the model was.

    Of papers that were forgotten no ids are kept.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._began = now()
        self._known: KnownPapers | None = None  # None: they are not needed, and were not read
        self._tasks: KnownTasks | None = None  # as well
        self._given: list[list[str]] = []
        self._forgotten = Forgotten.of(workspace.judgements.parent)
        self._confidences, self._decided = 0.0, 0

    def read(self, is_vital: bool) -> list[str]:
        """Read which papers earlier runs gave, and return messages about what of it cannot be read.

        Raises:
            InputError: the history exists but cannot be read, and it ``is_vital``.
        """
        try:
            self._known = History(self._workspace.private / FILE).known()
        except InputError as error:
            if is_vital:
                raise
            return [f"on which day papers were labelled first is not known: {error}"]
        return self._known.faults

    def read_tasks(self) -> None:
        """Read which tasks in Label Studio papers have."""
        from labeler.studio.known_tasks import known_tasks

        self._tasks = known_tasks(self._workspace)

    def is_new(self, paper: Paper) -> bool:
        """Whether no earlier run has given a paper, as far as these were read."""
        return self._known is None or self._known.first_day(paper) is None

    def count(self, item: LabelledPaper, mode: Mode) -> None:
        """Count how sure the model is of a paper, if no person has judged it."""
        confidence = None if item.by else _confidence(item, mode)
        if confidence is not None:
            self._confidences += confidence
            self._decided += 1

    def give(self, item: LabelledPaper) -> LabelledPaper:
        """Note that a paper is given. It is returned with its first day and its task, where these were read."""
        if not self._forgotten.has_paper(item.paper):
            self._given.append(ids_of(item.paper))
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
            with forgotten_now(self._workspace) as now:
                is_same = now.keys == self._forgotten.keys
                ids = self._given if is_same else [one for one in self._given if not now.has_ids(one)]
                return History(self._workspace.private / FILE).append(LabellingRun(*counts, ids))
        except InputError as error:
            return [f"this run is not in the history of the workspace, so that its papers stay new: {error}"]


def _confidence(item: LabelledPaper, mode: Mode) -> float | None:
    """How sure a model is of a paper: the probability of the least sure of its topics, or that it has none."""
    given = [probability for _, probability, _ in item.topics]
    known = [probability for probability in item.scores.values() if not isnan(probability)]
    if not given and known:
        given = [1 - sum(known) if mode == Mode.SINGLE else 1 - max(known)]
    return None if not given or any(map(isnan, given)) else min(max(min(given), 0.0), 1.0)
