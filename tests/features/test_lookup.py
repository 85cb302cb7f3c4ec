"""The table of keys finds what a dict would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features import lookup as module
from labeler.features.lookup import Lookup

# Keys that are small, that differ in high bits alone, or in any.
SMALL, ANY = st.integers(0, 2**20), st.integers(0, 2**64 - 1)
KEYS = st.sampled_from([SMALL, ANY, st.integers(0, 40), st.integers(0, 1023).map(lambda key: key << 54)]).flatmap(
    lambda keys: st.tuples(st.lists(keys, unique=True, max_size=200), st.lists(keys | SMALL | ANY, max_size=200))
)


def of(*keys: int) -> np.ndarray:
    return np.array(keys, np.uint64)


@pytest.mark.slow
@given(KEYS)
@settings(max_examples=300, deadline=None)
def test_it_finds_what_a_dict_finds(keys: tuple[list[int], list[int]]) -> None:
    known, queried = keys
    numbers = {key: number for number, key in enumerate(known)}
    table = Lookup.of(of(*known))
    assert table.find(of(*known)).tolist() == list(range(len(known)))
    assert table.find(of(*queried)).tolist() == [numbers.get(key, len(known)) for key in queried]


@given(KEYS)
@settings(max_examples=50, deadline=None)
def test_it_is_the_same_made_from_its_arrays_and_they_depend_on_the_keys_alone(
    keys: tuple[list[int], list[int]],
) -> None:
    known, queried = keys
    table = Lookup.of(of(*known))
    again = Lookup(table.keys.copy(), table.displacements.copy(), table.slots.copy())
    assert again.find(of(*queried)).tolist() == table.find(of(*queried)).tolist()
    twin = Lookup.of(of(*known))
    assert twin.slots.tobytes() == table.slots.tobytes()
    assert twin.displacements.tobytes() == table.displacements.tobytes()


@pytest.mark.parametrize("largest", [2**17, 2**40, 2**48, 2**64 - 1])
def test_many_keys_are_found(largest: int) -> None:
    rng = np.random.default_rng(0)
    keys = np.unique(rng.integers(0, largest, 150_000, np.uint64, endpoint=True))
    rng.shuffle(keys)
    keys, others = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    table = Lookup.of(keys)
    assert (table.find(keys) == np.arange(len(keys))).all()
    assert (table.find(others) == len(keys)).all()
    assert len(table.slots) < 4 * len(keys) + 64


@pytest.mark.parametrize("bits", range(64))
def test_a_key_that_differs_in_one_bit_is_unknown(bits: int) -> None:
    for keys in (of(*range(50)), of(*range(2**64 - 50, 2**64)), of(*(number << 40 for number in range(50)))):
        changed = keys ^ np.uint64(1 << bits)
        expected = np.where(np.isin(changed, keys), changed_at(keys, changed), len(keys))
        assert (Lookup.of(keys).find(changed) == expected).all()


def changed_at(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where each wanted key stands, 0 for those that do not."""
    return (keys[None, :] == wanted[:, None]).argmax(axis=1)


def test_without_keys_nothing_is_found() -> None:
    table = Lookup.of(of())
    assert table.find(of(0, 1, 2**64 - 1)).tolist() == [0] * 3  # as many as there are
    assert table.find(of()).tolist() == []


@pytest.mark.parametrize("keys", [(7, 7), (0, 0), (1, 2, 3, 1), (2**64 - 1,) * 2])
def test_keys_that_are_there_twice_are_refused(keys: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not all different"):
        Lookup.of(of(*keys))


@pytest.mark.parametrize("size", [0, 1, 63, 65, 96, 127, 129])
def test_a_table_of_another_size_is_refused(size: int) -> None:
    keys, some, sound = of(*range(10)), np.zeros(size, np.uint8), np.zeros(64, np.uint8)
    with pytest.raises(ValueError, match=f"no {size} slots"):
        Lookup(keys, sound, some.astype(np.uint32))
    with pytest.raises(ValueError, match=f"no {size} slots"):
        Lookup(keys, some, sound.astype(np.uint32))


@pytest.mark.slow
@given(st.binary(min_size=64, max_size=64), st.lists(st.integers(0, 2**32 - 1), min_size=64, max_size=64), KEYS)
@settings(max_examples=100, deadline=None)
def test_a_search_in_harmed_arrays_comes_to_an_end(
    displacements: bytes, slots: list[int], keys: tuple[list[int], list[int]]
) -> None:
    """What it finds then, if anything, is the key that was asked for."""
    known, queried = keys
    table = Lookup(of(*known), np.frombuffer(displacements, np.uint8), np.array(slots, np.uint32))
    for key, number in zip(queried, table.find(of(*queried)).tolist(), strict=True):
        assert number >= len(known) or known[number] == key


def test_where_buckets_find_no_place_a_larger_table_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where somebody chose keys that come to the same slots."""
    keys = np.random.default_rng(0).integers(0, 2**64 - 1, 500, np.uint64)
    usual = Lookup.of(keys)
    kept, tried = Lookup._hashes, []

    def hashes(self: Lookup, queried: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        tried.append(len(self.slots))
        bucket, slot, step = kept(self, queried)
        return (bucket, slot, step) if len(self.slots) > len(usual.slots) else (bucket, slot * 0, step * 0)

    monkeypatch.setattr(Lookup, "_hashes", hashes)
    table = Lookup.of(keys)
    assert len(table.slots) > len(usual.slots)
    assert (table.find(keys) == np.arange(500)).all()


def test_keys_that_no_table_tells_apart_are_refused_and_no_endless_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lookup, "_hashes", lambda _, keys: (np.zeros(len(keys), np.int64),) * 3)
    monkeypatch.setattr(module, "_MAX_SIZES", 3)
    with pytest.raises(ValueError, match="cannot be told apart"):
        Lookup.of(of(1, 2))
