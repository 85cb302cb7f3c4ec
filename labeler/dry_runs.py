"""Dry runs, in which a command tells what it would do and changes nothing.

A flow that changes something takes ``dry_run`` and says what it would change. What is only kept on the way, such as an
index that makes the next run faster, asks :func:`is_dry`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_dry: ContextVar[bool] = ContextVar("dry_run", default=False)


@contextmanager
def dry_run() -> Iterator[None]:
    """Have :func:`is_dry` say so for the length of a block."""
    token = _dry.set(True)
    try:
        yield
    finally:
        _dry.reset(token)


def is_dry() -> bool:
    """Whether nothing is to be changed."""
    return _dry.get()
