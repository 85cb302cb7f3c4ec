"""The outputs by name."""

from __future__ import annotations

import csv
import json

import pytest

from labeler.errors import UsageError
from labeler.publish import OUTPUTS, writer_named
from tests.publish.making import BOTH, labelled, paper, written


@pytest.mark.parametrize("output", list(OUTPUTS))
def test_every_output_says_what_it_is_and_writes_every_paper(output: str) -> None:
    assert writer_named(output).ABOUT
    assert written(output, iter([labelled(), labelled(topics=())])).count("Sorting Papers") >= 2


@pytest.mark.parametrize("output", list(OUTPUTS))
def test_no_papers_make_no_trouble(output: str) -> None:
    assert "Sorting" not in written(output, [], {})


def test_unknown_output_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="there is no output 'pdf'; known are: table, jsonl, csv, md"):
        writer_named("pdf")


def test_all_outputs_tell_the_same_of_the_same_papers() -> None:
    papers = [labelled(paper(f"Paper {number}"), topics) for number, topics in enumerate((BOTH, BOTH[:1], ()))]
    records = [json.loads(line) for line in written("jsonl", papers).splitlines()]
    rows = list(csv.DictReader(written("csv", papers).splitlines()))
    assert [row["id"] for row in rows] == [record["id"] for record in records] == [item.paper.id for item in papers]
    assert [row["probabilities"].count(".") for row in rows] == [len(record["topics"]) for record in records]
    for output in ("md", "table"):
        text = written(output, papers)
        assert [text.count(probability) for probability in ("0.91", "0.70")] == [2, 1]
