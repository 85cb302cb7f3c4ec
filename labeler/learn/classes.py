"""The classes of a classifier: any hashable labels for callers, texts (names) for all that is learned and saved."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt

from labeler.errors import InputError
from labeler.topics.hierarchy import Hierarchy

_T = TypeVar("_T")


class Classes(NamedTuple):
    """The ``labels`` in the order of columns as they were given, and the name of each, which is a text."""

    labels: tuple[Any, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, labels: Sequence[Any]) -> Self:
        """The classes of different labels. A text is its own name, unless others that are no text have the same one."""
        names = [str(label) for label in labels]
        if len(set(names)) < len(names):
            names = [f"{type(label).__name__} {label!r}" for label in labels]
        if len(set(names)) < len(names):
            names = [f"{name} ({number})" for number, name in enumerate(names)]
        return cls(tuple(labels), tuple(names))

    @property
    def named(self) -> bool:
        """Whether all labels are texts, which are their names."""
        return self.labels == self.names

    def array(self) -> npt.NDArray[Any]:
        """The labels as scikit-learn holds them in ``classes_``."""
        return labels_array(self.labels)

    def label(self) -> dict[str, Any]:
        """The label of each name."""
        return dict(zip(self.names, self.labels, strict=True))

    def by_name(self, given: Mapping[Any, _T]) -> dict[str, _T]:
        """What is given by label, such as definitions, by name."""
        name = dict(zip(self.labels, self.names, strict=True))
        return {name[label]: entry for label, entry in given.items() if label in name}

    def hierarchy(self, given: Hierarchy) -> Hierarchy:
        """The hierarchy of labels, by name; a topic that is no class is left out, those below it go to the next one."""
        name = dict(zip(self.labels, self.names, strict=True))
        above = {label: next(filter(name.__contains__, given.ancestors.get(label, ())), None) for label in name}
        return Hierarchy({name[label]: name[parent] for label, parent in above.items() if parent is not None})

    def check_saved(self) -> None:
        """Raise an error if a file cannot hold the labels.

        Raises:
            InputError: they are not all texts.
        """
        if not self.named:
            other = next(label for label in self.labels if not isinstance(label, str))
            raise InputError(
                f"a saved model holds the names of topics, and {other!r} is no text but {type(other).__name__}",
                "fit with names: [str(topic) for topic in topics]",
            )


def labels_array(labels: Sequence[Any]) -> npt.NDArray[Any]:
    """Labels as an array (n,) of their own type, or of objects where they have several, or are no scalars."""
    kinds = {type(label) for label in labels}
    if len(kinds) == 1 and (isinstance(labels[0], str | bool | int | float | np.generic)):
        return np.array(labels)
    array = np.empty(len(labels), dtype=object)
    array[:] = labels
    return array


def in_order(labels: Iterable[Hashable]) -> list[Any]:
    """Labels as scikit-learn sorts them; those that cannot be sorted by their type and how they are written."""
    given = list(labels)
    try:
        return sorted(given)
    except TypeError:
        return sorted(given, key=lambda label: (type(label).__name__, repr(label)))


def is_unknown(entry: Any) -> bool:
    """Whether ``entry`` is NaN, NaT or what pandas writes for them: nobody knows the topic."""
    if type(entry).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(entry, Hashable) and not isinstance(entry, str) and bool(entry != entry)


def plain(label: Any) -> Any:
    """A label without the type that an array gave it: numpy's numbers and texts become those of Python."""
    return label.item() if isinstance(label, np.generic) and not isinstance(label, np.datetime64) else label
