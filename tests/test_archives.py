"""Archives: each member is an input of its own, and nothing in an archive does harm."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler import archives, compression
from labeler.archives import member_at, open_member, paths_in
from labeler.digests import read_inputs
from labeler.errors import InputError
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, OTHER, lines, page, tarred, zipped

TABLE = f'title,abstract\nSorting,"{ABSTRACT}"\n'.encode()
LINES = lines({"title": "Bridges", "abstract": OTHER}).encode()
FILES = {"sub/a.csv": TABLE, "b.jsonl": LINES}
JUNK = {"__MACOSX/._a.csv": b"\0\5", ".DS_Store": b"\0", "sub/Thumbs.db": b"\0", "README.md": b"# Papers\n\nHello.\n"}


KINDS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "a.zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "lzma.zip": lambda files: zipped(files, zipfile.ZIP_LZMA),
    "a.tar": tarred,
    "gnu.tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "ustar.tar": lambda files: tarred(files, tarfile.USTAR_FORMAT),
    "a.tar.gz": lambda files: gzip.compress(tarred(files)),
    "a.tar.bz2": lambda files: bz2.compress(tarred(files)),
    "a.tar.xz": lambda files: lzma.compress(tarred(files)),
    "a.tar.zst": lambda files: zstandard.compress(tarred(files)),
    "a name without an ending": lambda files: gzip.compress(tarred(files)),
}
kinds = pytest.mark.parametrize(("name", "make"), KINDS.items(), ids=KINDS)


def written(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


@kinds
def test_members_are_inputs_of_their_own(
    tmp_path: Path, name: str, make: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    path = written(tmp_path, name, make({**FILES, "c.json.gz": gzip.compress(b"[]"), **JUNK}))
    reading = read_inputs([path])
    assert [(paper.title, paper.source) for paper in reading.papers] == [
        ("Bridges", f"{name}/b.jsonl"),
        ("Sorting", f"{name}/sub/a.csv"),
    ]
    assert not reading.refused
    assert reading.notes[0].startswith(f"{name}: passed over __MACOSX/._a.csv, .DS_Store, sub/Thumbs.db")
    assert f"{name}/README.md is no digest and was passed over" in reading.notes


def test_a_readme_that_is_a_digest_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.zip", zipped({"README.txt": page("Mar 14", "Sorting", ABSTRACT).encode()}))
    assert [paper.title for paper in read_inputs([path]).papers] == ["Sorting"]


def test_a_licence_beside_digests_is_no_digest(tmp_path: Path) -> None:
    licence = (Path(__file__).parent.parent / "LICENSE").read_bytes()
    path = written(tmp_path, "a.zip", zipped({"LICENSE": licence, "a.csv": TABLE}))
    assert [paper.title for paper in read_inputs([path]).papers] == ["Sorting"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.parametrize("bad", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:/evil.csv", "..\\evil.csv"])
def test_names_that_lead_out_are_passed_over(tmp_path: Path, name: str, bad: str) -> None:
    path = written(tmp_path, name, KINDS[name]({bad: LINES, "a.csv": TABLE}))
    reading = read_inputs([path])
    assert [paper.title for paper in reading.papers] == ["Sorting"]
    assert any("its name leads out of the archive" in note for note in reading.notes)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    out = io.BytesIO(tarred({}))
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("l.csv", tarfile.SYMTYPE), ("h.csv", tarfile.LNKTYPE), ("d.csv", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.csv")
        info.size = len(TABLE)
        archive.addfile(info, io.BytesIO(TABLE))
    reading = read_inputs([written(tmp_path, "a.tar", out.getvalue())])
    assert [paper.title for paper in reading.papers] == ["Sorting"]
    assert "l.csv, h.csv, d.csv (it is a link" in reading.notes[0]


@pytest.mark.parametrize("inner", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_an_archive_inside_an_archive_is_refused_alone(tmp_path: Path, name: str, inner: str) -> None:
    path = written(tmp_path, name, KINDS[name]({"a.csv": TABLE, f"in.{inner}": KINDS[inner](FILES)}))
    reading = read_inputs([path])
    assert len(reading.papers) == 1
    assert str(reading.refused[0]).startswith(f"{name}/in.{inner}: is an archive inside an archive")


def test_members_that_are_no_digests_are_refused_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "a.zip", zipped({"a.csv": TABLE, "paper.pdf": b"%PDF-1.7\n"}))
    reading = read_inputs([path])
    assert (len(reading.papers), reading.records) == (1, 2)
    assert "a.zip/paper.pdf: is a PDF file" in str(reading.refused[0])


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_an_archive_that_is_a_bomb_is_refused(
    tmp_path: Path, name: str, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "HARMLESS", 1 << 20)
    path = written(tmp_path, name, KINDS[name]({"a.csv": TABLE, "zeros.csv": bytes(9 << 20)}))
    outcome = labeler("read", path)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (3, "", 1)
    assert "becomes more than 250 times as large" in outcome.err
    written(tmp_path, "b.csv", TABLE)
    reading = read_inputs([str(tmp_path)])  # in a folder, it is refused alone
    assert len(reading.papers) == len(reading.refused) == 1


def test_a_member_that_says_it_is_smaller_than_it_is_does_no_harm(tmp_path: Path) -> None:
    data = zipped({"a.csv": TABLE, "zeros.csv": bytes(1 << 20)})
    size = (1 << 20).to_bytes(4, "little")
    path = written(tmp_path, "a.zip", data.replace(size, (1000).to_bytes(4, "little")))
    assert [paper.title for paper in read_inputs([path]).papers] == ["Sorting"]


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_MEMBERS", 10)
    for name in ("a.zip", "a.tar"):
        path = written(tmp_path, name, KINDS[name]({f"{number}.csv": TABLE for number in range(11)}))
        with pytest.raises(InputError, match="holds too much to be read packed; unpack it and give the folder"):
            paths_in(path)


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    nameless = zipfile.ZipInfo("x")
    nameless.filename = ""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.jsonl", json.dumps({"title": "A paper on robots", "abstract": "Robots walk."}))
        archive.writestr(nameless, "nothing")
    assert len(read_inputs([str(tmp_path / "a.zip")]).papers) == 1


def test_a_member_with_a_password_is_passed_over(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.csv": TABLE, "b.csv": TABLE}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    reading = read_inputs([written(tmp_path, "a.zip", bytes(data))])
    assert len(reading.papers) == 1
    assert "b.csv (it needs a password)" in reading.notes[0]


def test_a_damaged_member_is_refused_alone(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.csv": TABLE, "b.jsonl": LINES}, zipfile.ZIP_STORED))
    data[data.index(b"Bridges age") + 3] ^= 0xFF
    reading = read_inputs([written(tmp_path, "a.zip", bytes(data))])
    assert [paper.title for paper in reading.papers] == ["Sorting"]
    assert "Bad CRC-32" in str(reading.refused[0])
    assert str(reading.refused[0]).startswith("a.zip/b.jsonl: cannot be read: damaged")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_an_archive_without_digests_is_an_error_of_one_line(tmp_path: Path, labeler: Labeler, name: str) -> None:
    outcome = labeler("read", written(tmp_path, name, KINDS[name](dict(list(JUNK.items())[:2]))))
    assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome.err
    assert f"no digest in the archive {name}: passed over __MACOSX/._a.csv" in outcome.err


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_standard_input_may_be_an_archive(tmp_path: Path, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "labeler", "read", "-", "--json"], input=KINDS[name](FILES), capture_output=True,
        check=True, env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == [
        "standard input/b.jsonl",
        "standard input/sub/a.csv",
    ]
    assert not list(tmp_path.iterdir())  # the copy is gone


def test_a_compressed_archive_leaves_nothing_behind(tmp_path: Path) -> None:
    path = written(tmp_path, "a.tar.gz", KINDS["a.tar.gz"](FILES))
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "labeler", "read", path]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"TMPDIR": str(tmp_path / "tmp")})
    assert not list((tmp_path / "tmp").iterdir())


def test_members_can_be_named_themselves(tmp_path: Path, labeler: Labeler) -> None:
    path = written(tmp_path, "a.zip", zipped(FILES))
    assert [paper.title for paper in read_inputs([f"{path}/sub/a.csv"]).papers] == ["Sorting"]
    outcome = labeler("read", f"{path}/none.csv")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)
    assert "there is no none.csv in" in outcome.err


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    files=st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="/\\:\0", exclude_categories=["C"]), min_size=1)
        .map(lambda name: f"f{name}")
        .filter(lambda name: name.lower() not in ("thumbs.db", "desktop.ini") and len(name.encode()) < 90),
        st.binary(max_size=2000),
        min_size=1,
        max_size=5,
    ),
    name=st.sampled_from(["a.zip", "a.tar", "a.tar.gz", "gnu.tar"]),
)
def test_every_member_is_read_as_it_was_written(tmp_path: Path, files: dict[str, bytes], name: str) -> None:
    found = {}
    for path in paths_in(written(tmp_path, name, KINDS[name](files))):
        member = member_at(path)
        assert member is not None
        with open_member(member) as stream:
            found[member.name] = stream.read()
    assert found == files


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(KINDS)), data=st.data())
def test_damaged_archives_are_refused_or_read(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(KINDS[name](FILES))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    try:
        reading = read_inputs([written(tmp_path, name, bytes(content))])
    except InputError:
        return
    assert reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused)


def test_an_archive_that_holds_nothing_but_an_archive_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "outer.zip", KINDS["a.zip"]({"inner.zip": KINDS["a.zip"](FILES)}))
    with pytest.raises(InputError, match=r"^outer\.zip/inner\.zip is an archive inside an archive, which"):
        read_inputs([path])
