"""Which papers are asked next, why, and in which order they wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from labeler.files import canonical_json, sha256
from labeler.papers import Paper
from labeler.suggest.advice import Advice, Adviser, advice
from labeler.topics import Scheme

if TYPE_CHECKING:
    from labeler.features.background import Background

_RANKED = 250  # papers that a strategy puts in order; of more, the others follow by how unsure the model is
AUDIT = "picked at random, without a suggestion, so that the model can be checked"


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper to ask, why, and how it was chosen: ``asked`` goes with the task into the log.

    ``said`` is what the model says of it.
    """

    paper: Paper
    reason: str
    asked: Mapping[str, Any]
    said: Advice | None

    @property
    def audit(self) -> bool:
        """Whether it is asked blind, to check the model."""
        return bool(self.asked["audit"])


@dataclass(frozen=True, slots=True)
class Picking:
    """How papers are to be picked: what advises, by which strategy, which share at random to check the model."""

    scheme: Scheme
    adviser: Adviser
    background: Background
    strategy: str
    audit: float
    overlap: int


def pick(papers: Sequence[Paper], count: int, picking: Picking) -> list[Pick]:
    """``count`` of the papers (all of fewer): a random slice to check the model, the others by the strategy.

    The former come first, the latter the most useful first.
    """
    count = min(count, len(papers))
    chance = Random(batch_name(papers))  # noqa: S311  (no secret: the same papers, the same choice)
    audits = sorted(chance.sample(range(len(papers)), _audits(count, picking.audit, chance)))
    rest = [position for position in range(len(papers)) if position not in set(audits)]
    chosen = [rest[place] for place in ranked([papers[position] for position in rest], count - len(audits), picking)]
    taken = [papers[position] for position in (*audits, *chosen)]
    said = advice(taken, picking.scheme, picking.adviser)
    asked = {"batch": batch_name(taken), "model": picking.adviser.label, "overlap": picking.overlap}
    picks = []
    for place, (paper, one) in enumerate(zip(taken, said, strict=True)):
        audit = place < len(audits)
        why = {"strategy": "random" if audit else picking.strategy, "audit": audit}
        suggested = one is not None and not audit and bool(one.topics or one.none)
        reason = AUDIT if audit else _reason(picking.strategy, one)
        picks.append(Pick(paper, reason, why | asked | {"suggested": suggested}, one))
    return picks


def ranked(papers: Sequence[Paper], count: int, picking: Picking) -> list[int]:
    """Positions of ``count`` papers, the most useful first."""
    from labeler.sampling.pick import choose

    first = choose(picking.adviser.model, papers, min(count, _RANKED), picking.strategy, background=picking.background)
    if len(first) == count:
        return first
    others = sorted(set(range(len(papers))) - set(first))
    model = picking.adviser.model
    if model is not None and picking.strategy != "random":
        from labeler.score.uncertainty import margins

        told = margins(model.linear.probabilities([one.text for one in papers]), model.thresholds, model.mode)
        others.sort(key=lambda place: float(told[place]))
    return (first + others)[:count]


def interleaved(ordered: Sequence[int], audits: Collection[int]) -> list[int]:
    """The same places in the same order, but the audits among them stand anywhere."""
    chance = Random(repr(sorted(audits)))  # noqa: S311  (no secret)
    waiting = [place for place in ordered if place not in audits]
    for audit in sorted(audits):
        waiting.insert(chance.randint(0, len(waiting)), audit)
    return waiting


def _audits(count: int, share: float, chance: Random) -> int:
    """How many of ``count``: where that is no whole number, one more or less by chance, so that the share holds."""
    return min(count, int(count * share + chance.random()))


def _reason(strategy: str, said: Advice | None) -> str:
    if strategy == "random":
        return "picked at random"
    return said.doubt if said else "it stands for many papers like it"


def batch_name(papers: Sequence[Paper]) -> str:
    """A name for these papers, asked together: the same papers have the same one."""
    return sha256(canonical_json(sorted(paper.id for paper in papers)).encode("utf-8", "replace"))[:12]
