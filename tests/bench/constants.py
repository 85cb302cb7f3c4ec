"""`python -m tests.bench.constants`: what comes of other values of the constants in `labeler/learn/`.

Each constant that was chosen, and is no limit of rounding or of time, is halved and doubled, or changed as far as makes
sense, and models are learned anew. Nothing here is asked of papers that the tables of QUALITY.md ask: all are of the
learning parts. A row tells the change from the values that are in use, on average over draws, and its standard error
where there are several.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
from threadpoolctl import threadpool_limits

from labeler import TopicClassifier
from labeler.features.space import Mix
from labeler.learn.recipe import HINGE, REGRESSIONS, Recipe
from tests.bench.areas import areas, frame, truth
from tests.bench.quality import figures, splits
from tests.bench.quality.cache import code_of, folder
from tests.bench.quality.compare import Figure
from tests.bench.quality.ledger import Ledger
from tests.bench.quality.ours import background
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/CONSTANTS.md"
SEEDS, UNREAD = 3, 1500
CODE = ("labeler/learn", "labeler/features", "tests/bench/constants.py")
Told = dict[str, float]


@dataclass(frozen=True)
class Choice:
    """A constant of ``labeler.learn``, the ``modules`` that hold its name, and the values tried: name → value."""

    name: str
    modules: tuple[str, ...]
    others: Mapping[str, Any]

    @contextmanager
    def made(self, other: str) -> Iterator[None]:
        """Let the constant have another value."""
        with ExitStack() as stack:
            for module in self.modules:
                stack.enter_context(patch(f"labeler.learn.{module}.{self.name}", self.others[other]))
            yield


def choice(place: str, *others: Any, also: Sequence[str] = (), **named: Any) -> Choice:
    """A constant, as ``module:name``, with other values; ``also`` are modules that import it by name."""
    module, name = place.split(":")
    return Choice(name, (module, *also), {**{str(other): other for other in others}, **named})


def learned(split: splits.Split, count: int, seed: int, named: bool = True) -> TopicClassifier:
    """A model of ``count`` papers of a draw; as many as ``UNREAD`` others are not judged."""
    rows, rest = split.draw(count, seed)
    names = (split.names or None) if named else None
    model = TopicClassifier(split.mode, definitions=names, background=background(), random_state=seed)
    columns = split.topics if split.mode == "multi" else None
    unread = [split.learn[row] for row in rest[:UNREAD]]
    return model.fit([split.learn[row] for row in rows], split.answers(rows), unlabeled=unread, classes=columns)


def _asked(split: splits.Split, model: TopicClassifier, figure: Figure = figures.macro_f1) -> float:
    drawn = np.ones((1, len(split.test)))
    return float(figure(split.test_truth, split.guess(model.predict(split.test)), drawn)[0])


def _calibration(split: splits.Split, model: TopicClassifier) -> float:
    probabilities = np.zeros(split.test_truth.shape)
    columns = [split.topics.index(topic) for topic in model.classes_]
    probabilities[:, columns] = model.predict_proba(split.test)
    of_mode = figures.single_calibration if split.mode == "single" else figures.multi_calibration
    return of_mode(probabilities, split.test_truth)


def few(seed: int) -> Told:
    """24 categories of arXiv with names: macro-F1, and the calibration error."""
    split, told = splits.made("development"), {}
    for count in (25, 100, 250):
        model = learned(split, count, seed)
        told[f"macro-F1, {count} labels"] = _asked(split, model)
        told[f"calibration error, {count}"] = _calibration(split, model)
    return told


def unnamed(seed: int) -> Told:
    """The same without names."""
    split = splits.made("development")
    return {
        f"macro-F1, {count} labels": _asked(split, learned(split, count, seed, named=False)) for count in (100, 250)
    }


def names(seed: int) -> Told:
    """The same without judged papers."""
    split = splits.made("development")
    return {"macro-F1, 0 labels": _asked(split, learned(split, 0, seed))}


def more(seed: int) -> Told:
    """The same with many labels."""
    split = splits.made("development")
    return {f"macro-F1, {count:,} labels": _asked(split, learned(split, count, seed)) for count in (1000, 2400)}


def uneven(seed: int) -> Told:
    """14 categories, judged evenly, of which the stream holds one as a third: the share of its papers that are right,
    and the error of the probabilities.
    """
    split, told = _uneven(), {}
    for count in (56, 250):
        model = learned(split, count, seed)
        told[f"right, {count} labels"] = _asked(split, model, figures.micro_f1)
        told[f"calibration error, {count}"] = _calibration(split, model)
    return told


def several(seed: int) -> Told:
    """Areas of conference papers, any number a paper: 2020 and 2021, asked of 2022."""
    split, told = _several(), {}
    for count in (250, 1000):
        model = learned(split, count, seed)
        told[f"macro-F1, {count:,} labels"] = _asked(split, model)
        told[f"calibration error, {count:,}"] = _calibration(split, model)
    return told


def outside(seed: int) -> Told:
    """14 categories, where a third of the unread papers is of ten others: how far the estimate of that share is off,
    how wide its interval is (1 where none is told), and whether that holds the truth.
    """
    split, told = splits.made("development"), {}
    kept = split.topics[: splits.MIXED_TOPICS]
    own = split.learn_truth[:, : len(kept)].any(axis=1)
    order = np.random.RandomState(seed).permutation(len(split.learn))
    others = [split.learn[row] for row in order[~own[order]][:500]]
    rows = order[own[order]]
    for count in (150, 400):
        judged, rest = rows[:count], rows[count : count + 1000]
        model = TopicClassifier("single", background=background(), random_state=seed)
        answers = [split.topics[topic] for topic in split.learn_truth[judged].argmax(axis=1)]
        unread = [*(split.learn[row] for row in rest), *others]
        model.fit([split.learn[row] for row in judged], answers, unlabeled=unread)
        found, share = model.no_topic_, len(others) / len(unread)
        told[f"off, {count} labels"] = abs(found.value - share) if found else 1.0
        told[f"width, {count}"] = found.high - found.low if found else 1.0
        told[f"holds, {count}"] = float(found is not None and found.low <= share <= found.high)
    return told


@cache
def _uneven() -> splits.MixedSplit:
    topics = tuple(splits.NAMES)[: splits.MIXED_TOPICS]
    early, _ = splits.arxiv_rows()
    rows = early[early["topic"].isin(topics)].head(splits.MIXED_POOL)
    asked = splits.MIXED_TEST
    papers = *splits.part(rows[asked:], topics), *splits.part(rows[:asked], topics)
    named = {topic: splits.NAMES[topic] for topic in topics}
    return splits.MixedSplit("uneven", "single", topics, *papers, named, judged_evenly=True)


@cache
def _several() -> splits.Split:
    rows = frame()
    early, late = rows[rows["year"] <= 2021], rows[rows["year"] == 2022]
    topics, asked = areas(early), areas(late)
    learn, test = truth(early, topics), truth(late, topics)
    for part, known in ((learn, early), (test, late)):
        part[(known["venue"] == "aaai").to_numpy()[:, None] & (part == 0)] = np.nan
    test[:, [topic not in asked for topic in topics]] = np.nan
    named = {topic: topic for topic in topics}
    return splits.Split("several", "multi", tuple(topics), list(early["text"]), learn, list(late["text"]), test, named)


def _mixed(recipes: Sequence[Recipe], *shares: float) -> tuple[Recipe, ...]:
    """The recipes, the first one with another mix."""
    first, *rest = recipes
    return replace(first, mix=Mix(*shares)), *rest


def _calm(recipes: Sequence[Recipe], factor: float) -> tuple[Recipe, ...]:
    """The recipes with so many times their C."""
    return tuple(replace(recipe, C=recipe.C * factor) for recipe in recipes)


def _halved(recipes: Sequence[Recipe]) -> dict[str, tuple[Recipe, ...]]:
    return {"C_halved": _calm(recipes, 0.5), "C_doubled": _calm(recipes, 2.0)}


MEASURES: dict[Callable[[int], Told], tuple[Choice, ...]] = {
    names: (
        choice("recipe:_PSEUDO_WEIGHT", 6.0, 24.0),
        choice("recipe:_PSEUDO_SHARE", 0.4, 1.2),
        choice("self_training:MIN_PAPERS", 2, 10, also=["recipe"]),
        choice("self_training:_MAX_PAPERS", 100, 400),
        choice("self_training:ROUNDS", 1, 4, also=["recipe", "selection"]),
        choice("recipe:DEFINITION_WEIGHT", 8, 32, also=["stored_papers"]),
    ),
    few: (
        choice("recipe:DEFINITION_WEIGHT", 8, 32, also=["stored_papers"]),
        choice("recipe:_PSEUDO_WEIGHT", 6.0, 24.0),
        choice("recipe:_PSEUDO_SHARE", 0.4, 1.2),
        choice("self_training:ROUNDS", 1, 4, also=["recipe", "selection"]),
        choice("self_training:GROUP_SIZE", 5, 20, also=["recipe"]),
        choice("self_training:MIN_PAPERS", 2, 10, also=["recipe"]),
        choice("selection:REGRESSIONS", **_halved(REGRESSIONS), mix_30_50_20=_mixed(REGRESSIONS, 0.3, 0.5, 0.2),
               mix_10_70_20=_mixed(REGRESSIONS, 0.1, 0.7, 0.2), mix_20_70_10=_mixed(REGRESSIONS, 0.2, 0.7, 0.1),
               mix_15_55_30=_mixed(REGRESSIONS, 0.15, 0.55, 0.3)),
        choice("selection:_MIN_PAPERS", 25, 100),
        choice("selection:_MIN_PAPERS_ALL", 100, 500),
        choice("training:_MIN_PAPERS_DF_2", 100, 10_000),
        choice("calibration:_DEFAULT_SCALE", single_1={"single": 1.0, "multi": 4.0},
               single_4={"single": 4.0, "multi": 4.0}),
        choice("calibration:MIN_HELD_OUT", 5, 50, also=["calibrated", "stream", "none_of_these"]),
        choice("calibration:_MIN_TOP_LABELS", 25, 200),
    ),
    unnamed: (
        choice("recipe:_PSEUDO_WEIGHT_UNDEFINED", 2.0, 8.0),
        choice("recipe:_PSEUDO_SHARE_UNDEFINED", 0.3, 0.9),
    ),
    more: (
        choice("selection:HINGE", none=(), **_halved(HINGE)),
        choice("selection:SMALL_C_HINGE", none=()),
        choice("selection:REGRESSIONS", **_halved(REGRESSIONS)),
        choice("racing:_MIN_CHANCE", 0.005, 0.1),
        choice("recipe:_MAX_JUDGED", 500, 3000),
    ),
    uneven: (
        choice("self_training:_MAX_KNOWN", 500, 5000),
        choice("self_training:_HALF_KNOWN", 50, 200),
        choice("self_training:_BY_CHANCE", 0, 50),
        choice("label_shift:_PRIOR", 25.0, 100.0),
        choice("label_shift:_PRIOR_JUDGED", 5.0, 20.0),
        choice("label_shift:_FEW", 1.0, 4.0),
        choice("label_shift:_SMALL", 0.01, 0.04),
        choice("label_shift:_SMALL_OF_EVEN", 0.2, 0.8),
        choice("label_shift:_BY_CHANCE", 0.05, 0.3),
    ),
    several: (
        choice("selection:HINGE", **_halved(HINGE), mix_25_55_20=_mixed(HINGE, 0.25, 0.55, 0.2),
               mix_50_30_20=_mixed(HINGE, 0.5, 0.3, 0.2)),
        choice("selection:SMALL_C_HINGE", none=()),
        choice("targets:ASSUMED_NEGATIVE_WEIGHT", 0.1, 0.6, also=["stored_papers"]),
        choice("targets:_MIN_POSITIVES", 5, 20),
        choice("thresholds:_COMMON_EXAMPLES", 5.0, 20.0),
        choice("calibrated:_DEFAULT_THRESHOLD", 0.25, 0.5),
        choice("calibration:_MIN_POSITIVES", 5, 20),
        choice("calibration:_PENALTY", 2.5e-3, 4e-2),
        choice("racing:_MIN_CHANCE", 0.005, 0.1),
    ),
    outside: (
        choice("no_topic:_C", 0.1, 1.0),
        choice("no_topic:_BLOCK_WEIGHTS", (0.25, 0.1), (0.9, 0.4)),
        choice("no_topic:_QUANTILES", (0.1, 0.2, 0.3), (0.3, 0.4, 0.5)),
        choice("no_topic:_UPPER_QUANTILE", 0.4, 0.6),
        choice("no_topic:_SPREAD_QUANTILE", 0.2, 0.5),
        choice("no_topic:_FOLDS", 3, 10),
        choice("no_topic:_MAX_WIDTH", 0.3, 0.6),
    ),
}  # fmt: skip

# Of rounding, of rounds, of memory and of time: larger or smaller ones change no figure that is told.
LIMITS = {
    "background_regression": "_MAX_LEARNED _MIN_SIZE _ROWS_AT_ONCE",
    "calibration": "_MIN_SPREAD",
    "dual_coordinate_descent": "_BLOCK_ROWS _MAX_COLUMNS _MAX_ITERATIONS _MIN_COLUMNS _TOLERANCE",
    "finite_newton": "_AT_MARGIN _MAX_HALVINGS _MAX_ROUNDS _ROUNDING",
    "kernel": "_ROWS",
    "label_shift": "_CLOSE _ROUNDS",
    "logistic": "_MAX_ITERATIONS _NEVER",
    "no_topic": "_BOOTSTRAP_DRAWS _MAX_UNLABELED",
    "none_of_these": "_BEYOND",
    "out_of_core": "_MAX_SEARCHED _MIN_LEFT",
    "racing": "_DRAWS _NO_SCORE _TINY",
    "recipe": "_CACHED_KERNELS",
    "selection": "_MIN_LEFT",
    "self_training": "_MIN_SPREAD",
    "solver": "_FIRST_ITERATIONS _HISTORY _LEAST_POWER _MAX_ITERATIONS _MAX_TRIALS _ROUNDING _SLOPE_SHARE _TOLERANCE",
    "stored_papers": "_MAX_HELD_OUT _MAX_TERMS _PAPERS_PER_MESSAGE _SKETCHES_AT_ONCE",
    "targets": "_ROUNDING",
    "to_sklearn": "_UNLEARNED_INTERCEPT",
    "training": "MAX_IN_MEMORY _MAX_UNLABELED",
}
# Those whose figures the comment beside them tells, grids of which held-out papers choose, and what defines a measure.
ELSEWHERE = {
    "background_regression": "_C",
    "keywords": "_NOT_WEIGHT _WEIGHT",
    "label_noise": "_BY_CHANCE _FEWEST _LEAST _NOISY _RATE",
    "no_topic": "_MIN_PAPERS",
    "none_of_these": "_FEW",
    "out_of_core": "_BALANCES _C_GRID _FOLDS _MAX_WORSE _PENALTY _SHARES",
    "parents": "_SHARED",
    "recipe": "_ABOUT _BOTH _WORDS",
    "selection": "_MAX_PAPERS_ABOUT _MIN_FOLDS",
    "soft": "WEIGHT _PRIOR",
    "soft_multi": "_PRIOR _YES",
    "stored_papers": "_HELD_OUT_SHARE _MIN_DF _MOSTLY",
    "targets": "_ENOUGH",
    "time_ordered": "_BLOCKS _MIN_DATED_PAPERS _TEST_SHARE",
    "unread": "_MOST_DATED",
}


def told(measure: Callable[[int], Told], seeds: int, ledger: Ledger) -> str:
    """The table of a measure: what comes of the values in use, and the changes with others."""
    usual = [_run(measure, None, "", seed, ledger) for seed in range(seeds)]
    figures_named = list(usual[0])
    rows = [f"| | {' | '.join(figures_named)} |", f"|---|{'---|' * len(figures_named)}"]
    rows.append(f"| in use | {' | '.join(f'{np.mean([one[name] for one in usual]):.3f}' for name in figures_named)} |")
    for one in MEASURES[measure]:
        for other in one.others:
            found = [_run(measure, one, other, seed, ledger) for seed in range(seeds)]
            changes = {
                name: [new[name] - old[name] for new, old in zip(found, usual, strict=True)] for name in usual[0]
            }
            module = f"{one.modules[0]}.{one.name}"
            rows.append(f"| `{module}` {other} | {' | '.join(_change(changes[name]) for name in figures_named)} |")
    return "\n".join(rows)


def _change(values: Sequence[float]) -> str:
    error = f" ± {np.std(values, ddof=1) / np.sqrt(len(values)):.3f}" if len(values) > 1 else ""
    return f"{np.mean(values):+.3f}{error}"


def _run(measure: Callable[[int], Told], one: Choice | None, other: str, seed: int, ledger: Ledger) -> Told:
    """The figures of a draw, with the value ``other`` of a constant, if any; what was run before is read."""
    method = f"{one.modules[0]}.{one.name} {other}" if one else "in use"
    key = {
        "data": measure.__name__,
        "papers": "",
        "method": method,
        "code": code_of(*CODE),
        "count": None,
        "seed": seed,
    }
    record = ledger.get(**key)
    if record is None:
        with threadpool_limits(1), one.made(other) if one else nullcontext():
            record = key | {"told": measure(seed)}
        ledger.add(record)
        print(f"{measure.__name__}: {method}, draw {seed}", file=sys.stderr, flush=True)
    found: Told = record["told"]
    return found


def main() -> None:
    """Run what was not run before, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.constants", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="draws of judged papers")
    wanted = parser.parse_args()
    ledger = Ledger(folder() / "constants.jsonl")
    tables = [f"## {one.__name__}\n\n{_about(one)}\n\n{told(one, wanted.seeds, ledger)}" for one in MEASURES]
    text = "\n\n".join(["# Constants", _about(sys.modules[__name__]), *tables])
    made = f"Made on {date.today()} with `{' '.join(['python -m tests.bench.constants', *sys.argv[1:]])}`."
    PAGE.write_text(f"{text}\n\n{made}\n", encoding="utf-8")


def _about(one: object) -> str:
    return " ".join(str(one.__doc__).split())


if __name__ == "__main__":
    main()
