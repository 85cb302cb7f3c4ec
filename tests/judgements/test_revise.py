from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.judgements import Judgement, additions, labels_of
from labeler.judgements.revise import displaced, known_verdicts
from tests.judgements.factories import judgement, row, scheme

EARLY, LATE, LATER = "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z"


def log_after(*imports: Sequence[Judgement]) -> list[Judgement]:
    """The log after imports one after the other."""
    log: list[Judgement] = []
    for incoming in imports:
        log += additions(log, incoming)
    return log


def labels_in(log: Sequence[Judgement]) -> list[set[str]]:
    return [set(item.yes) for item in labels_of(log, scheme()).papers]


def test_the_same_export_again_adds_nothing() -> None:
    export = [judgement("llm"), judgement("vision", number=2, title="Another thing")]
    assert additions(log_after(export), export) == []


def test_one_annotation_twice_in_one_import_is_added_once() -> None:
    assert len(log_after([judgement("llm"), judgement("llm")])) == 1


def test_a_corrected_annotation_supersedes_the_old_one_and_both_stay() -> None:
    old, new = judgement("llm"), judgement("vision", at=LATE)
    log = log_after([old], [new])
    assert [(item.yes, item.supersedes) for item in log] == [(("llm",), None), (("vision",), old.id)]
    assert labels_in(log) == [{"vision"}]


def test_an_older_export_after_a_newer_one_that_followed_it_adds_nothing() -> None:
    old, new = judgement("llm"), judgement("vision", at=LATE)
    assert additions(log_after([old], [new]), [old]) == []


def test_changed_and_changed_back_is_two_corrections() -> None:
    log = log_after([judgement("llm")], [judgement("vision", at=LATE)], [judgement("llm", at=LATER)])
    assert [item.supersedes for item in log] == [None, log[0].id, log[1].id]
    assert labels_in(log) == [{"llm"}]


@pytest.mark.parametrize("later", [{"yes": "vision"}, {"unsure": True}, {"status": "skipped"}])
def test_an_older_version_that_comes_late_is_kept_for_the_record_and_changes_no_label(later: dict[str, str]) -> None:
    new = judgement(**({"yes": "llm", "at": LATE} | later))  # type: ignore[arg-type]
    log = log_after([new], [judgement("llm speech", at=EARLY)])
    assert len(log) == 2
    assert labels_in(log) == labels_in([new])


def test_a_version_between_two_known_ones_changes_no_label() -> None:
    last = judgement("vision", at=LATER, unsure=True)
    log = log_after([judgement("llm")], [last], [judgement("speech", at=LATE)])
    assert labels_in(log) == []


@pytest.mark.parametrize("text", [f"reading {number}" for number in range(6)])
def test_another_reading_of_the_same_annotation_supersedes_the_latest_reading(text: str) -> None:
    """The scheme got an alias, then the alias was moved to another topic; the export is the same file."""
    readings = [judgement("", unknown=(text,)), judgement("llm", comment=text), judgement("vision", comment=text)]
    log = log_after(*([reading] for reading in readings))
    assert [item.supersedes for item in log] == [None, log[0].id, log[1].id]
    assert labels_in(log) == [{"vision"}]


def test_a_row_read_as_partial_then_complete_then_partial_again_ends_as_partial() -> None:
    partial, complete = row("llm", offered=("llm",)), row("llm")
    labels = labels_of(log_after([partial], [complete], [partial]), scheme()).papers
    assert (labels[0].yes, labels[0].no) == ({"llm"}, set())


def test_two_annotators_do_not_correct_each_other() -> None:
    log = log_after([judgement("llm"), judgement("vision", number=2, annotator="bo")])
    assert [item.supersedes for item in log] == [None, None]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["llm", "vision", "", "llm vision"]), st.booleans()), max_size=8))
def test_importing_every_stage_in_turn_ends_at_the_last_and_again_adds_nothing(stages: list[tuple[str, bool]]) -> None:
    exports = [[judgement(yes, unsure=unsure, at=f"2026-03-{n + 1:02}")] for n, (yes, unsure) in enumerate(stages)]
    log = log_after(*exports)
    assert labels_of(log, scheme()) == labels_of(exports[-1] if exports else [], scheme())
    assert [additions(log, export) for export in exports] == [[]] * len(exports)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(5)), st.lists(st.booleans(), min_size=5, max_size=5))
def test_exports_in_any_order_end_at_the_newest(order: list[int], unsure: list[bool]) -> None:
    item = ("llm", "vision", "speech", "llm vision", "")
    stages = [judgement(yes, unsure=unsure[n], at=f"2026-03-0{n + 1}") for n, yes in enumerate(item)]
    log = log_after(*([stages[n]] for n in order))
    assert labels_of(log, scheme()) == labels_of(stages[-1:], scheme())


def test_an_older_export_changes_nothing_where_the_newest_agrees_with_the_log() -> None:
    """The annotation was changed and changed back between two imports; the export in between comes last."""
    log = log_after([judgement("llm", at=EARLY)], [judgement("llm", at=LATER)], [judgement("vision", at=LATE)])
    assert labels_in(log) == [{"llm"}]


def test_of_versions_of_one_time_the_last_counts_and_again_adds_nothing() -> None:
    two = [judgement("llm"), judgement("vision")]
    log = log_after(two)
    assert [item.yes for item in log] == [("vision",)]
    assert additions(log, two) == []
    assert displaced(two) == two[:1]
    assert displaced([two[0], two[0]]) == []


def test_an_annotation_without_labels_in_another_control_takes_nothing_back() -> None:
    """Logs of the first version do not say which control was read."""
    silent = judgement("", offered=())
    log = log_after([judgement("llm")])
    assert additions(log, [silent]) == []
    assert len(additions(log, [judgement("", offered=(), at=LATER)])) == 1
    assert len(additions(log, [judgement("", offered=(), status="skipped")])) == 1
    assert len(additions([], [silent])) == 1


def test_an_older_version_that_came_late_is_added_once() -> None:
    log = log_after([judgement("llm", at=LATER)], [judgement("vision", at=EARLY)], [judgement("speech", at=EARLY)])
    assert additions(log, [judgement("vision", at=EARLY)]) == []
    assert additions(log, [judgement("speech", at=EARLY)]) == []


def test_an_older_version_that_says_what_a_later_one_says_is_never_added() -> None:
    """Not even once a version between the two has come."""
    stages = [judgement("llm", at=LATER)], [judgement("llm", at=EARLY)], [judgement("vision", at=LATE)]
    log = log_after(*stages)
    assert [item.at for item in log] == [LATER, LATE]
    assert additions(log, [item for stage in stages for item in stage]) == []


def test_a_part_of_a_second_is_after_the_whole_one() -> None:
    whole, part = judgement("llm", at=EARLY), judgement("vision", at=EARLY.replace("Z", ".000001Z"))
    for log in (log_after([whole], [part]), log_after([part], [whole])):
        assert labels_in(log) == [{"vision"}]
    assert log_after([whole], [part])[1].supersedes == whole.id


def test_annotations_without_numbers_are_those_of_their_paper_and_annotator() -> None:
    nothing = {"annotation": None, "created_at": ""}
    papers = [judgement("llm", title=title, source=nothing) for title in ("Owls", "Rails")]
    people = [judgement("llm", annotator=name, source=nothing) for name in ("ada", "bo")]
    log = log_after(papers, people)
    assert (len(log), {item.supersedes for item in log}) == (4, {None})
    (new,) = additions(log, [judgement("vision", title="Rails", source=nothing)])
    assert new.supersedes == log[1].id


def test_rows_of_a_table_that_was_renamed_are_known() -> None:
    def copy(yes: str, file: str, at: str, **values: Any) -> Judgement:
        return replace(row(yes, at=at, **values), source={"file": file, "row": "row 1"}, id="")

    log = log_after([copy("llm", "a.csv", EARLY)])
    assert additions(log, [copy("llm", "b.csv", LATE)]) == []
    assert additions(log, [copy("llm", "b.csv", EARLY, offered=("llm",))]) == []
    assert len(additions(log, [replace(copy("llm", "b.csv", LATE), annotator="bo", id="")])) == 1
    log = log_after([copy("llm", "a.csv", EARLY)], [copy("vision", "b.csv", LATE)])
    assert len(log) == 2
    assert len(additions(log, [copy("llm", "c.csv", LATER)])) == 1


def test_the_verdicts_of_a_sheet_are_known_under_another_name_but_not_what_another_person_says() -> None:
    def sheet(who: str, file: str, **answers: str) -> list[Judgement]:
        source = {"file": file, "row": "row 1"}
        return [
            judgement(yes, annotator=who, source=source, title=f"Paper {paper}", role="adjudicator")
            for paper, yes in answers.items()
        ]

    log = sheet("table", "review.csv", a="llm", b="vision")
    for again in (sheet("eve", "copy.csv", a="llm", b="vision"), sheet("eve", "review.csv", b="vision")):
        assert known_verdicts(log, again) == {one.id: "table" for one in again}
    more = sheet("eve", "review.csv", a="llm", b="vision", c="speech")
    assert known_verdicts(log, more) == {one.id: "table" for one in more[:2]}
    assert known_verdicts(log, sheet("eve", "review.csv", a="llm", b="speech")) == {}
    assert known_verdicts(log, sheet("table", "copy.csv", a="llm")) == {}  # which is the same person
    assert known_verdicts([replace(one, role="", id="") for one in log], more) == {}
