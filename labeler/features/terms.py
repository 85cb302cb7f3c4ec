"""The terms of a text, word n-grams: words of two characters and more, and pairs of neighbouring words (bigrams).

A title counts twice, and no pair reaches from a title into an abstract. scikit-learn's
``TfidfVectorizer(ngram_range=(1, 2))`` finds the same terms in what :func:`joined_parts` makes of a text, when no term
of its vocabulary holds ``__``. This module defines terms; :mod:`labeler.features.tokens` finds them fast.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise

WORD = r"(?u)\b\w\w+\b"
SEPARATOR = "__"  # the separator of a text's parts: a word for scikit-learn, none for labeler
_FIND_WORDS = re.compile(WORD).findall


def words(text: str) -> list[str]:
    """The lower-cased words of ``text``, in order."""
    return [word for word in _FIND_WORDS(text.lower()) if word != SEPARATOR]


def terms(text: str) -> list[str]:
    """Words of ``text``, then pairs of neighbours joined by a space, each as many times as it counts.

    What comes before the first line break is the title, if anything follows.
    """
    parts = [_FIND_WORDS(part.lower()) for part in parts_of(text)]
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
