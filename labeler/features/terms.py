"""The terms of a text: words of two characters and more, and pairs of neighbouring words.

A title counts twice, and no pair reaches from a title into an abstract. scikit-learn's
``TfidfVectorizer(ngram_range=(1, 2))`` finds the same terms in ``f"{title} __ {title} __ {abstract}"``.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise

WORD = r"(?u)\b\w\w+\b"
_FIND = re.compile(r"(?u)\b(?!__\b)\w\w+\b").findall  # all but "__", which keeps titles apart for scikit-learn


def words(text: str) -> list[str]:
    """The lower-cased words of ``text``, in order."""
    found: list[str] = _FIND(text.lower())
    return found


def terms(text: str) -> list[str]:
    """Words of ``text``, then pairs of neighbours joined by a space, repeated as often as they count.

    What stands before the first line break is the title, if anything follows.
    """
    parts = [words(part) for part in parts_of(text)]
    pairs = (f"{one} {two}" for part in parts for one, two in pairwise(part))
    return [*chain.from_iterable(parts), *pairs]


def parts_of(text: str) -> tuple[str, ...]:
    """The parts that count: the title twice and the abstract, or the whole text where there is no title."""
    title, _, abstract = text.partition("\n")
    return (title, title, abstract) if abstract.strip() else (text,)
