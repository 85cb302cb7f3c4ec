"""Which characters stand in scripts without blanks between words."""

from __future__ import annotations

import re

import pytest

from labeler.papers.unspaced import UNSPACED

CHARACTER = re.compile(f"[{UNSPACED}]")


@pytest.mark.parametrize("text", ["机器学习", "人々", "〇", "かな", "カナ", "ｶﾅ", "ไทย", "ລາວ", "မြန်မာ", "ខ្មែរ", "𠀀"])
def test_characters_of_scripts_without_blanks(text: str) -> None:
    assert CHARACTER.findall(text) == [*text]


@pytest.mark.parametrize(
    "text", ["abc 123", "Straße", "学".encode().decode("latin-1"), "한국어", "हिन्दी", "العربية", "，。「」"]
)
def test_scripts_with_blanks_and_signs_are_others(text: str) -> None:
    assert not CHARACTER.search(text)
