"""The time that a text takes grows with its length alone: for twice the text, three times the time at most."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labeler.digests.fields import paper_of
from labeler.digests.lists import authors_in
from labeler.digests.markup import text_of_html, without_hidden
from labeler.judgements.cells import labels_in
from labeler.papers import Paper
from labeler.papers.cleaning import clean
from labeler.papers.ids import doi
from labeler.papers.merge import merge
from labeler.topics import Scheme
from labeler.topics.scheme import fold
from tests.growth import LARGEST_RATIO, doubling

Text = Callable[[int], str]


def repeated(unit: str, before: str = "", after: str = "") -> Text:
    """A text of as many units as asked for."""
    return lambda count: before + unit * count + after


def nested(opening: str, closing: str = "}") -> Text:
    """A text of pairs, one inside the other."""
    return lambda count: opening * count + "x" + closing * count


def letters(number: int) -> str:
    """A word of its own for each number."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


TEXTS: dict[str, tuple[Text, int]] = {
    "words broken at line ends": (lambda count: " ".join(f"st{letters(n)}-\nity" for n in range(count)), 1000),
    "compounds broken at line ends": (lambda count: " ".join(f"a-b{letters(n)}-\nity" for n in range(count)), 1000),
    "longer and longer compounds": (repeated("ab-", after="\ncd"), 5000),
    "nested styles": (nested("\\textbf{"), 500),
    "nested declarations": (nested("{\\bf "), 500),
    "spaces after a declaration": (repeated(" ", before="{\\bf"), 5000),
    "nested links": (nested("\\url{"), 500),
    "braces": (repeated("{"), 2000),
    "citations without an end": (repeated("\\cite[a"), 500),
    "spaces before no citation": (repeated(" ~", before="\\cite{a} b", after="c"), 3000),
    "accents without letters": (repeated("\\'", before="\\x - & <b ~ ", after=" {a}"), 3000),
    "backslashes": (repeated("\\", before="\\x - & <b ~ ", after=" {a}"), 3000),
    "ampersands": (repeated("amp;", before="&", after="lt;b"), 3000),
    "escaped in two ways": (repeated("amp;#38;", before="&", after="lt;b"), 2000),
    "tags without an end": (repeated("<b a="), 3000),
    "tags escaped twice": (repeated("&amp;lt;b "), 2000),
    "dollars": (repeated("$a\\$"), 2000),
    "formulas without an end": (repeated("\\("), 1000),
    "marks on one letter": (repeated("\u0301\u0327", before="a"), 4000),
}


@pytest.mark.parametrize("name", TEXTS)
def test_cleaning(name: str) -> None:
    make, size = TEXTS[name]
    assert doubling(make, clean, size) <= LARGEST_RATIO


SCHEME = Scheme.from_dict({"mode": "multi", "topics": [{"id": "ml", "name": "Learning, of machines"}, {"id": "ir"}]})
CALLS: dict[str, tuple[Callable[[str], object], Text, int]] = {
    "a DOI in parentheses": (doi, repeated(")", before="10.1234/a"), 20_000),
    "a DOI with colons": (doi, repeated(":", before="10.1234/a<"), 2000),
    "a DOI that is escaped": (doi, repeated("25", before="doi.org/10.1234/a%", after="2f"), 5000),
    "marks in a label": (fold, repeated("\u0301\u0327", before="a"), 4000),
    "labels in a cell": (lambda text: labels_in(text, SCHEME), lambda n: ", ".join(map(letters, range(n))), 1000),
    "authors": (lambda text: list(authors_in(text, str)), lambda n: " and ".join(map(letters, range(n))), 1000),
    "tags of HTML": (text_of_html, repeated("<b "), 2000),
    "attributes of HTML": (text_of_html, repeated("<a href='"), 2000),
    "comments of HTML": (text_of_html, repeated("<!--"), 2000),
    "parts of HTML that are hidden": (without_hidden, repeated("<script><!--"), 2000),
}


@pytest.mark.parametrize("name", CALLS)
def test_parsing(name: str) -> None:
    run, make, size = CALLS[name]
    assert doubling(make, run, size) <= LARGEST_RATIO


def described(title: str, abstract: str, number: int, ids: list[str] | None = None) -> Paper:
    """A paper by an author of its own."""
    fields = {"title": title, "abstract": abstract, "authors": [letters(number)], "ids": ids or []}
    return paper_of(fields, "invented")


TITLE = "A long title that many records of many papers have in common"
WORDS = "invented words of an abstract that is long enough to be compared with others"
RECORDS: dict[str, Callable[[int], Paper]] = {
    "one title": lambda n: described(TITLE, " ".join(letters(n * 20 + k) for k in range(12)), n),
    "one title without abstracts": lambda n: described(TITLE, "", n),
    "a chain of identifiers": lambda n: described(TITLE, WORDS, n, [f"doi:10.1234/{n}", f"doi:10.1234/{n + 1}"]),
}


@pytest.mark.parametrize("name", RECORDS)
def test_merging(name: str) -> None:
    assert doubling(lambda count: list(map(RECORDS[name], range(count))), merge, 400) <= LARGEST_RATIO
