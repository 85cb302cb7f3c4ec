"""The steps from judged papers to a calibrated model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from labeler.errors import InputError
from labeler.features.background import Background
from labeler.features.space import fit_space
from labeler.features.tfidf import Tfidf, fit_tfidf
from labeler.files import sha256
from labeler.learn.calibration import FEW, platt, temperature, top_label, unmeasured
from labeler.learn.definitions import defined_points
from labeler.learn.in_time import Later, later_scores
from labeler.learn.outside import outside
from labeler.learn.recipe import Material
from labeler.learn.selection import Selected, crossed_thresholds, select
from labeler.learn.targets import Targets, learnable, weak_columns, weights_of, with_none_column
from labeler.learn.thresholds import thresholds_for
from labeler.measure.metrics import Estimate, f1_estimates
from labeler.papers.ids import title_key
from labeler.score.decision import Rule
from labeler.score.familiarity import Familiarity, least_spread
from labeler.score.linear import MULTI, SINGLE, LinearModel
from labeler.score.model import TopicModel

Floats = npt.NDArray[np.float64]
_UNMEASURED = 1 / 3  # the threshold where too little was judged to choose one
_MANY = 200  # papers from which on a term must be in two of them
_UNREAD = 20_000  # papers nobody has judged that are looked at; more teach nothing more


@dataclass(frozen=True, slots=True)
class Trained:
    """A model; how it was fitted; its figures in cross-validation; the topics to which nobody said "no".

    ``no_topic`` is the share of unread papers that fit no topic, None where it cannot be told. ``later`` is, as
    ``held_out`` of the model, what models of the papers before them say of the latest papers, and since when these are.
    """

    model: TopicModel
    parameters: dict[str, Any]
    measured: dict[str, Estimate]
    weak: tuple[str, ...]
    no_topic: Estimate | None = None
    later: tuple[Floats, Floats, str] | None = None


def train_model(
    mode: str,
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
    unread = _sample(unlabeled, read)
    pool = read + unread
    tfidf = fit_tfidf(pool, 2 if len(pool) >= _MANY else 1, background)
    rows = tfidf.transform(pool)
    space, points = fit_space(tfidf, rows, background)
    named, defined = defined_points(definitions, targets.classes, tfidf, space)
    unlearned = learnable(mode, matrix, targets.classes, defined, len(unread))
    if not rows.nnz or not _distinct(mode, matrix, len(targets.classes) - len(unlearned)):
        raise _nothing(unlearned, len(read))
    shut = [column for column, topic in enumerate(targets.classes) if topic in unlearned]
    answers = with_none_column(matrix) if mode == SINGLE else matrix.copy()
    answers[:, shut] = np.nan
    pairs = weights_of(answers) if mode == MULTI else np.ones(answers.shape)
    pairs[:, shut] = 0.0
    if mode == MULTI:
        answers = np.where((pairs > 0) & np.isnan(answers), 0.0, answers)  # a weak "no" is held out like a "no"
    split = len(read)
    material = Material(
        mode,
        space,
        points.take(np.arange(split)),
        answers,
        pairs,
        named,
        defined,
        points.take(np.arange(split, len(pool) if self_training else split)),
    )
    selected = select(material, [title_key(text) for text in read], seed)
    weights, bases = space.fold(material.fit(selected.recipe, np.arange(split)))
    weights[:, shut], bases[shut] = 0.0, -np.inf
    sample = np.asarray(rows @ weights) + bases
    late = later_scores(material, selected.recipe, [dates[row] for row in order] if dates else [])
    fitted = _Fitted(tfidf, weights, bases, sample, selected, answers, matrix, unlearned, targets, late)
    model, measured, later = fitted.single() if mode == SINGLE else fitted.multi()
    parameters = {"recipe": selected.recipe.name, "candidates": selected.candidates, "background": background.name}
    weak = np.flatnonzero(weak_columns(matrix) & (matrix == 1).any(axis=0)) if mode == MULTI else ()
    told = Familiarity(mode, model.linear.bases)
    spreads = told.spread(model.held_out[0]), told.spread(model.linear.probabilities_of(rows[split:]))
    none = (matrix[:, [column not in shut for column in range(matrix.shape[1])]] == 0).all(axis=1)
    rest = points.take(np.arange(split, len(pool)))
    return Trained(
        model,
        parameters | {"unread": len(unread)},
        measured,
        tuple(targets.classes[column] for column in weak if targets.classes[column] not in unlearned),
        outside(material.papers, rest, none, spreads, seed),
        (later, (matrix if mode == SINGLE else answers)[late.rows], late.since) if late else None,
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Weights, their scores of a ``sample`` of papers, and held-out scores: to be calibrated and made a model."""

    tfidf: Tfidf
    weights: Floats
    bases: Floats
    sample: Floats
    selected: Selected
    answers: Floats
    matrix: Floats
    unlearned: dict[str, str]
    targets: Targets
    late: Later | None

    def single(self) -> tuple[TopicModel, dict[str, Estimate], Floats]:
        """One temperature for all columns, and a correction of the most probable one."""
        topics, scores = self.targets.classes, self.selected.scores
        known = np.where(np.isnan(self.answers), -np.inf, scores)
        factor = temperature(known, self.answers)
        linear = LinearModel(
            self.tfidf,
            (self.weights * factor).astype(np.float32),
            self.bases * factor,
            topics,
            SINGLE,
            self.answers.shape[1] > len(topics),
        )
        linear = replace(linear, top=top_label(linear.link(known * factor), self.answers))
        held_out = _stored(linear.link(scores * factor))
        later = _stored(linear.link(self.late.scores * factor)) if self.late else held_out[:0]
        thresholds = np.zeros(len(topics))
        measured = _measured(self.matrix, Rule(SINGLE, thresholds).assigned(held_out))
        return self._model(linear, thresholds, (held_out, self.matrix), self.sample * factor), measured, later

    def multi(self) -> tuple[TopicModel, dict[str, Estimate], Floats]:
        """A scale and a shift for each topic, then its threshold."""
        shut = [column for column, topic in enumerate(self.targets.classes) if topic in self.unlearned]
        few = len(self.answers) < FEW
        scores = self.selected.scores
        scales, shifts = unmeasured(self.sample) if few else platt(scores, self.answers)
        bases = np.where(np.isfinite(self.bases), scales * self.bases + shifts, -np.inf)
        weights = (self.weights * scales).astype(np.float32)
        linear = LinearModel(self.tfidf, weights, bases, self.targets.classes, MULTI)
        held_out = _stored(linear.link(scales * scores + shifts))
        held_out[~np.isfinite(scores)] = np.nan
        later = _stored(linear.link(scales * self.late.scores + shifts)) if self.late else held_out[:0]
        # In scores before calibration, which measure distances, one threshold means about the same for all topics.
        even = np.where(np.isfinite(scores), expit(scores), np.nan)
        measured = _measured(self.answers, crossed_thresholds(even, self.answers, self.selected.folds))
        thresholds = thresholds_for(even, self.answers)
        thresholds = expit(scales * logit(thresholds) + shifts) if not few else np.full(len(thresholds), _UNMEASURED)
        # What could not be learned, at all or without the paper's fold, is never given, and missed where it applies.
        thresholds[shut] = np.inf
        held_out[np.isnan(held_out) & np.isfinite(held_out).any(axis=1, keepdims=True)] = 0.0
        held_out[:, shut] = 0.0
        return self._model(linear, thresholds, (held_out, self.answers), scales * self.sample + shifts), measured, later

    def _model(
        self, linear: LinearModel, thresholds: Floats, held_out: tuple[Floats, Floats], sample: Floats
    ) -> TopicModel:
        told = Familiarity(linear.mode, linear.bases)
        fitting = held_out[0][(held_out[1] == 1).any(axis=1)]
        least = least_spread(told.spread(fitting), told.spread(linear.link(sample)))
        return TopicModel(linear, thresholds, held_out, self.unlearned, self.targets.form, least=least)


def _measured(answers: Floats, assigned: npt.NDArray[np.bool_]) -> dict[str, Estimate]:
    return f1_estimates(answers, assigned) if len(answers) > 1 and (answers == 1).any() else {}


def _stored(probabilities: Floats) -> Floats:
    """As precise as a saved model holds them, so that a loaded one decides the same."""
    return probabilities.astype(np.float32).astype(np.float64)


def _sample(unlabeled: Sequence[str], judged: Sequence[str]) -> list[str]:
    """Papers that nobody has judged, each once, in the order of their contents; of very many a sample."""
    taken = {title_key(text) for text in judged}
    unread = sorted({title_key(text): text for text in sorted(unlabeled)}.items())
    texts = [text for key, text in unread if key not in taken]
    return sorted(sorted(texts, key=lambda text: sha256(text.encode("utf-8", "replace")))[:_UNREAD])


def _distinct(mode: str, matrix: Floats, learned: int) -> bool:
    """Whether there is anything to tell apart: two answers in single mode, a topic in multi mode."""
    return learned + (mode == SINGLE and bool((~(matrix == 1).any(axis=1)).any())) >= (2 if mode == SINGLE else 1)


def _nothing(unlearned: Mapping[str, str], papers: int) -> InputError:
    nearest_first = sorted(unlearned.items(), key=lambda reason: reason[1].startswith("no paper"))
    reasons = "; ".join(f"{topic}: {why}" for topic, why in nearest_first[:3])
    more = f"; and {len(unlearned) - 3} more" if len(unlearned) > 3 else ""
    return InputError(
        f"nothing can be learned from the papers judged so far, {papers} ({reasons or 'all have one answer'}{more})",
        "judge papers of at least two kinds, or define topics and give papers that nobody has judged",
    )
