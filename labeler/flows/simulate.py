"""What each strategy of asking would have come to on the judgements of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.evaluation.judged import JudgedSet, mostly_picked
from labeler.files import canonical_json, sha256
from labeler.flows.curve import answers_of, model_of
from labeler.flows.kept_simulation import KeptParts
from labeler.flows.training_input import TrainingInput, training_input
from labeler.learning_curve.measured import MIN_POSITIVES, JudgedTexts
from labeler.sampling.registry import STRATEGIES
from labeler.simulation.comparison import Comparison, Needed
from labeler.simulation.replay import FOLDS, ORDERS, replayed
from labeler.simulation.verdict import sentences_of
from labeler.suggest.advice import Adviser
from labeler.suggest.queue import Picking, ranked
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.measure.counts import Guess
    from labeler.score.model import TopicModel
    from labeler.simulation.replay import Rows

FEWEST = 60  # judged papers: of fewer, all is chance
SHARES = (0.9, 0.95, 0.98)  # of what models of all papers reach, for which the labels are told
_FEW = 200  # judged papers below which strategies hardly differ, as each soon asks all
_MOST = 2000  # judged papers; of more, a sample
_TOLD = 0.95  # the share that is told in words


@dataclass(frozen=True, slots=True)
class Simulation:
    """Strategies beside each other, in so many ``orders``.

    ``target`` is the macro-F1 that is wanted, None where nobody said.
    """

    found: Comparison
    target: float | None
    orders: int
    notes: Sequence[str]

    @property
    def needed(self) -> list[tuple[float, dict[str, Needed]]]:
        """The figures for which it is told how many labels each strategy takes, with these."""
        targets = [self.found.share_of_all(share) for share in SHARES] if self.target is None else [self.target]
        return [
            (float(np.ravel(target)[0]), {one: self.found.needed(one, target) for one in self.found.figures})
            for target in targets
        ]

    @property
    def sentences(self) -> Sequence[str]:
        """What it says, in words."""
        return sentences_of(self.found, self.found.share_of_all(_TOLD) if self.target is None else self.target)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for programs."""
        found, needed = self.found, self.needed
        return {
            "figure": "macro_f1",
            "papers": found.papers,
            "labels": [round(size) for size in found.sizes],
            "full": round(found.full, 4),
            "target": self.target,
            "orders": self.orders,
            "folds": FOLDS,
            "strategies": [
                {
                    "strategy": strategy,
                    "values": [round(value, 4) for value in found.figures[strategy][0].tolist()],
                    "mean": found.area(strategy).to_dict(),
                    "beside_random": found.difference(strategy).to_dict(),
                    "needed": [{"value": round(value, 4)} | each[strategy]._asdict() for value, each in needed],
                }
                for strategy in found.strategies
            ],
            "sentences": list(self.sentences),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class _Learner:
    """Trains as `labeler train`, and asks as `labeler push` does, but for papers that push asks to check the model."""

    data: TrainingInput
    judged: JudgedSet

    def train(self, rows: Rows, unread: Rows) -> TopicModel | None:
        """A model of judged papers, None where they are of one topic, so that nothing is to be learned.

        Where unlabeled papers are learned from at all, those that were not asked yet are among them.
        """
        data = self.data
        if data.unlabeled:
            texts = [self.judged.papers[row].text for row in unread]
            data = replace(data, unlabeled=[*data.unlabeled, *texts])
        try:
            return model_of(data, rows)
        except InputError:
            return None

    def ask(self, model: TopicModel | None, rows: Rows, count: int, strategy: str) -> Rows:
        """Those of some papers that a push would ask."""
        picking = Picking(self.data.scheme, Adviser(None, model), self.data.background, strategy, audit=0, overlap=1)
        return rows[ranked([self.judged.papers[row] for row in rows], count, picking)]

    def guess(self, model: TopicModel | None, rows: Rows) -> Guess:
        """What a model says of judged papers (n_papers, n_topics)."""
        if model is None:
            return np.zeros((len(rows), len(self.judged.topics)), bool)
        return answers_of(model, self.judged.topics, [self.judged.papers[row].text for row in rows]).given


def simulate(
    workspace: Workspace,
    target: float | None = None,
    unlabeled: Sequence[str] = (),
    say: Callable[[str], None] = lambda _: None,
    orders: int = ORDERS,
) -> Simulation:
    """Replay all strategies on the judged papers of a workspace, in so many ``orders``; no version is made.

    What is done is kept: where it is ended, the next one goes on from there.

    Raises:
        RefusedError: the topic scheme has faults.
        InputError: too few papers are judged, or an input is unreadable.
    """
    data, notes = training_input(workspace, unlabeled, None, "")
    there = len(data.labels.papers)
    if there < FEWEST:
        raise InputError(
            f"a simulation needs {FEWEST} judged papers; there are {there}", "judge more papers, some of them at random"
        )
    data.labels.papers = _sample(data)
    judged = JudgedSet.of_papers(data.labels.papers, data.scheme)
    if not (judged.truth == 1).sum(axis=0).max(initial=0) >= MIN_POSITIVES:
        raise InputError(f"no topic has {MIN_POSITIVES} judged papers: all would be chance", "judge more papers")
    state = sha256(canonical_json([data.state().to_dict(), FOLDS]).encode())
    parts = KeptParts(workspace, state, data.forgotten)
    texts = JudgedTexts([paper.text for paper in judged.papers], judged.topics, judged.truth)
    replays = replayed(texts, STRATEGIES.names, _Learner(data, judged), parts, say, orders)
    found = Comparison.of(texts, replays)
    outcome = Simulation(found, target, orders, [*notes, *_notes(found, data, there)])
    parts.keep_result(outcome.to_dict())
    return replace(outcome, notes=[*outcome.notes, parts.fault]) if parts.fault else outcome


def _sample(data: TrainingInput) -> list[Any]:
    """The judged papers; of very many some, as every training takes longer and tells the same."""
    papers = data.labels.papers
    if len(papers) <= _MOST:
        return papers
    return [papers[row] for row in sorted(np.random.RandomState(0).permutation(len(papers))[:_MOST])]


def _notes(found: Comparison, data: TrainingInput, there: int) -> list[str]:
    """What the simulation leaves out, and what stands against it."""
    notes = []
    if mostly_picked(data.judgements):
        notes.append(
            "most papers were picked by a strategy: strategies are compared on papers like these, and among all unread "
            "papers it may be otherwise"
        )
    if found.papers < _FEW:
        notes.append(
            f"{found.papers} judged papers are few: every strategy soon asks most of them, so that differences are "
            "smaller than among many unread papers"
        )
    if there > found.papers:
        notes.append(f"a random {found.papers:,} of {there:,} judged papers are taken, as more would take longer")
    left_out = len(data.scheme.offered) - found.topics
    if left_out:
        notes.append(
            f"{counted(left_out, 'topic')} with fewer than {MIN_POSITIVES} judged papers "
            f"{'does' if left_out == 1 else 'do'} not count: F1 of so few is chance"
        )
    if data.evaluation_set.papers:
        notes.append("the papers of the evaluation set are left out")
    return notes
