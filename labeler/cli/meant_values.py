"""Values of options that were meant, where others were typed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping

from labeler.wording import nearest

Words = list[str]
Options = Mapping[str, bool]  # those of a command, and whether each takes a value

OUTPUTS = {"excel": "xlsx", "xls": "xlsx", "spreadsheet": "xlsx", "markdown": "md", "json": "jsonl", "text": "table"}
OUTPUTS |= {"feed": "atom", "xml": "atom", "zotero": "ris", "endnote": "ris", "bib": "bibtex", "latex": "bibtex"}
OUTPUTS |= {"txt": "table", "tsv": "csv", "pdf": "html", "web": "html", "page": "html", "word": "md", "mail": "eml"}
_IS_OPTION = re.compile(r"-(?!\d+$).").match  # neither a number below zero nor the sign for standard input
_DECISIONS = {"unsure": "review", "uncertain": "review", "automatic": "auto", "sure": "auto", "human": "judged"}
_NUMBERS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
_NUMBERS |= {"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}
# A value to show where one is missing.
_EXAMPLES = {"--to": "md", "--count": "20", "-o": "labels.csv", "--output": "labels.csv", "--model": "arxiv"}
_EXAMPLES |= {
    "--topic": "TOPIC",
    "--only": "review",
    "--precision": "0.9",
    "--jobs": "2",
    "--unread": "digest.txt",
    "--format": "bibtex",
}
_STRATEGIES = {"uncertainty": "margin", "active": "margin", "entropy": "margin", "least": "margin", "default": "mix"}
_STRATEGIES |= {"diversity": "diverse", "chance": "random", "blind": "random", "auto": "mix", "best": "mix"}


def values_meant(rest: Words, options: Options) -> Words:
    """The rest with values that options take."""
    result: Words = []
    words = deque(rest)
    while words:
        if not (word := words.popleft()):
            continue
        result.append(word)
        if not options.get(word):
            continue
        if not words or not words[0] or _IS_OPTION(words[0]):
            result.append(_EXAMPLES.get(word, "VALUE"))
            continue
        value = words.popleft()
        if word == "--topic" and "," in value:
            result += [part for topic in value.split(",") for part in (word, topic.strip())][1:]
        elif word == "--format" and not (value := _format(value)):
            result.pop()  # the format is known by the content
        else:
            result.append(_value(word, value))
    return _in_a_file(result)


def outputs_called() -> set[str]:
    """The names of outputs, and what people call them."""
    from labeler.publish.registry import OUTPUTS as KNOWN

    return {*KNOWN.names, *OUTPUTS}


def _in_a_file(words: Words) -> Words:
    """The words with a file to write to where an output of bytes is named, which no terminal shows."""
    from labeler.publish.registry import OUTPUTS as KNOWN
    from labeler.publish.registry import is_binary

    if "--to" not in words[:-1] or {"-o", "--output"} & {*words}:
        return words
    place = words.index("--to")
    name = words[place + 1]
    if name not in KNOWN.names or not is_binary(KNOWN.named(name)):
        return words
    return [*words[:place], "-o", f"labels{KNOWN.named(name).SUFFIXES[0]}", *words[place + 2 :]]


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
    if option == "--model":
        return version_meant(value)
    if option == "--strategy":
        from labeler.sampling.registry import STRATEGIES

        return _STRATEGIES.get(value.lower()) or nearest(value, STRATEGIES.names) or value
    if option == "--only":
        return _DECISIONS.get(value.lower()) or nearest(value, ("auto", "review", "none", "judged")) or value
    if option == "--to" and value not in ("sklearn",):
        return _output(value)
    return value


def _output(value: str) -> str:
    from labeler.publish.registry import OUTPUTS as KNOWN

    names = [*KNOWN.names, "parquet"]
    lowered = value.lower().lstrip(".")
    if value in names:
        return value
    return OUTPUTS.get(lowered) or nearest(lowered, names) or OUTPUTS.get(nearest(lowered, OUTPUTS), value)


def _format(value: str) -> str:
    """The format that was meant; empty where there is none like it."""
    from labeler.digests.registry import FORMATS

    return value if value in FORMATS.names else nearest(value, FORMATS.names, 0.7)


def version_meant(name: str) -> str:
    """The version of a model that was meant: ``mine:1``, ``mine/1``, ``mine@v1`` and a path of it are ``mine@1``."""
    match = re.fullmatch(r"(?:.*models/)?([\w-]+)[@:/ ]v?(\d+)/?", name, re.IGNORECASE)
    return f"{match[1]}@{match[2]}" if match else name
