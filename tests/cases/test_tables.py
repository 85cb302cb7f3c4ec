"""Tables of judged papers."""

from __future__ import annotations
