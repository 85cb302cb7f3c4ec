"""The fields that papers are of, known before anybody judges: what drift is told by.

The map of fields comes with labeler. Its fields are categories of arXiv; how much a paper is of each is told by
multinomial logistic regression, in a space that the vectors of a background's words span. Papers of other fields, or in
another language, have many words that the map does not know.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files as package_files

import numpy as np
import numpy.typing as npt

from labeler.drift.streams import OTHER
from labeler.features.quantization import dequantized, quantized
from labeler.features.scripts import WORD_BLOCKS
from labeler.features.terms import NEWEST, WORD, words_and_character_pairs
from labeler.files import read_npz

Matrix = npt.NDArray[np.float32]
LEVELS = (0.1, 0.3, 0.6)  # of probability; a paper counts in a field once for each that it reaches
_FEWEST_WORDS = 8  # different words of a paper that the map must know, else it is of no field
_UNSPACED = f"[{WORD_BLOCKS}]"  # a character of a script that is written without blanks between words
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class FieldMap:
    """``words`` with their vectors, the ``middle`` (k,) of all papers, and the ``names`` of fields.

    ``codes`` and ``steps`` are those of :mod:`labeler.features.quantization`: few papers need few of the vectors.
    ``weights`` (n_fields, k) and ``intercepts`` (n_fields,) are those of the logistic regression.
    """

    words: tuple[str, ...]
    codes: npt.NDArray[np.uint8]
    steps: Matrix
    middle: Matrix
    names: tuple[str, ...]
    weights: Matrix
    intercepts: Matrix

    def fields_of(self, texts: Iterable[str]) -> list[dict[str, float]]:
        """For each text its fields, each with its probability to one decimal, rounded down: 0.1 at least."""
        return [self._fields(Counter(words_of(text))) for text in texts]

    def _fields(self, words: Mapping[str, int]) -> dict[str, float]:
        known = {self._numbers[word]: count for word, count in words.items() if word in self._numbers}
        if len(words) < _FEWEST_WORDS:
            return {}
        likely = {OTHER: 1 - len(known) / len(words)}
        if len(known) >= _FEWEST_WORDS:
            likely |= dict(zip(self.names, self._probabilities(known), strict=True))
        return {name: int(value * 10) / 10 for name, value in likely.items() if value >= LEVELS[0]}

    def _probabilities(self, counts: Mapping[int, int]) -> list[float]:
        """How likely a paper is of each field, by the numbers of its words and how often each occurs."""
        times = 1 + np.log(np.array(list(counts.values()), np.float32))
        point = unit(unit(times @ dequantized(self.codes[list(counts)], self.steps)) - self.middle)
        scores = self.weights @ point + self.intercepts
        likely = np.exp(scores - scores.max())
        return [float(value) for value in likely / likely.sum()]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}


def words_of(text: str) -> list[str]:
    """The words of a text, and pairs of characters that are words.

    Most texts have no such characters: they need none of the patterns for these, which take long to compile.
    """
    if not text.isascii() and re.search(_UNSPACED, text):
        return words_and_character_pairs(text)
    return re.findall(WORD, NEWEST.prepared(text))


def unit(points: Matrix) -> Matrix:
    """Points (…, k) of the same direction, of length one."""
    return np.asarray(points / (np.linalg.norm(points, axis=-1, keepdims=True) + _TINY), np.float32)


def field_counts(papers: Iterable[Mapping[str, float]]) -> Counter[tuple[str, float]]:
    """How many papers reach each level of each field; ``papers`` are as :meth:`FieldMap.fields_of` has them."""
    return Counter(
        (name, level) for fields in papers for name, likely in fields.items() for level in LEVELS if likely >= level
    )


def field_map_file(
    words: Sequence[str], vectors: Matrix, middle: Matrix, names: Sequence[str], weights: Matrix, intercepts: Matrix
) -> bytes:
    """The file of a map of fields, with the vectors in four bits a number."""
    codes, steps = quantized(vectors)
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        codes=codes,
        steps=steps,
        middle=middle.astype(np.float32),
        names=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        weights=weights.astype(np.float16),
        intercepts=intercepts.astype(np.float32),
    )
    return stream.getvalue()


def read_field_map(data: bytes) -> FieldMap:
    """The map of fields in a file that :func:`field_map_file` made."""
    arrays = read_npz(data)
    words, names = (tuple(arrays[name].tobytes().decode().split("\n")) for name in ("words", "names"))
    weights = arrays["weights"].astype(np.float32)
    return FieldMap(words, arrays["codes"], arrays["steps"], arrays["middle"], names, weights, arrays["intercepts"])


@cache
def shipped_fields() -> FieldMap:
    """The map that comes with labeler; ``labeler/shipped/fields.md`` says what it was made from."""
    return read_field_map(package_files("labeler").joinpath("shipped/fields.npz").read_bytes())
