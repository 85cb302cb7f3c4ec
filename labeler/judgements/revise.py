"""Which of some incoming judgements say something new, and which earlier ones they correct."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

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
        latest = max(known, key=_age, default=None)
        if latest is not None:
            if _same(latest, judgement) or any(_same(old, judgement) and judgement.at <= old.at for old in known):
                continue
            if judgement.at >= latest.at:
                judgement = judgement.superseding(latest.id)
        known.append(judgement)
        added.append(judgement)
    return added


def _age(judgement: Judgement) -> tuple[str, str]:
    return (judgement.at, judgement.id)


def _same(one: Judgement, other: Judgement) -> bool:
    return _listed(one.content) == _listed(other.content)


def _listed(content: tuple[Any, ...]) -> str:
    return canonical_json(content)
