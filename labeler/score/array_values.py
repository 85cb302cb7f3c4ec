"""Whether the values in a model's arrays can be those of a model: positions that exist, and numbers that are finite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[Any]]

_FINITE = ("idf", "weights", "steps", "top", "held_out_probabilities", "held_out_weights")
_NUMBERS = ("thresholds", "bases", "least", "held_out_thresholds")  # these may be infinite
_HALF = 32  # bits of a pair's key that are the number of one of its words


def check_values(arrays: Arrays, terms: int) -> None:
    """Check the arrays of a model with this number of terms, whose dtypes and shapes are as they must be.

    Raises:
        ValueError: an array holds what no training writes.
    """
    import numpy as np

    words = len(arrays["word_keys"])
    _within(arrays, "seed", 0, np.iinfo(np.int64).max)
    _within(arrays, "word_columns", -1, terms - 1)
    _within(arrays, "pair_columns", 0, terms - 1)
    _within(arrays, "word_slots", 0, words)
    _within(arrays, "pair_slots", 0, len(arrays["pair_keys"]))
    _within(arrays, "held_out_known", -1, 1)
    for name in {"topic_curve", "none_curve"} & set(arrays):
        _within(arrays, name, 0, 1)
        if (np.diff(arrays[name][0]) < 0).any():
            raise ValueError(f"{name} is not in order")
    if "held_out_folds" in arrays:
        folds = len(arrays["held_out_thresholds"]) if "held_out_thresholds" in arrays else np.iinfo(np.int8).max
        _within(arrays, "held_out_folds", 0, folds - 1)
    pairs = arrays["pair_keys"]
    if max((pairs >> np.uint64(_HALF)).max(initial=0), (pairs & np.uint64((1 << _HALF) - 1)).max(initial=0)) >= (
        words or 1
    ):
        raise ValueError("pair_keys names words that there are not")
    begins = arrays["word_begins"]
    if begins[0] or (begins[1:] <= begins[:-1]).any() or begins[-1] != len(arrays["word_blocks"]):
        raise ValueError("word_begins does not go through word_blocks")
    for name in _FINITE:
        array = arrays.get(name)
        if array is not None and array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"{name} holds something that is no number")
    for name in _NUMBERS:
        array = arrays.get(name)
        if array is not None and np.isnan(array).any():
            raise ValueError(f"{name} holds something that is no number")


def _within(arrays: Arrays, name: str, least: int, most: int) -> None:
    array = arrays[name]
    if array.size and not (least <= int(array.min()) and int(array.max()) <= most):
        raise ValueError(f"{name} is not within {least} and {most}")
