"""arXiv, by its API (https://info.arxiv.org/help/api/user-manual.html) and its feeds (https://info.arxiv.org/help/rss.html).

Categories without a day are the announcement of today, which its feeds hold: the API knows when a paper was submitted,
and not when it was announced, days later.

Its rate: https://info.arxiv.org/help/api/tou.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from labeler.errors import InputError
from labeler.papers.ids import arxiv_id
from labeler.sources.client import reason_in
from labeler.sources.days import today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session, number
from labeler.sources.transport import BrokenError

NAME = "arxiv"
ABOUT = "arXiv: today's announcement in categories, words, or single papers"
URL = "https://export.arxiv.org"
QUERY = (
    "categories (cs.CL cs.LG: today's announcement; with @7d what was submitted since), words, identifiers, or a query "
    "of its API (ti:graph AND cat:cs.LG)"
)
EXAMPLE = "arxiv:cs.CL"
PAUSE = 3.0
RATE = "1 in 3 seconds, as its terms say"
_FEEDS = "https://rss.arxiv.org"
_PAGE = 200
_DAYS = 7  # in which words are looked for where no day is named
_ARCHIVES = frozenset(
    "astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th physics q-bio "
    "q-fin quant-ph stat".split()
)
_WITH_PARTS = frozenset("astro-ph cond-mat cs econ eess math nlin physics q-bio q-fin stat".split())
_CATEGORY = re.compile(r"([a-z-]+)(?:\.(?:[A-Za-z-]{2,17}|\*))?")
_FIELD = re.compile(
    r"(?:^|[\s(])(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b"
)
_TOTAL = re.compile(rb"<(?:\w+:)?totalResults\b[^>]*>\s*(\d+)\s*<")
_ENTRY = re.compile(rb"<(?:entry|item)[\s>]")
_ERROR = re.compile(rb"arxiv\.org/api/errors")


def pages(query: Query, session: Session) -> Iterator[Page]:
    """Today's announcement, or the answers to a search, those submitted last first."""
    words = query.words
    if words and query.since is None and all(map(_is_category, words)):
        feed = "+".join(word.removesuffix(".*") for word in words)
        content, file = session.xml(f"/atom/{feed}", {}, host=_FEEDS, check=_check_feed)
        yield Page(file, len(_ENTRY.findall(content)))
        return
    if words and all(map(arxiv_id, words)):
        listed = ",".join((arxiv_id(word) or "").removeprefix("arxiv:") for word in words)
        yield from _search({"id_list": listed}, len(words), session)
        return
    since = query.since or today() - timedelta(days=_DAYS)
    dates = f"submittedDate:[{since:%Y%m%d}0000 TO {today():%Y%m%d}2359]"
    terms = f"({_terms(query)}) AND {dates}" if words else dates
    yield from _search(
        {"search_query": terms, "sortBy": "submittedDate", "sortOrder": "descending"}, query.most, session
    )


def _is_category(word: str) -> bool:
    match = _CATEGORY.fullmatch(word)
    return match is not None and match[1] in _ARCHIVES


def _terms(query: Query) -> str:
    """The words as the API takes them: categories side by side, and each of the others in any field.

    Beside other words, ``physics`` is a word, and ``physics.optics`` and ``hep-th`` are categories.
    """
    if _FIELD.search(query.text):
        return query.text
    are_all = all(map(_is_category, query.words))
    categories = [word for word in query.words if _is_category(word) and (are_all or "." in word or "-" in word)]
    others = [f"all:{word}" for word in query.words if word not in categories]
    parts = " OR ".join(f"cat:{word}.*" if word in _WITH_PARTS else f"cat:{word}" for word in categories)
    return " AND ".join([*([f"({parts})"] if parts else []), *others])


def _search(wanted: dict[str, str], most: int, session: Session) -> Iterator[Page]:
    start = 0
    while start < most:
        size = min(_PAGE, most - start)
        content, file = session.xml(
            "/api/query", {**wanted, "start": start, "max_results": size}, check=partial(_check, start)
        )
        papers = len(_ENTRY.findall(content))
        total = number(next(iter(_TOTAL.findall(content)), b"").decode())
        yield Page(file, papers, total)
        start += papers
        if not papers or total is None or start >= total:
            return


def _check_feed(content: bytes) -> None:
    """Look whether a feed is one of categories.

    Raises:
        InputError: there is no such category.
    """
    if b"Feed error for query" in content[:5000]:
        raise InputError("arxiv has no feed of these categories", "see https://arxiv.org/category_taxonomy")


def _check(start: int, content: bytes) -> None:
    """Look whether an answer is one to the question.

    Raises:
        InputError: the question was wrong.
        BrokenError: the answer is empty where there should be papers, as the API's are now and then.
    """
    if _ERROR.search(content):
        why = reason_in(content) or "it does not say why"
        raise InputError(f"arxiv does not understand this: {why}", "see `labeler fetch --sources`")
    total = next(iter(_TOTAL.findall(content)), b"0")
    if start < int(total[:9]) and not _ENTRY.search(content):
        raise BrokenError("its answer has none of the papers that it counts")
