"""Tests of regular expressions that are compiled when they are first used."""

import re

import pytest

from labeler.patterns import pattern


def test_a_pattern_does_what_the_compiled_one_does() -> None:
    lazy, compiled = pattern(r"(a+)(b)?", re.IGNORECASE), re.compile(r"(a+)(b)?", re.IGNORECASE)
    for text in ("", "Aab", "xaa", "aabab"):
        assert [found.span() for found in lazy.finditer(text)] == [found.span() for found in compiled.finditer(text)]
        assert lazy.sub("-", text) == compiled.sub("-", text)
        assert lazy.split(text) == compiled.split(text)
        assert lazy.findall(text) == compiled.findall(text)
        assert (lazy.match(text) is None) is (compiled.match(text) is None)
        assert (lazy.fullmatch(text) is None) is (compiled.fullmatch(text) is None)
        assert (lazy.search(text) is None) is (compiled.search(text) is None)
    assert (lazy.pattern, lazy.flags, lazy.groups) == (compiled.pattern, compiled.flags, compiled.groups)


def test_it_is_compiled_at_its_first_use() -> None:
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.match("")
