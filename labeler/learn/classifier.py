"""The topic classifier: TF-IDF and logistic regression, every choice made from the training labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from labeler.errors import InputError
from labeler.features.tfidf import Tfidf, fit_tfidf
from labeler.learn.calibration import platt, temperature
from labeler.learn.solver import fit_multi, fit_single
from labeler.learn.targets import FEWEST, Targets, learnable, targets_of, weak_columns, weights_of
from labeler.learn.thresholds import thresholds_for
from labeler.learn.tuning import crossed_thresholds, tune_multi, tune_single
from labeler.measure.metrics import f1_estimates
from labeler.papers.ids import title_key
from labeler.papers.texts import as_texts
from labeler.score.decision import Decision, Rule
from labeler.score.linear import MULTI, SINGLE, LinearModel
from labeler.score.model import TopicModel

Floats = npt.NDArray[np.float64]
_MANY = 200  # papers from which on a term must be in two of them


class TopicClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Topics for papers, learned from judged ones; a scikit-learn classifier.

    Args:
        mode: ``"single"`` (one topic or none a paper) or ``"multi"`` (any number).
        definitions: topic → "name. definition". A defined topic is a column even before anyone judged a paper of it.
        self_training: kept for callers that set it; papers nobody judged inform term weights alone.
        random_state: seed of the folds.

    After :meth:`fit`: ``classes_``, the topics in the order of columns; ``unlearned_``, topic → why it could not be
    learned; ``weak_``, topics to which nobody said "no"; ``measured_``, macro- and micro-F1 in cross-validation;
    ``parameters_``; ``model_``, the trained :class:`TopicModel`.

    >>> from labeler import TopicClassifier
    >>> texts = ["robot arm grasping", "robot leg walking", "speech of a voice", "voice and speech codec"]
    >>> clf = TopicClassifier().fit(texts, ["robots", "robots", "speech", "speech"])
    >>> [str(topic) for topic in clf.predict(["a walking robot", "a voice"])]
    ['robots', 'speech']
    """

    def __init__(
        self,
        mode: str = "single",
        definitions: Mapping[str, str] | None = None,
        self_training: bool = True,
        random_state: int = 0,
    ) -> None:
        self.mode = mode
        self.definitions = definitions
        self.self_training = self_training
        self.random_state = random_state

    def fit(self, texts: Any, topics: Any, unlabeled: Any = None, classes: Sequence[str] | None = None) -> Self:
        """Learn from judged papers.

        Args:
            texts: a sequence of str, Paper or mappings with title and abstract, or a pandas frame (n_samples).
            topics: single mode: a topic, or None for "none of these", for each; multi mode: a list of topics for
                each, or a matrix (n_samples, n_topics) of 0, 1 and NaN (unknown).
            unlabeled: papers that nobody has judged; their words count for how rare a term is.
            classes: the columns' topics; must be given with a matrix to name them.

        Raises:
            ValueError: texts and topics differ in number or form, or the mode is unknown.
            InputError: nothing can be learned: too few papers for every topic.
        """
        if self.mode not in (MULTI, SINGLE):
            raise ValueError(f"mode is {self.mode!r}; it must be 'single' or 'multi'")
        read = as_texts(texts)
        targets = targets_of(topics, self.mode, classes, self.definitions or ())
        if len(read) != len(targets.matrix):
            raise ValueError(f"{len(read)} texts but topics for {len(targets.matrix)}")
        known = np.nan_to_num(targets.matrix, nan=-1.0)  # NaN has no place in an order
        order = sorted(range(len(read)), key=lambda row: (read[row], known[row].tolist()))
        read = [read[row] for row in order]
        matrix = targets.matrix[order]
        self.unlearned_ = learnable(matrix, targets.classes)
        if len(self.unlearned_) == len(targets.classes) or (self.mode == SINGLE and not _two_answers(matrix)):
            raise _nothing(self.unlearned_, len(read))
        tfidf = fit_tfidf(read + as_texts(unlabeled if unlabeled is not None else []), 2 if len(read) >= _MANY else 1)
        if not tfidf.terms:
            raise _nothing({"the texts": "there is no word in them"}, len(read))
        self.weak_ = () if self.mode == SINGLE else _named(targets.classes, weak_columns(matrix), self.unlearned_)
        learn = self._fit_single if self.mode == SINGLE else self._fit_multi
        with threadpool_limits(1, "blas"):  # joblib has the cores: BLAS threads inside its own wait for each other
            self.model_ = learn(tfidf, read, matrix, targets)
        self.classes_ = self.model_.classes_
        self.n_features_in_ = len(tfidf.idf)
        return self

    def predict(self, texts: Any) -> Any:
        """Topics in the form that was fitted; None (single) or an empty list (multi) where none fits."""
        check_is_fitted(self, "model_")
        return self.model_.predict(texts)

    def predict_proba(self, texts: Any) -> Floats:
        """Probabilities (n_samples, n_topics), columns as in ``classes_``."""
        check_is_fitted(self, "model_")
        return self.model_.predict_proba(texts)

    def decide(self, texts: Any, precision: float = 0.9) -> list[Decision]:
        """Topics, scores, and whether the model may decide alone when ``precision`` of its topics must be right."""
        check_is_fitted(self, "model_")
        return self.model_.decide(texts, precision)

    def score(self, texts: Any, topics: Any, sample_weight: Any = None) -> float:
        """The share of papers whose topics are exactly right (None, "none of these", is an answer like others)."""
        guesses, answers = self.predict(texts), np.asarray(topics, dtype=object)
        right = [np.array_equal(guess, answer) for guess, answer in zip(guesses, answers, strict=True)]
        return float(np.average(right, weights=sample_weight))

    def save(self, folder: str | PathLike[str]) -> None:
        """Write the trained model to a new folder (arrays and JSON; no code).

        Raises:
            InputError: the folder is there already or cannot be written.
        """
        from labeler.modelstore import save_model

        check_is_fitted(self, "model_")
        try:
            save_model(self.model_, Path(folder), self.details())
        except FileExistsError as error:
            raise InputError(f"{folder} is there already", "name a new folder") from error

    def details(self) -> dict[str, Any]:
        """What a manifest tells of the training: parameters and measured figures."""
        return {
            "parameters": self.parameters_,
            "measured": {name: estimate.to_dict() for name, estimate in self.measured_.items()},
            "weak": list(self.weak_),
        }

    def _fit_multi(self, tfidf: Tfidf, texts: list[str], matrix: Floats, targets: Targets) -> TopicModel:
        rows, weights = tfidf.transform(texts), weights_of(matrix)
        shut = [column for column, topic in enumerate(targets.classes) if topic in self.unlearned_]
        weights[:, shut] = 0.0
        answers = np.where((weights > 0) & np.isnan(matrix), 0.0, matrix)  # a weak "no" is held out like a "no"
        tuned = tune_multi(rows, answers, weights, _groups(texts), self.random_state)
        coefficients, bases = fit_multi(rows, answers, weights, tuned.strength)
        scales, shifts = platt(tuned.scores, answers)
        bases = np.where(np.isfinite(bases), scales * bases + shifts, -np.inf)
        linear = LinearModel(tfidf, (coefficients * scales).astype(np.float32), bases, targets.classes, MULTI)
        held_out = _stored(linear.link(scales * tuned.scores + shifts))
        held_out[~np.isfinite(tuned.scores)] = np.nan
        self.parameters_ = {"C": tuned.strength, "candidates": {str(c): f for c, f in tuned.candidates.items()}}
        self.measured_ = f1_estimates(answers, crossed_thresholds(held_out, answers, tuned.folds))
        thresholds = thresholds_for(held_out, answers)
        thresholds[shut], held_out[:, shut] = np.inf, 0.0  # never given; missed where they apply
        return TopicModel(linear, thresholds, (held_out, answers), self.unlearned_, targets.form)

    def _fit_single(self, tfidf: Tfidf, texts: list[str], matrix: Floats, targets: Targets) -> TopicModel:
        shut = np.array([topic in self.unlearned_ for topic in targets.classes])
        kept: npt.NDArray[np.bool_] = np.asarray(~matrix[:, shut].any(axis=1))
        none = ~matrix.any(axis=1)
        with_none = int(none.sum()) >= FEWEST
        kept = kept & (~none | with_none)
        every, others, left_out = tfidf.transform(texts), matrix[~kept], np.flatnonzero(~kept)
        texts = [text for text, keep in zip(texts, kept, strict=True) if keep]
        rows, matrix = every[np.flatnonzero(kept)], matrix[kept]
        answers = np.where(matrix.any(axis=1), matrix.argmax(axis=1), matrix.shape[1])
        columns = matrix.shape[1] + with_none
        tuned = tune_single(rows, answers, _groups(texts), self.random_state)
        coefficients, bases = fit_single(rows, answers, columns, tuned.strength)
        factor = temperature(tuned.scores, answers)
        linear = LinearModel(
            tfidf, (coefficients * factor).astype(np.float32), bases * factor, targets.classes, SINGLE, with_none
        )
        scores = np.full((len(texts), columns), -np.inf)
        scores[:, : tuned.scores.shape[1]] = tuned.scores * factor
        # No model saw the papers of topics that cannot be learned: they are held out as well, and count.
        scores = np.concatenate([scores, linear.scores(every[left_out])])
        matrix = np.concatenate([matrix, others])
        held_out = _stored(linear.link(scores))
        self.parameters_ = {"C": tuned.strength, "candidates": {str(c): f for c, f in tuned.candidates.items()}}
        thresholds = np.zeros(matrix.shape[1])
        self.measured_ = f1_estimates(matrix, Rule(SINGLE, thresholds).assigned(held_out))
        return TopicModel(linear, thresholds, (held_out, matrix), self.unlearned_, targets.form)


def _stored(probabilities: Floats) -> Floats:
    """As precise as a saved model holds them, so that a loaded one decides the same."""
    return probabilities.astype(np.float32).astype(np.float64)


def _groups(texts: list[str]) -> list[str]:
    """Equal papers belong together, however their spelling differs."""
    return [title_key(text) for text in texts]


def _two_answers(matrix: Floats) -> bool:
    """Whether two different answers, topics or "none of these", were given two papers each."""
    counts = [*(matrix == 1).sum(axis=0), (~matrix.any(axis=1)).sum()]
    return sum(int(count >= FEWEST) for count in counts) >= FEWEST


def _named(classes: tuple[str, ...], chosen: npt.NDArray[np.bool_], without: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(topic for topic, is_chosen in zip(classes, chosen, strict=True) if is_chosen and topic not in without)


def _nothing(unlearned: Mapping[str, str], papers: int) -> InputError:
    nearest_first = sorted(unlearned.items(), key=lambda reason: reason[1].startswith("no paper"))
    reasons = "; ".join(f"{topic}: {why}" for topic, why in nearest_first[:3])
    more = f"; and {len(unlearned) - 3} more" if len(unlearned) > 3 else ""
    return InputError(
        f"nothing can be learned from the papers judged so far, {papers} ({reasons or 'all have one answer'}{more})",
        "judge at least two papers that are of a topic and two that are not",
    )
