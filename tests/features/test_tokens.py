"""The words of texts are those of the tokenizer, found in another way, and their keys tell them apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features import tokens as module
from labeler.features.terms import SEPARATOR, Tokenizer, words
from labeler.features.tokens import MAX_WORD_BYTES, Tokens, batches, beyond_ascii, encoded, in_utf8, tokens_in
from tests.features.reference import CODE_POINTS, ODD, key_of, same_keys, tokens_of, walked, words_of

KINDS = "ab_ß1 \n²\u0301Σİ学カﾞเกั๑្ក한\u11ab\U00020000أـ\u064e\u200b"
TEXTS = st.text(st.characters(codec=None) | st.sampled_from(KINDS), max_size=40)
TOKENIZERS = pytest.mark.parametrize("tokenizer", Tokenizer)


def words_by_text(tokens: Tokens) -> list[list[str]]:
    words = [tokens.word(position).decode() for position in range(len(tokens.starts))]
    ends = tokens.ends.tolist()
    return [words[begin:end] for begin, end in pairwise(ends)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("batch", "tokenizer", "points"),
    [
        (256, Tokenizer.WORDS, CODE_POINTS[:0x3400]),
        (4096, Tokenizer.WORDS, CODE_POINTS),
        (4096, Tokenizer.CHARACTERS, CODE_POINTS),
        (4096, Tokenizer.FOLDED, CODE_POINTS[:0x3400]),
    ],
    ids=["short texts", "long texts", "characters", "folded"],
)
def test_words_are_right_with_every_character_alone_at_either_end_and_inside(
    batch: int, tokenizer: Tokenizer, points: list[int]
) -> None:
    forms = [f"{char} ab{char} {char}ab x{char}y {char}{char}" for char in map(chr, points)]
    if tokenizer is not Tokenizer.WORDS:
        forms = [f"{char}\u0301 x{char}y {char}{char} 学{char}学" for char in map(chr, points)]
    texts = [" ".join(forms[begin : begin + batch]) for begin in range(0, len(forms), batch)]
    expected = [words_of(text, tokenizer) for text in texts]
    tokens = tokens_in(*encoded(texts, tokenizer), tokenizer=tokenizer)
    spans = zip(tokens.starts.tolist(), tokens.lengths.tolist(), strict=True)
    assert 180_000 < len(CODE_POINTS) < 300_000
    assert np.diff(tokens.ends).tolist() == [len(words) for words in expected]
    assert [tokens.data[start : start + length] for start, length in spans] == [
        word.encode() for words in expected for word in words
    ]


@TOKENIZERS
@pytest.mark.parametrize("text", ODD)
def test_words_are_right_in_odd_texts(text: str, tokenizer: Tokenizer) -> None:
    assert tokens_of(text, tokenizer) == words_of(text, tokenizer)
    if tokenizer is not Tokenizer.WORDS:
        assert tokens_of(text, tokenizer) == walked(text, tokenizer)


@TOKENIZERS
@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_half_a_character_is_no_letter(code: int, tokenizer: Tokenizer) -> None:
    text = f"ab{chr(code)}cd {chr(code)} {chr(code)}{chr(code)} {chr(code)}a"
    assert tokens_of(text, tokenizer) == words_of(text, tokenizer) == ["ab", "cd"]


@TOKENIZERS
@given(texts=st.lists(TEXTS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_words_of_several_texts_are_those_of_each(texts: list[str], tokenizer: Tokenizer) -> None:
    found = words_by_text(tokens_in(*encoded(texts, tokenizer), tokenizer=tokenizer))
    if tokenizer is not Tokenizer.WORDS:
        assert found == [walked(text, tokenizer) for text in texts]
    assert found == [words_of(text, tokenizer) for text in texts]
    assert [[word for word in text if word != SEPARATOR] for text in found] == [
        words(text, tokenizer) for text in texts
    ]


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_words_of_texts_with_a_blank_between_are_those_of_both(one: str, other: str) -> None:
    assert tokens_of(f"{one} {other}") == tokens_of(one) + tokens_of(other)


@given(st.lists(TEXTS, max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_text_begins_where_it_is_told(texts: list[str]) -> None:
    for tokenizer in Tokenizer:
        in_bytes = beyond_ascii if tokenizer is Tokenizer.WORDS else in_utf8
        data, begins = encoded(texts, tokenizer)
        assert (len(begins), begins[0], begins[-1]) == (len(texts) + 1, 0, len(data))
        parts = [data[begin:end] for begin, end in zip(begins[:-1].tolist(), begins[1:].tolist(), strict=True)]
        lowered = [text if text.isascii() else tokenizer.prepared(text) for text in texts]
        assert parts == [(text.encode() if text.isascii() else in_bytes(text)) + b"\n" for text in lowered]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], [" "], ["\n", "\n\n"], [" \t\r\n "] * 3, ["a"], ["!?", "é"]])
def test_texts_without_words_have_none(texts: list[str]) -> None:
    tokens = tokens_in(*encoded(texts))
    assert tokens.ends.tolist() == [0] * (len(texts) + 1)
    assert len(tokens.starts) == len(tokens.lengths) == len(tokens.keys) == 0
    assert len(tokens.short().starts) == 0


def test_empty_texts_between_others_have_no_words() -> None:
    assert words_by_text(tokens_in(*encoded(["", "ab", "", "", "cd ef", ""]))) == [
        [],
        ["ab"],
        [],
        [],
        ["cd", "ef"],
        [],
    ]


WORDS = st.text("abß_1é\u0301", min_size=2, max_size=40).filter(lambda word: word[0] != "\u0301") | st.just("学")


@given(st.lists(WORDS, min_size=1, max_size=30), st.integers(0, 70))
@settings(max_examples=200, deadline=None)
def test_equal_words_have_equal_keys_wherever_they_stand(words: list[str], seed: int) -> None:
    tokens = tokens_in(*encoded([" ".join(words)]), MAX_WORD_BYTES, seed)
    alone = [key_of(word, seed) for word in words]
    assert tokens.keys.tolist() == alone


def test_keys_tell_all_words_of_up_to_eight_bytes_apart_and_many_longer_ones() -> None:
    short = {f"{number:x}".rjust(2, "_") for number in range(100_000)} | {"éa", "学"}
    longer = {f"{number:x}".rjust(width, "_") for number in range(20_000) for width in (9, 16, 17, 40)}
    words = sorted(short | longer)
    keys = tokens_in(*encoded(["\n".join(words)])).keys
    assert len(keys) == len(words) == len(np.unique(keys))


def test_another_seed_gives_other_keys() -> None:
    for word in ("ab", "abcdefgh", "abcdefghi", "a" * 100):
        assert len({key_of(word, seed) for seed in range(64)}) == 64


@pytest.mark.slow
@pytest.mark.parametrize("length", [7, 8, 9, 15, 16, 17, 24, 25, 1024])
def test_every_letter_of_a_word_counts_for_its_key(length: int) -> None:
    word = "a" * length
    others = {word[:position] + "b" + word[position + 1 :] for position in range(length)} | {word + "a", word[:-1]}
    assert len({key_of(one) for one in {word, *others}}) == length + 3


def test_what_stands_behind_a_word_does_not_count_for_its_key() -> None:
    for word in ("ab", "abcdefg", "abcdefgh", "abcdefghi"):
        keys = {int(tokens_in(*encoded([f"{word}{rest}"])).keys[0]) for rest in ("", " ", " zz", "\nyyyyyyyyyyyy", "!")}
        assert keys == {key_of(word)}


def test_beyond_the_longest_keys_tell_only_how_a_word_begins() -> None:
    one, other = "a" * 16 + "x", "a" * 16 + "y"
    for longest, alike in ((16, True), (17, False), (MAX_WORD_BYTES, False)):
        keys = tokens_in(*encoded([f"{one} {other}"]), longest).keys
        assert (keys[0] == keys[1]) == alike


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_words_with_one_key_are_told_apart(blocks: int) -> None:
    for one, other in same_keys(blocks):
        assert one != other
        tokens = tokens_in(*encoded([f"{one} {other} {one}"]))
        assert len(set(tokens.keys.tolist())) == 1  # so that what follows says something
        assert tokens.same(np.array([0, 0, 0])).tolist() == [True, False, True]
        assert tokens.same(np.array([1, 1, 1])).tolist() == [False, True, False]
        assert key_of(one, 1) != key_of(other, 1)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ab", "ab", True),
        ("abcdefgh", "abcdefgh", True),
        ("abcdefghi", "abcdefghi", True),
        ("abcdefghi", "bbcdefghi", False),
        ("abcdefghi", "abcdefghij", False),
        ("abcdefgh" * 2, "abcdefgh" + "bbcdefgh", True),  # the last block is not looked at: the key tells it
        ("abcdefgh" * 3, "abcdefgh" + "bbcdefgh" + "abcdefgh", False),
        ("a" * 40, "a" * 31 + "b" + "a" * 8, False),
        ("ab", "abc", False),
    ],
)
def test_of_words_with_one_key_lengths_and_all_blocks_but_the_last_are_compared(
    one: str, other: str, alike: bool
) -> None:
    tokens = tokens_in(*encoded([f"{one} {other}"]))
    same_key = tokens._replace(keys=np.zeros(2, np.uint64))
    assert same_key.same(np.array([1, 0])).tolist() == [alike, alike]


def test_short_tokens_are_those_that_can_be_learned() -> None:
    longest, longer = "é" * (MAX_WORD_BYTES // 2), "é" * (MAX_WORD_BYTES // 2) + "a"
    tokens = tokens_in(*encoded([f"ab {longer} cd", longer, f"{longest} ef"]))
    assert words_by_text(tokens) == [["ab", longer, "cd"], [longer], [longest, "ef"]]
    assert words_by_text(tokens.short()) == [["ab", "cd"], [], [longest, "ef"]]
    assert tokens.short().keys.tolist() == [key_of(word) for word in ("ab", "cd", longest, "ef")]


@pytest.mark.slow
def test_ten_megabytes_of_one_word_and_of_very_many() -> None:
    tokens = tokens_in(*encoded(["a" * 10_000_000, "ab " * 3_333_333, "x " * 5_000_000, "é " * 3_333_333]))
    assert tokens.ends.tolist() == [0, 1, 3_333_334, 3_333_334, 3_333_334]
    assert tokens.lengths[0] == 10_000_000
    assert (tokens.lengths[1:] == 2).all()
    assert len(np.unique(tokens.keys[1:])) == 1


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 5))
def test_texts_come_some_at_a_time_and_fewer_where_they_are_long(lengths: list[int], size: int) -> None:
    texts = ["x" * length for length in lengths]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "AT_ONCE", size)
        patch.setattr(module, "_MAX_BATCH_CHARACTERS", 12)
        parts = list(batches(texts))
    assert [text for part in parts for text in part] == texts
    assert all(0 < len(part) <= size for part in parts)
    assert all(sum(map(len, part[:-1])) < 12 for part in parts)
    assert all(len(part) == size or sum(map(len, part)) >= 12 for part in parts[:-1])
