"""Very many papers: a killed run goes on, nothing is done twice, and no half file has a final name."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from labeler.bulk import parts as parts_module
from labeler.bulk import work
from labeler.config import find_workspace
from labeler.errors import InputError, RefusedError
from labeler.flows.label_many import LabelManyRequest, LabelManyResult, label_many
from labeler.modelstore import ModelStore
from labeler.storage import open_file, write_file
from tests.bulk.factories import files, invented_papers, labels_of, lines_of, parquet, parts, real_papers, rows_in
from tests.cli.process import COMMAND, run_process, start_process, wait_until
from tests.conftest import Labeler, Outcome
from tests.digests.factories import ABSTRACT, OTHER, excel, lines, page, tarred, zipped

# A process that is killed where it calls a function for the given time.
KILLED = """
import os, signal, sys
from pathlib import Path
import pyarrow.parquet as pq
moment, left = sys.argv[1], int(sys.argv[2])
moments = {"rename": (Path, "replace"), "write": (pq.ParquetWriter, "write_table"), "remove": (Path, "unlink")}
owner, name = moments[moment]
real = getattr(owner, name)
def dying(*given, **named):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return real(*given, **named)
setattr(owner, name, dying)
from labeler.cli import main
sys.exit(main(sys.argv[3:]))
"""


def killed(moment: str, count: int, *arguments: str | Path, cwd: Path) -> None:
    """The command, killed before it renames, writes or removes for the given time."""
    process = subprocess.run(
        [sys.executable, "-c", KILLED, moment, str(count), *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr


def many(workspace: Path, *inputs: str | Path, to: str, **options: Any) -> LabelManyResult:
    """A run in this process."""
    suffix = to.rpartition(".")[2] if not to.endswith("/") else options.pop("suffix", "parquet")
    request = LabelManyRequest([str(name) for name in inputs], to, suffix, not to.endswith("/"), **options)
    return label_many(ModelStore(workspace / "models"), request, workspace=find_workspace(str(workspace)))


def one_line(outcome: Outcome, code: int, *words: str) -> None:
    """The command failed with this code and one line that says this."""
    assert (outcome.code, outcome.out) == (code, ""), outcome.err
    assert outcome.err.count("\n") == 1, outcome.err
    for word in words:
        assert word in outcome.err
    assert "a fault of labeler itself" not in outcome.err


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """The parts, when they were written and where they lie."""
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in parts(folder)}


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


@pytest.fixture(scope="module")
def whole(pile: Path, trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The labels of the pile, in a folder and as one file, of runs that nobody killed."""
    folder = tmp_path_factory.mktemp("whole")
    many(trained_once, pile, to=f"{folder}/labels/")
    many(trained_once, pile, to=f"{folder}/x.parquet")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("rename", 0),
        ("rename", 1),
        ("rename", 2),
        ("rename", 7),
        ("rename", 13),
        ("write", 0),
        ("write", 3),
        ("write", 8),
        ("remove", 0),
    ],
)
def test_a_killed_run_goes_on_and_gives_the_same_file(
    pile: Path, whole: Path, trained: Path, labeler: Labeler, moment: str, count: int
) -> None:
    killed(moment, count, "label", pile, "-o", "x.parquet", cwd=trained)
    assert Path("x.parquet").exists() == (moment == "remove")
    before = state(Path(".x.parquet.parts"))
    outcome = labeler("label", pile, "-o", "x.parquet")
    assert outcome.code == 0, outcome.err
    assert Path("x.parquet").read_bytes() == (whole / "x.parquet").read_bytes()
    assert not Path(".x.parquet.parts").exists()
    note = f"({40 * len(before)} papers had been labelled before)"
    assert (note in outcome.err) == bool(before)
    assert f"{240 - 40 * len(before)} papers of 6 files labelled by mine@1" in outcome.err


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "count"), [("rename", 5), ("write", 4), ("rename", 13)])
def test_no_finished_part_is_written_again(
    pile: Path, whole: Path, trained: Path, labeler: Labeler, moment: str, count: int
) -> None:
    killed(moment, count, "label", pile, "-o", "labels/", cwd=trained)
    before = state(Path("labels"))
    assert 0 < len(before) <= 6
    assert labeler("label", pile, "-o", "labels/").code == 0
    after = state(Path("labels"))
    assert {name: after[name] for name in before} == before
    assert [path.read_bytes() for path in parts(Path("labels"))] == [
        path.read_bytes() for path in parts(whole / "labels")
    ]
    assert sorted(path.name for path in Path("labels").iterdir()) == sorted([*after, "_labeler.json"])


@pytest.mark.slow
def test_a_run_killed_from_outside_goes_on(trained: Path, tmp_path: Path, labeler: Labeler) -> None:
    files(tmp_path / "pile", 60, 200)
    process = start_process("label", tmp_path / "pile", "-o", "labels/", cwd=trained)
    wait_until(lambda: len(parts(Path("labels"))) > 2, process)
    process.kill()
    process.communicate()
    before = state(Path("labels"))
    assert 2 < len(before) < 60
    outcome = labeler("label", tmp_path / "pile", "-o", "labels/")
    assert f"({200 * len(before)} papers had been labelled before)" in outcome.err
    assert {name: state(Path("labels"))[name] for name in before} == before
    assert [row["id"] for row in rows_in(Path("labels"))] == [row["id"] for row in invented_papers(12_000)]


@pytest.mark.parametrize("suffix", ["parquet", "jsonl", "csv"])
def test_the_second_time_nothing_is_done(
    pile: Path, trained: Path, labeler: Labeler, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = labeler("label", pile, "-o", "labels/", "--to", suffix)
    assert "240 papers of 6 files labelled by mine@1: " in first.err
    before = {path.name: path.stat() for path in Path("labels").iterdir()}
    second = labeler("label", pile, "-o", "labels/", "--to", suffix)
    assert second.code == 0
    assert "0 papers of 6 files labelled" in second.err
    assert "(240 papers had been labelled before)" in second.err
    for path in Path("labels").iterdir():
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == (
            before[path.name].st_mtime_ns,
            before[path.name].st_ino,
        )


@pytest.mark.parametrize("other", ["model", "inputs", "format"])
def test_labels_of_something_else_are_refused_and_stay(pile: Path, trained: Path, labeler: Labeler, other: str) -> None:
    shutil.copytree(pile, "pile")
    assert labeler("label", "pile", "-o", "labels/").code == 0
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in Path("labels").iterdir()}
    given = {"model": ["--model", "arxiv"], "format": ["--to", "csv"]}.get(other, [])
    if other == "inputs":
        Path("pile/00.parquet").rename("pile/zz.parquet")
    one_line(labeler("label", "pile", "-o", "labels/", *given), 6, "holds labels of other papers")
    assert {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in Path("labels").iterdir()} == before


def test_an_input_that_was_damaged_can_be_mended_and_labelled(pile: Path, trained: Path, labeler: Labeler) -> None:
    shutil.copytree(pile, "pile")
    content = Path("pile/03.parquet").read_bytes()
    Path("pile/03.parquet").write_bytes(content[: len(content) // 2])
    one_line(labeler("label", "pile", "-o", "x.parquet"), 3, "03.parquet is a damaged Parquet file")
    assert not Path("x.parquet").exists()
    Path("pile/03.parquet").write_bytes(content)
    outcome = labeler("label", "pile", "-o", "x.parquet")
    assert outcome.code == 0, outcome.err
    assert len(pq.read_table("x.parquet")) == 240


@pytest.mark.parametrize("suffix", ["parquet", "jsonl", "csv"])
def test_one_file_holds_all_parts_in_order(trained: Path, small: None, suffix: str, tmp_path: Path) -> None:
    parquet(tmp_path / "pile" / "a.parquet", invented_papers(27), [0, 3, 11, 0, 1, 12])
    parquet(tmp_path / "pile" / "b" / "c.parquet", invented_papers(5, 27))
    result = many(trained, tmp_path / "pile", to=str(tmp_path / "out" / f"x.{suffix}"))
    assert (result.outcome.papers, result.labelled_before, result.files) == (32, 0, 2)
    path = tmp_path / "out" / f"x.{suffix}"
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    if suffix == "csv":
        with path.open(newline="") as file:
            assert [row["title"] for row in csv.DictReader(file)] == [row["title"] for row in invented_papers(32)]
        assert path.read_text().count("id,title,") == 1
        return
    assert [row["title"] for row in rows_in(path)] == [row["title"] for row in invented_papers(32)]


@pytest.mark.parametrize("protocol", ["memory://", "file://"])
def test_papers_and_labels_may_lie_elsewhere(
    trained: Path, small: None, tmp_path: Path, protocol: str, labeler: Labeler
) -> None:
    address = f"memory://{uuid.uuid4().hex}" if protocol == "memory://" else f"file://{tmp_path}/place"
    for path in files(tmp_path / "pile", 3, 15):
        with write_file(f"{address}/{path.name}") as out:
            out.write(path.read_bytes())
    for target in ("labels/", "x.parquet", "x.jsonl"):
        outcome = labeler("label", f"{address}/*.parquet", "-o", f"{address}/out/{target}")
        assert outcome.code == 0, outcome.err
    many(trained, tmp_path / "pile", to=f"{tmp_path}/x.parquet")
    with open_file(f"{address}/out/x.parquet") as stream:
        assert stream.read() == (tmp_path / "x.parquet").read_bytes()
    with open_file(f"{address}/out/x.jsonl") as stream:
        assert [row["title"] for row in lines_of(stream.read().decode())] == [
            row["title"] for row in invented_papers(45)
        ]
    second = labeler("label", f"{address}/*.parquet", "-o", f"{address}/out/labels/")
    assert "(45 papers had been labelled before)" in second.err


def test_inputs_of_several_kinds_go_into_a_folder(trained: Path, labeler: Labeler) -> None:
    Path("pile").mkdir()
    Path("pile/a.jsonl").write_text('{"title": "Robots"}\nbroken\n[]\n{"title": ""}\n')
    Path("pile/b.csv").write_text("title,abstract\nSpeech,of robots\n")
    Path("pile/c.jsonl.gz").write_bytes(gzip.compress(b'{"title": "Video"}\n' + b"[]\n" * 9))
    Path("pile/d.txt").write_text(page("Mar 14", "Sorting Papers", ABSTRACT, "Old Bridges", OTHER))
    parquet(Path("pile/e.parquet"), invented_papers(3))
    outcome = labeler("label", "pile", "-o", "labels/")
    messages = outcome.err.splitlines()
    assert outcome.code == 0
    assert messages[0] == "not used: a.jsonl, line 2: broken JSON: Expecting value at column 1"
    assert messages[10:] == ["not used: 2 more records", messages[11]]
    assert "8 papers of 5 files labelled by mine@1" in messages[11]
    assert [row["title"] for row in rows_in(Path("labels"))] == [
        "Robots", "Speech", "Video", "Sorting Papers", "Old Bridges", *(row["title"] for row in invented_papers(3))
    ]  # fmt: skip


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_members_of_archives_are_inputs(trained: Path, labeler: Labeler, jobs: str) -> None:
    Path("pile").mkdir()
    rows = lines(*invented_papers(3)).encode()
    Path("pile/a.zip").write_bytes(zipped({"one.jsonl": rows, "in.zip": zipped({"x": b""})}))
    Path("pile/b.tar.gz").write_bytes(gzip.compress(tarred({"two/three.jsonl": rows, "README.md": b"# Hello"})))
    Path("pile/c.jsonl").write_bytes(rows)
    for _ in range(2):
        outcome = labeler("label", "pile/", "-o", "labels/", "--jobs", jobs)
        assert outcome.code == 0, outcome.err
        assert {row["source"] for row in rows_in(Path("labels"))} == {
            "a.zip/one.jsonl",
            "b.tar.gz/two/three.jsonl",
            "c.jsonl",
        }


def test_workbooks_and_arrow_tables_are_inputs(trained: Path, labeler: Labeler) -> None:
    papers = invented_papers(6)
    Path("pile").mkdir()
    Path("pile/a.xlsx").write_bytes(excel({"A": [list(papers[0]), *(list(row.values()) for row in papers[:3])]}))
    with pa.ipc.new_file("pile/b.feather", (table := pa.Table.from_pylist(papers[3:])).schema) as writer:
        writer.write_table(table)
    outcome = labeler("label", "pile", "-o", "labels/")
    assert outcome.code == 0, outcome.err
    assert [row["title"] for row in rows_in(Path("labels"))] == [row["title"] for row in papers]


def test_different_columns_do_not_go_into_one_parquet_file(trained: Path, labeler: Labeler) -> None:
    parquet(Path("pile/a.parquet"), invented_papers(3))
    parquet(Path("pile/b.parquet"), pa.Table.from_pylist(invented_papers(3)).drop_columns(["id"]))
    one_line(labeler("label", "pile", "-o", "out/x.parquet"), 3, "different columns", "-o labels/")
    assert not Path("out/x.parquet").exists()
    assert labeler("label", "pile", "-o", "out/labels/").code == 0
    assert labeler("label", "pile", "-o", "out/x.jsonl").code == 0
    assert len(rows_in(Path("out/x.jsonl"))) == 6


def test_what_stands_under_the_name_stays_until_all_is_labelled(trained: Path, labeler: Labeler) -> None:
    parquet(Path("pile/a.parquet"), invented_papers(3))
    parquet(Path("pile/b.parquet"), pa.table({"name": ["a"]}))
    Path("x.parquet").write_bytes(b"of before")
    one_line(labeler("label", "pile", "-o", "x.parquet"), 3, "no column title or abstract", "b.parquet")
    assert Path("x.parquet").read_bytes() == b"of before"


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_a_file_without_a_paper_is_bad_input_also_the_second_time(trained: Path, labeler: Labeler, suffix: str) -> None:
    parquet(Path("pile/a.parquet"), pa.table({"name": ["a", "b"]}))
    for _ in range(2):
        one_line(labeler("label", "pile", "-o", f"x.{suffix}"), 3)
    assert not Path(f"x.{suffix}").exists()


def test_files_without_a_row_are_no_papers(trained: Path, labeler: Labeler) -> None:
    empty = pa.table({"title": pa.array([], pa.string())})
    parquet(Path("pile/a.parquet"), empty, [0])
    parquet(Path("pile/b.parquet"), empty, [])
    for target in ("x.parquet", "labels/"):
        outcome = labeler("label", "pile", "-o", target)
        assert outcome.code == 0, outcome.err
        assert "0 papers of 2 files labelled" in outcome.err
    assert pq.read_table("x.parquet").num_rows == 0


@pytest.mark.parametrize("suffix", ["parquet", "jsonl", "csv"])
def test_a_digest_of_no_papers_has_a_file_of_no_labels(trained: Path, labeler: Labeler, suffix: str) -> None:
    Path("pile").mkdir()
    Path("pile/a.csv").write_text("title,abstract\n")
    parquet(Path("pile/b.parquet"), pa.table({"title": pa.array([], pa.string())}), [0])
    for name in ("a.csv", "b.parquet"):
        outcome = labeler("label", f"pile/{name}*", "-o", f"{name}.{suffix}")
        assert outcome.code == 0, outcome.err
        assert Path(f"{name}.{suffix}").exists()
    assert not Path("x.parquet").exists()
    parquet(Path("pile/c.parquet"), invented_papers(2))
    outcome = labeler("label", "pile", "-o", "full/")
    assert outcome.code == 0, outcome.err
    assert "2 papers of 3 files" in outcome.err


@pytest.mark.slow
def test_an_output_inside_the_inputs_is_no_input_when_a_run_goes_on(
    pile: Path, trained: Path, labeler: Labeler
) -> None:
    shutil.copytree(pile, "pile")
    killed("rename", 3, "label", "pile", "-o", "pile/.hidden/x.parquet", cwd=trained)
    assert labeler("label", "pile", "-o", "pile/.hidden/x.parquet").code == 0
    killed("rename", 3, "label", "pile", "-o", "pile/x.parquet", cwd=trained)
    outcome = labeler("label", "pile", "-o", "pile/x.parquet")
    assert outcome.code == 0, outcome.err
    assert [row["id"] for row in rows_in(Path("pile/x.parquet"))] == [row["id"] for row in invented_papers(240)]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing/", "-o", "x.parquet"], 3, ["nothing"]),
        (["nothing.parquet", "-o", "x.parquet"], 3, ["nothing.parquet"]),
        (["nothing*.parquet", "-o", "labels/"], 3, ["nothing*.parquet"]),
        (["empty", "-o", "x.parquet"], 3, ["empty"]),
        (["cut.parquet", "-o", "x.parquet"], 3, ["cut.parquet", "damaged"]),
        (["odd.parquet", "-o", "x.parquet"], 3, ["no column title or abstract", "odd.parquet"]),
        (["pile", "-o", "topics.txt/labels/"], 3, ["cannot write"]),
        (["pile", "-o", "topics.txt/x.parquet"], 3, ["cannot write"]),
        (["pile", "-o", "topics.txt/"], 3, ["cannot write"]),
        (["pile", "-o", "labels/", "--to", "md"], 2, ["md", "parquet"]),
        (["pile", "-o", "labels/", "--to", "pdf"], 2, ["pdf", "parquet"]),
        (["pile", "-o", "labels/", "--json", "--to", "csv"], 2, ["contradict"]),
        (["pile", "-o", "labels"], 2, ["labels/"]),
        (["pile"], 2, ["need a place"]),
        (["pile", "-o", "-"], 2, ["need a place"]),
        (["pile", "-o", "labels/", "--jobs", "0"], 2, ["--jobs"]),
        (["pile/00.parquet", "--jobs", "2"], 2, ["--jobs"]),
        (["pile", "-o", "labels/", "--model", "nobody"], 4, ["nobody"]),
        (["pile", "-o", "nonsense://a/labels/"], 2, ["cannot be reached"]),
        (["nonsense://a/b.parquet", "-o", "labels/"], 2, ["cannot be reached"]),
        (["pile", "-o", "labels/", "--format", "pdf"], 2, ["pdf"]),
    ],
)
def test_faults_are_one_line_and_leave_no_labels(
    pile: Path, trained: Path, labeler: Labeler, arguments: list[str], code: int, words: list[str]
) -> None:
    shutil.copytree(pile, "pile")
    Path("empty").mkdir()
    Path("topics.txt").write_text("x")
    Path("cut.parquet").write_bytes(Path("pile/00.parquet").read_bytes()[:900])
    parquet(Path("odd.parquet"), pa.table({"name": ["a"]}))
    if arguments[-2:] == ["--format", "pdf"]:
        shutil.rmtree("pile")
        Path("pile").mkdir()
        Path("pile/a.jsonl").write_text('{"title": "Robots"}\n')
    one_line(labeler("label", *arguments), code, *words)
    assert not Path("x.parquet").exists()
    assert not list(Path().glob("labels*/part-*"))
    assert Path("topics.txt").read_text() == "x"


def test_a_damaged_model_is_refused(pile: Path, trained: Path, labeler: Labeler) -> None:
    (trained / "models" / "mine" / "1" / "weights.safetensors").write_text("other weights")
    one_line(labeler("label", pile, "-o", "labels/"), 6, "weights")


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[tuple[Path, int | None]]:
    """A folder with little room: a small disk where one may be mounted, else files may not grow."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", folder], check=False).returncode
    yield folder, None if mounted else 9_000
    if mounted:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_a_full_disk_is_told_and_leaves_no_half_file(
    trained: Path, full_disk: tuple[Path, int | None], suffix: str
) -> None:
    disk, most = full_disk
    files(trained / "pile", 4, 900)

    def limited() -> None:
        if most:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = subprocess.run(
        [*COMMAND, "label", "pile", "-o", disk / f"x.{suffix}"],
        cwd=trained, capture_output=True, text=True, preexec_fn=limited, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "a fault of labeler" not in done.stderr
    assert not (disk / f"x.{suffix}").exists()
    for path in disk.rglob("part-*"):
        assert not path.name.endswith(".parquet") or len(pq.read_table(path)) == 900


def workers(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The processes that joblib works in."""
    return [
        child for child in psutil.Process(process.pid).children(recursive=True)
        if any("popen_loky" in word for word in child.cmdline())
    ]  # fmt: skip


def test_two_processes_give_what_one_gives(pile: Path, whole: Path, trained: Path, labeler: Labeler) -> None:
    outcome = labeler("label", pile, "-o", "x.parquet", "--jobs", "2")
    assert outcome.code == 0, outcome.err
    assert Path("x.parquet").read_bytes() == (whole / "x.parquet").read_bytes()


@pytest.mark.slow
def test_a_worker_that_is_killed_is_told_and_the_next_run_ends_the_work(
    trained: Path, tmp_path: Path, labeler: Labeler
) -> None:
    files(tmp_path / "pile", 60, 300)
    process = start_process("label", tmp_path / "pile", "-o", "labels/", "--jobs", "2", cwd=trained)
    wait_until(lambda: bool(parts(Path("labels"))), process)
    workers(process)[0].kill()
    _, err = process.communicate()
    assert process.returncode == 5, err
    assert err.count(b"\n") == 1, err
    before = state(Path("labels"))
    assert 0 < len(before) < 60
    assert labeler("label", tmp_path / "pile", "-o", "labels/").code == 0
    assert {name: state(Path("labels"))[name] for name in before} == before
    assert [row["id"] for row in rows_in(Path("labels"))] == [row["id"] for row in invented_papers(18_000)]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_fault_in_a_worker_is_one_line(trained: Path, labeler: Labeler, jobs: str) -> None:
    files(Path("pile"), 3, 5)
    parquet(Path("pile/01.parquet"), pa.table({"name": ["a"]}))
    one_line(labeler("label", "pile", "-o", "labels/", "--jobs", jobs), 3, "no column title or abstract, only: name")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes of dask, in a folder of their own."""
    from distributed import LocalCluster

    here, elsewhere = Path.cwd(), tempfile.mkdtemp()
    os.chdir(elsewhere)
    try:
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as found:
            os.chdir(here)
            yield found
    finally:
        os.chdir(here)
        shutil.rmtree(elsewhere)


@pytest.mark.slow
def test_what_a_dask_worker_that_dies_was_at_another_one_does(cluster: Any, trained: Path, shared: Path) -> None:
    for number in range(16):
        parquet(Path(f"pile/{number:02}.parquet"), real_papers(800, 800 * number))
    before = {worker["pid"] for worker in _workers(cluster)}
    process = start_process(
        "label", "pile", "-o", trained / "x.parquet", "--dask", cluster.scheduler_address, cwd=trained
    )
    wait_until(lambda: bool(parts(Path(".x.parquet.parts"))), process)
    os.kill(min(before), signal.SIGKILL)
    count = len(parts(Path(".x.parquet.parts")))
    _, err = process.communicate()
    assert count < 16
    assert process.returncode == 0, err
    # A part whose worker died before it returned its result is not labelled again.
    counts = re.search(rb"(\d+) papers of 16 files labelled by mine@1.*?(?:\((\d+) papers had been|$)", err)
    assert counts is not None, err
    assert int(counts[1]) + int(counts[2] or 0) == 12_800
    assert pq.read_table("x.parquet")["id"].to_pylist() == real_papers(12_800)["id"].to_pylist()


def _workers(cluster: Any) -> list[dict[str, int]]:
    from distributed import Client

    with Client(cluster) as client:
        return [{"pid": pid} for pid in client.run(os.getpid).values()]


@pytest.mark.slow
def test_workers_of_dask_in_another_folder_write_where_they_are_told(
    cluster: Any, pile: Path, whole: Path, trained: Path, labeler: Labeler
) -> None:
    shutil.copytree(pile, "pile")
    outcome = labeler("label", "pile", "-o", "labels/", "--dask", cluster.scheduler_address)
    assert outcome.code == 0, outcome.err
    assert [path.read_bytes() for path in parts(Path("labels"))] == [
        path.read_bytes() for path in parts(whole / "labels")
    ]


@pytest.mark.slow
def test_a_fault_on_the_cluster_is_one_line(cluster: Any, trained: Path) -> None:
    files(Path("pile"), 3, 5)
    parquet(Path("pile/01.parquet"), pa.table({"name": ["a"]}))
    done = run_process("label", "pile", "-o", f"{trained}/labels/", "--dask", cluster.scheduler_address, cwd=trained)
    assert done.returncode == 3, done.stderr
    assert done.stderr.count(b"\n") == 1, done.stderr


@pytest.mark.slow
def test_a_cluster_of_ones_own_gives_the_same(pile: Path, whole: Path, trained: Path) -> None:
    done = run_process("label", pile, "-o", "x.parquet", "--dask", "local", cwd=trained)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert Path("x.parquet").read_bytes() == (whole / "x.parquet").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "nonsense://x", "tcp://"])
def test_where_no_scheduler_listens_is_one_line(
    pile: Path, trained: Path, labeler: Labeler, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    client = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda address, **_: client(address, timeout=0.3))
    one_line(labeler("label", pile, "-o", "labels/", "--dask", address), 5, "no dask cluster answers at", address)
    assert parts(Path("labels")) == []


MEASURED = """
import resource, sys
from labeler.cli import main
code = main(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_papers(trained: Path, shared: Path) -> None:
    real = real_papers(20_000)
    table = pa.table({"title": real["title"], "abstract": pc.utf8_slice_codeunits(real["abstract"], 0, 300)})
    parquet(trained / "20000.parquet", table)
    parquet(trained / "60000.parquet", pa.concat_tables([table] * 3), [20_000] * 3)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MEASURED, "--quiet", "label", f"{papers}.parquet", "-o", f"{papers}/"],
            cwd=trained, stderr=subprocess.PIPE, text=True,
        )
        for papers in (20_000, 60_000)
    ]  # fmt: skip
    (code, small), (other, large) = (map(int, process.communicate()[1].split()) for process in processes)
    assert code == other == 0
    for papers in (20_000, 60_000):
        found = parts(trained / str(papers))
        assert sum(pq.ParquetFile(part).metadata.num_rows for part in found) == papers
    assert large <= 1.25 * small


@pytest.mark.slow
def test_what_is_wrong_is_raised_for_callers(pile: Path, trained: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        many(trained, "nothing", to="labels/")
    result = many(trained, pile, to="labels/")
    assert sum(result.outcome.decisions.values()) == result.outcome.papers == 240
    with pytest.raises(RefusedError):
        many(trained, pile, to="labels/", model="arxiv")
    assert json.loads(Path("labels/_labeler.json").read_text())["papers"] == 240
    assert {labels_of(row)[4] for row in rows_in(Path("labels"))} == {"mine@1"}
