"""From the history of labelling to what has changed in it: streams of papers, and the fields that rose in each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from labeler.history import LabellingRun
from labeler.papers.ids import STRONG
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.measure.figures import FieldCounts

UNFAMILIAR = "unfamiliar"  # stands among fields for papers of words that the model does not know
OTHER = "other"  # as well; its probability is the share of a paper's words that the map of fields does not know
_NO_FIELDS = {UNFAMILIAR: "of words that the model does not know", OTHER: "of a field that is none of arXiv's"}
_POOLED = ""  # the stream of inputs whose names come once
_MOST_PAPERS = 40  # that are named to be judged
_NAMED = 3  # of them, in a sentence
_LESS_LEARNED = 0.5  # share of a field among papers that were learned from, relative to now, from which it is known
_DATES = re.compile(r"\d+|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*")


class Portion(NamedTuple):
    """Papers of a stream that came together: since when, how many reach each level of each field, and who they are.

    ``members`` maps a field to the identifiers of its papers, those that are most of the field first.
    """

    at: str
    papers: int
    counts: Counter[tuple[str, float]]
    members: Mapping[str, Sequence[str]]


class Risen(NamedTuple):
    """A field that has become more frequent among the papers that come.

    Since ``since`` (a day, ISO 8601), a share ``after`` of ``papers`` papers reaches a ``level`` of probability in
    the ``field``; ``before`` it was that share. Of the ``learned_from`` papers of the model, ``learned`` do; both are
    None where that is not known. ``ids`` are papers of the field that came since, the most typical of the latest first.
    """

    field: str
    level: float
    since: str
    before: float
    after: float
    papers: int
    learned: int | None
    learned_from: int | None
    ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        return self._asdict() | {"before": round(self.before, 4), "after": round(self.after, 4), "ids": list(self.ids)}

    def sentence(self, names: Mapping[str, str]) -> str:
        """The change in words; ``names`` are those of fields."""
        what = _NO_FIELDS.get(self.field) or f"of {names.get(self.field, self.field)}"
        known = ""
        if self.learned is not None and self.field != UNFAMILIAR:
            known = f", and of {counted(self.learned_from or 0, 'paper')} learned from {self.learned}"
        named = ", ".join(self.ids[:_NAMED]) + (", …" if len(self.ids) > _NAMED else "")
        return (
            f"The papers have changed: since {self.since}, {round(self.after * self.papers)} of "
            f"{counted(self.papers, 'paper')} are {what} ({self.after:.0%}), before it were {self.before:.1%}{known}. "
            f"Judge some of these: {named}."
        )


def risen(runs: Iterable[LabellingRun], learned: FieldCounts | None) -> list[Risen]:
    """The fields that rose in the streams of papers that some runs of labelling gave, the clearest first.

    A paper counts once, in the first run that gave it. A field is left out if among the papers that were ``learned``
    from it is at least half as frequent as it is now: the model knows it.
    """
    found: list[tuple[float, Risen]] = []
    for portions in streams(runs).values():
        found += _risen_in(portions, learned)
    clearest: dict[str, tuple[float, Risen]] = {}
    for ratio, one in sorted(found, key=lambda item: -item[0]):
        clearest.setdefault(one.field, (ratio, one))
    return [one for _, one in clearest.values()]


def streams(runs: Iterable[LabellingRun]) -> dict[str, list[Portion]]:
    """The streams that runs read, each in portions in the order of time.

    Runs are of one stream if the names of their inputs are equal without figures and months: each list of papers has
    a mixture of its own. Runs whose names come once are of one stream together.
    """
    from labeler.drift.chart import PORTION

    waiting = sorted((run for run in runs if run.fields), key=lambda run: run.at)
    times = Counter(map(_stream, waiting))
    seen, found, open_papers = set[str](), defaultdict[str, list[Portion]](list), defaultdict[str, list[Any]](list)
    for run in waiting:
        name = _stream(run) if times[_stream(run)] > 1 else _POOLED
        for ids, fields in zip((*run.ids, *run.unshown), run.fields, strict=False):
            keys = [one for one in ids if one.startswith(STRONG)] or [" ".join(ids)]
            if seen.isdisjoint(keys):
                open_papers[name].append((run.at, ids, fields))
            seen.update(keys)
        if len(open_papers[name]) >= PORTION:
            found[name].append(_portion(open_papers.pop(name)))
    return found


def _stream(run: LabellingRun) -> str:
    return " ".join(_DATES.sub("", name) for name in run.inputs)


def _portion(papers: Sequence[tuple[str, Sequence[str], Mapping[str, float]]]) -> Portion:
    """The portion of some papers, each with the time of its run, its identifiers and its fields."""
    from labeler.drift.fields import field_counts

    members = defaultdict[str, list[tuple[float, str]]](list)
    for _, ids, fields in papers:
        for field, likely in fields.items():
            members[field].append((-likely, ids[0]))
    typical = {field: [name for _, name in sorted(some)] for field, some in members.items()}
    return Portion(papers[0][0], len(papers), field_counts(fields for _, _, fields in papers), typical)


def _risen_in(portions: Sequence[Portion], learned: FieldCounts | None) -> list[tuple[float, Risen]]:
    import numpy as np

    from labeler.drift.chart import changes

    cells = sorted({cell for portion in portions for cell in portion.counts})
    counts = np.array([[portion.counts[cell] for cell in cells] for portion in portions], dtype=np.float64)
    papers = np.array([portion.papers for portion in portions], dtype=np.float64)
    found = []
    for change in changes(counts, papers) if cells else []:
        field, level = cells[change.cell]
        known = learned.of(field, level) if learned else 0
        if learned and (known + 0.5) / (learned.papers + 1) >= _LESS_LEARNED * change.after:
            continue
        later = portions[change.start :]
        ids = [name for portion in reversed(later) for name in portion.members.get(field, ())]
        one = Risen(
            field, level, later[0].at[:10], change.before, change.after, sum(portion.papers for portion in later),
            known if learned else None, learned.papers if learned else None, tuple(ids[:_MOST_PAPERS]),
        )  # fmt: skip
        found.append((change.ratio, one))
    return found
