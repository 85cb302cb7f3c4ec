"""Which papers people have judged already."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.config import Workspace
from labeler.judgements.labels import standing
from labeler.judgements.log import JudgementLog
from labeler.papers import Paper
from labeler.papers.merge import places_among


def judged_papers(workspace: Workspace) -> list[Paper]:
    """The papers of the judgements that stand; of what was withdrawn nothing is known any more."""
    told = standing(JudgementLog(workspace.judgements).read().judgements)
    return [judgement.as_paper() for judgement in told if judgement.status != "withdrawn"]


def unjudged(judged_before: Sequence[Paper], papers: list[Paper]) -> list[Paper]:
    """The papers that are none of those judged before."""
    places = places_among(papers, judged_before)
    return [paper for paper, place in zip(papers, places, strict=True) if place is None]
