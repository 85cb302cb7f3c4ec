"""The full loop on real papers and the real server: pushed in batches, annotated, pulled, trained, pushed again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labeler.studio.local import Credentials
from tests.bench.loop import Loop, material


@pytest.mark.slow
def test_a_hundred_papers_in_three_batches(shared: Path, server: Credentials, studio: Any, tmp_path: Path) -> None:
    loop = Loop(tmp_path / "loop", server, material(0))
    reached = [loop.batch(count, "mix") for count in (33, 33, 34)]
    record = loop.run("status")
    keys = ("tasks", "waiting", "judgements", "withdrawn", "behind")
    assert [record[key] for key in keys] == [100, 0, 100, 0, 0]
    assert sum(audit["papers"] for audit in record["audits"]) > 0
    assert loop.run("pull")["added"] == 0
    assert loop.run("push", "digest.jsonl", "--count", "0")["sent"] == 0
    assert reached[-1] > reached[0] > 0.4
