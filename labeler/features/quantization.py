"""Vectors in four bits a number (quantization), for files that are to be small.

In each column the 99.5 % quantile of the absolute values is level 7; zero stays zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_LEVELS = 7
_CLIPPED_QUANTILE = 0.995


def quantized(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """Codes (n_words, ⌈k / 2⌉), two numbers a byte, and the scale of each column (k,): the size of one level."""
    scales = (np.quantile(np.abs(vectors), _CLIPPED_QUANTILE, axis=0) / _LEVELS).astype(np.float32)
    levels = np.clip(np.rint(vectors / np.where(scales > 0, scales, 1)), -_LEVELS, _LEVELS) + 8
    padded = np.pad(levels.astype(np.uint8), ((0, 0), (0, levels.shape[1] % 2)))
    return padded[:, ::2] | (padded[:, 1::2] << 4), scales


def dequantized(codes: npt.NDArray[np.uint8], scales: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The vectors (n_words, k) of what :func:`quantized` gave; each number is off by half a level at most."""
    levels = np.stack([codes & 15, codes >> 4], axis=2).reshape(len(codes), -1)[:, : len(scales)]
    return np.asarray((levels.astype(np.float32) - 8) * scales, dtype=np.float32)
