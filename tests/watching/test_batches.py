"""Papers of batches on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests import read_inputs
from labeler.errors import InputError
from labeler.papers import Paper
from labeler.watching.batches import BatchFiles

PAPERS = [
    Paper.make("Robots", "They walk.", ids=["arxiv:2601.88001"], authors=("Ann Lee",)),
    Paper.make("Speech", "They \u2028 speak."),
]


def test_a_batch_is_read_again_by_its_name_and_is_a_digest(tmp_path: Path) -> None:
    name = BatchFiles(tmp_path / "batches").write("2026-11-27", PAPERS)
    assert name.startswith("2026-11-27-")
    again = BatchFiles(tmp_path / "batches")
    assert again.papers(name) == PAPERS
    assert [paper.title for paper in read_inputs([str(again.path(name))]).papers] == ["Robots", "Speech"]


def test_the_same_papers_of_a_day_are_the_same_batch(tmp_path: Path) -> None:
    files = BatchFiles(tmp_path)
    assert files.write("2026-11-27", PAPERS) == files.write("2026-11-27", PAPERS)
    assert files.write("2026-11-27", PAPERS[:1]) != files.write("2026-11-27", PAPERS)
    assert files.write("2026-11-28", PAPERS) != files.write("2026-11-27", PAPERS)
    assert files.papers(files.write("2026-11-27", [])) == []


def test_of_a_file_that_is_gone_there_are_no_papers_and_of_a_damaged_one_those_that_are_whole(tmp_path: Path) -> None:
    name = BatchFiles(tmp_path).write("2026-11-27", PAPERS)
    assert BatchFiles(tmp_path).papers("2026-11-27-none") == []
    path = BatchFiles(tmp_path).path(name)
    path.write_bytes(b"broken\n{}\n7\n" + path.read_bytes()[:-9])
    assert BatchFiles(tmp_path).papers(name) == PAPERS[:1]


def test_new_batches_go_to_another_folder_where_one_is_given(tmp_path: Path) -> None:
    before = BatchFiles(tmp_path / "batches").write("2026-11-26", PAPERS[:1])
    files = BatchFiles(tmp_path / "batches", tmp_path / "scratch")
    name = files.write("2026-11-27", PAPERS)
    assert files.path(name).parent == tmp_path / "scratch"
    assert files.papers(name) == PAPERS
    assert files.papers(before) == PAPERS[:1]
    assert len(list((tmp_path / "batches").iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "batches").touch()
    with pytest.raises(InputError, match="cannot write"):
        BatchFiles(tmp_path / "batches").write("2026-11-27", PAPERS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=4))
def test_texts_of_any_letters_are_kept(tmp_path: Path, texts: list[str]) -> None:
    papers = [Paper.make(f"Paper {text}", text) for text in texts]
    name = BatchFiles(tmp_path).write("2026-11-27", papers)
    assert BatchFiles(tmp_path).papers(name) == papers
