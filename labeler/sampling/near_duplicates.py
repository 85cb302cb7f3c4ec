"""Near-duplicates: papers whose texts share most of their word triples, as versions of one paper do.

A sample of each text's hashed triples stands for it (U. Manber, "Finding similar files in a large file system", 1994;
A. Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from zlib import crc32

_SAMPLED = 4  # one triple in so many stands for the text
_FEWEST = 5  # sampled triples; a text with fewer says too little
_COMMON = 20  # texts with a triple, beyond which it says nothing: "in this paper"
_SHARED = 0.5  # of the shorter text's
_WORD = re.compile(r"\w+")


def near_duplicates(texts: Sequence[str], before: Iterable[str] = ()) -> set[int]:
    """The positions of ``texts`` that nearly repeat one of ``before``, or an earlier one of ``texts``."""
    sketches = _Sketches()
    for text in before if texts else ():
        sketches.add(_sketch(text))
    found: set[int] = set()
    for position, text in enumerate(texts):
        sketch = _sketch(text)
        if sketches.has_one_like(sketch):
            found.add(position)
        else:
            sketches.add(sketch)
    return found


class _Sketches:
    """Sketches of texts, found by the triples that they share with another one; those that say too little are not."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._with_triple: dict[int, list[int]] = defaultdict(list)

    def add(self, sketch: set[int]) -> None:
        """Take in a sketch."""
        if len(sketch) < _FEWEST:
            return
        for triple in sketch:
            if len(self._with_triple[triple]) < _COMMON:
                self._with_triple[triple].append(len(self._sizes))
        self._sizes.append(len(sketch))

    def has_one_like(self, sketch: set[int]) -> bool:
        """Whether one of them shares most of its triples, or most of this sketch's."""
        if len(sketch) < _FEWEST:
            return False
        shared = Counter(number for triple in sketch for number in self._with_triple.get(triple, ()))
        return any(count >= _SHARED * min(len(sketch), self._sizes[number]) for number, count in shared.items())


def _sketch(text: str) -> set[int]:
    """A sample of the hashed word triples of a text, the same for equal triples."""
    words = _WORD.findall(text.casefold())
    triples = {" ".join(words[start : start + 3]) for start in range(len(words) - 2)}
    hashes = (crc32(triple.encode("utf-8", "replace")) for triple in triples)
    return {value for value in hashes if value % _SAMPLED == 0}
