"""The topic classifier: one linear model over words, learned from few labels; every choice made from the labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from labeler.learn.targets import targets_of
from labeler.learn.training import MANY, Trained, train_model
from labeler.papers.inputs import as_dates, as_texts
from labeler.score.bands import outcome
from labeler.score.decision import Decision
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]


class TopicClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Topics for papers, learned from judged ones; a scikit-learn classifier.

    Args:
        mode: ``"single"`` (one topic or none a paper) or ``"multi"`` (any number).
        definitions: topic → "name. definition". They help where judged papers are few, and make a model possible
            before anyone has judged a paper: ``fit([], [], unlabeled=…)``.
        self_training: whether papers that nobody has judged may stand in for judged ones.
        random_state: seed of the folds.
        background: what is known of words beforehand; the shipped one unless another is given.

    After :meth:`fit`: ``classes_``, the topics in the order of columns; ``unlearned_``, topic → why it could not be
    learned; ``weak_``, topics to which nobody said "no"; ``measured_``, macro- and micro-F1 in cross-validation, empty
    when too little was judged; ``no_topic_``, the share of ``unlabeled`` papers that fit no topic, None where that
    cannot be told; ``parameters_``; ``model_``, the trained :class:`TopicModel`.

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
    ) -> None:
        self.mode = mode
        self.definitions = definitions
        self.self_training = self_training
        self.random_state = random_state
        self.background = background

    def fit(self, texts: Any, topics: Any, unlabeled: Any = None, classes: Sequence[str] | None = None) -> Self:
        """Learn from judged papers.

        Args:
            texts: a sequence of str, Paper or mappings with title and abstract, or a pandas frame (n_samples).
            topics: single mode: a topic, or None for "none of these", for each; multi mode: a list of topics for
                each. In both, a matrix (n_samples, n_topics) of 0, 1 and NaN (unknown).
            unlabeled: papers that nobody has judged: what words go together in them is learned, and, with
                ``self_training``, those a first model is surest of are learned from. More than some thousand judged
                papers have no use for them.
            classes: the columns' topics; must be given with a matrix to name them.

        Raises:
            ValueError: texts and topics differ in number or form, or the mode is unknown.
            InputError: nothing can be learned: too few papers for every topic.
        """
        mode = self._checked_mode()
        read = as_texts(texts)
        targets = targets_of(topics, mode, classes, self.definitions or ())
        if len(read) != len(targets.matrix):
            raise ValueError(f"{len(read)} texts but topics for {len(targets.matrix)}")
        if len(read) > MANY:
            order = sorted(range(len(read)), key=read.__getitem__)  # the order of texts does not matter
            judged = ((read[row], targets.matrix[row]) for row in order)
            return self._keep(train_many(mode, judged, targets.classes, targets.form, self.definitions or {}))
        with threadpool_limits(1, "blas"):  # joblib has the cores: BLAS threads inside its own wait for each other
            trained = train_model(
                mode,
                read,
                targets,
                as_texts(unlabeled if unlabeled is not None else []),
                self.definitions or {},
                shipped() if self.background is None else self.background,
                self.self_training,
                self.random_state,
                as_dates(texts),
            )
        return self._keep(trained)

    def fit_many(
        self,
        papers: Iterable[tuple[Any, Any]],
        classes: Sequence[str],
        unlabeled: Any = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> Self:
        """Learn from judged papers that need not fit into memory; where they are few, as :meth:`fit` does.

        Args:
            papers: for each a text, Paper or mapping, and its topics as :meth:`fit` takes them for one paper, or a row
                (n_topics,) of 0, 1 and NaN. They are gone through once, and kept in the folder for temporary files.
            classes: all topics.
            unlabeled: papers that nobody has judged, as :meth:`fit` takes them.
            say: hears how far it is.

        Raises:
            ValueError: a paper or its topics are of another form, or the mode is unknown.
            InputError: nothing can be learned, or there is no room for temporary files.
        """
        mode = self._checked_mode()
        every = iter(papers)
        first = list(islice(every, MANY + 1))
        is_matrix = not first or hasattr(first[0][1], "shape")
        if len(first) <= MANY:
            topics: Any = [topics for _, topics in first]
            given = np.array(topics).reshape(len(first), len(classes)) if is_matrix else topics
            return self.fit([paper for paper, _ in first], given, unlabeled, classes)
        judged = ((as_texts([paper])[0], _row(mode, topics, classes)) for paper, topics in chain(first, every))
        form = "names" if mode == Mode.SINGLE else "matrix" if is_matrix else "lists"
        return self._keep(train_many(mode, judged, tuple(classes), form, self.definitions or {}, say))

    def _checked_mode(self) -> Mode:
        try:
            return Mode(self.mode)
        except ValueError:
            raise ValueError(f"mode is {self.mode!r}; it must be 'single' or 'multi'") from None

    def _keep(self, trained: Trained) -> Self:
        self.model_ = trained.model
        self.unlearned_ = dict(trained.model.unlearned)
        self.parameters_, self.measured_, self.weak_ = trained.parameters, trained.measured, trained.weak
        self.no_topic_, self._later = trained.no_topic, trained.later
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
        from labeler.score.persistence import save_model

        check_is_fitted(self, "model_")
        try:
            save_model(self.model_, Path(folder), self.details())
        except FileExistsError as error:
            raise InputError(f"{folder} is there already", "name a new folder") from error

    def time_ordered(self, precision: float) -> dict[str, Any] | None:
        """How decisions for ``precision`` do on the latest judged papers, by models of those before them.

        Papers, decided, topics assigned, right, and since when the papers are; None where too few have a date.
        """
        check_is_fitted(self, "model_")
        if self._later is None:
            return None
        bands, (probabilities, known, since) = self.model_.bands(precision), self._later
        return {**outcome(probabilities, known, self.model_.rule, bands.lower, bands.upper), "since": since}

    def details(self) -> dict[str, Any]:
        """What a manifest tells of the training: parameters and measured figures."""
        return {
            "parameters": self.parameters_,
            "measured": {name: estimate.to_dict() for name, estimate in self.measured_.items()},
            "weak": list(self.weak_),
            "no_topic": self.no_topic_.to_dict() if self.no_topic_ else None,
        }


def _row(mode: Mode, topics: Any, classes: Sequence[str]) -> Floats:
    """One paper's row of the matrix of topics."""
    given = topics.reshape(1, -1) if hasattr(topics, "shape") else [topics]
    return np.asarray(targets_of(given, mode, classes).matrix[0])
