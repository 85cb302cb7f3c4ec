"""The table of keys finds what a dict would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.lookup import _ODD, _OVERHANG, Lookup

# Small keys stand in their slots; of large ones only some bits do. Keys that differ in high bits alone lie together.
SMALL, ANY = st.integers(0, 2**20), st.integers(0, 2**64 - 1)
KEYS = st.sampled_from([SMALL, ANY, st.integers(0, 40), st.integers(0, 1023).map(lambda key: key << 54)]).flatmap(
    lambda keys: st.tuples(st.lists(keys, unique=True, max_size=200), st.lists(keys | SMALL | ANY, max_size=200))
)


def of(*keys: int) -> np.ndarray:
    return np.array(keys, np.uint64)


@given(KEYS)
@settings(max_examples=300, deadline=None)
def test_it_finds_what_a_dict_finds(keys: tuple[list[int], list[int]]) -> None:
    held, asked = keys
    numbers = {key: number for number, key in enumerate(held)}
    table = Lookup.of(of(*held))
    assert table.find(of(*held)).tolist() == list(range(len(held)))
    assert table.find(of(*asked)).tolist() == [numbers.get(key, -1) for key in asked]


@given(KEYS)
@settings(max_examples=50, deadline=None)
def test_it_is_the_same_made_from_its_arrays_and_they_depend_on_the_keys_alone(
    keys: tuple[list[int], list[int]],
) -> None:
    held, asked = keys
    table = Lookup.of(of(*held))
    again = Lookup(table.keys.copy(), table.slots.copy())
    assert again.find(of(*asked)).tolist() == table.find(of(*asked)).tolist()
    assert Lookup.of(of(*held)).slots.tobytes() == table.slots.tobytes()


@pytest.mark.parametrize("largest", [2**17, 2**40, 2**46, 2**47, 2**48, 2**64 - 1])
def test_many_keys_are_found_whether_they_fit_into_their_slots_or_not(largest: int) -> None:
    chance = np.random.default_rng(0)
    keys = np.unique(chance.integers(0, largest, 150_000, np.uint64, endpoint=True))
    chance.shuffle(keys)
    keys, others = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    table = Lookup.of(keys)
    assert (table.find(keys) == np.arange(len(keys))).all()
    assert (table.find(others) == -1).all()


@pytest.mark.parametrize("bits", range(64))
def test_a_key_that_differs_in_one_bit_is_unknown(bits: int) -> None:
    for keys in (of(*range(50)), of(*range(2**64 - 50, 2**64)), of(*(number << 40 for number in range(50)))):
        changed = keys ^ np.uint64(1 << bits)
        assert (Lookup.of(keys).find(changed) == np.where(np.isin(changed, keys), changed_at(keys, changed), -1)).all()


def changed_at(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where each wanted key stands, 0 for those that do not."""
    return (keys[None, :] == wanted[:, None]).argmax(axis=1)


def test_without_keys_nothing_is_found() -> None:
    table = Lookup.of(of())
    assert table.find(of(0, 1, 2**64 - 1)).tolist() == [-1] * 3
    assert table.find(of()).tolist() == []


@pytest.mark.parametrize("keys", [(7, 7), (0, 0), (1, 2, 3, 1), (2**64 - 1,) * 2])
def test_keys_that_are_there_twice_are_refused(keys: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not all different"):
        Lookup.of(of(*keys))


def test_a_table_whose_last_slot_is_taken_is_refused() -> None:
    table = Lookup.of(of(*range(30)))
    harmed = table.slots.copy()
    harmed[-1] = 1
    with pytest.raises(ValueError, match="the last is empty"):
        Lookup(table.keys, harmed)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 127, 129, 64 + 96, 64 + 128 - 1, 64 + 128 + 1])
def test_a_table_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"no {size} slots"):
        Lookup(of(*range(10)), np.zeros(size, np.uint64))


@given(st.lists(st.integers(0, 2**64 - 1), max_size=192), KEYS)
@settings(max_examples=100, deadline=None)
def test_a_search_in_harmed_slots_comes_to_an_end(slots: list[int], keys: tuple[list[int], list[int]]) -> None:
    held, asked = keys
    wild = np.zeros(64 + 128, np.uint64)
    wild[: min(len(slots), 191)] = slots[:191]
    assert len(Lookup(of(*held), wild).find(of(*asked))) == len(asked)


def test_runs_of_taken_slots_are_searched_to_their_ends() -> None:
    """Full but for the overhang: every search for an absent key goes through all of it."""
    keys = of(*range(1, 128))
    table = Lookup(keys, np.concatenate([np.full(127, 1000 << 7 | 1, np.uint64), np.zeros(65, np.uint64)]))
    assert table.find(of(5, 1000, 77)).tolist() == [-1, 0, -1]


def behind(keys: np.ndarray, slots: int, steps: int) -> np.ndarray:
    """Keys that differ from ``keys`` in nothing but where their search begins: ``steps`` slots before."""
    bits = (slots - _OVERHANG).bit_length() - 1
    undo = np.uint64(pow(int(_ODD), -1, 1 << 64))
    return (keys * _ODD - np.uint64(steps << 64 - bits)) * undo


@pytest.mark.parametrize("steps", [1, 2, 3, 64, -1])
def test_keys_that_begin_elsewhere_but_have_the_same_bits_in_their_slots_are_told_apart(steps: int) -> None:
    keys = np.random.default_rng(0).integers(2**63, 2**64 - 1, 1000, np.uint64)
    table = Lookup.of(keys)
    others = behind(keys, len(table.slots), steps % (len(table.slots) - _OVERHANG))
    assert not np.isin(others, keys).any()
    assert (table.find(others) == -1).all()
    both = np.concatenate([keys, others])
    assert (Lookup.of(both).find(both) == np.arange(2000)).all()


def test_a_larger_table_is_made_where_keys_of_one_run_have_the_same_bits() -> None:
    keys = np.random.default_rng(0).integers(2**63, 2**64 - 1, 10, np.uint64)
    size = len(Lookup.of(np.arange(2**64 - 20, 2**64, dtype=np.uint64)).slots)
    both = np.concatenate([keys, behind(keys, size, 1)])
    table = Lookup.of(both)
    assert len(table.slots) > size
    assert (table.find(both) == np.arange(20)).all()
