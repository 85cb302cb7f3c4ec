"""Several outputs of one labelling."""

from __future__ import annotations

import itertools
import resource
import subprocess
from pathlib import Path

import pytest

from labeler.publish.registry import OUTPUTS
from tests.cli.process import COMMAND
from tests.conftest import Labeler

ENDINGS = [writer.SUFFIXES[0] for writer in OUTPUTS.builtin]


def names() -> set[str]:
    return {path.name for path in Path.cwd().iterdir() if path.is_file()}


def test_all_outputs_at_once_are_what_each_is_alone(labeler: Labeler, trained: Path, digest: Path) -> None:
    for ending in ENDINGS:
        assert labeler("label", digest, "-o", f"alone{ending}").code == 0
    destinations = [f"--output=all{ending}" for ending in ENDINGS]
    outcome = labeler("label", digest, *destinations)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith("24 papers labelled by mine@1")
    for ending in ENDINGS:
        assert Path(f"all{ending}").read_bytes() == Path(f"alone{ending}").read_bytes()


@pytest.mark.parametrize(
    ("options", "beginning", "files"),
    [
        (["-o", "a.csv", "-o", "b.md"], "", {"a.csv": "id,", "b.md": "# 24"}),
        (["-o", "a.csv", "-o", "b.md", "--to", "table"], "PAPER", {"a.csv": "id,", "b.md": "# 24"}),
        (["-o", "a.csv", "-o", "b", "--json"], '{"id"', {"a.csv": "id,", "b": '{"id"'}),
        (["-o", "a.csv", "-o", "-", "--to", "md"], "# 24", {"a.csv": "id,"}),
        (["-o", "-", "-o", "a.csv"], '{"id"', {"a.csv": "id,"}),
        (["-o", "a.csv", "--to", "md"], "", {"a.csv": "# 24"}),
        (["-o", "-", "--to", "md"], "# 24", {}),
    ],
)
def test_of_several_files_each_has_what_its_ending_says_and_standard_output_the_rest(
    labeler: Labeler, trained: Path, digest: Path, options: list[str], beginning: str, files: dict[str, str]
) -> None:
    before = names()
    outcome = labeler("label", digest, *options)
    assert outcome.code == 0
    assert outcome.out.startswith(beginning)
    assert bool(outcome.out) is bool(beginning)
    assert names() - before == set(files)
    for name, start in files.items():
        assert Path(name).read_text().startswith(start)


@pytest.mark.parametrize("papers", [0, 1, 256, 257, 600])
def test_papers_that_are_written_some_at_a_time_are_as_if_written_at_once(
    labeler: Labeler, trained: Path, papers: int
) -> None:
    lines = (f'{{"title": "Robots, number {number}", "abstract": "They fold towels."}}' for number in range(papers))
    Path("many.jsonl").write_text("\n".join(lines) or "[]")
    assert labeler("label", "many.jsonl", "-o", "alone.csv").code == 0
    assert labeler("label", "many.jsonl", "-o", "all.csv", "-o", "all.jsonl", "-o", "all.md").code == 0
    assert Path("all.csv").read_bytes() == Path("alone.csv").read_bytes()
    assert Path("all.jsonl").read_text().count("\n") == papers
    assert Path("all.md").read_text().startswith(f"# {papers} paper")


@pytest.mark.parametrize(
    ("destinations", "code", "told"),
    [
        (["a.csv", "b.pdf"], 2, "no output has the ending .pdf"),
        (["a.csv", "nowhere/b.md"], 3, "cannot write"),
        (["a.csv", "folder.md"], 2, "go to one place"),
        (["a.csv", "a.csv"], 2, "-o a.csv is given twice"),
        (["a.csv", "./a.csv"], 2, "-o ./a.csv is given twice"),
        (["a.csv", "labels/"], 2, "go to one place"),
        (["a.csv", "md"], 2, "-o md would be a file of that name"),
    ],
)
def test_where_one_place_is_wrong_nothing_is_written(
    labeler: Labeler, trained: Path, digest: Path, destinations: list[str], code: int, told: str
) -> None:
    Path("folder.md").mkdir()
    Path("a.csv").write_text("of before")
    before = names()
    told = told.rpartition(" is given")[2]
    for order in itertools.permutations(destinations):
        outcome = labeler("label", digest, *(f"--output={file}" for file in order))
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (code, "", 1)
        assert told in outcome.err
        assert names() == before
        assert Path("a.csv").read_text() == "of before"


def test_a_digest_that_turns_out_damaged_leaves_nothing(labeler: Labeler, trained: Path) -> None:
    good = '{"title": "Robots with arms", "abstract": "They fold towels."}\n'
    Path("bad.json").write_text(f"[{good * 0}{{]")
    before = names()
    assert labeler("label", "bad.json", "-o", "a.csv", "-o", "a.md").code == 3
    assert names() == before


@pytest.mark.slow
def test_where_there_is_room_for_one_output_only_there_is_none(trained: Path, digest: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    before = names()
    command = [*COMMAND, "label", str(digest), "-o", "small.md", "-o", "large.jsonl"]
    done = subprocess.run(command, preexec_fn=little_room, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "large.jsonl: file too large" in done.stderr
    assert names() == before


@pytest.mark.slow
def test_where_nobody_reads_standard_output_the_files_appear_all_the_same(trained: Path, digest: Path) -> None:
    command = [*COMMAND, "label", str(digest), "-o", "-", "-o", "a.csv", "-o", "b.md"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.wait()
    assert process.returncode == 0
    assert Path("a.csv").read_text().count("mine@1") == 24
    assert Path("b.md").exists()


def test_sets_of_topics_need_one_output_that_has_them(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("label", digest, "--sets", "0.1", "-o", "a.csv", "-o", "a.md")
    assert outcome.code == 2
    assert "not as csv or md" in outcome.err
    assert labeler("label", digest, "--sets", "0.1", "-o", "a.csv", "-o", "a.jsonl").code == 0
    assert '"set": [' in Path("a.jsonl").read_text()
