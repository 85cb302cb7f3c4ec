"""The command that was meant, where one was mistyped: it is told and never run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from labeler.wording import nearest

Words = list[str]
Options = Mapping[str, bool]  # those of a command, and whether each takes a value
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
}
_OPTIONS = {"--out": "-o", "--file": "-o", "--number": "--count", "--max": "--count", "-n": "--count", "--n": "--count"}
_OPTIONS |= {"--top": "--count", "--limit": "--count", "--first": "--count", "--title": "--paper", "--id": "--paper"}
_OPTIONS |= {"--delimiter": "--separator", "--divider": "--separator", "--sep": "--separator", "-t": "--topic"}
_OPTIONS |= {"-m": "--model", "-f": "--format", "-p": "--precision", "-c": "--count", "-j": "--jobs"}
_OPTIONS |= {"--column": "--topics-column", "--threshold": "--precision", "--debug": "-v", "--silent": "--quiet"}
_OUTPUTS = {"excel": "csv", "xlsx": "csv", "xls": "csv", "markdown": "md", "json": "jsonl", "text": "table"}
_OUTPUTS |= {"txt": "table", "tsv": "csv", "spreadsheet": "csv", "html": "md", "pdf": "md", "word": "md"}
_DECISIONS = {"unsure": "review", "uncertain": "review", "automatic": "auto", "sure": "auto", "human": "judged"}
_NUMBERS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
_NUMBERS |= {"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}
# A value to show where one is missing.
_EXAMPLES = {"--to": "md", "--count": "20", "-o": "labels.csv", "--output": "labels.csv", "--model": "arxiv"}
_EXAMPLES |= {"--topic": "TOPIC", "--only": "review", "--precision": "0.9", "--jobs": "2", "--unread": "digest.txt"}
_SHORT = 5  # letters of an option that is like another one only where nearly all are the same
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
        rest = _values(rest, tree[command])
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
    first, rest = words[0], words[1:]
    firsts = {name.split()[0] for name in tree}
    if first in firsts or first.startswith("-"):
        return words
    if first == "help":
        return [*rest, "--help"]
    if first in ("upgrade", "update"):
        return ["pip", "install", "--upgrade", "labeler"]
    if first.lower() in _COMMANDS:
        return [*_COMMANDS[first.lower()].split(), *rest]
    if Path(first).is_file() or "://" in first or re.search(r"\.\w{2,7}$", first):
        return ["label", *words]
    return [found, *rest] if (found := nearest(first, firsts)) else words


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
        if name in ("-o", "--output") and value in {*_OUTPUTS, "csv", "jsonl", "md", "table"}:
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


def _values(rest: Words, options: Options) -> Words:
    """The rest with values that options take."""
    result: Words = []
    words = iter([*rest, ""])
    for word in words:
        if not word:
            continue
        result.append(word)
        if options.get(word):
            value = next(words, "")
            if not value or (value.startswith("-") and value != "-" and not re.fullmatch(r"-\d+", value)):
                result += [_EXAMPLES.get(word, "VALUE"), *([value] if value else [])]
            else:
                result.append(_value(word, value))
    return result


def _value(option: str, value: str) -> str:  # noqa: PLR0911  (one return an option)
    """The value that was meant for an option."""
    if option in ("--count", "--overlap", "--words"):
        return str(_NUMBERS.get(value.lower(), value))
    if option == "--precision" and (match := re.fullmatch(r"(\d{2})(?:\.0)?\s*%?", value.replace(",", "."))):
        return f"0.{match[1]}".rstrip("0")
    if option == "--precision":
        return value.replace(",", ".")
    if option == "--jobs" and value in ("all", "max", "auto"):
        return "-1"
    if option == "--model" and (match := re.fullmatch(r"(?:.*/)?models/([^/]+)/(\d+)/?", value)):
        return f"{match[1]}@{match[2]}"
    if option == "--only":
        return _DECISIONS.get(value.lower()) or nearest(value, ("auto", "review", "none", "judged")) or value
    if option == "--to" and value not in ("sklearn",):
        return _output(value)
    return value


def _output(value: str) -> str:
    from labeler.publish.registry import OUTPUTS

    names = [*OUTPUTS.names, "parquet"]
    lowered = value.lower().lstrip(".")
    return value if value in names else _OUTPUTS.get(lowered) or nearest(lowered, names) or value


def _known_arguments(command: str, rest: Words, tree: Tree) -> tuple[str, Words]:
    """The command and the rest, with arguments where the command takes them."""
    options = tree[command]
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
    return rule(rest, files) if rule and files else (command, rest)


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
    path = Path(name)
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
    "explain": _explain,
    "pull": lambda rest, _: ("push", rest),
    "status": lambda rest, _: ("label", rest),
    "serve": lambda rest, _: ("label", rest),
}
