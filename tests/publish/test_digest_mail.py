"""The two parts of a mail: the same papers give the same, and many papers fit."""

from __future__ import annotations

from labeler.publish.digest_mail import LARGEST_HTML, Cover, digest_mail
from labeler.publish.labelled import LabelledPaper
from tests.publish.factories import NAMES, labelled, paper


def parts(papers: list[LabelledPaper], cover: Cover) -> tuple[str, str]:
    text, html = digest_mail(papers, NAMES, cover).iter_parts()
    return text.get_content(), html.get_content()  # type: ignore[attr-defined]


def test_both_parts_have_heading_summary_papers_and_notes() -> None:
    items = [labelled(paper("Sorting")), labelled(paper("Doubtful"), (), "review")]
    for part in parts(items, Cover("Robots", 5, ["A note."])):
        for told in ("Robots", "2 of 5 papers, 1 to review", "Sorting", "Doubtful", "A note."):
            assert told in part


def test_the_same_papers_give_the_same_bytes_and_other_ones_another_boundary() -> None:
    one = [labelled(paper("Sorting"))]
    first, again = (digest_mail(one, NAMES, Cover("Robots", 1)).as_bytes() for _ in range(2))
    assert first == again
    other = digest_mail([labelled(paper("Other"))], NAMES, Cover("Robots", 1))
    assert digest_mail(one, NAMES, Cover("Robots", 1)).get_boundary() != other.get_boundary()


def test_a_mail_without_papers_says_so() -> None:
    for part in parts([], Cover("Robots", 0)):
        assert "No papers." in part
    for part in parts([], Cover("Robots", 7)):
        assert "None of 7 papers is for you." in part


def test_of_many_papers_the_first_of_each_topic_are_shown_within_the_largest_size() -> None:
    items = [
        labelled(paper(f"Paper {number}", "word " * 100), ((topic, 0.9 - number / 1000, ()),))
        for number in range(150)
        for topic in NAMES
    ]
    text, html = parts(items, Cover("Robots", len(items)))
    assert len(html.encode()) <= LARGEST_HTML
    assert all(name in text for name in ("LANGUAGE (150)", "VISION & IMAGES (150)"))
    assert html.count("Paper 0<") == html.count("Paper 1<") == 2
    assert "Paper 149" not in html


def test_no_more_papers_of_a_topic_than_wanted() -> None:
    items = [labelled(paper(f"Paper {number}"), (("lang", 0.5, ()),)) for number in range(5)]
    text, _ = parts(items, Cover("Robots", 5, (), 2))
    assert sum(f"Paper {number}" in text for number in range(5)) == 2
