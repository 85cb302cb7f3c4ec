"""What to ask a person next: which papers, judged next, teach a model most.

The room has the name of its one function, and ``import labeler.choose`` puts the room in the function's place: so the
room can be called like the function.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """A package that is called like :func:`labeler.choose.pick.choose`."""

    def __call__(self, *arguments: Any, **options: Any) -> list[int]:
        from labeler.choose.pick import choose

        return choose(*arguments, **options)


sys.modules[__name__].__class__ = _Room
