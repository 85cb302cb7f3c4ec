"""Withdrawn papers: what their titles, abstracts and comments say."""

from __future__ import annotations

import re

_PAPER = r"(?:paper|article|submission|manuscript|preprint|work|note|version|thesis|report)"
_BEEN = r"(?:(?:has|have|had) (?:been )?|(?:is|was|will be)(?: being)? |had to be )?(?:now |temporarily |formally )?"
_SENTENCE = (
    rf"\b{_PAPER} {_BEEN}withdrawn\b|\bwithdr[ae]wn? (?:this|the|our) {_PAPER}\b"
    r"|^\W*withdrawn\W*(?:$|\b(?:by|due|because|as|since)\b)"
)
_COMMENT = re.compile(rf"{_SENTENCE}|\bwithdrawn by (?:the )?(?:authors?|arxiv)\b", re.IGNORECASE)
_OPENING = re.compile(rf"^.{{0,60}}?(?:{_SENTENCE})", re.IGNORECASE)
_TITLE = re.compile(r"^\W*withdrawn\b(?:\s+(?:article|paper))?\s*[:\-–—\])]", re.IGNORECASE)


def is_withdrawn(title: str, abstract: str, comments: str) -> bool:
    """Whether a paper says that it has been withdrawn: its authors' comments, its title, or how its abstract begins."""
    if "withdr" in comments.lower() and _COMMENT.search(comments):
        return True
    if "ithdr" in abstract[:100] and _OPENING.match(abstract):
        return True
    return "withdrawn" in title[:16].lower() and _TITLE.match(title) is not None
