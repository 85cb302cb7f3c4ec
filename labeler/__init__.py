"""labeler: topics for new papers, learned from few human labels.

>>> import labeler
>>> papers = labeler.read_digest("digest.txt")  # doctest: +SKIP
>>> model = labeler.load_model("models/mine/1")  # doctest: +SKIP
>>> model.predict(papers)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labeler.annotators.of_rows import agreement
    from labeler.digests.reading import read_digest
    from labeler.learn.classifier import TopicClassifier
    from labeler.papers.paper import Paper
    from labeler.sampling.pick import choose
    from labeler.score.decision import Decision
    from labeler.score.persistence import load_model

__all__ = ["Decision", "Paper", "TopicClassifier", "agreement", "choose", "load_model", "read_digest"]

# What is heavy is imported when it is first used: `import labeler` stays cheap.
_PLACES = {
    "Decision": "labeler.score.decision",
    "Paper": "labeler.papers.paper",
    "TopicClassifier": "labeler.learn.classifier",
    "agreement": "labeler.annotators.of_rows",
    "choose": "labeler.sampling.pick",
    "load_model": "labeler.score.persistence",
    "read_digest": "labeler.digests.reading",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'labeler' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
