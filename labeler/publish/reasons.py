"""Why a paper is left to a person, and which topics it may have beside its own, in words."""

from __future__ import annotations

from collections.abc import Mapping

from labeler.publish.labelled import LabelledPaper

_WORDS = {
    "unfamiliar": "unfamiliar words",
    "ambiguous": "a doubtful topic",
    "few_examples": "few papers of its topic judged",
    "unchecked": "too little judged to decide alone",
    "tied": "annotators disagree",
}
_NONE = "none of these"


def reason_in_words(item: LabelledPaper, names: Mapping[str, str]) -> str:
    """The reason of a labelled paper in words, with the topics between which it lies, and others that it is likely
    listed under; empty where there is none.
    """
    topics = [names.get(topic, topic) if topic else _NONE for topic in item.torn]
    reason = f"torn between {' and '.join(topics)}" if topics else _WORDS.get(item.reason, "")
    reason = f"unsure of {topics[0]}" if len(topics) == 1 else reason
    others = [names.get(topic, topic) for topic, _ in item.also or () if topic not in item.torn]
    return "; ".join(filter(None, (reason, f"perhaps also {' and '.join(others)}" if others else "")))
