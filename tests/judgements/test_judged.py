from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labeler.config import find_workspace
from labeler.judgements import JudgementLog
from labeler.judgements.judged import judged_papers, not_judged
from labeler.papers import Paper
from tests.judgements.factories import judgement


def test_papers_whose_judgements_were_withdrawn_are_not_judged(workspace: Path) -> None:
    first = judgement("llm", number=1, title="Robots", abstract="They walk.", ids=("title:0123456789abcdef",))
    second = judgement("llm", number=2, title="Voices", abstract="They speak.", ids=("title:1123456789abcdef",))
    log = JudgementLog(find_workspace().judgements)
    log.update(lambda _: [first, second])
    assert sorted(paper.title for paper in judged_papers(find_workspace())) == ["Robots", "Voices"]
    log.update(lambda _: [replace(first, status="withdrawn", at="2027-01-01T00:00:00Z", id="")])
    assert [paper.title for paper in judged_papers(find_workspace())] == ["Voices"]


def test_papers_are_known_by_any_of_their_ids() -> None:
    judged = Paper.make("Robots that walk", "They walk.", ids=["arxiv:2503.11731"])
    same = Paper.make("Robots that walk on legs", "They walk on.", ids=["arxiv:2503.11731"])
    other = Paper.make("Voices", "They speak.")
    assert not_judged([judged], [same, other]) == [other]
    assert not_judged([], [same, other]) == [same, other]
