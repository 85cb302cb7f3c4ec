"""What a dry run says of very many papers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.bulk.factories import invented_papers, parquet
from tests.conftest import Labeler


@pytest.mark.slow
def test_it_counts_files_papers_and_parts_and_says_when_a_run_would_go_on(
    trained: Path, digest: Path, labeler: Labeler
) -> None:
    parquet(Path("a.parquet"), invented_papers(30), [10, 20])
    text = labeler("label", "a.parquet", "-o", "labels/", "--to", "jsonl", "--dry-run").err
    assert text.startswith("Would label 30 papers of 1 file by mine@1, in 1 part, and write the labels to labels/.")
    assert "go on" not in text
    assert labeler("label", "a.parquet", "-o", "labels/", "--to", "jsonl").code == 0
    again = labeler("label", "a.parquet", "-o", "labels/", "--dry-run", "--json")
    assert json.loads(again.out) == {
        "model": "mine@1", "files": 1, "parts": 1, "papers": 30, "goes_on": True, "output": "labels/", "dry_run": True,
    }  # fmt: skip
    shutil.copy(digest, "b.txt")
    other = labeler("label", "a.parquet", "b.txt", "-o", "labels/", "--dry-run")
    assert (other.code, "holds labels of other papers" in other.err) == (6, True)
