"""Digests for the tests of readers: files made on the spot, and invented text."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from labeler.digests import Reading, Source, read_inputs
from labeler.papers import Paper
from tests.paths import ROOT

ABSTRACT = (
    "We study how small teams sort the papers of a day when nobody has the time to read them all, and compare three "
    "ways of asking for labels. The cheapest of them needs forty answers and is right nine times in ten."
)
OTHER = (
    "Bridges age in ways that a yearly inspection cannot see, so we hang microphones below the deck and listen to "
    "traffic. Cracks of a few millimetres change the sound of a lorry, and a small network hears it within a week."
)
MAIL = f"""\
------------------------------------------------------------------------------
 Submissions to:
Invented Studies
------------------------------------------------------------------------------
\\\\
arXiv:2601.88001
Date: Mon, 12 Jan 2026 20:33:39 GMT   (215kb)

Title: Sorting the Papers of a Day with Few
  Answers
Authors: Ann Lee (1), Bo Ek (2) and Cleo Diaz ((1) Lakeside, (2) Hill College (North))
Categories: cs.LG cs.DL
Comments: 9 pages
DOI: 10.5555/Invented.1
\\\\
  {ABSTRACT}
\\\\ ( https://arxiv.org/abs/2601.88001 ,  215kb)
------------------------------------------------------------------------------
\\\\
arXiv:2601.88002 (*cross-listing*)
Date (v1): Tue, 13 Jan 2026 08:00:00 GMT   (10kb)
Date (revised v2): Wed, 14 Jan 2026 08:00:00 GMT   (11kb)

Title: Listening to Bridges
Authors: Dana Fox
Categories: eess.AS
\\\\
  {OTHER}
\\\\ ( https://arxiv.org/abs/2601.88002 ,  10kb)
------------------------------------------------------------------------------
\\\\
arXiv:2512.88003
replaced with revised version Wed, 14 Jan 2026 09:00:00 GMT   (33kb)

Title: A Replaced Entry
Authors: Eve Gray
Categories: cs.CL
\\\\ ( https://arxiv.org/abs/2512.88003 ,  33kb)
------------------------------------------------------------------------------
"""


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], format_of_tar: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_of_tar) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def lines(*records: dict[str, Any] | str) -> str:
    """JSON lines; a string stands as it is."""
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


def page(*paragraphs: str) -> str:
    """Paragraphs with empty lines between."""
    return "\n\n".join(paragraphs) + "\n"


def saved(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content, written as it is."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, name: str, content: str | bytes, format_name: str | None = None) -> Reading:
    """What a file with this content is read as."""
    return read_inputs([str(saved(folder, name, content))], format_name)


def source(folder: Path, name: str, content: str | bytes) -> Source:
    """A file with this content, opened."""
    return Source(str(saved(folder, name, content)))


def titles(reading: Reading) -> list[str]:
    """The titles of the papers, in order."""
    return [paper.title for paper in reading.papers]


def only(folder: Path, content: str, format_name: str) -> Paper:
    """The paper that is alone in a file with this content, which is known to be of a format."""
    reading = read(folder, "digest.html" if "<html" in content[:200].lower() else "digest.xml", content)
    assert (list(reading.formats.values()), len(reading.papers), reading.refused) == ([format_name], 1, [])
    return reading.papers[0]


def altered(*texts: str) -> st.SearchStrategy[str]:
    """One of some texts, with letters that are gone, and others in their place."""
    place, length, put = st.integers(0, max(map(len, texts))), st.integers(0, 60), st.text(max_size=6)
    return st.builds(
        lambda text, start, length, put: text[:start] + put + text[start + length :],
        st.sampled_from(texts), place, length, put,
    )  # fmt: skip


def assert_complete(reading: Reading) -> None:
    """Each record is a paper, was merged with one, or was refused."""
    assert reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused)


def messages(reading: Reading) -> list[str]:
    """What is said of each refusal."""
    return [str(refusal) for refusal in reading.refused]


def piped(content: bytes, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, which is given this content through standard input."""
    command = [sys.executable, "-m", "labeler", *arguments]
    done = subprocess.run(command, input=content, capture_output=True, check=False, cwd=ROOT)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def excel(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An Excel workbook with these sheets, each a list of rows."""
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def parquet_bytes(**columns: list[Any]) -> bytes:
    """A Parquet file with these columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()
