"""Records of lines that begin with a tag (``TI  - A title``), as reference managers and databases export them.

The parsers of the field read these too, but rispy 0.10 joins a record that has no end tag with the next one and keeps
only the first of two abstracts, and nbib 0.3 gives up a whole file for one odd line. Exports of twenty databases have
such lines. So the lines are read here, and a test reads what rispy writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from labeler.digests.links import identifiers_of_link
from labeler.digests.lists import without_entities
from labeler.papers.dates import iso_date
from labeler.papers.ids import arxiv_id, doi
from labeler.patterns import pattern

_BETWEEN = pattern(r"[;\n]")  # values of one tag
_NUMBER = pattern(r"^[ \t]*(PMID|PMCID|PubMed ID|PMC ID)[: \t]+(?:PMC)?(\d{1,9})\b", re.MULTILINE | re.IGNORECASE)
_ARXIV = pattern(r"^[ \t]*arXiv:[^\n]{1,40}", re.MULTILINE | re.IGNORECASE)
_LINKED_PMC = pattern(r"(?:ncbi\.nlm\.nih\.gov/(?:m/)?pmc/articles|pmc\.ncbi\.nlm\.nih\.gov/articles)/PMC(\d{1,9})\b")
_DIGITS_OF_ISBN = 9  # of the short form, without its check digit, which may be an X
_RIS_DATE = pattern(r"(\d{4})/(\d{1,2})?/(\d{1,2})?(?:/.*)?", re.ASCII | re.DOTALL)  # with words at its end
_YEAR = pattern(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", re.ASCII)


class TagRules(NamedTuple):
    """How a format writes records.

    ``line`` finds a line with a tag (group 1) and its value (group 2). A record ends with a tag of ``ends``, and one
    begins where a tag of ``starts`` comes that the record has already. Without such tags, one begins where its first
    tag comes again after an empty line. Tags of ``passed`` belong to no record.
    """

    line: re.Pattern[str]
    starts: frozenset[str]
    ends: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()


class Entry:
    """A record: the line that it begins on, and the values of its tags, which keep their line breaks. A tag without a
    value has none.
    """

    __slots__ = ("line", "values")

    def __init__(self, line: int, values: dict[str, list[str]] | None = None) -> None:
        self.line, self.values = line, values or {}

    def first(self, *tags: str) -> str:
        """The first value of the first of these tags that has one."""
        for tag in tags:
            if found := self.values.get(tag):
                return found[0]
        return ""

    def every(self, *tags: str) -> list[str]:
        """All values of these tags, each once."""
        values = self.values
        if values.keys().isdisjoint(tags):
            return []
        found = [value for tag in tags if tag in values for value in values[tag]]
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def parts(self, *tags: str) -> list[str]:
        """The parts of all values of these tags, divided at semicolons and line breaks."""
        values = [without_entities(value) for value in self.every(*tags)]
        if not any(";" in value or "\n" in value for value in values):
            return values
        parts = (part.strip() for value in values for part in _BETWEEN.split(value))
        return list(dict.fromkeys(part for part in parts if part))

    def keywords(self, *tags: str) -> list[str] | str:
        """The keywords in these tags, without the star of main headings (MeSH). Commas may divide a single one, unless
        it ends with a semicolon.
        """
        parts = [part.lstrip("* ") for part in self.parts(*tags)]
        is_list = len(parts) == 1 and "," in parts[0] and not self.first(*tags).endswith(";")
        return parts[0] if is_list else parts

    def one_line(self, *tags: str) -> list[str]:
        """All values of these tags, each on one line."""
        return [value.replace("\n", " ") for value in self.every(*tags)]

    def others(self, used: Iterable[str]) -> dict[str, Any]:
        """The values of all tags but these, by their tags: a list where a tag has several."""
        left = ((tag, self.every(tag)) for tag in self.values if tag not in used)
        return {tag: found[0] if len(found) == 1 else found for tag, found in left if found}


def entries(lines: Iterable[str], rules: TagRules) -> Iterator[Entry]:
    """The records of a text, in their order. What stands before the first tag, and between records, is passed over."""
    record, value, after_blank = _Open(), list[str](), False
    match, (_, starts, ends, passed) = rules.line.match, rules
    for number, raw in enumerate(lines, start=1):
        line = raw.strip("\r\n\ufeff")  # files that are joined have a byte order mark in the middle
        found = match(line)
        if found is None:
            after_blank = not line or line.isspace()
            if value and not after_blank:
                value.append(line.strip())
            continue
        tag, text = found[1].upper(), found[2]
        if tag in ends or (tag in record.values and record.is_complete(tag, starts, after_blank)):
            yield from record.closed()
            record, value = _Open(), []
        after_blank = False
        value = [] if tag in ends or tag in passed else record.add(tag, text.strip(), number)
    yield from record.closed()


class _Open:
    """A record that is being read: the lines of each value of each tag."""

    __slots__ = ("line", "values")

    def __init__(self) -> None:
        self.line = 0
        self.values: dict[str, list[list[str]]] = {}

    def add(self, tag: str, text: str, number: int) -> list[str]:
        """Begin a value; the lines that follow belong to the list that is returned."""
        self.line = self.line or number
        value = [text]
        if tag in self.values:
            self.values[tag].append(value)
        else:
            self.values[tag] = [value]
        return value

    def is_complete(self, tag: str, starts: frozenset[str], after_blank: bool) -> bool:
        """Whether ``tag``, which the record has, begins another one."""
        if tag in starts:
            return True
        is_first = after_blank and tag == next(iter(self.values))
        return is_first and self.values.keys().isdisjoint(starts)

    def closed(self) -> Iterator[Entry]:
        """The record with its values as texts; nothing where it has no tags."""
        if self.values:
            yield Entry(self.line, {tag: list(filter(None, map(_joined, lines))) for tag, lines in self.values.items()})


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip() if len(lines) > 1 else lines[0]


def first_date(*texts: str) -> str:
    """The first of some texts that is a date with a year; else the first year that one of them names, with the month
    or day that stands in another (``FEB``, ``Sep 4``).
    """
    part = ""
    for text in texts:
        found = _RIS_DATE.fullmatch(text)
        date = iso_date("-".join(filter(None, found.groups())) if found else text)
        if date is not None and not date.startswith("--"):
            return _with_part(date, part)
        part = part or text * (date is not None or not any(map(str.isdigit, text)))
    return next((_with_part(year[0], part) for text in texts if (year := _YEAR.search(text))), "")


def any_date(*texts: str) -> str:
    """:func:`first_date`, else the first of some texts that is a date without a year."""
    return first_date(*texts) or next((text for text in texts if (iso_date(text) or "").startswith("--")), "")


def _with_part(date: str, part: str) -> str:
    """A date; one of a year alone with the month or day that ``part`` is, if it is one."""
    if len(date) > len("2020") or not part:
        return date
    day = iso_date(part)
    return f"{date}{day[1:]}" if day else iso_date(f"{date} {part}") or date


def numbers_of(texts: Iterable[str], links: Iterable[str] = ()) -> dict[str, str]:
    """The identifiers that some texts name at the beginning of a line, as Zotero's notes do, or that links lead to.

    Words inside a sentence do not count: notes speak of other papers, too.
    """
    found: dict[str, str] = {}
    for text in texts:
        for name, number in _NUMBER.findall(text):
            found.setdefault("pmcid" if name[:3].upper() == "PMC" else "pmid", number)
        if (line := _ARXIV.search(text)) and (identifier := arxiv_id(line[0])):
            found.setdefault("arxiv_id", identifier)
    for link in links:
        if match := _LINKED_PMC.search(link):
            found.setdefault("pmcid", match[1])
        else:
            found = identifiers_of_link(link) | found
    return found


def isbns(values: Iterable[str]) -> list[str]:
    """Those of some numbers that have as many digits as an ISBN, not those of a journal (ISSN)."""
    return [value for value in values if len(re.sub(r"\D", "", value)) >= _DIGITS_OF_ISBN]


def first_doi(*texts: str) -> str:
    """The first DOI in some texts that begin with one, with ``doi`` or as a link."""
    unmarked = (_MARKED.sub("", text) for text in texts)
    return next((text for text in unmarked if _DOI_FIRST.match(text) and doi(text)), "")


_MARKED = pattern(r"\s*\[doi\]\s*$", re.IGNORECASE)  # MEDLINE
_DOI_FIRST = pattern(r"\s*(?:10\.\d|doi\b|https?://(?:[\w-]+\.)*doi\.org/)", re.IGNORECASE)


def without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have something."""
    return {name: value for name, value in fields.items() if value}
