"""Digests in every shape."""

from __future__ import annotations
