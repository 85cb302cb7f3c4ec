from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.source import Record, Refusal
from labeler.errors import InputError
from labeler.judgements import Incoming, TableOptions, additions, from_table, labels_of
from labeler.topics import Mode, Scheme, Topic
from tests.judgements.factories import TOPICS, scheme

COMMAS = scheme(Mode.MULTI, "AI Ethics, Trust, Fairness", "Vision", "Speech, Audio")


def records(*rows: dict[str, Any]) -> Iterator[Record]:
    for number, fields in enumerate(rows, start=1):
        yield Record(f"record {number}", fields)


def paper(topics: Any, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"title": f"Table paper {number}", "abstract": f"Text number {number}.", "topics": topics} | more


def import_rows(
    *rows: dict[str, Any], of: Scheme | None = None, complete: bool = False, column: str = "topics", at: str = "2026"
) -> Incoming:
    return from_table(records(*rows), of or scheme(), TableOptions("table.csv", column, complete, at))


def answers(incoming: Incoming) -> list[tuple[set[str], set[str], set[str]]]:
    return [(set(item.yes), set(item.no), set(item.offered)) for item in incoming.judgements]


@pytest.mark.parametrize(
    ("cell", "complete", "wanted"),
    [
        ("llm", False, [({"llm"}, set(), {"llm"})]),
        ("llm", True, [({"llm"}, {"vision", "speech"}, set(TOPICS))]),
        ("none", False, [(set(), set(TOPICS), set(TOPICS))]),
        ("None of these", True, [(set(), set(TOPICS), set(TOPICS))]),
        ("-", False, [(set(), set(TOPICS), set(TOPICS))]),
        ("", False, []),
        (None, False, []),
        (float("nan"), False, []),
        ([], False, []),
        ("", True, [(set(), set(TOPICS), set(TOPICS))]),
        ("nlp", False, [(set(), set(), set())]),
        ("nlp", True, [(set(), set(), set())]),
        ("nlp; llm", True, [({"llm"}, {"vision", "speech"}, set(TOPICS))]),
        ([None], False, []),
        (["llm", None], False, [({"llm"}, set(), {"llm"})]),
    ],
)
def test_a_cell_is_interpreted_so(cell: Any, complete: bool, wanted: list[tuple[set[str], set[str], set[str]]]) -> None:
    incoming = import_rows(paper(cell), complete=complete)
    assert answers(incoming) == wanted
    assert incoming.refused == []


@pytest.mark.parametrize(
    "cell",
    [
        "llm;vision",
        "llm|vision",
        "llm, vision",
        "llm,vision",
        "llm, vision,",
        "llm\nvision",
        " VISION ; Language Models ;",
        "['llm', 'vision']",
        '["llm", "vision"]',
        '["llm", "vision", null]',
        ["llm", "vision"],
        ("llm", "vision", "llm"),
    ],
)
def test_topics_may_have_any_usual_separator(cell: Any) -> None:
    incoming = import_rows(paper(cell))
    assert answers(incoming)[0][0] == {"llm", "vision"}
    assert not incoming.unknown_labels


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("AI Ethics, Trust, Fairness", {"t0"}),
        ("ai ethics, trust, fairness", {"t0"}),
        ("AI Ethics, Trust, Fairness; Vision", {"t0", "t1"}),
        ("AI Ethics, Trust, Fairness|Speech, Audio", {"t0", "t2"}),
        ("['AI Ethics, Trust, Fairness', 'Vision']", {"t0", "t1"}),
        (["Speech, Audio"], {"t2"}),
    ],
)
def test_names_with_commas_are_found_whole(cell: Any, wanted: set[str]) -> None:
    incoming = import_rows(paper(cell), of=COMMAS)
    assert answers(incoming)[0][0] == wanted
    assert not incoming.unknown_labels


def test_unknown_labels_are_counted_as_they_are_spelled() -> None:
    incoming = import_rows(paper("nlp; llm"), paper("nlp", 2), paper("[draft]", 3))
    assert incoming.unknown_labels == {"nlp": 2, "[draft]": 1}
    assert [item.unknown for item in incoming.judgements] == [("nlp",), ("nlp",), ("[draft]",)]


def test_none_beside_a_topic_is_reported_and_the_topic_counts() -> None:
    incoming = import_rows(paper("none; llm"))
    assert answers(incoming)[0][0] == {"llm"}
    assert incoming.refused == ["table.csv, record 1: 'None of these' beside a topic; the topic counts"]


def test_a_topic_that_is_called_none_is_a_topic() -> None:
    incoming = import_rows(paper("none"), of=Scheme(Mode.MULTI, (Topic("none", "Number theory"), Topic("llm", "LLM"))))
    assert answers(incoming) == [({"none"}, set(), {"none"})]
    assert incoming.refused == []


def test_the_rows_of_one_paper_are_one_judgement() -> None:
    incoming = import_rows(paper("llm"), paper("speech", 2), paper("vision"))
    assert [item.yes for item in incoming.judgements] == [("llm", "vision"), ("speech",)]


@pytest.mark.parametrize("first", [{"arxiv": "2503.11731"}, {}])
def test_rows_of_one_paper_are_one_judgement_though_only_one_has_its_id(first: dict[str, str]) -> None:
    second = {} if first else {"arxiv": "2503.11731"}
    incoming = import_rows(paper("llm", **first), paper("vision", **second))
    labels = labels_of(additions([], incoming.judgements), scheme())
    assert [set(item.yes) for item in labels.papers] == [{"llm", "vision"}]


@pytest.mark.parametrize("ids", [({}, {}), ({"doi": "10.1000/a"}, {"doi": "10.1000/b"})])
def test_two_papers_of_one_title_keep_their_own_topics(ids: tuple[dict[str, str], dict[str, str]]) -> None:
    rows = [
        {"title": "Editorial", "abstract": "Owls hunt at night in the woods.", "topics": "llm"} | ids[0],
        {"title": "Editorial", "abstract": "Trains keep time on long rails.", "topics": "vision"} | ids[1],
    ]
    labels = labels_of(additions([], import_rows(*rows).judgements), scheme())
    assert sorted(sorted(item.yes) for item in labels.papers) == [["llm"], ["vision"]]


def test_an_annotator_column_keeps_annotators_apart() -> None:
    rows = [paper("llm", annotator="ada"), paper("vision", annotator="bo"), paper("speech", annotator="")]
    topics = [(item.annotator, item.yes) for item in import_rows(*rows).judgements]
    assert topics == [("ada", ("llm",)), ("bo", ("vision",)), ("table", ("speech",))]


def test_a_judgement_of_a_table_says_where_it_stood_and_when() -> None:
    (item,) = import_rows(paper("llm", arxiv="2503.11731v2"), at="2026-03-01T00:00:00Z").judgements
    assert (item.paper, item.at) == ("arxiv:2503.11731", "2026-03-01T00:00:00Z")
    assert item.source == {"file": "table.csv", "row": "record 1"}


@pytest.mark.parametrize("column", ["My Topics", "my_topics", "MYTOPICS", "my topics "])
def test_the_column_may_be_spelled_loosely(column: str) -> None:
    assert answers(import_rows({"title": "T", "abstract": "x", "My Topics": "llm"}, column=column))[0][0] == {"llm"}


def test_an_exact_column_name_goes_before_a_loose_one() -> None:
    fields = {"title": "T", "abstract": "x", "Topics": "vision", "topics": "llm"}
    assert answers(import_rows(fields))[0][0] == {"llm"}


def test_a_missing_column_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no column 'labels', only: title, abstract, topics; .*--topics-column"):
        import_rows(paper("llm"), column="labels")


def test_of_several_columns_those_that_are_missing_are_named() -> None:
    with pytest.raises(InputError, match=r"has no column 'gone', only: title, abstract, topics"):
        from_table(records(paper("llm")), scheme(), TableOptions("t.csv", ("topics", "gone"), False, "2026"))


def test_rows_without_a_paper_and_refused_records_are_reported() -> None:
    entries = [*records({"title": "", "abstract": "", "topics": "llm"}), Refusal("table.csv", "line 9", "broken")]
    incoming = from_table(entries, scheme(), TableOptions("table.csv", "topics", False, "2026"))
    assert incoming.judgements == []
    assert incoming.refused == ["table.csv, record 1: neither a title nor an abstract", "table.csv, line 9: broken"]


@pytest.mark.parametrize(
    ("cell", "complete", "wanted"),
    [
        ("llm", False, [({"llm"}, {"vision", "speech"}, set(TOPICS))]),
        ("none", False, [(set(), set(TOPICS), set(TOPICS))]),
        ("", False, []),
        ("", True, [(set(), set(TOPICS), set(TOPICS))]),
        ("nlp", False, [(set(), set(), set())]),
    ],
)
def test_single_mode_a_topic_excludes_the_others(cell: str, complete: bool, wanted: Any) -> None:
    assert answers(import_rows(paper(cell), of=scheme(Mode.SINGLE), complete=complete)) == wanted


def test_single_mode_several_topics_are_reported_and_left_out() -> None:
    incoming = import_rows(paper("llm; vision"), of=scheme(Mode.SINGLE))
    assert incoming.judgements == []
    assert incoming.refused == [
        "table.csv, record 1: 2 topics for one paper in a single-label scheme; left out",
    ]


def test_the_date_of_a_paper_comes_with_its_row_and_twice_is_once() -> None:
    rows = paper("llm", date="1 March 2026"), paper("vision", 2, year="2025"), paper("llm", 3)
    dated = import_rows(*rows).judgements
    assert [item.date for item in dated] == ["2026-03-01", "2025", None]
    before = import_rows(paper("llm"), paper("vision", 2), paper("llm", 3)).judgements
    assert [item.id for item in before] == [item.id for item in dated]
    assert additions(before, dated) == additions(dated, before) == []
    assert {item.paper.date for item in labels_of(dated, scheme()).papers} == {"2026-03-01", "2025", None}


def test_a_changed_table_supersedes_and_the_same_table_adds_nothing() -> None:
    log = additions([], import_rows(paper("llm"), paper("vision", 2), at="2026-03-01").judgements)
    assert additions(log, import_rows(paper("llm"), paper("vision", 2), at="2026-03-02").judgements) == []
    (new,) = additions(log, import_rows(paper("speech"), paper("vision", 2), at="2026-03-02").judgements)
    assert (new.yes, new.supersedes) == (("speech",), log[0].id)
    labels = labels_of([*log, new], scheme())
    assert sorted(sorted(item.yes) for item in labels.papers) == [["speech"], ["vision"]]


def test_a_table_that_is_now_called_complete_supersedes_the_partial_one() -> None:
    log = additions([], import_rows(paper("llm")).judgements)
    (new,) = additions(log, import_rows(paper("llm"), complete=True).judgements)
    assert (new.supersedes, new.no) == (log[0].id, ("vision", "speech"))


CELLS = st.recursive(
    st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.sampled_from(["llm", "none", "[1", "['a'"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(CELLS, max_size=4), st.booleans(), st.sampled_from([Mode.MULTI, Mode.SINGLE]))
def test_whatever_stands_in_the_cells_yes_and_no_stay_within_what_was_offered(
    cells: list[Any], complete: bool, mode: Mode
) -> None:
    incoming = import_rows(*(paper(cell, n) for n, cell in enumerate(cells)), of=scheme(mode), complete=complete)
    for item in incoming.judgements:
        assert {*item.yes, *item.no} == set(item.offered) <= set(TOPICS)
        assert not set(item.yes) & set(item.no)
        assert mode == Mode.MULTI or len(item.yes) < 2


@pytest.mark.parametrize(("cell", "no"), [("llm; Visoin", {"speech"}), ("llm; nlp", {"vision", "speech"})])
def test_a_topic_that_an_unknown_label_resembles_is_left_open(cell: str, no: set[str]) -> None:
    incoming = import_rows(paper(cell), complete=True)
    assert answers(incoming) == [({"llm"}, no, {"llm", *no})]
    assert len(incoming.refused) == ("vision" not in no)


def test_a_column_of_0_and_1_says_no_to_its_topic_alone() -> None:
    rows = [paper(cell, n) for n, cell in enumerate(["1", "0", "-1", "", "nan", "perhaps"])]
    late = [paper("0", n) for n in range(10, 1010)]
    incoming = import_rows(*rows[:5], *late, rows[5], of=Scheme(Mode.MULTI, (Topic("a", aliases=("1",), name="A"),)))
    assert answers(incoming)[:2] == [({"a"}, set(), {"a"}), (set(), {"a"}, {"a"})]
    assert (len(incoming.judgements), incoming.not_judged) == (1003, 3)
    assert incoming.unknown_labels == {"perhaps": 1}


def test_beside_an_unknown_label_a_0_says_no_to_its_topic_alone() -> None:
    rows = [paper("nlp", vision="0"), paper("nlp", 2, vision="1")]
    options = TableOptions("t.csv", ("topics", "vision"), True, "2026")
    assert answers(from_table(records(*rows), scheme(), options)) == [
        (set(), {"vision"}, {"vision"}),
        ({"vision"}, {"llm", "speech"}, set(TOPICS)),
    ]


@pytest.mark.parametrize("complete", [True, False])
def test_a_paper_that_nobody_has_judged_gets_no_judgement_though_the_table_is_complete(complete: bool) -> None:
    incoming = import_rows(paper(None), paper("null", 2), paper("nan; llm", 3), complete=complete)
    assert [item.yes for item in incoming.judgements] == [("llm",)]
    assert (incoming.not_judged, incoming.empty) == (2, 0)


def test_one_misspelt_topic_does_not_cost_the_others() -> None:
    incoming = import_rows(paper("llm, Vison, vision"))
    assert set(incoming.judgements[0].yes) == {"llm", "vision"}
    assert dict(incoming.unknown_labels) == {"Vison": 1}


def test_of_two_complete_tables_of_one_annotator_the_later_counts_and_partial_ones_add_up() -> None:
    def topics(complete: bool) -> set[str]:
        both = [
            from_table(records(paper(topic)), scheme(), TableOptions(file, "topics", complete, at, "ada"))
            for topic, file, at in (
                ("llm", "a.csv", "2026-01-01T00:00:00Z"),
                ("vision", "b.csv", "2026-01-02T00:00:00Z"),
            )
        ]
        log = additions([], [item for incoming in both for item in incoming.judgements])
        return set(labels_of(log, scheme()).papers[0].yes)

    assert topics(complete=True) == {"vision"}
    assert topics(complete=False) == {"llm", "vision"}


def test_a_row_without_the_cell_is_reported_and_gives_no_judgement() -> None:
    incoming = import_rows(paper("llm"), {"title": "Short row", "abstract": "No cell."}, complete=True)
    assert [item.title for item in incoming.judgements] == ["Table paper 1"]
    assert incoming.refused == ["table.csv, record 2: has nothing under 'topics'"]


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize(
    ("answer", "wanted"),
    [("reject", [(set(), {"llm"}, {"llm"})]), ("ignore", [])],
)
def test_labels_that_an_annotator_rejected_or_ignored_do_not_apply(answer: str, wanted: Any, complete: bool) -> None:
    incoming = import_rows(paper("llm", answer=answer), complete=complete)
    assert answers(incoming) == wanted
    assert incoming.not_judged == (not wanted)
    assert answers(import_rows(paper("llm", answer="accept"), complete=complete))[0][0] == {"llm"}


def test_a_rejected_choice_of_nothing_is_not_judged() -> None:
    incoming = import_rows(paper([], answer="reject"), complete=True)
    assert (incoming.judgements, incoming.not_judged) == ([], 1)


@pytest.mark.parametrize("missing", [None, "", "NA", "nan", float("nan"), " "])
def test_a_missing_name_of_an_annotator_names_nobody(missing: Any) -> None:
    judged = import_rows(paper("llm", 1, annotator=missing), paper("llm", 2, annotator="Nan Goldin")).judgements
    assert [one.annotator for one in judged] == ["table", "Nan Goldin"]


@pytest.mark.parametrize(
    ("cell", "no"),
    [
        ("llm; Notes: vision", {"speech"}),
        ("llm; not vision", {"speech"}),
        ("llm; vision + speech", set()),
        ("llm; television", {"vision", "speech"}),
        ("llm; llm (minor)", {"vision", "speech"}),
    ],
)
def test_a_topic_that_stands_in_a_label_is_left_open(cell: str, no: set[str]) -> None:
    assert answers(import_rows(paper(cell), complete=True))[0][:2] == ({"llm"}, no)
