"""Learn a background from papers of one's own field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labeler.digests import read_inputs
from labeler.errors import InputError
from labeler.papers.languages import language_shares


@dataclass(frozen=True, slots=True)
class BackgroundResult:
    """The numbers of papers and words that a background was learned from, and the size of its file in bytes.

    ``languages`` are the shares of papers in each language, by its code; empty where all are in English. ``notes`` are
    sentences about the inputs.
    """

    papers: int
    words: int
    bytes: int
    languages: Mapping[str, float]
    notes: Sequence[str] = ()


def build_background(inputs: Sequence[str], output: Path, say: Callable[[str], None]) -> BackgroundResult:
    """Learn a background from the papers of ``inputs`` and write it to ``output``, whole or not at all.

    Raises:
        InputError: an input is missing or unreadable, or holds too few papers; or ``output`` is in no folder.
    """
    if not output.parent.is_dir():
        raise InputError(f"cannot write {output}: there is no folder {output.parent}", "make it, or name another file")
    from threadpoolctl import threadpool_limits

    from labeler.features.background import save_background
    from labeler.features.learn_background import learn_background

    reading = read_inputs(inputs)
    texts = [paper.text for paper in reading.papers]
    with threadpool_limits(1, "blas"):  # so that the same papers give the same file, byte for byte
        background = learn_background(texts, output.stem, say)
    save_background(background, output)
    size, languages = output.stat().st_size, language_shares(texts)
    return BackgroundResult(background.papers, len(background.words), size, languages, reading.notes)
