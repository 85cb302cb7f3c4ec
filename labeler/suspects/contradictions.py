"""Judgements that contradict each other or a rule: no model is needed to see that one of them is a slip.

Papers that nearly repeat each other and are judged differently, papers of which one person said different things (as
where a paper was in two digests), topics without the topic above them, and topics of papers that hold a word which
their papers do not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from labeler.files import canonical_json
from labeler.judgements.judgement import Judgement
from labeler.judgements.labels import answers_of, by_paper, latest_versions, of_role
from labeler.judgements.rename import under_scheme
from labeler.measure.keywords import KeywordTally
from labeler.papers import Merger
from labeler.papers.near_duplicates import near_duplicate_groups, words_of
from labeler.score.given import Flags
from labeler.suspects.confident import Floats
from labeler.topics import Scheme
from labeler.topics.mode import Mode

_FEWEST_WORDS = 5  # of a text that can be a near-duplicate
_MOST_COPIES = 50  # papers of a group of near-duplicates that are compared, each with each


class Contradiction(NamedTuple):
    """Why a paper (its position) is suspect: ``kind``, the ``topics`` it is about (ids), and what that rests on.

    ``kind`` is ``copy`` (``other`` is the position of the paper that nearly repeats it), ``change`` (``who`` said both
    yes and no), ``parent`` (``who`` chose the first topic and not the second, which is above it) or ``keyword``
    (``word`` is one that papers of the topic do not hold). ``right`` is the share of judged papers with that word that
    are of the topic all the same, as if one more were not.
    """

    paper: int
    kind: str
    topics: tuple[str, ...]
    other: int = -1
    who: str = ""
    word: str = ""
    right: float = 0.0


def copies(texts: Sequence[str], truth: Floats, topics: Sequence[str]) -> Iterator[Contradiction]:
    """Papers that nearly repeat each other, and of which a topic is a yes in one and a no in the other.

    ``truth`` (n_papers, n_topics) is 1 yes, 0 no, NaN unknown. Each pair is told of both papers.
    """
    of_group: dict[int, list[int]] = {}
    for paper, group in enumerate(near_duplicate_groups(texts).tolist()):
        of_group.setdefault(group, []).append(paper)
    for members in of_group.values():
        if len(members) == 1 or len(words_of(texts[members[0]])) < _FEWEST_WORDS:
            continue
        for one, other in combinations(members[:_MOST_COPIES], 2):
            differ = tuple(topics[column] for column in np.flatnonzero(np.abs(truth[one] - truth[other]) == 1))
            if differ:
                yield Contradiction(one, "copy", differ, other)
                yield Contradiction(other, "copy", differ, one)


def changes(judgements: Sequence[Judgement], scheme: Scheme) -> Iterator[tuple[tuple[str, ...], Contradiction]]:
    """What one person said of one paper in two judgements, neither of which corrects the other, or in a single one.

    Verdicts of adjudicators settle a paper and contradict nothing that was said before.
    Each comes with the identifiers of the paper, which has no position yet.
    """
    merger, groups = by_paper(judgements)
    for position, group in groups.items():
        judged = [one for one in under_scheme(latest_versions(group), scheme) if one.status == "judged"]
        sure = [one for one in of_role(judged, False) if not one.unsure]
        for found in (*_of_one_person(sure, scheme), *_without_parent(sure, scheme)):
            yield _ids(merger, position), found


def _ids(merger: Merger, position: int) -> tuple[str, ...]:
    return tuple(merger.at(position).ids)


def _of_one_person(judged: Sequence[Judgement], scheme: Scheme) -> Iterator[Contradiction]:
    """Topics to which an annotator said yes in one judgement of a paper and no in another one."""
    said: dict[str, dict[str, set[bool]]] = {}
    counts: dict[str, set[str]] = {}
    for one in judged:
        counts.setdefault(one.annotator, set()).add(canonical_json(one.origin))
        answers = dict(answers_of(one))
        if scheme.mode == Mode.SINGLE:
            answers = {topic: topic in one.yes for topic in scheme.ids} if one.yes or one.offered else {}
        for topic, applies in answers.items():
            said.setdefault(one.annotator, {}).setdefault(topic, set()).add(applies)
    for annotator, answered in sorted(said.items()):
        both = tuple(topic for topic in scheme.ids if len(answered.get(topic, ())) == 2)
        if both and len(counts[annotator]) > 1:
            yield Contradiction(-1, "change", both, who=annotator)


def _without_parent(judged: Sequence[Judgement], scheme: Scheme) -> Iterator[Contradiction]:
    """Topics that were chosen without the topic above them, which was on offer."""
    if scheme.mode == Mode.SINGLE:
        return
    for one in judged:
        denied = {topic for topic, applies in answers_of(one) if not applies}
        for topic in one.yes:
            above = [parent for parent in scheme.hierarchy.ancestors.get(topic, ()) if parent in denied]
            if above:
                yield Contradiction(-1, "parent", (topic, above[0]), who=one.annotator)


def broken_rules(texts: Sequence[str], given: Flags, scheme: Scheme, topics: Sequence[str]) -> Iterator[Contradiction]:
    """Topics of papers that hold a word which papers of the topic do not hold.

    ``given`` (n_papers, n_topics) says which topics papers have.
    """
    if not scheme.not_keywords:
        return
    tally = KeywordTally(scheme)
    yes = [frozenset(topics[column] for column in np.flatnonzero(row)) for row in given]
    for text, own in zip(texts, yes, strict=True):
        tally.judged(text, own)
    right = {
        (topic, one.keyword): one.of_topic / (one.papers + 1)
        for topic, some in tally.counts().items()
        for one in some
        if one.negated
    }
    for paper, (text, own) in enumerate(zip(texts, yes, strict=True)):
        for topic, word in tally.broken(text, own):
            yield Contradiction(paper, "keyword", (topic,), word=word, right=right[topic, word])
