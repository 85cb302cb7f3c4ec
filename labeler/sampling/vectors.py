"""What papers are about, as vectors: those of papers about one thing point the same way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.cooccurrence import unit_rows
from labeler.features.space import fit_space
from labeler.features.tfidf import Tfidf
from labeler.features.tokens import batches
from labeler.features.weighting import fit_tfidf
from labeler.score.familiarity import out_of_vocabulary

Matrix = npt.NDArray[np.float32]
_READ = 3000  # papers from which a space is learned where the background knows none of their words


def paper_vectors(texts: Sequence[str], background: Background) -> Matrix:
    """A vector of length one for each text (n_texts, k), the mean of all taken off; zeros where nothing is known.

    They are made of the background's word vectors: a space fitted to the texts would say more, and take minutes for
    many. Where the background knows the words of less than half of the texts, such a space of a sample is used.
    """
    points = _of_words(texts, background) if background.words else np.zeros((len(texts), 0), np.float32)
    if 2 * points.any(axis=1).sum() < len(texts):
        points = _of_their_own(texts)
    return unit_rows(points - points.mean(axis=0)) if len(points) else points


def _of_words(texts: Sequence[str], background: Background) -> Matrix:
    """Sums of word vectors, weighted by how rare and how topical a word is, and how often it stands in the text."""
    tfidf, vectors = _weighted(background)
    parts: list[Matrix] = [np.zeros((0, vectors.shape[1]), np.float32)]
    for part in batches(texts):
        rows = tfidf.rows(part)
        points = np.asarray(rows.sparse().astype(np.float32) @ vectors)
        points[out_of_vocabulary(tfidf.vocabulary, rows, part)] = 0  # names and numbers in another language say nothing
        parts.append(points)
    return np.concatenate(parts)


@lru_cache(maxsize=1)
def _weighted(background: Background) -> tuple[Tfidf, Matrix]:
    """The words of a background and their vectors (n_words, k), weighted; they are looked up batch after batch."""
    tfidf = Tfidf.of(background.words, background.idf * np.sqrt(background.topicality))
    return tfidf, background.vectors * np.sqrt(tfidf.idf)[:, None].astype(np.float32)


def _of_their_own(texts: Sequence[str]) -> Matrix:
    """Latent semantic analysis of the texts, learned from an even sample; of texts too few for that, their words."""
    sample = texts[:: -(-len(texts) // _READ)] if texts else []
    tfidf = fit_tfidf(sample, 2 if len(sample) > _READ // 10 else 1, NO_BACKGROUND)
    space, _ = fit_space(tfidf, tfidf.transform(sample), NO_BACKGROUND)
    points = space.points(tfidf.transform(texts))
    latent = np.hstack(points.blocks)
    return latent if latent.shape[1] else np.asarray(points.terms.toarray(), dtype=np.float32)
