"""Any export or table imported again adds nothing, and the order of files does not matter for the labels."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.config import Workspace, find_workspace
from labeler.errors import InputError
from labeler.files import sha256
from labeler.flows.import_ import import_exports, import_tables
from labeler.judgements import JudgementLog, labels_of
from labeler.topics import load_scheme
from tests.conftest import run_labeler
from tests.paths import SAMPLES
from tests.studio.factories import annotation, choices, task

TOPICS = ("llm", "vision", "speech")
LABELS = (*TOPICS, "None of these", "rl")
PEOPLE = (None, 1, "bo", {"id": 4, "email": "eve@example.org"}, {"id": 5})
TIMES = (None, "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000001Z", "2026-04-01T10:00:00Z", 1588000000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "workspace"
    assert run_labeler("--quiet", "init", folder).code == 0
    shutil.copy(SAMPLES / "topics.toml", folder / "annotations")
    return folder


@contextmanager
def copies(made: Path, count: int) -> Iterator[list[Workspace]]:
    """New workspaces, which are removed when the block ends."""
    with TemporaryDirectory() as folder:
        for number in range(count):
            shutil.copytree(made, Path(folder) / str(number))
        yield [find_workspace(str(Path(folder) / str(number))) for number in range(count)]


def labels(workspace: Workspace) -> dict[str, tuple[set[str], set[str]]]:
    log = JudgementLog(workspace.judgements).read().judgements
    return {
        item.paper.title: (set(item.yes), set(item.no)) for item in labels_of(log, load_scheme(workspace.topics)).papers
    }


def bring(workspace: Workspace, *exports: Any) -> int:
    """Import these exports, each in a file of its own, with one command; return how many lines were added."""
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.json" for number in range(len(exports))]
        for file, content in zip(files, exports, strict=True):
            file.write_text(json.dumps(content), encoding="utf-8")
        try:
            return len(import_exports(workspace, list(map(str, files)), "topics", "abstract").added)
        except InputError:  # all labels are unknown
            return 0


@st.composite
def entries(draw: st.DrawFn, labels: tuple[str, ...]) -> dict[str, Any]:
    """An annotation as some program writes it, of which any part may be missing; what it says follows from the rest."""
    number, who = draw(st.sampled_from([None, 1, 2, "b"])), draw(st.sampled_from(PEOPLE))
    created, updated, paper = draw(st.sampled_from(TIMES)), draw(st.sampled_from(TIMES)), draw(st.integers(1, 3))
    # a number and a time of creation name one annotation in all of Label Studio: of one paper and person
    person, on = (PEOPLE[number == 1], 1) if number and created else (who, paper)
    said = sha256(json.dumps([number, person, created, updated or created, on]).encode())
    chosen = [label for digit, label in zip(said, labels, strict=False) if digit in "01234567"]
    entry: dict[str, Any] = {"result": [choices(*chosen)] if chosen else [], "was_cancelled": said[9] in "01"}
    fields = {"id": number, "completed_by": person, "created_at": created, "updated_at": updated}
    return entry | {key: value for key, value in fields.items() if value is not None} | {"_paper": on}


def exports(*labels: str) -> st.SearchStrategy[list[Any]]:
    """Exports of annotations that choose some of these labels."""
    return st.lists(entries(labels), min_size=1, max_size=6).map(
        lambda made: [
            {**task(one["_paper"]), "annotations": [{key: value for key, value in one.items() if key != "_paper"}]}
            for one in made
        ]
    )


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(exports(*LABELS))
def test_an_export_imported_again_adds_nothing(made: Path, export: list[Any]) -> None:
    with copies(made, 1) as (workspace,):
        bring(workspace, export)
        before = labels(workspace)
        assert bring(workspace, export) == 0
        assert bring(workspace, export, export) == 0
        assert labels(workspace) == before


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(exports(*TOPICS), exports(*TOPICS))
def test_the_order_of_exports_does_not_matter(made: Path, one: list[Any], other: list[Any]) -> None:
    orders: list[list[list[Any]]] = [[[*one], [*other]], [[*other], [*one]], [[*one, *other]]]
    with copies(made, 4) as workspaces:
        for workspace, exports in zip(workspaces, orders, strict=False):
            for export in exports:
                bring(workspace, export)
            assert bring(workspace, *exports) == 0
        bring(workspaces[3], other, one)
        assert len({str(sorted(map(repr, labels(workspace).items()))) for workspace in workspaces}) == 1


CELLS = st.sampled_from(["llm", "vision", "llm; vision", "none", "", "nan", "rl", "llm; Visoin", "[speech, llm]"])
ROWS = st.lists(st.tuples(st.integers(1, 4), CELLS, st.sampled_from(["ada", "bo", ""])), min_size=1, max_size=5)


def write_table(path: Path, rows: list[tuple[int, str, str]], at: int) -> str:
    """A table, last changed ``at``."""
    records = [
        {
            "title": f"Paper {n} of the zoo",
            "abstract": f"Animal {n} eats {'leaves ' * n}.",
            "topics": cell,
            "annotator": a,
        }
        for n, cell, a in rows
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    os.utime(path, (at, at))
    return str(path)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(ROWS, ROWS, st.booleans())
def test_tables_imported_again_or_under_another_name_add_nothing(
    made: Path, one: list[Any], other: list[Any], complete: bool
) -> None:
    at = 1_700_000_000
    with copies(made, 2) as workspaces, TemporaryDirectory() as folder:
        files = [write_table(Path(folder) / f"{n}.jsonl", rows, at + n) for n, rows in enumerate([one, other])]
        for workspace, names in zip(workspaces, (files, files[::-1]), strict=True):
            for name in names:
                try_table(workspace, name, complete)
        for workspace in workspaces:
            assert sum(try_table(workspace, name, complete) for name in files) == 0
            copy = write_table(Path(folder) / "copy.jsonl", other, at + 1)
            assert try_table(workspace, copy, complete) == 0
        assert labels(workspaces[0]) == labels(workspaces[1])


def try_table(workspace: Workspace, name: str, complete: bool) -> int:
    """Import a table and return how many lines were added; none where all its labels are unknown."""
    rows = [json.loads(line)["topics"] for line in Path(name).read_text(encoding="utf-8").splitlines()]
    if not {"llm", "vision", "llm; vision", "llm; Visoin", "[speech, llm]"} & set(rows):
        return 0
    return len(import_tables(workspace, [name], "topics", complete).added)


def test_a_log_of_before_knows_what_it_was_made_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workspace of ``tests/before`` and logs that the first version wrote of the same files."""
    from tests.test_before import BEFORE

    shutil.copytree(BEFORE / "workspace", tmp_path / "workspace")
    workspace = find_workspace(str(tmp_path / "workspace"))
    lines = workspace.judgements.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    export = [
        {
            "id": one["source"]["task"],
            "data": {key: one[key] for key in ("title", "abstract")},
            "annotations": [
                annotation(
                    one["source"]["annotation"],
                    *([choices(*(one["yes"] or ["None of these"]))] if one["status"] == "judged" else []),
                    *([choices("unsure", control="unsure")] if one["unsure"] else []),
                    at=one["at"],
                    created_at=one["source"]["created_at"],
                    completed_by={"email": one["annotator"]},
                    was_cancelled=one["status"] == "skipped",
                )
            ],
        }
        for one in records
    ]
    assert {one["comment"] for one in records} == {""}
    assert bring(workspace, export) == 0
    assert workspace.judgements.read_text(encoding="utf-8").splitlines() == lines
    assert [one.id for one in JudgementLog(workspace.judgements).read().judgements] == [one["id"] for one in records]


def test_tables_in_a_log_of_before_are_known_under_any_name(made: Path, tmp_path: Path) -> None:
    """The first version named the annotator of a table after its file."""
    rows = [(1, "llm", ""), (2, "vision", ""), (3, "speech", "ada")]
    file = write_table(tmp_path / "t.jsonl", rows, 1_700_000_000)
    with copies(made, 1) as (workspace,):
        assert try_table(workspace, file, True) == 3
        log = workspace.judgements
        log.write_text(log.read_text(encoding="utf-8").replace('"table"', '"table:t.jsonl"'), encoding="utf-8")
        assert try_table(workspace, file, True) == 0
        assert try_table(workspace, write_table(tmp_path / "copy.jsonl", rows, 1_700_000_001), True) == 0
        assert {one.annotator for one in JudgementLog(log).read().judgements} == {"table", "ada"}


_SAVED = "id,annotation_id,annotator,created_at,updated_at,title,abstract,topics,lead_time\n"


def _saved_again(made: str, updated: str, topics: str = "llm") -> str:
    return f"{_SAVED}1,11,ann@example.org,{made},{updated},A title,Words of it,{topics},1\n"


@pytest.mark.parametrize("time", ["26.11.2026 14:03", "11/26/2026 14:03", "05/11/2026 14:03", "2026-11-05 14:03"])
def test_a_log_in_which_times_stand_as_a_spreadsheet_wrote_them_is_known(made: Path, time: str) -> None:
    later = time.replace("14:03", "15:03")
    with copies(made, 1) as (workspace,):
        file = workspace.root / "export.csv"
        file.write_text(_saved_again(time, time))
        assert len(import_exports(workspace, [str(file)], "topics", "abstract").added) == 1
        (record,) = (json.loads(line) for line in workspace.judgements.read_text().splitlines())
        record |= {"at": time, "source": {**record["source"], "created_at": time}, "id": "0123456789abcdef"}
        workspace.judgements.write_text(json.dumps(record) + "\n")  # as earlier versions wrote it
        assert import_exports(workspace, [str(file)], "topics", "abstract").added == []
        file.write_text(_saved_again(time, later, "vision"))
        (correction,) = import_exports(workspace, [str(file)], "topics", "abstract").added
        assert correction.supersedes == "0123456789abcdef"
        assert labels(workspace)["A title"][0] == {"vision"}


def test_which_part_of_a_time_is_the_day_changes_no_identity(made: Path) -> None:
    with copies(made, 1) as (workspace,):
        file = workspace.root / "export.csv"
        row = _saved_again("05/11/2026 14:03", "05/11/2026 14:03")
        file.write_text(row)
        assert len(import_exports(workspace, [str(file)], "topics", "abstract").added) == 1
        file.write_text(row + "2,12,ann@example.org,11/13/2026 9:00,11/13/2026 9:00,B,Other words,vision,1\n")
        added = import_exports(workspace, [str(file)], "topics", "abstract").added
        assert [judgement.title for judgement in added] == ["B"]


def test_a_folder_and_a_pattern_of_single_annotations_are_one_import(made: Path) -> None:
    with copies(made, 1) as (workspace,):
        folder = workspace.root / "storage"
        folder.mkdir()
        for number in range(1, 4):
            one = task(number, annotation(100 + number, choices(*LABELS[: number - 1])))
            single = {**one["annotations"][0], "task": {key: one[key] for key in ("id", "data")}}
            (folder / str(100 + number)).write_text(json.dumps(single))
        (folder / "104").touch()
        first = import_exports(workspace, [str(folder)], "topics", "abstract")
        assert (len(first.added), first.notes) == (3, ["104 is empty and was passed over"])
        assert import_exports(workspace, [str(folder / "10*")], "topics", "abstract").added == []
