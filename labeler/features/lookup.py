"""A hash table from keys to numbers that finds many keys at once, as plain arrays (perfect hashing).

Keys are divided into small buckets. Each bucket has a displacement, chosen so that no two keys of the table have the
same slot: hash and displace, after D. Belazzougui et al., "Hash, displace, and compress", 2009. So one look finds a
key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from labeler.features.fields_only import FieldsOnly
from labeler.features.tokens import Ints, Keys

_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
_HALF = np.uint64(32)
_SLOTS_PER_KEY = 2  # at least
_KEYS_PER_BUCKET = 3  # at most, on average
_MIN_BITS = 6
_MAX_SIZES = 8  # table sizes that are tried; hardly ever more than the first is needed
_MAX_KEYS = 1 << 31


@dataclass(frozen=True, eq=False)
class Lookup(FieldsOnly):
    """``keys[n]`` is the key of number n; :meth:`of` builds the other arrays, which may also come from a file.

    A slot holds a number; an empty one holds the number of keys.
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
        if len(keys) >= _MAX_KEYS or len(np.unique(keys)) < len(keys):
            raise ValueError(f"{len(keys)} keys are too many, or not all different")
        min_bits = max(_MIN_BITS, (_SLOTS_PER_KEY * len(keys) - 1).bit_length())
        for bits in range(min_bits, min_bits + _MAX_SIZES):
            bucket_bits = max(_MIN_BITS, (len(keys) // _KEYS_PER_BUCKET).bit_length()) + bits - min_bits
            table = cls(keys, np.zeros(1 << bucket_bits, np.uint8), np.full(1 << bits, len(keys), np.uint32))
            if table._fill():
                return table
        raise ValueError(f"{len(keys)} keys cannot be told apart")

    def __post_init__(self) -> None:
        for part in (self.displacements, self.slots):
            if len(part) < 1 << _MIN_BITS or len(part) & (len(part) - 1):
                raise ValueError(f"a table has no {len(part)} slots or displacements")

    def find(self, keys: Keys) -> Ints:
        """The number of each of ``keys``; for unknown ones the number of keys in the table."""
        bucket, slot, step = self._hashes(keys)
        slot += step * self.displacements.take(bucket, mode="clip")  # all are in range: checking takes time
        slot &= len(self.slots) - 1
        found = self.slots.take(slot, mode="clip").astype(np.int64)
        np.putmask(found, self._padded_keys.take(found, mode="clip") != keys, len(self.keys))
        return found

    @cached_property
    def _padded_keys(self) -> Keys:
        """The keys and one more, at the number that stands for unknown keys."""
        return np.append(self.keys, np.uint64(0))

    def _hashes(self, keys: Keys) -> tuple[Ints, Ints, Ints]:
        """The bucket of each key, its slot without displacement, and how far a displacement of one moves it."""
        mixed = keys * _MULTIPLIERS[0]
        mixed ^= mixed >> _HALF
        mixed *= _MULTIPLIERS[1]
        bits = len(self.slots).bit_length() - 1
        bucket = mixed >> np.uint64(65 - len(self.displacements).bit_length())
        slot = mixed >> np.uint64(64 - 2 * bits if bits < 32 else 0)
        step = mixed & np.uint64(len(self.slots) - 1) | np.uint64(1)
        return bucket.view(np.int64), slot.view(np.int64), step.view(np.int64)

    def _fill(self) -> bool:
        """Fill the table, the largest buckets first, as they fit least easily; return whether all keys found a slot."""
        bucket, slot, step = self._hashes(self.keys)
        order = np.argsort(bucket, kind="stable")
        begins = np.flatnonzero(np.append(True, np.diff(bucket[order]) != 0)) if len(order) else order
        sizes = np.diff(np.append(begins, len(order)))
        slots, steps, buckets = slot[order].tolist(), step[order].tolist(), bucket[order].tolist()
        occupied, mask = bytearray(len(self.slots)), len(self.slots) - 1
        for number in np.argsort(-sizes, kind="stable").tolist():
            begin = int(begins[number])
            end = begin + int(sizes[number])
            for displacement in range(256):
                candidates = {slots[key] + displacement * steps[key] & mask for key in range(begin, end)}
                if len(candidates) == end - begin and not any(map(occupied.__getitem__, candidates)):
                    break
            else:
                return False
            for candidate in candidates:
                occupied[candidate] = 1
            self.displacements[buckets[begin]] = displacement
        slot += step * self.displacements.take(bucket)
        self.slots[slot & mask] = np.arange(len(self.keys))
        return True
