"""The queue of papers for the annotators: which papers are picked, why, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any

from labeler.files import canonical_json, sha256
from labeler.papers import Paper
from labeler.studio.tasks import blind
from labeler.suggest.advice import Advice, Adviser, advice
from labeler.suggest.alike import JudgedPapers, told
from labeler.suggest.sought import Sought, seek
from labeler.topics import Scheme

if TYPE_CHECKING:
    from labeler.features.background import Background

_RANKED = 250  # papers that a strategy puts in order; of more, the others follow by their margins, or at random
_RANDOM = "random"  # the strategy that looks at nothing
MARGIN = "margin"  # the strategy whose order is that of the margins alone
AUDIT = "picked at random, without a suggestion, so that the model can be checked"


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper that was picked: the ``reason`` in words, and the ``advice`` of the model.

    ``asked`` records how the paper was picked; it goes with the task into the log. It is empty where all were taken.
    """

    paper: Paper
    reason: str
    asked: Mapping[str, Any]
    advice: Advice | None

    @property
    def audit(self) -> bool:
        """Whether the paper is an audit: picked at random and shown without a suggestion, to check the model."""
        return bool(self.asked.get("audit"))

    @property
    def overlap(self) -> int:
        """How many people are to judge the paper."""
        return int(self.asked.get("overlap", 1))

    @property
    def blind(self) -> bool:
        """Whether the paper is shown without a suggestion and stands for all papers, so that no hint may be given."""
        return self.audit or (self.asked.get("strategy") == _RANDOM and not self.asked.get("suggested"))


@dataclass(frozen=True, slots=True)
class Picking:
    """How papers are picked: the strategy, the model that advises, and the share of audits.

    ``overlap`` is the number of people who are to judge each paper, or each of a random ``share`` of them. ``judged``
    are the judged papers, of which those most like a paper are shown; None where there is no model to find them.
    Where papers are ``sought``, no strategy picks them: ``found`` are those that fit, by their ids, and why they do.
    """

    scheme: Scheme
    adviser: Adviser
    background: Background
    strategy: str
    audit: float
    overlap: int
    judged: JudgedPapers | None = None
    share: float = 1.0
    sought: Sought | None = None
    found: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """What is told to have picked the papers: the strategy, or what was sought."""
        return str(self.sought.asked["strategy"]) if self.sought else self.strategy


def narrowed(papers: Sequence[Paper], picking: Picking) -> tuple[list[Paper], Picking]:
    """The papers that fit what is sought, the best first, and why; all papers where nothing is.

    Raises:
        NotFoundError: no paper fits.
    """
    if picking.sought is None:
        return list(papers), picking
    found = seek(papers, picking.sought, picking.scheme, picking.adviser, picking.background)
    return [one.paper for one in found], replace(picking, found={one.paper.id: one.reason for one in found})


def pick(papers: Sequence[Paper], count: int, picking: Picking, judged: Collection[int] = ()) -> list[Pick]:
    """``count`` of the papers, or all if there are fewer: first the audits, then those that the strategy finds useful.

    Audits are a random sample that checks the model, of papers that nobody has ``judged`` (positions) and that it has
    not learned from, as it may from tables. The others are in the order of the strategy, the most useful first. Of
    papers that are sought none is an audit, and they stay in their order (:func:`narrowed`).
    """
    count = min(count, len(papers))
    audits = [] if picking.sought else _audits(papers, count, picking, judged)
    others = sorted(set(range(len(papers))) - set(audits))
    left = [papers[position] for position in others]
    order = range(count) if picking.sought else ranked(left, count - len(audits), picking)
    batch = [papers[position] for position in (*audits, *(others[rank] for rank in order))]
    adviser = picking.adviser
    model = {"model": adviser.label, "fingerprint": adviser.fingerprint}
    request = {"batch": batch_name(batch), **model}
    overlaps = _overlaps(batch, picking)
    picks, strategy = [], _strategy_used(picking)
    for index, (paper, advised) in enumerate(zip(batch, advice(batch, picking.scheme, picking.adviser), strict=True)):
        audit = index < len(audits)
        method = (
            picking.sought.asked if picking.sought else {"strategy": _RANDOM if audit else strategy, "audit": audit}
        )
        suggested = advised is not None and not audit and bool(advised.topics or advised.none)
        reason = AUDIT if audit else picking.found.get(paper.id) or _reason(strategy, advised)
        asked = method | request | {"overlap": overlaps[index], "suggested": suggested}
        picks.append(Pick(paper, reason, asked, advised))
    return picks


def alike(picks: Sequence[Pick], picking: Picking) -> list[str]:
    """What is told of the judged papers that are most like each pick; nothing where a person judges blind."""
    texts, names = [""] * len(picks), {topic.id: topic.name for topic in picking.scheme.topics}
    if picking.judged is None:
        return texts
    shown = [position for position, chosen in enumerate(picks) if not chosen.blind]
    found = picking.judged.like_each([picks[position].paper for position in shown])
    for position, some in zip(shown, found, strict=True):
        advised = picks[position].advice
        texts[position] = told(some, advised.topics if advised else (), names)
    return texts


def ranked(papers: Sequence[Paper], count: int, picking: Picking) -> list[int]:
    """Positions of ``count`` papers in ``papers``, the most useful first."""
    from labeler.sampling.pick import choose

    first = choose(picking.adviser.model, papers, min(count, _RANKED), picking.strategy, background=picking.background)
    if len(first) == count:
        return first
    others = sorted(set(range(len(papers))) - set(first))
    Random(batch_name(papers)).shuffle(others)  # noqa: S311  (no secret: the same papers, the same order)
    model = picking.adviser.model
    if model is not None and picking.strategy != _RANDOM:
        certainty = model.margins(model.linear.probabilities([paper.text for paper in papers]))
        others.sort(key=lambda position: float(certainty[position]))
    return (first + others)[:count]


def interleaved(ordered: Sequence[int], audits: Collection[int]) -> list[int]:
    """The positions of ``ordered`` in their order, with the ``audits`` moved to random ranks."""
    rng = Random(repr(sorted(audits)))  # noqa: S311  (no secret)
    positions = [position for position in ordered if position not in audits]
    for audit in sorted(audits):
        positions.insert(rng.randint(0, len(positions)), audit)
    return positions


def _overlaps(papers: Sequence[Paper], picking: Picking) -> list[int]:
    """How many people are to judge each of the papers: those whom several judge are drawn at random."""
    if picking.overlap == 1 or picking.share == 1:
        return [picking.overlap] * len(papers)
    rng = Random(f"overlap {batch_name(papers)}")  # noqa: S311  (no secret: the same papers, the same choice)
    drawn = set(rng.sample(range(len(papers)), _part(len(papers), picking.share, rng)))
    return [picking.overlap if position in drawn else 1 for position in range(len(papers))]


def _audits(papers: Sequence[Paper], count: int, picking: Picking, judged: Collection[int]) -> list[int]:
    """The positions of those of ``count`` papers that are audits, in order."""
    rng = Random(batch_name(papers))  # noqa: S311  (no secret: the same papers, the same choice)
    model = picking.adviser.model
    unknown = [
        position
        for position, paper in enumerate(papers)
        if position not in judged and not (model and model.has_learned_from(paper.ids))
    ]
    return sorted(rng.sample(unknown, min(len(unknown), _part(count, picking.audit, rng))))


def _part(count: int, share: float, rng: Random) -> int:
    """A ``share`` of ``count``, rounded up or down at random, so that the share holds over many small batches."""
    return min(count, int(count * share + rng.random()))


def _strategy_used(picking: Picking) -> str:
    """The strategy that papers are picked by: ``diverse``, where another one can do no better for want of a model."""
    from labeler.sampling.registry import STRATEGIES

    model = picking.adviser.model
    knows_nothing = model is None or (picking.strategy == "mix" and not len(model.held_out[1]))
    needs_model = STRATEGIES.named(picking.strategy).NEEDS == "model"
    return "diverse" if needs_model and knows_nothing else picking.strategy


def _reason(strategy: str, advised: Advice | None) -> str:
    if strategy == _RANDOM:
        return "picked at random"
    return advised.doubt if advised and strategy != "diverse" else "it stands for many papers like it"


def shown(advised: Advice | None, audit: bool, place: float, model_version: str) -> dict[str, Any]:
    """The prediction of a task: its place in the queue, and the suggestion, except to those who audit the model."""
    return advised.prediction(place, model_version) if advised and not audit else blind(place, model_version)


def batch_name(papers: Sequence[Paper]) -> str:
    """The name of a batch of papers: a hash of their identifiers, the same for the same papers."""
    return sha256(canonical_json(sorted(paper.id for paper in papers)).encode("utf-8", "replace"))[:12]
