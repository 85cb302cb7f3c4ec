"""The command fetch, without a source to ask: what is asked, and what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.sources.registry import SOURCES
from tests.cli.test_app import one_line
from tests.conftest import Labeler


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "fetch needs a source"),
        (["nowhere"], "no source 'nowhere'"),
        (["https://x.org/feed.xml"], "is an address"),
        (["hf", "--since", "someday"], "names no day"),
        (["hf", "--max", "0"], "--max"),
        (["hf", "-o", "papers.csv"], ".csv"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_wrong_usage(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = labeler("fetch", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in one_line(outcome.err)
    assert list(tmp_path.iterdir()) == []


def test_all_sources_are_listed_for_people_and_programs(labeler: Labeler) -> None:
    shown = labeler("fetch", "--sources").out
    record = json.loads(labeler("fetch", "--sources", "--json").out)
    assert list(record) == [one.NAME for one in SOURCES.all]
    assert all(one["example"] in shown and one["about"] in shown for one in record.values())
