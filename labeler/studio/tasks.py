"""Tasks for Label Studio: the papers to annotate, with the pre-annotations of a model.

Format: https://labelstud.io/guide/tasks#Basic-Label-Studio-JSON-format
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from labeler.files import canonical_json
from labeler.papers import Paper
from labeler.papers.dates import format_date
from labeler.studio.interface import CONTROL, TEXT
from labeler.topics import NONE_OF_THESE

NO_TITLE = "(no title)"


def task(
    paper: Paper,
    offered: Sequence[str],
    reason: str,
    prediction: Mapping[str, Any] | None = None,
    asked: Mapping[str, Any] | None = None,
    alike: str = "",
) -> dict[str, Any]:
    """One task. ``offered`` are the topics in the interface; ``reason`` says why the annotator sees this paper.
    ``alike`` tells, one a line, which judged papers are most like it.

    ``asked`` says how the paper was chosen. The server stores it as ``meta``, which JSON exports hold, and among the
    data, which all exports hold.
    """
    data = {
        "paper_id": paper.id,
        "ids": " ".join(paper.ids),
        "title": paper.title or NO_TITLE,
        "abstract": paper.abstract,
        "meta_html": _meta_html(paper),
        "reason": reason,
        "alike": alike,
        "authors": ", ".join(paper.authors),
        "date": paper.date or "",
        "url": paper.url or "",
        "offered": " ".join(offered),
        "asked": canonical_json(dict(asked)) if asked else "",
    }
    fields = {"data": data, "predictions": [prediction] if prediction else []}
    return fields | {"meta": {"asked": dict(asked)}} if asked else fields


def review_task(
    paper: Paper, offered: Sequence[str], reason: str, said_html: str, to: str, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """A task to judge a paper once more: it has what people said of it, and for whom it is meant (empty: anybody)."""
    fields = task(paper, offered, reason, None, asked)
    fields["data"] |= {"said_html": said_html or "&nbsp;", "to": to}
    return fields


def prediction(topics: Sequence[str], score: float, model_version: str) -> dict[str, Any]:
    """A pre-annotation with the topics that a model predicts, "None of these" where it predicts none.

    ``score`` is the rank in the queue, from 0 to 1: Label Studio gives annotators the task with the lowest first.
    """
    chosen = list(topics) or [NONE_OF_THESE]
    row = {"from_name": CONTROL, "to_name": TEXT, "type": "choices", "value": {"choices": chosen}}
    return blind(score, model_version) | {"result": [row]}


def blind(score: float, model_version: str) -> dict[str, Any]:
    """A prediction that orders the queue by its score and shows the annotator nothing."""
    return {"model_version": model_version, "score": round(float(score), 6), "result": []}


def _meta_html(paper: Paper) -> str:
    """Authors, date, categories and link in one line of HTML. Texts from digests are escaped."""
    authors = ", ".join(paper.authors[:8]) + (" et al." if len(paper.authors) > 8 else "")
    parts = [escape(part) for part in (authors, format_date(paper.date), " ".join(paper.categories)) if part]
    if paper.url and paper.url.startswith(("http://", "https://")):
        parts.append(f'<a href="{escape(paper.url, quote=True)}" target="_blank">{escape(paper.id)}</a>')
    return " · ".join(parts) or "&nbsp;"
