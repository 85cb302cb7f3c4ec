"""The picture of the rooms is that of the imports of today, and can be read."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.rooms_picture import PICTURE, Graph, Place, arranged, layers, picture, reduced, rooms


def ways(graph: Graph, room: str) -> set[str]:
    found, left = set[str](), list(graph[room])
    while left:
        if (other := left.pop()) not in found:
            found.add(other)
            left += graph[other]
    return found


@st.composite
def houses(draw: st.DrawFn) -> dict[str, set[str]]:
    """Rooms of which each imports from some of those before it."""
    names = [f"room{number}" for number in range(draw(st.integers(1, 8)))]
    return {name: draw(st.sets(st.sampled_from(names[:at]))) if at else set() for at, name in enumerate(names)}


def test_the_picture_is_that_of_today() -> None:
    told = "docs/development/rooms.svg is stale; `python -m tests.rooms_picture` draws it anew"
    assert PICTURE.read_text(encoding="utf-8") == picture(), told


def test_every_room_is_in_it() -> None:
    drawn = picture()
    assert all(f">{room}</text>" in drawn for room in rooms())


@given(houses())
def test_arrows_that_are_left_out_are_implied(graph: dict[str, set[str]]) -> None:
    less = reduced(graph)
    for room in graph:
        assert ways(less, room) == ways(graph, room)
        assert not any(one in ways(less, other) for one in less[room] for other in less[room])


@given(houses())
def test_rooms_stand_above_those_they_import_and_beside_each_other(graph: dict[str, set[str]]) -> None:
    placed, leads = layers(reduced(graph))
    height = {place: number for number, row in enumerate(placed) for place in row}
    assert {place.room for place in height if not place.to} == set(graph)
    assert all(height[above] == height[below] + 1 for above, others in leads.items() for below in others)
    middle = arranged(placed, leads)
    for row in placed:
        for one, other in pairwise(row):
            assert right(one, middle) <= left(other, middle) + 1e-6


def left(place: Place, middle: dict[Place, float]) -> float:
    return middle[place] - place.width / 2


def right(place: Place, middle: dict[Place, float]) -> float:
    return middle[place] + place.width / 2
