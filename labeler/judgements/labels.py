"""From judgements to labels: each annotator's latest word, then the majority; ties go to review."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from labeler.files import canonical_json
from labeler.judgements.judgement import Judgement
from labeler.papers import Merger, Paper
from labeler.topics import Scheme
from labeler.topics.mode import Mode


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """A paper and what is known of it: topics that apply, and topics that do not. Others are unknown."""

    paper: Paper
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tie:
    """A paper on which as many annotators say one thing as another. ``votes``: what was said, and by how many."""

    paper: Paper
    topic: str | None
    votes: tuple[tuple[str, int], ...]


@dataclass
class Labels:
    """The labels that a log's judgements amount to, in the order of the papers' ids."""

    papers: list[JudgedPaper] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    def count(self, topic: str) -> int:
        """On how many papers the topic is known to apply."""
        return sum(topic in item.yes for item in self.papers)


def labels_of(judgements: Iterable[Judgement], scheme: Scheme) -> Labels:
    """Labels for the topics of ``scheme``. Superseded, withdrawn, skipped and unsure judgements do not count.

    A topic that was not offered is unknown; where nobody says what was offered, one topic chosen excludes all others.

    Multi-label: for each paper and topic, the latest word of each annotator who was asked about it; then the
    majority. Single-label: the same for the one topic (or none) that each annotator chose. A tie is not decided.
    """
    labels = Labels()
    known = set(scheme.ids)
    for paper, told in _by_paper(judgements):
        counted = [judgement for judgement in told if judgement.status == "judged"]
        decide = _single if scheme.mode == Mode.SINGLE else _multi
        yes, no, ties = decide(paper, counted, known)
        labels.ties += ties
        if yes or no:
            labels.papers.append(JudgedPaper(paper, frozenset(yes), frozenset(no)))
    labels.papers.sort(key=lambda item: item.paper.ids)
    return labels


def gone_topics(judgements: Iterable[Judgement], scheme: Scheme) -> list[str]:
    """A word about topics that judgements name and the scheme no longer has."""
    stand = standing(judgements)
    counts = Counter(topic for judgement in stand for topic in judgement.yes if topic not in scheme.ids)
    told = ", ".join(f"{topic!r} ({count})" for topic, count in counts.most_common())
    return (
        [f"judgements name topics that the scheme does not have, and nothing is learned of them: {told}"]
        if counts
        else []
    )


def standing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that no other supersedes, oldest first; of each annotation or row the latest."""
    every = sorted(judgements, key=lambda judgement: (judgement.at, judgement.id))
    superseded = {judgement.supersedes for judgement in every}
    return _latest_versions([judgement for judgement in every if judgement.id not in superseded])


def _by_paper(judgements: Iterable[Judgement]) -> list[tuple[Paper, list[Judgement]]]:
    """Judgements that stand, oldest first, grouped by the paper they are about."""
    every = sorted(judgements, key=lambda judgement: (judgement.at, judgement.id))
    superseded = {judgement.supersedes for judgement in every}
    merger, groups = Merger(), defaultdict(list)
    positions = [(merger.add(judgement.as_paper()), judgement) for judgement in every]
    for position, judgement in positions:
        if judgement.id not in superseded:
            groups[merger.find(position)].append(judgement)
    return [(merger.at(position), _latest_versions(group)) for position, group in groups.items()]


def _latest_versions(told: Sequence[Judgement]) -> list[Judgement]:
    """Of each annotation or row its latest version (two branches may both have corrected it), oldest first."""
    latest: dict[str, Judgement] = {}
    for judgement in told:
        known = judgement.source.get("annotation", judgement.source.get("file")) is not None
        key = canonical_json(judgement.origin) if known else judgement.id
        latest.pop(key, None)
        latest[key] = judgement
    return list(latest.values())


def _multi(paper: Paper, told: Sequence[Judgement], known: set[str]) -> tuple[set[str], set[str], list[Tie]]:
    said: dict[str, dict[str, bool | None]] = defaultdict(dict)  # topic -> annotator -> latest word, None if unsure
    for judgement in told:
        for topic, word in _words(judgement):
            said[topic][judgement.annotator] = None if judgement.unsure else word
    yes: set[str] = set()
    no: set[str] = set()
    ties = []
    for topic in sorted(known & said.keys()):
        votes = Counter(word for word in said[topic].values() if word is not None)
        if not votes:
            continue
        if votes[True] == votes[False]:
            ties.append(Tie(paper, topic, (("yes", votes[True]), ("no", votes[False]))))
        else:
            (yes if votes[True] > votes[False] else no).add(topic)
    return yes, no, ties


def _single(paper: Paper, told: Sequence[Judgement], known: set[str]) -> tuple[set[str], set[str], list[Tie]]:
    chosen: dict[str, str | None] = {}  # annotator -> latest word; None is "none of these"
    offered: set[str] = set()
    for judgement in told:
        if judgement.unsure:
            chosen.pop(judgement.annotator, None)
            continue
        topics = [topic for topic in judgement.yes if topic in known]
        if len(topics) == 1 or (not judgement.yes and judgement.offered):
            chosen[judgement.annotator] = topics[0] if topics else None
            offered.update(judgement.offered)
    votes = Counter(chosen.values()).most_common()
    if not votes:
        return set(), set(), []
    if len(votes) > 1 and votes[0][1] == votes[1][1]:
        named = sorted((topic or "none of these", count) for topic, count in votes)
        return set(), set(), [Tie(paper, None, tuple(named))]
    winner = votes[0][0]
    return ({winner}, (known & offered or known) - {winner}, []) if winner else (set(), known & offered, [])


def _words(judgement: Judgement) -> Iterable[tuple[str, bool]]:
    """What a judgement says of each topic. Offered and not chosen is "no"; so is a topic named in ``no``."""
    chosen = set(judgement.yes)
    for topic in {*judgement.offered, *judgement.no} - chosen:
        yield topic, False
    for topic in chosen:
        yield topic, True
