"""Tasks for Label Studio: the papers to annotate, with what a model suggests for them.

Format: https://labelstud.io/guide/tasks#Basic-Label-Studio-JSON-format
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from labeler.papers import Paper
from labeler.papers.dates import spoken_date
from labeler.studio.interface import CONTROL, TEXT
from labeler.topics import NONE_OF_THESE

NO_TITLE = "(no title)"


def task(
    paper: Paper,
    offered: Sequence[str],
    reason: str,
    prediction: Mapping[str, Any] | None = None,
    asked: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One task. ``offered`` are the topics in the interface; ``reason`` tells the annotator why this paper is asked.

    ``asked`` tells how the paper was chosen. The server keeps it and gives it back in JSON exports.
    """
    data = {
        "paper_id": paper.id,
        "ids": " ".join(paper.ids),
        "title": paper.title or NO_TITLE,
        "abstract": paper.abstract,
        "meta_html": _meta_html(paper),
        "reason": reason,
        "authors": ", ".join(paper.authors),
        "date": paper.date or "",
        "url": paper.url or "",
        "offered": " ".join(offered),
    }
    made = {"data": data, "predictions": [prediction] if prediction else []}
    return made | {"meta": {"asked": dict(asked)}} if asked else made


def prediction(topics: Sequence[str], score: float, model_version: str) -> dict[str, Any]:
    """A pre-annotation: the topics a model would give, and how sure it is (0 to 1; Label Studio asks the lowest first).

    A paper for which the model finds no topic is pre-annotated with "None of these".
    """
    chosen = list(topics) or [NONE_OF_THESE]
    row = {"from_name": CONTROL, "to_name": TEXT, "type": "choices", "value": {"choices": chosen}}
    return blind(score, model_version) | {"result": [row]}


def blind(score: float, model_version: str) -> dict[str, Any]:
    """A prediction that gives a paper its place in the queue and shows the annotator nothing."""
    return {"model_version": model_version, "score": round(float(score), 6), "result": []}


def _meta_html(paper: Paper) -> str:
    """Authors, date and link in one line of HTML. What comes from a digest is escaped."""
    authors = ", ".join(paper.authors[:8]) + (" et al." if len(paper.authors) > 8 else "")
    parts = [escape(part) for part in (authors, spoken_date(paper.date), " ".join(paper.categories)) if part]
    if paper.url and paper.url.startswith(("http://", "https://")):
        parts.append(f'<a href="{escape(paper.url, quote=True)}" target="_blank">{escape(paper.id)}</a>')
    return " · ".join(parts) or "&nbsp;"
