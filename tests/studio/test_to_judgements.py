from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labeler.errors import InputError
from labeler.judgements import Incoming, Judgement
from labeler.studio.exports import Annotation, Export
from labeler.studio.to_judgements import from_studio
from labeler.topics import Scheme, Topic

SCHEME = Scheme(
    "multi",
    (
        Topic("llm", "Language models", aliases=("LLM", "NLP")),
        Topic("vision", "Vision & video"),
        Topic("old", "Old topic", hidden=True),
    ),
)
PAPER = {"title": "Owls", "abstract": "Owls hunt."}


def annotated(*labels: str, data: Any = PAPER, **more: Any) -> Annotation:
    fields = {
        "number": 4,
        "task": 2,
        "project": 1,
        "annotator": "ada",
        "created_at": "2026-01",
        "updated_at": "2026-02",
    }
    controls = frozenset({"topics"} if labels else ())
    return Annotation(data=data, labels=labels, **({"controls": controls} | fields | more))  # type: ignore[arg-type]


def brought(*annotations: Annotation, control: str = "topics", text_field: str = "abstract") -> Incoming:
    return from_studio(Export(list(annotations)), SCHEME, "export.json", control, text_field)


def only(annotation: Annotation) -> Judgement:
    (found,) = brought(annotation).judgements
    return found


@pytest.mark.parametrize(
    "labels", [("llm", "vision"), ("Language models", "VISION & VIDEO"), ("vision", "nlp"), ("ML / LLM", " vision ")]
)
def test_labels_are_found_by_id_name_alias_and_last_step_of_a_path(labels: tuple[str, ...]) -> None:
    found = only(annotated(*labels))
    assert (found.yes, found.no, found.offered) == (("llm", "vision"), (), ("llm", "vision"))


def test_a_judgement_holds_the_paper_the_annotator_and_where_it_comes_from() -> None:
    data = PAPER | {"ids": "arxiv:2503.11731 doi:10.1000/x", "date": "2026-01-31"}
    found = only(
        annotated("llm", data=data, lead_time=3.5, comment="hm", unsure=True, prefill="kept", asked={"batch": 1})
    )
    assert (found.paper, found.title, found.abstract) == ("arxiv:2503.11731", "Owls", "Owls hunt.")
    assert set(found.ids) > {"arxiv:2503.11731", "doi:10.1000/x"}
    assert found.date == "2026-01-31"
    assert (found.annotator, found.at, found.lead_time, found.comment) == ("ada", "2026-02", 3.5, "hm")
    assert (found.unsure, found.prefill, found.asked, found.status) == (True, "kept", {"batch": 1}, "judged")
    told = {"server": None, "project": 1, "task": 2, "annotation": 4, "created_at": "2026-01"}
    assert found.source == told


@pytest.mark.parametrize("labels", [(), ("None of these",), (" none of THESE ",)])
def test_nothing_chosen_and_none_of_these_are_a_no_to_what_was_offered(labels: tuple[str, ...]) -> None:
    found = only(annotated(*labels))
    assert (found.yes, found.no, found.unknown) == ((), ("llm", "vision"), ())


def test_none_of_these_beside_a_topic_is_told_and_the_topic_counts() -> None:
    incoming = brought(annotated("None of these", "llm"))
    assert incoming.judgements[0].yes == ("llm",)
    assert incoming.refused == ["export.json, annotation 4: 'None of these' beside a topic; the topic counts"]


@pytest.mark.parametrize(
    ("labels", "yes", "no", "offered"),
    [
        (("rl",), (), (), ()),
        (("rl", "llm"), ("llm",), ("vision",), ("llm", "vision")),
        (("rl", "None of these"), (), (), ()),
    ],
)
def test_unknown_labels_are_kept_counted_and_never_none_of_these(labels: Any, yes: Any, no: Any, offered: Any) -> None:
    incoming = brought(annotated(*labels))
    (found,) = incoming.judgements
    assert (found.yes, found.no, found.offered, found.unknown) == (yes, no, offered, ("rl",))
    assert incoming.unknown_labels == {"rl": 1}


def test_an_annotation_of_another_control_alone_offers_nothing_and_is_told() -> None:
    incoming = brought(annotated(controls=frozenset({"zzz"})))
    assert (incoming.judgements[0].offered, incoming.judgements[0].no) == ((), ())
    assert incoming.unknown_controls == {"zzz": 1}


@pytest.mark.parametrize(
    ("annotation", "no"),
    [
        (annotated(), ()),
        (annotated(comment="hm"), ()),
        (annotated(controls=frozenset({"unsure"}), unsure=True), ()),
        (annotated("None of these"), ("llm", "vision")),
        (annotated("llm"), ("vision",)),
    ],
)
def test_where_none_of_these_is_a_choice_an_annotation_without_one_offers_nothing(
    annotation: Annotation, no: tuple[str, ...]
) -> None:
    incoming = from_studio(Export([annotation]), SCHEME, "project 1", "topics", "abstract", explicit_none=True)
    (found,) = incoming.judgements
    assert (found.no, bool(found.offered), found.status) == (no, bool(no), "judged")
    assert incoming.empty == (annotation.labels == ("None of these",))


def test_a_skipped_annotation_keeps_no_labels() -> None:
    found = only(annotated("llm", skipped=True))
    assert (found.status, found.yes, found.no) == ("skipped", (), ())


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("llm vision", ("llm", "vision")),
        ("old", ("old",)),
        ("llm gone", ("llm",)),
        ("", ("llm", "vision")),
        (None, ("llm", "vision")),
    ],
)
def test_the_task_says_what_was_offered_where_it_is_ours(said: str | None, offered: tuple[str, ...]) -> None:
    assert only(annotated(data=PAPER | {"offered": said})).offered == offered


def test_a_topic_that_was_chosen_is_a_yes_though_it_was_not_offered() -> None:
    found = only(annotated("old", data=PAPER | {"offered": "llm"}))
    assert (found.yes, found.no) == (("old",), ("llm",))


def test_another_text_field_can_be_named() -> None:
    incoming = brought(annotated("llm", data={"body": "Owls hunt.", "other": 1}), text_field="body")
    assert (incoming.judgements[0].abstract, incoming.judgements[0].title) == ("Owls hunt.", "")


def test_our_own_title_for_papers_without_one_is_no_title() -> None:
    found = only(annotated("llm", data={"title": "(no title)", "abstract": "Owls hunt."}))
    assert (found.title, found.paper[:5]) == ("", "text:")


@pytest.mark.parametrize("data", [{}, {"image": "x.png"}, {"title": "—", "abstract": None}, {"title": " "}])
def test_a_task_without_a_text_is_refused_with_what_to_do(data: dict[str, Any]) -> None:
    incoming = brought(annotated("llm", data=data))
    assert incoming.judgements == []
    (why,) = incoming.refused
    assert "annotation 4" in why
    assert "--text-field" in why


@pytest.mark.parametrize("data", ["text", [1, 2], 5])
def test_a_task_whose_data_is_no_object_is_refused(data: Any) -> None:
    incoming = brought(annotated("llm", data=data), annotated("vision"))
    assert [found.yes for found in incoming.judgements] == [("vision",)]
    assert len(incoming.refused) == 1


@pytest.mark.parametrize("where", ["comment", "annotator", "label", "title"])
def test_half_an_emoji_does_not_stop_an_import(where: str) -> None:
    odd = "cut \ud83d"
    given = {"comment": {"comment": odd}, "annotator": {"annotator": odd}, "title": {"data": PAPER | {"title": odd}}}
    found = only(annotated(odd if where == "label" else "llm", **given.get(where, {})))
    assert len(found.id) == 16


def test_several_topics_in_a_single_label_scheme_are_told() -> None:
    single = Scheme("single", SCHEME.topics)
    incoming = from_studio(Export([annotated("llm", "vision")]), single, "export.json", "topics", "abstract")
    assert len(incoming.refused) == 1
    assert "annotation 4" in incoming.refused[0]


def test_drafts_and_refusals_of_the_export_are_passed_on() -> None:
    incoming = from_studio(Export([], 3, ["task 2: not a task"]), SCHEME, str(Path("x")), "topics", "abstract")
    assert (incoming.drafts, incoming.refused, incoming.judgements) == (3, ["task 2: not a task"], [])


def test_one_unknown_label_does_not_cost_the_none_of_these_beside_it() -> None:
    none, unknown = brought(annotated("None of these"), annotated("a new label", number=5)).judgements
    assert (none.no, unknown.no) == (("llm", "vision"), ())


def test_five_unknown_labels_and_none_known_are_another_project() -> None:
    foreign = [annotated(f"label {number}", number=number) for number in range(5)]
    assert [item.no for item in brought(annotated("None of these", number=9), *foreign).judgements] == [()] * 6


EMPTY = annotated(number=9)


@pytest.mark.parametrize(
    ("other", "no"),
    [
        (annotated("llm"), ("llm", "vision")),
        (annotated("None of these"), ()),
        (annotated("llm", unsure=True), ()),
        (annotated("llm", data=PAPER | {"offered": "llm vision"}), ()),
        (annotated("NLP", data=PAPER | {"offered": "llm vision"}), ("llm", "vision")),
    ],
)
def test_an_empty_annotation_says_nothing_where_the_export_shows_a_choice_for_none_of_these(
    other: Annotation, no: tuple[str, ...]
) -> None:
    incoming = brought(other, EMPTY)
    assert (incoming.judgements[1].no, incoming.judgements[1].status) == (no, "judged")
    assert incoming.empty == bool(no) + (other.labels == ("None of these",))


def test_the_text_of_a_page_is_read_without_its_tags() -> None:
    html = (
        "<html><head><title>x</title></head><style>p {a: b}</style><h2 class='a'>Owls</h2><!-- no --><p>They hunt"
        "<br/>at night, a &lt;b and x<y.</p><ul><li>one</li><li>two</li></ul><script>var a = '<p>';</script></html>"
    )
    (found,) = brought(annotated("llm", data={"page": html}), text_field="page").judgements
    assert found.abstract == "Owls They hunt at night, a <b and x<y. one two"


@pytest.mark.parametrize("text", ["where x<p and q>r, a <u b> c", "<think> and <a> are words, 1 < 2 > 0"])
def test_a_text_that_is_no_page_keeps_its_signs(text: str) -> None:
    assert only(annotated("llm", data={"abstract": text})).abstract == text


@pytest.mark.parametrize("control", ["text", "Title"])
def test_a_column_that_holds_labels_is_no_text(control: str) -> None:
    row = annotated("llm", data={control: "llm", "abstract": "Owls hunt."}, minimal=True, controls=frozenset({control}))
    with pytest.raises(InputError, match=f"are the same column, '{control}'"):
        brought(row, control=control, text_field="text")


def test_another_column_that_holds_labels_is_no_field_of_the_paper() -> None:
    row = annotated("llm", data={"summary": "llm", "title": "Owls"}, minimal=True, controls=frozenset({"summary"}))
    assert brought(row, control="summary").judgements[0].abstract == ""


def test_marks_of_ground_truth_are_counted() -> None:
    assert brought(annotated("llm", ground_truth=True), annotated("vision")).ground_truth == 1


@pytest.mark.parametrize(
    ("time", "wanted"),
    [
        ("2024-03-05T23:05:00+02:00", "2024-03-05T21:05:00Z"),
        ("2024-03-05T20:05:00.250000-0500", "2024-03-06T01:05:00.250000Z"),
        ("2024-03-05T21:30:00.000001Z", "2024-03-05T21:30:00.000001Z"),
        ("2024-03-05T21:30:00+00:00", "2024-03-05T21:30:00+00:00"),
        ("2020-03-11 15:11:30", "2020-03-11 15:11:30"),
        ("2024-99-99T00:00:00+02:00", "2024-99-99T00:00:00+02:00"),
    ],
)
def test_times_are_told_in_utc_as_they_are_compared(time: str, wanted: str) -> None:
    assert only(annotated("llm", updated_at=time)).at == wanted


def test_a_topic_that_was_split_is_kept_as_what_was_said() -> None:
    scheme = Scheme("multi", (SCHEME.topics[0], Topic("seg", "Segmentation", split_from="vision")))
    export = Export([annotated("vision", "llm"), annotated("vision", number=5)])
    found = from_studio(export, scheme, "export.json", "topics", "abstract")
    assert [(one.yes, one.unknown) for one in found.judgements] == [(("llm", "vision"), ()), (("vision",), ())]
    assert not found.unknown_labels


def test_an_annotation_of_a_paper_in_review_is_an_adjudicators_verdict() -> None:
    asked = {"review": "ties", "batch": "1"}
    assert (only(annotated("llm", asked=asked)).role, only(annotated("llm", asked={"batch": "1"})).role) == (
        "adjudicator",
        "",
    )
