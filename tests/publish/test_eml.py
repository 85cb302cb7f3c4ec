"""Mails of labelled papers: what the two parts say, how large they may be, and texts that would be mark-up."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from math import nan
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.publish.digest_mail import LARGEST_HTML, Cover, digest_mail
from labeler.publish.labelled import LabelledPaper
from tests.publish.factories import NAMES, Topics, labelled, paper, written_bytes

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</style></title><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "a\r\nBcc: eve@example.org\r\n\r\nbody",
    "=?utf-8?q?=0ABcc:_eve=40example.org?=",
    "\u202eevil\u2066\x00\x1b[31m",
    "--=_boundary--",
)


class Page(HTMLParser):
    """The tags, the attributes and the text of an HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def parts(message: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a message, as a mail program reads them."""
    read = cast("EmailMessage", message_from_bytes(message.as_bytes(), policy=default))
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    text, html = (str(part.get_content()).replace("\r\n", "\n") for part in read.iter_parts())
    return text, html


def mail(
    *papers: LabelledPaper, names: dict[str, str] | None = None, of: int | None = None, most: int = 20
) -> EmailMessage:
    letter = Cover("Robots & more", len(papers) if of is None else of, ["A note."], most)
    return digest_mail(papers, NAMES if names is None else names, letter)


def test_both_parts_say_what_there_is_to_a_paper() -> None:
    one = paper(
        "Sorting Papers", "We sort an image.", ids=["arxiv:2503.11731"], authors=("A. B.", "C. D.", "E. F.", "G. H."),
        date="2026-11-27", venue="Journal of Order",
    )  # fmt: skip
    text, html = parts(mail(labelled(one, decision="review", reason="ambiguous")._replace(task="https://ls.example/1")))
    shown = " ".join(Page(html).text.split())
    for told in (
        "Robots & more", "1 paper, 1 to review; labelled by default@3.", "Sorting Papers", "A. B., C. D., E. F. et al.",
        "2026-11-27", "Journal of Order", "91 %", "also Language 70 %", "to review: a doubtful topic",
        "words: image, pixel", "A note.",
    ):  # fmt: skip
        assert told in text
        assert told in shown
    assert "VISION & IMAGES (1)" in text
    assert "Vision & Images (1)" in shown
    assert "https://arxiv.org/abs/2503.11731" in text
    assert ("href", "https://arxiv.org/abs/2503.11731") in Page(html).attributes
    assert ("href", "https://ls.example/1") in Page(html).attributes
    assert "We sort an <mark>image</mark>." in html


def test_what_people_gave_is_theirs_and_a_probability_that_is_unknown_is_not_shown() -> None:
    topics: Topics = (("vision", 0.4, ("image",)), ("lang", nan, ()))
    item = labelled(topics=topics, decision="judged")._replace(by={"vision": ("Ada", "Bo"), "lang": ("Bo",)})
    text, _ = parts(mail(item))
    assert "judged by Ada, Bo" in text
    assert "also Language (by Bo)" in text
    assert "1 judged by people" in text
    assert "nan" not in text


def test_papers_stand_below_their_first_topic_the_most_probable_first_and_doubtful_ones_before_none() -> None:
    text, _ = parts(
        mail(
            labelled(paper("B"), (("lang", 0.6, ()),)),
            labelled(paper("D"), (), "none"),
            labelled(paper("A"), (("lang", 0.9, ()), ("vision", 0.8, ()))),
            labelled(paper("C"), (("vision", 0.7, ()),)),
            labelled(paper("E"), (), "review"),
        )
    )
    assert re.findall(r"^\* (\w)", text, re.MULTILINE) == ["A", "B", "C", "E", "D"]
    assert re.findall(r"^([A-Z &]+) \(\d\)", text, re.MULTILINE) == ["LANGUAGE", "VISION & IMAGES", "NO TOPIC"]


@pytest.mark.parametrize(("of", "told"), [(0, "No papers."), (73, "None of 73 papers is for you.")])
def test_no_papers_are_said(of: int, told: str) -> None:
    text, html = parts(mail(of=of))
    assert told in text
    assert told in html


def test_a_part_of_a_digest_says_of_how_many() -> None:
    assert "1 of 73 papers;" in parts(mail(labelled(), of=73))[0]


def test_formulas_stand_as_text_that_reads_and_none_is_cut() -> None:
    abstract = "We bound $\\alpha^2$. " + "word " * 66 + "$\\sum_{i=1}^{n} x_i$ and more words that go beyond."
    text, html = parts(mail(labelled(paper("An $O(n^2)$ method", abstract))))
    assert "* An O(n²) method\n" in text
    assert "An <" not in html
    assert "<sup>2</sup>" in html
    assert "\\" not in html
    assert "$" not in html


@pytest.mark.parametrize("count", [200, 10_000])
@pytest.mark.parametrize("topics", [1, 150, 2000])
def test_very_many_papers_stay_below_what_mail_programs_show_and_the_rest_is_counted(count: int, topics: int) -> None:
    names = {f"t{number}": f"Topic {number}" for number in range(topics)}
    words = "learning robots with language " * 20
    papers = [
        labelled(
            paper(f"Paper {number}", f"{number} {words}"), ((f"t{number % topics}", 1 - number / 20_000, ("robots",)),)
        )
        for number in range(count)
    ]
    text, html = parts(mail(*papers, names=names))
    assert LARGEST_HTML * 0.3 < len(html.encode()) <= LARGEST_HTML or count / topics <= 20 or topics == 1
    assert len(html.encode()) <= LARGEST_HTML
    shown = len(re.findall(r"^\* ", text, re.MULTILINE))
    assert shown == html.count("<h3")
    more = sum(map(int, re.findall(r"… and (\d+) more", text)))
    left_out = re.search(r"Not shown: (\d+) papers", text)
    assert shown + more + (int(left_out[1]) if left_out else 0) == count
    assert shown <= 20 * topics
    assert "* Paper 0\n" in text  # the most probable of each topic come first


def test_how_many_papers_of_a_topic_are_shown_can_be_said() -> None:
    papers = [labelled(paper(f"Paper {number}"), (("lang", 0.9, ()),)) for number in range(7)]
    text, _ = parts(mail(*papers, most=3))
    assert text.count("* Paper") == 3
    assert "… and 4 more" in text


def test_endless_texts_are_cut() -> None:
    long = "word " * 100_000
    item = labelled(paper(long, long, authors=(long,), venue=long, url=f"https://example.org/{'a' * 5000}"))
    _, html = parts(mail(item, names={"lang": long, "vision": long}))
    assert len(html) < 10_000


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_never_mark_up(text: str) -> None:
    one = paper(f"Title {text}", f"Abstract {text}", authors=(text,), venue=text, url=f"https://example.org/{text}")
    item = labelled(one, (("x", 0.9, (text,)), ("y", 0.8, ())), "judged")._replace(by={"x": (text,)}, model=text)
    message = digest_mail([item], {"x": text, "y": text}, Cover(text, 1, [text]))
    told, html = parts(message)
    page = Page(html)
    assert not set(page.tags) & {"script", "img", "svg", "iframe", "object", "form", "link", "base", "input"}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert page.tags.count("style") == page.tags.count("title") == 1
    assert "49" not in html
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\u2066]", told + html)
    assert message.keys() == ["MIME-Version", "Content-Type"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//example.org", 'https://a"b']
)
def test_only_links_of_the_web_are_links(url: str) -> None:
    _, html = parts(mail(labelled(paper(url=url))._replace(task=url)))
    assert "href" not in html


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=400)), max_size=4), st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_through_as_text(texts: list[tuple[str, str]], name: str) -> None:
    papers = [labelled(paper(f"T {title}", abstract), (("x", 0.5, ()),)) for title, abstract in texts]
    message = digest_mail(papers, {"x": name}, Cover(name, len(papers)))
    text, html = parts(message)
    assert text.count("* T") >= len(papers)
    allowed = {"html", "head", "meta", "title", "style", "body", "table", "tr", "td", "h1", "h2", "h3", "p", "span",
               "div", "a", "mark", "strong", "br", "sup", "sub", "code"}  # fmt: skip
    assert set(Page(html).tags) <= allowed
    assert max(map(len, message.as_bytes().split(b"\r\n"))) <= 998


def test_the_output_is_a_draft_without_a_recipient_and_the_same_bytes_again() -> None:
    items = [labelled(paper("A", date="2026-11-26")), labelled(paper("B", date="2026-11"))._replace(since="2026-11-27")]
    data = written_bytes("eml", iter(items))
    assert data == written_bytes("eml", iter(items))
    message = message_from_bytes(data, policy=default)
    assert message["Subject"] == "2 papers by topic"
    assert message["Date"].datetime.isoformat() == "2026-11-26T00:00:00+00:00"
    assert message["X-Unsent"] == "1"
    assert {"From", "To", "Message-ID"}.isdisjoint(message.keys())
    assert message_from_bytes(written_bytes("eml", []), policy=default)["Date"] is None
