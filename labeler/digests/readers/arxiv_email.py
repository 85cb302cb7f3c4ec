r"""arXiv announcement mails in plain text: entries between lines of ``\\``, as the daily lists send them.

Format: https://info.arxiv.org/help/subscribe.html. An entry is a head of ``Name: value`` lines, the abstract, and a
last line ``\\ ( https://arxiv.org/abs/… , 215kb)``; an entry of a replaced paper has no abstract. In answers and
forwarded mails, each line may have ``>`` before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from labeler.digests.source import Record, Refusal, Source
from labeler.patterns import pattern

NAME = "arxiv_email"
RANK = 50
ABOUT = r"arXiv announcement mail (plain text, entries between \\ lines)"
_MARK = pattern(r"^\\\\(?:\s*\((?P<link>[^()]*)\))?\s*$")
_RULE = pattern(r"^[-=%]{20,}\s*$")
_FIELD = pattern(r"^(?P<name>[A-Z][A-Za-z-]*)(?: \([^)]*\))?:\s?(?P<value>.*)$")
_NUMBER = pattern(r"^(?:arXiv|Paper)(?P<kind> \([^)]*\))?:\s*(?P<id>\S+)(?P<rest>.*)$", re.IGNORECASE)
_QUOTE = pattern(r"^(?:[>|] ?)+")
_ENTRY = pattern(r"^(?:[>|] ?)*\\\\\s*\n(?:.*\n){0,12}?(?:[>|] ?)*(?:arXiv|Title|Paper)(?: \([^)]*\))?:", re.MULTILINE)
# The head of a mail, which says what the lists have; a day without papers has no more than that.
_OPENING = pattern(
    r"^(?:[>|] ?)*(?:received from\s+\S.{5,40}?\s+to\s+\S|Send any comments regarding submissions directly to submit)",
    re.MULTILINE,
)
_WRAPPED = ("title", "authors", "author", "comments")  # fields that programs wrap where they quote them


def looks_like(source: Source) -> bool:
    r"""Whether there is a ``\\`` line and, after one, an ``arXiv:`` or ``Title:`` line; or the head of such a mail."""
    head = source.head.replace("\r", "")
    if _ENTRY.search(head):
        return True
    return _OPENING.search(head) is not None and any(_RULE.match(_unquoted(line)) for line in head.split("\n"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record an entry; an entry that the mail cuts short is kept and flagged ``cut_short``."""
    with source.text() as stream:
        entry: list[str] = []
        start = 0
        for number, line in enumerate(stream, start=1):
            line = line.rstrip("\r\n")
            if _RULE.match(_unquoted(line)):
                yield from _entry(entry, start, source.name)
                entry = []
            else:
                if not entry:
                    start = number
                entry.append(line)
        yield from _entry(entry, start, source.name)


def _unquoted(line: str) -> str:
    """A line without the signs that answers and forwarded mails put before it."""
    return _QUOTE.sub("", line) if line[:1] in (">", "|") else line


def _entry(lines: list[str], start: int, name: str) -> Iterator[Record | Refusal]:
    is_quoted = not any(map(_MARK.match, lines))
    if is_quoted:
        lines = list(map(_unquoted, lines))
    marks = [position for position, line in enumerate(lines) if _MARK.match(line)]
    if not marks:
        return  # the mail's head or tail
    head = _head(lines[marks[0] + 1 : marks[1] if len(marks) > 1 else None], _WRAPPED if is_quoted else ())
    closing = _MARK.match(lines[marks[-1]])
    link = closing["link"] if closing and closing["link"] else ""
    closed = bool(link) or len(marks) > 2
    abstract = lines[marks[1] + 1 : marks[2] if len(marks) > 2 else None] if len(marks) > 1 and not (
        len(marks) == 2 and link) else []  # fmt: skip
    where = f"entry at line {start}"
    if "title" not in head:
        yield Refusal(name, where, "an entry without a title")
        return
    flags = [*head.pop("flags", "").split(), *([] if closed else ["cut_short"])]
    yield Record(
        where,
        {
            "arxiv_id": head.get("arxiv", ""),
            "url": link.partition(",")[0].strip(),
            "title": head["title"],
            "abstract": "\n".join(abstract),
            "authors": _without_brackets(head.get("authors", head.get("author", ""))),
            "categories": head.get("categories", ""),
            "date": head.get("date", ""),
            "doi": head.get("doi", ""),
            "comments": head.get("comments", ""),
            "flags": flags,
        },
    )


def _head(lines: list[str], wrapped: tuple[str, ...]) -> dict[str, str]:
    """The ``Name: value`` lines, continuation lines joined; the first of a repeated name (``Date``) counts.

    Lines that continue the fields in ``wrapped`` need not begin with a space.
    """
    fields: dict[str, str] = {}
    flags: list[str] = []
    current = ""
    for line in lines:
        if number := _NUMBER.match(line):
            fields.setdefault("arxiv", number["id"])
            kind = f"{number['kind'] or ''} {number['rest']}".lower()
            flags += [flag for word, flag in (("cross", "cross_listed"), ("replace", "replaced")) if word in kind]
        elif re.match(r"^replaced with revised version", line, re.IGNORECASE):
            flags.append("replaced")
        elif field := _FIELD.match(line):
            current = field["name"].lower()
            if current in fields:
                current = ""
            else:
                fields[current] = field["value"].strip()
        elif line.strip() and current and (line.startswith(" ") or current in wrapped):
            fields[current] += "\n" + line.strip()
    return fields | {"flags": " ".join(dict.fromkeys(flags))}


def _without_brackets(authors: str) -> str:
    """Authors without what stands in brackets: affiliations."""
    for _ in range(3):
        authors = re.sub(r"\s*\([^()]*\)", "", authors)
    return re.sub(r",?\s+and\s+", ", ", authors)
