"""Invented judgements of several people on one paper."""

from __future__ import annotations

from typing import Any

from labeler.judgements import Judgement
from tests.judgements.factories import judgement

PEOPLE = ("ada", "ben", "cleo", "eve")


def said(paper: int, who: str, yes: str = "", **values: Any) -> Judgement:
    """What a person said of one of some papers that have nothing in common."""
    number = 10 * paper + PEOPLE.index(who)
    title = f"Paper {'abcdefghijklmnopqrstuvwxyz'[paper]} of the heap"
    fields = {"title": title, "ids": [f"arxiv:2503.{paper:05}"], "annotator": who, "number": number}
    return judgement(yes, **(fields | values))


def verdict(paper: int, who: str, yes: str = "", **values: Any) -> Judgement:
    """What an adjudicator said of it."""
    more = {"role": "adjudicator", "number": 900 + 10 * paper + PEOPLE.index(who), "at": "2026-04-01T10:00:00Z"}
    return said(paper, who, yes, **(more | {"asked": {"review": "ties"}} | values))
