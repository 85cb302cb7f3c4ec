"""The targets of learning in one form, a matrix of 1 (yes), 0 (no) and NaN (unknown), and the weights of its pairs.

Where people named topics and hardly ever said "no", papers that were not judged for a topic are assumed negatives of
it, with a small weight.
"""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import column_or_1d

from labeler.errors import TooFewJudgementsError
from labeler.learn.classes import in_order, is_unknown, plain
from labeler.papers.inputs import as_texts
from labeler.topics import Mode
from labeler.topics.hierarchy import Hierarchy

Floats = npt.NDArray[np.float64]
ASSUMED_NEGATIVE_WEIGHT = 0.3  # of a paper not judged for a topic, where nobody ever said "no" to it
# Known negatives of a topic, as a part of the papers that leave it open, that say enough of papers of other topics. Of
# .2, .3 and .5 the last was best on Reuters with nine tenths of its answers left open (macro-F1 at 400 labels .199,
# .202, .210); with 1, macro-F1 of conferences fell by .016 (1,000 labels) and .06 (250).
_ENOUGH = 0.5
_ROUNDING = 1e-6  # of shares that sum to one
_MIN_POSITIVES = 10  # of a topic, to measure it by papers that were judged for all topics


@dataclass(frozen=True, slots=True)
class Targets:
    """``matrix`` (n_papers, n_topics) for ``classes``; ``form`` is how topics were given: names, lists or matrix.

    ``classes`` are labels of any hashable type, as callers give them, or their names.
    """

    matrix: Floats
    classes: tuple[Any, ...]
    form: str


def targets_of(topics: Any, mode: Mode, classes: Sequence[Any] | None, defined: Iterable[Any] = ()) -> Targets:
    """Targets from the forms that :meth:`TopicClassifier.fit` takes.

    Single mode: a topic, None (none of these) or NaN (unknown) for each paper. Multi mode: a list of topics or NaN for
    each paper. In both, a matrix of 0, 1 and NaN whose columns ``classes`` names (else those of the frame, or their
    numbers). A topic is a text, or anything hashable; other numbers than whole ones are none.

    Raises:
        ValueError: the topics are of another form, or name one that is not in ``classes``.
    """
    given = None if classes is None else [plain(label) for label in classes]
    if given is not None and len(set(given)) < len(given):
        duplicate = next(topic for topic in given if given.count(topic) > 1)
        raise ValueError(f"classes names {str(duplicate)!r} twice")
    if hasattr(topics, "shape") and len(topics.shape) == 2:
        if mode != Mode.SINGLE or given is not None or topics.shape[1] != 1 or hasattr(topics, "columns"):
            return _from_matrix(topics, mode, given)
        topics = column_or_1d(topics, warn=True)
    if not hasattr(topics, "__iter__") and hasattr(topics, "__array__"):
        topics = np.asarray(topics)
    if isinstance(topics, str):
        raise ValueError("give the topics of each paper, not a single text")
    if getattr(getattr(topics, "dtype", None), "kind", "") == "U":  # an array of texts has made a text of NaN
        topics = [np.nan if entry == "nan" else entry for entry in topics.tolist()]
    rows = [_topics_of(entry, mode) for entry in topics]
    found = {topic for row in rows for topic in row or ()}
    _check_labels(found, rows, mode, given is not None)
    labels = tuple(in_order(found | _defined(defined, found)) if given is None else given)
    if unknown := found - set(labels):
        raise ValueError(f"the topic {in_order(unknown)[0]!r} is not in classes")
    matrix = np.full((len(rows), len(labels)), np.nan)
    for number, row in enumerate(rows):
        if row is not None:
            matrix[number] = [topic in row for topic in labels]
    return Targets(matrix, labels, "names" if mode == Mode.SINGLE else "lists")


def rows_of(
    mode: Mode, papers: Iterable[tuple[Any, Any]], classes: Sequence[Any], hierarchy: Hierarchy, judged: array[int]
) -> Iterator[tuple[str, Floats]]:
    """The text of each paper and its row of the matrix of topics, but for those of which nothing is known.

    In multi mode a row has what follows for the topics above and below those named. The positions of the papers that
    are yielded are appended to ``judged``. In single mode a mapping of topics to shares makes a row of these.
    """
    for position, (paper, topics) in enumerate(papers):
        if isinstance(topics, Mapping):
            judged.append(position)
            yield as_texts([paper])[0], _shares(topics, mode, classes)
            continue
        given = topics.reshape(1, -1) if getattr(topics, "ndim", 0) == 1 else [topics]
        matrix = targets_of(given, mode, classes).matrix
        row = (completed(matrix, classes, hierarchy) if mode == Mode.MULTI else matrix)[0]
        if mode != Mode.SINGLE or not np.isnan(row).all():
            judged.append(position)
            yield as_texts([paper])[0], row


def _shares(topics: Mapping[Any, float], mode: Mode, classes: Sequence[Any]) -> Floats:
    """The row (n_topics,) of a paper's shares.

    Raises:
        ValueError: it is multi mode, a topic is not in ``classes``, or they are no shares.
    """
    given = {plain(topic): float(share) for topic, share in topics.items()}
    labels = [plain(label) for label in classes]
    if mode != Mode.SINGLE:
        raise ValueError("a mapping of topics to shares is for single mode; in multi mode give a list of topics")
    if unknown := given.keys() - set(labels):
        raise ValueError(f"the topic {in_order(unknown)[0]!r} is not in classes")
    if not given or min(given.values()) <= 0 or abs(sum(given.values()) - 1) > _ROUNDING:
        raise ValueError(f"shares of topics are above 0 and sum to 1, unlike {dict(topics)}")
    return np.array([given.get(label, 0.0) for label in labels])


def first_choice(topics: Any) -> Any:
    """The topic with the largest share where a mapping gives shares, else ``topics``."""
    return max(topics, key=topics.__getitem__) if isinstance(topics, Mapping) else topics


def judged_rows(mode: Mode, targets: Targets) -> npt.NDArray[np.intp]:
    """The positions of the papers to learn from: in single mode those whose topic is known."""
    if mode != Mode.SINGLE or not targets.classes:
        return np.arange(len(targets.matrix))
    return np.flatnonzero(~np.isnan(targets.matrix).all(axis=1))


def order_of_contents(papers: Sequence[str], targets: Targets) -> npt.NDArray[np.intp]:
    """The positions of papers in the order of their contents, as the order given does not matter."""
    known = np.nan_to_num(targets.matrix, nan=-1.0)
    return np.array(sorted(range(len(papers)), key=lambda row: (papers[row], known[row].tolist())), dtype=np.intp)


def _defined(defined: Iterable[Any], found: Collection[Any]) -> set[Any]:
    """The topics that are ``defined``, but for those by name where those that were ``found`` are numbers.

    So it is where scikit-learn has numbered the classes, as for :class:`~sklearn.ensemble.VotingClassifier`.
    """
    topics = set(defined)
    names = {topic for topic in topics if isinstance(topic, str)}
    if not names or not found or any(isinstance(label, str) for label in found):
        return topics
    warnings.warn("definitions are of topics by name, and the topics are no texts: they are left out", stacklevel=5)
    return topics - names


def _check_labels(found: set[Any], rows: Sequence[Collection[Any] | None], mode: Mode, named: bool) -> None:
    """Raise an error where labels are measurements, or lists are the rows of a matrix.

    Raises:
        ValueError: they are.
    """
    if found and all(isinstance(label, float) for label in found) and not all(map(float.is_integer, found)):
        raise ValueError(f"Unknown label type: continuous. A topic is a text or a whole number, not {min(found)!r}")
    widths = {len(row) for row in rows if row is not None}
    if mode == Mode.MULTI and not named and len(widths) == 1 and min(widths) > 1 and found <= {0, 1}:
        raise ValueError("lists of 0 and 1 are no lists of topics; give a 0/1 matrix as a numpy array")


def _from_matrix(topics: Any, mode: Mode, classes: Sequence[Any] | None) -> Targets:
    values = np.asarray(topics.toarray() if hasattr(topics, "toarray") else topics)
    if values.dtype == object:  # pandas.NA is no number for numpy
        values = np.array([np.nan if is_unknown(value) else value for value in values.ravel()]).reshape(values.shape)
    matrix = np.asarray(values, dtype=np.float64)
    columns = getattr(topics, "columns", range(matrix.shape[1]))
    names = tuple(str(column) for column in columns) if classes is None else tuple(classes)
    if len(names) != matrix.shape[1]:
        raise ValueError(f"classes names {len(names)} topics, the matrix has {matrix.shape[1]} columns")
    if not np.isin(matrix[~np.isnan(matrix)], (0, 1)).all():
        raise ValueError("the matrix of topics may hold 0, 1 and NaN only")
    if mode == Mode.SINGLE and ((matrix == 1).sum(axis=1) > 1).any():
        raise ValueError("a row of the matrix has several topics; single mode takes one or none")
    return Targets(matrix, names, "matrix" if mode == Mode.MULTI else "names")


def completed(matrix: Floats, topics: Sequence[str], hierarchy: Hierarchy) -> Floats:
    """The answers (n_papers, n_topics) with what follows from others: yes of those above, no of those below.

    Where both follow, as from a yes to a topic and a no to the one above it, the yes counts.
    """
    if not hierarchy.parents:
        return matrix
    column = {topic: position for position, topic in enumerate(topics)}
    yes = with_topics_above(matrix == 1, topics, hierarchy)
    no = (matrix == 0) & ~yes
    fails = no.copy()
    for topic, above in hierarchy.ancestors.items():
        if topic in column:
            fails[:, column[topic]] |= no[:, [column[name] for name in above if name in column]].any(axis=1)
    return np.where(yes, 1.0, np.where(fails, 0.0, np.nan))


def with_topics_above(
    assigned: npt.NDArray[np.bool_], topics: Sequence[str], hierarchy: Hierarchy
) -> npt.NDArray[np.bool_]:
    """The assigned topics (n_papers, n_topics), and those above them."""
    column = {topic: position for position, topic in enumerate(topics)}
    result = assigned.copy()
    for topic, below in hierarchy.descendants.items():
        if topic in column:
            result[:, column[topic]] |= assigned[:, [column[name] for name in below if name in column]].any(axis=1)
    return result


def unlearnable_topics(
    mode: Mode, yes: npt.NDArray[np.int64], papers: int, classes: Sequence[str], defined: Sequence[int], unlabeled: int
) -> dict[str, str]:
    """The topics that cannot be learned, each with the reason; ``yes`` (n_topics,) of ``papers`` are of each.

    A topic needs a positive example or a definition (``defined`` are the columns that have one). In multi mode it also
    needs something that is not of it: papers not judged to be, ``unlabeled`` papers, or definitions of other topics.
    """
    reasons = {}
    for column, topic in enumerate(classes):
        others = papers - yes[column] + unlabeled + len(set(defined) - {column})
        if not yes[column] and column not in defined:
            reasons[topic] = "no paper judged to be of it"
        elif mode == Mode.MULTI and not others:
            reasons[topic] = "no paper judged not to be of it"
    return reasons


def checked_unlearnable(
    mode: Mode,
    yes: npt.NDArray[np.int64],
    papers: int,
    classes: Sequence[str],
    defined: Sequence[int],
    unlabeled: int,
    none_said: bool,
) -> dict[str, str]:
    """The same, where enough is left to tell apart; ``none_said`` says that a paper has no topic.

    Raises:
        TooFewJudgementsError: it is not.
    """
    reasons = unlearnable_topics(mode, yes, papers, classes, defined, unlabeled)
    answers = len(classes) - len(reasons) + (mode == Mode.SINGLE and none_said)
    if answers < (2 if mode == Mode.SINGLE else 1):
        raise nothing_to_learn(reasons_of(reasons), papers)
    return reasons


def training_answers(mode: Mode, matrix: Floats, unlearnable: Sequence[int]) -> tuple[Floats, Floats]:
    """The answers (n_papers, n_columns) to learn from ``matrix``, and the weight of each pair of paper and column.

    Columns of ``unlearnable`` are unknown. In single mode "none of these" has a column of its own.
    """
    answers = matrix.copy() if mode == Mode.MULTI else with_none_column(matrix)
    answers[:, unlearnable] = np.nan
    weights = pair_weights(answers) if mode == Mode.MULTI else np.ones(answers.shape)
    weights[:, unlearnable] = 0.0
    if mode == Mode.MULTI:  # an assumed negative is held out like a negative
        answers = np.where((weights > 0) & np.isnan(answers), 0.0, answers)
    return answers, weights


def evaluation_answers(mode: Mode, matrix: Floats, answers: Floats) -> Floats:
    """The ``answers`` to ``matrix`` that can measure how right a model is; the others become unknown (NaN).

    In multi mode some papers only have topics named, and all others left open. Models learn from them what topics are
    about, but they do not show how often topics apply. So they measure only topics that have hardly another paper, or
    no negative example at all.
    """
    positives_only = names_alone(matrix)
    if mode != Mode.MULTI or not positives_only.any():
        return answers
    enough = ((answers == 1) & ~positives_only[:, None]).sum(axis=0) >= _MIN_POSITIVES
    left_out = positives_only[:, None] & (enough & (lack_of_negatives(matrix) < 1))
    return np.where(left_out, np.nan, answers)


def names_alone(matrix: Floats) -> npt.NDArray[np.bool_]:
    """The papers (n_papers,) of which some topics are named, and all others are left open."""
    return np.asarray(np.isnan(matrix).any(axis=1) & ~(matrix == 0).any(axis=1) & (matrix == 1).any(axis=1))


def with_none_column(matrix: Floats) -> Floats:
    """``matrix`` of single-label answers, with one more column for "none of these" where that was ever said."""
    none = ~(matrix == 1).any(axis=1)
    return np.column_stack([matrix, none.astype(np.float64)]) if none.any() else matrix.copy()


def pair_weights(matrix: Floats) -> Floats:
    """The weight of each pair of paper and topic: 1 where the answer is known, 0 where it is unknown.

    Where nobody ever said "no" to a topic, unknown papers are assumed negatives, with a small weight: otherwise nothing
    could be learned from tables that name topics and leave the others open. Where some did, papers that name topics
    are, with a weight that is the smaller the more known negatives there are: a few of them, as by accident, do not
    show what papers of other topics are like.
    """
    is_open = np.isnan(matrix)
    strength = lack_of_negatives(matrix)
    assumed = is_open & ((strength == 1) | naming(matrix)[:, None])
    return np.where(is_open, ASSUMED_NEGATIVE_WEIGHT * strength * assumed, 1.0)


def columns_without_negatives(matrix: Floats) -> npt.NDArray[np.bool_]:
    """The topics (columns) to which nobody said "no", or too few did (:func:`lack_of_negatives`)."""
    return np.asarray((lack_of_negatives(matrix) > 0) & np.isnan(matrix).any(axis=0))


def lack_of_negatives(matrix: Floats) -> Floats:
    """How far known negatives of each topic (n_topics,) are missing: 1 where there is none, 0 where there are enough.

    There are enough where they are a part of the papers that name topics and leave this one open (``_ENOUGH``). Papers
    of no topic at all do not count: they tell papers of the scheme from others, and nothing about papers of other
    topics, so that nearly every paper would get nearly every topic where they were the only negatives.
    """
    is_no = matrix == 0
    asked = ~np.isnan(matrix).all(axis=0)
    of_no_topic = is_no[:, asked].all(axis=1)
    known, left_open = is_no[~of_no_topic].sum(axis=0), np.isnan(matrix)[naming(matrix)].sum(axis=0)
    return lack(known, left_open)


def lack(known: npt.NDArray[np.int64], left_open: npt.NDArray[np.int64]) -> Floats:
    """The same (n_topics,) from the numbers of ``known`` negatives, and of papers that name topics and not this one."""
    return np.where(known == 0, 1.0, np.maximum(0.0, 1 - known / np.maximum(_ENOUGH * left_open, 1)))


def naming(matrix: Floats) -> npt.NDArray[np.bool_]:
    """The papers (n_papers,) of which topics are named: more are left open than are denied."""
    return np.asarray((matrix == 0).sum(axis=1) < np.isnan(matrix).sum(axis=1))


def _topics_of(entry: Any, mode: Mode) -> list[Any] | None:
    """The topics of a paper; None where they are unknown."""
    if is_unknown(entry):
        return None
    if mode == Mode.SINGLE:
        if not isinstance(entry, Hashable):
            raise ValueError(f"single mode takes a topic or None for each paper, not {entry!r}")
        return [] if entry is None else [plain(entry)]
    if isinstance(entry, str) or not hasattr(entry, "__iter__"):
        raise ValueError(f"multi mode takes a list of topics for each paper, not {entry!r}")
    topics = [plain(topic) for topic in entry]
    if invalid := [topic for topic in topics if topic is None or not isinstance(topic, Hashable) or is_unknown(topic)]:
        raise ValueError(f"a topic is a text, not {invalid[0]!r}")
    return topics


def reasons_of(unlearned: Mapping[str, str]) -> str:
    """Why topics cannot be learned, in a line: three reasons, and the number of others."""
    reasons = "; ".join(f"{topic}: {reason}" for topic, reason in list(unlearned.items())[:3])
    more = f"; and {len(unlearned) - 3} more" if len(unlearned) > 3 else ""
    return f"{reasons or 'all have one answer'}{more}"


def nothing_to_learn(reason: str, papers: int) -> TooFewJudgementsError:
    """The error to raise when so many judged papers teach nothing."""
    return TooFewJudgementsError(
        f"nothing can be learned from the papers judged so far, {papers} ({reason})",
        "judge papers of at least two kinds, or define topics and give papers that nobody has judged",
    )
