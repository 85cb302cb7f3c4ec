"""Papers that have been judged already, and those of a list that have not."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.config import Workspace
from labeler.judgements.labels import current_judgements
from labeler.judgements.log import JudgementLog
from labeler.papers import Paper
from labeler.papers.merge import match_indices


def judged_papers(workspace: Workspace) -> list[Paper]:
    """The papers of all current judgements that were not withdrawn."""
    judgements = current_judgements(JudgementLog(workspace.judgements).read().judgements)
    return [judgement.as_paper() for judgement in judgements if judgement.status != "withdrawn"]


def not_judged(judged_before: Sequence[Paper], papers: list[Paper]) -> list[Paper]:
    """The papers that are not among those judged before."""
    matches = match_indices(papers, judged_before)
    return [paper for paper, match in zip(papers, matches, strict=True) if match is None]
