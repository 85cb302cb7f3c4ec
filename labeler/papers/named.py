"""The paper that a person means, by an identifier or a part of its title."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.errors import NotFoundError, UsageError
from labeler.papers.ids import arxiv_id, doi, known_id
from labeler.papers.paper import Paper
from labeler.wording import nearest

_CANDIDATES = 5  # that are listed


def paper_named(text: str, papers: Sequence[Paper]) -> Paper:
    """The paper with this identifier or title, else the only one with this text in its title, whatever the case.

    Raises:
        NotFoundError: there is none, or there are several.
        UsageError: the text is blank.
    """
    if not text.strip():
        raise UsageError("no paper is named", "give an identifier or a part of its title")
    wanted, identifier = _folded(text), known_id(text) or arxiv_id(text) or doi(text)
    found = [paper for paper in papers if text in paper.ids or identifier in paper.ids]
    found = found or [paper for paper in papers if wanted and _folded(paper.title) == wanted]
    found = found or [paper for paper in papers if wanted and wanted in _folded(paper.title)]
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(repr(paper.title) for paper in found[:_CANDIDATES])
        more = f" and {len(found) - _CANDIDATES} more" if len(found) > _CANDIDATES else ""
        raise NotFoundError(f"{text!r} may be {len(found)} papers: {shown}{more}", "give more of the title")
    close = nearest(text, [paper.title for paper in papers if paper.title])
    near = f"did you mean {close!r}?" if close else "`labeler read` lists the papers with their identifiers"
    raise NotFoundError(f"no paper has the identifier {text!r}, or that in its title", near)


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())
