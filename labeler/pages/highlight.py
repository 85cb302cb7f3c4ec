"""The words of a paper that speak for a topic, marked in its text."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from labeler.features.folding import folded, kept_places
from labeler.features.terms import WORD, Tokenizer, printed

_WORD = re.compile(WORD)
_NOT_FOLDING = Tokenizer.WORDS, Tokenizer.CHARACTERS


class Piece(NamedTuple):
    """A piece of a text, and whether it is ``marked``."""

    text: str
    marked: bool


def highlighted(text: str, terms: Collection[str]) -> list[Piece]:
    """The text in pieces, of which those that are one of ``terms`` (words, or pairs of words) are marked."""
    pieces, end = [], 0
    for start, stop in marked_spans(text, terms):
        pieces += [Piece(text[end:start], False)] if start > end else []
        pieces.append(Piece(text[start:stop], True))
        end = stop
    return pieces + ([Piece(text[end:], False)] if end < len(text) else [])


def marked_spans(text: str, terms: Collection[str]) -> list[tuple[int, int]]:
    """Where the terms stand in a text, from the first on; none overlaps another one.

    Terms are found as a model finds them (:mod:`labeler.features.terms`): a pair is two words that follow each other.
    """
    wanted = set(terms)
    if not wanted:
        return []
    if text.isascii():
        return _spans(text.lower(), _WORD, wanted)
    # A letter whose small form is two characters, such as İ, stays: places in the text must not move.
    lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    found = [span for each in _NOT_FOLDING for span in _spans(lowered, re.compile(each.pattern), wanted)]
    return _united(sorted(found + _folded_spans(lowered, wanted)))


def _folded_spans(text: str, wanted: set[str]) -> list[tuple[int, int]]:
    """Where the terms stand in a text whose letters are folded; the marks of a last letter belong to it."""
    if folded(text) == text:
        return []
    places = [*kept_places(text), len(text)]
    spans = _spans(folded(text), re.compile(Tokenizer.FOLDED.pattern), wanted)
    return [(places[start], places[end]) for start, end in spans]


def _spans(text: str, pattern: re.Pattern[str], wanted: set[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    # Two characters of a script without blanks are a pair without a blank; in ASCII there are none.
    has_pairs = not text.isascii() or any(" " in term for term in wanted)
    before, begin = "", 0
    for match in pattern.finditer(text):
        word = match[0]
        if has_pairs and before and printed(f"{before} {word}") in wanted:
            found.append((begin, match.end()))
        elif word in wanted:
            found.append(match.span())
        before, begin = word, match.start()
    return _united(found)


def _united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those that overlap as one."""
    united: list[tuple[int, int]] = []
    for start, end in spans:
        if united and start < united[-1][1]:
            united[-1] = (min(start, united[-1][0]), max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
