"""A vocabulary finds in texts what a plain count of their terms finds."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.features import tokens
from labeler.features.terms import joined_parts, terms, words
from labeler.features.tokens import encoded, tokens_in
from labeler.features.vocabulary import NO_PAIR, Counts, Vocabulary, Words, last_positions, pair_keys
from tests.features.reference import ODD, key_of, same_keys, terms_of_sklearn, words_of

WORD = st.sampled_from("ab abc abcdefgh abcdefghi abcdefghj straße 学 ที่ δοκιμή a1 _a ___".split(" ")) | st.text(
    "ab_1é", min_size=2, max_size=20
).filter(lambda word: word != "__")
LINE = st.lists(
    WORD | st.sampled_from(["__", "x", "!", "İ", "a²", "学习", "ที่สุด"]) | st.text(max_size=4), max_size=10
).map(" ".join)
TEXTS = st.lists(LINE | st.tuples(LINE, LINE).map("\n".join), max_size=6)
TERMS = st.lists(WORD | st.tuples(WORD, WORD).map(" ".join), unique=True, max_size=12)


def found(vocabulary: Vocabulary, texts: list[str]) -> list[dict[str, int]]:
    """The terms in each text and how often, as strings."""
    counts = vocabulary.counts_in([joined_parts(text) for text in texts])
    assert all(len(set(counts.columns[begin:end].tolist())) == end - begin for begin, end in bounds(counts))
    return [
        {
            vocabulary.term(column): int(counts.counts[begin + position])
            for position, column in enumerate(counts.columns[begin:end])
        }
        for begin, end in bounds(counts)
    ]


def bounds(counts: Counts) -> list[tuple[int, int]]:
    ends = counts.ends.tolist()
    return list(pairwise(ends))


def counted(known: set[str] | tuple[str, ...], texts: list[str]) -> list[dict[str, int]]:
    """The same by a plain count."""
    known = set(known)
    return [dict(Counter(term for term in terms(text) if term in known)) for text in texts]


def unknown(known: tuple[str, ...], text: str) -> int:
    """How many words of a text as it is laid out are no terms; what keeps its parts apart is one, too."""
    return sum(word not in known for word in words_of(joined_parts(text)))


@pytest.mark.slow
@given(TERMS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_what_is_found_is_what_a_plain_count_finds(known: list[str], texts: list[str]) -> None:
    vocabulary = Vocabulary.of(known)
    assert found(vocabulary, texts) == counted(tuple(known), texts)
    counts = vocabulary.counts_in([joined_parts(text) for text in texts])
    assert counts.unknown.tolist() == [unknown(tuple(known), text) for text in texts]


@pytest.mark.slow
@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_all_terms_of_some_texts_are_found_in_them_and_in_others(texts: list[str], others: list[str]) -> None:
    known = terms_of_sklearn(texts)
    vocabulary = Vocabulary.of(known)
    assert found(vocabulary, [*texts, *others]) == counted(set(known), [*texts, *others])


@pytest.mark.slow
@given(TERMS)
@settings(max_examples=200, deadline=None)
def test_terms_keep_their_order_and_are_found_by_their_names(known: list[str]) -> None:
    vocabulary = Vocabulary.of(known)
    assert vocabulary.terms == tuple(known)
    assert len(vocabulary) == len(known)
    assert [vocabulary.term(column) for column in range(len(known))] == known
    assert vocabulary.columns_of(known[::-1]).tolist() == list(range(len(known)))[::-1]
    assert vocabulary.is_word.tolist() == [" " not in term for term in known]
    assert vocabulary.columns_of(["never heard of", ""]).tolist() == [-1, -1]


def test_a_word_that_only_pairs_hold_is_no_term() -> None:
    vocabulary = Vocabulary.of(["deep nets", "nets"])
    assert vocabulary.columns_of(["deep", "nets", "deep nets", "nets deep", "nets x"]).tolist() == [-1, 1, 0, -1, -1]
    assert found(vocabulary, ["deep nets deep"]) == [{"deep nets": 1, "nets": 1}]
    assert vocabulary.counts_in(["deep nets deep"]).unknown.tolist() == [2]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("deep __ nets", {}),
        ("deep\nnets", {}),
        ("deep __\nnets", {}),
        ("__ deep nets", {"deep nets": 1}),
        ("deep nets __\n__ deep nets", {"deep nets": 3}),
        ("deep nets __ deep\nnets deep __ nets", {"deep nets": 2, "nets deep": 1}),
        ("__\n__", {}),
    ],
)
def test_what_keeps_parts_apart_breaks_pairs_in_titles_and_abstracts(text: str, pairs: dict[str, int]) -> None:
    known = ("deep", "nets", "deep nets", "nets deep")
    (counts,) = found(Vocabulary.of(known), [text])
    assert {term: count for term, count in counts.items() if " " in term} == pairs
    assert counts == counted(known, [text])[0]


@pytest.mark.parametrize(
    ("known", "message"),
    [
        (["__"], "never '__'"),
        (["ab", "ab __"], "never '__'"),
        (["ab cd ef"], "a word or two"),
        (["ab  cd"], "a word or two"),
        (["ab", "cd", "ab"], "twice"),
        (["ab cd", "ab cd"], "not all different"),
        (["a"], "no word"),
        ([""], "no word"),
        (["ab "], "no word"),
        ([" ab"], "no word"),
        (["ab\tcd"], "no word"),
        (["ab-cd"], "no word"),
        (["!!"], "no word"),
        (["é"], "no word"),
        (["e\u0301 "], "no word"),
        (["学习"], "no word"),
        (["ที"[1]], "no word"),
        (["ab", "AB"], "twice"),
    ],
)
def test_what_is_no_term_or_there_twice_is_refused(known: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Vocabulary.of(known)


def test_without_terms_nothing_is_found_and_without_texts_neither() -> None:
    empty, some = Vocabulary.of([]), Vocabulary.of(["ab", "ab cd"])
    assert (len(empty), empty.terms, empty.is_word.tolist()) == (0, (), [])
    assert found(empty, ["ab cd", ""]) == [{}, {}]
    assert empty.counts_in(["ab cd", ""]).unknown.tolist() == [2, 0]
    for vocabulary in (empty, some):
        counts = vocabulary.counts_in([])
        assert (counts.ends.tolist(), counts.unknown.tolist(), counts.columns.tolist()) == ([0], [], [])
    assert found(some, ["", " \n ", "x", ""]) == [{}] * 4


@pytest.mark.slow
def test_more_than_65536_words() -> None:
    names = [f"w{number:06d}" for number in range(70_000)]
    pairs = [f"{one} {other}" for one, other in zip(names[::-1], names[7:] + names[:7], strict=True)]
    vocabulary = Vocabulary.of(names + pairs)
    counts = vocabulary.counts_in(pairs)
    column = {term: position for position, term in enumerate(names + pairs)}
    expected = [sorted({column[term] for term in (*pair.split(" "), pair)}) for pair in pairs]
    assert [sorted(counts.columns[begin:end].tolist()) for begin, end in bounds(counts)] == expected
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(names, 60)) + f" {pairs[position]} {pairs[-position]}" for position in range(1, 60)]
    assert found(vocabulary, texts) == counted({*names, *pairs}, texts)
    assert max(len(text) for text in found(vocabulary, texts)) > 60


@pytest.mark.parametrize("text", ODD)
def test_terms_of_odd_texts_are_found(text: str) -> None:
    known = terms_of_sklearn(ODD)
    assert found(Vocabulary.of(known), [text, f"{text}\n{text}"]) == counted(set(known), [text, f"{text}\n{text}"])


@pytest.mark.slow
def test_ten_megabytes_are_read_whole() -> None:
    vocabulary = Vocabulary.of(["ab", "cd", "ab cd", "cd ab", "aaaaaaaaa"])
    texts = ["a" * 10_000_000, "ab cd " * 1_666_667, "x " * 5_000_000, " " * 10_000_000]
    counts = vocabulary.counts_in(texts)
    assert counts.ends.tolist() == [0, 0, 4, 4, 4]
    assert dict(zip(map(vocabulary.term, counts.columns.tolist()), counts.counts.tolist(), strict=True)) == {
        "ab": 1_666_667,
        "cd": 1_666_667,
        "ab cd": 1_666_667,
        "cd ab": 1_666_666,
    }
    assert counts.unknown.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("length", [2, 7, 8, 9, 16, 17, 1024, 1025, 5000, 20_000])
def test_words_of_any_length_are_known_whole(length: int) -> None:
    word = "a" * length
    for known in ([word], [word, f"{word} {word}"], [word, "b" * 9]):
        vocabulary = Vocabulary.of(known)
        assert vocabulary.terms == tuple(known)
        counts = counted(tuple(known), [f"{word} {word} {word}a {word[:-1]} {word[:-1]}b b{word[1:]}"])
        assert found(vocabulary, [f"{word} {word} {word}a {word[:-1]} {word[:-1]}b b{word[1:]}"]) == counts


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_words_with_one_key_are_not_confused(blocks: int) -> None:
    for one, other in same_keys(blocks):
        alone = Words.of([one, "ab"])
        assert alone.seed == 0
        read = tokens_in(*encoded([f"{one} {other} ab"]), alone.longest, alone.seed)
        assert read.keys[0] == read.keys[1]
        assert alone.numbers(read).tolist() == [0, 2, 1]
        assert found(Vocabulary.of([one, "ab"]), [f"{other} {one} ab"]) == [{one: 1, "ab": 1}]


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_for_words_with_one_key_another_seed_is_taken(blocks: int) -> None:
    for one, other in same_keys(blocks):
        both = Words.of([one, other])
        assert both.seed > 0
        read = tokens_in(*encoded([f"{other} {one} {other}x"]), both.longest, both.seed)
        assert both.numbers(read).tolist() == [1, 0, 2]
        known = [other, one, f"{one} {other}"]
        assert found(Vocabulary.of(known), [f"{one} {other} {one}"]) == [{one: 2, other: 1, f"{one} {other}": 1}]


@pytest.mark.slow
@given(st.lists(WORD, unique=True, min_size=1, max_size=12), TEXTS)
@settings(max_examples=100, deadline=None)
def test_words_are_compared_when_all_their_keys_are_those_of_known_ones(known: list[str], texts: list[str]) -> None:
    """Every token of more than one block is given the key of some known word, if it is not one of them."""
    table = Words.of(known)
    read = tokens_in(*encoded(texts), table.longest, table.seed)
    ours = {key_of(word, table.seed): word for word in known}
    lied = [
        key if key in ours or length <= 8 else key_of(known[position % len(known)], table.seed)
        for position, (key, length) in enumerate(zip(read.keys.tolist(), read.lengths.tolist(), strict=True))
    ]
    counts = table.numbers(read._replace(keys=np.array(lied, np.uint64)))
    for position, number in enumerate(counts.tolist()):
        word = read.word(position).decode()
        if number < len(known) and known[number] != word:  # nothing but a key tells last blocks apart
            whole = (len(word.encode()) - 1) // 8 * 8
            assert len(known[number].encode()) == len(word.encode())
            assert known[number].encode()[:whole] == word.encode()[:whole]
        assert (word in known) <= (number < len(known))


@given(TERMS, TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_seeds_are_tried_until_keys_differ(monkeypatch: pytest.MonkeyPatch, known: list[str], texts: list[str]) -> None:
    kept = tokens._keys
    with monkeypatch.context() as patch:
        patch.setattr(
            tokens, "_keys", lambda *given: kept(*given) if given[-1] > 2 else np.zeros(len(given[1]), np.uint64)
        )
        vocabulary = Vocabulary.of([*known, "one_word", "other_word"])
        assert vocabulary.words.seed == 3
        assert found(vocabulary, texts) == counted((*known, "one_word", "other_word"), texts)


@pytest.mark.slow
@given(st.lists(st.lists(st.integers(0, 3), max_size=6), max_size=5))
@settings(max_examples=200, deadline=None)
def test_neighbours_stand_side_by_side_in_one_text(texts: list[list[int]]) -> None:
    numbers = np.array([number for text in texts for number in text], np.int64)
    ends = np.cumsum([0, *map(len, texts)])
    keys = [key for key in pair_keys(numbers, ends).tolist() if key != NO_PAIR]
    expected = [(one, other) for text in texts for one, other in pairwise(text)]
    assert keys == [one << 32 | other for one, other in expected]


@given(st.lists(WORD, unique=True, max_size=12))
@settings(max_examples=100, deadline=None)
def test_words_are_kept_as_they_are(known: list[str]) -> None:
    table = Words.of(known)
    assert len(table) == len(known)
    assert [table.text(number) for number in range(len(known))] == known
    assert table.lengths.tolist() == [*(len(word.encode()) for word in known), 0]
    assert table.longest == max((-(-len(word.encode()) // 8) * 8 for word in known), default=0)


@given(LINE)
@settings(max_examples=100, deadline=None)
def test_words_of_a_text_are_words_for_a_vocabulary(text: str) -> None:
    known = sorted(set(words(text)))
    assert Vocabulary.of(known).terms == tuple(known)


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 3), max_size=60), st.sampled_from([np.uint32, np.uint64]))
def test_the_last_place_of_a_key_is_found(keys: list[int], kind: type[np.uint32]) -> None:
    expected = {key: position for position, key in enumerate(keys)}
    assert last_positions(np.array(keys, kind)).tolist() == [expected[key] for key in keys]


@pytest.mark.parametrize("kind", [np.uint32, np.uint64])
def test_keys_of_one_slot_are_told_apart(kind: type[np.uint32]) -> None:
    """Keys whose products with the first multiplier are 0, 1, 2 and so on: all of them come to the first slot."""
    apart = np.arange(500, dtype=kind) * pow(
        0x9E3779B97F4A7C15 >> (64 - 8 * np.dtype(kind).itemsize) | 1, -1, 1 << 8 * np.dtype(kind).itemsize
    )
    keys = np.concatenate([apart, apart[::-1], apart[:100]])
    expected = {key: position for position, key in enumerate(keys.tolist())}
    assert len(expected) == 500
    assert last_positions(keys).tolist() == [expected[key] for key in keys.tolist()]
