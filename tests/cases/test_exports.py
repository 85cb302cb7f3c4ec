"""Exports of Label Studio."""

from __future__ import annotations
