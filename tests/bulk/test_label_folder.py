"""The folder of a run: its record, and those of parts, may hold anything."""

from __future__ import annotations

import json
import os
import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from labeler.bulk.job import Job
from labeler.bulk.label_folder import LabelFolder, described
from labeler.bulk.parts import partitions
from labeler.config import find_workspace
from labeler.errors import RefusedError
from labeler.modelstore import ModelStore
from labeler.topics import load_scheme
from tests.bulk.factories import files, invented_papers, rows_in
from tests.conftest import Labeler
from tests.flows.test_label_many import one_line
from tests.wild import mutations

RECORD = "_labeler.json"


@pytest.fixture
def labelled(trained: Path, labeler: Labeler) -> Path:
    """A folder with the labels of two files."""
    files(Path("pile"), 2, 5)
    assert labeler("label", "pile", "-o", "labels/", "--to", "jsonl").code == 0
    return Path("labels")


@pytest.mark.slow
def test_a_record_of_any_content_is_taken_or_refused(labelled: Path) -> None:
    good = json.loads((labelled / RECORD).read_text())
    wanted = {key: value for key, value in good.items() if key not in ("papers", "sources", "parts")}
    work = partitions(["pile/00.parquet", "pile/01.parquet"], str(labelled.absolute()), "jsonl")
    before = {path.name: path.read_bytes() for path in labelled.iterdir()}
    for _, record in mutations(good):
        for path in labelled.iterdir():
            path.unlink()
        for name, content in before.items():
            (labelled / name).write_bytes(content)
        (labelled / RECORD).write_text(json.dumps(record))
        for is_temporary in (False, True):
            with suppress(RefusedError):
                LabelFolder(str(labelled.absolute()), wanted, is_temporary).claim(work)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["run", "part"])
def test_a_run_ends_well_whatever_the_records_hold(labelled: Path, labeler: Labeler, kind: str) -> None:
    good = json.loads((labelled / RECORD).read_text())
    part = good["parts"][0]
    unfinished = {key: value for key, value in good.items() if key not in ("papers", "sources", "parts")}
    for where, wild in random.Random(kind).sample(list(mutations(good if kind == "run" else part)), 30):
        (labelled / RECORD).write_text(json.dumps(wild if kind == "run" else unfinished))
        if kind == "part":
            (labelled / f"_{part['name']}.json").write_text(json.dumps(wild))
        outcome = labeler("label", "pile", "-o", "labels/", "--to", "jsonl")
        assert outcome.code in ((0, 6) if kind == "run" else (0,)), (where, outcome.err)
        assert outcome.err.count("\n") == 1, (where, outcome.err)
        if outcome.code == 0:
            assert [row["title"] for row in rows_in(labelled)] == [row["title"] for row in invented_papers(10)]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"1e400", None])
def test_a_record_that_is_torn_or_a_pipe_is_refused(labelled: Path, labeler: Labeler, content: bytes | None) -> None:
    (labelled / RECORD).unlink()
    if content is None:
        os.mkfifo(labelled / RECORD)
    else:
        (labelled / RECORD).write_bytes(content)
    one_line(labeler("label", "pile", "-o", "labels/", "--to", "jsonl"), 6, "_labeler.json is damaged")


def test_names_that_became_one_person_are_judgements_that_changed(labelled: Path) -> None:
    workspace = find_workspace()
    version = ModelStore(workspace.models).find()
    scheme = load_scheme(workspace.topics)
    job = Job(version.folder, version.label, 0.9, {}, scheme=scheme, log=workspace.judgements)
    records = [
        described(version, replace(job, people=people), ["00.parquet"], "labels")["judgements"]
        for people in ({}, {"7": "ada"}, {"7": "bo"})
    ]
    assert records[0] == json.loads((labelled / RECORD).read_text())["judgements"]
    assert len(set(records)) == 3
