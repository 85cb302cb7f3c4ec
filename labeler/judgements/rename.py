"""Judgements rewritten for topics that were renamed, merged into others, or split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from labeler.judgements.judgement import Judgement
from labeler.topics import Scheme


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


def under_scheme(judgements: Sequence[Judgement], scheme: Scheme) -> list[Judgement]:
    """The judgements with topics that went into others as these, also where the log was not migrated yet."""
    named = {topic for judgement in judgements for topic in (*judgement.yes, *judgement.no, *judgement.offered)}
    gone = named - set(scheme.ids)
    into = {topic: now for topic in gone if (now := scheme.find(topic)) is not None}
    carried = {judgement.supersedes: judgement for judgement in renamed(judgements, into)} if into else {}
    return [carried.get(judgement.id, judgement) for judgement in judgements]


def _map_topics(topics: Iterable[str], into: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(into.get(topic, topic) for topic in topics))
