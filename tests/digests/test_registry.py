"""The formats: their names, what they say of themselves, and which of them a file is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from labeler.digests import FORMATS, reader_named
from labeler.digests.registry import guess
from labeler.errors import InputError, UsageError
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, MAIL, lines, page, parquet_bytes, saved, source

_KINDS = [
    ("parquet", "a", parquet_bytes(title=["A"], abstract=["b"])),
    ("hf_daily", "a", '[{"paper": {"title": "A"}}]'),
    ("hf_daily", "a", '\n [ {\n "paper" : {"title": "A"}}]'),
    ("json", "a", '[{"title": "A"}]'),
    ("json", "a", "[]"),
    ("json", "a", '{"title": "A"}'),
    ("json", "a", '{\n "papers": [{"title": "A"}]\n}\n'),
    ("jsonl", "a", lines({"title": "A"}, {"title": "B"})),
    ("jsonl", "a", "\n\n" + lines({"title": "A"}) + "\r\n\n" + lines({"title": "B"})),
    ("jsonl", "a.jsonl", lines({"title": "A", "abstract": "w " * 40_000}, {"title": "B"})),
    ("jsonl", "a.jsonl", lines('{"title": "A", "abs', {"title": "B"})),
    ("jsonl", "a.jsonl", lines({"title": "A"}, "oops", {"title": "B"})),
    ("jsonl", "a.jsonl.gz", lines('{"title": "A", "abs', {"title": "B"})),
    ("arxiv_email", "a", MAIL),
    ("table", "a", "title,abstract\nA,b\n"),
    ("table", "a", "\n\nID;Paper Title;Year\n1;A;2020\n"),
    ("table", "a", '"Title"\t"Abstract"\n'),
    ("table", "a.csv", "Title\nA\n"),
    ("page", "a", page("A short title", ABSTRACT)),
]


@pytest.mark.parametrize(("kind", "name", "content"), _KINDS)
def test_format_is_known_by_what_the_file_holds(tmp_path: Path, kind: str, name: str, content: str | bytes) -> None:
    assert guess(source(tmp_path, name, content)) == kind


NO_IDEA = "cannot tell what kind of digest a is; name it with --format"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Just a line of text.\n", NO_IDEA),
        ("Title\nA\n", NO_IDEA),
        ("<html><body>\n\nA title\n\n" + ABSTRACT + "\n", "a is an HTML page, which labeler does not read yet"),
        (
            page("# A heading of Markdown", "A short title", ABSTRACT),
            "a is a Markdown page (.md), which labeler does not read yet",
        ),
        (page("A short title", "- [A link](https://example.org)", ABSTRACT), "a is a Markdown page (.md)"),
        ("[1, 2, 3]", NO_IDEA),
        ("42", NO_IDEA),
        ('"title, abstract"', NO_IDEA),
    ],
)
def test_unknown_text_is_not_taken_for_a_digest(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        guess(source(tmp_path, "a", content))


def test_formats_are_tried_the_more_particular_first() -> None:
    order = [reader.NAME for reader in FORMATS.builtin]
    assert order == sorted(order, key=lambda name: (FORMATS.named(name).RANK, name))
    assert order.index("hf_daily") < order.index("json") < order.index("jsonl") < order.index("page")
    assert sorted(order) == FORMATS.names


@pytest.mark.parametrize("name", ["baseline_tag-notes.ris", "ris_issue_1099.txt"])
def test_real_reference_file_is_not_taken_for_a_page(shared: Path, labeler: Labeler, name: str) -> None:
    outcome = labeler("read", shared / "digests" / "ris_csv_exports" / name)
    assert "(read as ris" in outcome.err


def test_unknown_format_is_wrong_usage_and_the_known_are_told(tmp_path: Path, labeler: Labeler) -> None:
    with pytest.raises(UsageError, match="there is no format 'nothing'; known are: ") as refused:
        reader_named("nothing")
    assert {"page", "table", "parquet"} <= set(re.findall(r"\w+", refused.value.hint))
    outcome = labeler("read", saved(tmp_path, "a.json", "[]"), "--format", "nothing")
    assert (outcome.code, outcome.out) == (2, "")


def test_every_format_says_in_one_line_what_it_is(labeler: Labeler) -> None:
    abouts = json.loads(labeler("read", "--formats", "--json").out)
    assert list(abouts) == [reader.NAME for reader in FORMATS.builtin]
    assert all(about and "\n" not in about for about in abouts.values())
