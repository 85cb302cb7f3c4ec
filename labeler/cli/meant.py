"""The command that was meant, where one was mistyped: it is told and never run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from labeler.cli.meant_arguments import Tree, arguments_meant
from labeler.cli.meant_values import Words, outputs_called, values_meant
from labeler.wording import nearest

_DASHES = re.compile(r"^[\u2010-\u2015\u2212]+")
_QUOTES = str.maketrans("", "", "\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019")
# What people type instead of a command, and what they mean.
_COMMANDS = {
    "list": "models list",
    "ls": "models list",
    "use": "models use",
    "compare": "models list",
    "start": "studio start",
    "stop": "studio stop",
    "env": "studio env",
    "check": "topics check",
    "config": "topics config",
    "migrate": "topics migrate",
    "new": "init",
    "create": "init",
    "setup": "init",
    "predict": "label",
    "classify": "label",
    "tag": "label",
    "run": "label",
    "fit": "train",
    "learn": "train",
    "send": "push",
    "upload": "push",
    "download": "pull",
    "sync": "pull",
    "why": "explain",
    "parse": "read",
    "load": "import",
    "version": "--version",
    "upgrade": "pip install --upgrade labeler",
    "update": "pip install --upgrade labeler",
}
_HELP = ("help", "/help", "/h", "/?", "?", "-help", "-?", "man")
_OPTIONS = {"--out": "-o", "--file": "-o", "--number": "--count", "--max": "--count", "-n": "--count", "--n": "--count"}
_OPTIONS |= {"--top": "--count", "--limit": "--count", "--first": "--count", "--title": "--paper", "--id": "--paper"}
_OPTIONS |= {"--delimiter": "--separator", "--divider": "--separator", "--sep": "--separator", "-t": "--topic"}
_OPTIONS |= {
    "-m": "--model",
    "-f": "--format",
    "-p": "--precision",
    "-c": "--count",
    "-j": "--jobs",
    "-q": "--quiet",
    "--top-k": "--count",
}
_OPTIONS |= {"--column": "--topics-column", "--threshold": "--precision", "--debug": "-v", "--silent": "--quiet"}
_SHORT = 5  # letters of an option that is like another one only where nearly all are the same


def meant(arguments: Sequence[str], tree: Tree) -> str:
    """The command that was meant, quoted for the shell; empty where nothing better than ``arguments`` is known."""
    words = [word for word in (_DASHES.sub("--", word).translate(_QUOTES) for word in arguments) if word]
    if not words:
        return ""
    shared, words = _shared_first(words)
    if not words:
        return ""
    words = _command_first(words, tree)
    words = _known_command(words, tree)
    if words[0] in ("pip", "--version"):
        return shlex.join(words if words[0] == "pip" else ["labeler", *words])
    command, rest = _split(words, tree)
    if command in tree:
        rest = _known_options(command, rest, tree)
        rest = values_meant(rest, tree[command])
        command, rest = arguments_meant(command, rest, tree)
    result = [*shared, *command.split(), *rest]
    return shlex.join(["labeler", *result]) if _parts(result) != _parts(arguments) else ""


def _parts(words: Sequence[str]) -> Words:
    """The words with options and their values apart, so that ``--to=md`` is ``--to md``."""
    return [part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])]


def _shared_first(words: Words) -> tuple[Words, Words]:
    """The options that all commands share and that stand before the command, and the rest."""
    place = 0
    shared = ("--workspace", "--json", "--quiet", "-v", "--verbose")
    while place < len(words) and words[place].partition("=")[0] in shared:
        place += 2 if words[place] == "--workspace" else 1
    return list(words[:place]), list(words[place:])


def _command_first(words: Words, tree: Tree) -> Words:
    """The words with the options that stand before the command after it; those that all commands share stay."""
    firsts = {name.split()[0] for name in tree}
    place = next((number for number, word in enumerate(words) if word in firsts), 0)
    shared = {"--workspace", "--json", "--quiet", "-v", "--verbose", "--help", "-h", "--version"}
    before = words[:place]
    if not before or not before[0].startswith("-") or before[0].partition("=")[0] in shared:
        return words
    command = words[place:]
    moved = [f"-{word}" if re.match(r"-\w\w", word) else word for word in before]
    return [*command, *moved]


def _known_command(words: Words, tree: Tree) -> Words:
    """The words with a command that there is at their beginning."""
    words = _called(words)
    first, rest = words[0], words[1:]
    firsts = {name.split()[0] for name in tree}
    if first in firsts or first == "--help":
        return words
    if first.lower() in _HELP or nearest(first, ["--help"], 0.8):
        return [*rest, "--help"]
    if first.startswith("-"):
        return words
    if first.lower() in _COMMANDS:
        return [*_COMMANDS[first.lower()].split(), *rest]
    if Path(first).is_file() or "://" in first or re.search(r"\.\w{2,7}$", first):
        return ["label", *words]
    return [found, *rest] if (found := nearest(first, firsts)) else words


def _called(words: Words) -> Words:
    """The words without the name of the program, where it stands twice."""
    for name in (["labeler"], ["python", "-m", "labeler"], ["python3", "-m", "labeler"]):
        if words[: len(name)] == name and len(words) > len(name):
            return words[len(name) :]
    return words


def _split(words: Words, tree: Tree) -> tuple[str, Words]:
    """The command, one of a group included, and what follows it."""
    if words[0] in tree or len(words) < 2:
        return words[0], words[1:]
    members = [name.split()[1] for name in tree if name.startswith(f"{words[0]} ")]
    if words[1] in members or words[1].startswith("-"):
        return f"{words[0]} {words[1]}", words[2:]
    if found := nearest(words[1], members):
        return f"{words[0]} {found}", words[2:]
    if words[:2] == ["topics", "list"]:
        return "topics show", words[2:]
    if words[0] == "background" or (words[0] == "models" and len(words) == 2):
        return f"{words[0]} {'show' if words[0] == 'models' else 'build'}", words[1:]
    return " ".join(words[:2]), words[2:]


def _known_options(command: str, rest: Words, tree: Tree) -> Words:
    """The rest with its options as the command spells them."""
    options = tree[command]
    result: Words = []
    for word in rest:
        name, equals, value = word.partition("=")
        if "--to" in options and name not in options and name[:2] == "--" and name[2:] in outputs_called():
            result += ["--to", name[2:]]
            continue
        if "--count" in options and re.fullmatch(r"-\d+", word) and (not result or not options.get(result[-1])):
            result += ["--count", word[1:]]
            continue
        if name in ("-o", "--output") and value in outputs_called():
            name = "--to" if "--to" in options else name
        if re.fullmatch(r"-[a-z]{2,}", name) and f"-{name}" in options:
            name = f"-{name}"
        if name.startswith("-") and len(name) > 1 and name not in options and not re.fullmatch(r"-\d+", name):
            others = {option for each in tree.values() for option in each}
            name = _OPTIONS.get(name, name)
            name = "--max" if name == "--count" and name not in options and "--max" in options else name
            if name not in others:
                long = [option for option in options if option.startswith("--")]
                begun = [option for option in long if option.startswith(name) and name != "--"]
                name = begun[0] if len(begun) == 1 else nearest(name, long, 0.7 if len(name) > _SHORT else 0.9) or name
        result += [name, value] if equals and options.get(name) else [name + equals + value]
    return result
