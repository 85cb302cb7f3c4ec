"""Papers that people have judged: their topics take the place of the model's."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.judgements.verdicts import Verdict
from labeler.score.decision import AMBIGUOUS, AUTO, JUDGED, NONE, REVIEW, TIED
from labeler.topics import Mode


def with_verdict(
    topics: Sequence[str], decision: str, reason: str, verdict: Verdict
) -> tuple[tuple[str, ...], str, str]:
    """The topics, the decision and its reason for a paper of which a model says these.

    Where people have answered everything, their topics count. Where they have answered some topics, these are as they
    say, and the model decides on the others. A paper on which they disagree is for review.
    """
    if verdict.complete:
        return tuple(verdict.yes), JUDGED, ""
    others = tuple(topic for topic in topics if topic not in verdict.yes and topic not in verdict.no)
    known = (*verdict.yes, *others)
    if verdict.tied:
        return known, REVIEW, TIED
    if verdict.mode == Mode.SINGLE and topics and not others:  # of the topics that are left the model says nothing
        return known, REVIEW, reason or AMBIGUOUS
    if decision == AUTO and any(_rests_on_denied(topic, topics, verdict) for topic in others):
        return known, REVIEW, AMBIGUOUS
    if decision == REVIEW:
        return known, REVIEW, reason
    return (known, AUTO, "") if known else ((), NONE, reason)


def _rests_on_denied(topic: str, topics: Sequence[str], verdict: Verdict) -> bool:
    """Whether a model gave a topic with some below it, all of which people have denied."""
    below = set(topics).intersection(verdict.below.get(topic, ()))
    return bool(below) and below <= verdict.no
