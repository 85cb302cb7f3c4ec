"""The background: what is known of words before any paper of the user is read.

For each word it holds the share of papers with the word (document frequency), how topical the word is, and a vector
(a word embedding): words that occur together have vectors that point the same way. A file holds the vectors
:mod:`quantized <labeler.features.quantization>` to four bits a number.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from labeler.errors import InputError
from labeler.features.quantization import dequantized, quantized
from labeler.features.terms import NEWEST
from labeler.features.terms import words as words_of
from labeler.files import read_bytes, read_npz, sha256, write_bytes


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """``words``; the share of papers each is in; its topicality (1 is the median word's); vectors (n_words, k).

    Where characters are words (:mod:`labeler.features.scripts`), the words hold pairs of them as well, as ``"一 下"``.

    ``papers`` is the number of papers it was learned from, ``name`` what it is called in manifests.
    """

    words: tuple[str, ...]
    shares: npt.NDArray[np.float32]
    topicality: npt.NDArray[np.float32]
    vectors: npt.NDArray[np.float32]
    papers: int
    name: str

    def __repr__(self) -> str:
        """One line: what it is called, and how much it was learned from."""
        return f"Background({self.name!r}, {len(self.words)} words, {self.papers} papers)"

    @property
    def fingerprint(self) -> str:
        """A hash of all that is known of words: two backgrounds with the same one are equal but for their names."""
        arrays = (self.shares, self.topicality, self.vectors)
        return sha256(b"".join(["\n".join(self.words).encode(), *(array.tobytes() for array in arrays)]))

    @property
    def idf(self) -> npt.NDArray[np.float64]:
        """How rare each word is (n_words,): ln((1 + n) / (1 + df)) + 1."""
        papers = max(self.papers, 1)
        return np.asarray(np.log((1.0 + papers) / (1.0 + self.shares.astype(np.float64) * papers)) + 1.0)

    def only(self, words: npt.NDArray[np.bool_]) -> Background:
        """What it knows of some of its words (n_words,)."""
        kept = tuple(word for word, is_kept in zip(self.words, words.tolist(), strict=True) if is_kept)
        return Background(kept, self.shares[words], self.topicality[words], self.vectors[words], self.papers, self.name)

    def with_equal_topicality(self) -> Background:
        """The same background in which every word has topicality 1."""
        return replace(self, topicality=np.ones_like(self.topicality))


NO_BACKGROUND = Background(
    (), np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros((0, 0), np.float32), 0, "none"
)


@cache
def shipped() -> Background:
    """The background that comes with labeler; see its card, ``labeler/shipped/background.md``."""
    return _from_bytes(package_files("labeler").joinpath("shipped/background.npz").read_bytes(), "arxiv")


def load_background(path: Path) -> Background:
    """The background in a file that :func:`save_background` wrote.

    Raises:
        InputError: the file is missing or is no background.
    """
    try:
        return _from_bytes(read_bytes(path), path.stem)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is no background", "make one with `labeler background build`") from error


def named_background(name: str, root: Path) -> Background:
    """The background that a setting names: ``arxiv`` is the shipped one, ``none`` is none, else a file under ``root``.

    Raises:
        InputError: the file is missing or is no background.
    """
    if name in ("arxiv", "none"):
        return shipped() if name == "arxiv" else NO_BACKGROUND
    return load_background(root / name)


def save_background(background: Background, path: Path) -> None:
    """Write a background: topicality in two bytes a number, vectors in four bits. The file is whole or not written."""
    codes, scales = quantized(background.vectors)
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        words=np.frombuffer("\n".join(background.words).encode(), dtype=np.uint8),
        shares=background.shares.astype(np.float32),
        topicality=background.topicality.astype(np.float16),
        codes=codes,
        steps=scales,
        papers=np.int64(background.papers),
    )
    write_bytes(path, stream.getvalue())


def _from_bytes(data: bytes, name: str) -> Background:
    arrays = read_npz(data)
    words = tuple(arrays["words"].tobytes().decode().split("\n"))
    vectors = dequantized(arrays["codes"], arrays["steps"])
    shares, topicality = arrays["shares"], arrays["topicality"].astype(np.float32)
    papers = int(arrays["papers"])
    if not len(words) == len(vectors) == len(shares) == len(topicality):
        raise ValueError("its parts differ in length")
    # Earlier versions took whole sentences of scripts without blanks as words, and did not fold letters.
    numbers: dict[str, int] = {}
    for number, word in enumerate(words):
        term = NEWEST.prepared(word)
        if word.isascii() or words_of(word) == term.split(" "):
            numbers.setdefault(term, number)
    if list(numbers) != list(words):
        kept = list(numbers.values())
        words, shares, vectors, topicality = tuple(numbers), shares[kept], vectors[kept], topicality[kept]
    return Background(words, shares, topicality, vectors, papers, name)
