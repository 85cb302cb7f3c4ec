"""Judgements carried over to topics that took others in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from labeler.judgements.judgement import Judgement


def renamed(judgements: Iterable[Judgement], into: Mapping[str, str]) -> list[Judgement]:
    """For each judgement that names a topic of ``into``, one that supersedes it and names the topic it went into.

    Where both a yes and a no come to one topic, the yes holds: the paper is about one of the two.
    """
    told = []
    for judgement in judgements:
        if not set(into).isdisjoint((*judgement.yes, *judgement.no, *judgement.offered)):
            yes, no, offered = (_mapped(part, into) for part in (judgement.yes, judgement.no, judgement.offered))
            no = tuple(topic for topic in no if topic not in yes)
            told.append(replace(judgement, yes=yes, no=no, offered=offered, supersedes=judgement.id, id=""))
    return told


def _mapped(topics: Iterable[str], into: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(into.get(topic, topic) for topic in topics))
