"""Where digests come from: files, standard input, gzip, encodings, and what is damaged."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests import FORMATS, open_sources, read_inputs
from labeler.digests.source import Refusal, Source
from labeler.errors import InputError, LabelerError
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, MAIL, OTHER, lines, page, parquet_bytes, read, saved, source, titles
from tests.paths import ROOT

_PAPERS = lines({"title": "Plain Sorting", "abstract": ABSTRACT}, {"title": "Bridges", "abstract": OTHER})
_TABLE = f'title,abstract\nCafé Sorting,"{ABSTRACT}"\nBridges,"{OTHER}"\n'
_PAGE = page("Mar 14", "Café “Sorting” – One", ABSTRACT, "Bridges", OTHER)
_SAMPLES = {
    "a.jsonl": _PAPERS.encode(),
    "a.json": json.dumps([{"title": "A", "abstract": "b", "authors": ["C D"]}, {"title": "E"}]).encode(),
    "daily.json": json.dumps([{"paper": {"id": "2601.88001", "title": "A", "summary": "b"}}]).encode(),
    "a.csv": _TABLE.encode(),
    "mail.txt": MAIL.encode(),
    "page.txt": _PAGE.encode(),
    "a.jsonl.gz": gzip.compress(_PAPERS.encode(), mtime=0),
    "a.parquet": parquet_bytes(title=["Ä", "B"], abstract=["c", "d"]),
}


def _run(*arguments: str, stdin: bytes | int | None, **options: object) -> subprocess.CompletedProcess[bytes]:
    given_input = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
    return subprocess.run(
        [sys.executable, "-m", "labeler", "read", *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        **given_input,  # type: ignore[call-overload]
        **options,
    )


def _titles(out: bytes) -> list[str]:
    return [json.loads(line)["title"] for line in out.decode().splitlines()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("name", "text"), [("a.csv", _TABLE), ("page.txt", _PAGE)])
def test_encoding_and_line_ends_do_not_change_what_is_read(
    tmp_path: Path, name: str, text: str, newline: str, encoding: str
) -> None:
    plain = read(tmp_path, name, text)
    other = read(tmp_path, name, text.replace("\n", newline).encode(encoding))
    assert other.papers == plain.papers
    assert len(plain.papers) == 2
    assert plain.papers[0].title.startswith("Café")


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_of_either_order_is_read(tmp_path: Path, mark: bytes) -> None:
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert titles(read(tmp_path, "a.csv", mark + "title,abstract\nÄpfel,b\n".encode(order))) == ["Äpfel"]


@pytest.mark.parametrize("ending", ["é", "é\n", "“é”", "”\r\n"])
def test_old_export_whose_last_letters_alone_are_odd_is_windows_1252(tmp_path: Path, ending: str) -> None:
    reading = read(tmp_path, "a.csv", f"abstract,title\nb,One caf{ending}".encode("cp1252"))
    assert titles(reading) == [f"One caf{ending.strip()}"]
    assert "odd_characters" not in reading.papers[0].flags


def test_long_utf_8_file_whose_head_ends_inside_a_letter_is_utf_8(tmp_path: Path) -> None:
    for shift in range(3):
        text = "title,abstract\n" + "x" * shift + "日" * 40_000 + ",b\n"
        assert source(tmp_path, "a.csv", text).encoding == "utf-8-sig"


def test_letters_that_cannot_be_decoded_are_flagged(tmp_path: Path) -> None:
    rows = "".join(f"Paper {number},{'w ' * 50}\n" for number in range(900))
    reading = read(tmp_path, "a.csv", f"title,abstract\n{rows}".encode() + b"Broken \xff Letter,b\n")
    assert reading.papers[-1].title == "Broken \ufffd Letter"
    assert "odd_characters" in reading.papers[-1].flags
    assert all("odd_characters" not in paper.flags for paper in reading.papers[:-1])


@pytest.mark.parametrize(
    "content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xff\xfe", gzip.compress(b"", mtime=0)]
)
def test_file_without_text_is_empty(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.txt is empty"):
        read(tmp_path, "a.txt", content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (bytes(range(256)) * 40, "cannot tell what kind of digest a.bin is; it is no text"),
        (random.Random(0).randbytes(5000), "cannot tell what kind of digest a.bin is; it is no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a.bin is an image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "a.bin is a PDF file"),
        (b"PK\x03\x04" + bytes(200), "cannot read a.bin: damaged (File is not a zip file)"),
    ],
)
def test_rubbish_is_refused_in_one_line(tmp_path: Path, labeler: Labeler, content: bytes, told: str) -> None:
    outcome = labeler("read", saved(tmp_path, "a.bin", content))
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.count("\n") == 1
    assert told in outcome.err


def test_utf_16_table_without_a_mark_is_read(tmp_path: Path) -> None:
    assert titles(read(tmp_path, "a.csv", "title,abstract\nOne,b\n".encode("utf-16-le"))) == ["One"]


def test_nul_in_a_table_does_not_hide_the_paper(tmp_path: Path) -> None:
    assert titles(read(tmp_path, "a.csv", b"title,abstract\nO\x00ne,two\n")) == ["One"]


def test_missing_file_and_folder_are_named(tmp_path: Path, labeler: Labeler) -> None:
    missing = labeler("read", tmp_path / "nothing.txt")
    folder = labeler("read", tmp_path)
    assert (missing.code, folder.code) == (3, 3)
    assert "nothing.txt: no such file or directory" in missing.err
    assert f"there is no file {tmp_path}" in folder.err
    with pytest.raises(InputError, match="is a directory"):
        Source(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("A.JSONL", ".jsonl"), ("a.csv.gz", ".csv"), ("a.csv.GZ", ".csv"), ("a", ""), ("a.gz", ""), ("a.b.txt", ".txt")],
)
def test_suffix_is_that_of_the_content(tmp_path: Path, name: str, suffix: str) -> None:
    assert source(tmp_path, name, "x").suffix == suffix


def test_gzip_is_seen_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    assert titles(read(tmp_path, "a.jsonl", gzip.compress(_PAPERS.encode()))) == ["Plain Sorting", "Bridges"]
    assert titles(read(tmp_path, "a.jsonl.gz", _PAPERS)) == ["Plain Sorting", "Bridges"]
    two = gzip.compress(lines({"title": "A"}).encode()) + gzip.compress(lines({"title": "B"}).encode())
    assert titles(read(tmp_path, "b.jsonl.gz", two)) == ["A", "B"]


def _large_gzip() -> bytes:
    noise = random.Random(1)
    records = ({"title": f"Title {number}", "abstract": noise.randbytes(200).hex()} for number in range(2000))
    return gzip.compress(lines(*records).encode(), mtime=0)


def _flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :]


@pytest.mark.parametrize("damage", ["cut early", "cut late", "flipped early", "flipped late", "wrong sum", "trailing"])
def test_damaged_gzip_is_bad_input(tmp_path: Path, damage: str) -> None:
    whole = _large_gzip()
    content = {
        "cut early": whole[:200],
        "cut late": whole[:-500],
        "flipped early": whole[:30] + b"\xff" * 30 + whole[60:],
        "flipped late": _flipped(whole, len(whole) - 2000),
        "wrong sum": _flipped(whole, len(whole) - 6),
        "trailing": whole + b"garbage",
    }[damage]
    with pytest.raises(InputError, match=r"a\.jsonl\.gz"):
        read(tmp_path, "a.jsonl.gz", content)


@pytest.mark.slow
@pytest.mark.parametrize("format_name", FORMATS.names)
def test_damaged_gzip_is_bad_input_for_every_reader(tmp_path: Path, format_name: str) -> None:
    with pytest.raises(InputError, match=r"a\.gz"):
        read(tmp_path, "a.gz", _large_gzip()[:-500], format_name)


def test_refusal_says_where() -> None:
    assert str(Refusal("a.csv", "line 3", "is odd")) == "a.csv, line 3: is odd"
    assert str(Refusal("a.csv", "", "is odd")) == "a.csv: is odd"


def _piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """A pipe that gives the content in pieces as standard input."""
    reading, writing = os.pipe()

    def feed() -> None:
        with os.fdopen(writing, "wb", buffering=0) as stream, suppress(BrokenPipeError):
            for start in range(0, len(content), 999):
                stream.write(content[start : start + 999])

    threading.Thread(target=feed).start()
    monkeypatch.setattr("sys.stdin", os.fdopen(reading))


@pytest.mark.parametrize("name", list(_SAMPLES))
def test_standard_input_is_read_from_a_pipe_as_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _piped(monkeypatch, _SAMPLES[name])
    opened = Source("-")
    assert (opened.name, opened.suffix) == ("standard input", "")
    _piped(monkeypatch, _SAMPLES[name])
    piped = read_inputs(["-"])
    assert titles(piped) == titles(read(tmp_path, name, _SAMPLES[name]))
    assert piped.papers[0].source == "standard input"


def test_piped_input_longer_than_the_head_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    records = lines(*({"title": f"Title {number}", "abstract": ABSTRACT} for number in range(1000)))
    _piped(monkeypatch, records.encode())
    assert titles(read_inputs(["-"])) == [f"Title {number}" for number in range(1000)]


def test_command_reads_a_pipe_and_a_redirected_file(tmp_path: Path) -> None:
    assert _titles(_run("-", "--json", stdin=_PAPERS.encode()).stdout) == ["Plain Sorting", "Bridges"]
    with saved(tmp_path, "a.jsonl.gz", _SAMPLES["a.jsonl.gz"]).open("rb") as stream:
        assert _titles(_run("-", "--json", stdin=stream.fileno()).stdout) == ["Plain Sorting", "Bridges"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_pipe_with_a_name_is_read(name: str) -> None:
    """As a shell gives it for ``labeler read <(zcat …)``."""
    reading, writing = os.pipe()
    os.write(writing, _SAMPLES[name])
    os.close(writing)
    try:
        assert titles(read_inputs([f"/dev/fd/{reading}"])) == ["Plain Sorting", "Bridges"]
    finally:
        os.close(reading)


def test_empty_standard_input_is_told() -> None:
    outcome = _run("-", stdin=b"")
    assert outcome.returncode == 3
    assert b"standard input is empty" in outcome.stderr


def test_closed_standard_input_is_bad_input() -> None:
    shell = f'"{sys.executable}" -m labeler read - <&-'
    outcome = subprocess.run(["sh", "-c", shell], capture_output=True, check=False, cwd=ROOT)
    assert outcome.returncode == 3
    assert b"standard input" in outcome.stderr


def test_standard_input_named_twice_is_told_in_words() -> None:
    outcome = _run("-", "-", stdin=_PAPERS.encode())
    assert b"fault of labeler" not in outcome.stderr
    assert outcome.returncode in (0, 2, 3)


def test_more_files_than_may_be_open_at_once_are_read(tmp_path: Path) -> None:
    names = [saved(tmp_path, f"{number:02}.json", json.dumps({"title": f"T {number}"})).name for number in range(60)]
    script = f'ulimit -n 40; exec "{sys.executable}" -m labeler read --json {" ".join(names)}'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    outcome = subprocess.run(["sh", "-c", script], capture_output=True, check=False, cwd=tmp_path, env=environment)
    assert outcome.returncode == 0, outcome.stderr
    assert len(_titles(outcome.stdout)) == 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("arbitrary")


def _read_or_refused(folder: Path, name: str, content: bytes, format_name: str | None) -> None:
    with suppress(LabelerError):
        reading = read(folder, name, content, format_name)
        assert reading.papers or reading.notes


@settings(max_examples=80, deadline=None)
@given(
    content=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8")),
    format_name=st.sampled_from([None, *FORMATS.names]),
    name=st.sampled_from(["a", "a.csv", "a.jsonl", "a.json", "a.txt"]),
)
def test_arbitrary_bytes_are_read_or_refused(folder: Path, content: bytes, format_name: str | None, name: str) -> None:
    _read_or_refused(folder, name, content, format_name)


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(list(_SAMPLES)), forced=st.booleans(), data=st.data())
def test_digest_with_damaged_bytes_is_read_or_refused(
    folder: Path, name: str, forced: bool, data: st.DataObject
) -> None:
    content = bytearray(_SAMPLES[name])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    _read_or_refused(folder, name, bytes(content), data.draw(st.sampled_from(FORMATS.names)) if forced else None)


def test_source_opened_and_never_read_needs_no_care(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", _TABLE)
    assert Source(str(path)).head == _TABLE
    path.unlink()


@pytest.mark.parametrize("packed", [False, True])
def test_what_lies_elsewhere_is_read_as_often_as_it_is_asked_for(packed: bool) -> None:
    name = "a.jsonl.gz" if packed else "a.jsonl"
    _elsewhere(name, gzip.compress(_PAPERS.encode()) if packed else _PAPERS.encode())
    found = Source(f"memory://pile/{name}")
    assert (found.name, found.suffix, found.head) == (name, ".jsonl", _PAPERS)
    for _ in range(2):
        with found.text() as stream:
            assert stream.read() == _PAPERS
        with found.binary() as binary:
            assert binary.read() == _PAPERS.encode()


def test_what_is_not_there_elsewhere_is_bad_input() -> None:
    with pytest.raises(InputError, match="cannot read memory://pile/nothing"):
        Source("memory://pile/nothing")


def test_papers_elsewhere_longer_than_the_head_are_read_whole() -> None:
    content = (_PAPERS * 2000).encode()
    _elsewhere("long.jsonl", content)
    with Source("memory://pile/long.jsonl").text() as stream:
        assert stream.read().encode() == content


def test_an_address_of_the_web_is_one_file_whatever_it_asks_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def open_file(address: str) -> io.BytesIO:
        asked.append(address)
        return io.BytesIO(_TABLE.encode())

    monkeypatch.setattr("labeler.digests.source.open_file", open_file)
    (found,) = open_sources(["https://example.org/export/all.csv?q=cat:cs.*&max=[2]#top"])
    assert (found.name, found.suffix, found.head) == ("all.csv", ".csv", _TABLE)
    assert set(asked) == {"https://example.org/export/all.csv?q=cat:cs.*&max=[2]#top"}


def _elsewhere(name: str, content: bytes) -> None:
    import fsspec

    fsspec.filesystem("memory").pipe(f"/pile/{name}", content)
