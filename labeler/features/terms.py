"""The terms of a text: words of two characters and more, and pairs of neighbouring words.

A title counts twice, and no pair reaches from a title into an abstract. scikit-learn's
``TfidfVectorizer(ngram_range=(1, 2))`` finds the same terms in what :func:`laid_out` makes of a text, when no term of
its vocabulary holds ``__``. This module says what terms are; :mod:`labeler.features.tokens` finds them fast.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise

WORD = r"(?u)\b\w\w+\b"
APART = "__"  # a word for scikit-learn, none for us: it keeps the parts of a text apart
_FIND = re.compile(WORD).findall


def words(text: str) -> list[str]:
    """The lower-cased words of ``text``, in order."""
    return [word for word in _FIND(text.lower()) if word != APART]


def terms(text: str) -> list[str]:
    """Words of ``text``, then pairs of neighbours joined by a space, repeated as often as they count.

    What stands before the first line break is the title, if anything follows.
    """
    parts = [_FIND(part.lower()) for part in parts_of(text)]
    pairs = (f"{one} {two}" for part in parts for one, two in pairwise(part) if APART not in (one, two))
    return [*(word for word in chain.from_iterable(parts) if word != APART), *pairs]


def parts_of(text: str) -> tuple[str, ...]:
    """The parts that count: the title twice and the abstract, or the whole text where there is no title."""
    title, _, abstract = text.partition("\n")
    return (title, title, abstract) if abstract.strip() else (text,)


def laid_out(text: str) -> str:
    """``title __ title __ abstract``: one line in which the terms stand as often as they count."""
    title, _, abstract = text.partition("\n")
    return f"{title} __ {title} __ {abstract}" if abstract and not abstract.isspace() else text
