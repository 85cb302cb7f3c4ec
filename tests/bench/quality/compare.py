"""A table of methods and numbers of labels: figures, and how far labeler is above the best peer of a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tests.bench.quality.figures import Floats, draws, interval
from tests.bench.quality.ledger import guess_of
from tests.bench.quality.methods import METHODS, Method
from tests.bench.quality.runs import Bench, counted
from tests.bench.quality.splits import Guess, Split, Truth

Counts = Sequence[int | None]
Figure = Callable[[Truth, Guess, Floats], Floats]
Cells = dict[tuple[str, int | None], Floats]  # method, labels → the figure (n_seeds, n_draws)
EMPTY = "–"


def comparison(bench: Bench, split: Split, methods: Sequence[str], counts: Counts, figures: dict[str, Figure]) -> str:
    """For each figure the methods' means over seeds ± their spread, and labeler's distances with 95 % intervals.

    An interval is over draws of test papers, the same for both sides, of the difference on average over seeds.
    """
    counts, present, drawn = bench.limited(counts), bench.taking_part(methods), draws(len(split.test))
    parts = []
    for name, figure in figures.items():
        cells: Cells = {}
        for method, count in ((method, count) for method in present for count in counts):
            if METHODS[method].can_learn_from(count):
                runs = bench.runs(split, method, count)
                guesses = (guess_of(run["answer"], split.test_truth.shape) for run in runs)
                cells[method, count] = np.array([figure(split.test_truth, guess, drawn) for guess in guesses])
        rows = [heading(f"{name}, labels:", counts)]
        rows += [_row(method, counts, cells) for method in methods if not bench.methods or method in bench.methods]
        rows += [_distance(method, counts, cells) for method in present if is_ours(method)]
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def heading(first: str, counts: Counts) -> str:
    """The head of a table with a column for each number of labels."""
    names = "".join(f" {counted(count)} |" for count in counts)
    return f"| {first} |{names}\n|---|{'---|' * len(counts)}"


def is_ours(method: str) -> bool:
    """Whether this is labeler."""
    return method.startswith("labeler")


def short(value: float, sign: bool = False) -> str:
    """Three places, without the zero before the point."""
    return f"{value:{'+' if sign else ''}.3f}".replace("0.", ".", 1)


def spread(values: Floats) -> str:
    """A mean, and the standard deviation where there are several values."""
    return short(values.mean()) + (f" ± {short(values.std(ddof=1))}" if len(values) > 1 else "")


def difference(ours: Floats, theirs: Floats) -> str:
    """The difference of two figures (n_draws,), with its 95 % interval."""
    told = interval(ours - theirs)
    return f"{short(told.value, sign=True)} [{short(told.low, sign=True)}, {short(told.high, sign=True)}]"


def _row(method: str, counts: Counts, cells: Cells) -> str:
    if reason := METHODS[method].missing():
        return f"| {METHODS[method].label} | {reason} |{' |' * (len(counts) - 1)}"
    found = (cells.get((method, count)) for count in counts)
    told = " | ".join(EMPTY if cell is None else spread(cell[:, 0]) for cell in found)
    return f"| {METHODS[method].label} | {told} |"


def _distance(method: str, counts: Counts, cells: Cells) -> str:
    told = []
    for count in counts:
        peers = {name: cell.mean(axis=0) for (name, labels), cell in cells.items() if labels == count}
        peers = {name: cell for name, cell in peers.items() if _is_peer_of(METHODS[method], name)}
        if (method, count) not in cells or not peers:
            told.append(EMPTY)
            continue
        best = max(peers, key=lambda name: float(peers[name][0]))
        distance = difference(cells[method, count].mean(axis=0), peers[best])
        told.append(f"{distance} {METHODS[best].label}")
    return f"| {METHODS[method].label} above the best peer | {' | '.join(told)} |"


def _is_peer_of(ours: Method, name: str) -> bool:
    return not is_ours(name) and ours.is_given_as_much_as(METHODS[name])
