"""From more judged papers than fit into memory to a calibrated model.

Each paper is read once. From then on its words are numbers in a file, and its TF-IDF row lies in another; models are
found from these. With so many papers the words themselves tell all that what they are about would: there are no latent
blocks and no background, and papers that nobody has judged have nothing to add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO
from zlib import crc32

import numpy as np
import numpy.typing as npt

from labeler.errors import InputError
from labeler.features.background import NO_BACKGROUND
from labeler.features.corpus import Corpus
from labeler.features.space import Mix
from labeler.features.stored import StoredRows
from labeler.features.tfidf import Tfidf
from labeler.features.weighting import tfidf_of
from labeler.files import os_message, scratch
from labeler.learn.calibrated import Fitted
from labeler.learn.dual_coordinate_descent import Places, Search
from labeler.learn.recipe import DEFINITION, Recipe
from labeler.learn.selection import Selected, figure_of
from labeler.learn.targets import WEAK, Targets, learnable, measurable
from labeler.learn.training import Trained, nothing_to_learn, reasons_of
from labeler.papers.ids import title_key
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]
_TERMS = 200_000  # the most frequent ones
_FEWEST = 3  # papers that hold a term
_HELD, _MOST_HELD = 0.1, 10_000  # share of papers that are held out, and how many at most
_C_GRID = (0.5, 1.0, 2.0, 4.0)  # in turn, until one is worse than the one before
_FOLDS = 5  # of the papers held out, for thresholds that are chosen on others
_TOLD = 20_000  # papers after which it is said how many there were


def train_many(
    mode: Mode,
    papers: Iterable[tuple[str, Floats]],
    topics: Sequence[str],
    form: str,
    definitions: Mapping[str, str],
    say: Say = lambda _: None,
) -> Trained:
    """Train on ``papers``, each a text and its row (n_topics,) of 1, 0 and NaN, which are gone through once.

    The folder for temporary files needs room for some 4,000 bytes a paper. ``form`` is how the topics were given; a
    definition counts as :data:`~labeler.learn.recipe.DEFINITION` papers.

    Raises:
        InputError: nothing can be learned, or there is no room.
        ServerError: a process was ended from outside.
    """
    try:
        with scratch() as folder:
            return _trained(_Judged.read(mode, papers, topics, definitions, folder, say), form, folder, say)
    except OSError as error:
        raise InputError(
            f"cannot keep the papers in the folder for temporary files: {os_message(error)}",
            "make room, or name another folder in the environment variable TMPDIR",
        ) from error


@dataclass
class _Reading:
    """What is noted of papers as they pass: how many are yes, no and unknown (n_topics,), and what tells each."""

    counts: npt.NDArray[np.int64]
    marks: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Judged papers on the disk. The last rows, beyond ``papers``, are those of definitions.

    ``sides`` and ``negative_weight`` are those of :class:`~labeler.learn.dual_coordinate_descent.Search`; ``marks``
    (n_papers,) are spread evenly over 32 bits, and the same for papers of one title.
    """

    mode: Mode
    topics: tuple[str, ...]
    tfidf: Tfidf
    rows: StoredRows
    sides: npt.NDArray[np.int8]
    negative_weight: npt.NDArray[np.float32]
    marks: npt.NDArray[np.uint32]
    unlearned: dict[str, str]
    weak: tuple[str, ...]

    @classmethod
    def read(
        cls,
        mode: Mode,
        papers: Iterable[tuple[str, Floats]],
        topics: Sequence[str],
        definitions: Mapping[str, str],
        folder: Path,
        say: Say,
    ) -> _Judged:
        """Go through the papers.

        Raises:
            InputError: they teach nothing.
        """
        defined = [column for column, topic in enumerate(topics) if definitions.get(topic)]
        reading = _Reading(np.zeros((3, len(topics)), np.int64))
        with (folder / "sides.bin").open("wb") as out:
            corpus = Corpus.of(_texts(papers, reading, out, say), folder / "numbers.bin")
            named = np.eye(len(topics) + 1, dtype=np.int8)[defined]
            named = 2 * named - 1 if mode == Mode.SINGLE else named  # else a definition says nothing of other topics
            out.write(np.repeat(named, DEFINITION, axis=0).tobytes())
        say(f"{len(corpus)} papers read; weighing their terms …")
        tfidf = tfidf_of(corpus, _FEWEST, NO_BACKGROUND, _TERMS)
        tfidf = Tfidf(tfidf.vocabulary, tfidf.idf.astype(np.float32))  # as precise as it will be saved
        told = tfidf.rows([definitions[topics[column]] for column in defined for _ in range(DEFINITION)])
        rows = StoredRows.write(chain(corpus.rows(tfidf), [told]), len(tfidf.idf), folder)
        sides: npt.NDArray[np.int8] = np.memmap(folder / "sides.bin", np.int8, "r+", shape=(len(rows), len(topics) + 1))
        none = mode == Mode.SINGLE and bool((sides[: len(corpus), -1] == 1).any())
        if not none:
            sides = sides[:, :-1]
        yes, no, unknown = reading.counts
        unlearned = learnable(mode, yes, len(corpus), topics, defined, 0)
        if len(topics) - len(unlearned) + none < (2 if mode == Mode.SINGLE else 1) or not len(rows.values):
            raise nothing_to_learn(reasons_of(unlearned), len(corpus))
        weak = (no == 0) & (unknown > 0) if mode == Mode.MULTI else np.zeros(len(topics), bool)
        negative_weight = np.ones(sides.shape[1], np.float32)
        for column in np.flatnonzero(weak):
            negative_weight[column] = WEAK
            sides[sides[:, column] == 0, column] = -1
        sides[:, [topics.index(topic) for topic in unlearned]] = 0
        names = tuple(topic for topic, is_weak in zip(topics, weak & (yes > 0), strict=True) if is_weak)
        marks = np.array(reading.marks, np.uint32)
        return cls(mode, tuple(topics), tfidf, rows, sides, negative_weight, marks, unlearned, names)

    @property
    def held(self) -> npt.NDArray[np.bool_]:
        """Which rows are held out: the same share of any papers, and all of one title or none."""
        share = min(_HELD, _MOST_HELD / max(len(self.marks), 1))
        return np.append(self.marks < share * 2**32, np.zeros(len(self.rows) - len(self.marks), bool))

    def answers(self, which: Places) -> Floats:
        """The answers (n, n_columns) of some rows, with NaN for unknown."""
        sides = np.asarray(self.sides[which], np.float64)
        return np.where(sides == 0, np.nan, (sides + 1) / 2)


def _texts(papers: Iterable[tuple[str, Floats]], reading: _Reading, out: IO[bytes], say: Say) -> Iterator[str]:
    """The texts alone. Sides are written, those of no topic last, and what must be known of all papers is noted."""
    for number, (text, row) in enumerate(papers, 1):
        yes, no = row == 1, row == 0
        reading.counts += yes, no, ~(yes | no)
        reading.marks.append(crc32(title_key(text.partition("\n")[0]).encode("utf-8", "replace")))
        side = np.append(yes.astype(np.int8) - no, np.int8(-1 if yes.any() else 1))
        out.write(side.tobytes())
        if number % _TOLD == 0:
            say(f"{number} papers read …")
        yield text


def _trained(judged: _Judged, form: str, folder: Path, say: Say) -> Trained:
    """The model of all papers, with the C that is best for those held out, calibrated on these."""
    is_held = judged.held
    held, others = np.flatnonzero(is_held), np.flatnonzero(~is_held)
    answers = judged.answers(held)
    search = Search(judged.rows, judged.sides, judged.negative_weight, folder)
    figures: dict[float, float] = {}
    scores: dict[float, Floats] = {}
    for C in _C_GRID:
        say(f"learning from {len(judged.marks) - len(held)} papers, with C = {C} …")
        search.go(others, C)
        weights, found = search.model()
        scores[C] = judged.rows.times(weights, held) + found
        figures[C] = round(figure_of(scores[C], answers, judged.mode), 6)
        if figures[C] < max(figures.values()):
            break
    best = max(figures, key=figures.__getitem__)
    say("learning from all …")
    search.go(np.arange(len(judged.rows)), best)
    weights, found = search.model()
    shut = [judged.topics.index(topic) for topic in judged.unlearned]
    intercepts = found.astype(np.float64)
    intercepts[shut], scores[best][:, shut] = -np.inf, -np.inf
    matrix = answers[:, : len(judged.topics)]
    recipe = Recipe(f"terms, hinge, C = {best}", Mix(1.0, 0.0, 0.0), best, hinge=True)
    model, measured, _ = Fitted(
        mode=judged.mode,
        tfidf=judged.tfidf,
        weights=weights,
        intercepts=intercepts,
        sample=judged.rows.times(weights, held) + intercepts,
        selected=Selected(recipe, {}, scores[best], np.arange(len(held)) % _FOLDS),
        answers=measurable(judged.mode, matrix, answers),
        matrix=matrix,
        unlearned=judged.unlearned,
        targets=Targets(matrix, judged.topics, form),
        late=None,
    ).calibrated()
    candidates = {f"C = {C}": figure for C, figure in figures.items()}
    told = {"recipe": recipe.name, "candidates": candidates, "background": NO_BACKGROUND.name, "unread": 0}
    return Trained(model, told, measured, judged.weak)
