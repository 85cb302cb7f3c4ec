"""Of the rows of a batch, those are found that people have judged, whatever their columns hold."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.bulk.judged import judged_rows
from labeler.digests.fields import paper_of
from labeler.judgements.verdicts import Verdicts
from tests.judgements.factories import judgement, scheme, written

ABSTRACT = "They walk and they fall, on grass and sand, for eight hours a day."


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """What was said of three papers: one with an identifier, one by its title, one by its abstract alone."""
    said = [
        judgement("llm", number=1, title="Arms", abstract="Of arms.", ids=["arxiv:2601.00001", "doi:10.1000/x"]),
        judgement("vision", number=2, title="Robots that walk on two legs", abstract=ABSTRACT),
        judgement("speech", number=3, title="", abstract="Voices of owls in the woods at night, in winter."),
    ]
    return Verdicts(written(tmp_path_factory.mktemp("log") / "log", said), scheme())


def found(rows: list[dict[str, Any]], verdicts: Verdicts) -> dict[int, str]:
    """The topic that people gave to the papers of rows."""
    batch = pa.RecordBatch.from_pylist(rows)
    papers = [(row.get("title") or "", row.get("abstract") or "") for row in rows]
    return {row: next(iter(verdict.yes)) for row, verdict in judged_rows(batch, papers, verdicts).items()}


@pytest.mark.parametrize(
    ("row", "topic"),
    [
        ({"id": "2601.00001", "title": "Another title", "abstract": ABSTRACT}, "llm"),
        ({"title": "Another title", "doi": "https://doi.org/10.1000/X", "abstract": ""}, "llm"),
        ({"title": "Robots that walk on two legs", "abstract": ABSTRACT}, "vision"),
        ({"title": "ROBOTS THAT WALK ON TWO LEGS.", "abstract": ABSTRACT}, "vision"),
        ({"title": "", "abstract": "Voices of owls in the woods at night, in winter."}, "speech"),
        ({"title": "...", "abstract": "Voices of owls in the woods at night, in winter."}, "speech"),
        ({"id": "2601.00009", "title": "Robots that swim", "abstract": ABSTRACT}, None),
        ({"title": "", "abstract": ""}, None),
        ({"title": None, "abstract": None, "id": None}, None),
    ],
)
def test_a_judged_paper_is_found_by_its_identifiers_or_its_texts(
    verdicts: Verdicts, row: dict[str, Any], topic: str | None
) -> None:
    other = {"title": "Trains", "abstract": "Trains along the coast."}
    rows = [dict.fromkeys(row, "") | other, row]
    assert found(rows, verdicts) == ({1: topic} if topic else {})


def test_a_batch_without_rows_or_identifiers_has_none(verdicts: Verdicts) -> None:
    empty = pa.RecordBatch.from_pylist([], pa.schema({"title": pa.string()}))
    assert judged_rows(empty, [], verdicts) == {}
    assert found([{"title": "Trains"}], verdicts) == {}


VALUES = {
    "id": st.sampled_from(["2601.00001", "2601.00002", "", None]),
    "doi": st.sampled_from(["10.1000/x", "10.1000/y", None]),
    "title": st.sampled_from(["Arms", "Robots that walk on two legs", "Trains", ""]),
    "abstract": st.sampled_from(["Of arms.", ABSTRACT, "Trains along the coast.", ""]),
}


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=5))
def test_the_rows_are_those_whose_papers_have_a_verdict(verdicts: Verdicts, rows: list[dict[str, Any]]) -> None:
    expected = {}
    for number, row in enumerate(rows):
        if row["title"] or row["abstract"]:
            (verdict,) = verdicts.of([paper_of(row, "")])
            expected |= {number: next(iter(verdict.yes))} if verdict else {}
    assert found(rows, verdicts) == expected
