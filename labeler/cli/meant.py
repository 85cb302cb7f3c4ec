"""The command that was meant, where one was mistyped: it is told and never run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from labeler.cli.meant_values import OUTPUTS, Options, Words, values_meant, version_meant
from labeler.wording import nearest

Tree = Mapping[str, Options]  # the options of each command; groups have their commands as "models list"

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
    "fetch": "pull",
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
_OPTIONS |= {"-m": "--model", "-f": "--format", "-p": "--precision", "-c": "--count", "-j": "--jobs"}
_OPTIONS |= {"--column": "--topics-column", "--threshold": "--precision", "--debug": "-v", "--silent": "--quiet"}
_SHORT = 5  # letters of an option that is like another one only where nearly all are the same
_OF_DIGESTS = ("label", "push", "explain", "read", "export")
_OF_OTHERS = ("label", "push", "import", "train", "export", "explain", "read")  # whose options are looked for, in order


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
        command, rest = _known_arguments(command, rest, tree)
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
    if words[0] == "models" and len(words) == 2:
        return "models show", words[1:]
    return " ".join(words[:2]), words[2:]


def _known_options(command: str, rest: Words, tree: Tree) -> Words:
    """The rest with its options as the command spells them."""
    options = tree[command]
    result: Words = []
    for word in rest:
        name, equals, value = word.partition("=")
        if (
            "--to" in options
            and name not in options
            and name[:2] == "--"
            and name[2:] in {*OUTPUTS, "csv", "jsonl", "md", "table"}
        ):
            result += ["--to", name[2:]]
            continue
        if "--count" in options and re.fullmatch(r"-\d+", word) and (not result or not options.get(result[-1])):
            result += ["--count", word[1:]]
            continue
        if name in ("-o", "--output") and value in {*OUTPUTS, "csv", "jsonl", "md", "table"}:
            name = "--to" if "--to" in options else name
        if re.fullmatch(r"-[a-z]{2,}", name) and f"-{name}" in options:
            name = f"-{name}"
        if name.startswith("-") and len(name) > 1 and name not in options and not re.fullmatch(r"-\d+", name):
            others = {option for each in tree.values() for option in each}
            name = _OPTIONS.get(name, name)
            if name not in others:
                long = [option for option in options if option.startswith("--")]
                begun = [option for option in long if option.startswith(name) and name != "--"]
                name = begun[0] if len(begun) == 1 else nearest(name, long, 0.7 if len(name) > _SHORT else 0.9) or name
        result += [name, value] if equals and options.get(name) else [name + equals + value]
    return result


def _known_arguments(command: str, rest: Words, tree: Tree) -> tuple[str, Words]:
    """The command and the rest, with arguments where the command takes them."""
    options = tree[command]
    rest = _with_output(rest, options)
    files = [_file(word) for word in _free(rest, options)]
    swapped = dict(zip(_free(rest, options), files, strict=True))
    rest = [swapped.get(word, word) for word in rest]
    unknown = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in options]
    if unknown:
        owner = next((name for name in _OF_OTHERS if {*unknown} <= {*tree[name]} and name != command), "")
        if owner:
            return owner, rest
        rest = _without(unknown, rest)
        files = _free(rest, options)
    rule = _ARGUMENTS.get(command)
    if not files and command in _OF_DIGESTS and not {"--help", "-h", "--formats"} & {*rest}:
        return command, ["digest.txt", *rest]
    return rule(rest, files) if rule and files else (command, rest)


def _with_output(rest: Words, options: Options) -> Words:
    """The rest with ``-o`` before a last argument that is no file but may become one."""
    free = _free(rest, options)
    last = Path(free[-1]) if len(free) > 1 else Path()
    is_output = last.suffix.lower() in (".csv", ".md", ".jsonl", ".json", ".parquet", ".xlsx") and not last.exists()
    if not is_output or not Path(free[0]).exists() or "-o" not in options or {"-o", "--output"} & {*rest}:
        return rest
    written = str(last.with_suffix(".csv")) if last.suffix.lower() == ".xlsx" else free[-1]
    inputs = [word for word in rest if word not in (free[-1], "to", "into", ">")]
    return [*inputs, "-o", written]


def _without(unknown: Words, rest: Words) -> Words:
    """The rest without unknown options, and without what stands behind one where that can be its value alone."""
    result: Words = []
    for before, word in zip(["", *rest], rest, strict=False):
        if word not in unknown and not (before in unknown and not word.startswith("-") and not _is_name_of_file(word)):
            result.append(word)
    return result


def _free(rest: Words, options: Options) -> Words:
    """The words that are no options and no values of options."""
    return [
        word
        for number, word in enumerate(rest)
        if not (word.startswith("-") and word != "-") and not (number and options.get(rest[number - 1]))
    ]


def _file(name: str) -> str:
    """The name, or that of the file in its folder that resembles it most where there is none of that name."""
    if name.startswith("file://") or re.match(r"[A-Za-z]:[\\/]", name):
        local = name.removeprefix("file://") if name.startswith("file://") else re.split(r"[\\/]", name)[-1]
        return local if Path(local).is_file() else name
    path = Path(name)
    if len(name) <= 200 and not path.suffix and not path.exists() and re.fullmatch(r"[\w. -]+", name):
        ended = sorted(each.name for each in Path().glob(f"{name}.*") if each.is_file())
        return ended[0] if len(ended) == 1 else name
    if "://" in name or "." not in path.name or any(sign in name for sign in "*?[") or len(name) > 200:
        return name
    if path.exists() or not path.parent.is_dir():
        return name
    found = nearest(path.name, sorted(each.name for each in path.parent.iterdir() if each.is_file())[:1000], 0.7)
    return str(path.with_name(found)) if found else name


def _is_name_of_file(word: str) -> bool:
    return "." in word or "/" in word or any(sign in word for sign in "*?") or Path(word).exists()


def _train(rest: Words, files: Words) -> tuple[str, Words]:
    rest = ["--unread" if word == "unread" and word in files else word for word in rest]
    result: Words = []
    for before, word in zip(["", *rest], rest, strict=False):
        is_free = word in files and before != "--unread"
        result += [*(["--unread"] if _is_name_of_file(word) else ["--name"]), word] if is_free else [word]
    return "train", result


def _explain(rest: Words, files: Words) -> tuple[str, Words]:
    papers = [word for word in files if not _is_name_of_file(word)]
    names = [word for word in rest if word not in papers]
    return "explain", [*names, *(["--paper", " ".join(papers)] if papers and len(papers) < len(files) else papers)]


def _counted(command: str) -> Callable[[Words, Words], tuple[str, Words]]:
    def rule(rest: Words, files: Words) -> tuple[str, Words]:
        numbers = [word for word in files if word.isdecimal() and not Path(word).exists()]
        result = [part for word in rest for part in (["--count", word] if word in numbers else [word])]
        return command, result

    return rule


def _import(rest: Words, files: Words) -> tuple[str, Words]:
    columns = [word for word in files[1:] if not _is_name_of_file(word)]
    result = [part for word in rest for part in (["--topics-column", word] if word in columns else [word])]
    if not columns and "--topics-column" not in rest and _is_digest(files[0]):
        return "label", rest
    return "import", result


def _label(rest: Words, files: Words) -> tuple[str, Words]:
    if _has(files[0], b'"annotations"') or _has(files[0], b'"completions"'):
        return "import", files
    if Path(files[0]).is_dir() and not {"-o", "--output"} & {*rest}:
        return "label", [*rest, "-o", "labels/"]
    return "label", rest


def _version(command: str) -> Callable[[Words, Words], tuple[str, Words]]:
    """The rule of a command that takes a version of a model."""

    def rule(rest: Words, files: Words) -> tuple[str, Words]:
        name = "@".join(files) if len(files) == 2 and files[1].isdecimal() else version_meant(files[0])
        return command, [name, *(word for word in rest if word not in files)]

    return rule


def _is_digest(name: str) -> bool:
    return Path(name).suffix.lower() in (".txt", ".jsonl", ".eml", ".mbox")


def _has(name: str, sign: bytes) -> bool:
    """Whether the beginning of a file has this in it."""
    try:
        if not Path(name).is_file():
            return False
        with Path(name).open("rb") as stream:
            return sign in stream.read(1 << 14)
    except OSError:
        return False


# How the arguments of a command are mended, where it was given some.
_ARGUMENTS: Mapping[str, Callable[[Words, Words], tuple[str, Words]]] = {
    "train": _train,
    "push": _counted("push"),
    "export": _counted("export"),
    "import": _import,
    "label": _label,
    "models show": _version("models show"),
    "models use": _version("models use"),
    "explain": _explain,
    "pull": lambda rest, _: ("push", rest),
    "status": lambda rest, _: ("label", rest),
    "serve": lambda rest, _: ("label", rest),
}
