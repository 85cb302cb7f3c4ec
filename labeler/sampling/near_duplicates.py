"""Near-duplicates: papers whose texts share most of their word triples, as versions of one paper do.

A sample of each text's hashed triples stands for it (U. Manber, "Finding similar files in a large file system", 1994;
A. Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from zlib import crc32

_KEPT = 4  # one triple in so many stands for the text
_FEWEST = 5  # sampled triples; a text with fewer says too little
_COMMON = 20  # texts with a triple, beyond which it tells nothing: "in this paper"
_SHARED = 0.5  # of the shorter text's
_WORD = re.compile(r"\w+")


def near_duplicates(texts: Sequence[str], before: Iterable[str] = ()) -> set[int]:
    """The positions of ``texts`` that nearly repeat one of ``before``, or an earlier one of ``texts``."""
    places: dict[int, list[int]] = defaultdict(list)
    sizes: list[int] = []
    found: set[int] = set()
    for text in before if texts else ():
        if len(sketch := _sketch(text)) >= _FEWEST:
            _keep(sketch, places, sizes)
    for position, text in enumerate(texts):
        sketch = _sketch(text)
        if len(sketch) < _FEWEST:
            continue
        shared = Counter(known for triple in sketch for known in places.get(triple, ()))
        if any(count >= _SHARED * min(len(sketch), sizes[known]) for known, count in shared.items()):
            found.add(position)
        else:
            _keep(sketch, places, sizes)
    return found


def _keep(sketch: set[int], places: dict[int, list[int]], sizes: list[int]) -> None:
    for triple in sketch:
        if len(places[triple]) < _COMMON:
            places[triple].append(len(sizes))
    sizes.append(len(sketch))


def _sketch(text: str) -> set[int]:
    words = _WORD.findall(text.casefold())
    triples = {" ".join(words[start : start + 3]) for start in range(len(words) - 2)}
    hashes = (crc32(triple.encode("utf-8", "replace")) for triple in triples)
    return {value for value in hashes if value % _KEPT == 0}
