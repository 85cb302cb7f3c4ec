"""The papers of a workspace that are judged once more, with what people and the model in use say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace
from labeler.judgements import read_log
from labeler.review.papers import FINDERS, SUSPECTS, ReviewPaper, suspected, unsettled
from labeler.review.said import Said, guesses_of, model_said, names_shown, said_of
from labeler.studio.connection import workspace_id
from labeler.suggest.advice import Adviser, adviser_of
from labeler.topics import Scheme


@dataclass(frozen=True, slots=True)
class ToReview:
    """The papers to be judged once more, those that need it most first, and for each what was said of it.

    ``model`` is the label of the model that is quoted, None where there is none, and ``note`` says why.
    """

    papers: Sequence[ReviewPaper]
    said: Mapping[str, Sequence[Said]]
    model: str | None
    note: str

    def said_of(self, one: ReviewPaper) -> Sequence[Said]:
        """What was said of one of the papers."""
        return self.said[one.paper.id]


def to_review(
    workspace: Workspace, scheme: Scheme, kind: str, blind: bool = False, model_label: str | None = None
) -> ToReview:
    """The papers of a kind (:data:`labeler.review.KINDS`) that no adjudicator has settled.

    With ``blind``, letters stand for the people. The model in use, or that of ``model_label``, is quoted; suspects are
    doubted by the model in use, which is quoted on them without having learned from them.

    Raises:
        NotFoundError: there is no model of that label, or none that could doubt a judgement.
        InputError: too few papers were judged to doubt any, or the log cannot be read.
        RefusedError: the model is damaged.
    """
    log = read_log(workspace).judgements
    papers = unsettled(log, scheme, consensus_labels(log, scheme).settled)
    note = ""
    if kind == SUSPECTS:
        from labeler.flows.suspects import suspects

        found = suspects(workspace, max(1, len(papers)))
        papers = suspected(papers, found.shown, found.papers, scheme)
        quoted = {one.paper.id: model_said(found.version.label, one.guesses, scheme, False) for one in papers}
        model: str | None = found.version.label
    else:
        papers = FINDERS[kind](papers, scheme)
        adviser = adviser_of(workspace, scheme, model_label)
        quoted, model, note = _quoted(papers, scheme, adviser), adviser.label, adviser.note
    secret = (workspace_id(workspace, create=False) or workspace.root.name) if blind else None
    said = {
        one.paper.id: [
            *said_of(one, scheme, names_shown(one, secret)),
            *([quoted[one.paper.id]] if one.paper.id in quoted else []),
        ]
        for one in papers
    }
    return ToReview(papers, said, model, note)


def _quoted(papers: Sequence[ReviewPaper], scheme: Scheme, adviser: Adviser) -> dict[str, Said]:
    """What the model says of each paper, by the paper's id; nothing where there is no model."""
    model, version = adviser.model, adviser.version
    if model is None or version is None:
        return {}
    return {
        one.paper.id: model_said(version.label, guesses, scheme, bool(model.has_learned_from(one.paper.ids)))
        for one, guesses in zip(papers, guesses_of(model, papers, version.precision), strict=True)
    }


def judged_by(papers: Sequence[ReviewPaper], name: str, people: Mapping[str, str]) -> int:
    """How many of the papers the person of this name has judged; ``people`` are the names of people with others."""
    return sum(people.get(name, name) in one.people for one in papers)
