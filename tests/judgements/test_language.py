"""The language of the papers that were judged last."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.judgements.language import language_of_log
from tests.digests.factories import ABSTRACT, lines
from tests.papers.test_languages import SAMPLES


def test_it_is_that_of_most_papers_at_the_end_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "judgements.jsonl"
    english, chinese = {"abstract": ABSTRACT}, {"title": "x", "abstract": SAMPLES["zh"] * 20}
    log.write_text(lines(*[english] * 300, *[chinese] * 300))
    assert language_of_log(log) == "zh"
    log.write_text(lines(*[chinese] * 300, *[english] * 300))
    assert language_of_log(log) == "en"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]\n{}\n\xff\n", b'{"title": 5}'])
def test_it_is_english_where_nothing_was_judged(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a").write_bytes(content)
    assert language_of_log(tmp_path / "a") == "en"
