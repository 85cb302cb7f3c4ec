"""What was forgotten is taken out of every file that labeler keeps, and nothing else in these changes."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.appending import rewrite_lines
from labeler.config import Workspace, find_workspace
from labeler.evaluation.frozen import EvaluationSet
from labeler.files import json_line
from labeler.flows.forgotten_files import forget_names, take_out, without_entry
from labeler.flows.kept_curve import keep_curve
from labeler.flows.training_input import judgements_digest
from labeler.history import History, LabellingRun
from labeler.judgements import JudgementLog
from labeler.judgements.forgotten import FILE as FORGOTTEN
from labeler.judgements.forgotten import NOTHING_FORGOTTEN, Forgotten, Tombstone
from labeler.judgements.index import INDEX
from labeler.judgements.soft_labels import SoftLabel, add_soft_labels
from labeler.papers import Paper
from labeler.papers.known import ids_of
from labeler.watching.journal import Journal
from tests.judgements.factories import judgement

AT = "2026-03-01T10:00:00Z"
PAPERS = [
    Paper.make(f"Paper number {n} about something", f"It says {n} things.", ids=[f"arxiv:2503.1000{n}"])
    for n in range(4)
]
PEOPLE = ("ada@example.org", "bo@example.org", "7")


def filled(root: Path, papers: Sequence[Paper], people: Sequence[str]) -> Workspace:
    """A workspace in which labeler has kept something of these papers and people in each of its files."""
    workspace = Workspace(root)
    annotations, private = root / "annotations", root / ".labeler"
    watch = private / "watch" / "daily"
    (watch / "batches").mkdir(parents=True)
    JudgementLog(workspace.judgements).update(
        lambda _: [
            judgement("llm", number=10 * PAPERS.index(paper) + PEOPLE.index(who), annotator=who, title=paper.title,
                      abstract=paper.abstract, ids=paper.ids)
            for paper in papers for who in people
        ]
    )  # fmt: skip
    add_soft_labels(annotations, [SoftLabel(paper, "tagger", {"llm": 0.5}, AT) for paper in papers])
    apart = EvaluationSet(tuple(paper.ids for paper in papers), "0.2")
    (annotations / "evaluation.jsonl").write_text(apart.text())
    ids = [ids_of(paper) for paper in papers]
    shown, unshown = ([paper for paper in papers if PAPERS.index(paper) % 2 == odd] for odd in (0, 1))
    fields = [{"cs.RO": PAPERS.index(paper) / 10} for paper in (*shown, *unshown)]
    run = LabellingRun(AT, ("digest.txt",), "mine@1", 4, ids=[*map(ids_of, shown)], unshown=[*map(ids_of, unshown)])
    History(private / "history.jsonl").append(run._replace(fields=fields))
    batch = {"name": "2026-03-01-0123", "date": "2026-03-01", "papers": ids}
    journal = Journal(watch)
    journal.note("looked", at=AT, files={}, mailboxes={}, days={}, batch=batch)
    journal.note("looked", at=AT, files={}, mailboxes={"x": [1, 2]}, days={}, batch=None)
    lines = [json_line(paper.to_dict()) + "\n" for paper in papers]
    (watch / "batches/2026-03-01-0123.jsonl").write_text("".join(lines))
    letters = [{"at": AT, "state": "sent", "to": who, "digest": "x", "message": "<1>"} for who in people]
    (private / "mail.jsonl").write_text("".join(json_line(letter) + "\n" for letter in letters))
    tasks = [[PAPERS.index(paper), *names] for paper, names in zip(papers, ids, strict=True)]
    (private / "tasks.json").write_text(json_line({"project": "http://x/projects/1", "tasks": tasks}))
    return workspace


def content(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_workspace_that_has_forgotten_is_as_one_that_never_had_it(tmp_path: Path) -> None:
    workspace = filled(tmp_path / "here", PAPERS, PEOPLE)
    gone = Forgotten([Tombstone.of_paper([PAPERS[1]], AT, 3), Tombstone.of_annotator(["Bo@example.org"], AT, 4)])
    (workspace.private / INDEX).write_bytes(b"an index")
    (workspace.judgements.with_suffix(".torn")).write_bytes(b'{"annotator": "bo@example.org", "pap')
    changed = take_out(workspace, gone)
    never = filled(tmp_path / "there", [PAPERS[0], *PAPERS[2:]], ["ada@example.org", "7"])
    assert content(workspace.root) == content(never.root)
    assert changed == {
        "annotations/judgements.jsonl": 6,
        "annotations/judgements.torn": 1,
        "annotations/soft_labels.jsonl": 1,
        "annotations/evaluation.jsonl": 1,
        ".labeler/history.jsonl": 1,
        ".labeler/mail.jsonl": 1,
        ".labeler/watch/daily/journal.jsonl": 1,
        ".labeler/watch/daily/batches/2026-03-01-0123.jsonl": 1,
        ".labeler/judgements.index": 1,
        ".labeler/tasks.json": 1,
    }
    assert take_out(workspace, gone) == {}
    assert content(workspace.root) == content(never.root)


def test_a_curve_goes_with_the_judgements_it_is_of(tmp_path: Path) -> None:
    workspace = filled(tmp_path, PAPERS, PEOPLE)
    curve = {"measured": [1], "projected": [1], "notes": ["bo@example.org answers as if by chance"]}
    log = JudgementLog(workspace.judgements).read().judgements
    assert keep_curve(workspace, curve, judgements_digest(log, {}), NOTHING_FORGOTTEN) == []
    assert take_out(workspace, Forgotten([Tombstone.of_annotator(["cy"], AT, 0)])) == {}
    gone = Tombstone.of_annotator(["bo@example.org"], AT, 4)
    (workspace.judgements.parent / FORGOTTEN).write_text(json_line(gone.to_dict()) + "\n")
    rewrite_lines(workspace.judgements, lambda line: None if b"bo@" in line else line)  # and killed
    assert take_out(workspace, Forgotten([gone]))[".labeler/curve.json"] == 1


def test_an_empty_workspace_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "annotations").mkdir()
    assert take_out(Workspace(tmp_path), Forgotten([Tombstone.of_annotator(["ada"], AT, 1)])) == {}
    assert content(tmp_path) == {}


ROWS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(PAPERS), st.sampled_from(PEOPLE)),
        st.sampled_from([b"", b"  ", b"<<<<<<< HEAD", b'{"annotator": "bo@example.org"}', b"\xff\x00", b"[3]"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sets(st.sampled_from(PAPERS)), st.sets(st.sampled_from(PEOPLE)))
def test_all_other_lines_of_the_log_stay_byte_by_byte(
    rows: list[tuple[Paper, str] | bytes], papers: set[Paper], people: set[str]
) -> None:
    stones = [
        *(Tombstone.of_paper([one], AT, 1) for one in papers),
        *(Tombstone.of_annotator([one], AT, 1) for one in people),
    ]
    lines = [
        row
        if isinstance(row, bytes)
        else json_line(
            judgement("llm", number=number, annotator=row[1], title=row[0].title, abstract=row[0].abstract,
                      ids=row[0].ids, comment="naïve — 日本語").to_dict()
        ).encode()
        for number, row in enumerate(rows)
    ]  # fmt: skip
    kept = [
        line
        for row, line in zip(rows, lines, strict=True)
        if isinstance(row, bytes) or not (row[0] in papers or row[1] in people)
    ]
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.judgements.parent.mkdir()
        workspace.judgements.write_bytes(b"".join(line + b"\n" for line in lines))
        take_out(workspace, Forgotten(stones))
        assert workspace.judgements.read_bytes() == b"".join(line + b"\n" for line in kept)


SETTINGS = """# [annotators] are two
[train]
name = "x"  # = "ada@example.org" = []

[annotators]
# "ada@example.org" = ["old"]
"ada@example.org" = ["ada",
  "7"]  # seven
bo = ["8"]

[mail]
host = "x"
"""


def test_an_entry_of_the_settings_is_taken_out_by_its_lines() -> None:
    assert without_entry(SETTINGS, (), "bo") == SETTINGS.replace('bo = ["8"]\n', "")
    entry = '"ada@example.org" = ["ada",\n  "7"]  # seven\n'
    assert without_entry(SETTINGS, (), "ada@example.org") == SETTINGS.replace(f"\n{entry}", "\n")
    project = SETTINGS.replace("[annotators]\n", "[tool.labeler.annotators]\n")
    assert without_entry(project, ("tool", "labeler"), "bo") == project.replace('bo = ["8"]\n', "")
    assert without_entry('annotators = {bo = ["8"], cy = []}\n', (), "bo") is None


@pytest.mark.parametrize(("text", "left"), [(SETTINGS, []), ('annotators = {bo = ["8"], cy = []}\n', ["bo"])])
def test_people_who_were_forgotten_leave_the_settings(tmp_path: Path, text: str, left: list[str]) -> None:
    (tmp_path / "labeler.toml").write_text(text)
    workspace = find_workspace(str(tmp_path))
    assert forget_names(workspace, Forgotten([Tombstone.of_annotator(["bo", "8"], AT, 1)])) == left
    found = tomllib.loads((tmp_path / "labeler.toml").read_text())["annotators"]
    assert ("bo" in found) == bool(left)
    assert len(found) == 1 + bool(left)
