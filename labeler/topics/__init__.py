"""The topic scheme: its topics, its mode (multi-label or single-label), and a check for faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labeler.topics.mode import Mode
from labeler.topics.scheme import NONE_OF_THESE, Scheme, Topic, load_scheme

if TYPE_CHECKING:
    from labeler.topics.faults import Fault, load_checked_scheme

__all__ = ["NONE_OF_THESE", "Fault", "Mode", "Scheme", "Topic", "load_checked_scheme", "load_scheme"]


def __getattr__(name: str) -> Any:
    """What checks a scheme is imported when it is first used: who labels a page does without it."""
    if name not in __all__:
        raise AttributeError(f"module 'labeler.topics' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("labeler.topics.faults"), name)
