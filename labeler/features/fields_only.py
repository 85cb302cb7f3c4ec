"""Copies and pickles of frozen dataclasses that cache what they work out: their fields alone, without the caches."""

from __future__ import annotations

from dataclasses import fields
from typing import Any


class FieldsOnly:
    """A dataclass whose copies and pickles hold its fields: caches may be large, or views of a file."""

    def __getstate__(self) -> dict[str, Any]:
        """The fields; what is cached is worked out anew."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
