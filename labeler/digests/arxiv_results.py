"""The papers of a page of results of arXiv's search: https://arxiv.org/search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labeler.digests.html import Element, has_class, shown_text
from labeler.patterns import pattern

_LABEL = pattern(r"^(?:Authors?|Abstract|Comments?|Journal ref)\s*:\s*")
_LESS = pattern(r"\s*△ Less\s*$")
_SUBMITTED = pattern(r"Submitted (\d{1,2} [A-Z][a-z]+,? \d{4})")


def results_in(page: Element) -> Iterator[dict[str, Any]]:
    """The fields of each result."""
    for result in page.find_class("arxiv-result"):
        paragraphs = list(result.iter("p"))
        numbers = [shown_text(one) for one in paragraphs if has_class(one, "list-title")]
        full = next(iter(result.find_class("abstract-full")), None)
        abstract = full if full is not None else _first(paragraphs, "abstract")
        said = " ".join(shown_text(one) for one in paragraphs)
        date = _SUBMITTED.search(said)
        yield {
            "arxiv_id": numbers[0].partition("[")[0].strip() if numbers else "",
            "title": shown_text(_first(paragraphs, "title")),
            "abstract": _LESS.sub("", _LABEL.sub("", shown_text(abstract))),
            "authors": _LABEL.sub("", shown_text(_first(paragraphs, "authors"))),
            "date": date[1].replace(",", "") if date else "",
            "categories": [text for one in result.find_class("tag") if "." in (text := shown_text(one)) or "-" in text],
            "comments": _LABEL.sub("", shown_text(_first(paragraphs, "comments"))),
        }


def _first(elements: list[Element], name: str) -> Element | None:
    return next((one for one in elements if has_class(one, name)), None)
