"""A background of one's own field, learned from a pile of its papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.digests import read_inputs

if TYPE_CHECKING:
    from labeler.features.background import Background


@dataclass(frozen=True, slots=True)
class Built:
    """What a background came to."""

    papers: int
    words: int
    bytes: int


def build_background(inputs: Sequence[str], output: Path, say: Callable[[str], None]) -> Built:
    """Learn a background from the papers of ``inputs`` and write it to ``output``, whole or not at all.

    Raises:
        InputError: an input is missing or unreadable, or holds too few papers.
    """
    from threadpoolctl import threadpool_limits

    from labeler.features.background import save_background
    from labeler.features.learn_background import learn_background

    texts = [paper.text for paper in read_inputs(inputs).papers]
    with threadpool_limits(1, "blas"):  # so that the same papers give the same file, byte for byte
        background = learn_background(texts, output.stem, say)
    save_background(background, output)
    return Built(background.papers, len(background.words), output.stat().st_size)


def background_of(workspace: Workspace) -> Background:
    """The background that the workspace's settings name: the shipped one, none, or a file.

    Raises:
        InputError: the file is missing or is no background.
    """
    from labeler.features.background import NO_BACKGROUND, load_background, shipped

    named = workspace.settings.train_background
    if named in ("arxiv", "none"):
        return shipped() if named == "arxiv" else NO_BACKGROUND
    return load_background(workspace.root / named)
