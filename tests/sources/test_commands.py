"""Sources on the command line: fetch, and wherever a digest is named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from labeler.digests import read_digest
from labeler.sources.registry import SOURCES
from tests.conftest import Labeler
from tests.sources import invented
from tests.sources.replay import Answer, Clock, Replay

PATH = "/api/daily_papers"
DAY = "hf:2026-11-26"


@pytest.fixture(autouse=True)
def _services(web: Replay, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SOURCES.names:
        monkeypatch.setenv(f"LABELER_FETCH_{name.upper()}_URL", web.url)
    web.answers(PATH, invented.hf(*range(1, 13)))


def test_fetch_prints_papers_as_json_lines(labeler: Labeler, web: Replay) -> None:
    done = labeler("fetch", "hf", "2026-11-26")
    assert done.code == 0
    papers = [json.loads(line) for line in done.out.splitlines()]
    assert [paper["id"] for paper in papers] == [f"arxiv:2611.{number:05}" for number in range(1, 13)]
    assert papers[0]["source"] == DAY
    assert done.err == f"{DAY}: 12 records = 12 papers + 0 merged + 0 refused (read as hf_daily)\n"
    for same in (["fetch", DAY, "--json"], ["read", DAY, "--json"]):
        assert labeler(*same).out == done.out
    assert len(web.asked) == 1


def test_fetch_writes_a_file_that_can_be_read(labeler: Labeler, tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    done = labeler("fetch", "hf", "--since", "today", "-o", file, "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert labeler("read", file).err.startswith("12 records = 12 papers")


def test_fetch_gives_no_more_than_it_should(labeler: Labeler) -> None:
    assert len(labeler("fetch", DAY, "--max", "5").out.splitlines()) == 5


def test_words_of_several_arguments_are_one_query(labeler: Labeler, web: Replay) -> None:
    web.answers("/works", invented.crossref([1], 1))
    assert labeler("fetch", "crossref", "soil", "carbon", "--since", "2026-11-20").code == 0
    assert web.asked[0].parameters["query"] == "soil carbon"
    assert labeler("fetch", "arxiv:cs.CL", "cs.LG").code == 5  # the server of this test has no such feed
    assert web.asked[-1].path == "/atom/cs.CL+cs.LG"


def test_a_day_without_papers_is_no_error(labeler: Labeler, web: Replay) -> None:
    web.answers(PATH, [])
    done = labeler("fetch", "hf:2026-11-22")
    assert (done.code, done.out) == (0, "")
    assert "has no papers in it" in done.err
    assert "0 records = 0 papers" in done.err
    for command in (["read"], ["label", "--to", "jsonl"], ["label", "--to", "csv"]):
        assert labeler(*command, "hf:2026-11-22").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "fetch needs a source; known are: arxiv, biorxiv"),
        (["nowhere"], 2, "there is no source 'nowhere'"),
        (["hf", "cats"], 2, "hf has no papers of 'cats'"),
        (["hf", "--since", "soon"], 2, "names no day; give today, yesterday, 7d"),
        (["hf", "--max", "0"], 2, "--max"),
        (["https://example.org/feed?key=abc"], 2, "https://example.org/feed is an address; write `labeler fetch feed"),
        (["feed", "file:///etc/passwd"], 2, "a feed holds no address of the web"),
        ([DAY, "-o", "papers.xlsx"], 2, ".xlsx"),
        (["hf", "2026-11-26", "--workspace", "nowhere"], 4, "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    labeler: Labeler, web: Replay, arguments: list[str], code: int, words: str
) -> None:
    done = labeler("fetch", *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert done.err.count("\n") == 1
    assert not web.asked


def test_faults_have_their_exit_codes(labeler: Labeler, web: Replay, tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    web.answers(PATH, Answer(b"", 503))
    for command in (["fetch", DAY, "-o", file], ["read", DAY], ["label", DAY]):
        done = labeler(*command)
        assert (done.code, done.out) == (5, "")
        assert "hf (127.0.0.1) cannot be used" in done.err
        assert done.err.count("\n") == 1
    assert not file.exists()
    web.answers(PATH, b"<!doctype html><title>Log in</title>")
    done = labeler("fetch", DAY)
    assert done.code == 3
    assert "hf has answered with a web page" in done.err


def test_sources_are_listed(labeler: Labeler) -> None:
    listed = json.loads(labeler("fetch", "--sources", "--json").out)
    assert list(listed) == list(SOURCES.names)
    assert all(one["about"] and one["query"] and one["example"] for one in listed.values())
    assert "e.g. arxiv:cs.CL" in labeler("fetch", "--sources").out


def test_the_settings_of_the_workspace_that_is_named_are_used(
    labeler: Labeler, web: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labeler("init", tmp_path / "mine")
    (tmp_path / "mine/labeler.toml").write_text('[fetch]\ncontact = "mine@example.org"\nmax_age = 0\n')
    monkeypatch.chdir(tmp_path)
    labeler("fetch", DAY)
    labeler("--workspace", "mine", "fetch", DAY)
    labeler("read", DAY, "--workspace", "mine")
    labeler("fetch", DAY)
    assert [one.headers["user-agent"].partition("(")[2] for one in web.asked] == ["", *["mailto:mine@example.org)"] * 2]


def test_label_and_explain_take_sources(labeler: Labeler, trained: Path, digest: Path) -> None:
    done = labeler("label", DAY, digest, "--to", "jsonl")
    assert done.code == 0
    assert len(done.out.splitlines()) == 12 + 24
    assert {"topics", "decision", "source"} <= set(json.loads(done.out.splitlines()[0]))
    assert labeler("explain", DAY, "--paper", "arxiv:2611.00003").code == 0


def test_many_papers_may_come_of_a_source(labeler: Labeler, trained: Path, digest: Path, tmp_path: Path) -> None:
    done = labeler("label", DAY, digest, "-o", f"{tmp_path}/labels/")
    assert done.code == 0, done.err
    assert "36 papers of 2 files labelled" in done.err


def test_export_and_push_take_sources(labeler: Labeler, workspace: Path, digest: Path, web: Replay) -> None:
    papers = read_digest(digest)
    web.answers(PATH, [{"paper": {"id": "", "title": one.title, "summary": one.abstract}} for one in papers])
    done = labeler("export", DAY)
    assert len(json.loads(done.out)) == 24
    done = labeler("push", DAY, "--count", "3", "--dry-run")
    assert done.code == 0
    assert "3 papers" in done.err + done.out


def test_a_file_of_that_name_comes_first(
    labeler: Labeler, web: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(DAY).write_text(json.dumps(invented.hf(5)))
    assert "1 record = 1 paper" in labeler("read", DAY).err
    assert not web.asked


def test_a_missing_file_is_told_before_a_source_is_asked(labeler: Labeler, web: Replay) -> None:
    done = labeler("read", DAY, "nowhere.txt")
    assert (done.code, web.asked) == (3, [])
    assert "nowhere.txt" in done.err


@pytest.mark.slow
def test_nothing_of_it_is_loaded_for_a_file(trained: Path, digest: Path) -> None:
    program = (
        "import sys; from labeler.cli import main; code = main(sys.argv[1:]); "
        "print([name for name in sys.modules if name.startswith(('labeler.sources', 'urllib.request', 'http.client'))],"
        "file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program, "label", digest], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_workspace_may_name_a_mirror_which_gets_no_key(
    labeler: Labeler, web: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NCBI_API_KEY", "a-key-of-mine")
    web.answers("/mirror/entrez/eutils/esearch.fcgi", invented.esearch([]))
    web.answers("/entrez/eutils/esearch.fcgi", invented.esearch([]))
    Path("labeler.toml").write_text(f'[fetch]\nmax_age = 0\n[fetch.pubmed]\nurl = "{web.url}/mirror/"\n')
    assert labeler("fetch", "pubmed:sleep").code == 0  # the environment comes first
    monkeypatch.delenv("LABELER_FETCH_PUBMED_URL")
    assert labeler("fetch", "pubmed:sleep").code == 0
    assert [(one.path, "api_key" in one.parameters) for one in web.asked] == [
        ("/entrez/eutils/esearch.fcgi", True), ("/mirror/entrez/eutils/esearch.fcgi", False)
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["url = 5", 'uri = "x"', 'url = "ftp://x"', 'url = "https://me:word@x"'])
def test_a_mirror_that_is_none_is_told(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LABELER_FETCH_PUBMED_URL")
    Path("labeler.toml").write_text(f"[fetch.pubmed]\n{table}\n")
    done = labeler("fetch", "pubmed:sleep")
    assert done.code in (2, 3)
    assert "[fetch.pubmed]" in done.err
    assert "word@" not in done.err
