"""How many topics a paper may have."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """``MULTI``: any number of topics a paper. ``SINGLE``: one topic, or none of them."""

    MULTI = "multi"
    SINGLE = "single"
