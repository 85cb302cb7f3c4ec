"""The mode of a topic scheme: multi-label or single-label."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """``MULTI``: a paper has any number of topics. ``SINGLE``: a paper has at most one topic."""

    MULTI = "multi"
    SINGLE = "single"
