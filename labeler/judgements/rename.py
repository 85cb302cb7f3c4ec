"""Judgements rewritten for topics that were renamed or merged into others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from labeler.judgements.judgement import Judgement


def renamed(judgements: Iterable[Judgement], into: Mapping[str, str]) -> list[Judgement]:
    """A superseding judgement, with new topic ids, for each judgement that has a topic among the keys of ``into``.

    ``into`` maps the old topic ids to the new ones. Where a merged topic gets both a yes and a no, the yes counts, as
    the paper is about one of the merged topics.
    """
    corrections = []
    for judgement in judgements:
        if not set(into).isdisjoint((*judgement.yes, *judgement.no, *judgement.offered)):
            yes, no, offered = (_map_topics(part, into) for part in (judgement.yes, judgement.no, judgement.offered))
            no = tuple(topic for topic in no if topic not in yes)
            suggested = None if judgement.suggested is None else _map_topics(judgement.suggested, into)
            carried = replace(judgement, yes=yes, no=no, offered=offered, suggested=suggested)
            corrections.append(carried.superseding(judgement.id))
    return corrections


def _map_topics(topics: Iterable[str], into: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(into.get(topic, topic) for topic in topics))
