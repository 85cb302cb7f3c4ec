from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.files import json_line
from labeler.judgements import Judgement, additions
from labeler.judgements.judgement import seconds
from tests.judgements.factories import judgement, row

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(TEXTS, max_size=3),
    TEXTS,
    st.sampled_from(["judged", "skipped", "withdrawn"]),
    st.booleans(),
    st.none() | st.floats(0, 1e6),
    st.none() | st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=2),
)
def test_a_line_of_the_log_reads_back_as_it_was_written(
    yes: list[str], text: str, status: str, unsure: bool, seconds: float | None, asked: dict[str, str] | None
) -> None:
    item = judgement("", annotator=text, comment=text, status=status, unsure=unsure, lead_time=seconds, asked=asked)
    item = Judgement.from_dict(item.to_dict() | {"yes": yes})
    assert Judgement.from_dict(json.loads(json_line(item.to_dict()))) == item


def test_the_keys_stand_in_the_order_of_the_contract_and_unknown_only_where_there_is_any() -> None:
    keys = "id paper ids title abstract annotator yes no offered status unsure comment at lead_time source prefill"
    assert list(judgement("llm").to_dict()) == [*keys.split(), "asked", "supersedes"]
    assert judgement("llm", unknown=("nlp",)).to_dict()["unknown"] == ["nlp"]


@pytest.mark.parametrize("date", ["2026-03-01", "2026-03", "2026", "--03-14"])
def test_the_date_of_a_paper_is_kept_and_changes_no_id(date: str) -> None:
    plain, dated = judgement("llm"), judgement("llm", date=date)
    assert "date" not in plain.to_dict()
    assert dated.id == plain.id
    assert list(dated.to_dict())[:6] == ["id", "paper", "ids", "title", "abstract", "date"]
    assert dated.as_paper().date == date
    assert Judgement.from_dict(json.loads(json_line(dated.to_dict()))) == dated
    assert additions([plain], [dated]) == []


def test_a_date_that_is_none_is_passed_over() -> None:
    assert Judgement.from_dict(judgement("llm").to_dict() | {"date": "soon"}).date is None


@pytest.mark.parametrize("key", ["id", "paper", "annotator", "at"])
def test_a_missing_key_is_named(key: str) -> None:
    record = judgement("llm").to_dict()
    del record[key]
    with pytest.raises(ValueError, match=key):
        Judgement.from_dict(record)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "maybe"),
        ("yes", 5),
        ("yes", "llm"),
        ("ids", "arxiv:2503.11731"),
        ("ids", [1, 2]),
        ("title", 5),
        ("abstract", ["a"]),
        ("date", 20260301),
        ("source", "file.json"),
        ("asked", "yes"),
    ],
)
def test_a_value_of_the_wrong_kind_makes_no_judgement(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        Judgement.from_dict(judgement("llm").to_dict() | {key: value})


def test_keys_of_later_versions_are_passed_over() -> None:
    assert Judgement.from_dict(judgement("llm").to_dict() | {"mood": "good"}) == judgement("llm")


def test_a_line_with_the_four_needed_keys_is_enough() -> None:
    item = Judgement.from_dict({"id": "x", "paper": "arxiv:2503.11731", "annotator": "ada", "at": "2026-01-01"})
    assert (item.ids, item.yes, item.status, item.source) == (("arxiv:2503.11731",), (), "judged", {})


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"comment": "hm"}, False),
        ({"unsure": True}, False),
        ({"unknown": ("nlp",)}, False),
        ({"at": "2026-03-02T10:00:00Z"}, False),
        ({"number": 2}, False),
        ({"annotator": "1"}, True),
        ({"lead_time": 3.0}, True),
        ({"title": "The paper renamed"}, True),
    ],
)
def test_the_id_depends_on_content_and_source_but_not_on_the_export_format(changed: dict[str, Any], same: bool) -> None:
    assert (judgement("llm", **changed).id == judgement("llm").id) is same


def test_annotations_of_two_servers_with_one_number_differ_by_their_creation_time() -> None:
    one = judgement("llm")
    other = judgement("llm", source={**one.source, "created_at": "2025-01-01T00:00:00.123456Z"})
    assert one.origin != other.origin
    assert judgement("llm", source={"project": 1, "task": 1, "annotation": 1}).origin != one.origin


def test_the_same_row_with_a_better_id_is_still_that_row() -> None:
    assert row("llm").origin == row("llm", ids=["arxiv:2503.11731"]).origin


def test_rows_about_two_papers_of_one_title_are_two_rows() -> None:
    one = row("llm", title="Editorial", abstract="On owls at night.", ids=["doi:10.1000/a"])
    other = row("llm", title="Editorial", abstract="Trains and rails.", ids=["doi:10.1000/b"])
    assert one.origin != other.origin


def test_offered_topics_are_part_of_the_content_of_a_table_but_not_of_an_annotation() -> None:
    assert row("llm", offered=("llm",)).content != row("llm").content
    assert judgement("llm", offered=("llm",)).content == judgement("llm").content


def test_a_correction_names_what_it_corrects_and_is_the_paper_as_it_was_read() -> None:
    item = judgement("llm", ids=["doi:10.1000/x"]).superseding("abc")
    assert (item.supersedes, item.as_paper().id, item.as_paper().title) == ("abc", "doi:10.1000/x", "A made up paper")


def test_without_a_number_or_a_time_an_annotation_is_known_by_paper_and_annotator() -> None:
    for source in ({"annotation": None, "created_at": "2026"}, {"annotation": 1, "created_at": ""}):
        one, again = (judgement(yes, source=source) for yes in ("llm", "vision"))
        assert one.origin == again.origin
        assert one.origin != judgement("llm", source=source, annotator="bo").origin
        assert one.origin != judgement("llm", source=source, title="Another").origin


@pytest.mark.parametrize(
    ("created_at", "same"), [("2026-03-01T09:00:00Z", False), ("1588000000", False), ("2026.1", True)]
)
def test_of_a_time_to_the_second_the_title_is_part_of_what_an_annotation_is_known_by(
    created_at: str, same: bool
) -> None:
    source = {"annotation": 1, "created_at": created_at}
    one, other = (judgement("llm", title=title, source=source) for title in ("Owls", "Rails"))
    assert (one.origin == other.origin) is same
    assert one.origin == judgement("vision", title="Owls", abstract="Another.", annotator="bo", source=source).origin


@pytest.mark.parametrize(
    ("written", "annotator"),
    [
        ("table:table.csv", "table"),
        ("table:other.csv", "table:other.csv"),
        (" ada\x1b[2J\n", "ada [2J"),
        ("", "unknown"),
    ],
)
def test_annotators_of_old_logs_are_read_as_they_are_called_now(written: str, annotator: str) -> None:
    record = row("llm").to_dict() | {"annotator": written}
    found = Judgement.from_dict(record)
    assert (found.annotator, found.id) == (annotator, record["id"])


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        *((value, float(value)) for value in (4.5, "4.5", 0)),
        *((value, None) for value in (float("nan"), float("inf"), -1, 10**400, "x", None, [])),
    ],
)
def test_a_duration_is_a_finite_number_of_seconds(value: Any, kept: float | None) -> None:
    assert seconds(value) == kept
    assert Judgement.from_dict(judgement("llm").to_dict() | {"lead_time": value}).lead_time == kept


@pytest.mark.parametrize("suggested", [None, (), ("llm", "vision")])
def test_what_was_suggested_is_kept_in_the_log_and_changes_no_id(suggested: tuple[str, ...] | None) -> None:
    known = judgement("llm", prefill="changed", suggested=suggested)
    record = known.to_dict()
    assert ("suggested" in record) == (suggested is not None)
    assert Judgement.from_dict(record) == known
    assert known.id == judgement("llm", prefill="changed").id


@pytest.mark.parametrize("wrong", ["llm", 5, [5], {"llm": 1}])
def test_what_is_no_list_of_suggested_topics_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"suggested|no text"):
        Judgement.from_dict(judgement("llm").to_dict() | {"suggested": wrong})


@pytest.mark.parametrize("empty", [[], {}, "", 0, False])
def test_a_judgement_supersedes_a_judgement_or_nothing(empty: object) -> None:
    record = judgement("x").to_dict() | {"supersedes": empty, "asked": empty or None}
    assert Judgement.from_dict(record).supersedes is None


def test_the_role_is_kept_and_is_a_version_of_its_own() -> None:
    plain, verdict = judgement("llm"), judgement("llm", role="adjudicator")
    assert "role" not in plain.to_dict()
    assert verdict.to_dict()["role"] == "adjudicator"
    assert Judgement.from_dict(verdict.to_dict()) == verdict
    assert plain.id != verdict.id
    assert plain.origin == verdict.origin
