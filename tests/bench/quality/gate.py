"""Whether a new version is refused where its labels have gone bad, and only there.

A version of right labels is in use. New versions learn from the same papers judged again, or from one more batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from labeler import Paper, TopicClassifier
from labeler.evaluation.gate import passage
from labeler.evaluation.judged import JudgedSet
from labeler.papers.ids import identifier_hash
from labeler.score.model import TopicModel
from labeler.topics import Mode, Scheme
from labeler.topics.scheme import Topic
from tests.bench.quality.cache import code_of
from tests.bench.quality.figures import macro_f1
from tests.bench.quality.ledger import Ledger, Record
from tests.bench.quality.splits import Split, Truth

CODE = ("labeler", "tests/bench/quality/gate.py")
LABELS, MORE, SEEDS, SHARE, LOSS = 500, 100, 20, 1 / 3, 0.05

Spoilt = Callable[[Truth, Truth, np.random.Generator], Truth]


def _shuffled(truth: Truth, share: float, generator: np.random.Generator) -> Truth:
    """``truth`` with the answers of a share of its papers dealt out among these anew."""
    truth, rows = truth.copy(), generator.choice(len(truth), round(len(truth) * share), replace=False)
    truth[rows] = truth[generator.permutation(rows)]
    return truth


WAYS: dict[str, Spoilt] = {
    "one more batch, right": lambda first, more, _: np.vstack([first, more]),
    "the same papers judged again, a third shuffled": lambda first, _, generator: _shuffled(first, SHARE, generator),
    "all judged again with one more batch, a third shuffled": lambda first, more, generator: _shuffled(
        np.vstack([first, more]), SHARE, generator
    ),
    "one more batch, a third of it shuffled": lambda first, more, generator: np.vstack(
        [first, _shuffled(more, SHARE, generator)]
    ),
    "one more batch, all of it shuffled": lambda first, more, generator: np.vstack(
        [first, _shuffled(more, 1.0, generator)]
    ),
}


def tried(split: Split, seed: int) -> Record:
    """What came of each way, by its name: the true loss of macro-F1 on the test part, and what the gate says."""
    rows, rest = split.draw(LABELS, seed)
    rows = [*rows, *rest[:MORE]]
    papers = [_paper(split.learn[row], row) for row in rows]
    first, more = split.learn_truth[rows[:LABELS]], split.learn_truth[rows[LABELS:]]
    scheme = Scheme(Mode(split.mode), tuple(Topic(topic, split.names[topic]) for topic in split.topics))
    former, found = _trained(split, papers[:LABELS], first), {}
    for name, spoilt in WAYS.items():
        truth = spoilt(first, more, np.random.default_rng(seed))
        judged = papers[: len(truth)]
        model, nobody = _trained(split, judged, truth), np.zeros(len(truth), dtype=bool)
        asked = JudgedSet(tuple(judged), split.topics, truth, nobody, nobody, ("",) * len(truth))
        beside = passage("former", former, model, asked, scheme)
        loss = _true_f1(split, former) - _true_f1(split, model)
        found[name] = {"loss": loss, "beside": beside.to_dict() if beside else None}
    return {"ways": found}


def kept(ledger: Ledger, split: Split, seed: int) -> Record:
    """What came of each way: read, or made and kept."""
    key: Record = {"data": split.name, "papers": split.papers, "method": "gate", "code": code_of(*CODE)}
    key |= {"count": LABELS, "seed": seed}
    if (record := ledger.get(**key)) is None:
        record = key | tried(split, seed)
        ledger.add(record)
    return record


def table(runs: Sequence[Record]) -> str:
    """The rows for all seeds."""
    rows = [
        "| learned | true loss of macro-F1, mean (largest) | loss above .05 | of these refused | others refused |",
        "|---|---|---|---|---|",
    ]
    for name in WAYS if runs else ():
        told = [(run["ways"][name]["loss"], bool((run["ways"][name]["beside"] or {}).get("worse"))) for run in runs]
        losses = [loss for loss, _ in told]
        bad = [refused for loss, refused in told if loss > LOSS]
        others = [refused for loss, refused in told if loss <= LOSS]
        cells = [name, f"{np.mean(losses):.3f} ({max(losses):.3f})", str(len(bad)), str(sum(bad))]
        rows.append(f"| {' | '.join([*cells, f'{sum(others)} of {len(others)}'])} |")
    return "\n".join(rows)


def _paper(text: str, row: int) -> Paper:
    title, _, abstract = text.partition("\n")
    return Paper.make(title, abstract, ids=[f"doi:10.1/{row}"])


def _trained(split: Split, papers: Sequence[Paper], truth: Truth) -> TopicModel:
    """A model that knows which papers it held out, as `labeler train` makes it."""
    clf = TopicClassifier(split.mode, definitions=dict(split.names)).fit(papers, truth, classes=split.topics)
    hashes = np.array([identifier_hash(paper.id) for paper in papers], dtype=np.uint64)
    learned = np.sort(np.array([identifier_hash(one) for paper in papers for one in paper.ids], dtype=np.uint64))
    return replace(clf.model_, learned=learned, held_out_papers=hashes[clf.held_out_rows_])


def _true_f1(split: Split, model: TopicModel) -> float:
    guess = split.guess(model.predict(list(split.test)))
    return float(macro_f1(split.test_truth, guess, np.ones((1, len(guess))))[0])
