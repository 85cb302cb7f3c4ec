"""Verdicts of adjudicators on papers that they had judged themselves: they are marked, in ``asked``, as ``own``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from labeler.judgements.judgement import ADJUDICATOR, Judgement
from labeler.judgements.labels import by_paper, latest_versions
from labeler.judgements.same_people import with_names


def with_own_marked(
    incoming: Sequence[Judgement], log: Iterable[Judgement], people: Mapping[str, str]
) -> list[Judgement]:
    """The judgements of an import, the verdicts among them marked whose person has judged the paper before.

    Both the ``log`` and the import count. ``people`` are the names of people who have others
    (:mod:`labeler.judgements.same_people`).
    """
    verdicts = [one for one in incoming if one.role == ADJUDICATOR and one.status == "judged"]
    if not verdicts:
        return list(incoming)
    ids = {name for verdict in verdicts for name in verdict.ids}
    near = {one.id: one for one in (*log, *incoming) if not ids.isdisjoint(one.ids)}
    _, groups = by_paper(with_names(near.values(), people))
    own = {one.id for group in groups.values() for one in _own(latest_versions(group))}
    return [replace(one, asked={**(one.asked or {}), "own": True}) if one.id in own else one for one in incoming]


def _own(group: Sequence[Judgement]) -> list[Judgement]:
    """The verdicts on one paper by people who have judged it, too."""
    judged = {one.annotator for one in group if one.role != ADJUDICATOR and one.status == "judged"}
    return [one for one in group if one.role == ADJUDICATOR and one.annotator in judged]


def is_own(judgement: Judgement) -> bool:
    """Whether a judgement is a verdict on a paper that its adjudicator had judged before."""
    return judgement.role == ADJUDICATOR and bool((judgement.asked or {}).get("own"))
