"""The steps from judged papers to a calibrated model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.errors import InputError
from labeler.features.background import Background
from labeler.features.corpus import Corpus
from labeler.features.space import Points, Space, fit_space
from labeler.features.tfidf import Tfidf
from labeler.features.weighting import tfidf_of
from labeler.files import sha256
from labeler.learn.calibrated import Fitted
from labeler.learn.definitions import defined_points
from labeler.learn.no_topic import no_topic_share
from labeler.learn.recipe import Material
from labeler.learn.selection import select
from labeler.learn.targets import Targets, answers_of, learnable, measurable, weak_columns
from labeler.learn.time_ordered import time_ordered_scores
from labeler.measure.metrics import Estimate
from labeler.papers.ids import title_key
from labeler.score.familiarity import Familiarity
from labeler.score.model import TopicModel
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
MANY = 8000  # judged papers beyond which :mod:`labeler.learn.out_of_core` trains
_SEVERAL = 200  # papers from which on a term must be in two of them
_MOST_UNLABELED = 20_000  # papers nobody has judged that are looked at; more teach nothing more


@dataclass(frozen=True, slots=True)
class Trained:
    """A model; how it was fitted; its figures in cross-validation; the topics to which nobody said "no".

    ``no_topic`` is the share of unlabeled papers that fit no topic, None where it cannot be told. ``later`` is, as
    ``held_out`` of the model, what models of the papers before them say of the latest papers, and since when these are.
    """

    model: TopicModel
    parameters: dict[str, Any]
    measured: dict[str, Estimate]
    weak: tuple[str, ...]
    no_topic: Estimate | None = None
    later: tuple[Floats, Floats, str] | None = None


def train_model(
    mode: Mode,
    texts: Sequence[str],
    targets: Targets,
    unlabeled: Sequence[str],
    definitions: Mapping[str, str],
    background: Background,
    self_training: bool,
    seed: int,
    dates: Sequence[str | None] = (),
) -> Trained:
    """Train on ``texts`` with their ``targets``. The order of texts does not matter.

    ``dates`` (n_texts, or none at all) are when the papers came.

    Raises:
        InputError: nothing can be learned.
    """
    known = np.nan_to_num(targets.matrix, nan=-1.0)  # NaN has no place in an order
    order = sorted(range(len(texts)), key=lambda row: (texts[row], known[row].tolist()))
    read, matrix = [texts[row] for row in order], targets.matrix[order]
    unlabeled = _sample(unlabeled, read)
    tfidf, rows, space, points = _features(mode, read + unlabeled, matrix, targets.classes, definitions, background)
    named, defined = defined_points(definitions, targets.classes, tfidf, space)
    if not rows.nnz:
        raise nothing_to_learn("there is no word to learn from in them", len(read))
    unlearned = _unlearned(mode, matrix, targets.classes, defined, len(unlabeled))
    shut = [column for column, topic in enumerate(targets.classes) if topic in unlearned]
    answers, pairs = answers_of(mode, matrix, shut)
    papers, rest = points.take(np.arange(len(read))), points.take(np.arange(len(read), len(points)))
    more = rest if self_training else rest.take(np.arange(0))
    material = Material(mode, space, papers, answers, pairs, named, defined, more)
    selected = select(material, [title_key(text) for text in read], seed)
    weights, intercepts = space.fold(material.fit(selected.recipe, np.arange(len(read))))
    weights[:, shut], intercepts[shut] = 0.0, -np.inf
    late = time_ordered_scores(material, selected.recipe, [dates[row] for row in order] if dates else [])
    told_by = measurable(mode, matrix, answers)
    model, measured, later = Fitted(
        mode=mode,
        tfidf=Tfidf(tfidf.vocabulary, tfidf.idf.astype(np.float32)),  # as precise as it will be saved
        weights=weights,
        intercepts=intercepts,
        sample=np.asarray(rows @ weights) + intercepts,
        selected=selected,
        answers=told_by,
        matrix=matrix,
        unlearned=unlearned,
        targets=targets,
        late=late,
    ).calibrated()
    recipe = selected.recipe.name
    told = {
        "recipe": recipe,
        "candidates": selected.candidates,
        "background": background.name,
        "unread": len(unlabeled),
    }
    spread, added = Familiarity(mode, model.linear.intercepts).spread, rows[len(read) :] @ model.linear.weights
    spreads = spread(model.held_out[0]), spread(model.linear.link(np.asarray(added) + model.linear.intercepts))
    none = (np.delete(matrix, shut, axis=1) == 0).all(axis=1)
    return Trained(
        model,
        told,
        measured,
        _weak(matrix, targets.classes, unlearned) if mode == Mode.MULTI else (),
        no_topic_share(papers, rest, none, spreads, seed),
        (later, (matrix if mode == Mode.SINGLE else told_by)[late.rows], late.since) if late else None,
    )


def _features(
    mode: Mode,
    texts: Sequence[str],
    matrix: Floats,
    classes: Sequence[str],
    definitions: Mapping[str, str],
    background: Background,
) -> tuple[Tfidf, sparse.csr_matrix, Space, Points]:
    """What all ``texts`` are compared by: their TF-IDF rows, and their points in a space.

    Of two topics one is mostly the rest of the world, and what tells the other from it need not be topical: how a study
    was made, say. There no word counts more for being topical.
    """
    told = (matrix == 1).any(axis=0) | np.array([bool(definitions.get(topic)) for topic in classes], dtype=bool)
    if mode == Mode.SINGLE and _kinds(mode, matrix, int(told.sum())) == 2:
        background = background.evenly()
    corpus = Corpus.of(texts)
    tfidf = tfidf_of(corpus, 2 if len(texts) >= _SEVERAL else 1, background)
    rows = corpus.matrix(tfidf)
    return tfidf, rows, *fit_space(tfidf, rows, background)


def _unlearned(
    mode: Mode, matrix: Floats, classes: Sequence[str], defined: Sequence[int], unlabeled: int
) -> dict[str, str]:
    """Why topics cannot be learned, where they cannot.

    Raises:
        InputError: so few can that there is nothing to tell apart.
    """
    unlearned = learnable(mode, (matrix == 1).sum(axis=0), len(matrix), classes, defined, unlabeled)
    if _kinds(mode, matrix, len(classes) - len(unlearned)) < (2 if mode == Mode.SINGLE else 1):
        raise nothing_to_learn(reasons_of(unlearned), len(matrix))
    return unlearned


def _weak(matrix: Floats, classes: Sequence[str], unlearned: Mapping[str, str]) -> tuple[str, ...]:
    """The topics of judged papers to which nobody said "no"."""
    weak = weak_columns(matrix) & (matrix == 1).any(axis=0)
    return tuple(topic for topic, is_weak in zip(classes, weak, strict=True) if is_weak and topic not in unlearned)


def _sample(unlabeled: Sequence[str], judged: Sequence[str]) -> list[str]:
    """Papers that nobody has judged, each once, in the order of their contents; of very many a sample."""
    taken = {title_key(text) for text in judged}
    by_title = sorted({title_key(text): text for text in sorted(unlabeled)}.items())
    texts = [text for key, text in by_title if key not in taken]
    return sorted(sorted(texts, key=lambda text: sha256(text.encode("utf-8", "replace")))[:_MOST_UNLABELED])


def _kinds(mode: Mode, matrix: Floats, topics: int) -> int:
    """How many answers are to be told apart: ``topics``, and in single mode "none of these" where that was said."""
    return topics + (mode == Mode.SINGLE and bool((~(matrix == 1).any(axis=1)).any()))


def reasons_of(unlearned: Mapping[str, str]) -> str:
    """Why topics cannot be learned, in a line."""
    nearest_first = sorted(unlearned.items(), key=lambda reason: reason[1].startswith("no paper"))
    reasons = "; ".join(f"{topic}: {why}" for topic, why in nearest_first[:3])
    more = f"; and {len(unlearned) - 3} more" if len(unlearned) > 3 else ""
    return f"{reasons or 'all have one answer'}{more}"


def nothing_to_learn(why: str, papers: int) -> InputError:
    """What is said when so many judged papers teach nothing."""
    return InputError(
        f"nothing can be learned from the papers judged so far, {papers} ({why})",
        "judge papers of at least two kinds, or define topics and give papers that nobody has judged",
    )
