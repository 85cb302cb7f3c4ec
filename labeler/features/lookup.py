"""A table that finds the numbers of many keys at once, each at one look: perfect hashing, as plain arrays.

Keys are divided into small buckets. Each bucket has a displacement, chosen so that no two keys of all come to the same
slot: hash and displace, after D. Belazzougui et al., "Hash, displace, and compress", 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from labeler.features.tokens import Ints, Keys

_MIXERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
_HALF = np.uint64(32)
_ROOM = 2  # slots for each key, at least
_BUCKET = 3  # keys of a bucket, at most on average
_FEWEST_BITS = 6
_LARGER = 8  # sizes that are tried; hardly ever more than the first is needed
_MOST = 1 << 31


@dataclass(frozen=True, eq=False)
class Lookup:
    """``keys[n]`` is the key of number n; the other arrays are made by :meth:`of`, and may come from a file.

    A slot holds a number, or how many keys there are.
    """

    keys: Keys
    displacements: npt.NDArray[np.uint8]
    slots: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, keys: Keys) -> Lookup:
        """The table of different keys.

        Raises:
            ValueError: there are too many of them, or two that are the same.
        """
        if len(keys) >= _MOST or len(np.unique(keys)) < len(keys):
            raise ValueError(f"{len(keys)} keys are too many, or not all different")
        least = max(_FEWEST_BITS, (_ROOM * len(keys) - 1).bit_length())
        for bits in range(least, least + _LARGER):
            buckets = max(_FEWEST_BITS, (len(keys) // _BUCKET).bit_length()) + bits - least
            table = cls(keys, np.zeros(1 << buckets, np.uint8), np.full(1 << bits, len(keys), np.uint32))
            if table._fill():
                return table
        raise ValueError(f"{len(keys)} keys cannot be told apart")

    def __post_init__(self) -> None:
        for part in (self.displacements, self.slots):
            if len(part) < 1 << _FEWEST_BITS or len(part) & (len(part) - 1):
                raise ValueError(f"a table has no {len(part)} slots or displacements")

    def find(self, keys: Keys) -> Ints:
        """The number of each of ``keys``; for those that are unknown, how many there are in the table."""
        bucket, home, step = self._places(keys)
        home += step * self.displacements.take(bucket, mode="clip")  # all are in range: checking takes time
        home &= len(self.slots) - 1
        found = self.slots.take(home, mode="clip").astype(np.int64)
        np.putmask(found, self._and_none.take(found, mode="clip") != keys, len(self.keys))
        return found

    @cached_property
    def _and_none(self) -> Keys:
        """The keys, and one more, for what has the number of none."""
        return np.append(self.keys, np.uint64(0))

    def _places(self, keys: Keys) -> tuple[Ints, Ints, Ints]:
        """The bucket of each key, the slot at which it would stand, and how far a displacement of one moves it."""
        mixed = keys * _MIXERS[0]
        mixed ^= mixed >> _HALF
        mixed *= _MIXERS[1]
        bits = len(self.slots).bit_length() - 1
        bucket = mixed >> np.uint64(65 - len(self.displacements).bit_length())
        home = mixed >> np.uint64(64 - 2 * bits if bits < 32 else 0)
        step = mixed & np.uint64(len(self.slots) - 1) | np.uint64(1)
        return bucket.view(np.int64), home.view(np.int64), step.view(np.int64)

    def _fill(self) -> bool:
        """Whether all keys found a slot: those of large buckets first, as they are hardest to place."""
        bucket, home, step = self._places(self.keys)
        order = np.argsort(bucket, kind="stable")
        begins = np.flatnonzero(np.append(True, np.diff(bucket[order]) != 0)) if len(order) else order
        sizes = np.diff(np.append(begins, len(order)))
        homes, steps, ranked = home[order].tolist(), step[order].tolist(), bucket[order].tolist()
        taken, last = bytearray(len(self.slots)), len(self.slots) - 1
        for which in np.argsort(-sizes, kind="stable").tolist():
            begin = int(begins[which])
            end = begin + int(sizes[which])
            for displacement in range(256):
                wanted = {homes[key] + displacement * steps[key] & last for key in range(begin, end)}
                if len(wanted) == end - begin and not any(map(taken.__getitem__, wanted)):
                    break
            else:
                return False
            for slot in wanted:
                taken[slot] = 1
            self.displacements[ranked[begin]] = displacement
        home += step * self.displacements.take(bucket)
        self.slots[home & last] = np.arange(len(self.keys))
        return True
