"""The judged papers whose labels are probably slips, the ones first whose correction is expected to gain most."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from labeler.evaluation.judged import JudgedSet
from labeler.evaluation.unseen import Unseen
from labeler.judgements.judgement import Judgement
from labeler.papers import Paper
from labeler.suspects.confident import Doubts, Floats, doubts_multi, doubts_single
from labeler.suspects.contradictions import Contradiction, broken_rules, changes, copies
from labeler.topics import Scheme
from labeler.topics.mode import Mode

_ONE_OF_TWO = 0.5  # of two judgements that contradict each other at least one is a slip
_SEEN = 0.5  # share of papers
CONTROLS = 10  # one of so many papers that are shown is drawn at random


class Guess(NamedTuple):
    """A topic (None: none of these) with its probability and the words behind it."""

    topic: str | None
    probability: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A judged paper whose label is probably a slip.

    ``gain`` says how much a second look may correct, from 0 to 1; it ranks papers and is no probability. ``given``
    are the topics that people gave. ``kinds`` are its reasons: ``model`` (held-out probabilities speak against it),
    and those of ``contradictions``. ``wrong`` are topics that were given and probably do not apply, ``missing`` those
    that probably do, the surest first. ``control`` marks a paper that was drawn at random, to measure the others by.
    ``position`` is that of the paper among the judged ones.
    """

    paper: Paper
    position: int
    gain: float
    given: tuple[str, ...]
    kinds: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    guesses: tuple[Guess, ...] = ()
    control: bool = False

    def to_dict(self, papers: Sequence[Paper]) -> dict[str, Any]:
        """The suspect for programs; ``papers`` are the judged ones."""
        return {
            "paper": self.paper.id,
            "title": self.paper.title,
            "gain": round(self.gain, 4),
            "given": list(self.given),
            "wrong": list(self.wrong),
            "missing": list(self.missing),
            "kinds": list(self.kinds),
            "contradictions": [_told(one, papers) for one in self.contradictions],
            "model": [{"topic": one.topic, "probability": one.probability, "because": list(one.words)}
                      for one in self.guesses],
            "control": self.control,
        }  # fmt: skip


def _told(one: Contradiction, papers: Sequence[Paper]) -> dict[str, Any]:
    other = papers[one.other].id if one.other >= 0 else None
    return {
        "kind": one.kind,
        "topics": list(one.topics),
        "other": other,
        "by": one.who or None,
        "word": one.word or None,
    }


class Evidence(NamedTuple):
    """What speaks against the labels of judged papers.

    ``answers`` (n_papers, n_columns) and ``probabilities`` are those that ``doubts`` are of, with the topics of their
    columns (None: none of these), and ``contradictions`` are those of each paper (by position).
    """

    topics: tuple[str | None, ...]
    answers: Floats
    probabilities: Floats
    doubts: Doubts
    contradictions: dict[int, list[Contradiction]]


def evidence_of(judged: JudgedSet, said: Unseen, judgements: Sequence[Judgement], scheme: Scheme) -> Evidence:
    """What speaks against the labels of judged papers: probabilities of a model that had not seen them, and rules.

    Of a model that did not hold out most papers it learned from, the probabilities are those of
    :func:`labeler.suspects.two_halves.by_halves`.
    """
    place = {topic: column for column, topic in enumerate(judged.topics)}
    topics: tuple[str | None, ...] = said.model.topics
    answers = judged.truth[:, [place[topic] for topic in said.model.topics]]
    if said.model.mode == Mode.SINGLE and said.given.shape[1] > len(topics):
        topics = (*topics, None)
        answers = np.column_stack([answers, np.where((judged.truth == 0).all(axis=1), 1.0, 0.0)])
    if takes_halves(said):
        from labeler.suspects.two_halves import by_halves

        probabilities = by_halves(said.model.linear, [paper.text for paper in judged.papers], answers)
    else:
        probabilities = np.where(said.usable[:, None], said.given, np.nan)
    doubts = (doubts_single if said.model.mode == Mode.SINGLE else doubts_multi)(answers, probabilities)
    found: dict[int, list[Contradiction]] = {}
    for one in _contradictions(judged, judgements, scheme):
        found.setdefault(one.paper, []).append(one)
    return Evidence(topics, answers, probabilities, doubts, found)


def takes_halves(said: Unseen) -> bool:
    """Whether the model had seen so many of the papers that the others are too few to doubt them by."""
    return bool(np.mean(~said.usable) > _SEEN) if len(said.usable) else False


def _contradictions(judged: JudgedSet, judgements: Sequence[Judgement], scheme: Scheme) -> Iterator[Contradiction]:
    texts = [paper.text for paper in judged.papers]
    yield from copies(texts, judged.truth, judged.topics)
    yield from broken_rules(texts, judged.truth == 1, scheme, judged.topics)
    position = {name: number for number, paper in enumerate(judged.papers) for name in paper.ids}
    for ids, one in changes(judgements, scheme):
        known = next((position[name] for name in ids if name in position), None)
        if known is not None:
            yield one._replace(paper=known)


def suspects_of(judged: JudgedSet, evidence: Evidence, settled: Collection[int] = ()) -> list[Suspect]:
    """The suspect papers, the one with the largest expected gain first; of equal ones by their ids.

    Those at ``settled`` positions have a verdict, which nobody is to doubt again.
    """
    rows = {*np.flatnonzero(evidence.doubts.flagged).tolist(), *evidence.contradictions} - {*settled}
    found = [_suspect(judged, evidence, row) for row in sorted(rows)]
    return sorted(found, key=lambda one: (-one.gain, one.paper.id))


def _suspect(judged: JudgedSet, evidence: Evidence, row: int, control: bool = False) -> Suspect:
    """The suspect at a row. Suspicions of a model and of contradictions are independent evidence of one slip."""
    doubts, against = evidence.doubts, evidence.contradictions.get(row, [])
    flagged = bool(doubts.flagged[row])
    suspicion = float(np.nan_to_num(doubts.suspicion[row]))
    chances = [1 - one.right if one.kind == "keyword" else _ONE_OF_TWO for one in against]
    innocent = (1 - suspicion) * (1 - max(chances, default=0.0))
    in_doubt = doubts.columns[row] & flagged
    given = np.nan_to_num(evidence.answers[row]) == 1
    likely = np.nan_to_num(evidence.probabilities[row])
    wrong, missing = (
        tuple(str(evidence.topics[n]) for n in order if (in_doubt & part)[n] and evidence.topics[n] is not None)
        for part, order in ((given, np.argsort(likely, kind="stable")), (~given, np.argsort(-likely, kind="stable")))
    )
    kinds = tuple(dict.fromkeys([*(["model"] if flagged else []), *(one.kind for one in against)]))
    return Suspect(
        judged.papers[row],
        row,
        1 - innocent,
        tuple(judged.topics[n] for n in np.flatnonzero(judged.truth[row] == 1)),
        kinds,
        wrong,
        missing,
        tuple(against),
        _guesses(evidence, row),
        control,
    )


def _guesses(evidence: Evidence, row: int) -> tuple[Guess, ...]:
    """The topics that the model finds most probable, up to two of them."""
    probabilities = evidence.probabilities[row]
    if not np.isfinite(probabilities).any():
        return ()
    order = np.argsort(-np.nan_to_num(probabilities), kind="stable")[:2]
    return tuple(Guess(evidence.topics[n], round(float(np.nan_to_num(probabilities[n])), 4)) for n in order)


def with_controls(
    judged: JudgedSet, evidence: Evidence, suspects: Sequence[Suspect], count: int, settled: Collection[int] = ()
) -> list[Suspect]:
    """The first suspects, up to ``count`` papers, of which one in ten is no suspect and was drawn at random.

    The draw depends on nothing but the papers. Places of controls in the list are drawn, too.
    """
    rng = np.random.default_rng(0)
    known = {*settled, *(one.position for one in suspects)}
    others = [
        row for row in range(len(judged.papers)) if row not in known and np.isfinite(evidence.doubts.suspicion[row])
    ]
    others.sort(key=lambda row: judged.papers[row].id)
    wanted = min(round(min(count, len(suspects)) / CONTROLS), len(others))
    shown = list(suspects[: count - wanted])
    for row in rng.permutation(len(others))[:wanted].tolist():
        control = _suspect(judged, evidence, others[row], control=True)
        shown.insert(int(rng.integers(len(shown) + 1)), control)
    return shown
