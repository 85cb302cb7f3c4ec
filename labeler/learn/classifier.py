"""The topic classifier: TF-IDF and one linear model, learned from few labels; a scikit-learn classifier.

All choices (recipe, calibration, thresholds) are made from the labels by cross-validation.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from labeler.errors import InputError
from labeler.features.background import Background, shipped
from labeler.learn.classes import Classes, is_unknown, labels_array, plain
from labeler.learn.keywords import TopicKeywords
from labeler.learn.out_of_core import train_many
from labeler.learn.shown import ShownInNotebooks
from labeler.learn.soft import soft_labels_of
from labeler.learn.targets import Targets, completed, first_choice, judged_rows, order_of_contents, rows_of, targets_of
from labeler.learn.training import MAX_IN_MEMORY, TrainingResult, train_model
from labeler.learn.unread import newest
from labeler.measure.figures import Figures, Outcome, PaperCounts
from labeler.papers.inputs import as_dates, as_texts
from labeler.score.decision import Decision
from labeler.score.manifest import Parameters, TrainingRecord
from labeler.score.model import TopicModel
from labeler.score.reliability import outcome
from labeler.topics import Mode
from labeler.topics.hierarchy import Hierarchy

Floats = npt.NDArray[np.float64]


class TopicClassifier(ShownInNotebooks, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Topics for papers, learned from judged ones; a scikit-learn classifier.

    Args:
        mode: ``"single"`` (one topic or none a paper) or ``"multi"`` (any number).
        definitions: topic → "name. definition". They help where judged papers are few, and make a model possible
            before anyone has judged a paper: ``fit([], [], unlabeled=…)``. Those that are given by names are left out,
            with a warning, where topics are numbers.
        self_training: whether to learn from unlabeled papers that the model is most confident of (semi-supervised).
        random_state: seed of the folds.
        background: what is known of words beforehand; the shipped one unless another is given.
        parents: topic → the topic above it. In multi mode a paper of a topic is one of those above it, too, in what is
            learned and in what is predicted, and one that is not of a topic is of none below it. In single mode the
            topic stays the one that was given, and counts for those above it in ``measured_``.
        keywords: topic → words and phrases that its papers hold: weak evidence, which judged papers overrule. A topic
            without a definition is defined by them. Beside more than some thousand judged papers they are not used.
        not_keywords: topic → words and phrases that its papers do not hold, as weak.

    After :meth:`fit`: ``classes_``, the topics in the order of columns; ``unlearned_``, topic → why it could not be
    learned; ``weak_``, topics with few or no negative examples; ``measured_``, macro- and micro-F1 in cross-validation,
    empty when too little was judged; ``held_out_rows_``, the positions of the papers that were held out to measure it,
    in the order of the rows of ``model_.held_out``; ``no_topic_``, the share of ``unlabeled`` papers that fit no topic,
    None where it is not known; ``near_duplicates_``, how many papers nearly repeat another one; ``parameters_``;
    ``model_``, the trained :class:`TopicModel`.

    >>> from labeler import TopicClassifier
    >>> texts = ["robot arm grasping", "robot leg walking", "speech of a voice", "voice and speech codec"]
    >>> clf = TopicClassifier().fit(texts, ["robots", "robots", "speech", "speech"])
    >>> [str(topic) for topic in clf.predict(["a walking robot", "a voice"])]
    ['robots', 'speech']
    """

    model_: TopicModel

    def __init__(
        self,
        mode: str = "single",
        definitions: Mapping[str, str] | None = None,
        self_training: bool = True,
        random_state: int = 0,
        background: Background | None = None,
        parents: Mapping[Any, Any] | None = None,
        keywords: Mapping[Any, Sequence[str]] | None = None,
        not_keywords: Mapping[Any, Sequence[str]] | None = None,
    ) -> None:
        self.mode = mode
        self.definitions = definitions
        self.self_training = self_training
        self.random_state = random_state
        self.background = background
        self.parents = parents
        self.keywords = keywords
        self.not_keywords = not_keywords

    def fit(
        self,
        texts: Any,
        topics: Any,
        unlabeled: Any = None,
        classes: Sequence[Any] | None = None,
        picked: Any = None,
        soft: Mapping[str, tuple[Any, Any]] | None = None,
    ) -> Self:
        """Learn from judged papers.

        Args:
            texts: a sequence of str, Paper or mappings with title and abstract, or a pandas frame (n_samples).
            topics: single mode: a topic, None for "none of these", or NaN (NaT, ``pandas.NA``) where it is unknown, for
                each; multi mode: a list of topics for each. In both, a matrix (n_samples, n_topics) of 0, 1 and NaN
                (unknown). A topic is a text, a whole number or anything else that is hashable. A paper of which nothing
                is known counts as not judged, and is left out. (A pandas Series of texts makes NaN of None unless its
                dtype is object.)
            unlabeled: papers that nobody has judged; of those with a date the newest 5,000 count. Which words go
                together is learned from them and, with ``self_training``, topics too. Beside more than some thousand
                judged papers they are not used.
            classes: the columns' topics; must be given with a matrix to name them.
            picked: which papers a strategy such as :func:`labeler.choose` picked (n_samples,), as harder than usual
                ones; the others were judged at random, and say how much harder.
            soft: model → its papers and their probabilities (n_papers, n_topics), columns as in ``classes_``. They
                count as far as people agree on papers that are among ``texts``, too.

        Raises:
            ValueError: texts, topics and ``picked`` differ in number or form, or the mode is unknown.
            InputError: nothing can be learned: too few papers for every topic.
        """
        flags = None if picked is None else np.asarray(picked, dtype=bool)
        if flags is not None and flags.shape != (len(topics),):
            raise ValueError(f"picked says of {flags.size} papers whether they were picked, not of {len(topics)}")
        self._fit(texts, topics, unlabeled, classes, lambda _: None, soft or {})
        if flags is not None:
            self.model_ = replace(self.model_, held_out_picked=flags[self.held_out_rows_])
        return self

    def _fit(
        self,
        texts: Any,
        topics: Any,
        unlabeled: Any,
        classes: Sequence[Any] | None,
        progress: Callable[[str], None],
        soft: Mapping[str, tuple[Any, Any]],
    ) -> Self:
        """Learn as :meth:`fit`, and tell ``progress`` how it goes on."""
        mode = self._checked_mode()
        papers, hierarchy = as_texts(texts), Hierarchy(self.parents or {})
        targets = self._targets_of(topics, mode, classes, hierarchy)
        if len(papers) != len(targets.matrix):
            raise ValueError(f"{len(papers)} texts but topics for {len(targets.matrix)}")
        judged = judged_rows(mode, targets)
        given_dates = as_dates(texts)
        papers, dates = [papers[row] for row in judged], [given_dates[row] for row in judged]
        targets = targets if len(judged) == len(targets.matrix) else replace(targets, matrix=targets.matrix[judged])
        known, background = Classes.of(targets.classes), self.background or shipped()
        named, above = known.by_name(self.definitions or {}), known.hierarchy(hierarchy)
        targets = replace(targets, classes=known.names)
        if len(papers) > MAX_IN_MEMORY:
            order = order_of_contents(papers, targets)
            rows = ((papers[row], targets.matrix[row]) for row in order)
            result = train_many(mode, rows, known.names, targets.form, named, background, progress, above)
            return self._store(result, known, judged[order])
        unread = list(unlabeled) if isinstance(unlabeled, Iterator) else [] if unlabeled is None else unlabeled
        with threadpool_limits(1, "blas"):  # joblib uses all cores: BLAS threads in its own would wait for each other
            result = train_model(
                mode,
                papers,
                targets,
                newest(as_texts(unread), as_dates(unread)),
                named,
                background,
                self.self_training, self.random_state, dates, above, progress,
                soft_labels_of(soft, len(known.names)),
                TopicKeywords(known.by_name(self.keywords or {}), known.by_name(self.not_keywords or {})),
            )  # fmt: skip
        return self._store(result, known, judged)

    def fit_many(
        self,
        papers: Iterable[tuple[Any, Any]],
        classes: Sequence[Any],
        unlabeled: Any = None,
        progress: Callable[[str], None] = lambda _: None,
        soft: Mapping[str, tuple[Any, Any]] = MappingProxyType({}),
    ) -> Self:
        """Learn out of core, from judged papers that need not fit into memory; where they are few, as :meth:`fit`.

        Args:
            papers: for each a text, Paper or mapping, and its topics as :meth:`fit` takes them for one paper, or a row
                (n_topics,) of 0, 1 and NaN. In single mode they may be a mapping of topics to shares that sum to 1, as
                of a first and a second choice: the largest is the paper's topic, and beside many papers the others are
                learned from as well. They are iterated over once, and kept in the folder for temporary files.
            classes: all topics.
            unlabeled: papers that nobody has judged, as :meth:`fit` takes them.
            progress: is called with a line before each step.
            soft: soft labels as :meth:`fit` takes them; beside many judged papers they are not used.

        Raises:
            ValueError: a paper or its topics are of another form, or the mode is unknown.
            InputError: nothing can be learned, or there is no room for temporary files.
        """
        mode = self._checked_mode()
        stream = iter(papers)
        first = list(islice(stream, MAX_IN_MEMORY + 1))
        is_matrix = not first or getattr(first[0][1], "ndim", 0) == 1
        if len(first) <= MAX_IN_MEMORY:
            topics: Any = [first_choice(topics) for _, topics in first]
            targets = np.array(topics).reshape(len(first), len(classes)) if is_matrix else topics
            return self._fit([paper for paper, _ in first], targets, unlabeled, classes, progress, soft)
        known, hierarchy = Classes.of(targets_of([], mode, classes).classes), Hierarchy(self.parents or {})
        form = "names" if mode == Mode.SINGLE else "matrix" if is_matrix else "lists"
        judged = array("q")
        rows = rows_of(mode, chain(first, stream), classes, hierarchy, judged)
        named, above = known.by_name(self.definitions or {}), known.hierarchy(hierarchy)
        result = train_many(mode, rows, known.names, form, named, self.background or shipped(), progress, above)
        return self._store(result, known, np.array(judged, dtype=np.intp))

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn may know: papers are texts, and in multi mode have several topics."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_label = self.mode == Mode.MULTI
        return tags

    def _targets_of(self, topics: Any, mode: Mode, classes: Sequence[Any] | None, hierarchy: Hierarchy) -> Targets:
        """The targets; in multi mode with the topics above others, and with what follows for them."""
        defined = {*(self.definitions or ()), *(self.keywords or ())}
        if mode == Mode.SINGLE:
            return targets_of(topics, mode, classes, defined)
        targets = targets_of(topics, mode, classes, defined | set(hierarchy.parents.values()))
        return replace(targets, matrix=completed(targets.matrix, targets.classes, hierarchy))

    def _checked_mode(self) -> Mode:
        try:
            return Mode(self.mode)
        except ValueError:
            raise ValueError(f"mode is {self.mode!r}; it must be 'single' or 'multi'") from None

    def _store(self, result: TrainingResult, classes: Classes, judged: npt.NDArray[np.intp]) -> Self:
        """Take a result; ``judged`` are the positions of the papers that were learned from, among those given."""
        self.held_out_rows_ = judged[result.held_out_rows]
        self.model_, self._classes = result.model, classes
        label = classes.label()
        self.unlearned_ = {label[topic]: reason for topic, reason in result.model.unlearned.items()}
        self.parameters_, self.measured_ = result.parameters, result.measured
        self.weak_ = tuple(label[topic] for topic in result.weak)
        self.no_topic_, self._time_ordered = result.no_topic, result.time_ordered
        self.stream_shares_, self.near_duplicates_ = result.stream_shares, result.near_duplicates
        self.classes_ = classes.array()
        self.n_features_in_ = len(self.model_.linear.tfidf.idf)
        return self

    def predict(self, texts: Any) -> Any:
        """Topics in the form that was fitted; None (single) or an empty list (multi) where none fits."""
        check_is_fitted(self, "model_")
        predicted = self.model_.predict(texts)
        if self._classes.named or self.model_.form == "matrix":
            return predicted
        label: dict[Any, Any] = {None: None, **self._classes.label()}
        if self.model_.form == "lists":
            return [[label[topic] for topic in row] for row in predicted]
        found = [label[topic] for topic in predicted]
        return labels_array(found).astype(self.classes_.dtype if None not in found else object)

    def predict_proba(self, texts: Any) -> Floats:
        """Probabilities (n_samples, n_topics), columns as in ``classes_``."""
        check_is_fitted(self, "model_")
        return self.model_.predict_proba(texts)

    def decide(self, texts: Any, precision: float = 0.9) -> list[Decision]:
        """A decision for each paper: topics, scores, and whether it is automatic.

        Of the topics that are assigned automatically, the share ``precision`` is right.
        """
        check_is_fitted(self, "model_")
        decisions = self.model_.decide(texts, precision)
        if self._classes.named:
            return decisions
        label = self._classes.label()
        return [
            one._replace(
                topics=tuple(label[topic] for topic in one.topics),
                scores={label[topic]: score for topic, score in one.scores.items()},
            )
            for one in decisions
        ]

    def score(self, texts: Any, topics: Any, sample_weight: Any = None) -> float:
        """The share of papers whose topics are exactly right (None, "none of these", is an answer like others).

        In single mode papers whose topic is unknown do not count.
        """
        predictions = self.predict(texts)
        topics = np.ravel(topics) if getattr(topics, "ndim", 1) == 2 and topics.shape[1] == 1 else topics
        if self.model_.form == "names":
            right = [plain(predicted) == plain(answer) for predicted, answer in zip(predictions, topics, strict=True)]
            known = np.array([not is_unknown(answer) for answer in topics], dtype=float)
            return float(np.average(right, weights=known if sample_weight is None else known * sample_weight))
        answers = np.asarray(topics, dtype=object)
        right = [np.array_equal(predicted, answer) for predicted, answer in zip(predictions, answers, strict=True)]
        return float(np.average(right, weights=sample_weight))

    def save(self, folder: str | PathLike[str]) -> None:
        """Write the trained model to a new folder (arrays and JSON; no code).

        Raises:
            InputError: the folder is there already or cannot be written, or a topic is no text.
        """
        from labeler.score.persistence import save_model

        check_is_fitted(self, "model_")
        self._classes.check_saved()
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
        if (judged := self.model_.judged) is not None:
            counts = dict(zip(self.model_.linear.topics, judged.yes.tolist(), strict=True))
            figures = figures._replace(papers=PaperCounts(judged.papers, ties=0, unlabeled=0), counts=counts)
        return TrainingRecord(Parameters.from_dict(self.parameters_), figures)
