"""What the lines between ``---`` before a Markdown page say of it, as notes on one paper (Obsidian, Zotero) have them.

Format: YAML (https://yaml.org/spec/1.2.2/), of which such lines use names with a text or a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from labeler.digests.markdown_papers import names_paper
from labeler.papers.ids import arxiv_id, doi, title_key
from labeler.patterns import pattern

_FIELD = pattern(r"([A-Za-z][\w -]{0,40}?)\s*:(?:\s+(.*))?$")
_ITEM = pattern(r"\s*-\s+(.*)$")
_MOST = 200  # lines that are kept


def front_fields(lines: Iterable[str]) -> dict[str, Any]:
    """The fields that the lines name; ``authors: [A, B]`` and items below a name are lists."""
    fields: dict[str, Any] = {}
    last = ""
    for line in lines:
        if match := _FIELD.match(line):
            last = match[1].strip().lower()
            fields[last] = _value((match[2] or "").strip())
        elif (match := _ITEM.match(line)) and last:
            before = fields[last]
            fields[last] = [*(before if isinstance(before, list) else []), _bare(match[1])]
    return {name: value for name, value in fields.items() if value}


def describes(front: dict[str, Any], title: str) -> bool:
    """Whether the fields are those of the paper with this title."""
    return bool(front) and title_key(str(front.get("title", ""))) == title_key(title)


def is_paper(front: dict[str, Any]) -> bool:
    """Whether the fields alone are those of a paper: a title, and an identifier of arXiv or a DOI."""
    texts = (str(front[name]) for name in ("doi", "arxiv", "arxiv_id", "url") if name in front)
    return "title" in front and (names_paper(front) or any(arxiv_id(text) or doi(text) for text in texts))


def kept(lines: list[str], line: str) -> None:
    """Keep a line, unless there are very many."""
    if len(lines) < _MOST:
        lines.append(line.rstrip("\r\n"))


def _value(text: str) -> str | list[str]:
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return [_bare(part) for part in re.split(r"\s*,\s*", text[1:-1]) if part]
    return _bare(text)


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
