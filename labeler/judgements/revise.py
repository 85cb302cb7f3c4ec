"""The judgements of an import that are new to the log, with the earlier ones that they supersede."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from labeler.files import canonical_json
from labeler.judgements.judgement import ADJUDICATOR, Judgement
from labeler.judgements.labels import answers_of, superseded_ids


def additions(log: Iterable[Judgement], incoming: Iterable[Judgement]) -> list[Judgement]:
    """The judgements of an import to append to the log, in their order.

    A judgement that the log has already, as the latest or an older version of the same annotation, is not added. A
    later version supersedes the latest one of the log. An older version that says what no later one says is added, but
    supersedes nothing. Of several versions of one time, the last counts. A row of a table that says what the annotator
    has said in tables of other names is not added either.
    """
    versions: dict[str, list[Judgement]] = defaultdict(list)
    in_tables: dict[tuple[str, ...], list[Judgement]] = defaultdict(list)
    for judgement in log:
        versions[canonical_json(judgement.origin)].append(judgement)
        if "file" in judgement.source:
            in_tables[*judgement.annotator_and_paper, judgement.role].append(judgement)
    added: list[Judgement] = []
    for origin, judgement in _last_of_each_time(incoming):
        known = versions[origin]
        told_in = (*judgement.annotator_and_paper, judgement.role)
        tables = in_tables[told_in] if "file" in judgement.source else []
        latest = _latest(known)
        if latest is not None:
            at_that_time = _latest([old for old in known if old.moment <= judgement.moment]) or latest
            resubmitted = "file" not in judgement.source and judgement.moment > latest.moment
            if _same(at_that_time, judgement) and not resubmitted:
                continue
            if judgement.at == latest.at and (latest.yes or latest.unknown) and _says_nothing(judgement):
                continue  # it was read in another control, in which this version has no labels
            if judgement.moment >= latest.moment:
                judgement = judgement.superseding(latest.id)
            elif any(old.moment >= judgement.moment and _same(old, judgement) for old in known):
                continue
        elif tables and _says_nothing_new(judgement, tables):
            continue
        known.append(judgement)
        tables.append(judgement)
        added.append(judgement)
    return added


def known_verdicts(log: Iterable[Judgement], incoming: Iterable[Judgement]) -> dict[str, str]:
    """The verdicts of a sheet that the log has under the name of another adjudicator (whose name it is), by their ids.

    A sheet that was brought in once and comes again under another name tells the same papers and answers, or more of
    them. It is no second opinion.
    """
    known, found = _by_sheet(log), dict[str, str]()
    for (_, annotator), rows in _by_sheet(incoming).items():
        for (_, other), before in known.items():
            shared = rows.keys() & before.keys()
            if other != annotator and shared in (rows.keys(), before.keys()):
                found |= {rows[one].id: other for one in shared}
    return found


def _by_sheet(judgements: Iterable[Judgement]) -> dict[tuple[str, str], dict[str, Judgement]]:
    """The current verdicts of sheets by file and annotator, and by paper and answers."""
    verdicts = [one for one in judgements if one.role == ADJUDICATOR and "file" in one.source]
    superseded, found = superseded_ids(verdicts), defaultdict[tuple[str, str], dict[str, Judgement]](dict)
    for one in verdicts:
        if one.id not in superseded:
            answers = canonical_json([*one.annotator_and_paper[1:], *one.content])
            found[str(one.source["file"]), one.annotator][answers] = one
    return found


def displaced(incoming: Sequence[Judgement]) -> list[Judgement]:
    """The judgements of an import that say something else than a later one of the same annotation and time.

    Such are annotations of one annotator on one paper without numbers, and rows of papers that only a title tells of.
    """
    last = {(origin, judgement.at): judgement for origin, judgement in _last_of_each_time(incoming)}
    return [one for one in incoming if not _same(one, last[canonical_json(one.origin), one.at])]


def _last_of_each_time(judgements: Iterable[Judgement]) -> Iterable[tuple[str, Judgement]]:
    """The judgements with their origins; of those with one origin and one time, only the last."""
    last: dict[tuple[str, str], Judgement] = {}
    for judgement in judgements:
        last[canonical_json(judgement.origin), judgement.at] = judgement
    return ((origin, judgement) for (origin, _), judgement in last.items())


def _latest(known: Sequence[Judgement]) -> Judgement | None:
    """The latest of the versions of an annotation that no other supersedes."""
    superseded = superseded_ids(known)
    current = [judgement for judgement in known if judgement.id not in superseded]
    return max(current or known, key=_time_and_id, default=None)


def _says_nothing(judgement: Judgement) -> bool:
    """Whether an annotation has no labels, and does not say "none of these" either."""
    silent = not (judgement.yes or judgement.unknown or judgement.offered or judgement.unsure or judgement.comment)
    return silent and judgement.status == "judged" and "file" not in judgement.source


def _says_nothing_new(judgement: Judgement, tables: Sequence[Judgement]) -> bool:
    """Whether a row repeats what its annotator had said of the paper in other tables up to then."""
    superseded = superseded_ids(tables)
    current = sorted((old for old in tables if old.id not in superseded), key=_time_and_id)
    until_then = [old for old in current if old.moment <= judgement.moment] or current
    said = {topic: applies for old in until_then for topic, applies in answers_of(old)}
    unknown = {label for old in until_then for label in old.unknown}
    return set(judgement.unknown) <= unknown and all(said.get(topic) == one for topic, one in answers_of(judgement))


def _time_and_id(judgement: Judgement) -> tuple[str, str]:
    return (judgement.moment, judgement.id)


def _same(one: Judgement, other: Judgement) -> bool:
    return canonical_json(one.content) == canonical_json(other.content)
