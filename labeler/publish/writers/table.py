"""A table for the terminal: the paper at the left, its topics with probabilities and words at the right."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from math import isnan
from typing import IO

from labeler.publish.labelled import LabelledPaper
from labeler.terminal import columns, cut, display_width, wrapped

NAME = "table"
SUFFIXES = (".txt",)
ABOUT = "table for reading in a terminal"


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """One block of lines a paper, as wide as the terminal (80 columns where there is none).

    Beside a topic that people gave stand their names, not the words that the model goes by.
    """
    width = min(columns(sys.stdout), 160)
    topic_width = min(max(5, max(map(display_width, names.values()), default=12)), 30, max(8, width * 3 // 10))
    title_width = max(12, min(60, (width - topic_width - 22) // 2))
    words_width = max(8, width - title_width - topic_width - 22)
    out.write(_row(("PAPER", "DECISION", "TOPIC", "PROB", "WORDS"), title_width, topic_width))
    for item in papers:
        titles = wrapped(item.paper.title or item.paper.abstract[:200], title_width)
        right: list[tuple[str, str, str]] = []
        for topic, probability, words in item.topics:
            told = f"by {', '.join(item.by[topic])}" if topic in item.by else ", ".join(words)
            lines = wrapped(told, words_width)
            right.append((names.get(topic, topic), "" if isnan(probability) else f"{probability:.2f}", lines[0]))
            right += [("", "", line) for line in lines[1:]]
        right += [
            (names.get(topic, topic), "", f"perhaps also ({likely:.0%} listed there)")
            for topic, likely in item.also or ()
        ]
        right = right or [("-", "", "")]
        decisions = [item.decision, item.reason] if item.reason else [item.decision]
        for title, decision, cells in zip_longest(titles, decisions, right):
            out.write(_row((title or "", decision or "", *(cells or ("", "", ""))), title_width, topic_width))


def _row(cells: tuple[str, ...], title_width: int, topic_width: int) -> str:
    from labeler.papers.cleaning import printable

    title, decision, topic, probability, words = (printable(cell) for cell in cells)
    padded = (
        _padded(title, title_width),
        _padded(decision, 10),
        _padded(cut(topic, topic_width) if topic else "", topic_width),
        _padded(probability, 4),
        words,
    )
    return "  ".join(padded).rstrip() + "\n"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))
