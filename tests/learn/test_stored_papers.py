from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from labeler.features.background import NO_BACKGROUND
from labeler.learn.stored_papers import StoredPapers, _PaperStream
from labeler.topics import Mode
from tests.learn.factories import TINY, single_papers


def test_papers_of_one_title_are_held_out_together() -> None:
    """Else a model would be measured by papers that it has seen."""
    texts = [f"one title\n{('gene cell', 'rock moon')[number % 2]} {number}" for number in range(50)]
    rows = zip(texts, np.eye(2)[np.arange(50) % 2], strict=True)
    with tempfile.TemporaryDirectory() as folder:
        read = StoredPapers.read(Mode.SINGLE, rows, ("odd", "even"), {}, NO_BACKGROUND, Path(folder), lambda _: None)
    assert len(set(read.held_out()[0].tolist())) == 1


def test_a_background_of_another_language_is_left_out(tmp_path: Path) -> None:
    texts, _ = single_papers(10)
    foreign = [" ".join(f"{word}ov" for word in text.split()) for text in texts]
    rows = np.eye(3)[np.arange(30) // 10]
    found = []
    for number, some in enumerate((texts, foreign)):
        (folder := tmp_path / str(number)).mkdir()
        papers = zip(some, rows, strict=True)
        topics = ("robots", "speech", "vision")
        found.append(StoredPapers.read(Mode.SINGLE, papers, topics, {}, TINY, folder, lambda _: None).background)
    assert [background.name for background in found] == [TINY.name, NO_BACKGROUND.name]


def test_where_there_is_no_room_one_fault_is_told_and_none_by_the_papers_left_unread() -> None:
    stream = _PaperStream([("a title", np.eye(2)[0])] * 3, 2, Path("/dev/full"), lambda _: None)
    unread = iter(stream)
    next(unread)
    unread.close()  # type: ignore[attr-defined]  # as where another file is full
    with pytest.raises(OSError, match="No space left"):
        list(stream)
