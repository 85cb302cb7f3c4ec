"""Topics that were split: which papers people are to judge again, and which of the new topics these may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from labeler.annotators.consensus_labels import consensus_labels
from labeler.errors import TooFewJudgementsError
from labeler.judgements import Judgement
from labeler.judgements.labels import by_paper, latest_versions, vote
from labeler.judgements.splits import may_apply
from labeler.papers import Paper
from labeler.papers.merge import match_indices
from labeler.studio.project_tasks import ProjectTask
from labeler.suggest.advice import Advice
from labeler.suggest.queue import Pick, Picking, batch_name
from labeler.topics import Scheme

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

STRATEGY = "split"  # by which these papers are said to be picked
_LEAST = 0.6  # share of the most probable of the new topics from which it is suggested


class SplitPaper(NamedTuple):
    """A paper of a ``topic`` that was split into ``parts``, none of which people were asked about yet.

    ``others`` are the topics that people gave it besides.
    """

    paper: Paper
    topic: str
    parts: tuple[str, ...]
    others: tuple[str, ...]


def to_judge_again(judgements: Iterable[Judgement], scheme: Scheme) -> list[SplitPaper]:
    """The papers to which people gave a topic that was split, and were not outvoted, of which none was asked since."""
    if not scheme.splits:
        return []
    found = []
    log = list(judgements)
    by_id = {one.id: one for one in log}
    settled = consensus_labels(log, scheme).settled
    merger, groups = by_paper(log)
    for position, group in groups.items():
        current = [one for one in latest_versions(group) if one.status != "withdrawn"]
        paper = merger.at(position)
        for topic, parts in scheme.splits.items():
            said = [_before_split(one, topic, by_id) for one in current]
            asked = any(not set(parts).isdisjoint((*one.yes, *one.no, *one.offered)) for one in said)
            if not asked and may_apply(topic, said, scheme.mode):
                yes = vote(paper, current, scheme, settled.get(paper.id, {}))[0].yes
                others = tuple(other for other in scheme.offered if other in yes and other != topic)
                found.append(SplitPaper(paper, topic, parts, others))
    return found


def _before_split(one: Judgement, topic: str, by_id: Mapping[str, Judgement]) -> Judgement:
    """What a judgement said of a topic before a migration made its no one to the parts; others are as they are.

    Nobody was asked about the parts by that. What a migration writes has the time of what it supersedes.
    """
    earlier = one
    for _ in by_id:  # the log may hold anything, also judgements that supersede each other
        if topic in (*earlier.yes, *earlier.no, *earlier.offered):
            return earlier
        before = by_id.get(earlier.supersedes or "")
        if before is None or before.at != one.at:
            break
        earlier = before
    return one


def split_picks(papers: Sequence[SplitPaper], picking: Picking) -> list[Pick]:
    """The papers as picks of the queue, the most certain first, each with the new topic that it most probably has.

    A model that has learned the new topics says which it is; before there is one, their definitions do.
    """
    picks: list[tuple[float, Pick]] = []
    for topic in dict.fromkeys(one.topic for one in papers):
        some = [one for one in papers if one.topic == topic]
        shares = _shares([one.paper.text for one in some], some[0].parts, picking)
        model = {"model": picking.adviser.label, "fingerprint": picking.adviser.fingerprint}
        request = {"batch": batch_name([one.paper for one in some]), **model, "overlap": picking.overlap}
        for one, row in zip(some, shares, strict=True):
            best = int(row.argmax())
            advised = _advice(one, one.parts[best], float(row[best]), picking.scheme)
            method = {"strategy": STRATEGY, "audit": False, "split": topic, "suggested": bool(advised.topics)}
            picks.append((float(row[best]), Pick(one.paper, advised.doubt, method | request, advised)))
    return [picked for _, picked in sorted(picks, key=lambda one: -one[0])]


def _advice(one: SplitPaper, part: str, share: float, scheme: Scheme) -> Advice:
    """What is suggested of a paper: the topics that people gave it besides, and the new one, if that is clear."""
    likely = f"{scheme.name(part)} ({share:.2f})"
    names = " or ".join(map(scheme.name, one.parts))
    topics = {*one.others, part} if share >= _LEAST else set(one.others)
    if scheme.mode == "single":
        topics = topics.intersection(one.parts)
    suggested = tuple(topic for topic in scheme.offered if topic in topics)
    sentence = f"it was of {one.topic}, which was split: {names}? Most likely {likely}"
    return Advice(suggested, False, 1 - share, f"the model suggests {likely}", sentence)


def _shares(texts: Sequence[str], parts: Sequence[str], picking: Picking) -> npt.NDArray[np.float64]:
    """The share (n_texts, n_parts) that each of the new topics has of the probabilities of all of them."""
    import numpy as np

    model = picking.adviser.model
    learned = dict(zip(model.topics, model.examples.tolist(), strict=True)) if model else {}
    if model is not None and all(learned.get(part) for part in parts):
        columns = [list(model.topics).index(part) for part in parts]
        found = np.asarray(model.predict_proba(texts))[:, columns]
    else:
        found = _by_definitions(texts, {part: picking.scheme.definitions[part] for part in parts}, picking)
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-12), dtype=np.float64)


def _by_definitions(texts: Sequence[str], definitions: Mapping[str, str], picking: Picking) -> npt.NDArray[np.float64]:
    """The probabilities (n_texts, n_topics) of topics of which nothing but the definitions is known.

    All are as probable where the definitions say nothing, such as names without a word.
    """
    import numpy as np

    from labeler.learn.classifier import TopicClassifier

    classifier = TopicClassifier("single", definitions=definitions, background=picking.background)
    try:
        classifier.fit([], [], unlabeled=list(texts))
    except TooFewJudgementsError:
        return np.full((len(texts), len(definitions)), 1 / len(definitions))
    columns = [list(classifier.classes_).index(part) for part in definitions]
    return np.asarray(classifier.predict_proba(texts), dtype=np.float64)[:, columns]


def not_asked(picks: Sequence[Pick], tasks: Sequence[ProjectTask]) -> list[Pick]:
    """Those of the picks that no task asks for yet."""
    found = []
    for topic in dict.fromkeys(picked.asked["split"] for picked in picks):
        there = [task.paper for task in tasks if task.paper and task.asked.get("split") == topic]
        some = [picked for picked in picks if picked.asked["split"] == topic]
        matches = match_indices([picked.paper for picked in some], there)
        found += [picked for picked, match in zip(some, matches, strict=True) if match is None]
    return [picked for picked in picks if picked in found]


def advice_on(tasks: Sequence[ProjectTask], picks: Sequence[Pick]) -> dict[int, Pick]:
    """The pick of each task that asks again about a paper of a topic that was split, by its position."""
    positions = [position for position, task in enumerate(tasks) if task.paper and task.asked.get("split")]
    papers = [paper for position in positions if (paper := tasks[position].paper)]
    matches = match_indices(papers, [picked.paper for picked in picks])
    return {position: picks[at] for position, at in zip(positions, matches, strict=True) if at is not None}
