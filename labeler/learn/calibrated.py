"""The last steps of training: calibration, thresholds and metrics, all of them from held-out scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from labeler.features.tfidf import Tfidf
from labeler.learn.calibration import MIN_HELD_OUT, default_platt, platt, temperature, top_label
from labeler.learn.label_shift import adjustment, expected_shares, stream_shares
from labeler.learn.none_of_these import none_shift
from labeler.learn.selection import Selection, cross_validated_thresholds
from labeler.learn.targets import Targets, names_alone, with_topics_above
from labeler.learn.thresholds import thresholds_for
from labeler.learn.time_ordered import TimeOrderedPredictions, TimeOrderedScores
from labeler.measure.estimates import Estimate
from labeler.measure.measured import measured_estimates
from labeler.measure.resampling import Draws
from labeler.score.decision import Rule
from labeler.score.familiarity import Familiarity, least_spread
from labeler.score.linear import LinearModel
from labeler.score.model import TopicModel
from labeler.topics import Mode
from labeler.topics.hierarchy import FLAT, Hierarchy

Floats = npt.NDArray[np.float64]
_DEFAULT_THRESHOLD = 1 / 3  # where too little was judged to choose one


class CalibratedModel(NamedTuple):
    """A model, its metrics in cross-validation, and what it predicts for the latest papers (None without dates).

    ``stream_shares`` (n_columns,) are the shares of topics that it expects, None where they are those it learned from.
    """

    model: TopicModel
    measured: dict[str, Estimate]
    time_ordered: TimeOrderedPredictions | None
    stream_shares: Floats | None = None


class _LabelShift(NamedTuple):
    """What is added to the scores (n_columns,) of a model, and the shares (n_columns,) of topics that it then expects.

    ``weights`` (n_papers,) say how much each judged paper counts among papers with these shares; their mean is 1.
    """

    shift: Floats
    shares: Floats | None = None
    weights: Floats | None = None


@dataclass(frozen=True, slots=True)
class UncalibratedModel:
    """Weights (n_terms, n_columns) and intercepts (n_columns,) with held-out scores, by which they are calibrated.

    ``sample_scores`` (n, n_columns) are scores of any papers at hand, ``selection`` has the held-out ones of the judged
    papers. ``answers`` (n_papers, n_columns) are known answers that can measure a model, ``targets`` all of them.
    ``groups`` (n_papers,) has one number for papers that nearly repeat each other, None where that is not known.
    """

    mode: Mode
    tfidf: Tfidf
    weights: npt.NDArray[np.floating[Any]]
    intercepts: Floats
    sample_scores: Floats
    selection: Selection
    answers: Floats
    targets: Targets
    unlearned: dict[str, str]
    time_ordered: TimeOrderedScores | None
    label_shift: bool = False
    hierarchy: Hierarchy = FLAT
    groups: npt.NDArray[np.intp] | None = None

    def calibrated(self) -> CalibratedModel:
        """The model with calibrated probabilities and thresholds."""
        return self._none_shifted()._single() if self.mode == Mode.SINGLE else self._multi()

    def _none_shifted(self) -> UncalibratedModel:
        """The model with another score of "none of these", where it knows that answer."""
        scores = self.selection.scores
        if self.answers.shape[1] == len(self.targets.classes):
            return self
        shift = np.zeros(scores.shape[1])
        shift[-1] = none_shift(np.where(np.isnan(self.answers), -np.inf, scores), self.answers)
        late = self.time_ordered
        return replace(
            self,
            intercepts=self.intercepts + shift,
            sample_scores=self.sample_scores + shift,
            selection=replace(self.selection, scores=scores + shift),
            time_ordered=replace(late, scores=late.scores + shift) if late else None,
        )

    def _single(self) -> CalibratedModel:
        """With one temperature for all columns, and then top-label calibration; topics are assigned by the largest.

        Where topics have other shares among the unlabeled papers, the intercepts are for these, and held-out papers
        count as often as such papers come there.
        """
        topics, scores = self.targets.classes, self.selection.scores
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
        shift, shares, weights = self._shift(linear, factor)
        linear = replace(linear, intercepts=linear.intercepts + shift)
        linear = replace(linear, top=top_label(linear.link(known * factor + shift), self.answers, weights))
        held_out = _rounded(linear.link(scores * factor + shift))
        thresholds = np.zeros(len(topics))
        assigned = Rule(Mode.SINGLE, thresholds).assigned(held_out)
        measured = self._measured(self.targets.matrix, assigned, weights)
        sample_scores = self.sample_scores * factor + shift
        model = self._model(linear, thresholds, (held_out, self.targets.matrix), sample_scores, weights)
        return CalibratedModel(model, measured, self._time_ordered(model, factor, shift), shares)

    def _shift(self, linear: LinearModel, factor: float) -> _LabelShift:
        """The adjustment to the shares of topics among the unlabeled papers; none where these are not known."""
        scores = self.selection.scores
        if not self.label_shift:
            return _LabelShift(np.zeros(scores.shape[1]))
        expected = expected_shares(linear.link(scores * factor))
        shares = stream_shares(linear.link(self.sample_scores[len(scores) :] * factor), expected, len(scores))
        shift = adjustment(shares, expected, (self.answers == 1).sum(axis=0))
        likely = expected * np.exp(shift)
        weights = np.exp(shift[(self.answers == 1).argmax(axis=1)])
        return _LabelShift(shift, likely / likely.sum(), weights / weights.mean())

    def _multi(self) -> CalibratedModel:
        """With Platt scaling of each topic, and then a threshold for each."""
        scores = self.selection.scores
        too_few = (~np.isnan(self.answers)).any(axis=1).sum() < MIN_HELD_OUT
        scales, shifts = default_platt(self.sample_scores) if too_few else platt(scores, self.answers)
        intercepts = np.where(np.isfinite(self.intercepts), scales * self.intercepts + shifts, -np.inf)
        weights = (self.weights * scales).astype(np.float32)
        linear = LinearModel(self.tfidf, weights, intercepts, self.targets.classes, Mode.MULTI)
        # In scores before calibration, which measure distances, one threshold means about the same for all topics.
        uncalibrated = np.where(np.isfinite(scores), expit(scores), np.nan)
        of_folds = cross_validated_thresholds(uncalibrated, self.answers, self.selection.folds)
        assigned = uncalibrated >= of_folds[self.selection.folds]
        of_folds = expit(scales * logit(of_folds) + shifts)
        thresholds = thresholds_for(uncalibrated, self.answers)
        thresholds = (
            np.full(len(thresholds), _DEFAULT_THRESHOLD) if too_few else expit(scales * logit(thresholds) + shifts)
        )
        held_out = _rounded(linear.link(scales * scores + shifts))
        held_out[~np.isfinite(scores)] = np.nan
        # A topic that could not be learned, at all or without the paper's fold, is never assigned: it has probability 0
        # in held-out papers, and counts as missed where it applies.
        unlearned = [column for column, topic in enumerate(self.targets.classes) if topic in self.unlearned]
        thresholds[unlearned], of_folds[:, unlearned] = np.inf, np.inf
        held_out[np.isnan(held_out) & np.isfinite(held_out).any(axis=1, keepdims=True)] = 0.0
        held_out[:, unlearned] = 0.0
        model = self._model(linear, thresholds, (held_out, self.answers), scales * self.sample_scores + shifts)
        given = held_out >= thresholds
        contradicted = names_alone(self.targets.matrix) & given.any(axis=1)
        contradicted &= ~(given & (self.targets.matrix == 1)).any(axis=1)
        model = replace(model, held_out_thresholds=of_folds, held_out_contradicted=contradicted)
        return CalibratedModel(model, self._measured(self.answers, assigned), self._time_ordered(model, scales, shifts))

    def _model(
        self,
        linear: LinearModel,
        thresholds: Floats,
        held_out: tuple[Floats, Floats],
        sample_scores: Floats,
        weights: Floats | None = None,
    ) -> TopicModel:
        familiarity = Familiarity(linear.mode, linear.intercepts)
        with_topic = held_out[0][(held_out[1] == 1).any(axis=1)]
        least = least_spread(familiarity.spread(with_topic), familiarity.spread(linear.link(sample_scores)))
        return TopicModel(
            linear,
            thresholds,
            held_out,
            self.unlearned,
            self.targets.form,
            least=least,
            held_out_weights=weights,
            hierarchy=self.hierarchy,
            held_out_folds=self.selection.folds.astype(np.int8),
        )

    def _measured(
        self, answers: Floats, assigned: npt.NDArray[np.bool_], weights: Floats | None = None
    ) -> dict[str, Estimate]:
        topics = self.targets.classes
        applies = with_topics_above(answers == 1, topics, self.hierarchy)
        if len(answers) < 2 or not applies.any():
            return {}
        assigned = with_topics_above(assigned, topics, self.hierarchy)
        draws = Draws.of(np.arange(len(answers)) if self.groups is None else self.groups, weights)
        return measured_estimates(np.where(applies, 1.0, answers), assigned, draws)

    def _time_ordered(
        self, model: TopicModel, scales: Floats | float, shifts: Floats | float = 0.0
    ) -> TimeOrderedPredictions | None:
        """What models of the papers before them predict for the latest papers, calibrated like the ``model`` of all."""
        if self.time_ordered is None:
            return None
        probabilities = _rounded(model.linear.link(scales * self.time_ordered.scores + shifts))
        answers = model.held_out[1][self.time_ordered.rows]
        weights = None if model.held_out_weights is None else model.held_out_weights[self.time_ordered.rows]
        return TimeOrderedPredictions(probabilities, answers, self.time_ordered.since, weights)


def _rounded(probabilities: Floats) -> Floats:
    """``probabilities`` as precise as a saved model holds them, so that a loaded one decides the same."""
    return probabilities.astype(np.float32).astype(np.float64)
