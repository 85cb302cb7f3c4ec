"""Texts that were made to keep a reader busy: one sign again and again, and something after it that ends no pattern."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.digests import FORMATS, Source
from labeler.errors import InputError
from tests.digests.factories import saved

_SIGNS = (
    "\n", " ", "\t", "\u3000", "[", "](", "(", "*", "**a ", "_a ", "<", "<a ", "&", "|", "- ", "# ", "$", "a: ", "> ",
    "<!--", "{", "\n[1] arXiv:2401.00001\n\n", "by A, ", "http://a", "10.1000/", "Aa, B. and ", "<item>", "]]>", "1. ",
    "@a{b, ", "TY  - ",
)  # fmt: skip
_LENGTH = 20_000
_BEFORE = ("", "- ", "# T\n", "<rss><channel><item><title>", "| Title | x |\n|---|---|\n")


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", [reader.NAME for reader in FORMATS.builtin])
def test_no_text_keeps_a_reader_busy(tmp_path: Path, name: str) -> None:
    reader = FORMATS.named(name)
    for number, (before, sign) in enumerate((before, sign) for before in _BEFORE for sign in _SIGNS):
        source = Source(str(saved(tmp_path, f"{number}.txt", before + sign * (_LENGTH // len(sign)) + "x")))
        try:
            reader.looks_like(source)
            for _ in reader.records(source):
                pass
        except InputError:
            continue
