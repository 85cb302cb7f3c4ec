from __future__ import annotations

import pytest

from labeler import Paper
from labeler.cli.explanations import text_of
from labeler.judgements import JudgedPaper
from labeler.publish.explained import record_of
from labeler.score.model import Explanation
from labeler.suggest.alike import Alike

TOLD = Explanation("robots", 0.75, 1.1, 0.5, (("arm", 1.0), ("soup", -0.6), ("leg", 0.2)))
PAPER = Paper.make("Arms and legs", "of robots")


def test_the_text_shows_the_first_words_the_rest_and_the_sum() -> None:
    assert text_of(PAPER, [TOLD], {"robots": "Robots & arms"}, 1, []).splitlines() == [
        "Arms and legs",
        "  Robots & arms: probability 0.75",
        "      +1.000  arm",
        "      -0.400  2 other terms",
        "      +0.500  base: the score of a paper without any word",
        "      +1.100  score (the sum)",
    ]


@pytest.mark.parametrize("words", [3, 12])
def test_no_line_is_left_for_others_where_all_words_are_shown(words: int) -> None:
    assert "other terms" not in text_of(PAPER, [TOLD], {}, words, [])


def test_a_topic_without_a_name_is_shown_by_id_and_a_paper_without_a_title_by_its_abstract() -> None:
    shown = text_of(Paper.make("", "of robots " * 30), [TOLD], {}, 3, []).splitlines()
    assert shown[0] == "of robots " * 9 + "of robots…"
    assert shown[1] == "  robots: probability 0.75"


def test_a_paper_without_explanations_is_its_title() -> None:
    assert text_of(PAPER, [], {}, 3, []) == "Arms and legs"


def test_the_judged_papers_that_are_most_like_it_are_told_with_what_people_said() -> None:
    near = [
        Alike(JudgedPaper(Paper.make("Arms again", ""), frozenset({"robots"}), frozenset()), 0.416),
        Alike(JudgedPaper(Paper.make("", "A choir of voices"), frozenset(), frozenset({"robots"})), 0.2),
    ]
    assert text_of(PAPER, [TOLD], {"robots": "Robots & arms"}, 1, near).splitlines()[-3:] == [
        "  judged papers most like it:",
        "        0.42  Arms again — Robots & arms",
        "        0.20  A choir of voices — none of the topics",
    ]
    first, second = record_of(PAPER, [TOLD], "mine@1", near)["nearest"]
    assert (first["title"], first["topics"], first["similarity"]) == ("Arms again", ["robots"], 0.416)
    assert second["topics"] == []


def test_three_are_told_and_it_is_said_where_of_five_hardly_one_is_of_the_likeliest_topic() -> None:
    other = JudgedPaper(Paper.make("A choir of voices", ""), frozenset({"speech"}), frozenset({"robots"}))
    near = [Alike(other, 0.2)] * 5
    lines = text_of(PAPER, [TOLD], {"robots": "Robots & arms"}, 1, near).splitlines()
    assert lines[-4] == "  judged papers most like it (of 5 such papers, none is of Robots & arms):"
    assert lines[-1] == "        0.20  A choir of voices — speech"
    assert len(record_of(PAPER, [TOLD], "mine@1", near)["nearest"]) == 3


def test_terms_that_are_keywords_of_the_topic_are_marked() -> None:
    marks = {"robots": {"arm": "keyword", "soup": "not"}, "speech": {"leg": "keyword"}}
    assert text_of(PAPER, [TOLD], {}, 3, [], marks).splitlines()[2:5] == [
        "      +1.000  arm  (a keyword)",
        "      -0.600  soup  (a keyword that speaks against it)",
        "      +0.200  leg",
    ]
    contributions = record_of(PAPER, [TOLD], "mine@1", [], marks)["explanations"][0]["contributions"]
    assert contributions == [
        {"term": "arm", "adds": 1.0, "is": "keyword"},
        {"term": "soup", "adds": -0.6, "is": "not"},
        {"term": "leg", "adds": 0.2},
    ]
    below = TOLD._replace(through="speech")
    assert "leg  (a keyword)" in text_of(PAPER, [below], {}, 3, [], marks)


def test_words_are_shown_as_the_paper_writes_them() -> None:
    told = Explanation("sound", 0.75, 1.1, 0.5, (("קול", 0.6), ("loud", -0.0001)))
    paper = Paper.make("קוֹל", "loud")
    keywords = {"sound": {"קול": "keyword"}}
    shown = text_of(paper, [told], {}, 3, [], keywords)
    assert "      +0.600  קוֹל  (a keyword)" in shown
    assert "      +0.000  loud" in shown, "no minus before what is as good as nothing"
    (explained,) = record_of(paper, [told], "mine@1", [], keywords)["explanations"]
    assert explained["contributions"][0] == {"term": "קוֹל", "adds": 0.6, "is": "keyword"}
