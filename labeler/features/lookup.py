"""A table that finds the numbers of many keys at once: open addressing with linear probing, as plain arrays.

A slot holds a number and a tag of its key. Where keys are small, the tag is the key itself; else it is some bits of it,
so that hardly any other key is looked at, and the key is compared, too. D. E. Knuth, "The art of computer programming",
volume 3, section 6.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from labeler.features.tokens import Ints, Keys

_ODD = np.uint64(0x9E3779B97F4A7C15)  # of the golden ratio: keys that follow each other lie far apart
_ROOM = 3  # slots for each key, at least
_SMALL = 1 << 17  # slots that a processor's cache holds beside everything else: so many there are in any case
_OVERHANG = 64  # slots beyond the last, so that probing never comes to an end
_FEWEST_BITS = 6
_LARGER = 8  # sizes that are tried; hardly ever more than the first is needed
_MOST = 1 << 32


@dataclass(frozen=True)
class Lookup:
    """``keys[n]`` is the key of number n; ``slots`` are made by :meth:`of`, and may come from a file."""

    keys: Keys
    slots: Keys

    @classmethod
    def of(cls, keys: Keys) -> Lookup:
        """The table of different keys.

        Raises:
            ValueError: there are too many of them, or two that are the same.
        """
        if len(keys) >= _MOST or len(np.unique(keys)) < len(keys):
            raise ValueError(f"{len(keys)} keys are too many, or not all different")
        roomy = min(8 * _ROOM * len(keys), _SMALL)
        least = max(_FEWEST_BITS, int(max(_ROOM * len(keys), roomy, 2) - 1).bit_length())
        made = (cls(keys, np.zeros((1 << bits) + _OVERHANG, np.uint64)) for bits in range(least, least + _LARGER))
        return next(table for table in made if table._fill())

    def __post_init__(self) -> None:
        size = len(self.slots) - _OVERHANG
        if size < 1 << _FEWEST_BITS or size & (size - 1) or self.slots[-1]:
            raise ValueError(f"a table has no {len(self.slots)} slots, of which the last is empty")

    def find(self, keys: Keys) -> Ints:
        """The number of each of ``keys``, -1 for those that are unknown."""
        place, tags = self._begin(keys)
        held = self.slots.take(place, mode="clip")
        found = (held & self._mask).view(np.int64) - 1
        missed = np.flatnonzero((held >> self._shift != tags) & (held != 0))
        found[missed] = -1
        rest, place = missed, place[missed]
        while len(rest):
            place = place + 1
            held = self.slots.take(place, mode="clip")
            alike = held >> self._shift == tags[rest]
            found[rest[alike]] = (held[alike] & self._mask).view(np.int64) - 1
            going = (held != 0) & ~alike
            rest, place = rest[going], place[going]
        if not self._whole:  # no two keys of one run of slots have the same tag: another key with that tag is unknown
            np.putmask(found, self.keys.take(found, mode="wrap") != keys if len(self.keys) else True, -1)
        return found

    @cached_property
    def _bits(self) -> int:
        return (len(self.slots) - _OVERHANG).bit_length() - 1

    @cached_property
    def _shift(self) -> np.uint64:
        """How many bits of a slot are the number, and one more."""
        return np.uint64(len(self.keys).bit_length())

    @cached_property
    def _mask(self) -> np.uint64:
        return np.uint64((1 << int(self._shift)) - 1)

    @cached_property
    def _whole(self) -> bool:
        """Whether tags are keys, and not only some bits of them."""
        return int(self.keys.max(initial=0)) < 1 << 64 - int(self._shift)

    def _begin(self, keys: Keys) -> tuple[Ints, Keys]:
        """The slot at which the search for each key begins, and its tag."""
        mixed = keys * _ODD
        home = (mixed >> np.uint64(64 - self._bits)).view(np.int64)
        return home, keys if self._whole else (mixed << np.uint64(self._bits)) >> self._shift

    def _fill(self) -> bool:
        """Whether all keys found a slot, and in no run of slots two have the same tag."""
        place, tags = self._begin(self.keys)
        waiting = np.arange(len(self.keys))
        while len(waiting):
            free = waiting[self.slots[place[waiting]] == 0]
            _, first = np.unique(place[free], return_index=True)
            settled = free[first]
            self.slots[place[settled]] = tags[settled] << self._shift | (settled + 1).astype(np.uint64)
            waiting = np.setdiff1d(waiting, settled, assume_unique=True)
            place[waiting] += self.slots[place[waiting]] != 0
            if len(waiting) and place[waiting].max() >= len(self.slots) - 1:
                return False
        taken = self.slots != 0
        runs = np.cumsum(~taken)[taken]
        pairs = np.lexsort([tags := self.slots[taken] >> self._shift, runs])
        return not ((np.diff(runs[pairs]) == 0) & (np.diff(tags[pairs]) == 0)).any()
