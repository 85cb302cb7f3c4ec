"""Labels from judgements: the majority vote over the latest judgement of each annotator; ties are left for review."""

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
    """A paper with the topics that apply and those that do not; any other topic is unknown."""

    paper: Paper
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tie:
    """A paper on which the vote of the annotators is tied.

    ``topic`` is the tied topic, None in a single-label scheme. ``votes`` are the answers with their counts.
    """

    paper: Paper
    topic: str | None
    votes: tuple[tuple[str, int], ...]


@dataclass
class Labels:
    """The labels of judged papers, in the order of the papers' ids, and the ties."""

    papers: list[JudgedPaper] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    def count(self, topic: str) -> int:
        """The number of papers to which a topic applies."""
        return sum(topic in item.yes for item in self.papers)


def labels_of(judgements: Iterable[Judgement], scheme: Scheme) -> Labels:
    """The labels of papers for the topics of ``scheme``, by majority vote.

    Each annotator has one vote: that of the latest judgement. Superseded, withdrawn, skipped and unsure judgements do
    not count. In a multi-label scheme, the vote is on each topic of a paper, among the annotators who were offered it;
    a topic that was not offered is unknown. In a single-label scheme, the vote is on the one topic (or none) of the
    paper; where the judgements do not state which topics were offered, the winner excludes all others. A tie gives
    no label.
    """
    labels = Labels()
    topics = set(scheme.ids)
    vote = _single_label_vote if scheme.mode == Mode.SINGLE else _multi_label_vote
    for paper, versions in _by_paper(judgements):
        counted = [judgement for judgement in versions if judgement.status == "judged"]
        yes, no, ties = vote(paper, counted, topics)
        labels.ties += ties
        if yes or no:
            labels.papers.append(JudgedPaper(paper, frozenset(yes), frozenset(no)))
    labels.papers.sort(key=lambda item: item.paper.ids)
    return labels


def missing_topic_notes(judgements: Iterable[Judgement], scheme: Scheme) -> list[str]:
    """A note that lists the topics of current judgements that the scheme does not have; no note if there are none."""
    counts = Counter(
        topic for judgement in current_judgements(judgements) for topic in judgement.yes if topic not in scheme.ids
    )
    if not counts:
        return []
    names = ", ".join(f"{topic!r} ({count})" for topic, count in counts.most_common())
    return [f"judgements name topics that the scheme does not have and that training ignores: {names}"]


def superseded_ids(judgements: Sequence[Judgement]) -> set[str]:
    """The ids of judgements that others correct.

    In the logs of earlier versions, annotations without numbers "correct" those of other papers; these do not count.
    """
    by_id = {judgement.id: judgement for judgement in judgements}
    return {
        judgement.supersedes
        for judgement in judgements
        if judgement.supersedes in by_id and not _of_other_papers(judgement, by_id[judgement.supersedes])
    }


def _of_other_papers(one: Judgement, other: Judgement) -> bool:
    return set(one.ids).isdisjoint(other.ids) and one.origin != other.origin


def current_judgements(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The current judgements, oldest first: the latest version of each annotation or table row."""
    ordered = sorted(judgements, key=_order)
    superseded = superseded_ids(ordered)
    return _latest_versions([judgement for judgement in ordered if judgement.id not in superseded])


def _order(judgement: Judgement) -> tuple[object, ...]:
    """The order in time; of one time, one that does not depend on which was imported first."""
    answers = (judgement.yes, judgement.no, judgement.offered, judgement.status, judgement.unsure)
    return (judgement.at, *answers, judgement.id)


def _by_paper(judgements: Iterable[Judgement]) -> list[tuple[Paper, list[Judgement]]]:
    """The current judgements of each paper, oldest first. Superseded ones still count for the merging of papers."""
    ordered = sorted(judgements, key=_order)
    superseded = superseded_ids(ordered)
    merger, groups = Merger(), defaultdict(list)
    positions = [(merger.add(judgement.as_paper()), judgement) for judgement in ordered]
    for position, judgement in positions:
        if judgement.id not in superseded:
            groups[merger.find(position)].append(judgement)
    return [(merger.at(position), _latest_versions(group)) for position, group in groups.items()]


def _latest_versions(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The latest version of each annotation or table row, oldest first.

    A judgement may have two corrections, such as from two branches of a git repository.
    """
    latest: dict[str, Judgement] = {}
    for judgement in judgements:
        has_origin = "annotation" in judgement.source or "file" in judgement.source
        key = canonical_json(judgement.origin) if has_origin else judgement.id
        latest.pop(key, None)
        latest[key] = judgement
    return list(latest.values())


def _multi_label_vote(
    paper: Paper, judgements: Sequence[Judgement], topics: set[str]
) -> tuple[set[str], set[str], list[Tie]]:
    """The topics that apply by majority, those that do not, and the ties. Judgements are oldest first."""
    answers: dict[str, dict[str, bool | None]] = defaultdict(dict)  # topic -> annotator -> answer, None if unsure
    for judgement in judgements:
        for topic, applies in answers_of(judgement):
            answers[topic][judgement.annotator] = None if judgement.unsure else applies
    yes: set[str] = set()
    no: set[str] = set()
    ties = []
    for topic in sorted(topics & answers.keys()):
        votes = Counter(applies for applies in answers[topic].values() if applies is not None)
        if not votes:
            continue
        if votes[True] == votes[False]:
            ties.append(Tie(paper, topic, (("yes", votes[True]), ("no", votes[False]))))
        else:
            (yes if votes[True] > votes[False] else no).add(topic)
    return yes, no, ties


def _single_label_vote(
    paper: Paper, judgements: Sequence[Judgement], topics: set[str]
) -> tuple[set[str], set[str], list[Tie]]:
    """The topic that applies by majority, the topics that do not, and the tie. Judgements are oldest first."""
    chosen: dict[str, str | None] = {}  # annotator -> topic; None is "none of these"
    offered: set[str] = set()
    for judgement in judgements:
        if judgement.unsure:
            chosen.pop(judgement.annotator, None)
            continue
        known = [topic for topic in judgement.yes if topic in topics]
        if len(known) == 1 or (not judgement.yes and judgement.offered):
            chosen[judgement.annotator] = known[0] if known else None
            offered.update(judgement.offered)
    votes = Counter(chosen.values()).most_common()
    if not votes:
        return set(), set(), []
    if len(votes) > 1 and votes[0][1] == votes[1][1]:
        answers = sorted((topic or "none of these", count) for topic, count in votes)
        return set(), set(), [Tie(paper, None, tuple(answers))]
    winner = votes[0][0]
    return ({winner}, (topics & offered or topics) - {winner}, []) if winner else (set(), topics & offered, [])


def answers_of(judgement: Judgement) -> Iterable[tuple[str, bool]]:
    """Each topic of a judgement with whether it applies; a topic that was offered and not chosen does not."""
    chosen = set(judgement.yes)
    for topic in {*judgement.offered, *judgement.no} - chosen:
        yield topic, False
    for topic in chosen:
        yield topic, True
