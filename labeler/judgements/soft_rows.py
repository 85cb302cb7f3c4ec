"""The probabilities of topics in the rows of a file that another model's predictions were written to.

A row says them in one of these ways, the first that it has: predictions of a task of Label Studio, an object
(``scores``: topic → probability), a list of objects (``topics``: each with a name and a probability), names beside a
list or cell of probabilities (``labels`` and ``scores``, ``topic`` and ``probability``), or a column for each topic,
as of scikit-learn's ``predict_proba``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from labeler.digests.fields import normal_name
from labeler.json_parsing import JsonError, parse_json
from labeler.topics import NONE_OF_THESE, Scheme
from labeler.topics.mode import Mode
from labeler.topics.scheme import fold

_OBJECTS = ("scores", "probabilities", "predictions", "labels", "topics")
_NAMES = ("topic", "topics", "label", "labels", "prediction", "predictedlabel", "name", "class", "category")
_NUMBERS = ("probability", "probabilities", "score", "scores", "confidence", "proba", "prob", "p")
_CHOICES = ("choices", "taxonomy", "labels")
_NONE = frozenset({fold(NONE_OF_THESE), "none", "-"})
_DIVIDER = ";"
_ROUNDING = 1e-6  # beyond 0 or 1, as sums in single precision have it


def probabilities_in(fields: Mapping[str, Any], scheme: Scheme, unknown: Counter[str]) -> dict[str, float]:
    """Topic id → probability, as a row says them. Labels that are no topics are counted in ``unknown``.

    Topics that are not named are unknown. They have the probability 0 where "None of these" is the more likely answer,
    and where papers have several topics and a task of Label Studio shows those that were chosen.

    Raises:
        ValueError: it says none of any topic, or a probability is no number from 0 to 1.
    """
    named = {normal_name(str(name)): _unpacked(value) for name, value in fields.items()}
    if chosen := list(_of_tasks(named)):
        rest = dict.fromkeys(scheme.ids, 0.0) if scheme.mode == Mode.MULTI else {}
        return rest | _of_scheme(chosen, scheme, unknown)
    for pairs in (_of_objects(named), _side_by_side(named), _of_columns(fields, scheme)):
        if said := list(pairs):
            return _of_scheme(said, scheme, unknown)
    raise ValueError("has no probability of a topic")


def _of_scheme(said: Iterable[tuple[str, Any]], scheme: Scheme, unknown: Counter[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    none = 0.0
    for label, value in said:
        topic = scheme.find(label)
        if topic is not None:
            found[topic] = max(probability(value), found.get(topic, 0.0))
        elif fold(label) in _NONE:
            none = probability(value)
        else:
            unknown[label] += 1
    if none > 1 / 2:
        found = dict.fromkeys(scheme.ids, 0.0) | found
    if not found:
        raise ValueError("has no probability of a topic of the scheme")
    return found


def probability(value: Any) -> float:
    """A probability as a row says it; a percentage with its sign, too.

    Raises:
        ValueError: it is none.
    """
    text = str(value).strip().removesuffix("%")
    try:
        number = float(text) / (100 if str(value).strip().endswith("%") else 1)
    except ValueError:
        number = math.nan
    if not -_ROUNDING <= number <= 1 + _ROUNDING:
        raise ValueError(f"{value!r} is no probability: write a number from 0 to 1")
    return min(max(number, 0.0), 1.0)


def _of_tasks(named: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The choices of the last prediction of a Label Studio task (https://labelstud.io/guide/predictions).

    A choice without a score of its own counts as sure. The score of the whole is no probability: it may be a place in
    the queue.
    """
    predictions = named.get("predictions")
    if not isinstance(predictions, list):
        return
    results = [one["result"] for one in predictions if isinstance(one, Mapping) and isinstance(one.get("result"), list)]
    for row in results[-1] if results else ():
        value = row.get("value") if isinstance(row, Mapping) else None
        labels = next((value[kind] for kind in _CHOICES if kind in value), ()) if isinstance(value, Mapping) else ()
        for label in labels if isinstance(labels, list) else ():
            name = " / ".join(map(str, label)) if isinstance(label, list) else str(label)
            yield name, 1.0 if row.get("score") is None else row["score"]


def _of_objects(named: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What an object of probabilities says, or a list of objects with a name and a probability each."""
    for name in _OBJECTS:
        value = named.get(name)
        if isinstance(value, Mapping):
            yield from ((str(label), one) for label, one in value.items() if _is_said(one))
            return
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            rows = [{normal_name(str(key)): one for key, one in row.items()} for row in value]
            pairs = [(_first(row, _NAMES), _first(row, _NUMBERS)) for row in rows]
            yield from ((str(label), one) for label, one in pairs if label is not None and _is_said(one))
            return


def _side_by_side(named: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names beside their probabilities: in two lists, in two cells divided by ``;``, or one of each."""
    labels = _parts(_first(named, _NAMES))
    for numbers in (_parts(named[name]) for name in _NUMBERS if _is_said(named.get(name))):
        if len(labels) == len(numbers):
            yield from ((str(label), one) for label, one in zip(labels, numbers, strict=True) if _is_said(one))
            return


def _of_columns(fields: Mapping[str, Any], scheme: Scheme) -> Iterator[tuple[str, Any]]:
    """The cells of the columns that are called like topics; an empty one says nothing."""
    for name, value in fields.items():
        if scheme.find(str(name)) is not None and _is_said(value):
            yield str(name), value


def _is_said(value: Any) -> bool:
    """Whether a cell says something: it is not empty, and no missing value."""
    return value is not None and value == value and str(value).strip().casefold() not in ("", "nan", "null", "none")


def _first(named: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((named[name] for name in names if name in named and _is_said(named[name])), None)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(_DIVIDER) if part.strip()]
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _unpacked(value: Any) -> Any:
    """The JSON value that a cell spells, or the cell."""
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        try:
            return parse_json(value)
        except JsonError:
            return value
    return value


def model_of(fields: Mapping[str, Any]) -> str:
    """The model that a row names as the one that made it, as files of ``label`` and Label Studio do; else empty."""
    named = {normal_name(str(name)): _unpacked(value) for name, value in fields.items()}
    predictions = named.get("predictions")
    made = [one for one in predictions if isinstance(one, Mapping)] if isinstance(predictions, list) else []
    told = made[-1].get("model_version") if made else named.get("model")
    return " ".join(str(told).split()) if _is_said(told) else ""
