"""The soft labels of a workspace in the form that training takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from labeler.files import canonical_json, sha256
from labeler.judgements import JudgedPaper
from labeler.judgements.soft_labels import SoftLabel, read_soft_labels, under_scheme
from labeler.topics import Scheme
from labeler.wording import counted

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class SoftTexts(NamedTuple):
    """The texts that each model labelled and their probabilities (n_texts, n_topics), by its name.

    ``fingerprint`` tells these soft labels from others, and is empty where there are none. ``faults`` are messages
    about lines of the file, ``notes`` are what people should know where these soft labels are learned from.
    """

    models: dict[str, tuple[list[str], npt.NDArray[np.float64]]]
    fingerprint: str
    faults: list[str]
    notes: list[str]

    def notes_on(self, learned: Mapping[str, int]) -> list[str]:
        """The notes, where soft labels were ``learned`` from at all: the number of papers of each model says so."""
        return self.notes if learned else []

    @property
    def papers(self) -> dict[str, int]:
        """The number of papers that each model labelled."""
        return {model: len(texts) for model, (texts, _) in self.models.items()}


def soft_texts(
    annotations: Path, scheme: Scheme, judged: Sequence[JudgedPaper], apart: Collection[str] = ()
) -> SoftTexts:
    """The soft labels in a folder of annotations, but those of papers that are kept ``apart``.

    A paper that people judged has the text that they read. One of which only an identifier is known, and that nobody
    has judged, is left out.

    Raises:
        InputError: the file cannot be read.
    """
    labels, faults = read_soft_labels(annotations)
    labels = [label for label in labels if not set(apart).intersection(label.paper.ids)]
    if not labels:
        return SoftTexts({}, "", faults, [])
    read = {name: item.paper.text for item in judged for name in item.paper.ids}
    models: dict[str, tuple[list[str], npt.NDArray[np.float64]]] = {}
    notes = list[str]()
    for model in dict.fromkeys(label.model for label in labels):
        known = [(label, _text(label, read)) for label in labels if label.model == model]
        usable = [(label, text) for label, text in known if text]
        models[model] = [text for _, text in usable], _matrix([label for label, _ in usable], scheme)
        both = sum(not set(read).isdisjoint(label.paper.ids) for label, _ in usable)
        notes.append(
            f"soft labels of {model}: {counted(len(usable), 'paper')}, of which {both} are judged as well and say how "
            "much the others count"
        )
    key = [[model, texts, matrix.tobytes().hex()] for model, (texts, matrix) in models.items()]
    return SoftTexts(models, sha256(canonical_json(key).encode("utf-8", "replace")), faults, notes)


def _text(label: SoftLabel, read: dict[str, str]) -> str:
    return next((read[name] for name in label.paper.ids if name in read), label.paper.text)


def _matrix(labels: Sequence[SoftLabel], scheme: Scheme) -> npt.NDArray[np.float64]:
    """The probabilities (n_labels, n_topics); NaN where they are unknown."""
    import numpy as np

    matrix = np.full((len(labels), len(scheme.ids)), np.nan)
    for row, label in enumerate(labels):
        found = under_scheme(label.probabilities, scheme)
        matrix[row] = [found.get(topic, np.nan) for topic in scheme.ids]
    return matrix
