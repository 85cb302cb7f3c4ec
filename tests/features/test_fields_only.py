"""Copies and pickles hold fields, and no caches."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pytest

from labeler.features.fields_only import FieldsOnly


@dataclass(frozen=True)
class _Sum(FieldsOnly):
    numbers: list[int]

    @cached_property
    def total(self) -> int:
        """What is cached."""
        return sum(self.numbers)


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), replace],
    ids=["copy", "deepcopy", "pickle", "replace"],
)
def test_a_copy_has_the_fields_and_works_the_rest_out_anew(copied: Callable[[Any], Any]) -> None:
    one = _Sum([1, 2])
    assert one.total == 3
    assert "total" in vars(one)
    other = copied(one)
    assert other == one
    assert vars(other) == {"numbers": [1, 2]}
    assert other.total == 3
