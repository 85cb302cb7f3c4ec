"""What is known of words before any paper of the user's is read: how rare, how topical, and what they go with.

Each word has a vector; papers about one thing have vectors that point the same way. The vectors are kept in four bits
a number: in each column the 99.5 % quantile of the sizes is 7 steps.
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
from labeler.files import arrays_of, read_bytes, sha256, write_bytes

_LEVELS = 7
_QUANTILE = 0.995


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """``words``; the share of papers each is in; its topicality (1 is the median word's); vectors (n_words, k).

    ``papers`` is the number of papers it was learned from, ``name`` what it is called in manifests.
    """

    words: tuple[str, ...]
    shares: npt.NDArray[np.float32]
    topicality: npt.NDArray[np.float32]
    vectors: npt.NDArray[np.float32]
    papers: int
    name: str

    @property
    def fingerprint(self) -> str:
        """What tells this background from others: a hash of all that is known of words."""
        arrays = (self.shares, self.topicality, self.vectors)
        return sha256(b"".join(["\n".join(self.words).encode(), *(array.tobytes() for array in arrays)]))

    def evenly(self) -> Background:
        """The same, with every word as topical as another."""
        return replace(self, topicality=np.ones_like(self.topicality))


NO_BACKGROUND = Background(
    (), np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros((0, 0), np.float32), 0, "none"
)


@cache
def shipped() -> Background:
    """The background that comes with labeler; see its card, ``labeler/shipped/background.md``."""
    return _read(package_files("labeler").joinpath("shipped/background.npz").read_bytes(), "arxiv")


def load_background(path: Path) -> Background:
    """The background in a file that :func:`save_background` wrote.

    Raises:
        InputError: the file is missing or is no background.
    """
    try:
        return _read(read_bytes(path), path.stem)
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
    """Write a background: words, figures in two bytes, vectors in four bits a number. Whole or not at all."""
    codes, steps = _packed(background.vectors)
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        words=np.frombuffer("\n".join(background.words).encode(), dtype=np.uint8),
        shares=background.shares.astype(np.float32),
        topicality=background.topicality.astype(np.float16),
        codes=codes,
        steps=steps,
        papers=np.int64(background.papers),
    )
    write_bytes(path, stream.getvalue())


def _read(data: bytes, name: str) -> Background:
    held = arrays_of(data)
    words = tuple(held["words"].tobytes().decode().split("\n"))
    vectors = _unpacked(held["codes"], held["steps"])
    shares, topicality = held["shares"], held["topicality"].astype(np.float32)
    papers = int(held["papers"])
    if not len(words) == len(vectors) == len(shares) == len(topicality):
        raise ValueError("its parts differ in length")
    return Background(words, shares, topicality, vectors, papers, name)


def _packed(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """Codes (n_words, ⌈k / 2⌉), two numbers a byte, and the size of a step in each column (k,)."""
    steps = (np.quantile(np.abs(vectors), _QUANTILE, axis=0) / _LEVELS).astype(np.float32)
    levels = np.clip(np.rint(vectors / np.where(steps > 0, steps, 1)), -_LEVELS, _LEVELS) + 8
    even = np.pad(levels.astype(np.uint8), ((0, 0), (0, levels.shape[1] % 2)))
    return even[:, ::2] | (even[:, 1::2] << 4), steps


def _unpacked(codes: npt.NDArray[np.uint8], steps: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    levels = np.stack([codes & 15, codes >> 4], axis=2).reshape(len(codes), -1)[:, : len(steps)]
    return np.asarray((levels.astype(np.float32) - 8) * steps, dtype=np.float32)
