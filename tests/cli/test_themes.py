from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Labeler
from tests.flows.test_themes import digest_of


@pytest.mark.slow
def test_themes_are_listed_and_one_is_added(labeler: Labeler, trained: Path) -> None:
    digest = digest_of(trained / "new.jsonl", language=60, cells=60)
    told = labeler("themes", digest)
    assert told.code == 0
    assert "papers: " in told.out
    assert "of unfamiliar" not in told.out
    record = json.loads(labeler("themes", digest, "--json").out)
    assert record["papers"] == 120
    added = labeler("themes", digest, "--add", "1", "--name", "Cells")
    assert added.code == 0
    assert "Cells is a topic now" in " ".join(added.err.split())
    assert 'name = "Cells"' in Path("annotations/topics.toml").read_text()


@pytest.mark.slow
def test_where_nothing_is_new_it_is_said(labeler: Labeler, trained: Path, digest: Path) -> None:
    told = labeler("themes", digest)
    assert (told.code, told.out.startswith("No new theme in 24 papers that nobody judged")) == (0, True)


@pytest.mark.parametrize("options", [["--add", "1"], ["--name", "Cells"]])
def test_a_number_and_a_name_go_together(labeler: Labeler, trained: Path, digest: Path, options: list[str]) -> None:
    told = labeler("themes", digest, *options)
    assert (told.code, "--add and --name go together" in told.err) == (2, True)
