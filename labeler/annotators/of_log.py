"""Ratings from the log of judgements: the latest answers of each annotator, and those given to the same paper before.

Superseded, withdrawn, skipped and unsure judgements do not count, as in the vote (:mod:`labeler.judgements.labels`);
where topics have parents, the answers are completed as there. Nor do verdicts of adjudicators, who saw what others
said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from labeler.annotators.ratings import Rated, Ratings, Repeat
from labeler.files import canonical_json
from labeler.judgements.judgement import Judgement
from labeler.judgements.labels import (
    by_paper,
    chosen_topics,
    completed_answers,
    latest_versions,
    of_role,
    superseded_ids,
)
from labeler.judgements.rename import under_scheme
from labeler.topics import Scheme
from labeler.topics.mode import Mode


def ratings_of_log(judgements: Iterable[Judgement], scheme: Scheme) -> Ratings:
    """The ratings in a log for the topics of ``scheme``."""
    log = list(judgements)
    superseded = superseded_ids(log)
    merger, groups = by_paper(log, with_superseded=True)
    rated = []
    for position, group in groups.items():
        versions = under_scheme(_judged(group), scheme)
        of_now = {judgement.id for judgement in latest_versions([one for one in group if one.id not in superseded])}
        current = [after for after, before in zip(versions, _judged(group), strict=True) if before.id in of_now]
        said = answers_by_annotator(current, scheme)
        if said:
            paper = merger.at(position)
            latest = max(judgement.moment for judgement in current)
            repeats = tuple(_repeats(versions, scheme))
            rated.append(Rated(paper.id, paper.title or paper.abstract, paper.text, said, latest, repeats))
    return Ratings.of(scheme.mode, scheme.ids, rated)


def answers_by_annotator(judgements: Sequence[Judgement], scheme: Scheme) -> dict[str, Mapping[str, bool]]:
    """What each annotator said of one paper: topics, and whether they apply. Annotators who said nothing are left out.

    In single mode each topic has an answer.
    """
    if scheme.mode == Mode.SINGLE:
        chosen, _ = chosen_topics(judgements, scheme)
        return {who: {topic: topic == choice for topic in scheme.ids} for who, choice in chosen.items()}
    return {who: answers for who, answers in completed_answers(judgements, scheme).items() if answers}


def _judged(group: Sequence[Judgement]) -> list[Judgement]:
    return [judgement for judgement in of_role(group, False) if judgement.status == "judged"]


def _repeats(versions: Sequence[Judgement], scheme: Scheme) -> Iterable[Repeat]:
    """The answers of each annotator that followed an earlier one: by another annotation, or by a corrected one.

    Versions of one time are of a migration, and no answers of their own.
    """
    of_annotator: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in versions:
        if not judgement.unsure:
            of_annotator[judgement.annotator].append(judgement)
    for annotator, answers in of_annotator.items():
        for earlier, later in pairwise(answers):
            said = [answers_by_annotator([one], scheme).get(annotator) for one in (earlier, later)]
            if earlier.moment != later.moment and said[0] is not None and said[1] is not None:
                again = canonical_json(earlier.origin) != canonical_json(later.origin)
                yield Repeat(annotator, said[0], said[1], again)
