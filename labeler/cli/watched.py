"""What watches did in their last runs, in words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.flows.watch_status import WatchState

_MOST_FAULTS = 3  # that are listed


def watch_lines(watches: Sequence[WatchState], beat: Mapping[str, Any] | None) -> list[str]:
    """A line or more a watch, and one about the process that watches."""
    lines = [line for watch in watches for line in _lines_of(watch)]
    if beat is not None:
        lines.append(f"  `labeler watch` last gave a sign of life at {_time(beat.get('at'))} ({beat.get('doing')}).")
    return lines


def _lines_of(watch: WatchState) -> list[str]:
    if watch.fault:
        return [f"Watches: {watch.fault}"]
    if not watch.runs:
        return [f"Watch {watch.name} has not run yet (`labeler watch --once`)."]
    from labeler.watching.journal import new_in_words

    last, before = watch.runs[-1], watch.runs[:-1]
    done = f" ({', '.join(last['done'])})" if last["done"] else ""
    new = new_in_words(last["papers"], bool(last["faults"]))
    lines = [f"Watch {watch.name}: last run {_time(last['at'])}, {new}{done}; {counted(watch.papers, 'paper')} in all."]
    if before:
        failed = sum(bool(run["faults"]) for run in before)
        papers = counted(sum(run["papers"] for run in before), "new paper")
        some = f", {failed} with faults" if failed else ""
        lines.append(f"  {counted(len(before), 'run')} before{some}: {papers}.")
    lines += [f"  failed: {text}" for _, text in last["faults"][:_MOST_FAULTS]]
    if len(last["faults"]) > _MOST_FAULTS:
        lines.append(f"  … and {len(last['faults']) - _MOST_FAULTS} more (--json lists all)")
    if watch.unfinished:
        lines.append(f"  to be finished by the next run: what was new on {', '.join(watch.unfinished)}")
    return lines


def _time(text: Any) -> str:
    """A time as people of this place write it, to the minute."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
    except (TypeError, ValueError):
        return "a time that is not known"
