"""The abstract in what a feed says of a paper, which is HTML with a journal's issue, authors and links around it."""

from __future__ import annotations

import re
from typing import NamedTuple

from labeler.digests.markup import text_of_html
from labeler.papers.ids import title_key
from labeler.patterns import pattern

# Tags of HTML, JATS and MathML; other words in angle brackets are words of the abstract, as is a letter in a<b.
_KNOWN_TAG = pattern(
    r"</?(?:jats:[\w-]+|mml:\w+|[pabiu](?=\s*/?>|\s+[\w:-]+\s*=)"
    r"|(?:br|em|strong|sub|sup|span|div|ul|ol|li|dl|dt|dd|table|tbody|thead|tr|td|th"
    r"|h[1-6]|img|hr|font|blockquote|pre|section|article|header|footer|figure|figcaption|mark|small|big|tt|center|script"
    r"|style|iframe|object|embed|head|body|html|cite|abbr|input|form|button|svg|path|video|audio)(?=[\s/>]))",
    re.IGNORECASE,
)
_HEADING = pattern(r"(?:graphical )?(?:abstract|summary|zusammenfassung|résumé|resumen|resumo)\s*[.:]?", re.IGNORECASE)
_PREFIX = pattern(r"(?:abstract|summary)\s*[:.—–-]\s*(?=\S)", re.IGNORECASE)
_AUTHORS = pattern(r"(?:author\(s\)|authors?|by)\s*:\s*(?P<names>.+)", re.IGNORECASE)
_BY = pattern(r"by (?P<names>[^.:;]{3,})")
_ABOUT = pattern(
    r"(?:publication date|source|available online|volume|journal|pages?|doi|pmid|pmcid|issn|published|published online"
    r"|online|first published|received|accepted|title|editor\(?s?\)?|subjects?|categories|tags)\s*:.*"
    r"|.*\bpublished online: .*|.*\bPMID: ?\d.*|.*\bdoi: ?10\.\d{4,9}/\S*(?: online ahead of print\.)?"
    r"|.*(?:\bvolume \w+, issue|, vol\. ?\w+, |\b(?:early ?view|ahead of print|accepted article|just accepted)\b).*"
    r"|volume \w+.{0,100}|https?://\S+|(?:read|view|see) (?:more|full|the).{0,60}|continue reading.*"
    r"|the post .* appeared first on .*|\[?(?:…|\.\.\.)\]?",
    re.IGNORECASE,
)
_SAID = pattern(
    r"publication date: (?P<date>.{4,30})|source: (?P<venue>[^:]{2,100}?)(?:, volume .*|, issue .*)?", re.IGNORECASE
)
_LONGEST_ABOUT = 300  # characters of a line about an issue; longer ones are abstracts
_LONGEST_NAMES = 2000
_SHORTEST_KEY = 10  # letters of a title that a line repeats
_FEWEST_WORDS = 4


class FeedText(NamedTuple):
    """What a feed says of a paper; ``is_marked`` is whether it names its abstract as such."""

    abstract: str = ""
    authors: str = ""
    is_marked: bool = False
    date: str = ""
    venue: str = ""


def lines_of(text: str) -> list[str]:
    """The lines of a text that may be HTML; one that is not has one line, unless its first lines tell of an issue."""
    known = _KNOWN_TAG.match
    if _KNOWN_TAG.search(text):
        text = text_of_html(re.sub("<", lambda sign: "<" if known(text, sign.start()) else "&lt;", text))
    elif "\n" not in text or not _is_about(text.strip().partition("\n")[0].strip()):
        text = text.replace("\n", " ")
    return [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]


def _is_about(line: str) -> bool:
    """Whether a line tells of the issue, the authors or the page rather than of what is in the paper."""
    return len(line) <= _LONGEST_ABOUT and (_ABOUT.fullmatch(line) or _AUTHORS.fullmatch(line)) is not None


def read_feed_text(html: str, title: str) -> FeedText:
    """The abstract in the description or content of an entry, and its authors where these stand there."""
    if html.lstrip().lower().startswith("arxiv:"):
        return FeedText(html, "", True)  # whose head says more, and is read with the other fields
    authors, kept, marked, said = "", list[str](), False, dict[str, str]()
    for number, line in enumerate(lines_of(html)):
        names = _AUTHORS.fullmatch(line) or (_BY.fullmatch(line) if number == 0 else None)
        if found := _SAID.fullmatch(line):
            said.setdefault("date" if found["date"] else "venue", found["date"] or found["venue"])
        if _HEADING.fullmatch(line):
            kept, marked = [], True
        elif names and len(line) <= _LONGEST_NAMES:
            authors = authors or names["names"]
        elif not _is_about(line) and not _repeats(line, title):
            if match := _PREFIX.match(line):
                kept, marked, line = [] if len(kept) < 3 else kept, True, line[match.end() :]
            kept.append(line)
    text = "\n".join(kept)
    return FeedText(text if len(text.split()) >= _FEWEST_WORDS or not text.isascii() else "", authors, marked, **said)


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the title, with no more than the journal and its issue before it."""
    key = title_key(title)
    return len(key) >= _SHORTEST_KEY and len(line) <= len(title) + _LONGEST_ABOUT // 2 and title_key(line).endswith(key)
