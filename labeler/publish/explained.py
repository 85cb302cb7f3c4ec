"""Explanations for programs: the records of `labeler explain --json` and of the REST interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from labeler.papers import Paper

if TYPE_CHECKING:
    from labeler.score.model import Explanation
    from labeler.suggest.alike import Alike

Keywords = Mapping[str, Mapping[str, str]]  # topic → term → "keyword" or "not"
NO_KEYWORDS: Keywords = MappingProxyType({})


def record_of(
    paper: Paper,
    explanations: Sequence[Explanation],
    model: str,
    alike: Sequence[Alike],
    keywords: Keywords = NO_KEYWORDS,
) -> dict[str, Any]:
    """The paper's fields and the explanations of its scores: "base", the intercept, and all contributions sum to them.

    "through" is the topic below whose score it is, if it is not its own. ``model`` is the model's label,
    ``alike`` are the judged papers that are most like the paper. A term of the ``keywords`` of a topic says so.
    Terms are as the paper writes them.
    """
    from labeler.features.terms import as_written
    from labeler.suggest.alike import SHOWN

    return {
        **paper.to_dict(),
        "explanations": [_explanation(one, as_written(paper.text), keywords) for one in explanations],
        "nearest": [
            {
                "paper": item.paper.id,
                "title": item.paper.title,
                "topics": sorted(item.yes),
                "similarity": round(like, 3),
            }
            for item, like in alike[:SHOWN]
        ],
        "model": model,
    }


def _explanation(explanation: Explanation, written: Mapping[str, str], keywords: Keywords) -> dict[str, Any]:
    """The record of one explanation; ``written`` has terms as the paper writes them."""
    marks = marks_of(explanation, keywords)
    return {
        "topic": explanation.topic,
        "probability": explanation.probability,
        "score": explanation.score,
        "base": explanation.intercept,
        "contributions": [
            {"term": written.get(term, term), "adds": addend} | ({"is": kind} if (kind := marks.get(term)) else {})
            for term, addend in explanation.contributions
        ],
    } | ({"through": explanation.through} if explanation.through else {})


def marks_of(explanation: Explanation, keywords: Keywords) -> Mapping[str, str]:
    """The terms that are keywords of the topic whose score is explained."""
    return keywords.get(explanation.through or explanation.topic, {})
