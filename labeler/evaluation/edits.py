"""Edits of a text that change no meaning: number of words, abbreviations written out, spelling, order of sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from labeler.features.terms import words as words_of
from labeler.papers.sentences import sentences

_WORDS = 3  # that change their number
_SHORTEST = 4  # letters of such a word
_AMERICAN = (
    "analyze artifact behavior catalog center characteriz color defense favor fiber generaliz gray labeled labeling "
    "labor maximiz minimiz modeled modeling neighbor normaliz optimiz organiz program randomiz recogniz regulariz "
    "signaling summariz synthesiz traveling tumor utiliz visualiz"
).split()
_BRITISH = (
    "analyse artefact behaviour catalogue centre characteris colour defence favour fibre generalis grey labelled "
    "labelling labour maximis minimis modelled modelling neighbour normalis optimis organis programme randomis "
    "recognis regularis signalling summaris synthesis travelling tumour utilis visualis"
).split()
_EITHER = dict(zip(_AMERICAN, _BRITISH, strict=True)) | dict(zip(_BRITISH, _AMERICAN, strict=True))
_SPELLED = re.compile(r"\b(?:" + "|".join(sorted(_EITHER, key=len, reverse=True)) + r")(?=[a-z]*\b)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z]*[A-Z])s?\)")


def other_number(text: str, known: Collection[str]) -> str:
    """The text with three of its words in the plural for the singular, or the other way round, where both are known."""
    chosen: dict[str, str] = {}
    for word in dict.fromkeys(words_of(text)):
        other = word[:-1] if word.endswith("s") and not word.endswith("ss") else word + "s"
        if len(min(word, other, key=len)) >= _SHORTEST and {word, other} <= set(known) and len(chosen) < _WORDS:
            chosen[word] = other
    return re.sub(r"\w+", lambda found: chosen.get(found[0].lower(), found[0]), text) if chosen else text


def abbreviations_written_out(text: str) -> str:
    """The text with abbreviations that it explains, as in "hidden Markov model (HMM)", written out behind that.

    An abbreviation has the first letters of the words before it (A. S. Schwartz and M. A. Hearst, "A simple algorithm
    for identifying abbreviation definitions in biomedical text", 2003, in its strictest case).
    """
    for found in _IN_BRACKETS.finditer(text):
        short, before = found[1], text[: found.start()].split()
        long = before[-len(short) :]
        if [word[:1].lower() for word in long] == list(short.lower()):
            head, tail = text[: found.end()], text[found.end() :]
            return head + re.sub(rf"\b{short}\b", " ".join(long), tail)
    return text


def other_spelling(text: str) -> str:
    """The text in British spelling for American, word by word, and the other way round."""

    def respelled(found: re.Match[str]) -> str:
        other = _EITHER[found[0].lower()]
        return other.capitalize() if found[0][0].isupper() else other

    return _SPELLED.sub(respelled, text)


def other_order(text: str) -> str:
    """The text with the sentences of its abstract in reverse order."""
    title, line_end, abstract = text.partition("\n")
    return title + line_end + " ".join(reversed(sentences(abstract)))


def edits(known: Collection[str]) -> Mapping[str, Callable[[str], str]]:
    """The edits by what they change; ``known`` are words that there are. A text that one cannot change stays."""
    words = frozenset(known)
    return MappingProxyType(
        {
            "singular and plural": lambda text: other_number(text, words),
            "abbreviations written out": abbreviations_written_out,
            "spelling": other_spelling,
            "order of sentences": other_order,
        }
    )
