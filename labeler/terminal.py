"""Text in a terminal: how many columns it takes, lines that fit, and what a person who waits is told."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO

from labeler.patterns import pattern

_UNKNOWN = 80  # columns, where nobody says how many there are
_FEWEST = 20
_HANGING = "  "  # before the further lines of what is wrapped
# A word, or what is between backticks (a command) with what touches it, and the spaces before it.
_WORD = pattern(r"(\s*)((?:`[^`]*`|[^\s`]|`)+)")

_ALONE = pattern(r"\s*(#|\||```)")  # a heading, a row of a table, a fence: no line goes on after it
_BEGINS = pattern(r"\s*(#|\||```|[-*+] |\d+[.)] )")  # what begins something new

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


@contextmanager
def progress_to(listener: Callable[[str], None]) -> Iterator[None]:
    """Have ``listener`` hear what :func:`report_progress` tells, for the length of a block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report_progress(text: str) -> None:
    """Tell a person at a terminal what is waited for, where one is there: what works for a command does not print."""
    listener = _listener.get()
    if listener is not None:
        listener(text)


def columns(stream: IO[str]) -> int:
    """The width of the terminal that a stream writes to: as COLUMNS says, as it is, or 80 where neither is known."""
    try:
        named = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        named = 0
    if named > 0:
        return max(named, _FEWEST)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns or _UNKNOWN, _FEWEST)
    except (OSError, ValueError):  # no terminal, or no file at all
        return _UNKNOWN


def display_width(text: str) -> int:
    """Columns that ``text`` takes in a terminal: wide characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(char: str) -> int:
    return 0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(text: str, width: int) -> str:
    """The text, with each line that is wider than ``width`` columns wrapped at words.

    What is between backticks is never broken, nor is a word (a path, an address): a longer one has a line of its own.
    Between wide characters, which are written without blanks, a line may end. Further lines are indented by two more
    columns than the first.
    """
    return "\n".join(part for line in text.split("\n") for part in _fit_line(line, width))


def _fit_line(line: str, width: int) -> list[str]:
    if display_width(line) <= width:
        return [line]
    body = line.lstrip(" ")
    indent = line[: len(line) - len(body)]
    lines: list[str] = []
    current, used = indent, len(indent)
    is_first = True  # of its line
    for space, word in _pieces(body, width - len(indent) - len(_HANGING)):
        cells = display_width(word)
        if not is_first and used + len(space) + cells > width:
            lines.append(current)
            current, used, space = indent + _HANGING, len(indent) + len(_HANGING), ""
        current += ("" if is_first else space) + word
        used += (0 if is_first else len(space)) + cells
        is_first = False
    return [*lines, current]


def _pieces(text: str, width: int) -> Iterator[tuple[str, str]]:
    """What stays together, each with the spaces before it."""
    for match in _WORD.finditer(text):
        space, word = match[1], match[2]
        if "`" in word or word.isascii() or display_width(word) == len(word) or display_width(word) <= width // 2:
            yield space, word
            continue
        for piece in re.findall(r"[!-~]+|[^!-~]", word):
            yield space, piece
            space = ""


def unwrapped(markdown: str) -> str:
    """Markdown with each paragraph and each item of a list on one line, so that it can be wrapped to any width."""
    lines: list[str] = []
    for line in markdown.splitlines():
        goes_on = lines and lines[-1].strip() and not _ALONE.match(lines[-1]) and not _BEGINS.match(line)
        if goes_on and line.strip():
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` columns, broken between words where that is possible; at least one."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        cells = display_width(word)
        if cells <= width:
            if line and used + 1 + cells > width:
                lines.append(line)
                line, used = word, cells
            else:
                line, used = (f"{line} {word}", used + 1 + cells) if line else (word, cells)
            continue
        if line and width - used - 1 < 2:  # not even one wide character
            lines.append(line)
            line, used = "", 0
        parts = [line + " "] if line else []
        used += bool(line)
        for char in word:
            cell = _cells(char)
            if used + cell > width and used:
                lines.append("".join(parts))
                parts, used = [], 0
            parts.append(char)
            used += cell
        line = "".join(parts)
    return [*lines, line] if line or not lines else lines


def cut(text: str, width: int) -> str:
    """The beginning of ``text`` that fits into ``width`` columns; at least one character."""
    used = 0
    for position, char in enumerate(text):
        used += _cells(char)
        if position and used > width:
            return text[:position]
    return text


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells below a head, in columns: the first begins at the left, the others end at the right."""
    lines = [head, *rows]
    widths = [max(display_width(line[column]) for line in lines) for column in range(len(head))]

    def told(line: Sequence[str]) -> str:
        gaps = [" " * (width - display_width(cell)) for cell, width in zip(line, widths, strict=True)]
        cells = [
            cell + gap if not number else gap + cell for number, (cell, gap) in enumerate(zip(line, gaps, strict=True))
        ]
        return f"  {'  '.join(cells)}".rstrip()

    return "\n".join(map(told, lines))
