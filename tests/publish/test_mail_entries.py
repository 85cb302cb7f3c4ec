"""What a mail shows of a paper, and how papers are grouped."""

from __future__ import annotations

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.publish.mail_entries import entry_of, one_line, sections
from tests.publish.factories import NAMES, labelled, paper


def test_papers_are_grouped_by_their_first_topic_in_the_order_of_the_names() -> None:
    low, high = labelled(paper("Low"), (("lang", 0.6, ()),)), labelled(paper("High"), (("lang", 0.8, ()),))
    known = labelled(paper("By people"), (("lang", nan, ()),), "judged")
    both = labelled(paper("Both"), (("vision", 0.9, ()), ("lang", 0.7, ())))
    old = labelled(paper("Old"), (("gone", 0.9, ()),))
    none, review = labelled(paper("None"), (), "none"), labelled(paper("Review"), (), "review")
    found = sections([none, low, old, known, both, high, review], NAMES)
    assert [(topic, [item.paper.title for item in items]) for topic, items in found] == [
        ("lang", ["High", "Low", "By people"]),
        ("vision", ["Both"]),
        ("gone", ["Old"]),
        ("", ["Review", "None"]),
    ]


def test_an_entry_tells_what_there_is() -> None:
    one = paper(
        "Sorting $n^2$ images", "We sort an image. " * 40, ids=["arxiv:2601.88001"], authors=("A", "B", "C", "D"),
        date="2026", venue="Studies",
    )  # fmt: skip
    entry = entry_of(labelled(one)._replace(task="https://ls.example/1", decision="review", reason="tied"), NAMES)
    assert (entry.title, entry.link) == ("Sorting n² images", "https://arxiv.org/abs/2601.88001")
    assert (entry.percent, entry.width, entry.state) == ("91 %", 91, "to review: annotators disagree")
    assert (entry.facts, entry.also, entry.words) == (
        "A, B, C et al. · 2026 · Studies",
        "Language 70 %",
        "image, pixel",
    )
    assert entry.task == "https://ls.example/1"
    assert "<mark>image</mark>" in entry.html_abstract
    assert len(entry.html_abstract) < 800


def test_what_people_gave_is_said_in_place_of_what_is_not_known() -> None:
    item = labelled(topics=(("lang", nan, ()), ("vision", nan, ())), decision="judged")
    entry = entry_of(item._replace(by={"lang": ("ada", "bo"), "vision": ("bo",)}), NAMES)
    assert (entry.percent, entry.width, entry.state) == ("", None, "judged by ada, bo")
    assert entry.also == "Vision & Images (by bo)"
    sure = labelled(topics=(("lang", 0.999, ()),), decision="judged")._replace(by={"lang": ("ada",)})
    assert entry_of(sure, NAMES)[7:10] == (None, True, "judged by ada")
    assert entry_of(labelled(topics=(), decision="judged"), NAMES).state == "judged: none of these"


def test_a_paper_without_topics_or_title() -> None:
    entry = entry_of(labelled(paper("", "We sort."), (), "none"), NAMES)
    assert (entry.title, entry.html_abstract, entry.also, entry.words, entry.state) == ("We sort.", "", "", "", "")


def test_of_many_topics_the_first_are_named() -> None:
    topics = tuple((f"t{number}", 0.5, ()) for number in range(9))
    assert entry_of(labelled(topics=topics), {}).also.endswith("t5 50 % and 3 more")


def test_no_formula_is_cut() -> None:
    entry = entry_of(labelled(paper("Sorting", "word " * 68 + "$x = y + z + a + b + c + d + e$ and more words")), NAMES)
    assert "$" not in str(entry.html_abstract)
    assert entry.html_abstract.endswith("…")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.org/a", "https://x.org/" + "a" * 2000])
def test_other_links_are_none(url: str) -> None:
    assert entry_of(labelled(paper(url=url)), NAMES).link == ""


@given(st.text(max_size=30))
def test_each_text_is_on_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    entry = entry_of(labelled(paper(f"A {text}", f"B {text}", authors=(text,), venue=text)), {"lang": text})
    for shown in (entry.title, entry.facts, entry.also, entry.state, entry.words):
        assert len(shown.splitlines()) <= 1
