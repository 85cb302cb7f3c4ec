"""Lists of titles, one a line, and lists of references as articles end with.

Nothing tells such lists from other texts for certain; what was taken for one is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.reference_lines import reference_fields
from labeler.digests.source import Record, Refusal, Source
from labeler.patterns import pattern

NAME = "titles"
RANK = 88
FIXED_NAMES = True
ABOUT = "list of titles or of references, one a line"
_NUMBER = pattern(r"^\s*(?:[-*+•–]\s+|\[\d{1,4}\]\s*|\(?\d{1,4}[.)]\s+)?")
_MARKUP = pattern(r"^(?:[<{%@|]|\[(?!\d{1,4}\])|#{1,6} |[A-Z][A-Z0-9] {1,2}- |\w+ ?[:=] |\\|[-=*_]{3,}$)")
_NAME_OF_FIELD = pattern(r"^[A-Z][\w-]{1,20}: \S*$")
_FEWEST, _MOST_WORDS, _LONGEST = 3, 40, 300
_LONGEST_REFERENCE = 800
_SUFFIXES = ("", ".txt", ".text", ".md", ".markdown", ".lst", ".list")
_TIME = pattern(r"\d{4}-\d\d-\d\d|\d{1,2}:\d\d|\d{1,3}(?:\.\d{1,3}){3}")
_LINES = 500  # that are looked at
_SURE = 0.9  # share of lines that may be titles
_OF_ALL = 0.6  # share of lines that are references, or titles below headings


def looks_like(source: Source) -> bool:
    """Whether nearly all lines may be titles, or most are references; at least two of them."""
    head = source.head.lstrip("\ufeff")
    lines = [line for line in head.splitlines()[: -1 if len(head) >= 1 << 16 else None] if line.strip()][:_LINES]
    if (
        source.suffix not in _SUFFIXES
        or len(lines) < 2
        or "\x00" in head
        or any(_MARKUP.match(line) for line in lines[:3])
    ):
        return False
    if sum(len(line) > _LONGEST_REFERENCE for line in lines) > (1 - _OF_ALL) * len(lines):
        return False
    texts = list(filter(None, (_NUMBER.sub("", line, count=1).strip() for line in lines)))
    if len(texts) < 2 or any(_has_columns(texts, sign) for sign in "\t;|"):
        return False
    if sum(reference_fields(text) is not None for text in texts) >= _OF_ALL * len(texts):
        return True
    longer = [text for text in texts if len(text.split()) >= _FEWEST or not text.isascii()]  # others may be headings
    count = sum(map(_is_title, longer))
    return count >= 2 and count >= _SURE * len(longer) and count >= _OF_ALL * len(texts)


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record a line: its title alone, or what a reference says."""
    with source.text() as stream:
        for number, line in enumerate(stream, start=1):
            text = _NUMBER.sub("", line.lstrip("\ufeff"), count=1).strip()
            if not text:
                continue
            fields = reference_fields(text)
            if fields is None and not _is_title(text):
                yield Refusal(source.name, f"line {number}", f"does not look like a title: {text[:60]!r}")
            else:
                yield Record(f"line {number}", fields or {"title": text})
    source.notes.append(
        f"{source.name} was taken for a list of titles, one a line; if it is something else, name its format with "
        "--format"
    )


def _has_columns(texts: list[str], sign: str) -> bool:
    """Whether a sign divides all lines into as many parts, as in a table without a header."""
    counts = {text.count(sign) for text in texts}
    return len(counts) == 1 and counts.pop() > 0


def _is_title(text: str) -> bool:
    """Whether a line may be a title: some words, the first with a capital, no end of a line in a paragraph."""
    words = text.split()
    is_short = len(text) <= _LONGEST and (
        _FEWEST <= len(words) <= _MOST_WORDS or (not text.isascii() and len(text) >= 6)
    )
    begins = text[0].isupper() or text[0].isdigit() or text[0] in "\"'“‘«$(" or not text[0].isascii()
    inner = text.rstrip(".").count(". ")
    return (
        is_short
        and begins
        and not _TIME.match(text)
        and inner == 0
        and text[-1] not in ",;:-"
        and not _NAME_OF_FIELD.match(text)
    )
