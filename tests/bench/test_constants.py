from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.bench.constants import ELSEWHERE, LIMITS, MEASURES, PAGE, Choice
from tests.paths import ROOT

ROOM = ROOT / "labeler" / "learn"


def is_numeric(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=int() | float() as number):
            return not isinstance(number, bool)
        case ast.Tuple(elts=[_, *_] as parts) | ast.Dict(values=[_, *_] as parts) | ast.Call(args=[_, *_] as parts):
            return all(map(is_numeric, parts))
        case ast.BinOp(left=left, right=right):
            return is_numeric(left) and is_numeric(right)
        case ast.UnaryOp(operand=operand):
            return is_numeric(operand)
    return False


def constants() -> Iterator[str]:
    for file in sorted(ROOM.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and is_numeric(node.value):
                names = [name for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
                yield from (f"{file.stem}.{name.id}" for name in names if isinstance(name.ctx, ast.Store))


def listed(names: dict[str, str]) -> set[str]:
    return {f"{module}.{name}" for module, found in names.items() for name in found.split()}


def test_each_number_that_learning_depends_on_says_which_run_chose_it() -> None:
    tried = {f"{one.modules[0]}.{one.name}" for choices in MEASURES.values() for one in choices}
    recipes = {"selection.REGRESSIONS", "selection.HINGE", "selection.SMALL_C_HINGE"}
    assert set(constants()) | recipes == tried | listed(LIMITS) | listed(ELSEWHERE)
    assert not tried & (listed(LIMITS) | listed(ELSEWHERE))
    page = PAGE.read_text(encoding="utf-8")
    assert not [name for name in tried if f"`{name}`" not in page]


@pytest.mark.parametrize("one", [one for choices in MEASURES.values() for one in choices], ids=lambda one: one.name)
def test_other_values_take_the_place_of_the_ones_in_use_where_they_are_read(one: Choice) -> None:
    places = [f"labeler.learn.{module}" for module in one.modules]
    for other in one.others:
        with one.made(other):
            assert all(getattr(__import__(place, fromlist=["_"]), one.name) == one.others[other] for place in places)
