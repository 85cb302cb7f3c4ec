"""Errors: what they say and the exit code each stands for."""

from __future__ import annotations

import pytest

from labeler.errors import (
    InputError,
    LabelerError,
    NotFoundError,
    RefusedError,
    ServerError,
    UsageError,
)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (LabelerError, 1),
        (UsageError, 2),
        (InputError, 3),
        (NotFoundError, 4),
        (ServerError, 5),
        (RefusedError, 6),
    ],
)
def test_each_error_has_its_exit_code(kind: type[LabelerError], code: int) -> None:
    assert kind("x").exit_code == code
    assert issubclass(kind, LabelerError)


def test_the_hint_follows_the_message() -> None:
    error = InputError("cannot read a.txt", "check the name")
    assert str(error) == "cannot read a.txt; check the name"
    assert (error.message, error.hint) == ("cannot read a.txt", "check the name")


def test_without_a_hint_there_is_no_separator() -> None:
    assert str(InputError("cannot read a.txt")) == "cannot read a.txt"
