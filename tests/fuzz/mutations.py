"""Files that are nearly right: bytes, lines and spans of a file changed as damage and malice change them."""
# ruff: noqa: E501  (tokens are in lines by format)

from __future__ import annotations

import gzip
from collections.abc import Callable
from random import Random

MOST = 300_000  # bytes of a mutated file
# What means something in one format or another.
TOKENS = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        '"', "'", "<", ">", "&", "{", "}", "[", "]", "(", "\\", "\\\\", "$", "@", "%", "#", "|", "`", "*", "\0", "\r",
        "\n\n", "\t", ",", ";", ":", "=", "-", "\ufeff", "\ufffd", "\u2028", "\ud800", "é", "中", "𝒳", "<!--", "-->",
        "<![CDATA[", "]]>", "<?xml", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&#0;", "&#x110000;", "&amp;amp;", "</",
        "/>", "<script>", "<div ", "ER  - ", "TY  - ", "\nTI  - ", "\nAB  - ", "PMID- ", "%0 ", "%T ", "@article{",
        "@comment{", "title", "abstract", "null", "NaN", "1e999", "-0", "9" * 30, "\\u0000", "\\ud800", "\\begin{", "\\textbf{",
        "From ", "\nContent-Type: text/html; charset=x\n", "=\n", "=C3=A9", "--\n", "2026-99-99", "0000-00-00", "doi:10.",
        "10.1234/" + "a" * 300, "arXiv:9999.99999v99", "http://", "[No abstract available]", "UTF-16", 'encoding="x"',
    )
)  # fmt: skip

Mutation = Callable[[bytearray, Random, bytes], bytearray]


def _span(data: bytearray, chance: Random, most: int = 200) -> slice:
    begin = chance.randrange(len(data) + 1)
    return slice(begin, begin + chance.randint(0, most))


def _flip(data: bytearray, chance: Random, _: bytes) -> bytearray:
    for _ in range(chance.choice((1, 1, 3, 30))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data


def _cut(data: bytearray, chance: Random, _: bytes) -> bytearray:
    return data[: chance.randrange(len(data))]


def _delete(data: bytearray, chance: Random, _: bytes) -> bytearray:
    del data[_span(data, chance, chance.choice((1, 20, 2000)))]
    return data


def _insert(data: bytearray, chance: Random, _: bytes) -> bytearray:
    for _ in range(chance.choice((1, 1, 2, 10))):
        place = chance.randrange(len(data) + 1)
        data[place:place] = chance.choice(TOKENS)
    return data


def _replace(data: bytearray, chance: Random, _: bytes) -> bytearray:
    old = chance.choice([token for token in TOKENS if token in data] or [b" "])
    return bytearray(bytes(data).replace(old, chance.choice(TOKENS), chance.choice((1, 3, -1))))


def _repeat_token(data: bytearray, chance: Random, _: bytes) -> bytearray:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(TOKENS) * chance.choice((50, 3000, 20_000))
    return data


def _repeat_span(data: bytearray, chance: Random, _: bytes) -> bytearray:
    span = _span(data, chance, chance.choice((20, 2000)))
    data[span] = data[span] * chance.choice((2, 10, 300))
    return data


def _splice(data: bytearray, chance: Random, other: bytes) -> bytearray:
    taken = bytearray(other)[_span(bytearray(other), chance, 3000)]
    data[_span(data, chance)] = taken
    return data


def _lines(data: bytearray, chance: Random, _: bytes) -> bytearray:
    lines = bytes(data).splitlines(keepends=True)
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return bytearray(b"".join(lines))


def _line_ends(data: bytearray, chance: Random, _: bytes) -> bytearray:
    return bytearray(bytes(data).replace(b"\n", chance.choice((b"\r\n", b"\r", b"", b"\n\n", b"\x0c", b" "))))


def _encode(data: bytearray, chance: Random, _: bytes) -> bytearray:
    text = bytes(data).decode("utf-8", "replace")
    return bytearray(text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "gbk")), "replace"))


def _pack(data: bytearray, chance: Random, _: bytes) -> bytearray:
    packed = bytearray(gzip.compress(bytes(data), 1, mtime=0))
    return packed[: chance.randint(1, len(packed))] if chance.random() < 0.3 else packed


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _delete, _insert, _insert, _insert, _replace, _replace, _repeat_token, _repeat_span, _splice, _lines,
    _line_ends, _encode, _pack,
)  # fmt: skip


def mutated(data: bytes, chance: Random, other: bytes) -> bytes:
    """The file changed some times; ``other`` is one that parts are taken from."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        if not result:
            break
        result = chance.choice(MUTATIONS)(result, chance, other)[:MOST]
    return bytes(result)
