"""The words of a paper that speak for a topic, marked in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from labeler.features.terms import is_character


class Piece(NamedTuple):
    """A piece of a text, and whether it is ``marked``."""

    text: str
    marked: bool


def highlighted(text: str, terms: Sequence[str]) -> list[Piece]:
    """The text in pieces, of which those that are one of ``terms`` (words, or pairs of words) are marked."""
    patterns = [_pattern(term) for term in sorted(terms, key=len, reverse=True) if term.strip()]
    if not patterns:
        return [Piece(text, False)] if text else []
    pieces, end = [], 0
    for match in re.finditer("|".join(patterns), text, re.IGNORECASE):
        pieces += [Piece(text[end : match.start()], False)] if match.start() > end else []
        pieces.append(Piece(match[0], True))
        end = match.end()
    return pieces + ([Piece(text[end:], False)] if end < len(text) else [])


def _pattern(term: str) -> str:
    """A term as it may stand in a text: between its words are signs that are no letters."""
    body = r"[\W_]+".join(map(re.escape, term.split()))
    if any(map(is_character, term)):
        return body
    return rf"(?<!\w){body}(?!\w)"
