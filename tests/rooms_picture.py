"""The picture of the rooms and the imports between them; ``python -m tests.rooms_picture`` draws it anew.

An arrow is left out where others lead the same way (the transitive reduction of the graph of imports). Rooms stand in
layers, each above all that it imports; arrows pass layers by places of their own, and places are ordered by the means
of their neighbours (K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system
structures", 1981).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import NamedTuple

from tests.paths import ROOT
from tests.test_architecture import FLOORS, MODULES, PACKAGE, floor_of, imports_of

PICTURE = ROOT / "docs" / "development" / "rooms.svg"
# Modules that are no rooms stand together.
GROUPS = {
    "errors, files, config": FLOORS[0].split(),
    "storage, processes": ["processes", "compression", "archives", "storage", "folder_lock"],
}
_COLOURS = ("#e8e8e8", "#dcebf7", "#e3f1dc", "#fbe9d0")  # by the floors, from the ground
_HEIGHT, _GAP, _ROW, _MARGIN, _LETTER, _SWEEPS = 30, 22, 66, 24, 7.8, 24

Graph = Mapping[str, set[str]]


class Place(NamedTuple):
    """A place of a layer: a room, or where an arrow from it passes; ``to`` then says which arrow, and how high."""

    room: str
    to: str = ""

    @property
    def width(self) -> float:
        """In pixels; an arrow that passes needs little."""
        return 6.0 if self.to else len(self.room) * _LETTER + 22


@cache
def rooms() -> Graph:
    """The rooms that the modules of each room import from, all rooms in the order of the house."""
    found: dict[str, set[str]] = {_room(floor): set() for line in FLOORS for floor in line.split()}
    for path in MODULES:
        room = _room(path.relative_to(PACKAGE).parts[0].removesuffix(".py"))
        found[room] |= {_room(floor_of(module)) for module in imports_of(path)} - {room}
    return found


def _room(floor: str) -> str:
    return next((group for group, members in GROUPS.items() if floor in members), floor)


def reduced(graph: Graph) -> Graph:
    """The graph without the arrows that longer ways stand for."""
    below: dict[str, set[str]] = {}
    for room in graph:  # each room stands behind those that it imports
        below[room] = set(graph[room]).union(*(below[other] for other in graph[room]))
    return {
        room: {one for one in some if not any(one in below[other] for other in some)} for room, some in graph.items()
    }


def layers(graph: Graph) -> tuple[list[list[Place]], dict[Place, list[Place]]]:
    """The places of each layer, the ground first, and for each place those right below it that it leads to."""
    level: dict[str, int] = {}
    for room, others in graph.items():
        level[room] = 1 + max((level[other] for other in others), default=-1)
    placed: list[list[Place]] = [[] for _ in range(max(level.values()) + 1)]
    leads: dict[Place, list[Place]] = {}
    for room in graph:
        placed[level[room]].append(Place(room))
    for room, others in graph.items():
        for other in sorted(others, key=list(graph).index):
            above = Place(room)
            for height in range(level[room] - 1, level[other], -1):
                passing = Place(room, f"{other} {height}")
                placed[height].append(passing)
                leads.setdefault(above, []).append(passing)
                above = passing
            leads.setdefault(above, []).append(Place(other))
    return placed, leads


def arranged(placed: list[list[Place]], leads: Mapping[Place, Sequence[Place]]) -> dict[Place, float]:
    """The middle of each place, from left to right, in pixels from the middle of the picture."""
    near: dict[Place, list[Place]] = {place: list(leads.get(place, ())) for row in placed for place in row}
    for place, others in leads.items():
        for other in others:
            near[other].append(place)
    middle: dict[Place, float] = {}
    for sweep in range(_SWEEPS):
        for row in placed if sweep % 2 else placed[::-1]:
            wanted = {}
            for place in row:
                known = [middle[other] for other in near[place] if other in middle]
                wanted[place] = sum(known) / len(known) if known else 0.0
            row.sort(key=wanted.__getitem__)
            middle |= _beside_each_other(row, wanted)
    return middle


def _beside_each_other(row: Sequence[Place], wanted: Mapping[Place, float]) -> dict[Place, float]:
    """Middles as near to those wanted as the widths leave room, in the order of the row."""
    blocks: list[
        tuple[float, list[Place]]
    ] = []  # places that touch, and where they begin: where they want to, on average
    for place in row:
        left, members = wanted[place] - place.width / 2, [place]
        while blocks and blocks[-1][0] + _width(blocks[-1][1]) > left:
            before, earlier = blocks.pop()
            together = before * len(earlier) + (left - _width(earlier)) * len(members)
            members = earlier + members
            left = together / len(members)
        blocks.append((left, members))
    middles: dict[Place, float] = {}
    for left, members in blocks:
        for place in members:
            middles[place] = left + place.width / 2
            left += place.width + _GAP
    return middles


def _width(places: Sequence[Place]) -> float:
    return sum(place.width + _GAP for place in places)


def picture() -> str:
    """The picture, as SVG."""
    graph = rooms()
    placed, leads = layers(reduced(graph))
    middle = arranged(placed, leads)
    left = min(middle[place] - place.width / 2 for place in middle) - _MARGIN
    right = max(middle[place] + place.width / 2 for place in middle) + _MARGIN
    height = len(placed) * _ROW + 2 * _MARGIN - (_ROW - _HEIGHT)
    tops = {place: height - _MARGIN - _HEIGHT - row * _ROW for row, places in enumerate(placed) for place in places}
    floors = {_room(floor): number for number, line in enumerate(FLOORS) for floor in line.split()}
    lines = [_arrow(middle[a], tops[a], middle[b], tops[b], bool(b.to)) for a in leads for b in leads[a]]
    passes = [_line(middle[place], tops[place]) for place in middle if place.to]
    boxes = [_box(place, middle[place], tops[place], _COLOURS[floors[place.room]]) for place in middle if not place.to]
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} 0 {right - left:.0f} {height}" role="img" '
            'font-family="system-ui, sans-serif" font-size="14">',
            "<title>The rooms of labeler, and which of them import from which</title>",
            "<desc>" + escape("; ".join(f"{a} from {', '.join(sorted(b))}" for a, b in graph.items() if b)) + "</desc>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#666"/></marker></defs>',
            f'<rect x="{left:.0f}" width="{right - left:.0f}" height="{height}" fill="#fff"/>',
            '<g fill="none" stroke="#666" stroke-width="1.2">',
            *sorted(lines),
            *sorted(passes),
            "</g>",
            *sorted(boxes),
            "</svg>",
            "",
        )
    )


def _arrow(x: float, top: float, other_x: float, other_top: float, passes: bool) -> str:
    begin, end = top + _HEIGHT, other_top
    bend = (end - begin) / 2
    tip = "" if passes else ' marker-end="url(#tip)"'
    curve = f"M{x:.1f} {begin:.1f}C{x:.1f} {begin + bend:.1f} {other_x:.1f} {end - bend:.1f} {other_x:.1f} {end:.1f}"
    return f'<path d="{curve}"{tip}/>'


def _line(x: float, top: float) -> str:
    return f'<path d="M{x:.1f} {top:.1f}V{top + _HEIGHT:.1f}"/>'


def _box(place: Place, x: float, top: float, colour: str) -> str:
    name, width = escape(place.room), place.width
    return (
        f'<g><rect x="{x - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_HEIGHT}" rx="5" '
        f'fill="{colour}" stroke="#444"/><text x="{x:.1f}" y="{top + _HEIGHT / 2 + 5:.1f}" text-anchor="middle" '
        f'fill="#111">{name}</text></g>'
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
