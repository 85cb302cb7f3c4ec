"""Very many papers again: parts that are no longer whole, inputs that have changed, and runs beside each other."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from labeler.bulk import job as bulk_job
from labeler.bulk import parts as parts_module
from labeler.bulk import work
from labeler.bulk.label_folder import LabelFolder
from labeler.bulk.parts import partitions
from labeler.bulk.work import Job, label
from labeler.errors import InputError, RefusedError
from labeler.flows import label_many as flow
from labeler.folder_lock import lock_folder
from labeler.modelstore import ModelStore
from labeler.storage import LOCK, open_file, write_file
from tests.bulk.factories import files, invented_papers, lines_of, parquet, parts, rows_in
from tests.cli.process import start_process, wait_until
from tests.conftest import Labeler
from tests.flows.test_label_many import killed, many, one_line


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of ten papers."""
    for module in (parts_module, work):
        monkeypatch.setattr(module, "PAPERS", 10)


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six files, a part each."""
    folder = tmp_path_factory.mktemp("pile")
    files(folder, 6, 40)
    return folder


def titles(place: str) -> list[str]:
    return [row["title"] for row in rows_in(Path(place))]


def contents(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.mark.parametrize("damage", ["deleted", "emptied", "cut", "changed"])
@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_a_part_that_is_no_longer_whole_is_made_again(
    pile: Path, trained: Path, labeler: Labeler, suffix: str, damage: str
) -> None:
    labeler("label", pile, "-o", "labels/", "--to", suffix)
    before = contents("labels")
    path = Path(f"labels/part-00002-00000.{suffix}")
    content = path.read_bytes()
    path.write_bytes({"cut": content[:-7], "changed": content[:50] + b"#" + content[51:]}.get(damage, b""))
    if damage == "deleted":
        path.unlink()
    outcome = labeler("label", pile, "-o", "labels/", "--to", suffix)
    assert outcome.code == 0, outcome.err
    assert "40 papers of 6 files labelled by mine@1" in outcome.err
    assert "(200 papers had been labelled before)" in outcome.err
    assert contents("labels") == before


def test_all_parts_of_a_finished_folder_may_be_gone(pile: Path, trained: Path, labeler: Labeler) -> None:
    labeler("label", pile, "-o", "labels/")
    before = contents("labels")
    for path in parts(Path("labels")):
        path.unlink()
    assert "240 papers of 6 files labelled" in labeler("label", pile, "-o", "labels/").err
    assert contents("labels") == before


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
@pytest.mark.parametrize("change", ["other", "fewer", "more"])
def test_parts_of_an_input_that_has_changed_are_made_anew(
    trained: Path, labeler: Labeler, small: None, kind: str, suffix: str, change: str
) -> None:
    def write(number: int, rows: list[dict[str, str]]) -> Path:
        path = Path(f"pile/{number}.{kind}")
        if kind == "parquet":
            return parquet(path, rows, [10] * (len(rows) // 10) + [len(rows) % 10])
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    for number in range(3):
        write(number, invented_papers(25, 100 + 25 * number))
    labeler("label", "pile", "-o", "labels/", "--to", suffix)
    seen = Path(f"pile/1.{kind}").stat()
    rows = invented_papers({"other": 25, "fewer": 4, "more": 40}[change], 125)
    rows = [row | {"title": f"An{row['title'][2:]}"} for row in rows]
    path = write(1, rows)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    if change == "other" and kind == "jsonl":
        assert path.stat().st_size == seen.st_size
    outcome = labeler("label", "pile", "-o", "labels/", "--to", suffix)
    assert outcome.code == 0, outcome.err
    assert f"{len(rows)} papers of 3 files labelled by mine@1" in outcome.err
    assert "(50 papers had been labelled before)" in outcome.err
    wanted = [*invented_papers(25, 100), *rows, *invented_papers(25, 150)]
    assert titles("labels") == [row["title"] for row in wanted]
    again = labeler("label", "pile", "-o", "labels/", "--to", suffix)
    assert f"({len(wanted)} papers had been labelled before)" in again.err


@pytest.mark.parametrize("output", ["x.jsonl", "labels/"])
def test_a_run_that_goes_on_takes_no_part_of_an_input_that_has_changed(
    trained: Path, labeler: Labeler, output: str
) -> None:
    files(Path("pile"), 6, 40)
    killed("write", 3, "label", "pile", "-o", output, "--to", "parquet", cwd=trained)
    parquet(Path("pile/01.parquet"), invented_papers(40, 500))
    outcome = labeler("label", "pile", "-o", output, "--to", "parquet")
    assert "160 papers of 6 files" in outcome.err
    found = pq.read_table(output)["title"].to_pylist() if output == "x.jsonl" else titles(output)
    wanted = invented_papers(240)
    wanted[40:80] = invented_papers(40, 500)
    assert found == [row["title"] for row in wanted]


@pytest.mark.parametrize("other", ["model", "inputs"])
def test_what_a_killed_run_of_something_else_left_beside_a_file_gives_way(
    pile: Path, trained: Path, labeler: Labeler, other: str
) -> None:
    shutil.copytree(pile, "pile")
    killed("write", 3, "label", "pile", "-o", "x.parquet", cwd=trained)
    if other == "inputs":
        Path("pile/00.parquet").rename("pile/zz.parquet")
    outcome = labeler("label", "pile", "-o", "x.parquet", *(["--model", "arxiv"] if other == "model" else []))
    assert outcome.code == 0, outcome.err
    assert "240 papers of 6 files" in outcome.err
    assert "labelled before" not in outcome.err
    assert len(pq.read_table("x.parquet")) == 240
    assert not Path(".x.parquet.parts").exists()


def test_a_folder_that_an_earlier_version_finished_is_taken_over(pile: Path, trained: Path, labeler: Labeler) -> None:
    labeler("label", pile, "-o", "labels/")
    before = contents("labels")
    record = json.loads(before["_labeler.json"])
    inputs = [[name, (pile / name).stat().st_size] for name in record["inputs"]]
    older = {key: record[key] for key in ("model", "files_of_model", "output", "papers")} | {"inputs": inputs}
    Path("labels/_labeler.json").write_text(json.dumps(older))
    Path("labels/part-00004-00000.parquet").unlink()
    outcome = labeler("label", pile, "-o", "labels/")
    assert "40 papers of 6 files labelled by mine@1" in outcome.err
    assert "(200 papers had been labelled before)" in outcome.err
    assert contents("labels") == before


def test_an_input_that_changes_while_it_is_read_is_told_and_then_labelled(
    trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path("pile/a.jsonl")
    path.parent.mkdir()
    path.write_text('{"title": "Robots"}\n')
    real = bulk_job.labelled_papers

    def changing(*given: object) -> object:
        path.write_text('{"title": "Speech"}\n')
        return real(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(bulk_job, "labelled_papers", changing)
        one_line(labeler("label", "pile", "-o", "labels/", "--to", "jsonl"), 3, "a.jsonl changed while it was read")
    assert parts(Path("labels"), "jsonl") == []
    assert labeler("label", "pile", "-o", "labels/", "--to", "jsonl").code == 0
    assert titles("labels") == ["Speech"]


def test_an_input_that_is_replaced_after_it_was_planned_is_told(
    trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = files(Path("pile"), 1, 30)
    real = flow.partitions

    def replacing(*given: object) -> object:
        planned = real(*given)  # type: ignore[arg-type]
        parquet(path, invented_papers(10), [5, 5])
        return planned

    monkeypatch.setattr(flow, "partitions", replacing)
    one_line(labeler("label", "pile", "-o", "x.parquet"), 3, "00.parquet changed while it was read")
    assert not Path("x.parquet").exists()


@pytest.mark.parametrize("output", ["x.parquet", "x.csv", "labels/"])
def test_a_place_that_another_run_writes_to_is_refused(
    pile: Path, trained: Path, labeler: Labeler, output: str
) -> None:
    folder = "labels" if output == "labels/" else f".{output}.parts"
    with lock_folder(folder) as is_free:
        assert is_free
        one_line(labeler("label", pile, "-o", output), 6, f"another run is writing labels to {output} now")
        one_line(labeler("label", pile, "-o", f"file://{Path.cwd()}/{output}"), 6, "another run")
        assert [path.name for path in Path(folder).iterdir()] == [LOCK]
        assert labeler("label", pile, "-o", f"other/{output}").code == 0
    assert labeler("label", pile, "-o", output).code == 0
    assert not list(Path().rglob(LOCK))


@pytest.mark.slow
@pytest.mark.parametrize("outputs", [("x.jsonl", "x.jsonl"), ("labels/", "labels/"), ("x.jsonl", "labels/")])
@pytest.mark.parametrize("count", [2, 3])
def test_runs_beside_each_other_leave_all_rows_once(
    trained: Path, tmp_path: Path, outputs: tuple[str, str], count: int
) -> None:
    files(tmp_path / "pile", 12, 300)
    processes = []
    for number in range(count):
        place = trained / outputs[number % 2]
        suffix = "/" if outputs[number % 2].endswith("/") else ""
        processes.append(
            start_process("label", tmp_path / "pile", "-o", f"{place}{suffix}", "--to", "jsonl", cwd=trained)
        )
        time.sleep(0.4)
    errors = [process.communicate()[1] for process in processes]
    assert sorted({process.returncode for process in processes}) in ([0], [0, 6]), errors
    assert all(error.count(b"\n") == 1 for error in errors), errors
    for output in set(outputs):
        assert titles(output) == [row["title"] for row in invented_papers(3600)]
    assert not list(trained.rglob(LOCK)) + list(trained.glob(".x*"))


@pytest.mark.slow
@pytest.mark.parametrize("output", ["x.parquet", "labels/"])
def test_a_run_that_is_killed_at_any_moment_goes_on(
    trained: Path, tmp_path: Path, labeler: Labeler, output: str
) -> None:
    files(tmp_path / "pile", 10, 200)
    place = f"{trained}/{output}"
    for moment in random.Random(output).sample(range(1, 30), 4):
        process = start_process("label", tmp_path / "pile", "-o", place, cwd=trained)
        folder = Path("labels" if output == "labels/" else ".x.parquet.parts")
        wait_until(lambda folder=folder, process=process: folder.exists() or process.poll() is not None, process)
        time.sleep(moment / 100)
        process.kill()
        process.communicate()
    outcome = labeler("label", tmp_path / "pile", "-o", output)
    assert outcome.code == 0, outcome.err
    assert titles(output) == [row["title"] for row in invented_papers(2000)]
    left = [] if output == "x.parquet" else [path.name for path in Path("labels").iterdir() if path.name[0] != "p"]
    assert left == ([] if output == "x.parquet" else ["_labeler.json"])
    assert not Path(".x.parquet.parts").exists()


def test_of_two_runs_where_nothing_can_be_locked_the_later_one_ends_the_work(
    pile: Path, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "memory://overtaken/x.jsonl"
    real, nested = flow.label, []

    def overtaken(*given: object) -> object:
        if not nested:
            nested.append(True)
            many(trained, pile, to=address)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(flow, "label", overtaken)
    with pytest.raises(RefusedError, match="another run has taken"):
        many(trained, pile, to=address)
    with open_file(address) as stream:
        assert [row["title"] for row in lines_of(stream.read().decode())] == [
            row["title"] for row in invented_papers(240)
        ]
    monkeypatch.undo()
    assert many(trained, pile, to=address).outcome.papers == 240


def test_a_worker_of_a_killed_run_writes_nothing_where_a_later_one_has_been(
    pile: Path, trained: Path, labeler: Labeler
) -> None:
    folder = trained / "labels"
    labeler("label", pile, "-o", "labels/")
    before = contents("labels")
    version = ModelStore(trained / "models").find()
    old = Job(version.folder, version.label, version.precision, version.names, run="a run that was killed")
    (folder / "part-00000-00000.parquet").unlink()
    with pytest.raises(RefusedError, match="another run has taken"):
        label(old, partitions([str(pile / "00.parquet")], str(folder), "parquet")[0])
    assert contents("labels").keys() == before.keys() - {"part-00000-00000.parquet"}


@pytest.mark.parametrize(
    "damage", [{"parts": [1]}, {"parts": [{"name": "../x"}]}, {"sources": 5}, {"papers": "many"}, {"inputs": 7}]
)
def test_a_record_that_is_damaged_is_one_line(
    pile: Path, trained: Path, labeler: Labeler, damage: dict[str, object]
) -> None:
    labeler("label", pile, "-o", "labels/")
    record = json.loads(Path("labels/_labeler.json").read_text())
    Path("labels/_labeler.json").write_text(json.dumps(record | damage))
    one_line(labeler("label", pile, "-o", "labels/"), 6, "_labeler.json is damaged")


def test_inputs_of_another_place_are_copied_once_and_told_by_their_name(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("a.jsonl", '{"title": "Robots"}\nodd\n'), ("b.jsonl.gz", "no gzip")):
        with write_file(f"memory://copied/{name}") as out:
            out.write(text.encode() if name == "a.jsonl" else b"\x1f\x8b" + text.encode())
    result = many(trained, "memory://copied/a.jsonl", to="labels/")
    assert [str(refusal) for refusal in result.outcome.refusals] == [
        "a.jsonl, line 2: broken JSON: Expecting value at column 1"
    ]
    with pytest.raises(InputError, match=r"memory:///?copied/b\.jsonl\.gz"):
        many(trained, "memory://copied/b.jsonl.gz", to="other/")
    assert rows_in(Path("labels"))[0]["source"] == "a.jsonl"


def test_row_numbers_that_pandas_wrote_are_no_field_of_a_paper(trained: Path, labeler: Labeler) -> None:
    frame = pd.DataFrame(invented_papers(6)).assign(year=2026)
    frame[frame.index != 1].to_parquet("odd.parquet")
    frame.set_index("id").to_parquet("named.parquet")
    assert "__index_level_0__" in pq.read_schema("odd.parquet").names
    labels = ["topics", "scores", "decision", "reason", "model"]
    for name, columns in (("odd", ["id", "title", "year"]), ("named", ["title", "year", "id"])):
        assert labeler("label", f"{name}.parquet", "-o", f"out/{name}.parquet").code == 0
        assert pq.read_schema(f"out/{name}.parquet").names == [*columns, *labels]


def test_a_finished_folder_needs_no_writing(
    pile: Path, trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    labeler("label", pile, "-o", "labels/")
    refused: Callable[..., None] = lambda *_: pytest.fail("nothing is to be written")  # noqa: E731
    monkeypatch.setattr(LabelFolder, "_write", refused)
    assert "(240 papers had been labelled before)" in labeler("label", pile, "-o", "labels/").err


@pytest.mark.slow
def test_pseudonyms_are_the_same_from_other_processes(trained: Path, labeler: Labeler) -> None:
    log = str(trained / "annotations/judgements.jsonl")
    assert labeler("label", log, "-o", "one.jsonl", "--pseudonyms").code == 0
    for jobs in ("1", "2"):
        assert labeler("label", log, "-o", f"many-{jobs}/", "--to", "jsonl", "--jobs", jobs, "--pseudonyms").code == 0
    assert labeler("label", log, "-o", "many-1/", "--to", "jsonl", "--jobs", "1").code == 6  # names are other labels
    texts = [path.read_text() for path in (Path("one.jsonl"), *Path().glob("many-*/*.jsonl"))]
    found = [set(re.findall(r"person-[0-9a-f]{8}", text)) for text in texts]
    assert len(texts) >= 3
    assert all(people == found[0] and len(people) == 2 for people in found)
    assert not any("example.org" in text for text in texts)
