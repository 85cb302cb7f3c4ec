"""Names of inputs stand for files, folders, patterns and addresses."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from labeler.digests import open_sources, read_inputs
from tests.conftest import Labeler
from tests.digests.factories import lines, saved, titles
from tests.paths import ROOT


def _pile(folder: Path) -> None:
    """Two digests of different formats, one of them in a folder of its own, and a file that is hidden."""
    (folder / "later").mkdir(parents=True)
    saved(folder, "a.csv", "title,abstract\nA,a\n")
    saved(folder, ".hidden.csv", "title,abstract\nHidden,h\n")
    saved(folder / "later", "b.jsonl", lines({"title": "B"}))


def test_a_folder_stands_for_its_files_and_a_pattern_for_those_it_fits(tmp_path: Path, labeler: Labeler) -> None:
    _pile(tmp_path / "pile")
    assert titles(read_inputs([str(tmp_path / "pile")])) == ["A", "B"]
    assert titles(read_inputs([str(tmp_path / "pile" / "*.csv")])) == ["A"]
    outcome = labeler("read", tmp_path / "pile" / "*" / "*.jsonl")
    assert (outcome.code, outcome.out.splitlines()[0]) == (0, "B")
    assert [one.name for one in open_sources([str(tmp_path / "pile")])] == ["a.csv", "b.jsonl"]


def test_a_pattern_that_nothing_fits_and_an_empty_folder_are_bad_input(tmp_path: Path, labeler: Labeler) -> None:
    for name in ("*.csv", "?.csv", ""):
        outcome = labeler("read", tmp_path / name)
        assert (outcome.code, outcome.out) == (3, "")
        assert f"there is no file {tmp_path / name}" in outcome.err


def test_a_file_whose_name_has_signs_of_a_pattern_is_one_file(tmp_path: Path) -> None:
    path = saved(tmp_path, "a[1]*.csv", "title,abstract\nA,a\n")
    assert titles(read_inputs([str(path)])) == ["A"]


def test_addresses_are_read_as_files_and_folders_are(labeler: Labeler) -> None:
    import fsspec

    fsspec.filesystem("memory").pipe(
        {"/read/a.jsonl": lines({"title": "A"}).encode(), "/read/b.csv": b"title,x\nB,b\n"}
    )
    assert titles(read_inputs(["memory://read/a.jsonl"])) == ["A"]
    assert titles(read_inputs(["memory://read/"])) == ["A", "B"]
    assert titles(read_inputs(["memory://read/*.csv"])) == ["B"]
    missing = labeler("read", "memory://read/c.csv")
    unknown = labeler("read", "nonsense://read/c.csv")
    assert (missing.code, unknown.code) == (3, 2)
    assert "there is no file memory://read/c.csv" in missing.err
    assert "nonsense://read/c.csv cannot be reached" in unknown.err


@pytest.mark.parametrize("address", ["{}", "file://{}"])
def test_what_reaches_addresses_is_loaded_for_addresses_alone(tmp_path: Path, address: str) -> None:
    path = saved(tmp_path, "a.jsonl", lines({"title": "A"}))
    program = (
        "import sys; from labeler.digests import read_inputs; assert len(read_inputs(sys.argv[1:]).papers) == 1; "
        "print('fsspec' in sys.modules)"
    )
    command = [sys.executable, "-c", program, address.format(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == str(address != "{}")


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("", 2, "the name of an input is empty"),
        ("x" * 3000, 3, "file name too long"),
        ("x" * 3000 + "*", 3, "there is no file"),
        ("nowhere://a.csv", 2, "cannot be reached"),
    ],
)
def test_a_name_of_nothing_is_told(labeler: Labeler, name: str, code: int, told: str) -> None:
    outcome = labeler("read", name)
    assert (outcome.code, outcome.out) == (code, "")
    assert told in outcome.err


def test_links_to_folders_in_a_folder_are_no_digests(tmp_path: Path) -> None:
    saved(tmp_path, "a.csv", "title,abstract\nA,a\n")
    (tmp_path / "b").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "c")
    assert titles(read_inputs([str(tmp_path)])) == ["A"]


@pytest.mark.skipif(find_spec("aiohttp") is not None, reason="addresses of the web are fetched where aiohttp is")
def test_an_address_of_the_web_is_told_how_to_get_what_lies_there(labeler: Labeler) -> None:
    outcome = labeler("read", "https://example.org/a.csv")
    assert (outcome.code, outcome.out) == (2, "")
    assert "write feed:https://example.org/a.csv, save it with a browser" in outcome.err
