"""How stable a version is on the judged papers of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labeler.features.background import shipped
from labeler.modelstore import Version
from labeler.papers.languages import ENGLISH, language_of
from labeler.score.persistence import load_model

if TYPE_CHECKING:
    from labeler.evaluation.judged import JudgedSet
    from labeler.evaluation.stability import Stability


def stability_on(version: Version, judged: JudgedSet) -> Stability:
    """How stable the decisions of a version are on judged papers, as it labels new ones.

    Raises:
        RefusedError: the model is damaged.
    """
    from labeler.evaluation.stability import stability

    texts = [paper.text for paper in judged.papers]
    parts = [
        ", ".join(filter(None, [source, language_of(text) or ENGLISH]))
        for source, text in zip(judged.sources or [""] * len(texts), texts, strict=True)
    ]
    return stability(load_model(version.folder), texts, parts, version.precision, shipped().words)
