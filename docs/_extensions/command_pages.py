"""Writes a page for each command before the build, from the program itself: reference/commands/."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from labeler.cli.app import app_for

PLACE = "reference/commands"
_COMMON = ("workspace", "as_json", "quiet", "verbose", "help")
_EXAMPLE = re.compile(r"^Example: (.+)$", re.DOTALL)

# What the same is in Python; commands that are missing here have no counterpart there.
IN_PYTHON = {
    "read": '`labeler.read_digest("digest.txt")` gives the papers ({py:func}`labeler.read_digest`).',
    "label": "`model.decide(papers)` of a model that {py:func}`labeler.load_model` has read gives the same decisions.",
    "explain": "`model.explain(text, topic)` of a model that {py:func}`labeler.load_model` has read.",
    "train": "`fit` of a {py:class}`labeler.TopicClassifier`; `save` keeps it.",
    "push": "{py:func}`labeler.choose` gives the positions of the papers to ask about next.",
    "agreement": "{py:func}`labeler.agreement` takes a pandas frame with a judgement a row.",
}


def commands() -> Iterator[tuple[str, Any]]:
    """All commands by their full names (``models list``), a group before its commands."""

    def walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        for short, one in sorted(getattr(command, "commands", {}).items()):
            full = f"{name} {short}".strip()
            yield full, one
            yield from walk(one, full)

    return walk(typer.main.get_command(app_for(())), "")


def page(name: str, command: Any) -> str:
    """The page of one command, as Markdown."""
    about = [" ".join(part.split()) for part in inspect.cleandoc(command.help or "").split("\n\n")]
    example = next((found[1] for part in about if (found := _EXAMPLE.match(part))), "")
    about = [part for part in about if not _EXAMPLE.match(part)]
    lines = [f"(command-{name.replace(' ', '-')})=", f"# labeler {name}", "", *_parted(about)]
    inside = sorted(getattr(command, "commands", {}).items())
    if inside:
        lines += ["| command | what it does |", "|---|---|"]
        lines += [f"| [`labeler {name} {one}`]({_file(f'{name} {one}')}) | {_first(inner)} |" for one, inner in inside]
        return "\n".join([*lines, ""])
    context = typer.Context(command, info_name=f"labeler {name}")
    lines += ["```text", " ".join(command.get_usage(context).removeprefix("Usage: ").split()), "```", ""]
    if example:
        lines += ["```bash", example, "```", ""]
    rows = [one.get_help_record(context) or (one.make_metavar(context), one.help or "") for one in _own(command)]
    if rows:
        lines += ["## Arguments and options", "", "| option | what it does |", "|---|---|"]
        lines += [f"| {_code(left)} | {_cell(right)} |" for left, right in rows]
        lines += [""]
    lines += [f"[Options of all commands](index.md#options-of-all-commands): {_common(command)}.", ""]
    if name in IN_PYTHON:
        lines += ["## In Python", "", IN_PYTHON[name], ""]
    return "\n".join(lines)


def index(all_commands: list[tuple[str, Any]]) -> str:
    """The page that lists the commands."""
    lines = ["# Commands", "", "Made from the program itself, as `labeler COMMAND --help` prints it.", ""]
    lines += ["| command | what it does |", "|---|---|"]
    lines += [f"| [`labeler {name}`]({_file(name)}) | {_first(one)} |" for name, one in all_commands]
    lines += ["", "## Options of all commands", "", "| option | what it does |", "|---|---|"]
    label = dict(all_commands)["label"]
    context = typer.Context(label, info_name="labeler label")
    common = [one for one in label.params if one.name in _COMMON]
    rows = [one.get_help_record(context) for one in [*common, label.get_help_option(context)]]
    lines += [f"| {_code(left)} | {_cell(right)} |" for left, right in rows]
    lines += ["", "```{toctree}", ":hidden:", "", *(_file(name) for name, _ in all_commands), "```", ""]
    return "\n".join(lines)


def write(app: Any) -> None:
    """Write all pages; what has not changed is left alone, so that it is not built again."""
    place = Path(app.srcdir) / PLACE
    place.mkdir(parents=True, exist_ok=True)
    known = list(commands())
    pages = {_file(name): page(name, command) for name, command in known} | {"index.md": index(known)}
    for stale in {path.name for path in place.glob("*.md")}.difference(pages):
        (place / stale).unlink()
    for name, text in pages.items():
        if not (place / name).exists() or (place / name).read_text(encoding="utf-8") != text:
            (place / name).write_text(text, encoding="utf-8")


def _own(command: Any) -> list[Any]:
    """The arguments and options that not all commands have."""
    return [one for one in command.params if one.name not in _COMMON and not one.hidden]


def _common(command: Any) -> str:
    return ", ".join(f"`{one.opts[0]}`" for one in command.params if one.name in _COMMON)


def _parted(paragraphs: list[str]) -> list[str]:
    return [line for paragraph in paragraphs for line in (_escaped(paragraph), "")]


def _first(command: Any) -> str:
    text = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())
    return _cell(re.split(r"(?<=[.])\s", text)[0])


def _file(name: str) -> str:
    return f"{name.replace(' ', '_')}.md"


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split())).replace("|", "\\|")


def _code(text: str) -> str:
    """A cell that is code, in which nothing but the sign between cells means anything."""
    return f"`{' '.join(text.split())}`".replace("|", "\\|")


def _escaped(text: str) -> str:
    """Text in which only backticks mean something: stars and brackets of patterns are themselves."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([*_<\[\]{}$])", r"\\\1", part) for part in parts)


def setup(app: Any) -> dict[str, Any]:
    """Write the pages when a build begins."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True}
