"""`python -m tests.bench.identity`: whether copies of papers are found among many, and near misses are kept apart.

Copies and near misses are made of arXiv papers by rules that the search does not know: the copies have no identifier in
common with their originals. Time and peak memory are those of a process that does nothing else, for three sizes.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from labeler.digests.fields import paper_of
from labeler.papers import Merger, Paper
from tests.bench.speed.material import ARXIV

Fields = dict[str, Any]
SIZES = (10_000, 30_000, 100_000)
MADE = 20_000
DOCUMENT = Path(__file__).parent / "IDENTITY.md"
_SPELLINGS = (
    ("ization", "isation"), ("izing", "ising"), ("ized", "ised"), ("ize", "ise"), ("behavior", "behaviour"),
    ("color", "colour"), ("modeling", "modelling"), ("center", "centre"), ("-", " "), ("neighbor", "neighbour"),
)  # fmt: skip
_TAGS = ("<i>{}</i>", "<b>{}</b>", "{}<br/>", "&nbsp;{}", "<jats:italic>{}</jats:italic>")
_LEADS = ("Towards", "On", "Revisiting", "A study of", "New results on", "Understanding")
_TAILS = ("an approach", "theory and practice", "a case study", "evidence and limits", "a comparative evaluation")


def spelled(row: Fields, chance: random.Random) -> Fields:
    """A copy in another spelling, with a typing error in one of thirty words, and another case of the title."""

    def typed(word: str) -> str:
        if len(word) < 5 or chance.random() > 1 / 30:
            return word
        at = chance.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    abstract = row["abstract"]
    for american, british in _SPELLINGS:
        abstract = abstract.replace(american, british)
    title = chance.choice((str.upper, str.lower, str.title))(" ".join(map(typed, row["title"].split())))
    return {"title": title, "abstract": " ".join(map(typed, abstract.split()))}


def marked_up(row: Fields, chance: random.Random) -> Fields:
    """A copy as a feed has it: tags, entities, line breaks, a list's mark in the title."""
    words = [escape(word) for word in row["abstract"].split()]
    for _ in range(1 + len(words) // 20):
        at = chance.randrange(len(words))
        words[at] = chance.choice(
            ("<i>{}</i>", "<b>{}</b>", "{}<br/>", "&nbsp;{}", "<jats:italic>{}</jats:italic>")
        ).format(words[at])
    title = escape(row["title"]) + chance.choice(("", " [PDF]", " - Journal of Invented Results", "."))
    return {"title": f"<p>{title}</p>", "abstract": f"<jats:p>{' '.join(words)}</jats:p>"}


def cut(row: Fields, chance: random.Random) -> Fields:
    """A copy whose abstract was cut short, to between a fifth and two thirds, with a mistyped title."""
    words = row["abstract"].split()
    kept = max(25, int(len(words) * chance.uniform(0.2, 0.67)))
    title = row["title"].replace(":", " -").rstrip(".")
    return {"title": title.capitalize(), "abstract": " ".join(words[:kept]) + chance.choice(("…", "...", " […]"))}


def retitled(row: Fields, chance: random.Random) -> Fields:
    """A copy as it was published: under another title, a few words of the abstract changed."""
    words = row["title"].split()
    kept = [word for word in words if len(word) > 3 and chance.random() < 0.6] or words[:2]
    title = f"{chance.choice(_LEADS)} {' '.join(kept)}: {chance.choice(_TAILS)}"
    told = [
        chance.choice(("here", "this", "we", "show")) if chance.random() < 0.02 else word
        for word in row["abstract"].split()
    ]
    return {"title": title, "abstract": " ".join(told)}


def same_title(row: Fields, other: Fields, _: random.Random) -> Fields:
    """A near miss: the same title, the abstract of another paper."""
    return {"title": row["title"], "abstract": other["abstract"]}


def second_part(row: Fields, other: Fields, chance: random.Random) -> Fields:
    """A near miss: the second part of a paper, which begins as the first one does and goes on differently."""
    words, others = row["abstract"].split(), other["abstract"].split()
    half = len(words) // 2
    mark = chance.choice((" II", ": Part II", ", part 2", " - Part Two", ". II"))
    return {"title": row["title"] + mark, "abstract": " ".join([*words[:half], *others[len(others) // 2 :]])}


def notice(row: Fields, _: Fields, chance: random.Random) -> Fields:
    """A near miss: an erratum, with no abstract, a sentence, or that of the paper."""
    lead = chance.choice(("Erratum: ", "Erratum to: ", "Corrigendum to ", "Correction: ", "Retraction notice to: "))
    abstract = chance.choice(("", "This corrects the article of this title.", row["abstract"]))
    return {"title": lead + row["title"], "abstract": abstract}


COPIES: tuple[Callable[[Fields, random.Random], Fields], ...] = (spelled, marked_up, cut, retitled)
NEAR_MISSES = (same_title, second_part, notice)


def rows_of(count: int) -> list[Fields]:
    """The first papers of the file, without their identifiers."""
    import pandas as pd

    frame = pd.read_parquet(ARXIV, columns=["title", "abstract"]).head(count)
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


def found(rows: list[Fields], made: list[tuple[int, str, Fields]]) -> Iterator[tuple[str, bool]]:
    """The kind of each made record, and whether it was merged into the paper that it was made of."""
    merger = Merger()
    places = [merger.add(paper_of(row, "papers")) for row in rows]
    added = [(place, kind, merger.add(paper_of(fields, "made"))) for place, kind, fields in made]
    merger.merge_alike()
    for place, kind, position in added:
        yield kind, merger.find(position) == merger.find(places[place])


def measured(rows: list[Fields], count: int) -> Iterator[str]:
    """The lines of the table of copies and near misses."""
    chance = random.Random(0)
    for makers, title in ((COPIES, "copies found"), (NEAR_MISSES, "near misses merged")):
        made = []
        for number in range(count):
            place, maker = chance.randrange(len(rows)), makers[number % len(makers)]
            others = () if makers is COPIES else (rows[chance.randrange(len(rows))],)
            made.append((place, maker.__name__, maker(rows[place], *others, chance)))
        counts: dict[str, list[bool]] = {"all": []}
        for kind, merged in found(rows, made):
            counts.setdefault(kind, []).append(merged)
            counts["all"].append(merged)
        for kind, merged in counts.items():
            yield f"| {title} | {kind} | {sum(merged):,} of {len(merged):,} ({sum(merged) / len(merged):.4f}) |"


def merged_among(rows: list[Fields]) -> list[tuple[Paper, str, Paper]]:
    """The merges among papers that are all distinct, by their titles and abstracts alone."""
    merger = Merger()
    for row in rows:
        merger.add(paper_of(row, "papers"))
    merger.merge_alike()
    return [(merger.at(position), reason, paper) for position, reason, paper in merger.reasons]


def timed(count: int) -> str:
    """The line of the table of time and memory; for a process of its own."""
    papers = [paper_of(row, "papers") for row in rows_of(count)]
    before, begun = _peak(), time.process_time()
    merger = Merger()
    for paper in papers:
        merger.add(paper)
    merger.merge_alike()
    seconds, peak = time.process_time() - begun, _peak()
    return f"| {count:,} | {seconds:.1f} | {peak:,} | {peak - before:,} |"


def _peak() -> int:
    """The peak memory of this process so far, in MB (Linux)."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def lines(papers: int, made: int, told: bool) -> Iterator[str]:
    """The lines of the document; with ``told`` each merge among the papers themselves."""
    rows = rows_of(papers)
    yield "# Whether records are of one paper\n"
    yield f"Made with `python -m tests.bench.identity --write`: {made:,} copies and {made:,} near misses, made of"
    yield f"{papers:,} papers of arXiv, are read together with these, all without identifiers. How they are made is"
    yield "told in `tests/bench/identity.py`.\n"
    yield "| | kind | |"
    yield "|---|---|---|"
    yield from measured(rows, made)
    merges = merged_among(rows)
    yield f"\nAmong the {len(rows):,} papers themselves, which are distinct on arXiv, {len(merges)} are merged by their"
    yield "texts alone. With their identifiers none are."
    if told:
        yield from (f"- {reason}: {paper.title!r} and {other.title!r}" for paper, reason, other in merges)
    yield "\n| papers | CPU seconds | peak MB of the process | MB more than before |"
    yield "|---|---|---|---|"
    for size in SIZES:
        if size <= papers:
            command = [sys.executable, "-m", "tests.bench.identity", "--timed", str(size)]
            yield subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Measure and print the tables, or keep them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.identity", description=__doc__)
    parser.add_argument("--papers", type=int, default=SIZES[-1])
    parser.add_argument("--made", type=int, default=MADE)
    parser.add_argument("--merges", action="store_true", help="print each merge among the papers themselves, not to be kept: titles are others' words")
    parser.add_argument("--write", action="store_true", help="keep the document as tests/bench/IDENTITY.md")
    parser.add_argument("--timed", type=int, help="print the line of time and memory for so many papers, no more")
    asked = parser.parse_args()
    if asked.timed:
        print(timed(asked.timed))
        return
    document = []
    for line in lines(asked.papers, asked.made, asked.merges):
        print(line, flush=True)
        document.append(line)
    if asked.write:
        DOCUMENT.write_text("\n".join(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
