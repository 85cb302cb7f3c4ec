"""The terms of a text: words of two characters and more, and pairs of neighbouring words.

The same terms as scikit-learn's ``TfidfVectorizer(ngram_range=(1, 2))``, so that a model can be handed to it.
"""

from __future__ import annotations

import re
from itertools import pairwise

WORD = r"(?u)\b\w\w+\b"
_FIND = re.compile(WORD).findall


def terms(text: str) -> list[str]:
    """Lower-cased words of ``text``, then pairs of neighbours joined by a space, repeated as often as they occur."""
    words: list[str] = _FIND(text.lower())
    return words + [f"{one} {two}" for one, two in pairwise(words)]
