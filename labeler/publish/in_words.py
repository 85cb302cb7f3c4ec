"""What outputs for people say of a labelled paper, in words."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper

NONE = "none of these"
_REASONS = {
    "unfamiliar": "unfamiliar words",
    "ambiguous": "a doubtful topic",
    "few_examples": "few papers of its topic judged",
    "unchecked": "too little judged to decide alone",
    "tied": "annotators disagree",
}


def reason_in_words(item: LabelledPaper, names: Mapping[str, str]) -> str:
    """Why a paper was not decided; where it is known, between which topics it lies. Empty where nothing is to say."""
    topics = [names.get(topic, topic) if topic else NONE for topic in item.torn]
    if len(topics) == 1:
        return f"unsure of {topics[0]}"
    return f"torn between {' and '.join(topics)}" if topics else _REASONS.get(item.reason, "")


def decision_in_words(item: LabelledPaper, topic: str = "") -> str:
    """What is said of the decision beside a topic, beside which the annotators who gave it are named themselves."""
    return {"review": "to review", "judged": "" if topic in item.by else "judged"}.get(item.decision, "")


def authors_in_words(paper: Paper) -> str:
    """The first three authors, and a sign that there are more."""
    return ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")


def by_probability(probability: float) -> float:
    """The key that sorts probabilities from the largest to the smallest, and unknown ones last."""
    return 1.0 if isnan(probability) else -probability
