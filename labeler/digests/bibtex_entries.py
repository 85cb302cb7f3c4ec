"""The entries of a BibTeX or BibLaTeX file: their fields with abbreviations written out, and what is broken.

The format: https://www.bibtex.org/Format/ and the manual of BibLaTeX. bibtexparser 2.0.0b8, the parser of the field,
ends with an error at a thousand empty lines, loses entries in parentheses without a word, and breaks an entry whose
abstract has an ``@`` before a brace; so files are divided into entries here, and the tests compare the result with what
it makes of clean files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from labeler.patterns import pattern
from labeler.wording import shortened

_START = pattern(r"^[ \t\ufeff]*@[ \t]*([A-Za-z]\w*)\s*([{(])", re.MULTILINE)
_NEXT = pattern(r"[\s,]*@[ \t]*([A-Za-z]\w*)\s*([{(])")  # on the line on which the entry before it ends
_KEY = pattern(r"\s*([^,={}\"]*?)\s*(?:,|(?=[})]))")
_BLANKS = pattern(r"(?:[\s,]|%[^\n]*(?:\n|\Z))*")
_NAME = pattern(  # Scopus has blanks in some: ``funding_text 1``
    r"([^\s=,{}\"#%()@][^\s=,{}\"#()]*(?:[^\S\n]+[^\s=,{}\"#()]+){0,5})\s*=\s*"
)
_MORE = pattern(r"\s*,\s*[A-Za-z][\w-]*\s*=\s*[{\"\w]")  # after a stray brace
_SWALLOWED = pattern(r"}\s*,\s*[A-Za-z][\w-]*\s*=\s*[{\"]")  # fields inside a value
_AFTER_QUOTE = pattern(r"\s*(?:[,})#]|[A-Za-z][\w-]*\s*=|\Z)")  # elsewhere, a quote is a sign of the text
_JOIN = pattern(r"\s*#\s*")
_WORD = pattern(r"[^\s,{}\"#=()]+")
_BRACE = pattern(r"[{}]")
_QUOTE_OR_BRACE = pattern(r"[{}\"]")
_QUOTED = 60  # characters of the name of a field in a message
_LONGEST = 1_000_000  # characters of a value of abbreviations: each may double the one before it
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOSING = {"{": "}", "(": ")"}


@dataclass(slots=True)
class BibEntry:
    """An entry: its type and the names of its fields in lower case, and the line it begins on. ``fault`` says what is
    wrong where it cannot be read.
    """

    kind: str
    key: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    fault: str = ""


class _BrokenError(ValueError):
    """An entry cannot be read; the text says why."""


def bib_entries(text: str) -> Iterator[BibEntry]:
    """The entries of a file, in their order; strings, comments and preambles are none."""
    reader = _Reader(text)
    position, line, counted = 0, 1, 0
    found = _START.search(text)
    while found:
        kind, opening = found[1].lower(), found[2]
        start = found.start(1)
        line, counted = line + text.count("\n", counted, start), start
        if kind in ("comment", "preamble"):
            position = reader.skip(found.end())
        elif kind == "string":
            position = reader.read_string(found.end(), _CLOSING[opening])
        else:
            entry, position = reader.read_entry(BibEntry(kind, "", line), found.end(), _CLOSING[opening])
            if entry.fields or entry.fault:
                yield entry
        found = _NEXT.match(text, position) or _START.search(text, position)


class _Reader:
    """What reads the parts of a file; it knows the abbreviations (``@string``) that came so far."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._strings = {month: month for month in _MONTHS}
        self._closes = True  # whether a brace that no entry closes was not seen yet

    def skip(self, position: int) -> int:
        """The position after a comment or preamble; what is not closed ends before the next entry."""
        if self._closes:
            try:
                return self._braced(position, len(self._text)) + 1
            except _BrokenError:
                self._closes = False  # each further try would go to the end of the file, too
        return self._limit(position)

    def read_string(self, position: int, closing: str) -> int:
        """Learn the abbreviation that is defined here; one that is broken is passed over."""
        limit = self._limit(position)
        name = _NAME.match(self._text, _BLANKS.match(self._text, position).end())  # type: ignore[union-attr]
        if name is None or name.end() > limit:
            return position
        try:
            value, end = self._value(name.end(), limit)
        except _BrokenError:
            return limit
        self._strings[name[1].lower()] = value
        return end + self._text[end:limit].lstrip().startswith(closing)

    def read_entry(self, entry: BibEntry, position: int, closing: str) -> tuple[BibEntry, int]:
        """The entry whose key begins at ``position``, and the position after it."""
        text, limit = self._text, self._limit(position)
        key = _KEY.match(text, position, limit)
        if key is not None:
            entry.key, position = key[1], key.end()
        try:
            while True:
                position = _BLANKS.match(text, position, limit).end()  # type: ignore[union-attr]
                if position >= limit:  # the last brace is missing
                    entry.fault = _fault_of_last(entry)
                    return entry, limit
                if text[position] == closing:
                    if more := _MORE.match(text, position + 1, limit):  # a stray brace
                        position = more.start() + 1
                        continue
                    return entry, position + 1
                position = self._field(entry, position, limit)
        except _BrokenError as error:
            entry.fault = str(error)
            return entry, limit

    def _field(self, entry: BibEntry, position: int, limit: int) -> int:
        """Add the field that begins at ``position``; a field that comes again goes on with the first."""
        name = _NAME.match(self._text, position, limit)
        if name is None:
            last = next(reversed(entry.fields), "")
            what = " ".join(self._text[position : min(limit, position + 40)].split())
            where = f"after its field {shortened(last, _QUOTED)!r}" if last else "where its fields begin"
            raise _BrokenError(f"{where} stands {what!r}")
        try:
            value, end = self._value(name.end(), limit)
        except _BrokenError as error:
            raise _BrokenError(f"its field {shortened(name[1], _QUOTED)!r} {error}") from error
        called = name[1].lower()
        known = entry.fields.get(called, "")
        if value not in known:
            between = " and " if called in ("author", "editor") else "; " if "keyword" in called else "\n"
            entry.fields[called] = f"{known}{between}{value}" if known else value
        return end

    def _value(self, position: int, limit: int) -> tuple[str, int]:
        """A value of parts that ``#`` joins: in braces, in quotes, a number or an abbreviation."""
        parts, size = list[str](), 0
        while True:
            opening = self._text[position : position + 1] if position < limit else ""
            if opening == "{":
                end = self._braced(position + 1, limit)
                parts.append(self._text[position + 1 : end])
                end += 1
            elif opening == '"':
                end = self._quoted(position + 1, limit)
                parts.append(self._text[position + 1 : end])
                end += 1
            elif word := _WORD.match(self._text, position, limit):
                end = word.end()
                parts.append(self._strings.get(word[0].lower(), word[0]))
            else:
                return "".join(parts), position  # ``name = ,`` says nothing
            size += len(parts[-1])
            joined = _JOIN.match(self._text, end, limit)
            if joined is None or size > _LONGEST:
                return "".join(parts)[:_LONGEST] if size > _LONGEST and len(parts) > 1 else "".join(parts), end
            position = joined.end()

    def _braced(self, position: int, limit: int) -> int:
        """The position of the brace that closes one before ``position``. A brace after a backslash is a sign, unless
        the text ends without another.
        """
        try:
            return self._closing(position, limit, escapes=True)
        except _BrokenError:
            return self._closing(position, limit, escapes=False)

    def _closing(self, position: int, limit: int, *, escapes: bool) -> int:
        depth = 1
        for brace in _BRACE.finditer(self._text, position, limit):
            if escapes and self._is_escaped(brace.start()):
                continue
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                return brace.start()
        raise _BrokenError("has a brace that is not closed")

    def _quoted(self, position: int, limit: int) -> int:
        """The position of the quote that closes one before ``position``; one in braces is a sign."""
        depth = 0
        for sign in _QUOTE_OR_BRACE.finditer(self._text, position, limit):
            if sign[0] == '"' and depth <= 0 and _AFTER_QUOTE.match(self._text, sign.end()):
                return sign.start()
            if sign[0] != '"' and not self._is_escaped(sign.start()):
                depth += 1 if sign[0] == "{" else -1
        raise _BrokenError("has a quote that is not closed")

    def _is_escaped(self, position: int) -> bool:
        """Whether an odd number of backslashes stands before a sign."""
        start = position
        while start and self._text[start - 1] == "\\":
            start -= 1
        return (position - start) % 2 == 1

    def _limit(self, position: int) -> int:
        """Where the next entry begins on a line of its own, or the end."""
        found = _START.search(self._text, position)
        return found.start() if found else len(self._text)


def _fault_of_last(entry: BibEntry) -> str:
    """What is wrong with an entry whose last brace is missing: a field that took in others; nothing where all fields
    are whole.
    """
    last = next(reversed(entry.fields), "")
    return (
        f"its field {last!r} has a brace that is not closed" if last and _SWALLOWED.search(entry.fields[last]) else ""
    )
