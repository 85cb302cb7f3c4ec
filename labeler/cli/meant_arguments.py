"""Files and options of a command that were meant, where others were typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

from labeler.cli.meant_values import Options, Words, version_meant
from labeler.wording import nearest

Tree = Mapping[str, Options]  # the options of each command; groups have their commands as "models list"
# A file to show where a command has none, and options that need another one.
_NEEDED = dict.fromkeys(("label", "push", "explain", "read", "export"), "digest.txt")
_NEEDED |= {
    "fetch": "hf:today",
    "import": "export.json",
    "models export": "model.joblib",
    "background build": "pile.jsonl",
}
_TOGETHER = {
    "import": [("--complete", "--topics-column", "topics"), ("--separator", "--topics-column", "topics")],
    "train": [("--table", "--topics-column", "topics")],
    "topics add": [("--from", "--column", "topics"), ("--column", "--from", "table.csv")],
}
_ENDINGS = (".csv", ".md", ".jsonl", ".json", ".parquet", ".xlsx", ".html")  # of files that may be written to
_OF_OTHERS = ("label", "push", "import", "train", "export", "explain", "read")  # whose options are looked for, in order


def arguments_meant(command: str, rest: Words, tree: Tree) -> tuple[str, Words]:
    """The command and the rest, with arguments where the command takes them."""
    options = tree[command]
    rest = _with_output(_joined(rest), options)
    files = [_file(word) for word in _free(rest, options)]
    swapped = dict(zip(_free(rest, options), files, strict=True))
    rest = [swapped.get(word, word) for word in rest]
    unknown = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in options]
    if unknown:
        owner = next((name for name in _OF_OTHERS if {*unknown} <= {*tree[name]} and name != command), "")
        if owner:
            return _train(rest, _free(rest, tree[owner])) if owner == "train" else (owner, rest)
        rest = _without(unknown, rest)
        files = _free(rest, options)
    rule = _ARGUMENTS.get(command)
    if rule and files:
        command, rest = rule(rest, files)
    return command, _completed(command, rest, tree[command])


def _completed(command: str, rest: Words, options: Options) -> Words:
    """The rest with a file where the command needs one, and with options that others need."""
    if {"--help", "-h", "--formats", "--sources"} & {*rest}:
        return rest
    if command in _NEEDED and not _free(rest, options) and "--review" not in rest:
        of_table = command == "import" and "--topics-column" in rest
        rest = ["table.csv" if of_table else _NEEDED[command], *rest]
    for option, needed, value in _TOGETHER.get(command, ()):
        if option in rest and needed not in rest:
            rest = [*rest, needed, value]
    if command == "background build" and not {"-o", "--output"} & {*rest}:
        rest = [*rest, "-o", "field.npz"]
    return rest


def _joined(rest: Words) -> Words:
    """The rest with two words as one where they are the name of a file that has a blank in it."""
    for place, (first, second) in enumerate(pairwise(rest)):
        if not Path(first).exists() and Path(f"{first} {second}").is_file():
            return [*rest[:place], f"{first} {second}", *rest[place + 2 :]]
    return rest


def _with_output(rest: Words, options: Options) -> Words:
    """The rest with ``-o`` before a last argument that is no file but may become one."""
    free = _free(rest, options)
    last = Path(free[-1]) if len(free) > 1 else Path()
    is_output = last.suffix.lower() in _ENDINGS and not last.exists()
    if not is_output or not Path(free[0]).exists() or "-o" not in options or {"-o", "--output"} & {*rest}:
        return rest
    inputs = [word for word in rest if word not in (free[-1], "to", "into", ">")]
    return [*inputs, "-o", free[-1]]


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
    return "explain", [*names, *(["--paper", " ".join(papers)] if papers else [])]


def _counted(command: str) -> Callable[[Words, Words], tuple[str, Words]]:
    def rule(rest: Words, files: Words) -> tuple[str, Words]:
        numbers = [word for word in files if word.isdecimal() and not Path(word).exists()]
        result = [part for word in rest for part in (["--count", word] if word in numbers else [word])]
        return command, result

    return rule


def _import(rest: Words, files: Words) -> tuple[str, Words]:
    columns = [word for word in files[1:] if not _is_name_of_file(word)]
    result = [part for word in rest for part in (["--topics-column", word] if word in columns else [word])]
    if not columns and {"--topics-column", "--soft"}.isdisjoint(rest) and _is_digest(files[0]):
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


def _alone(command: str) -> Callable[[Words, Words], tuple[str, Words]]:
    """The rule of a command that takes no files."""
    return lambda rest, files: (command, [word for word in rest if word not in files])


def _status(rest: Words, files: Words) -> tuple[str, Words]:
    return ("label" if _is_name_of_file(files[0]) else "models show"), rest


def _serve(rest: Words, files: Words) -> tuple[str, Words]:
    if not files[0].isdecimal():
        return "label", rest
    return "serve", [part for word in rest for part in (["--port", word] if word == files[0] else [word])]


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
    "status": _status,
    "serve": _serve,
    **{f"studio {name}": _alone(f"studio {name}") for name in ("start", "stop", "status", "env")},
    **{f"topics {name}": _alone(f"topics {name}") for name in ("show", "check", "migrate", "config")},
    "models list": _alone("models list"),
}
