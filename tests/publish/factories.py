"""Labelled papers for the tests of outputs, and what the outputs write of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from email.policy import default
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from pyarrow import parquet

from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from labeler.publish.registry import is_binary, writer_named

NAMES = {"lang": "Language", "vision": "Vision & Images"}
Topics = tuple[tuple[str, float, tuple[str, ...]], ...]
BOTH: Topics = (("vision", 0.91234, ("image", "pixel")), ("lang", 0.7, ()))


def paper(title: str = "Sorting Papers", abstract: str = "We sort.", **fields: Any) -> Paper:
    """A paper with these fields."""
    return Paper.make(title, abstract, **fields)


def labelled(
    one: Paper | None = None, topics: Topics = BOTH, decision: str = "auto", reason: str = ""
) -> LabelledPaper:
    """A labelled paper."""
    scores = {"lang": 0.1, "vision": 0.2} | {topic: probability for topic, probability, _ in topics}
    return LabelledPaper(one or paper(), topics, scores, decision, "default@3", reason)


def written(output: str, papers: Iterable[LabelledPaper], names: Mapping[str, str] = NAMES) -> str:
    """What an output writes of these papers."""
    writer = writer_named(output)
    if is_binary(writer):
        return _text_of(written_bytes(output, papers, names))
    out = io.StringIO()
    writer.write(papers, out, names)
    return out.getvalue()


def written_bytes(output: str, papers: Iterable[LabelledPaper], names: Mapping[str, str] = NAMES) -> bytes:
    """What an output of bytes writes of these papers."""
    out = io.BytesIO()
    writer_named(output).write(papers, out, names)
    return out.getvalue()


def _text_of(data: bytes) -> str:
    """The texts of the sheet of a workbook, of the parts of a mail, or of a table."""
    if data.startswith(b"PAR1"):
        return "\n".join(map(str, parquet.read_table(io.BytesIO(data)).to_pylist()))
    if not data.startswith(b"PK"):
        mail = message_from_bytes(data, policy=default)
        return "\n".join(part.get_content() for part in mail.iter_parts())
    with ZipFile(io.BytesIO(data)) as parts:
        return "\n".join(ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml")).itertext())
