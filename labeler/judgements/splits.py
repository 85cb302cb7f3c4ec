"""What people said of topics that were split: a no to the old topic is one to its parts, a yes says nothing of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from labeler.judgements.judgement import Judgement
from labeler.judgements.labels import by_paper, of_role
from labeler.judgements.rename import renamed
from labeler.topics import Scheme
from labeler.topics.mode import Mode


def carried(judgements: Sequence[Judgement], into: Mapping[str, str], scheme: Scheme) -> list[Judgement]:
    """The superseding judgements of :func:`renamed`, and those for topics that were split, by their parts.

    Who said no to a topic said no to its parts, unless others said yes who were not outvoted: then nobody knows which
    parts apply, and the judgements of the paper stay as they are, as do those that say yes. People are asked again.
    """
    merged = {one.supersedes: one for one in renamed(judgements, into)}
    denied = _denied(judgements, scheme)
    corrections = []
    for judgement in judgements:
        now = merged.get(judgement.id, judgement)
        gone = {topic: scheme.splits[topic] for topic in denied.get(judgement.id, ()) if topic not in now.yes}
        if gone:
            no, offered = (_with_parts(part, gone) for part in (now.no, now.offered))
            no = tuple(topic for topic in no if topic not in now.yes)
            now = replace(now, no=no, offered=offered).superseding(judgement.id)
        if now is not judgement:
            corrections.append(now)
    return corrections


def may_apply(topic: str, judgements: Sequence[Judgement], mode: Mode) -> bool:
    """Whether a topic may apply to the paper of these judgements, which are oldest first: people said yes and were not
    outvoted. The verdict of an adjudicator outranks the others.
    """
    for adjudicators in (True, False):
        said: dict[str, object] = {}  # annotator -> the topic, or the answer in its place
        for one in of_role(judgements, adjudicators):
            if one.status == "judged" and topic in (*one.yes, *one.no, *one.offered):
                said[one.annotator] = topic if topic in one.yes else one.yes if mode == Mode.SINGLE else ()
                if one.unsure:
                    del said[one.annotator]
        if said:
            votes = Counter(said.values())
            return votes[topic] == max(votes.values())
    return False


def _denied(judgements: Sequence[Judgement], scheme: Scheme) -> dict[str, list[str]]:
    """The topics that were split and are topics no more, which do not apply to the paper of a judgement, by its id."""
    gone = [topic for topic in scheme.splits if topic not in scheme.ids]
    found: dict[str, list[str]] = {}
    for group in by_paper(judgements)[1].values() if gone else ():
        for topic in gone:
            asked = [one.id for one in group if topic in (*one.no, *one.offered)]
            if asked and not may_apply(topic, group, scheme.mode):
                for name in asked:
                    found.setdefault(name, []).append(topic)
    return found


def _with_parts(topics: Iterable[str], gone: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The topics, with the parts of those that are gone in their places."""
    return tuple(dict.fromkeys(part for topic in topics for part in gone.get(topic, (topic,))))
