"""What is kept between runs: the folder it is in, and fingerprints of texts and of code to find it by."""

from __future__ import annotations

import ast
import os
import tempfile
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from tests.paths import ROOT


def folder() -> Path:
    """Where vectors, the background and the figures of runs are kept: ``LABELER_BENCH_CACHE`` or a temporary folder."""
    place = os.environ.get("LABELER_BENCH_CACHE")
    kept = Path(place) if place else Path(tempfile.gettempdir()) / "labeler-bench-quality"
    kept.mkdir(parents=True, exist_ok=True)
    return kept


def fingerprint(texts: Iterable[str]) -> str:
    """Twelve characters that tell these texts, in this order, from others."""
    told = sha256()
    for text in texts:
        told.update(sha256(text.encode()).digest())
    return told.hexdigest()[:12]


@cache
def code_of(*places: str) -> str:
    """A fingerprint of what the modules in these files and folders of the project do: comments do not count."""
    files = [file for place in places for file in sorted((ROOT / place).rglob("*.py")) or [ROOT / place]]
    return fingerprint(ast.dump(_silent(file)) for file in files)


def _silent(file: Path) -> ast.Module:
    """The program without its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            del node.body[0]
    return tree
