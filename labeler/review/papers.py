"""Papers whose judgements are to be settled: ties, disagreements, papers that people are unsure of, and suspects.

Papers that an adjudicator has settled are left out. Each kind of :data:`FINDERS` gives the papers that need a verdict
most first; suspects come from :mod:`labeler.suspects`, in the order that they have there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from labeler.judgements.judgement import ADJUDICATOR, Judgement
from labeler.judgements.labels import Settled, by_paper, chosen_topics, completed_answers, latest_versions, vote
from labeler.judgements.rename import under_scheme
from labeler.papers import Paper
from labeler.papers.addresses import addresses
from labeler.suspects.contradictions import Contradiction
from labeler.suspects.listing import Guess, Suspect
from labeler.topics import Mode, Scheme
from labeler.wording import shortened

SUSPECTS = "suspects"
_SECOND_LOOK = "a second look at what was judged"  # the same for suspects and for those drawn at random
_NONE = "none of these"
_TITLE = 60  # letters of the title of another paper


@dataclass(frozen=True, slots=True)
class ReviewPaper:
    """A paper that is to be judged once more, and why (a clause that names nobody).

    ``judgements`` are the current ones of people, oldest first, and of adjudicators who are not of one mind.
    ``guesses`` are what a model that had not learned from the paper finds probable, where that is known, and ``notes``
    what else speaks against the judgements. ``control`` marks a paper that was drawn at random. ``settled`` are the
    answers that the consensus settles without a verdict.
    """

    paper: Paper
    reason: str
    judgements: tuple[Judgement, ...]
    guesses: tuple[Guess, ...] = ()
    notes: tuple[str, ...] = ()
    control: bool = False
    settled: Mapping[str, bool] = field(default_factory=dict, compare=False)

    @property
    def people(self) -> list[str]:
        """Who judged the paper, by name."""
        return sorted({judgement.annotator for judgement in self.judgements})


def unsettled(log: Iterable[Judgement], scheme: Scheme, settled: Settled = MappingProxyType({})) -> list[ReviewPaper]:
    """The papers that people judged and no adjudicator settled, by their ids, with no reason yet.

    ``settled`` are the answers that the consensus settles (:mod:`labeler.annotators.consensus_labels`). Verdicts that
    are tied settle nothing: they are among the judgements of their paper.
    """
    merger, groups = by_paper(log)
    papers = []
    for position, group in groups.items():
        current = [one for one in under_scheme(latest_versions(group), scheme) if one.status == "judged"]
        verdicts = [one for one in current if one.role == ADJUDICATOR and not one.unsure]
        people = tuple(one for one in current if one.role != ADJUDICATOR)
        if vote(merger.at(position), verdicts, scheme)[1]:
            people = tuple(current)
        elif verdicts:
            continue
        if people:
            paper = merger.at(position)
            papers.append(ReviewPaper(_with_link(paper), "", people, settled=settled.get(paper.id, {})))
    return sorted(papers, key=lambda one: one.paper.ids)


def _with_link(paper: Paper) -> Paper:
    """The paper, with the address that its identifiers lead to: the log has none."""
    return replace(paper, url=next((address.url for address in addresses(paper.ids)), paper.url))


def ties(papers: Sequence[ReviewPaper], scheme: Scheme) -> list[ReviewPaper]:
    """The papers on which people are tied and no consensus settles it, those with the most tied topics first."""
    found = []
    for one in papers:
        _, tied = vote(one.paper, one.judgements, scheme, one.settled)
        if tied:
            votes = "; ".join(_votes(tie.topic, tie.votes, scheme) for tie in tied)
            found.append((-len(tied), _because(one, f"people are tied on {votes}")))
    return [one for _, one in sorted(found, key=lambda item: item[0])]


def disagreements(papers: Sequence[ReviewPaper], scheme: Scheme) -> list[ReviewPaper]:
    """The papers on which people disagree, also where most are of one mind; the most evenly divided first."""
    found = []
    for one in papers:
        divided = _divided(one.judgements, scheme)
        if divided:
            votes = "; ".join(_votes(topic, counts.most_common(), scheme) for topic, counts in divided.items())
            evenness = max(min(counts.values()) / counts.total() for counts in divided.values())
            found.append((-evenness, _because(one, f"people disagree on {votes}")))
    return [one for _, one in sorted(found, key=lambda item: item[0])]


def unsure(papers: Sequence[ReviewPaper], scheme: Scheme) -> list[ReviewPaper]:
    """The papers that somebody was unsure of and has not judged since, those without any label first."""
    found = []
    for one in papers:
        last = {judgement.annotator: judgement.unsure for judgement in one.judgements}
        doubting = sum(last.values())
        if doubting:
            judged, _ = vote(one.paper, one.judgements, scheme, one.settled)
            of = f"{doubting} of the {len(last)} people who judged it" if len(last) > 1 else "the person who judged it"
            reason = f"{of} {'are' if doubting > 1 else 'is'} unsure"
            found.append((bool(judged.yes or judged.no), _because(one, reason)))
    return [one for _, one in sorted(found, key=lambda item: item[0])]


def suspected(
    papers: Sequence[ReviewPaper], suspects: Iterable[Suspect], judged: Sequence[Paper], scheme: Scheme
) -> list[ReviewPaper]:
    """The papers of ``suspects``, in their order; ``judged`` are those that their positions are of.

    The reason of those that were drawn at random is that of the others.
    """
    by_id = {name: one for one in papers for name in one.paper.ids}
    found = []
    for suspect in suspects:
        one = next((by_id[name] for name in suspect.paper.ids if name in by_id), None)
        if one is not None:
            notes = tuple(_note(against, judged, scheme) for against in suspect.contradictions)
            found.append(
                replace(one, reason=_SECOND_LOOK, guesses=suspect.guesses, notes=notes, control=suspect.control)
            )
    return found


FINDERS: dict[str, Callable[[Sequence[ReviewPaper], Scheme], list[ReviewPaper]]] = {
    "ties": ties,
    "disagreements": disagreements,
    "unsure": unsure,
}


def _note(one: Contradiction, judged: Sequence[Paper], scheme: Scheme) -> str:
    """A contradiction as a sentence that names nobody."""
    topics = ", ".join(map(scheme.name, one.topics))
    if one.kind == "copy":
        other = judged[one.other]
        return f"nearly the same text was judged otherwise on {topics}: {shortened(other.title or other.text, _TITLE)}"
    if one.kind == "change":
        return f"one person judged it twice, and otherwise on {topics}"
    if one.kind == "parent":
        topic, above = map(scheme.name, one.topics)
        return f"{topic} was chosen without {above}, which is above it"
    return f"it holds {one.word!r}, which papers of {topics} do not hold"


def _because(one: ReviewPaper, reason: str) -> ReviewPaper:
    return replace(one, reason=reason)


def _divided(judgements: Sequence[Judgement], scheme: Scheme) -> dict[str | None, Counter[str]]:
    """The topics that people answer differently, with the counts of their answers; in single mode, the one question."""
    if scheme.mode == Mode.SINGLE:
        chosen, _ = chosen_topics(judgements, scheme)
        counts = Counter(topic or _NONE for topic in chosen.values())
        return {None: counts} if len(counts) > 1 else {}
    said: dict[str | None, Counter[str]] = {topic: Counter() for topic in scheme.ids}
    for answers in completed_answers(judgements, scheme).values():
        for topic, applies in answers.items():
            said[topic]["yes" if applies else "no"] += 1
    return {topic: counts for topic, counts in said.items() if len(counts) > 1}


def _votes(topic: str | None, votes: Iterable[tuple[str, int]], scheme: Scheme) -> str:
    """The answers to one question with their counts, as in ``Vision (yes 1, no 1)`` or ``Vision (1), Speech (1)``."""
    if topic is None:
        return ", ".join(f"{scheme.name(answer)} ({count})" for answer, count in votes)
    return f"{scheme.name(topic)} ({', '.join(f'{answer} {count}' for answer, count in votes)})"
