"""The language of a workspace's papers: that of the papers that were judged last."""

from __future__ import annotations

import os
from pathlib import Path

from labeler.json_parsing import JsonError, parse_json
from labeler.papers.languages import ENGLISH, main_language

_LOOKED_AT = 1 << 16  # bytes at the end of the log


def language_of_log(log: Path) -> str:
    """The code of the language that most of the last papers in a log are in; English, the shipped model's, if none."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - _LOOKED_AT))
            lines = stream.read().splitlines()
    except OSError:  # said where the log is needed
        return ENGLISH
    return main_language(filter(None, map(_text, lines)))


def _text(line: bytes) -> str:
    try:
        record = parse_json(line)
    except (JsonError, ValueError):  # the first line may be a part of one
        return ""
    if not isinstance(record, dict):
        return ""
    return str(record.get("abstract") or record.get("title") or "")
