"""The terms of a text, word n-grams: words, and pairs of neighbouring words (bigrams).

A title counts twice, and no pair reaches from a title into an abstract. scikit-learn's
``TfidfVectorizer(ngram_range=(1, 2))`` finds the same terms in what :func:`joined_parts` makes of a text, when it is
given the pattern of the tokenizer and no term of its vocabulary holds ``__``. This module defines terms;
:mod:`labeler.features.tokens` finds them fast.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from itertools import chain, pairwise

from labeler.features.folding import folded, kept_places
from labeler.features.scripts import JOINERS, WORD_BLOCKS, is_in, marks

WORD = r"(?u)\b\w\w+\b"
SEPARATOR = "__"  # the separator of a text's parts: a word for scikit-learn, none for labeler


class Tokenizer(StrEnum):
    """What a word is; a model's manifest names it, as a model keeps the words that it was trained with.

    ``WORDS``: two letters, digits and underscores or more, as scikit-learn has it. ``CHARACTERS``: the same with
    combining marks, which belong to the letter before; and each character of a script that is written without blanks
    between words (:mod:`labeler.features.scripts`). ``FOLDED``: the same in texts whose letters are folded
    (:mod:`labeler.features.folding`).
    """

    WORDS = "words"
    CHARACTERS = "words and characters"
    FOLDED = "folded words and characters"

    @property
    def pattern(self) -> str:
        """The regular expression that finds the words of a text that is :meth:`prepared`."""
        return WORD if self is Tokenizer.WORDS else _characters_pattern()

    def prepared(self, text: str) -> str:
        """The text in lower case, and folded where this tokenizer does that."""
        return folded(text.lower()) if self is Tokenizer.FOLDED and not text.isascii() else text.lower()


_NO_WIDTH = "\u200b\u2060\ufeff"  # spaces that words do not need around them
NEWEST = Tokenizer.FOLDED  # of models that are trained today


def words(text: str, tokenizer: Tokenizer = NEWEST) -> list[str]:
    """The lower-cased words of ``text``, in order."""
    return [word for word in _find(text, tokenizer) if word != SEPARATOR]


def words_and_character_pairs(text: str) -> list[str]:
    """The words of ``text`` in order; behind a character that is a word stands its pair with such a character next."""
    found = words(text)
    if text.isascii():
        return found
    alone = [is_character(word) for word in found]
    with_pairs = []
    for place, word in enumerate(found):
        with_pairs.append(word)
        if alone[place] and place + 1 < len(found) and alone[place + 1]:
            with_pairs.append(f"{word} {found[place + 1]}")
    return with_pairs


def terms(text: str, tokenizer: Tokenizer = NEWEST) -> list[str]:
    """Words of ``text``, then pairs of neighbours joined by a space, each as many times as it counts.

    What comes before the first line break is the title, if anything follows.
    """
    parts = [_find(part, tokenizer) for part in parts_of(text)]
    pairs = (f"{one} {other}" for part in parts for one, other in pairwise(part) if SEPARATOR not in (one, other))
    return [*(word for word in chain.from_iterable(parts) if word != SEPARATOR), *pairs]


def parts_of(text: str) -> tuple[str, ...]:
    """The parts that count: the title twice and the abstract, or the whole text where there is no title."""
    title, _, abstract = text.partition("\n")
    return (title, title, abstract) if abstract.strip() else (text,)


def joined_parts(text: str) -> str:
    """``title __ title __ abstract``: one line in which each term occurs as many times as it counts."""
    title, _, abstract = text.partition("\n")
    return f"{title} __ {title} __ {abstract}" if abstract and not abstract.isspace() else text


def is_character(term: str) -> bool:
    """Whether a term is a single character of a script that is written without blanks between words."""
    return not term.isascii() and " " not in term and not term[0].isdecimal() and is_in(term[0], WORD_BLOCKS)


def printed(term: str) -> str:
    """A term as people read it: no blank stands between two characters that are words."""
    one, _, other = term.partition(" ")
    return one + other if other and is_character(one) and is_character(other) else term


def as_written(text: str) -> dict[str, str]:
    """The :func:`printed` terms of a text whose letters are folded, each as the text writes it, in lower case.

    It is empty where no letter is folded.
    """
    found: dict[str, str] = {}
    for part in parts_of(text):
        found = _part_as_written(part.lower()) | found
    return found


def _part_as_written(part: str) -> dict[str, str]:
    plain = folded(part)
    if plain == part:
        return {}
    places = [*kept_places(part), len(part)]
    pattern = re.compile(Tokenizer.FOLDED.pattern)
    words = [(match[0], part[places[match.start()] : places[match.end()]]) for match in pattern.finditer(plain)]
    pairs = [(f"{one} {other}", f"{own} {others}") for (one, own), (other, others) in pairwise(words)]
    return {printed(term): printed(own).strip(_NO_WIDTH) for term, own in [*words, *pairs]}


def _find(text: str, tokenizer: Tokenizer) -> list[str]:
    text = tokenizer.prepared(text)
    pattern = WORD if text.isascii() else tokenizer.pattern  # in ASCII the same words, and found faster
    return re.findall(pattern, text)


@cache
def _characters_pattern() -> str:
    mark = f"[{marks()}]"
    alone = rf"(?:(?=[^\W\d])(?!{mark})[{WORD_BLOCKS}])"
    letter = rf"(?:[^\W{WORD_BLOCKS}{marks()}]|(?=\d)[{WORD_BLOCKS}])"
    return f"{alone}(?:{mark}|(?<=[{JOINERS}]){alone})*|{letter}(?:{letter}|{mark})+"
