"""The judged papers most like a paper, and what is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.judgements import JudgedPaper, JudgementLog
from labeler.modelstore import ModelStore
from labeler.papers import Paper
from labeler.score.persistence import load_model
from labeler.suggest.alike import Alike, JudgedPapers, told, unlike
from labeler.topics import Scheme, load_scheme
from tests.judgements.factories import judgement
from tests.learn.factories import sample, text_of

NAMES = {"robots": "Robots & arms", "speech": "Speech"}


def judged(title: str, *yes: str, no: tuple[str, ...] = ()) -> JudgedPaper:
    return JudgedPaper(Paper.make(title, ""), frozenset(yes), frozenset(no))


def alike(*answers: bool | None) -> list[Alike]:
    """Judged papers of which robots is, is not, or may be a topic."""
    yes = [("robots",) if answer else ("speech",) for answer in answers]
    no = [("robots",) if answer is False else () for answer in answers]
    return [Alike(judged(f"Paper {n}", *yes[n], no=no[n]), 0.5 - n / 10) for n in range(len(answers))]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((False, False, True, False, False), "of 5 such papers, 1 is of Robots & arms"),
        ((False, False, False, False), "of 4 such papers, none is of Robots & arms"),
        ((False, False, True, True, False), ""),
        ((False, False, False), ""),
        ((False, False, False, None, None), ""),
        ((), ""),
    ],
)
def test_it_is_said_where_hardly_a_paper_that_is_like_it_is_of_the_topic(
    answers: tuple[bool | None, ...], said: str
) -> None:
    assert unlike("robots", NAMES, alike(*answers)) == said


def test_three_papers_are_told_one_a_line_with_what_people_said() -> None:
    some = [Alike(judged("Arms"), 0.5), *alike(False, True, False, False)]
    assert told(some, [], NAMES).splitlines() == [
        "Judged papers most like this one:",
        "• Arms — none of the topics",
        "• Paper 0 — Speech",
        "• Paper 1 — Robots & arms",
    ]
    assert told(some, ["robots"], NAMES).startswith(
        "Judged papers most like this one (of 4 such papers, 1 is of Robots & arms):\n"
    )
    assert told([], ["robots"], NAMES) == ""


def test_a_long_title_is_cut_and_a_paper_without_one_is_told_by_its_abstract() -> None:
    long = Alike(JudgedPaper(Paper.make("", "word " * 60), frozenset({"robots"}), frozenset()), 0.5)
    line = told([long], [], NAMES).splitlines()[1]
    assert line.startswith("• word word")
    assert line.endswith("… — Robots & arms")
    assert len(line) < 120


def test_papers_are_found_one_by_one_as_all_at_once() -> None:
    papers = [
        Paper.make(*text_of([topic], number).split("\n")) for number in range(9) for topic in ("robots", "speech")
    ]
    known = JudgedPapers(sample(), [JudgedPaper(paper, frozenset(), frozenset()) for paper in papers[4:]])
    alone, together = [known.like(paper) for paper in papers], known.like_each(papers)
    assert [[one.judged for one in some] for some in alone] == [[one.judged for one in some] for some in together]
    assert all(len(some) == 5 for some in together)
    assert all(one.judged.paper.id != paper.id for paper, some in zip(papers, together, strict=True) for one in some)


def test_of_a_workspace_those_count_whose_answer_is_known(trained: Path) -> None:
    workspace = find_workspace()
    scheme = load_scheme(workspace.topics)
    model = load_model(ModelStore(workspace.models).find(None).folder)
    log = JudgementLog(workspace.judgements)
    one = log.read().judgements[0]
    log.update(lambda _: [judgement(title="Robots alone", offered=("robotics",))])
    found = JudgedPapers.of_workspace(model, workspace, scheme)
    assert any(near.judged.paper.id == one.paper for near in found.like(Paper.make("Another title", one.abstract)))
    titles = [near.judged.paper.title for near in found.like(Paper.make("Robots alone", "robots"))]
    assert titles
    assert "Robots alone" not in titles


@pytest.mark.parametrize("scheme", [None, Scheme("multi", ())])
def test_without_a_workspace_there_are_none(scheme: Scheme | None) -> None:
    assert JudgedPapers.of_workspace(sample(), None, scheme).like(Paper.make("robot", "arm")) == []
    assert JudgedPapers.of_workspace(sample(), None, scheme).like_each([Paper.make("robot", "arm")]) == [[]]
