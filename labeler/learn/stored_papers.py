"""Judged papers on the disk: read once, from then on rows of numbers in files that need not fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.features.background import Background
from labeler.features.corpus import Corpus
from labeler.features.stored import StoredRows
from labeler.features.tfidf import Tfidf
from labeler.features.tokens import AT_ONCE
from labeler.features.weighting import background_for, tfidf_of
from labeler.learn.recipe import DEFINITION_WEIGHT
from labeler.learn.targets import ASSUMED_NEGATIVE_WEIGHT, lack, nothing_to_learn, reasons_of, unlearnable_topics
from labeler.papers.ids import title_key
from labeler.papers.near_duplicates import SKETCH_SIZE, Sketches, repeated_among, sketches_of
from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
Signs = npt.NDArray[np.int8]
Indices = npt.NDArray[np.intp]
Progress = Callable[[str], None]
_MAX_TERMS = 200_000  # the most frequent ones
_MIN_DF = 3  # papers that a term must be in
_HELD_OUT_SHARE, _MAX_HELD_OUT = 0.1, 10_000
_PAPERS_PER_MESSAGE = 20_000
_SKETCHES_AT_ONCE = 1 << 14
_MOSTLY = 0.5  # of a lack of known negatives, from which on others are assumed


class _PaperStream:
    """Judged papers that are iterated over once: yields their texts, and writes their labels to a file.

    The labels of a paper are signs (n_topics + 1,): 1 for yes, -1 for no, 0 for unknown, the last one for "no topic".
    Once all papers are read, ``counts`` (4, n_topics) are how many papers are yes, no (without those
    of no topic at all), and unknown, and how many of these name topics. ``naming`` says which papers do.
    """

    def __init__(self, papers: Iterable[tuple[str, Floats]], topics: int, file: Path, progress: Progress) -> None:
        self._papers, self._file, self._progress = papers, file, progress
        self._title_hashes: list[int] = []
        self._texts: list[str] = []
        self._sketches: list[Sketches] = [np.empty((0, SKETCH_SIZE), np.uint32)]
        self.naming: list[bool] = []
        self._shares: list[tuple[int, Floats]] = []
        self.counts = np.zeros((4, topics), np.int64)

    def __iter__(self) -> Iterator[str]:
        out = self._file.open("wb")  # closed below, where no reader hears of a fault
        try:
            for number, (text, given) in enumerate(self._papers, 1):
                row = self._one_topic(number - 1, given)
                yes, no = row == 1, row == 0
                unknown = ~(yes | no)
                self.naming.append(bool(no.sum() < unknown.sum()))
                self.counts += yes, no & ~no.all(), unknown, unknown & self.naming[-1]
                self._title_hashes.append(crc32(title_key(text.partition("\n")[0]).encode("utf-8", "replace")))
                self._sketch(text)
                out.write(np.append(yes.astype(np.int8) - no, np.int8(-1 if yes.any() else 1)).tobytes())
                if number % _PAPERS_PER_MESSAGE == 0:
                    self._progress(f"{number} papers read …")
                yield text
            out.flush()
        finally:
            with suppress(OSError):
                out.close()

    def _one_topic(self, paper: int, row: Floats) -> Floats:
        """The row of a paper, of which shares are kept: that of the topic with the largest one."""
        if not ((row > 0) & (row < 1)).any():
            return row
        self._shares.append((paper, row))
        return np.asarray(np.arange(len(row)) == row.argmax(), np.float64)

    def lacks_negatives(self) -> npt.NDArray[np.bool_]:
        """The topics (n_topics,) of which negatives are assumed.

        All negatives of a topic count the same here, so that some are assumed only where they are most of them.
        """
        _, no, unknown, left_open = self.counts
        return np.asarray((lack(no, left_open) >= _MOSTLY) & (unknown > 0))

    def shares(self, rows: int, columns: int) -> sparse.csr_matrix:
        """The shares of topics (``rows``, ``columns``) of papers that have several; the rows of others are empty."""
        found = sparse.lil_matrix((rows, columns), dtype=np.float32)
        for paper, row in self._shares:
            for column in np.flatnonzero(row).tolist():
                found[paper, column] = row[column]
        return found.tocsr()

    def _sketch(self, text: str | None) -> None:
        """Take in a text, of which the sketch is to be kept; without one, sketch those that wait."""
        self._texts += [] if text is None else [text]
        if len(self._texts) >= AT_ONCE or text is None:
            self._sketches.append(sketches_of(self._texts))
            self._texts = []

    def sketches(self) -> Sketches:
        """The sketch of each paper (n_papers, ``SKETCH_SIZE``)."""
        self._sketch(None)
        return np.concatenate(self._sketches)

    def title_hashes(self) -> npt.NDArray[np.uint32]:
        """A hash of each paper's title (n_papers,), spread evenly over 32 bits."""
        return np.array(self._title_hashes, np.uint32)

    def signs(self, more: Signs) -> Signs:
        """The signs of all papers and of ``more`` rows (n, n_topics + 1), in the file, which may be written to."""
        with self._file.open("ab") as out:
            out.write(more.tobytes())
        rows = len(self._title_hashes) + len(more)
        return np.memmap(self._file, np.int8, "r+", shape=(rows, more.shape[1]))


@dataclass(frozen=True, slots=True)
class StoredPapers:
    """Judged papers on the disk. The last rows, after those of the papers, are those of definitions.

    ``signs`` (n_rows, n_columns) and ``negative_weight`` are those of
    :class:`~labeler.learn.dual_coordinate_descent.DualCoordinateDescent`; ``title_hashes`` (n_papers,) are spread
    evenly over 32 bits, and ``sketches`` (n_papers, ``SKETCH_SIZE``) tell near-duplicates. ``weak`` are the topics
    without negative examples, or with too few. ``background`` is what is known of their words beforehand. ``shares``
    (n_rows, n_columns) are those of papers with more than one topic in single mode; other rows are empty. ``yes``
    (n_topics,) says of how many papers each topic is.
    """

    mode: Mode
    topics: tuple[str, ...]
    tfidf: Tfidf
    rows: StoredRows
    signs: Signs
    negative_weight: npt.NDArray[np.float32]
    title_hashes: npt.NDArray[np.uint32]
    sketches: Sketches
    unlearned: dict[str, str]
    weak: tuple[str, ...]
    background: Background
    shares: sparse.csr_matrix
    yes: npt.NDArray[np.int64]

    @classmethod
    def read(
        cls,
        mode: Mode,
        papers: Iterable[tuple[str, Floats]],
        topics: Sequence[str],
        definitions: Mapping[str, str],
        background: Background,
        folder: Path,
        progress: Progress,
    ) -> StoredPapers:
        """Read the papers once, write their TF-IDF rows and labels to files of ``folder``, and return them.

        The vocabulary and the weights of terms are learned from the papers. Each definition is added as
        ``DEFINITION_WEIGHT`` more rows. Of the ``background`` there is left what knows the language of the papers.

        Raises:
            InputError: fewer topics can be learned than there must be to tell apart, or no text has a known term.
        """
        defined = [column for column, topic in enumerate(topics) if definitions.get(topic)]
        stream = _PaperStream(papers, len(topics), folder / "signs.bin", progress)
        corpus = Corpus.of(stream, folder / "numbers.bin")
        progress(f"{len(corpus)} papers read; weighing their terms …")
        tfidf = _tfidf(corpus, known := background_for(corpus, background, definitions.values()).background)
        texts = [definitions[topics[column]] for column in defined for _ in range(DEFINITION_WEIGHT)]
        rows = StoredRows.write(chain(corpus.rows(tfidf), [tfidf.rows(texts)]), len(tfidf.idf), folder)
        signs = stream.signs(_definition_signs(mode, len(topics), defined))
        none = mode == Mode.SINGLE and bool((signs[: len(corpus), -1] == 1).any())
        yes, no, *_ = stream.counts
        unlearned = unlearnable_topics(mode, yes, len(corpus), topics, defined, 0)
        if len(topics) - len(unlearned) + none < (2 if mode == Mode.SINGLE else 1) or not len(rows.values):
            raise nothing_to_learn(reasons_of(unlearned), len(corpus))
        signs = signs if none else signs[:, :-1]
        lacking = np.flatnonzero(stream.lacks_negatives()) if mode == Mode.MULTI else np.empty(0, np.intp)
        negative_weight = np.ones(signs.shape[1], np.float32)
        negative_weight[lacking] = ASSUMED_NEGATIVE_WEIGHT
        naming = np.append(stream.naming, np.zeros(len(signs) - len(corpus), bool))
        for column in lacking:
            signs[(signs[:, column] == 0) & (naming | (no[column] == 0)), column] = -1
        signs[:, [topics.index(topic) for topic in unlearned]] = 0
        weak = tuple(topics[column] for column in lacking if yes[column])
        of_papers, shares = (stream.title_hashes(), stream.sketches()), stream.shares(*signs.shape)
        labels = mode, tuple(topics), tfidf, rows, signs, negative_weight
        return cls(*labels, *of_papers, unlearned, weak, known, shares, yes)

    def held_out(self) -> tuple[npt.NDArray[np.bool_], int]:
        """Which rows are held out (n_rows,): a random share of papers, and all of one title or none.

        Those that nearly repeat one that is not held out are learned from, as they would be no test; how many these
        are is returned as well.
        """
        share = min(_HELD_OUT_SHARE, _MAX_HELD_OUT / max(len(self.title_hashes), 1))
        held_out = self.title_hashes < share * 2**32
        begins = range(0, len(held_out), _SKETCHES_AT_ONCE)
        parts = (slice(begin, begin + _SKETCHES_AT_ONCE) for begin in begins)
        others = (self.sketches[part][~held_out[part]] for part in parts)
        repeated = np.flatnonzero(held_out)[repeated_among(self.sketches[held_out], others)]
        if len(repeated) < held_out.sum():
            held_out[repeated] = False
        return np.append(held_out, np.zeros(len(self.rows) - len(held_out), bool)), len(repeated)

    def sample(self, rows: Indices, count: int) -> Indices:
        """About ``count`` of ``rows``, at random as titles are; definitions are always among them."""
        papers = rows[rows < len(self.title_hashes)]
        hashes = self.title_hashes[papers]
        most = np.sort(hashes)[: count + 1][-1] if len(papers) > count else 2**32
        return np.concatenate([papers[hashes < most], rows[len(papers) :]])

    def answers(self, rows: Indices) -> Floats:
        """The answers (n, n_columns) of some rows: 1, 0 and NaN for unknown."""
        signs = np.asarray(self.signs[rows], np.float64)
        return np.where(signs == 0, np.nan, (signs + 1) / 2)


def _tfidf(corpus: Corpus, background: Background) -> Tfidf:
    """Terms and their weights, as precise as they will be saved.

    So many papers say better than the background how much each term matters.
    """
    tfidf = tfidf_of(corpus, _MIN_DF, background.with_equal_topicality(), _MAX_TERMS)
    return Tfidf(tfidf.vocabulary, tfidf.idf.astype(np.float32))


def _definition_signs(mode: Mode, topics: int, defined: Sequence[int]) -> Signs:
    """The signs (n, n_topics + 1) of the rows of definitions of the ``defined`` columns.

    In single mode a definition is a negative example of other topics; in multi mode it says nothing of them.
    """
    signs = np.eye(topics + 1, dtype=np.int8)[defined]
    return np.repeat(2 * signs - 1 if mode == Mode.SINGLE else signs, DEFINITION_WEIGHT, axis=0)
