"""The topic classifier: TF-IDF and one linear model, learned from few labels; a scikit-learn classifier.

All choices (recipe, calibration, thresholds) are made from the labels by cross-validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from labeler.errors import InputError
from labeler.features.background import Background, shipped
from labeler.learn.out_of_core import train_many
from labeler.learn.targets import completed, targets_of
from labeler.learn.training import MAX_IN_MEMORY, TrainingResult, train_model
from labeler.measure.figures import Figures, Outcome
from labeler.papers.inputs import as_dates, as_texts
from labeler.score.bands import outcome
from labeler.score.decision import Decision
from labeler.score.manifest import Parameters, TrainingRecord
from labeler.topics import Mode
from labeler.topics.hierarchy import Hierarchy

Floats = npt.NDArray[np.float64]


class TopicClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Topics for papers, learned from judged ones; a scikit-learn classifier.

    Args:
        mode: ``"single"`` (one topic or none a paper) or ``"multi"`` (any number).
        definitions: topic → "name. definition". They help where judged papers are few, and make a model possible
            before anyone has judged a paper: ``fit([], [], unlabeled=…)``.
        self_training: whether to learn from unlabeled papers that the model is most confident of (semi-supervised).
        random_state: seed of the folds.
        background: what is known of words beforehand; the shipped one unless another is given.
        parents: topic → the topic above it. In multi mode a paper of a topic is one of those above it, too, in what is
            learned and in what is predicted, and one that is not of a topic is of none below it. In single mode the
            topic stays the one that was given, and counts for those above it in ``measured_``.

    After :meth:`fit`: ``classes_``, the topics in the order of columns; ``unlearned_``, topic → why it could not be
    learned; ``weak_``, topics without a negative example; ``measured_``, macro- and micro-F1 in cross-validation, empty
    when too little was judged; ``no_topic_``, the share of ``unlabeled`` papers that fit no topic, None where it is not
    known; ``parameters_``; ``model_``, the trained :class:`TopicModel`.

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
        background: Background | None = None,
        parents: Mapping[str, str] | None = None,
    ) -> None:
        self.mode = mode
        self.definitions = definitions
        self.self_training = self_training
        self.random_state = random_state
        self.background = background
        self.parents = parents

    def fit(self, texts: Any, topics: Any, unlabeled: Any = None, classes: Sequence[str] | None = None) -> Self:
        """Learn from judged papers.

        Args:
            texts: a sequence of str, Paper or mappings with title and abstract, or a pandas frame (n_samples).
            topics: single mode: a topic, or None for "none of these", for each; multi mode: a list of topics for
                each. In both, a matrix (n_samples, n_topics) of 0, 1 and NaN (unknown).
            unlabeled: papers that nobody has judged. Which words go together is learned from them and, with
                ``self_training``, topics too. Beside more than some thousand judged papers they are not used.
            classes: the columns' topics; must be given with a matrix to name them.

        Raises:
            ValueError: texts and topics differ in number or form, or the mode is unknown.
            InputError: nothing can be learned: too few papers for every topic.
        """
        mode = self._checked_mode()
        papers = as_texts(texts)
        hierarchy, known = Hierarchy(self.parents or {}), {*(self.definitions or ()), *self._topics_above()}
        targets = targets_of(topics, mode, classes, known)
        if mode == Mode.MULTI:
            targets = replace(targets, matrix=completed(targets.matrix, targets.classes, hierarchy))
        if len(papers) != len(targets.matrix):
            raise ValueError(f"{len(papers)} texts but topics for {len(targets.matrix)}")
        if len(papers) > MAX_IN_MEMORY:
            order = sorted(range(len(papers)), key=papers.__getitem__)  # the order of texts does not matter
            judged = ((papers[row], targets.matrix[row]) for row in order)
            definitions = self.definitions or {}
            return self._store(
                train_many(mode, judged, targets.classes, targets.form, definitions, hierarchy=hierarchy)
            )
        with threadpool_limits(1, "blas"):  # joblib uses all cores: BLAS threads in its own would wait for each other
            result = train_model(
                mode,
                papers,
                targets,
                as_texts(unlabeled if unlabeled is not None else []),
                self.definitions or {},
                shipped() if self.background is None else self.background,
                self.self_training,
                self.random_state,
                as_dates(texts),
                hierarchy,
            )
        return self._store(result)

    def fit_many(
        self,
        papers: Iterable[tuple[Any, Any]],
        classes: Sequence[str],
        unlabeled: Any = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> Self:
        """Learn out of core, from judged papers that need not fit into memory; where they are few, as :meth:`fit`.

        Args:
            papers: for each a text, Paper or mapping, and its topics as :meth:`fit` takes them for one paper, or a row
                (n_topics,) of 0, 1 and NaN. They are iterated over once, and kept in the folder for temporary files.
            classes: all topics.
            unlabeled: papers that nobody has judged, as :meth:`fit` takes them.
            progress: is called with a line before each step.

        Raises:
            ValueError: a paper or its topics are of another form, or the mode is unknown.
            InputError: nothing can be learned, or there is no room for temporary files.
        """
        mode = self._checked_mode()
        stream = iter(papers)
        first = list(islice(stream, MAX_IN_MEMORY + 1))
        is_matrix = not first or hasattr(first[0][1], "shape")
        if len(first) <= MAX_IN_MEMORY:
            topics: Any = [topics for _, topics in first]
            targets = np.array(topics).reshape(len(first), len(classes)) if is_matrix else topics
            return self.fit([paper for paper, _ in first], targets, unlabeled, classes)
        hierarchy = Hierarchy(self.parents or {})
        judged = (
            (as_texts([paper])[0], _row(mode, topics, classes, hierarchy)) for paper, topics in chain(first, stream)
        )
        form = "names" if mode == Mode.SINGLE else "matrix" if is_matrix else "lists"
        definitions = self.definitions or {}
        return self._store(train_many(mode, judged, tuple(classes), form, definitions, progress, hierarchy))

    def _topics_above(self) -> set[str]:
        """The topics that a paper may have without anybody naming them, as they are above others."""
        return set(self.parents.values()) if self.parents and self.mode == Mode.MULTI else set()

    def _checked_mode(self) -> Mode:
        try:
            return Mode(self.mode)
        except ValueError:
            raise ValueError(f"mode is {self.mode!r}; it must be 'single' or 'multi'") from None

    def _store(self, result: TrainingResult) -> Self:
        self.model_ = result.model
        self.unlearned_ = dict(result.model.unlearned)
        self.parameters_, self.measured_, self.weak_ = result.parameters, result.measured, result.weak
        self.no_topic_, self._time_ordered = result.no_topic, result.time_ordered
        self.stream_shares_ = result.stream_shares
        self.classes_ = self.model_.classes_
        self.n_features_in_ = len(self.model_.linear.tfidf.idf)
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
        """A decision for each paper: topics, scores, and whether it is automatic.

        Of the topics that are assigned automatically, the share ``precision`` is right.
        """
        check_is_fitted(self, "model_")
        return self.model_.decide(texts, precision)

    def score(self, texts: Any, topics: Any, sample_weight: Any = None) -> float:
        """The share of papers whose topics are exactly right (None, "none of these", is an answer like others)."""
        predictions, answers = self.predict(texts), np.asarray(topics, dtype=object)
        right = [np.array_equal(predicted, answer) for predicted, answer in zip(predictions, answers, strict=True)]
        return float(np.average(right, weights=sample_weight))

    def save(self, folder: str | PathLike[str]) -> None:
        """Write the trained model to a new folder (arrays and JSON; no code).

        Raises:
            InputError: the folder is there already or cannot be written.
        """
        from labeler.score.persistence import save_model

        check_is_fitted(self, "model_")
        try:
            save_model(self.model_, Path(folder), self.training_record())
        except FileExistsError as error:
            raise InputError(f"{folder} is there already", "name a new folder") from error

    def time_ordered(self, precision: float) -> Outcome | None:
        """How decisions for ``precision`` do on the latest judged papers, by models of those before them.

        None where too few papers have a date.
        """
        check_is_fitted(self, "model_")
        if self._time_ordered is None:
            return None
        bands, (probabilities, answers, since, weights) = self.model_.bands(precision), self._time_ordered
        found = outcome(probabilities, answers, self.model_.rule, bands.lower, bands.upper, weights)
        return found._replace(since=since)

    def training_record(self) -> TrainingRecord:
        """Parameters and figures of the training, for the manifest of a saved model."""
        check_is_fitted(self, "model_")
        figures = Figures(self.measured_, self.weak_, self.no_topic_, stream_shares=self.stream_shares_)
        return TrainingRecord(Parameters.from_dict(self.parameters_), figures)


def _row(mode: Mode, topics: Any, classes: Sequence[str], hierarchy: Hierarchy) -> Floats:
    """One paper's row of the matrix of topics, with what follows for those above and below them."""
    rows = topics.reshape(1, -1) if hasattr(topics, "shape") else [topics]
    matrix = targets_of(rows, mode, classes).matrix
    return np.asarray((completed(matrix, classes, hierarchy) if mode == Mode.MULTI else matrix)[0])
