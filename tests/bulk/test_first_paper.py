"""A look at what is to be labelled: the first paper of each part, or why there is none."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeler.bulk.first_paper import refusal_of
from labeler.bulk.parts import partitions
from labeler.digests.source import Refusal
from labeler.errors import InputError

PAPER = '{"title": "Robots that grasp", "abstract": "They grasp things at length."}\n'


def looked_at(path: Path) -> Refusal | None:
    (partition,) = partitions([str(path)], "labels", "jsonl")
    return refusal_of(partition, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [(PAPER, ""), ("", "it is empty"), ('{"title": ""}\n' + PAPER, ""), ('{"doi": "10.1234/x"}\n' * 2, "x.jsonl")],
)
def test_the_first_paper_settles_it(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(text)
    found = looked_at(file)
    assert (found is None) == (told == "")
    assert told in str(found)


def test_parquet_without_titles_or_abstracts_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"title": ["Robots"]}), tmp_path / "a.parquet")
    assert looked_at(tmp_path / "a.parquet") is None
    pq.write_table(pa.table({"colour": ["red"]}), tmp_path / "b.parquet")
    with pytest.raises(InputError, match="no column title or abstract, only: colour"):
        looked_at(tmp_path / "b.parquet")
