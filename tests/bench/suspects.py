"""`python -m tests.bench.suspects`: how many planted slips `labeler suspects` ranks first, beside cleanlab's ranking.

The labels of some judged papers are exchanged, a model learns from them, and its held-out probabilities are given to
both. In single mode a paper gets another topic; in multi mode one of its topics becomes another. That is a topic at
random, or the one that the topic is confused with most. What is told is the precision at the number of slips, and what
macro-F1 a model regains once the first papers of the list are corrected.

cleanlab (AGPL) is no part of the project: `--cleanlab PYTHON` names the interpreter of an environment that has it.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from labeler import TopicClassifier
from labeler.suspects.confident import doubts_multi, doubts_single
from labeler.suspects.two_halves import by_halves
from labeler.topics import Mode
from tests.bench.quality import figures, splits
from tests.bench.quality.cache import code_of, fingerprint, folder
from tests.bench.quality.ours import background
from tests.paths import ROOT

Floats = npt.NDArray[np.float64]
PAGE = ROOT / "tests/bench/SUSPECTS.md"
MOST = 2400  # papers that are learned from
SPLITS = ("development", "reuters90", "conferences")
KINDS = ("random", "confusable")
SHARES = (0.05, 0.1)
CORRECTED = 0.05  # of the papers, from the top of the list
SEEDS = (31, 32, 33)  # draws of slips; the ranking was chosen on 1, and on 11 to 13
NEIGHBOURS = {
    "confident._ALONE": (100.0, 300.0, 1000.0),
    "confident._FREQUENT": (0.0, 0.25, 0.5),
    "two_halves._C": (1.0, 4.0, 16.0),
}
BEGIN, END = "<!-- table: written by python -m tests.bench.suspects -->\n", "<!-- end of the table -->\n"
THEIRS = """
import sys, numpy as np
from cleanlab.multilabel_classification import get_label_quality_scores as of_several
from cleanlab.rank import get_label_quality_scores as of_one
with np.load(sys.argv[1]) as file:
    given, probabilities = file["given"], file["probabilities"]
single = sys.argv[2] == "single"
labels = given.argmax(axis=1) if single else [np.flatnonzero(row).tolist() for row in given]
methods = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
scores = {method: (of_one if single else of_several)(labels, probabilities, method=method) for method in methods}
np.savez(sys.argv[3], **scores)
"""


def papers_of(name: str, most: int = MOST) -> splits.Split:
    """The papers of a split whose answers are all known, as many as ``most`` at random."""
    split = splits.made(name)
    rows = np.flatnonzero((~np.isnan(split.learn_truth)).all(axis=1) & (split.learn_truth == 1).any(axis=1))
    rows = np.sort(np.random.RandomState(0).permutation(rows)[:most])
    kept = split.learn_truth[rows].sum(axis=0) >= 5
    rows = rows[split.learn_truth[rows][:, kept].any(axis=1)]
    topics = tuple(topic for topic, keep in zip(split.topics, kept, strict=True) if keep)
    names = {topic: name for topic, name in split.names.items() if topic in topics}
    learn, truth = [split.learn[row] for row in rows], split.learn_truth[rows][:, kept]
    return replace(
        split, topics=topics, learn=learn, learn_truth=truth, test_truth=split.test_truth[:, kept], names=names
    )


def learned(split: splits.Split, given: Floats) -> tuple[Floats, float]:
    """The held-out probabilities of papers (n_papers, n_topics) that have ``given`` labels, and macro-F1 on others."""
    code = code_of("labeler/learn", "labeler/features")
    kept = folder() / f"suspects-{split.name}-{split.papers}-{fingerprint([given.tobytes().hex()])}-{code}.npz"
    if not kept.exists():
        model = TopicClassifier(split.mode, definitions=split.names or None, background=background())
        is_multi = split.mode == Mode.MULTI
        answers: Any = given if is_multi else [split.topics[column] for column in given.argmax(axis=1)]
        model.fit(split.learn, answers, classes=split.topics if is_multi else None)
        columns = [split.topics.index(topic) for topic in model.classes_]
        held_out = np.zeros(given.shape)
        held_out[np.ix_(model.held_out_rows_, columns)] = model.model_.held_out[0][:, : len(columns)]
        guess = split.guess(model.predict(split.test))
        macro = figures.macro_f1(split.test_truth, guess, np.ones((1, len(guess))))[0]
        np.savez(kept, held_out=held_out, macro=macro)
    with np.load(kept) as found:
        return found["held_out"], float(found["macro"])


def confused_with(truth: Floats, probabilities: Floats) -> npt.NDArray[np.intp]:
    """For each topic the one that its papers are given most wrongly (n_topics,)."""
    likely = np.where(truth == 1, 0.0, probabilities)
    means = truth.T @ likely / truth.sum(axis=0)[:, None]
    np.fill_diagonal(means, -1.0)
    return means.argmax(axis=1)


def with_slips(truth: Floats, share: float, others: npt.NDArray[np.intp] | None, seed: int) -> Floats:
    """The labels with a ``share`` of papers in which one topic became another (``others``; None: at random)."""
    rng, given = np.random.RandomState(seed), truth.copy()
    wanted = round(share * len(truth))
    for row in rng.permutation(len(truth)):
        topic = rng.choice(np.flatnonzero(truth[row]))
        free = np.flatnonzero(truth[row] == 0)
        other = rng.choice(free) if others is None else others[topic]
        if wanted and truth[row, other] == 0:
            given[row, topic], given[row, other] = 0.0, 1.0
            wanted -= 1
    return given


def precision(suspicion: Floats, slips: npt.NDArray[np.bool_]) -> float:
    """The share of slips among as many papers of the largest ``suspicion`` (n_papers,) as there are slips."""
    return float(slips[np.argsort(-suspicion, kind="stable")[: slips.sum()]].mean())


def ours(mode: str, given: Floats, probabilities: Floats) -> Floats:
    """How suspicious each paper is (n_papers,)."""
    return (doubts_single if mode == Mode.SINGLE else doubts_multi)(given, probabilities).suspicion


def theirs(python: str, mode: str, given: Floats, probabilities: Floats) -> dict[str, Floats]:
    """How suspicious each paper is by each of cleanlab's scores."""
    with tempfile.TemporaryDirectory() as place:
        asked, told = Path(place) / "asked.npz", Path(place) / "told.npz"
        np.savez(asked, given=given, probabilities=probabilities)
        subprocess.run([python, "-c", THEIRS, str(asked), mode, str(told)], check=True)
        with np.load(told) as found:
            return {method: -found[method] for method in found.files}


def rows_of(names: Sequence[str], kinds: Sequence[str], python: str) -> Iterator[str]:
    """The rows of the page: means over the draws of slips."""
    for name in names:
        split = papers_of(name)
        clean, best = learned(split, split.learn_truth)
        for kind in kinds:
            others = None if kind == "random" else confused_with(split.learn_truth, clean)
            for share in SHARES:
                drawn = [with_slips(split.learn_truth, share, others, seed) for seed in SEEDS]
                told = np.array([figures_of(split, given, python, share == CORRECTED) for given in drawn])
                cells = [_cell(column) for column in told.T]
                cells.insert(-2, f"{best:.3f}")
                yield f"| {name} | {len(split.learn):,} | {kind} {share:.0%} | {' | '.join(cells)} |"


def figures_of(split: splits.Split, given: Floats, python: str, correct: bool) -> list[float]:
    """Precision of ours and of cleanlab's scores, and macro-F1 with slips and after correction (NaN: not asked)."""
    probabilities, noisy = learned(split, given)
    slips = (given != split.learn_truth).any(axis=1)
    suspicion = ours(split.mode, given, probabilities)
    peers = theirs(python, split.mode, given, probabilities)
    found = [precision(one, slips) for one in (suspicion, *peers.values())]
    return [*found, noisy, corrected(split, given, suspicion) if correct else np.nan]


def _cell(values: Floats) -> str:
    """The mean of the draws, and how far they are apart."""
    if np.isnan(values).any():
        return ""
    return f"{values.mean():.3f} ({values.min():.2f}–{values.max():.2f})"


def neighbours_of(names: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
    """The rows of the page on constants: the mean precision over the draws with other values, where 10 % are slips."""
    for name in names:
        split = papers_of(name)
        clean, _ = learned(split, split.learn_truth)
        model = TopicClassifier(split.mode, definitions=split.names or None, background=background())
        answers: Any = split.learn_truth if split.mode == Mode.MULTI else split.answers(range(len(split.learn)))
        linear = model.fit(
            split.learn, answers, classes=split.topics if split.mode == Mode.MULTI else None
        ).model_.linear
        for kind in kinds:
            others = None if kind == "random" else confused_with(split.learn_truth, clean)
            drawn = [with_slips(split.learn_truth, SHARES[-1], others, seed) for seed in SEEDS]
            for place, values in NEIGHBOURS.items():
                if place == ("confident._FREQUENT" if split.mode == Mode.MULTI else "confident._ALONE"):
                    continue
                told = []
                for value in values:
                    with patch(f"labeler.suspects.{place}", value):
                        found = [_precise(split, given, linear if "halves" in place else None) for given in drawn]
                    told.append(f"{value:g}: {np.mean(found):.3f}")
                yield f"| {name} | {kind} {SHARES[-1]:.0%} | `{place.partition('.')[2]}` | {' | '.join(told)} |"


def _precise(split: splits.Split, given: Floats, linear: Any) -> float:
    """The precision of a draw of slips, by held-out probabilities, or with a ``linear`` model by halves."""
    probabilities = learned(split, given)[0] if linear is None else by_halves(linear, split.learn, given)
    return precision(ours(split.mode, given, probabilities), (given != split.learn_truth).any(axis=1))


def corrected(split: splits.Split, given: Floats, suspicion: Floats) -> float:
    """The macro-F1 of a model that learned from ``given`` labels, the first papers of the list corrected."""
    first = np.argsort(-suspicion, kind="stable")[: round(CORRECTED * len(given))]
    better = given.copy()
    better[first] = split.learn_truth[first]
    return learned(split, better)[1]


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cleanlab", required=True, metavar="PYTHON")
    parser.add_argument("--splits", nargs="+", default=SPLITS, choices=SPLITS)
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS)
    parser.add_argument("--write", action="store_true", help="put the table into tests/bench/SUSPECTS.md")
    given = parser.parse_args()
    head = ["papers of", "papers", "slips", "ours", "self-confidence", "normalized margin", "weighted entropy"]
    head += ["macro-F1 without slips", "with slips", "after correction"]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows_of(given.splits, given.kinds, given.cleanlab):
        print(row, flush=True)
        lines.append(row)
    lines += ["", "| papers of | slips | constant | value: precision | | |", f"|{'---|' * 6}"]
    for row in neighbours_of(given.splits, given.kinds):
        print(row, flush=True)
        lines.append(row)
    if given.write:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), "\n".join([*lines, ""])), encoding="utf-8")


def with_table(page: str, table: str) -> str:
    """The page with another table between its marks; what was written by hand stays."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{table}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    main()
