"""Training in memory: the steps from judged papers to a calibrated model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.features.background import Background
from labeler.features.corpus import Corpus
from labeler.features.space import Points, Space, fit_space
from labeler.features.tfidf import Tfidf
from labeler.features.weighting import background_for, tfidf_of
from labeler.files import sha256
from labeler.learn.calibrated import UncalibratedModel
from labeler.learn.column_order import by_name, in_order_of, name_order
from labeler.learn.keywords import NO_KEYWORDS, TopicKeywords, defined_points, keyword_points
from labeler.learn.label_noise import select_and_weigh
from labeler.learn.no_topic import no_topic_share
from labeler.learn.parents import topics_below
from labeler.learn.recipe import Evidence, TrainingData
from labeler.learn.selection import Selection
from labeler.learn.soft import SoftLabels, soft_papers
from labeler.learn.soft_multi import soft_topics
from labeler.learn.stream import stream_of
from labeler.learn.targets import (
    Targets,
    checked_unlearnable,
    columns_without_negatives,
    evaluation_answers,
    nothing_to_learn,
    training_answers,
)
from labeler.learn.time_ordered import TimeOrderedPredictions, time_ordered_scores
from labeler.measure.estimates import Estimate
from labeler.papers.ids import title_key
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.score.familiarity import Familiarity
from labeler.score.model import TopicModel
from labeler.topics import Mode
from labeler.topics.hierarchy import FLAT, Hierarchy

Floats = npt.NDArray[np.float64]
MAX_IN_MEMORY = 8000  # judged papers beyond which :mod:`labeler.learn.out_of_core` trains
_MIN_PAPERS_DF_2 = 200  # papers from which on a term must be in two of them
_MAX_UNLABELED = 20_000  # papers of a sample of unlabeled ones; more teach nothing more


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A model, how it was trained (``parameters``), and its metrics in cross-validation (``measured``).

    ``weak`` are the topics with few or no negative examples; ``no_topic`` is the share of unlabeled papers that fit no
    topic, None where it is not known. ``time_ordered`` is what models of the papers before them predict for the latest
    papers, None without dates. ``stream_shares`` are the estimated shares of topics among unlabeled papers, for which
    the model and its metrics are; None where the judged papers are taken to have the same. ``near_duplicates`` is the
    number of judged papers that nearly repeat another one; they were kept on one side of every fold. ``held_out_rows``
    are the positions, among the papers that were given, of the model's held-out papers.
    """

    model: TopicModel
    parameters: dict[str, Any]
    measured: dict[str, Estimate]
    weak: tuple[str, ...]
    held_out_rows: npt.NDArray[np.intp]
    no_topic: Estimate | None = None
    time_ordered: TimeOrderedPredictions | None = None
    stream_shares: dict[str, float] | None = None
    near_duplicates: int = 0


@dataclass(frozen=True, slots=True)
class _Papers:
    """Judged papers (``texts``) with targets and dates, and unlabeled ones; both in the order of their contents.

    ``order`` (n_texts,) are the positions of judged papers in the order in which they were given.
    ``groups`` (n_texts,) has one number for judged papers that are near-duplicates. ``hierarchy`` is that of topics.
    ``soft`` are soft labels with the columns of the targets; their papers are among the unlabeled ones. ``keywords``
    are those of topics.
    """

    mode: Mode
    texts: list[str]
    targets: Targets
    dates: list[str | None]
    groups: npt.NDArray[np.intp]
    unlabeled: list[str]
    hierarchy: Hierarchy
    order: npt.NDArray[np.intp]
    soft: tuple[SoftLabels, ...] = ()
    keywords: TopicKeywords = NO_KEYWORDS

    @classmethod
    def of(
        cls,
        mode: Mode,
        texts: Sequence[str],
        targets: Targets,
        dates: Sequence[str | None],
        unlabeled: Sequence[str],
        hierarchy: Hierarchy,
        soft: Sequence[SoftLabels],
        keywords: TopicKeywords,
    ) -> _Papers:
        """The papers in an order that does not depend on the order given, so that the model does not either."""
        known = np.nan_to_num(targets.matrix, nan=-1.0)  # NaN cannot be sorted
        when = [date or "" for date in dates] if dates else [""] * len(texts)
        order = sorted(range(len(texts)), key=lambda row: (texts[row], known[row].tolist(), when[row]))
        judged = [texts[row] for row in order]
        ordered = Targets(targets.matrix[order], targets.classes, targets.form)
        dated = [dates[row] for row in order] if dates else []
        groups = near_duplicate_groups(judged)
        sample = _unlabeled_sample([*unlabeled, *(text for one in soft for text in one.texts)], judged)
        position = np.array(order, dtype=np.intp)
        return cls(mode, judged, ordered, dated, groups, sample, hierarchy, position, tuple(soft), keywords)

    @property
    def near_duplicates(self) -> int:
        """How many judged papers nearly repeat another one."""
        return len(self.groups) - len(np.unique(self.groups))


class _Features(NamedTuple):
    """All papers as TF-IDF ``rows`` (n_papers, n_terms), the judged ones first, and both kinds as points of a space.

    ``background`` is the name of the one that was used, ``background_part`` the part of its usual weight that fits.
    """

    tfidf: Tfidf
    rows: sparse.csr_matrix
    space: Space
    judged: Points
    unlabeled: Points
    background: str
    background_part: float

    def recentred(self, centre: Floats) -> _Features:
        """The same in a space with another ``centre`` (n_terms,)."""
        space, (judged, unlabeled) = self.space.recentred(centre, self.judged, self.unlabeled)
        return self._replace(space=space, judged=judged, unlabeled=unlabeled)


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
    hierarchy: Hierarchy = FLAT,
    progress: Callable[[str], None] = lambda _: None,
    soft: Sequence[SoftLabels] = (),
    keywords: TopicKeywords = NO_KEYWORDS,
) -> TrainingResult:
    """Train on ``texts`` with their ``targets``. The order of texts and of topics does not matter.

    ``dates`` (n_texts, or none at all) are when the papers came. ``hierarchy`` says which topic is above which.
    ``progress`` is called with lines on how a longer training goes on. ``soft`` are the soft labels of other models,
    with columns as in ``targets``. ``keywords`` are weak evidence, which they overrule.

    Raises:
        InputError: nothing can be learned.
    """
    columns = name_order(targets.classes)
    soft = [one._replace(probabilities=one.probabilities[:, columns]) for one in soft]
    papers = _Papers.of(mode, texts, by_name(targets), dates, unlabeled, hierarchy, soft, keywords)
    return in_order_of(_trained(papers, definitions, background, self_training, seed, progress), targets.classes)


def _trained(
    papers: _Papers,
    definitions: Mapping[str, str],
    background: Background,
    self_training: bool,
    seed: int,
    progress: Callable[[str], None],
) -> TrainingResult:
    mode, targets, groups = papers.mode, papers.targets, papers.groups.tolist()
    features = _features(papers, definitions, background)
    if not features.rows.nnz:
        raise nothing_to_learn("there is no word to learn from in them", len(papers.texts))
    data, unlearned = _training_data(papers, features, definitions, self_training)
    stream = stream_of(data, groups, seed)
    if stream is not None:
        features = features.recentred(stream.centre)
        data, _ = _training_data(papers, features, definitions, self_training, stream.shares)
    data, selection = select_and_weigh(data, groups, seed, progress)
    calibrated = _uncalibrated(papers, features, data, selection, unlearned).calibrated()
    shares = calibrated.stream_shares
    chosen = selection.to_parameters()
    chosen |= {"keywords": True} if any(papers.keywords) else {}
    chosen |= {"soft_labels": {one.model: len(one.texts) for one in papers.soft}} if papers.soft else {}
    return TrainingResult(
        calibrated.model,
        chosen | {"background": features.background, "unread": len(papers.unlabeled)},
        calibrated.measured,
        weak=_without_negatives(targets, unlearned) if mode == Mode.MULTI else (),
        held_out_rows=papers.order,
        no_topic=_no_topic(papers, features, calibrated.model, seed),
        time_ordered=calibrated.time_ordered,
        stream_shares=None if shares is None else dict(zip(targets.classes, map(float, shares), strict=False)),
        near_duplicates=papers.near_duplicates,
    )


def _training_data(
    papers: _Papers,
    features: _Features,
    definitions: Mapping[str, str],
    self_training: bool,
    stream_shares: Floats | None = None,
) -> tuple[TrainingData, dict[str, str]]:
    """All there is to learn from, and the topics that cannot be learned, each with the reason.

    Raises:
        InputError: so few can be learned that there is nothing to tell apart.
    """
    classes = papers.targets.classes
    defined, defined_columns = defined_points(definitions, papers.keywords, classes, features.tfidf, features.space)
    unlearned = _unlearned(papers, defined_columns)
    columns = [column for column, topic in enumerate(classes) if topic in unlearned]
    answers = training_answers(papers.mode, papers.targets.matrix, columns)
    points = features.judged, *answers, defined, defined_columns, features.unlabeled
    below = topics_below(classes, papers.hierarchy) if papers.hierarchy.parents else None
    evidence = tuple(_evidence(papers, features, below if papers.mode == Mode.MULTI else None))
    more = stream_shares, evidence, below, features.background_part
    return TrainingData(papers.mode, features.space, *points, self_training, *more), unlearned


def _evidence(papers: _Papers, features: _Features, below: Floats | None) -> Iterator[Evidence]:
    """What is known beside judged papers and definitions: soft labels of unlabeled papers, and keywords."""
    classes, unlabeled = papers.targets.classes, features.unlabeled
    for soft in papers.soft:
        if papers.mode == Mode.SINGLE:
            yield soft_papers(soft, papers.texts, papers.unlabeled, unlabeled)
        else:
            yield soft_topics(soft, papers.texts, papers.unlabeled, unlabeled, classes, papers.hierarchy)
    if any(papers.keywords):
        yield keyword_points(papers.keywords, classes, features.tfidf, features.space, below)


def _unlabeled_sample(unlabeled: Sequence[str], judged: Sequence[str]) -> list[str]:
    """``unlabeled`` papers that were not judged, each once, in the order of their contents; of very many a sample."""
    judged_titles = {title_key(text) for text in judged} if unlabeled else set()
    by_title = sorted({title_key(text): text for text in sorted(unlabeled)}.items())
    texts = [text for key, text in by_title if key not in judged_titles]
    return sorted(sorted(texts, key=lambda text: sha256(text.encode("utf-8", "replace")))[:_MAX_UNLABELED])


def _features(papers: _Papers, definitions: Mapping[str, str], background: Background) -> _Features:
    """The features of all papers, learned from them and from the background.

    Where there are two answers in single mode, one is mostly the rest of the world, and the words that separate them
    need not be topical: they may say how a study was made. There all words have the same topicality.
    """
    matrix, classes = papers.targets.matrix, papers.targets.classes
    defined = np.array(
        [bool(definitions.get(topic) or papers.keywords.yes.get(topic)) for topic in classes], dtype=bool
    )
    topics = int(((matrix == 1).any(axis=0) | defined).sum())
    if papers.mode == Mode.SINGLE and _answer_count(papers, topics) == 2:
        background = background.with_equal_topicality()
    texts = papers.texts + papers.unlabeled
    corpus = Corpus.of(texts)
    said = [*definitions.values(), *chain(*papers.keywords.yes.values())]
    background, background_part = background_for(corpus, background, said)
    tfidf = tfidf_of(corpus, 2 if len(texts) >= _MIN_PAPERS_DF_2 else 1, background)
    rows = corpus.matrix(tfidf)
    space, points = fit_space(tfidf, rows, background)
    judged = points.take(np.arange(len(papers.texts)))
    unlabeled = points.take(np.arange(len(papers.texts), len(points)))
    return _Features(tfidf, rows, space, judged, unlabeled, background.name, background_part)


def _unlearned(papers: _Papers, defined_columns: Sequence[int]) -> dict[str, str]:
    """The topics that cannot be learned, each with the reason.

    Raises:
        InputError: so few can be learned that there is nothing to tell apart.
    """
    matrix, classes = papers.targets.matrix, papers.targets.classes
    yes = (matrix == 1).sum(axis=0)
    counts = len(matrix), classes, defined_columns, len(papers.unlabeled)
    return checked_unlearnable(papers.mode, yes, *counts, _is_none_said(papers))


def _answer_count(papers: _Papers, topics: int) -> int:
    """How many answers are to be told apart: ``topics``, and in single mode "none of these" where that was said."""
    return topics + (papers.mode == Mode.SINGLE and _is_none_said(papers))


def _is_none_said(papers: _Papers) -> bool:
    """Whether a paper has no topic."""
    return bool((~(papers.targets.matrix == 1).any(axis=1)).any())


def _uncalibrated(
    papers: _Papers,
    features: _Features,
    data: TrainingData,
    selection: Selection,
    unlearned: dict[str, str],
) -> UncalibratedModel:
    """The model of all judged papers under the selected recipe, and the latest papers scored by models before them."""
    weights, intercepts = features.space.fold(data.fit(selection.recipe, np.arange(len(papers.texts))))
    columns = [column for column, topic in enumerate(papers.targets.classes) if topic in unlearned]
    weights[:, columns], intercepts[columns] = 0.0, -np.inf
    tfidf = features.tfidf
    return UncalibratedModel(
        mode=papers.mode,
        tfidf=Tfidf(tfidf.vocabulary, tfidf.idf.astype(np.float32)),  # as precise as it will be saved
        weights=weights,
        intercepts=intercepts,
        sample_scores=np.asarray(features.rows @ weights) + intercepts,
        selection=selection,
        answers=evaluation_answers(papers.mode, papers.targets.matrix, data.answers),
        targets=papers.targets,
        unlearned=unlearned,
        time_ordered=time_ordered_scores(data, selection.recipe, papers.dates, papers.groups),
        label_shift=data.stream_shares is not None,
        hierarchy=papers.hierarchy,
        groups=papers.groups,
    )


def _without_negatives(targets: Targets, unlearned: Mapping[str, str]) -> tuple[str, ...]:
    """The topics of judged papers to which nobody said "no", or too few did."""
    columns = columns_without_negatives(targets.matrix) & (targets.matrix == 1).any(axis=0)
    return tuple(
        topic for topic, found in zip(targets.classes, columns, strict=True) if found and topic not in unlearned
    )


def _no_topic(papers: _Papers, features: _Features, model: TopicModel, seed: int) -> Estimate | None:
    """The share of unlabeled papers that fit no topic, None where it is not known."""
    linear = model.linear
    spread = Familiarity(linear.mode, linear.intercepts).spread
    scores = np.asarray(features.rows[len(papers.texts) :] @ linear.weights) + linear.intercepts
    spreads = spread(model.held_out[0]), spread(linear.link(scores))
    unlearned = [column for column, topic in enumerate(linear.topics) if topic in model.unlearned]
    none = (np.delete(papers.targets.matrix, unlearned, axis=1) == 0).all(axis=1)
    weights = model.held_out_weights
    return no_topic_share(features.judged, features.unlabeled, none, spreads, seed, weights)
