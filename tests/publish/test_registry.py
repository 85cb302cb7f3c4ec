"""The outputs by name."""

from __future__ import annotations

import csv
import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import UsageError
from labeler.papers import Paper
from labeler.publish.chosen import TopicNames
from labeler.publish.labelled import LabelledPaper
from labeler.publish.registry import OUTPUTS, is_binary, output_of, output_of_many, writer_named
from tests.publish.factories import BOTH, labelled, paper, written, written_bytes


@pytest.mark.parametrize("output", OUTPUTS.names)
def test_every_output_says_what_it_is_and_writes_every_paper(output: str) -> None:
    assert writer_named(output).ABOUT
    text = written(output, iter([labelled(), labelled(topics=())]))
    assert text.replace("{Papers}", "Papers").count("Sorting Papers") >= 2


@pytest.mark.parametrize("output", OUTPUTS.names)
def test_no_papers_make_no_trouble(output: str) -> None:
    assert "Sorting" not in written(output, [], {})


@pytest.mark.parametrize("output", OUTPUTS.names)
def test_the_same_papers_are_the_same_bytes_at_any_time(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def content() -> bytes:
        papers = [labelled(paper(f"Paper {number}", date="2026-01-12")) for number in range(3)]
        if is_binary(writer_named(output)):
            return written_bytes(output, papers)
        return written(output, papers).encode()

    before = content()
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2e9))
    assert content() == before


def test_unknown_output_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=f"there is no output 'nothing'; known are: {', '.join(OUTPUTS.names)}"):
        writer_named("nothing")


@pytest.mark.parametrize(
    ("suffix", "output"),
    [(".csv", "csv"), (".CSV", "csv"), (".md", "md"), (".jsonl", "jsonl"), (".ndjson", "jsonl"), (".txt", "table"),
     (".Parquet", "parquet"), (".xlsx", "xlsx"), (".rss", "rss"), (".atom", "atom"),
     (".ris", "ris"), (".bib", "bibtex")],
)  # fmt: skip
def test_an_ending_names_its_output(suffix: str, output: str) -> None:
    assert output_of(suffix) == output


@pytest.mark.parametrize("suffix", [".none", ".NONE", "."])
def test_an_ending_that_no_output_has_is_wrong_usage_and_the_known_are_named(suffix: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"no output has the ending {suffix}; known are: .")) as refused:
        output_of(suffix)
    known = {ending for writer in OUTPUTS.builtin for ending in writer.SUFFIXES}
    assert set(re.findall(r"\.\w+", refused.value.hint)) == known


def test_no_two_outputs_have_one_ending() -> None:
    endings = [suffix for writer in OUTPUTS.builtin for suffix in writer.SUFFIXES]
    assert len(endings) == len(set(endings))
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in endings)


@pytest.mark.parametrize("output", ["parquet", "jsonl", "csv", "ris"])
def test_many_papers_are_written_in_what_can_be_written_part_by_part(output: str) -> None:
    assert output_of_many(output) == output


@pytest.mark.parametrize("output", ["md", "table", "xlsx", "atom", "rss", "bibtex", "nothing"])
def test_other_outputs_are_not_for_many_papers(output: str) -> None:
    with pytest.raises(UsageError, match=f"the labels of many papers cannot be '{output}'; known are: ") as refused:
        output_of_many(output)
    assert {"parquet", "csv", "jsonl"} <= set(re.findall(r"\w+", refused.value.hint))
    assert ("; name the files themselves to label them" in refused.value.hint) is (output != "nothing")


@pytest.mark.parametrize("output", [writer.NAME for writer in OUTPUTS.builtin if getattr(writer, "STREAMS", False)])
def test_what_is_written_part_by_part_is_what_is_written_of_all_papers(output: str) -> None:
    papers = [labelled(paper(f"Paper {number}")) for number in range(3)]
    parts = [written(output, papers[:2]), written(output, papers[2:])]
    if output == "csv":  # the header, which labeler.bulk takes off
        parts[1] = parts[1].partition("\r\n")[2]
    assert "".join(parts) == written(output, papers)


def test_all_outputs_tell_the_same_of_the_same_papers() -> None:
    papers = [labelled(paper(f"Paper {number}"), topics) for number, topics in enumerate((BOTH, BOTH[:1], ()))]
    records = [json.loads(line) for line in written("jsonl", papers).splitlines()]
    rows = list(csv.DictReader(written("csv", papers).splitlines()))
    assert [row["id"] for row in rows] == [record["id"] for record in records] == [item.paper.id for item in papers]
    assert [row["probabilities"].count(".") for row in rows] == [len(record["topics"]) for record in records]
    for output in ("md", "table", "atom", "rss"):
        text = written(output, papers)
        assert [text.count(probability) for probability in ("0.91", "0.70")] == [2, 1]


STEERING = "\x1b[31m\r\n\x9b\u202e\u2066\u2028\ufff9\U000e0041"


@pytest.mark.parametrize("output", ["csv", "md", "table", "xlsx", "atom", "rss", "ris", "bibtex"])
def test_nothing_that_steers_a_terminal_is_written(output: str) -> None:
    odd = f"Odd{STEERING}name \u0627\u200c\u200f"
    one = paper(odd, odd, authors=(odd,), url=f"https://example.org/{STEERING[:1]}")
    item = LabelledPaper(one, (("odd", 0.5, (odd,)),), {"odd": 0.5}, "judged", "default@3", by={"odd": (odd,)})
    text = written(output, [item], {"odd": odd})
    assert "Odd" in text
    assert not set("\x1b\x9b\u202e\u2066\u2028\ufff9\U000e0041") & set(text)
    assert "\u200c" in text


ANY = st.text(max_size=12)


@pytest.mark.parametrize("output", OUTPUTS.names)
@settings(max_examples=25, deadline=None)
@given(ANY, ANY, ANY)
def test_any_texts_are_written(output: str, one: str, two: str, three: str) -> None:
    odd = Paper(
        one, two, (f"x:{three}",), (one, two), two, f"https://example.org/{three}", (one,), two, (three,), one, two,
        (three,), (one, two), three, (("ris:VL", one), ("bibtex:volume", two), (three, one)),
    )  # fmt: skip
    topics = ((one, 0.5, (two, three)), (three, float("nan"), ()))
    item = LabelledPaper(odd, topics, {one: 0.5}, two, one, three, {three: (one,)}, {}, (one, None), None, two, three)
    text = written(output, [item, labelled()], TopicNames({one: two, "lang": three}, [one]))
    assert text.encode("utf-8", "replace")
