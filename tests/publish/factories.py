"""Labelled papers for the tests of outputs, and what the outputs write of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from labeler.publish.registry import writer_named

NAMES = {"lang": "Language", "vision": "Vision & Images"}
Topics = tuple[tuple[str, float, tuple[str, ...]], ...]
BOTH: Topics = (("vision", 0.91234, ("image", "pixel")), ("lang", 0.7, ()))


def paper(title: str = "Sorting Papers", abstract: str = "We sort.", **fields: Any) -> Paper:
    """A paper with these fields."""
    return Paper.make(title, abstract, **fields)


def labelled(
    one: Paper | None = None, topics: Topics = BOTH, decision: str = "auto", reason: str = ""
) -> LabelledPaper:
    """A labelled paper."""
    scores = {"lang": 0.1, "vision": 0.2} | {topic: probability for topic, probability, _ in topics}
    return LabelledPaper(one or paper(), topics, scores, decision, "default@3", reason)


def written(output: str, papers: Iterable[LabelledPaper], names: Mapping[str, str] = NAMES) -> str:
    """What an output writes of these papers."""
    out = io.StringIO()
    writer_named(output).write(papers, out, names)
    return out.getvalue()
