"""What the watches of a workspace did in their last runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from labeler.config import Workspace
from labeler.errors import InputError, LabelerError, NotFoundError
from labeler.watching.journal import Journal
from labeler.watching.schedule import folder_of, last_beat
from labeler.watching.settings import watches_of


@dataclass
class WatchState:
    """A watch: its last ``runs``, the newest last, how many papers it has given, and what is ``unfinished``.

    ``unfinished`` are the days of batches that have steps to be done. ``fault`` says why nothing is known.
    """

    name: str
    papers: int = 0
    runs: list[dict[str, Any]] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    fault: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """All that is known, for programs."""
        return asdict(self)


def watch_states(workspace: Workspace) -> tuple[list[WatchState], dict[str, Any] | None]:
    """The watches of the settings, and the last sign of life of a process that watches; none where nothing watches."""
    try:
        watches = watches_of(workspace)
    except NotFoundError:
        return [], None
    except LabelerError as error:
        return [WatchState("", fault=str(error))], None
    beat = last_beat(workspace)
    return [_state(workspace, watch.name) for watch in watches], dict(beat) if beat else None


def _state(workspace: Workspace, name: str) -> WatchState:
    """What the journal of a watch says."""
    try:
        state = Journal(folder_of(workspace) / name).state
    except InputError as error:
        return WatchState(name, fault=str(error))
    batches = state.batches.values()
    unfinished = [batch.date for batch in batches if not batch.is_closed]
    return WatchState(name, sum(batch.count for batch in batches), state.runs, unfinished)
