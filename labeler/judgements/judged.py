"""Papers that have been judged already, and those of a list that have not."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.config import Workspace
from labeler.judgements.labels import current_judgements
from labeler.judgements.log import JudgementLog
from labeler.papers import Paper
from labeler.papers.merge import match_indices
from labeler.papers.near_duplicates import near_duplicates


def judged_papers(workspace: Workspace) -> list[Paper]:
    """The papers of all current judgements that were not withdrawn."""
    judgements = current_judgements(JudgementLog(workspace.judgements).read().judgements)
    return [judgement.as_paper() for judgement in judgements if judgement.status != "withdrawn"]


def not_judged(judged_before: Sequence[Paper], papers: list[Paper]) -> list[Paper]:
    """The papers that are not among those judged before."""
    matches = match_indices(papers, judged_before)
    return [paper for paper, match in zip(papers, matches, strict=True) if match is None]


def distinct(papers: Sequence[Paper], before: Sequence[Paper]) -> list[Paper]:
    """The papers that nearly repeat neither one of ``before`` nor an earlier one of ``papers``."""
    known = sorted({paper.text for paper in before})
    repeated = near_duplicates([paper.text for paper in papers], known)
    return [paper for position, paper in enumerate(papers) if position not in repeated]
