"""The settings of watches: the tables ``[[watch]]`` of the workspace file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from labeler.config import Workspace
from labeler.errors import InputError, LabelerError, NotFoundError
from labeler.publish.registry import COLUMNS, output_of
from labeler.score.decision import AUTO, JUDGED, NONE, REVIEW

SECTION = "watch"
DATE = "{date}"  # in the name of an output, the day of the papers
EXAMPLE = '[[watch]], inputs = ["inbox/"], outputs = ["digest.html"]'
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_EVERY = re.compile(r"(\d{1,5})\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SHORTEST = 10  # seconds between two runs
_DECISIONS = (AUTO, REVIEW, NONE, JUDGED)


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch: which inputs are looked at, and what is made of new papers.

    - ``name``: what it is called; the folder of its state has this name.
    - ``inputs``: files, folders and patterns relative to the workspace, addresses, and mailboxes (``imaps://…``).
    - ``format``: the format of the inputs, where guessing fails.
    - ``outputs``: files to write, relative to the workspace, each by its ending; ``{date}`` stands for the day.
    - ``every``: seconds between two runs, where labeler goes on watching.
    - ``model``: the model to use; empty for the current one.
    - ``only`` and ``topics``: decisions and topics of the papers that outputs show; empty for all.
    - ``mail``: whether new papers are mailed to the subscribers.
    - ``push``: up to how many papers wait on the Label Studio server; None where none are pushed.
    - ``pull``: whether judgements are brought from the server.
    - ``train``: the number of newly judged papers from which on a model is trained; None where none is.
    """

    name: str
    inputs: tuple[str, ...] = ()
    format: str = ""
    outputs: tuple[str, ...] = ()
    every: int = 86400
    model: str = ""
    only: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    mail: bool = False
    push: int | None = None
    pull: bool = False
    train: int | None = None


_KEYS = tuple(item.name for item in fields(Watch))
_TEXTS, _LISTS, _SWITCHES, _NUMBERS = (
    ("name", "format", "model"),
    ("inputs", "outputs", "only", "topics"),
    ("mail", "pull"),
    ("push", "train"),
)


def watches_of(workspace: Workspace) -> list[Watch]:
    """The watches of a workspace, in the order of its settings.

    Raises:
        NotFoundError: it has none.
        InputError: one of them has a fault.
    """
    where = str(workspace.settings_file)
    tables = workspace.sections.get(SECTION, [])
    if isinstance(tables, Mapping):
        raise InputError(f"[{SECTION}] in {where} is one table", f"write [[{SECTION}]], with two brackets")
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise InputError(f"{SECTION} in {where} is no table", f"write, for example: {EXAMPLE}")
    if not tables:
        raise NotFoundError(f"there is nothing to watch in {where}", f"write there, for example: {EXAMPLE}")
    watches = [_watch(table, len(tables) == 1, where) for table in tables]
    _refuse_repeated(watches, where)
    _refuse_precious(watches, workspace, where)
    return watches


def _refuse_repeated(watches: list[Watch], where: str) -> None:
    """Refuse two watches of one name, and two outputs to one file, also where case does not matter in names of files.

    Raises:
        InputError: there are such.
    """
    names, outputs = set[str](), set[str]()
    for watch in watches:
        if watch.name.casefold() in names:
            raise InputError(f"two [[{SECTION}]] in {where} are called {watch.name!r}", "give each a name of its own")
        names.add(watch.name.casefold())
        for output in watch.outputs:
            place = os.path.normpath(output).casefold()
            if place in outputs:
                raise InputError(f"{output} is an output twice in {where}", "name another file")
            outputs.add(place)


def _refuse_precious(watches: list[Watch], workspace: Workspace, where: str) -> None:
    """Refuse outputs in the place of what a workspace keeps, or of an input.

    Raises:
        InputError: there are such.
    """
    inputs = {str((workspace.root / name).resolve()) for watch in watches for name in watch.inputs}
    for output in (output for watch in watches for output in watch.outputs):
        place = (workspace.root / output).resolve()
        if str(place) in inputs:
            raise InputError(f"{output} is an input and an output in {where}", "name another file")
        if workspace.keeps(place):
            raise InputError(f"{output} in {where} is no place for an output", "labeler keeps its own files there")


def chosen(watches: list[Watch], names: list[str]) -> list[Watch]:
    """The watches of these names; all where none is named.

    Raises:
        NotFoundError: no watch has one of the names.
    """
    known = {watch.name: watch for watch in watches}
    for name in names:
        if name not in known:
            raise NotFoundError(f"there is no watch {name!r}", f"known are: {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names)] or watches


def _watch(table: Mapping[str, Any], is_alone: bool, where: str) -> Watch:
    """A watch from its table; one that is alone needs no name."""
    named = str(table.get("name", "daily" if is_alone else ""))
    told = f'[[{SECTION}]] "{named}" in {where}' if named else f"a [[{SECTION}]] in {where}"
    for key in table:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(_KEYS)}"
            raise InputError(f"{told} has an unknown setting {key!r}", hint)
    if not _NAME.fullmatch(named):
        hint = 'write name = "morning": letters, digits, dots, hyphens and underscores'
        raise InputError(f"{told} has no name" if not named else f"{told} has a name that cannot be a folder's", hint)
    values = {key: _value(key, value, told) for key, value in table.items()}
    values["name"] = named
    if not values.get("inputs") and not values.get("pull"):
        raise InputError(f"{told} has no inputs", 'write, for example: inputs = ["inbox/"]')
    _check(values, told)
    return Watch(**values)


def _value(key: str, value: Any, told: str) -> Any:
    """The value of a setting, of its type.

    Raises:
        InputError: it has another one.
    """
    if key in _TEXTS and isinstance(value, str):
        return value
    if key in _LISTS and isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
        return tuple(value)
    if key in _SWITCHES and isinstance(value, bool):
        return value
    if key in _NUMBERS and isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if key == "every" and isinstance(value, str) and (seconds := _seconds(value)) is not None:
        return seconds
    kinds = dict.fromkeys(_TEXTS, 'a text, such as "morning"') | dict.fromkeys(_LISTS, 'a list, such as ["inbox/"]')
    kinds |= dict.fromkeys(_SWITCHES, "true or false") | dict.fromkeys(_NUMBERS, "a whole number from 1 on")
    kind = kinds.get(key, 'a time from 10s on, such as "30m" or "1d"')
    raise InputError(f"{told}: {key} is {value!r}", f"give {kind}")


def _seconds(text: str) -> int | None:
    """The seconds of a time such as ``30m``; None where it is none, or too short."""
    found = _EVERY.fullmatch(text.strip().lower())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    return seconds if seconds >= _SHORTEST else None


def _check(values: Mapping[str, Any], told: str) -> None:
    """Check what texts say.

    Raises:
        InputError: an output has an ending that none has, a decision is none, or an input cannot be watched.
    """
    for output in values.get("outputs", ()):
        if other := re.search(r"\{[^{}]*\}", output.replace(DATE, "")):
            raise InputError(f"{told}: {output} has {other[0]}", f"only {DATE} stands for something, the day")
        try:
            kind = output_of(_ending(output))
        except LabelerError as error:
            raise InputError(f"{told}: {output}: {error.message}", error.hint.partition("; or ")[0]) from error
        if kind == COLUMNS:
            raise InputError(
                f"{told}: {output} cannot be written here", "name a file of another ending, such as .jsonl"
            )
    for decision in values.get("only", ()):
        if decision not in _DECISIONS:
            raise InputError(f"{told}: only has {decision!r}", f"known are: {', '.join(_DECISIONS)}")
    if "-" in values.get("inputs", ()):
        raise InputError(f"{told}: standard input cannot be watched", "name a file, a folder or an address")


def _ending(output: str) -> str:
    name = output.rpartition("/")[2].replace(DATE, "")
    return f".{name.rpartition('.')[2]}" if "." in name else "(none)"
