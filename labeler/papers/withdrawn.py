"""Withdrawn papers: what their titles, abstracts and comments say."""

from __future__ import annotations

import re

_PAPER = r"(?:paper|article|submission|manuscript|preprint|work|note|version|thesis|report)"
_BEEN = r"(?:(?:has|have|had) (?:been )?|(?:is|was|will be)(?: being)? |had to be )?(?:now |temporarily |formally )?"
_SENTENCE = (
    rf"\b{_PAPER} {_BEEN}withdrawn\b|\bwithdr[ae]wn? (?:this|the|our) {_PAPER}\b"
    r"|^\W*withdrawn\W*(?:$|\b(?:by|due|because|as|since)\b)"
)
_COMMENT = rf"{_SENTENCE}|\bwithdrawn by (?:the )?(?:authors?|arxiv)\b"
_OPENING = rf"^.{{0,60}}?(?:{_SENTENCE})"
_TITLE = r"^\W*withdrawn\b(?:\s+(?:article|paper))?\s*[:\-–—\])]"


def is_withdrawn(title: str, abstract: str, comments: str) -> bool:
    """Whether a paper says that it has been withdrawn: its authors' comments, its title, or how its abstract begins."""
    if "withdr" in comments.lower() and re.search(_COMMENT, comments, re.IGNORECASE):
        return True
    if "ithdr" in abstract[:100] and re.match(_OPENING, abstract, re.IGNORECASE):
        return True
    return "withdrawn" in title[:16].lower() and re.match(_TITLE, title, re.IGNORECASE) is not None
