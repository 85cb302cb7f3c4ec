"""Which of some incoming judgements say something new, and which earlier ones they correct."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from labeler.files import canonical_json
from labeler.judgements.judgement import Judgement


def additions(log: Iterable[Judgement], incoming: Iterable[Judgement]) -> list[Judgement]:
    """The incoming judgements to append, in order.

    One that says what the latest version of the same annotation says adds nothing, nor does an old version that the
    log has; a later one supersedes the latest. An earlier version that the log never saw is added for the record.
    """
    versions: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in log:
        versions[canonical_json(judgement.origin)].append(judgement)
    added: list[Judgement] = []
    for judgement in incoming:
        known = versions[canonical_json(judgement.origin)]
        latest = _latest(known)
        if latest is not None:
            then = _latest([old for old in known if old.at <= judgement.at]) or latest
            touched = "file" not in judgement.source and judgement.at > latest.at
            if _same(then, judgement) and not touched:
                continue
            if judgement.at >= latest.at:
                judgement = judgement.superseding(latest.id)
        known.append(judgement)
        added.append(judgement)
    return added


def _latest(known: list[Judgement]) -> Judgement | None:
    superseded = {judgement.supersedes for judgement in known}
    standing = [judgement for judgement in known if judgement.id not in superseded]
    return max(standing or known, key=_age, default=None)


def _age(judgement: Judgement) -> tuple[str, str]:
    return (judgement.at, judgement.id)


def _same(one: Judgement, other: Judgement) -> bool:
    return canonical_json(one.content) == canonical_json(other.content)
