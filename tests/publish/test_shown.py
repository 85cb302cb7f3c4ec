"""A labelled paper as a page shows it."""

from __future__ import annotations

import re
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.publish.labelled import LabelledPaper
from labeler.publish.shown import ShownPaper, ShownTopic, percent, shown_paper
from tests.publish.factories import NAMES, labelled, paper


def shown(item: LabelledPaper) -> ShownPaper:
    return shown_paper(item, item.paper.id, {"lang": 0, "vision": 1}, NAMES)


@pytest.mark.parametrize(
    ("probability", "told"),
    [(0.0, "0 %"), (0.001, "<1 %"), (0.005, "<1 %"), (0.0051, "1 %"), (0.5, "50 %"), (0.9949, "99 %"),
     (0.995, ">99 %"), (0.9999, ">99 %"), (1.0, "100 %"), (nan, "")],
)  # fmt: skip
def test_only_what_is_certain_is_all_or_nothing(probability: float, told: str) -> None:
    assert percent(probability) == told


@given(st.floats(0, 1))
def test_papers_are_sorted_by_their_probabilities_and_bars_are_within_their_room(probability: float) -> None:
    first, second = shown(labelled(topics=(("lang", probability, ()), ("vision", nan, ())))).topics
    assert -1 == second.rank < first.rank <= 10_000
    assert 0 <= first.width <= 100
    assert (first.percent in ("0 %", "100 %")) == (probability in (0, 1))


def test_topics_have_number_name_bar_and_who_gave_them() -> None:
    item = labelled(topics=(("vision", 0.91234, ("image",)), ("lang", nan, ())), decision="judged")
    found = shown(item._replace(by={"lang": ("ada", "bo")}))
    assert found.topics == [
        ShownTopic(1, "Vision & Images", "91 %", 91, 9123, ""), ShownTopic(0, "Language", "", 0, -1, "ada, bo")
    ]  # fmt: skip
    assert (found.words, found.judged) == (["image"], True)
    sure = labelled(topics=(("lang", 0.999, ()),), decision="judged")._replace(by={"lang": ("ada",)})
    assert shown(sure).topics == [ShownTopic(0, "Language", "", 0, 9990, "ada")]


def test_a_paper_without_a_title_shows_how_its_abstract_begins() -> None:
    assert str(shown(labelled(paper("", "We sort. " * 30))).title).startswith("We sort.")
    assert len(str(shown(labelled(paper("", "We sort. " * 30))).title)) <= 80


def test_a_link_is_that_of_the_paper_or_follows_from_its_identifier() -> None:
    assert shown(labelled(paper(url="https://x.org/a"))).url == "https://x.org/a"
    assert shown(labelled(paper(ids=["arxiv:2601.88001"]))).url == "https://arxiv.org/abs/2601.88001"
    assert shown(labelled(paper(url="javascript:alert(1)"))).url == ""
    assert shown(labelled()._replace(task="javascript:alert(1)")).task == ""


def test_without_a_date_a_paper_has_the_day_on_which_it_was_labelled_first() -> None:
    found = shown(labelled(paper(date="2026-01-12", venue="Studies"))._replace(since="2026-01-13"))
    assert ("12" in found.date, "13" in found.date, found.venue) == (True, False, "Studies")
    assert shown(labelled()._replace(since="2026-01-13")).date == "seen 2026-01-13"
    assert (shown(labelled()).date, shown(labelled()).venue) == ("", "")


def test_of_many_authors_eight_are_named() -> None:
    assert shown(labelled(paper(authors=tuple(f"A{n}" for n in range(10))))).authors.endswith("A7 and 2 more")
    assert shown(labelled(paper(authors=("A", "B")))).authors == "A, B"


@pytest.mark.parametrize(
    ("decision", "reason", "told"),
    [("review", "unfamiliar", "To review: unfamiliar words."), ("review", "", "To review."), ("auto", "", ""),
     ("judged", "tied", "Note: annotators disagree.")],
)  # fmt: skip
def test_why_a_paper_is_for_review(decision: str, reason: str, told: str) -> None:
    assert shown(labelled(decision=decision, reason=reason)).reason == told


TAG = re.compile(r"</?(?:mark|sub|sup|i|b|span|em)(?: [^<>]*)?>")


@given(st.text(min_size=1, max_size=20) | st.sampled_from(["<script>", "</p>", '"><svg onload=x>', "&lt;b&gt;"]))
def test_texts_are_never_markup(text: str) -> None:
    found = shown(labelled(paper(f"A {text}", f"B {text}")))
    assert not set("<>") & set(TAG.sub("", f"{found.title}{found.abstract}"))
