"""The tables, each a function of a :class:`Bench`; running what was not run before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np

from tests.bench.quality import splits
from tests.bench.quality.compare import EMPTY, Figure, comparison, difference, heading, short, spread
from tests.bench.quality.days import ARMS as DAY_ARMS
from tests.bench.quality.days import PAPERS as DAY_PAPERS
from tests.bench.quality.figures import Floats, average_precision, draws, macro_f1, micro_f1
from tests.bench.quality.gate import LABELS as GATE_LABELS
from tests.bench.quality.gate import SEEDS as GATE_SEEDS
from tests.bench.quality.gate import kept as kept_gate
from tests.bench.quality.gate import table as gate_table
from tests.bench.quality.ledger import Record, guess_of, scores_of
from tests.bench.quality.methods import METHODS
from tests.bench.quality.picked import LABELS
from tests.bench.quality.runs import Bench, counted
from tests.bench.quality.splits import Split

SIZES = (0, 25, 100, 250, 500, 1000, 2400, None)
MIXED = (0, 100, 250, 800)
MIXES = {"no": ("labeler-plain-no-unread", "labeler-unnamed"), "yes": ("labeler-no-unread", "labeler")}
SKEWED = (100, 250, 500, 1000, None)
PEERS = ("defaults", "tuned", "svc", "fasttext", "minilm", "minilm-self")
BOTH: dict[str, Figure] = {"macro-F1": macro_f1, "micro-F1": micro_f1}
CALIBRATED = (("arxiv24", (250, 1000, 2400, None)), ("reuters90", (1000, None)), ("conferences", (None,)))
DAY_SEEDS = 5
DECIDED = (("arxiv24", 500), ("eight", 400), ("reuters90", 1000), ("conferences", 1000))
DECISION_SEEDS = 20


def arxiv24(bench: Bench) -> str:
    """24 primary categories of arXiv, as many papers of each; whoever can also reads the unread rest of the pool."""
    return comparison(bench, bench.split("arxiv24"), ("labeler", *PEERS), SIZES, {"macro-F1": macro_f1})


def no_unread(bench: Bench) -> str:
    """The same without any unread papers, for those who begin with a few judged ones and nothing else."""
    methods = ("labeler-no-unread", "labeler-plain-no-unread", "tuned", "svc", "minilm", "minilm-names")
    return comparison(bench, bench.split("arxiv24"), methods, (25, 100, 250), {"macro-F1": macro_f1})


def plain(bench: Bench) -> str:
    """The same without names and without self-training: unread papers only tell how words are used."""
    methods = ("labeler-plain", "minilm")
    return comparison(bench, bench.split("arxiv24"), methods, SIZES[2:], {"macro-F1": macro_f1})


def stream(bench: Bench) -> str:
    """The 24 categories in the shares in which they come, learned from early papers and asked of late ones."""
    methods = ("labeler", "tuned", "svc", "minilm", "minilm-self")
    return comparison(bench, bench.split("stream"), methods, (100, 250, 1000, None), BOTH)


def mixed(bench: Bench) -> str:
    """14 categories, one of which is a third of the stream: judged papers have them evenly or as they come, unread and
    asked ones too. Right: the share of asked papers with the right topic, without and with 1,500 unread papers. Decided
    alone, and right of these: at a promised 0.9. Said right, and said to fit no topic (none is without): by training.
    """
    rows = [
        "| judged | stream | labels | names | right, without unread | with | difference (least) "
        "| decided alone | right of these | said right | said to fit no topic |",
        f"|{'---|' * 11}",
    ]
    for judged, shares in ((judged, shares) for judged in splits.SHARES for shares in splits.SHARES):
        split = splits.mixed(judged, shares)
        for count, (names, methods) in ((count, pair) for count in bench.limited(MIXED) for pair in MIXES.items()):
            if (count or names == "yes") and (count or judged == "even"):
                without, unread = (
                    bench.runs(split, method, count) if METHODS[method].can_learn_from(count) else []
                    for method in methods
                )
                cells = [judged, shares, counted(count), names, *_mixed_cells(split, without, unread)]
                rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _mixed_cells(split: Split, without: Sequence[Record], unread: Sequence[Record]) -> list[str]:
    every = draws(len(split.test), rounds=0)
    before, right = (
        np.array(
            [micro_f1(split.test_truth, guess_of(run["answer"], split.test_truth.shape), every)[0] for run in runs]
        )
        for runs in (without, unread)
    )
    steps = right - before if len(before) else right[:0]
    promises = [run["promises"]["0.9"] for run in unread]
    given = sum(one["given"] for one in promises)
    said = [run["micro_f1"]["value"] for run in unread if run["micro_f1"]]
    shares = [run["no_topic"] for run in unread if run["no_topic"]]
    return [
        spread(before) if len(before) else EMPTY,
        spread(right),
        f"{short(float(steps.mean()), sign=True)} ({short(float(steps.min()), sign=True)})" if len(steps) else EMPTY,
        short(float(np.mean([one["decided"] / one["papers"] for one in promises]))),
        short(sum(one["right"] for one in promises) / given) if given else EMPTY,
        short(float(np.mean(said))) if said else EMPTY,
        _widest([(one["low"], one["high"]) for one in shares]),
    ]


def _widest(intervals: Sequence[Sequence[float]]) -> str:
    """The highest of the lower ends of intervals, and of the upper ones."""
    return " to ".join(short(max(ends)) for ends in zip(*intervals, strict=True)) or EMPTY


def days(bench: Bench) -> str:
    """The loop of the README over twenty days of 100 papers of 14 categories, one of which is a third of them.

    Each day 20 papers are asked and judged, a model is trained, and the next day's papers are labelled: the share with
    the right topic; decided alone, and right of these, at a promised 0.9; what `train` said of the share that is right,
    and of the share that fits no topic (none is without). Means over the days. Held: loops in which the mean of the
    share right lies between the means of the ends of the intervals that were told for it.
    """
    rows = [
        "| loop | days 1-5 | 6-10 | 11-15 | 16-20 | all days | said right | held | decided alone | right of these "
        "| said to fit no topic |",
        f"|{'---|' * 11}",
    ]
    for name, arm in DAY_ARMS.items():
        runs = [bench.kept_days(name, arm, seed) for seed in range(min(DAY_SEEDS, bench.seeds or DAY_SEEDS))]
        rows.append(f"| {arm.label} | {' | '.join(_day_cells(runs))} |")
    return "\n".join(rows)


def _is_held(run: Sequence[Record]) -> bool:
    days = [day for day in run if day["interval"]]
    low, high = np.mean([day["interval"] for day in days], axis=0)
    return bool(low <= np.mean([day["right"] for day in days]) <= high)


def _day_cells(runs: Sequence[Sequence[Record]]) -> list[str]:
    right = np.array([[day["right"] for day in run] for run in runs])
    told = [day for run in runs for day in run]
    said = [day["said"] for day in told if day["said"] is not None]
    decided, decided_right = (sum(day[key] for day in told) for key in ("decided", "decided_right"))
    shares = [day["no_topic"] for day in told if day["no_topic"]]
    return [
        *(short(float(right[:, first : first + 5].mean())) for first in range(0, right.shape[1], 5)),
        spread(right.mean(axis=1)),
        short(float(np.mean(said))) if said else EMPTY,
        f"{sum(map(_is_held, runs))} of {len(runs)}",
        short(decided / (len(told) * DAY_PAPERS)),
        short(decided_right / decided) if decided else EMPTY,
        _widest(shares),
    ]


def chinese(bench: Bench) -> str:
    """16 primary categories of arXiv, of papers told in Chinese: learned from early papers and asked of late ones. The
    background knows Chinese from papers before October 2025 that are told in both languages, but for those asked.
    """
    methods = ("labeler", "labeler-plain-no-unread", "characters", "characters-svc")
    return comparison(bench, bench.split("chinese"), methods, (0, 25, 100, 250, 1000, None), BOTH)


def r8(bench: Bench) -> str:
    """Reuters R8, one of eight very unequal topics a paper: micro-F1 is the share of papers that are right."""
    return comparison(bench, bench.split("r8"), ("labeler", "tuned"), SKEWED, BOTH)


def reuters90(bench: Bench) -> str:
    """Reuters-21578 (ModApte), any of 90 topics a paper."""
    return comparison(bench, bench.split("reuters90"), ("labeler", "tuned"), SKEWED, BOTH)


def conferences(bench: Bench) -> str:
    """IJCAI and AAAI, learned from 2020-2022 (AAAI names one area of a paper, the others are unknown), asked of
    2023-2024; to the peers, unknown is "no".
    """
    return comparison(bench, bench.split("conferences"), ("labeler", "defaults", "tuned"), (None,), BOTH)


def screening(bench: Bench) -> str:
    """Systematic reviews: of half of the papers some are judged, the other half is put in order."""
    counts, present = bench.limited((100, None)), bench.taking_part(("labeler", "tuned"))
    rows, means = [heading("average precision, labels:", counts)], {}
    found = {
        (split, method, count): _precisions(bench, split, method, count)
        for split in splits.screening() for method in present for count in counts
    }  # fmt: skip
    for split, method in ((split, method) for split in splits.screening() for method in present):
        told = " | ".join(spread(found[split, method, count][:, 0]) for count in counts)
        rows.append(f"| {split.name.removeprefix('screening-')}, {METHODS[method].label} | {told} |")
    for method in present:
        for count in counts:
            reviews = [found[split, method, count].mean(axis=0) for split in splits.screening()]
            means[method, count] = np.mean(reviews, axis=0)
        told = " | ".join(short(means[method, count][0]) for count in counts)
        rows.append(f"| mean of all, {METHODS[method].label} | {told} |")
    if len(present) == 2:
        told = " | ".join(difference(means["labeler", count], means["tuned", count]) for count in counts)
        rows.append(f"| mean of all, difference | {told} |")
    return "\n".join(rows)


def calibration(bench: Bench) -> str:
    """Expected calibration error on the test part, 10 bins of equally many answers: with one topic a paper of the most
    probable one, with several over the pairs of paper and topic with a probability from 0.05 up.
    """
    rows = ["| papers | labels | error |", "|---|---|---|"]
    for name, counts in CALIBRATED if bench.taking_part(("labeler",)) else ():
        for count in bench.limited(counts):
            errors = np.array([run["calibration"] for run in bench.runs(bench.split(name), "labeler", count)])
            rows.append(f"| {name} | {counted(count)} | {spread(errors)} |")
    return "\n".join(rows)


def decisions(bench: Bench) -> str:
    """What comes of `decide(precision=…)` on later papers, over twenty draws of labels. The largest share: what the
    best single cut on the model's own confidence could have decided while it kept the promise. Right: of all topics
    that were given without a person. Below: draws in which it was more than .02 below the promise. Nothing: draws
    without a decision. Told: draws in which the interval that was told before holds the precision, and its mean width.
    Sets that are to hold the right topic in nine papers of ten: how often they do, and how many topics they have.
    """
    rows = [
        "| papers | labels | promised | decided | largest share | of it | right | below | nothing | told, width | "
        "sets hold | topics in a set |",
        f"|{'---|' * 12}",
    ]
    for name, count in DECIDED if bench.taking_part(("labeler-no-unread",)) else ():
        if not bench.limited((count,)):
            continue
        runs = bench.runs(bench.split(name), "labeler-no-unread", count, DECISION_SEEDS)
        for promised in runs[0]["promises"]:
            cells = _decision_cells([run["promises"][promised] for run in runs], float(promised))
            held, size = (short(float(np.mean([run["sets"][key] for run in runs]))) for key in ("held", "size"))
            rows.append(f"| {name} | {counted(count)} | {promised} | {' | '.join(cells)} | {held} | {size} |")
    return "\n".join(rows)


def _decision_cells(told: Sequence[Record], promised: float) -> list[str]:
    share = float(np.mean([one["decided"] / one["papers"] for one in told]))
    largest = float(np.mean([one["largest"] for one in told]))
    given = sum(one["given"] for one in told)
    precisions = [one["right"] / one["given"] if one["given"] else 1.0 for one in told]
    intervals = [(one["interval"], right) for one, right in zip(told, precisions, strict=True) if one["interval"]]
    inside = sum(low <= right <= high for (low, high), right in intervals)
    return [
        short(share),
        short(largest),
        short(share / largest) if largest else EMPTY,
        short(sum(one["right"] for one in told) / given) if given else EMPTY,
        str(sum(right < promised - 0.02 for right in precisions)),
        str(sum(not one["decided"] for one in told)),
        f"{inside} of {len(intervals)}, {short(float(np.mean([high - low for (low, high), _ in intervals])))}"
        if intervals
        else EMPTY,
    ]


def picked(bench: Bench) -> str:
    """The same where 450 of 500 judged papers were picked by `mix`, 50 at a time, and the model knows which."""
    rows = ["| unread papers | promised | decided | largest share | of it | right | below | nothing | told, width |"]
    rows.append(f"|{'---|' * 9}")
    for unread in (False, True) if bench.limited((LABELS,)) else ():
        seeds = range(min(DECISION_SEEDS, bench.seeds or DECISION_SEEDS))
        runs = [bench.kept_picks(bench.split("arxiv24"), unread, seed) for seed in seeds]
        for promised in runs[0]["promises"]:
            cells = _decision_cells([run["promises"][promised] for run in runs], float(promised))
            rows.append(f"| {'yes' if unread else 'no'} | {promised} | {' | '.join(cells)} |")
    return "\n".join(rows)


def gate(bench: Bench) -> str:
    """A version that learned from 500 right labels is in use; a new one learns from these and 100 more, or from labels
    that have gone bad. Shuffled: papers are given the labels of others. True loss: of macro-F1 on later papers.
    """
    if not bench.limited((GATE_LABELS,)):
        return gate_table(())
    seeds = range(min(GATE_SEEDS, bench.seeds or GATE_SEEDS))
    return gate_table([kept_gate(bench.ledger, bench.split("arxiv24"), seed) for seed in seeds])


def seconds(bench: Bench) -> str:
    """Seconds to learn and then to label the test part, the median over seeds, on one thread. MiniLM's leave out its
    embeddings, which are made once and kept.
    """
    split, counts = bench.split("arxiv24"), bench.limited(SIZES)
    rows = [heading("seconds, labels:", counts)]
    for method in bench.taking_part(("labeler", *PEERS)):
        cells = []
        for count in counts:
            runs = bench.runs(split, method, count) if METHODS[method].can_learn_from(count) else []
            parts = [median(run[part] for run in runs) for part in ("learned", "asked")] if runs else []
            cells.append(" + ".join(f"{part:.1f}" for part in parts) or EMPTY)
        rows.append(f"| {METHODS[method].label} | {' | '.join(cells)} |")
    return "\n".join(rows)


TABLES: dict[str, Callable[[Bench], str]] = {
    table.__name__: table
    for table in (
        arxiv24, no_unread, plain, stream, mixed, days, chinese, r8, reuters90, conferences, screening, calibration,
        decisions, picked, gate, seconds,
    )
}  # fmt: skip


def _precisions(bench: Bench, split: Split, method: str, count: int | None) -> Floats:
    """The average precision of each seed and draw (n_seeds, n_draws)."""
    drawn, wanted = draws(len(split.test)), split.test_truth[:, split.topics.index(split.ranked)] == 1
    runs = bench.runs(split, method, count)
    return np.array([average_precision(wanted, scores_of(run["answer"]), drawn) for run in runs])
