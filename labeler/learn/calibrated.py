"""From weights and held-out scores to a model whose probabilities mean what they say, with thresholds and figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from labeler.features.tfidf import Tfidf
from labeler.learn.calibration import FEW, platt, temperature, top_label, unmeasured
from labeler.learn.selection import Selected, crossed_thresholds
from labeler.learn.targets import Targets
from labeler.learn.thresholds import thresholds_for
from labeler.learn.time_ordered import TimeOrderedScores
from labeler.measure.metrics import Estimate, f1_estimates
from labeler.score.decision import Rule
from labeler.score.familiarity import Familiarity, least_spread
from labeler.score.linear import LinearModel
from labeler.score.model import TopicModel
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
_UNMEASURED = 1 / 3  # the threshold where too little was judged to choose one


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights, their scores of a ``sample`` of papers, and held-out scores: to be calibrated and made a model."""

    mode: Mode
    tfidf: Tfidf
    weights: npt.NDArray[np.floating[Any]]
    intercepts: Floats
    sample: Floats
    selected: Selected
    answers: Floats
    matrix: Floats
    unlearned: dict[str, str]
    targets: Targets
    late: TimeOrderedScores | None

    def calibrated(self) -> tuple[TopicModel, dict[str, Estimate], Floats]:
        """The model, its figures in cross-validation, and its probabilities (n_late, n_columns) of the late papers."""
        return self._single() if self.mode == Mode.SINGLE else self._multi()

    def _single(self) -> tuple[TopicModel, dict[str, Estimate], Floats]:
        """One temperature for all columns, and a correction of the most probable one."""
        topics, scores = self.targets.classes, self.selected.scores
        known = np.where(np.isnan(self.answers), -np.inf, scores)
        factor = temperature(known, self.answers)
        linear = LinearModel(
            self.tfidf,
            (self.weights * factor).astype(np.float32),
            self.intercepts * factor,
            topics,
            Mode.SINGLE,
            self.answers.shape[1] > len(topics),
        )
        linear = replace(linear, top=top_label(linear.link(known * factor), self.answers))
        held_out = _stored(linear.link(scores * factor))
        later = _stored(linear.link(self.late.scores * factor)) if self.late else held_out[:0]
        thresholds = np.zeros(len(topics))
        measured = _measured(self.matrix, Rule(Mode.SINGLE, thresholds).assigned(held_out))
        return self._model(linear, thresholds, (held_out, self.matrix), self.sample * factor), measured, later

    def _multi(self) -> tuple[TopicModel, dict[str, Estimate], Floats]:
        """A scale and a shift for each topic, then its threshold."""
        shut = [column for column, topic in enumerate(self.targets.classes) if topic in self.unlearned]
        few = (~np.isnan(self.answers)).any(axis=1).sum() < FEW
        scores = self.selected.scores
        scales, shifts = unmeasured(self.sample) if few else platt(scores, self.answers)
        intercepts = np.where(np.isfinite(self.intercepts), scales * self.intercepts + shifts, -np.inf)
        weights = (self.weights * scales).astype(np.float32)
        linear = LinearModel(self.tfidf, weights, intercepts, self.targets.classes, Mode.MULTI)
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
        told = Familiarity(linear.mode, linear.intercepts)
        fitting = held_out[0][(held_out[1] == 1).any(axis=1)]
        least = least_spread(told.spread(fitting), told.spread(linear.link(sample)))
        return TopicModel(linear, thresholds, held_out, self.unlearned, self.targets.form, least=least)


def _measured(answers: Floats, assigned: npt.NDArray[np.bool_]) -> dict[str, Estimate]:
    return f1_estimates(answers, assigned) if len(answers) > 1 and (answers == 1).any() else {}


def _stored(probabilities: Floats) -> Floats:
    """As precise as a saved model holds them, so that a loaded one decides the same."""
    return probabilities.astype(np.float32).astype(np.float64)
