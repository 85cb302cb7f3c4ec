"""Labels from judgements: the majority vote over the latest judgement of each annotator; ties are left for review.

The verdict of an adjudicator outranks the vote.

Where topics have parents, each annotator's answers are completed first: a yes to a topic is a yes to the topics above
it, a no is a no to those below it. The log keeps what was said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from labeler.files import canonical_json
from labeler.judgements.judgement import ADJUDICATOR, Judgement
from labeler.judgements.rename import under_scheme
from labeler.papers import Merger, Paper
from labeler.topics import Scheme
from labeler.topics.mode import Mode
from labeler.wording import counted


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """A paper with the topics that apply and those that do not; any other topic is unknown.

    ``by`` names the annotators who said yes, for each topic that applies.
    """

    paper: Paper
    yes: frozenset[str]
    no: frozenset[str]
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)


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


Settled = Mapping[str, Mapping[str, bool]]  # id of a paper -> topic -> whether it applies


def labels_of(judgements: Iterable[Judgement], scheme: Scheme, settled: Settled = MappingProxyType({})) -> Labels:
    """The labels of papers for the topics of ``scheme``, by majority vote.

    Each annotator has one vote: that of the latest judgement. Superseded, withdrawn, skipped and unsure judgements do
    not count. In a multi-label scheme, the vote is on each topic of a paper, among the annotators who were offered it,
    or who answered it by answering a topic above or below it; any other topic is unknown. In a single-label scheme, the
    vote is on the one topic (or none) of the paper; where the judgements do not state which topics were offered, the
    winner excludes all others. A tie gives no label. Adjudicators' judgements outrank all others; ``settled`` are
    answers that take the place of the vote of all others, by the ids of papers.
    """
    labels = Labels()
    for paper, versions in _by_paper(judgements):
        judged, ties = vote(paper, versions, scheme, settled.get(paper.id, {}))
        labels.ties += ties
        if judged.yes or judged.no:
            labels.papers.append(judged)
    labels.papers.sort(key=lambda item: item.paper.ids)
    return labels


def vote(
    paper: Paper,
    judgements: Sequence[Judgement],
    scheme: Scheme,
    settled: Mapping[str, bool] = MappingProxyType({}),
) -> tuple[JudgedPaper, list[Tie]]:
    """The labels of one paper by the vote of its current judgements, which are in the order of their times.

    A topic that went into another one counts as this, also where the log was not migrated yet. The verdicts of
    adjudicators come first, then answers that are ``settled`` (in single mode: on all topics), then votes.
    """
    counted = [judgement for judgement in under_scheme(judgements, scheme) if judgement.status == "judged"]
    method = _single_label_vote if scheme.mode == Mode.SINGLE else _multi_label_vote
    return method(paper, counted, scheme, settled)


def of_role(judgements: Iterable[Judgement], adjudicators: bool) -> list[Judgement]:
    """The judgements of adjudicators, or those of all others."""
    return [judgement for judgement in judgements if (judgement.role == ADJUDICATOR) == adjudicators]


def overruled_parents(judgements: Iterable[Judgement], scheme: Scheme) -> Counter[tuple[str, str]]:
    """How many judgements say yes to a topic and no to its parent, by topic and parent. The yes counts for both."""
    if scheme.mode == Mode.SINGLE or not scheme.hierarchy.parents:
        return Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for judgement in current_judgements(judgements):
        if judgement.status == "judged" and not judgement.unsure:
            denied = {*judgement.no, *judgement.offered} - set(judgement.yes)
            counts.update(
                (topic, above)
                for topic in judgement.yes
                for above in scheme.hierarchy.ancestors.get(topic, ())
                if above in denied
            )
    return counts


def overruled_parent_notes(judgements: Iterable[Judgement], scheme: Scheme) -> list[str]:
    """A note on parents that count as yes although the annotator chose the topic below alone; no note without any."""
    counts = overruled_parents(judgements, scheme)
    if not counts:
        return []
    examples = ", ".join(
        f"{scheme.name(topic)} without {scheme.name(above)} ({count})"
        for (topic, above), count in counts.most_common(3)
    )
    more = ", …" if len(counts) > 3 else ""
    return [f"topics were chosen without the topic above them, which counts as chosen, too: {examples}{more}"]


def missing_topic_notes(judgements: Iterable[Judgement], scheme: Scheme) -> list[str]:
    """A note that lists the topics of current judgements that the scheme does not have; no note if there are none."""
    counts = Counter(
        topic
        for judgement in current_judgements(judgements)
        for topic in judgement.yes
        if scheme.find(topic) is None and topic not in scheme.splits
    )
    if not counts:
        return []
    names = ", ".join(f"{topic!r} ({counted(count, 'judgement')})" for topic, count in counts.most_common())
    return [
        f"topics that the scheme does not have (any more) are not learned, whoever said yes to them: {names}; to keep "
        "these judgements, name each in the aliases of the topic that it has become, then run `labeler topics migrate`"
    ]


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
    ordered = sorted(judgements, key=time_order)
    superseded = superseded_ids(ordered)
    return latest_versions([judgement for judgement in ordered if judgement.id not in superseded])


def time_order(judgement: Judgement) -> tuple[object, ...]:
    """The order in time; of one time, one that does not depend on which was imported first."""
    answers = (judgement.yes, judgement.no, judgement.offered, judgement.status, judgement.unsure)
    return (judgement.moment, *answers, judgement.id)


def _by_paper(judgements: Iterable[Judgement]) -> list[tuple[Paper, list[Judgement]]]:
    """The current judgements of each paper, oldest first."""
    merger, groups = by_paper(judgements)
    return [(merger.at(position), latest_versions(group)) for position, group in groups.items()]


def by_paper(
    judgements: Iterable[Judgement], with_superseded: bool = False
) -> tuple[Merger, dict[int, list[Judgement]]]:
    """The papers of judgements, and by their positions the judgements that none supersedes, oldest first.

    Superseded ones still count for the merging of papers. ``with_superseded`` has them in the groups, too.
    """
    ordered = sorted(judgements, key=time_order)
    superseded = superseded_ids(ordered)
    merger, groups = Merger(), defaultdict(list)
    positions = [(merger.add(judgement.as_paper()), judgement) for judgement in ordered]
    for position, judgement in positions:
        if with_superseded or judgement.id not in superseded:
            groups[merger.find(position)].append(judgement)
    return merger, dict(groups)


def latest_versions(judgements: Sequence[Judgement]) -> list[Judgement]:
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
    paper: Paper, judgements: Sequence[Judgement], scheme: Scheme, settled: Mapping[str, bool]
) -> tuple[JudgedPaper, list[Tie]]:
    """The topics that apply by majority, those that do not, and the ties."""
    voters = _voters(of_role(judgements, False), scheme)
    voters |= {topic: _only(applies, voters[topic]) for topic, applies in settled.items() if topic in voters}
    voters |= _voters(of_role(judgements, True), scheme)
    yes: dict[str, tuple[str, ...]] = {}
    no: set[str] = set()
    ties = []
    for topic in sorted(voters):
        against, in_favour = voters[topic]
        if len(in_favour) > len(against):
            yes[topic] = tuple(sorted(in_favour))
        elif len(in_favour) < len(against):
            no.add(topic)
        else:
            ties.append(Tie(paper, topic, (("yes", len(in_favour)), ("no", len(against)))))
    no -= _outvoted_above(no, judgements, scheme)
    return JudgedPaper(paper, frozenset(yes), frozenset(no), yes), ties


def _outvoted_above(no: set[str], judgements: Sequence[Judgement], scheme: Scheme) -> set[str]:
    """Those topics that nobody said no to, where a no to one above them, which they follow from, has not won."""
    if not scheme.hierarchy.parents:
        return set()
    said = {topic for one in judgements if not one.unsure for topic, applies in answers_of(one) if not applies}
    return {topic for topic in no - said if (no & said).isdisjoint(scheme.hierarchy.ancestors.get(topic, ()))}


_Voters = tuple[list[str], list[str]]  # who says no, who yes


def _voters(judgements: Sequence[Judgement], scheme: Scheme) -> dict[str, _Voters]:
    """For each topic who says no to it, and who yes."""
    voters: dict[str, _Voters] = defaultdict(lambda: ([], []))
    for annotator, answers in completed_answers(judgements, scheme).items():
        for topic, applies in answers.items():
            voters[topic][applies].append(annotator)
    return dict(voters)


def _only(applies: bool, voters: _Voters) -> _Voters:
    """Those voters alone who gave the answer that is settled."""
    return ([], voters[True]) if applies else (voters[False], [])


def completed_answers(judgements: Sequence[Judgement], scheme: Scheme) -> dict[str, dict[str, bool]]:
    """The answers of each annotator (topic → whether it applies), the latest on each topic, with what follows.

    An annotator who is unsure of a topic has not answered it.
    """
    latest: dict[str, dict[str, bool | None]] = defaultdict(dict)
    topics = set(scheme.ids)
    for judgement in judgements:
        for topic, applies in answers_of(judgement):
            if topic in topics:
                latest[judgement.annotator][topic] = None if judgement.unsure else applies
    completed = {}
    for annotator, answers in latest.items():
        said = [[topic for topic, applies in answers.items() if applies is wanted] for wanted in (True, False)]
        yes, no = scheme.hierarchy.closed(*said) if scheme.hierarchy.parents else said
        completed[annotator] = dict.fromkeys(yes, True) | dict.fromkeys(no, False)
    return completed


def chosen_topics(
    judgements: Sequence[Judgement], scheme: Scheme, gone: Iterable[str] = ()
) -> tuple[dict[str, str | None], set[str]]:
    """The topic that each annotator chose last in a single-label scheme (None: none of these), and those offered.

    Of a topic and one above it, the more specific one is the answer. ``gone`` are topics that the scheme has no more,
    which count as answers, too.
    """
    topics = {*scheme.ids, *gone}
    chosen: dict[str, str | None] = {}  # annotator -> topic; None is "none of these"
    offered: set[str] = set()
    for judgement in judgements:
        if judgement.unsure:
            chosen.pop(judgement.annotator, None)
            continue
        known = scheme.hierarchy.most_specific(topic for topic in judgement.yes if topic in topics)
        if len(known) == 1 or (not judgement.yes and judgement.offered):
            chosen[judgement.annotator] = known[0] if known else None
            offered.update(judgement.offered)
    return chosen, offered


def _single_label_vote(
    paper: Paper, judgements: Sequence[Judgement], scheme: Scheme, settled: Mapping[str, bool]
) -> tuple[JudgedPaper, list[Tie]]:
    """The topic that applies by majority, the topics that do not, and the tie."""
    topics = set(scheme.ids)
    gone = scheme.splits.keys() - topics
    chosen, offered = chosen_topics(of_role(judgements, True), scheme, gone)
    if not chosen:
        chosen, offered = chosen_topics(of_role(judgements, False), scheme, gone)
        answer = next((topic for topic, applies in settled.items() if applies), None)
        if settled:
            chosen = {annotator: topic for annotator, topic in chosen.items() if topic == answer}
    votes = _votes(chosen.values(), scheme).most_common()
    if len(votes) > 1 and votes[0][1] == votes[1][1]:
        answers = sorted((topic or "none of these", count) for topic, count in votes)
        return JudgedPaper(paper, frozenset(), frozenset()), [Tie(paper, None, tuple(answers))]
    winner = votes[0][0] if votes else None
    if winner in gone:  # nobody knows yet which of its parts it is
        return JudgedPaper(paper, frozenset(), frozenset()), []
    if winner is None:
        return JudgedPaper(paper, frozenset(), frozenset(topics & offered if votes else ())), []
    others = (topics & offered or topics) - {winner}
    by = {winner: tuple(sorted(annotator for annotator, topic in chosen.items() if topic == winner))}
    return JudgedPaper(paper, frozenset({winner}), frozenset(others), by), []


def _votes(chosen: Iterable[str | None], scheme: Scheme) -> Counter[str | None]:
    """The votes for each answer. Those for a topic that was split count for the part that most chose since."""
    votes = Counter(chosen)
    for topic, parts in scheme.splits.items():
        most = max(votes[part] for part in parts)
        if most and topic not in scheme.ids:
            votes.update({part: votes[topic] for part in parts if votes[part] == most})
            del votes[topic]
    return votes


def answers_of(judgement: Judgement) -> Iterable[tuple[str, bool]]:
    """Each topic of a judgement with whether it applies; a topic that was offered and not chosen does not."""
    chosen = set(judgement.yes)
    for topic in {*judgement.offered, *judgement.no} - chosen:
        yield topic, False
    for topic in chosen:
        yield topic, True
