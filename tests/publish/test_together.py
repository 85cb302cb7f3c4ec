from __future__ import annotations

import io
from collections.abc import Iterator

from labeler.publish.labelled import LabelledPaper
from labeler.publish.registry import writer_named
from labeler.publish.together import write_all
from tests.publish.factories import NAMES, labelled, paper


def test_outputs_that_are_streams_get_papers_as_they_come() -> None:
    rows, lines = io.StringIO(), io.StringIO()
    written: list[int] = []

    def papers() -> Iterator[LabelledPaper]:
        for number in range(1000):
            written.append(lines.getvalue().count("\n"))
            yield labelled(paper(f"Number {number}"))

    write_all(papers(), [(writer_named("csv"), rows), (writer_named("jsonl"), lines)], NAMES)
    assert written[-1] >= 500
    assert lines.getvalue().count("\n") == 1000
    assert rows.getvalue().count("\r\n") == 1001


def test_an_output_that_is_no_stream_gets_all_papers_at_once() -> None:
    text, lines = io.StringIO(), io.StringIO()
    papers = (labelled(paper(f"Number {number}")) for number in range(600))
    write_all(papers, [(writer_named("md"), text), (writer_named("jsonl"), lines)], NAMES)
    assert text.getvalue().startswith("# 600 papers")
    assert lines.getvalue().count("\n") == 600
