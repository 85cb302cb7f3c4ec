"""The judgements of an import that are new to the log, with the earlier ones that they supersede."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from labeler.files import canonical_json
from labeler.judgements.judgement import Judgement


def additions(log: Iterable[Judgement], incoming: Iterable[Judgement]) -> list[Judgement]:
    """The judgements of an import to append to the log, in their order.

    A judgement that the log has already, as the latest or an older version of the same annotation, is not added. A
    later version supersedes the latest one of the log. An older version that the log does not have is added, but
    supersedes nothing.
    """
    versions: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in log:
        versions[canonical_json(judgement.origin)].append(judgement)
    added: list[Judgement] = []
    for judgement in incoming:
        known = versions[canonical_json(judgement.origin)]
        latest = _latest(known)
        if latest is not None:
            at_that_time = _latest([old for old in known if old.at <= judgement.at]) or latest
            resubmitted = "file" not in judgement.source and judgement.at > latest.at
            if _same(at_that_time, judgement) and not resubmitted:
                continue
            if judgement.at >= latest.at:
                judgement = judgement.superseding(latest.id)
        known.append(judgement)
        added.append(judgement)
    return added


def _latest(known: list[Judgement]) -> Judgement | None:
    """The latest of the versions of an annotation that no other supersedes."""
    superseded = {judgement.supersedes for judgement in known}
    current = [judgement for judgement in known if judgement.id not in superseded]
    return max(current or known, key=_time_and_id, default=None)


def _time_and_id(judgement: Judgement) -> tuple[str, str]:
    return (judgement.at, judgement.id)


def _same(one: Judgement, other: Judgement) -> bool:
    return canonical_json(one.content) == canonical_json(other.content)
