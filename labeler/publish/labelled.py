"""A paper with what a model says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labeler.papers import Paper


@dataclass(frozen=True, slots=True)
class LabelledPaper:
    """``topics``: (topic id, probability, words behind it), best first; ``scores``: topic id → probability, all.

    ``reason`` says why the ``decision`` is not ``auto`` (see :class:`labeler.Decision`).
    """

    paper: Paper
    topics: tuple[tuple[str, float, tuple[str, ...]], ...]
    scores: Mapping[str, float]
    decision: str
    model: str
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON lines carry it; probabilities to four places."""
        return {
            **self.paper.to_dict(),
            "topics": [
                {"topic": topic, "probability": round(probability, 4), "because": list(words)}
                for topic, probability, words in self.topics
            ],
            "scores": {topic: round(probability, 4) for topic, probability in self.scores.items()},
            "decision": self.decision,
            "reason": self.reason or None,
            "model": self.model,
        }
