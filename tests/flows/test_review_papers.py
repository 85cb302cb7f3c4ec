"""The papers of a workspace to be judged once more, with what people and the model say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import NotFoundError
from labeler.flows.review_papers import judged_by, to_review
from labeler.judgements import Judgement, JudgementLog
from labeler.review import KINDS
from labeler.review.papers import FINDERS, SUSPECTS
from labeler.topics import load_checked_scheme
from tests.review.factories import said, verdict


def write(workspace: Path, *judgements: Judgement) -> None:
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: judgements)


def test_all_kinds_have_a_function_or_are_suspects() -> None:
    assert sorted(KINDS) == sorted([*FINDERS, SUSPECTS])


def test_without_a_model_people_alone_are_told_and_with_blind_by_letters(workspace: Path) -> None:
    write(workspace, said(1, "ada", "llm"), said(1, "ben"), said(2, "ada", "llm"), said(2, "ben", "llm"))
    found = find_workspace(str(workspace))
    scheme = load_checked_scheme(found.topics)
    ties = to_review(found, scheme, "ties")
    assert ([one.paper.id for one in ties.papers], ties.model) == (["arxiv:2503.00001"], None)
    assert [line.who for line in ties.said_of(ties.papers[0])] == ["ada", "ben"]
    blind = to_review(found, scheme, "ties", blind=True)
    assert [line.who for line in blind.said_of(blind.papers[0])] == ["A", "B"]
    with pytest.raises(NotFoundError):
        to_review(found, scheme, SUSPECTS)


def test_the_model_is_quoted_and_says_whether_it_learned_from_the_paper(trained: Path) -> None:
    found = find_workspace(str(trained))
    scheme = load_checked_scheme(found.topics)
    first = JudgementLog(found.judgements).read().judgements[0]
    write(
        trained,
        said(1, "ada", "llm"), said(1, "ben", "vision"),
        said(2, "ben", "vision" if "vision" not in first.yes else "llm", title=first.title, abstract=first.abstract,
             ids=first.ids, offered=scheme.offered),
    )  # fmt: skip
    found_papers = to_review(found, scheme, "disagreements")
    models = {one.paper.ids: found_papers.said_of(one)[-1].who for one in found_papers.papers}
    new = [who for ids, who in models.items() if "arxiv:2503.00001" in ids]
    assert new == ["mine@1"]
    assert [who for ids, who in models.items() if set(first.ids) & set(ids)] == [
        "mine@1, which learned from this paper"
    ]
    assert found_papers.model == "mine@1"


def test_suspects_are_in_review_until_they_are_settled(trained: Path) -> None:
    found = find_workspace(str(trained))
    scheme = load_checked_scheme(found.topics)
    before = to_review(found, scheme, SUSPECTS)
    assert before.papers
    assert before.said_of(before.papers[0])[-1].who == "mine@1"
    paper = before.papers[0].paper
    write(trained, verdict(1, "eve", "llm", title=paper.title, abstract=paper.abstract, ids=paper.ids))
    assert paper.ids not in [one.paper.ids for one in to_review(found, scheme, SUSPECTS).papers]


def test_how_many_a_person_judged(workspace: Path) -> None:
    write(workspace, said(1, "ada", "llm"), said(1, "ben"), said(2, "ada"), said(2, "cleo", "llm"))
    found = find_workspace(str(workspace))
    papers = to_review(found, load_checked_scheme(found.topics), "ties").papers
    assert [judged_by(papers, name, {"b@example.org": "ben"}) for name in ("ada", "b@example.org", "eve")] == [2, 1, 0]
