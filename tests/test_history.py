from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.history import History, KnownPapers, LabellingRun, ids_of
from labeler.papers import Paper
from tests.paths import ROOT

ABSTRACT = "We sort papers by their topics, and measure how many of them are right where few were judged."
OTHER = "Robots with two arms fold towels, which takes them ten minutes, and people half a minute."
LONG = "A title that is long enough for it to be of one paper alone"
APPEND = """
import sys
from pathlib import Path
from labeler.history import History, LabellingRun
history = History(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    ids = [[f"arxiv:2601.{paper:05}", "abstract:00000000"] for paper in range(2000)]
    history.append(LabellingRun("2026-03-01T06:00:00Z", (sys.argv[2],), "mine@1", number, ids=ids))
    print(number, flush=True)
"""


def paper(title: str = "Sorting papers", abstract: str = ABSTRACT, *ids: str, **fields: object) -> Paper:
    return Paper.make(title, abstract, ids=ids, **fields)


def run(*papers: Paper, at: str = "2026-03-01T06:00:00Z") -> LabellingRun:
    return LabellingRun(at, ("digest.txt",), "mine@1", len(papers), ids=[ids_of(one) for one in papers])


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / ".labeler" / "history.jsonl")


def test_runs_read_back(history: History) -> None:
    assert history.runs() == ([], [])
    one = LabellingRun(
        "2026-03-01T06:00:00Z", ("a.txt",), "mine@1", 2, {"auto": 1, "review": 1}, {"llm": 2}, 1, 0.75, [["arxiv:1"]]
    )
    assert history.append(one) == []
    assert history.append(run(paper(), at="2026-03-02T06:00:00Z")) == []
    assert history.runs() == ([one, run(paper(), at="2026-03-02T06:00:00Z")], [])


def test_the_first_day_of_a_paper_is_known(history: History) -> None:
    history.append(run(paper("One", ABSTRACT, "arxiv:2601.00001"), at="2026-03-02T06:00:00Z"))
    history.append(run(paper("One", ABSTRACT, "arxiv:2601.00001"), paper("Two", OTHER), at="2026-03-01T06:00:00Z"))
    known = history.known()
    assert len(known) == 2
    assert known.first_day(paper("One", ABSTRACT, "arxiv:2601.00001")) == "2026-03-01"
    assert known.first_day(paper("Two", OTHER)) == "2026-03-01"
    assert known.first_day(paper("Three", "Nobody has seen this.")) is None


@pytest.mark.parametrize(
    ("before", "now", "is_known"),
    [
        (paper("A", ABSTRACT, "arxiv:2601.00001"), paper("Another title", OTHER, "arxiv:2601.00001"), True),
        (paper("A", ABSTRACT, "doi:10.1/x"), paper("A", ABSTRACT, "arxiv:2601.00001", "doi:10.1/x"), True),
        (paper("A", ABSTRACT), paper("A", ABSTRACT, "arxiv:2601.00001"), True),  # an identifier that came later
        (paper("A!", f"{ABSTRACT} {OTHER}"), paper("a", f"{ABSTRACT} {OTHER} And more of it."), True),
        (paper("A", ABSTRACT, "doi:10.1/book"), paper("B", OTHER, "doi:10.1/book"), False),  # chapters
        (paper("A", ABSTRACT, "doi:10.1/x"), paper("A", OTHER, "doi:10.1/x"), True),
        (paper("A", ABSTRACT, "doi:10.1/x"), paper("B", ABSTRACT, "doi:10.1/x"), True),
        (paper("A", "", "doi:10.1/x"), paper("B", ABSTRACT, "doi:10.1/x"), True),  # that cannot be told
        (paper("Editorial", ABSTRACT), paper("Editorial", OTHER), False),
        (paper("Editorial", "", date="2026-01-01"), paper("Editorial", "", date="2026-02-01"), False),
        (paper("Editorial", "", date="2026-01-01"), paper("Editorial", "", date="2026-01-01"), True),
        (paper("Editorial", ""), paper("Editorial", ABSTRACT), False),
        (paper(LONG, ""), paper(LONG, ABSTRACT), True),
        (paper(LONG, ABSTRACT), paper(LONG, "", "arxiv:2601.00001"), True),
        (paper(LONG, "", "arxiv:2601.00002"), paper(LONG, ABSTRACT, "arxiv:2601.00001"), False),
        (paper(LONG, ABSTRACT), paper(LONG, OTHER), False),
        (paper("", ABSTRACT), paper("", ABSTRACT), True),
        (paper("", ABSTRACT), paper("", OTHER), False),
        (paper("A", ABSTRACT, "isbn:9783161484100"), paper("B", OTHER, "isbn:9783161484100"), False),
    ],
)
def test_a_paper_is_known_by_what_tells_it_from_others(before: Paper, now: Paper, is_known: bool) -> None:
    assert (KnownPapers([run(before)]).first_day(now) is not None) is is_known


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=40),
    st.text(max_size=200),
    st.lists(st.sampled_from(["arxiv:2601.00001", "doi:10.1/x", "pmid:1", "isbn:9783161484100"])),
)
def test_a_paper_that_comes_again_as_it_was_is_known(title: str, abstract: str, ids: list[str]) -> None:
    try:
        one = Paper.make(title, abstract, ids=ids)
    except ValueError:
        return
    with TemporaryDirectory() as folder:
        history = History(Path(folder, "history.jsonl"))
        history.append(run(one))
        assert history.known().first_day(one) == "2026-03-01"


def test_no_text_and_no_password_is_kept(history: History) -> None:
    inputs = ("https://ada:secret@example.org/feed?a=b@c", "imaps://ada@mail.example.org/INBOX", "a@b.txt", "-")
    history.append(LabellingRun("2026-03-01T06:00:00Z", inputs, "mine@1", 1, ids=[ids_of(paper())]))
    assert "secret" not in history.path.read_text()
    assert "ort" not in history.path.read_text()
    assert history.runs()[0][0].inputs == (
        "https://example.org/feed?a=b@c", "imaps://mail.example.org/INBOX", "a@b.txt", "-",
    )  # fmt: skip


def test_of_very_many_inputs_the_first_are_named(history: History) -> None:
    history.append(LabellingRun("2026-03-01T06:00:00Z", tuple(map(str, range(1000))), "mine@1", 1))
    assert history.runs()[0][0].inputs[-2:] == ("19", "and 980 more")


@pytest.mark.parametrize(
    "line",
    [
        "<<<<<<<",
        "null",
        "[]",
        "{}",
        '{"at": "today", "papers": 1}',
        '{"at": 3, "papers": 1}',
        '{"at": "2026-03-01T06:00:00Z", "papers": "many"}',
        '{"at": "2026-03-01T06:00:00Z", "papers": 1e999}',
        '{"at": "2026-03-01T06:00:00Z", "papers": 1, "ids": ["arxiv:1"]}',
        '{"at": "2026-03-01T06:00:00Z", "papers": 1, "ids": [[1]]}',
        '{"at": "2026-03-01T06:00:00Z", "papers": 1, "topics": 5}',
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_passed_over(history: History, line: str) -> None:
    history.append(run(paper()))
    with history.path.open("a") as stream:
        stream.write(f"{line}\n")
    history.append(run(paper("Two", OTHER)))
    known = history.known()
    assert len(known) == 2
    (fault,) = known.faults
    assert fault.startswith("history.jsonl, line 2: ")


def test_a_line_that_was_cut_short_is_moved_aside(history: History) -> None:
    history.append(run(paper()))
    history.path.write_bytes(history.path.read_bytes() + b'{"at": "2026')
    assert len(history.known()) == 1
    (message,) = history.append(run(paper("Two", OTHER)))
    assert "line 2 was cut short" in message
    assert "come again as new ones" in message
    assert len(history.known()) == 2
    assert history.known().faults == []


def test_a_folder_of_that_name_is_told(history: History) -> None:
    history.path.mkdir(parents=True)
    with pytest.raises(InputError, match="cannot write"):
        history.append(run(paper()))
    with pytest.raises(InputError, match="cannot read"):
        history.known()


@pytest.mark.slow
def test_two_that_write_at_once_and_are_killed_lose_no_run_that_was_noted(history: History) -> None:
    command = [sys.executable, "-c", APPEND, str(history.path)]
    both = [
        subprocess.Popen([*command, name], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for name in ("ada", "bo")
    ]
    for process in both:
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
    for process in both:
        process.kill()
    last = [max(map(int, ["20", *process.communicate()[0].split()])) for process in both]
    history.append(run(paper()))
    runs, faults = history.runs()
    assert faults == []
    for name, number in zip(("ada", "bo"), last, strict=True):
        assert [one.papers for one in runs if one.inputs == (name,)][:number] == list(range(1, number + 1))


def test_few_bytes_are_kept_of_a_paper() -> None:
    one = paper("Sorting papers", ABSTRACT, "arxiv:2601.00001", "doi:10.48550/arxiv.2601.00001")
    assert len(json.dumps(ids_of(one))) < 120
