"""`python -m tests.bench.sought`: how many of the papers that `push --topic` and `push --search` send are of the topic.

Of each of eight topics there are 0, 3 or 10 papers among 200 judged ones, the others at random, and 60 among 2,000
unread ones, of which 40 are sent. In *arxiv24* the scheme has all 24 categories, and every paper one of them; in *among
others* it has the eight alone, and papers come from all of arXiv: most fit no topic. Topics are defined by their names.
The words for `--search` were written from these names, before any paper was looked at. All papers are from October 2025
and later, and the background is learned from earlier ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from labeler import TopicClassifier
from labeler.features.bm25 import bm25
from labeler.papers import Paper
from labeler.sampling.search import found_by_definition
from labeler.suggest.advice import Adviser
from labeler.suggest.sought import Sought, seek
from labeler.topics import Mode, Scheme, Topic
from tests.bench.quality import splits
from tests.bench.quality.arxiv_names import NAMES
from tests.bench.quality.ours import background
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/SOUGHT.md"
BEGIN, END = "<!-- table: written by python -m tests.bench.sought -->\n", "<!-- end of the table -->\n"
WORDS = {
    "cs.GR": "rendering animation 3D meshes graphics",
    "astro-ph.SR": "stars stellar solar flares sun",
    "cs.NE": "evolutionary algorithms genetic spiking neural networks",
    "physics.comp-ph": "numerical methods simulation of physical systems molecular dynamics",
    "gr-qc": "gravity black holes general relativity gravitational waves",
    "cond-mat.supr-con": "superconductivity superconducting transition temperature pairing",
    "cs.IT": "channel coding information theory capacity wireless",
    "physics.chem-ph": "molecules quantum chemistry reactions spectroscopy",
}
SETS = {"arxiv24": tuple(NAMES), "among others": tuple(WORDS)}
POSITIVES, JUDGED, OF_TOPIC, POOL, SENT, SEEDS = (0, 3, 10), 200, 60, 2000, 40, 2
Order = Sequence[int]


class Drawn:
    """One draw for a topic: unread papers, which of them are of it, and judged ones with some or none of it."""

    def __init__(
        self, papers: tuple[Sequence[str], Sequence[str]], topics: Sequence[str], topic: str, seed: int
    ) -> None:
        texts, categories = papers
        order = np.random.RandomState(seed).permutation(len(texts))
        is_of = np.array([categories[row] == topic for row in order])
        own, others = order[is_of], order[~is_of]
        pool = [*own[max(POSITIVES) :][:OF_TOPIC], *others[JUDGED:][: POOL - OF_TOPIC]]
        self.pool = sorted(int(row) for row in pool)  # in the order of the data, which tells nothing
        self.texts = [texts[row] for row in self.pool]
        self.right = np.array([categories[row] == topic for row in self.pool])
        self.topic, self.topics, self.seed, self._data = topic, topics, seed, (texts, categories, own, others)
        self.scheme = Scheme(Mode.SINGLE, tuple(Topic(one, NAMES[one]) for one in topics))

    def model(self, positives: int) -> TopicClassifier:
        """A model of judged papers, so many of which are of the topic."""
        texts, categories, own, others = self._data
        rows = [*own[:positives], *others[: JUDGED - positives]]
        answers = [categories[row] if categories[row] in self.topics else None for row in rows]
        made = TopicClassifier("single", definitions=self.scheme.definitions, background=background())
        return made.fit([texts[row] for row in rows], answers)

    def orders(self, positives: int) -> Iterator[tuple[str, Order]]:
        """How papers are put in order, and the order."""
        made = self.model(positives).model_
        margins = made.margins(made.linear.probabilities(self.texts))
        share = made.predict_proba(self.texts)[:, made.topics.index(self.topic)]
        by_definition, by_words, searched = self._without_a_model
        yield "random", np.random.RandomState(self.seed).permutation(len(self.texts)).tolist()
        yield "`margin`", _descending(-margins)
        yield "model alone", _descending(np.nan_to_num(share))
        yield "definition alone", by_definition
        yield "`--topic`", self._sought(made, Sought(self.topic))
        yield "words alone (BM25)", by_words
        yield "`--search`", searched
        yield "both", self._sought(made, Sought(self.topic, WORDS[self.topic]))

    @cached_property
    def _without_a_model(self) -> tuple[Order, Order, Order]:
        """The orders by definition, by BM25, and of a search."""
        others = [self.scheme.definitions[one] for one in self.topics if one != self.topic]
        defined = found_by_definition(self.scheme.definitions[self.topic], others, self.texts, background())
        by_words = bm25(WORDS[self.topic], self.texts, background())
        return _descending(defined), _descending(by_words), self._sought(None, Sought(words=WORDS[self.topic]))

    def _sought(self, model: Any, sought: Sought) -> Order:
        papers = [Paper(*text.split("\n", 1), (f"row:{row}",)) for row, text in enumerate(self.texts)]
        found = seek(papers, sought, self.scheme, Adviser(None, model), background())
        return [int(one.paper.id.removeprefix("row:")) for one in found]

    def hits(self, positives: int) -> dict[str, int]:
        """By each order, how many of the first papers are of the topic."""
        return {name: int(self.right[list(order[:SENT])].sum()) for name, order in self.orders(positives)}


def _descending(scores: npt.NDArray[np.float64]) -> Order:
    return [int(row) for row in np.argsort(-scores, kind="stable")]


@cache
def papers_of(name: str) -> tuple[Sequence[str], Sequence[str]]:
    """The texts of a set, and the category of each."""
    rows = splits.arxiv_rows()[1] if name == "arxiv24" else splits._all_arxiv()
    rows = rows[rows["date"] >= splits.CUT]
    return (rows["title"] + "\n" + rows["abstract"]).tolist(), rows["topic"].tolist()


def table(runs: Sequence[tuple[str, int, dict[str, int]]]) -> str:
    """For each set and number of positives the mean of each order, with its standard error over draws."""
    names = list(runs[0][2])
    lines = [f"| papers | of the topic, judged | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for kind, positives in dict.fromkeys((kind, positives) for kind, positives, _ in runs):
        own = [hits for one, count, hits in runs if (one, count) == (kind, positives)]
        cells = [_mean([hits[name] for hits in own]) for name in names]
        lines.append(f"| {kind} | {positives} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _mean(values: Sequence[float]) -> str:
    error = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return f"{np.mean(values):.1f} ± {error:.1f}"


def run(seeds: int, say: Callable[[str], None]) -> list[tuple[str, int, dict[str, int]]]:
    """All draws: the set, how many positives, and the hits."""
    runs = []
    for name, topics in SETS.items():
        for seed in range(seeds):
            for topic in WORDS:
                drawn = Drawn(papers_of(name), topics, topic, seed)
                runs += [(name, positives, drawn.hits(positives)) for positives in POSITIVES]
                say(f"{name}, {topic}, draw {seed}: {runs[-1][2]}")
    return runs


def main() -> None:
    """Write the table into the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sought", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="draws of each topic")
    wanted = parser.parse_args()
    with threadpool_limits(1):
        runs = run(wanted.seeds, lambda line: print(line, file=sys.stderr, flush=True))
    draws = f"{len(WORDS)} topics and {wanted.seeds} draws"
    shown = f"Papers of the topic among the {SENT} sent: means over {draws}, ± standard error."
    made = f"Made on {date.today()} with `{' '.join(['python -m tests.bench.sought', *sys.argv[1:]])}`."
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_table(page, f"{shown}\n\n{table(runs)}\n\n{made}\n"), encoding="utf-8")


def with_table(page: str, made: str) -> str:
    """The page with another table between its marks; what was written by hand stays."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{made}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    main()
