"""Counts of words and pairs are those of a plain loop over the terms of each text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.features import corpus as module
from labeler.features import tokens
from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.corpus import Corpus
from labeler.features.terms import terms
from labeler.features.tokens import AT_ONCE, MAX_WORD_BYTES
from labeler.features.weighting import fit_tfidf
from tests.features.factories import background_of, corpus
from tests.features.reference import ODD, same_keys

LINE = st.lists(
    st.sampled_from(
        "deep nets straße İstanbul __ __a _ x a² 学习 e\u0301t ΑΣ\ud800 neuralnetwork neuralnetworks".split(" ")
    )
    | st.text(max_size=5),
    max_size=8,
).map(" ".join)
TEXTS = st.lists(LINE | st.tuples(LINE, LINE).map("\n".join), max_size=8)
PATCHED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def counted(texts: list[str]) -> Counter[str]:
    """In how many texts each term stands, without what is too long to be learned."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(
            {term for term in terms(text) if all(len(word.encode()) <= MAX_WORD_BYTES for word in term.split(" "))}
        )
    return found


def word_counts(texts: Iterable[str]) -> dict[str, int]:
    found = Corpus.of(texts)
    assert len(found.words) == len(set(found.words)) == len(found.frequencies)
    return dict(zip(found.words, found.frequencies.tolist(), strict=True))


def pair_counts(texts: Iterable[str], words: Sequence[str], fewest: int) -> dict[str, int]:
    """In how many texts pairs of some words stand, by the words; those that stand nowhere are left out."""
    found = Corpus.of(texts)
    there = [word for word in words if word in found.words]
    one, other, counts = found.pairs(np.array([found.words.index(word) for word in there], np.int64), fewest)
    assert np.all(np.diff(one * module.MAX_PAIR_WORDS + other) > 0)
    told = zip(one.tolist(), other.tolist(), counts.tolist(), strict=True)
    return {f"{there[first]} {there[second]}": count for first, second, count in told}


def check(texts: list[str], fewest: int = 1) -> None:
    """Both counts against the plain one; pairs are made of the words that are frequent enough."""
    expected = counted(texts)
    assert word_counts(texts) == {term: count for term, count in expected.items() if " " not in term}
    often = sorted(word for word, count in word_counts(texts).items() if count >= fewest)
    pairs = {
        term: count
        for term, count in expected.items()
        if " " in term and count >= fewest and set(term.split(" ")) <= set(often)
    }
    assert pair_counts(texts, often, fewest) == pairs
    assert fewest > 1 or len(pairs) == sum(" " in term for term in expected)


@pytest.mark.slow
@pytest.mark.parametrize("fewest", [1, 2, 3])
@given(texts=TEXTS)
@settings(max_examples=100, deadline=None)
def test_counts_are_those_of_a_plain_loop(texts: list[str], fewest: int) -> None:
    check(texts, fewest)


@pytest.mark.slow
@pytest.mark.parametrize("fewest", [1, 2, 5])
def test_counts_of_more_texts_than_are_read_at_once_are_added_up(fewest: int) -> None:
    texts = corpus(AT_ONCE * 2 + 7) + ODD
    assert len(texts) > 2 * AT_ONCE
    check(texts, fewest)


@pytest.mark.slow
@pytest.mark.parametrize("block", [1, 7, 100])
@pytest.mark.parametrize("share", [1, 50, 10_000])
def test_counts_are_the_same_however_little_is_looked_at_in_one_go(
    monkeypatch: pytest.MonkeyPatch, block: int, share: int
) -> None:
    monkeypatch.setattr(module, "_BLOCK_WORDS", block)
    monkeypatch.setattr(module, "_SHARD_WORDS", share)
    monkeypatch.setattr(tokens, "AT_ONCE", 3)
    check(corpus(80))
    check(corpus(80), 2)


@given(texts=TEXTS)
@PATCHED
def test_counts_are_right_in_batches_of_one(monkeypatch: pytest.MonkeyPatch, texts: list[str]) -> None:
    monkeypatch.setattr(tokens, "AT_ONCE", 1)
    monkeypatch.setattr(module, "_BLOCK_WORDS", 1)
    monkeypatch.setattr(module, "_SHARD_WORDS", 1)
    check(texts)


@pytest.mark.parametrize("blocks", [1, 2])
def test_words_with_one_key_are_counted_apart(blocks: int) -> None:
    for one, other in same_keys(blocks):
        check([f"{one} {other} deep", f"{one} nets\n{one}", other, f"{other} {one} {other}"])


@pytest.mark.slow
@given(texts=TEXTS, modulus=st.sampled_from([1, 2, 5]))
@PATCHED
def test_where_keys_fail_others_are_tried(monkeypatch: pytest.MonkeyPatch, texts: list[str], modulus: int) -> None:
    """With the first two seeds longer words have a few keys alone, so that many have the same."""
    kept, tried = tokens._keys, []

    def keys(data: bytes, starts: Any, lengths: Any, longer: Any, longest: int, seed: int) -> Any:
        tried.append(seed)
        found = kept(data, starts, lengths, longer, longest, seed)
        return found if seed > 1 else np.where(lengths > 8, found % np.uint64(modulus), found)

    monkeypatch.setattr(tokens, "_keys", keys)
    longer = [f"{text} neuralnetworks variational_inference autoencodersss neuralnetwork" for text in texts]
    check(longer)
    assert not texts or max(tried) > 1


def test_words_that_no_key_tells_apart_are_an_error_and_no_endless_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_keys", lambda *given: np.zeros(len(given[1]), np.uint64))
    with pytest.raises(ValueError, match="told apart"):
        word_counts(["neuralnetwork variational_inference"])
    assert word_counts(["neuralnetwork neuralnetwork"]) == {"neuralnetwork": 1}


@pytest.mark.parametrize("texts", [[], [""], ["", " ", "\n"], ["a"], ["__"], ["__ __\n__"]])
def test_texts_without_words_have_no_counts(texts: list[str]) -> None:
    assert word_counts(texts) == {}
    assert pair_counts(texts, [], 1) == {}
    assert pair_counts(texts, ["deep", "nets"], 1) == {}


def test_words_too_long_to_be_learned_are_left_out_and_break_pairs() -> None:
    longest, longer = "a" * MAX_WORD_BYTES, "a" * (MAX_WORD_BYTES + 1)
    texts = [f"deep {longer} nets {longest}"]
    assert word_counts(texts) == {"deep": 1, "nets": 1, longest: 1}
    assert pair_counts(texts, ["deep", "nets", longest], 1) == {f"nets {longest}": 1}


def test_what_keeps_parts_apart_breaks_pairs_and_is_not_counted() -> None:
    texts = ["fill the __ blank", "deep nets\ntrees"]
    assert "__" not in word_counts(texts)
    assert pair_counts(texts, ["fill", "the", "blank", "deep", "nets", "trees"], 1) == {"fill the": 1, "deep nets": 1}


def test_a_pair_counts_once_a_text_and_never_from_one_text_to_the_next() -> None:
    assert pair_counts(["deep nets deep nets", "deep", "nets", "nets deep"], ["deep", "nets"], 1) == {
        "deep nets": 1,
        "nets deep": 2,
    }
    assert pair_counts(["deep", "nets", "", "deep"], ["deep", "nets"], 1) == {}


@given(texts=TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_file_holds_what_memory_does(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    inside = Corpus.of(texts)
    outside = Corpus.of(iter(texts), tmp_path_factory.mktemp("numbers") / "numbers.bin")
    assert outside.words == inside.words
    for name in ("frequencies", "numbers", "ends"):
        np.testing.assert_array_equal(getattr(outside, name), getattr(inside, name))
    assert len(inside) == len(texts)


@pytest.mark.parametrize("background", [NO_BACKGROUND, background_of({"it": ["deep", "ét"]})], ids=["none", "tiny"])
@given(texts=TEXTS, others=TEXTS)
@settings(max_examples=60, deadline=None)
def test_rows_are_those_of_the_texts(background: Background, texts: list[str], others: list[str]) -> None:
    """Also of texts that the weights were not learned from."""
    tfidf = fit_tfidf(texts, 1, background)
    for some in (texts, others):
        found = Corpus.of(some).matrix(tfidf)
        expected = tfidf.transform(some)
        assert found.shape == expected.shape
        np.testing.assert_array_equal(found.toarray(), expected.toarray())


def test_rows_are_the_same_however_few_are_made_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Corpus.of(corpus(60) + ODD)
    tfidf = fit_tfidf(corpus(60), 1, NO_BACKGROUND)
    expected = whole.matrix(tfidf).toarray()
    monkeypatch.setattr(module, "_ROWS_BLOCK_WORDS", 7)
    assert len(list(whole.rows(tfidf))) > 20
    np.testing.assert_allclose(whole.matrix(tfidf).toarray(), expected, rtol=1e-14)  # sums are added up in other orders


def test_rows_say_how_many_words_are_unknown() -> None:
    tfidf = fit_tfidf(["deep nets"], 1, NO_BACKGROUND)
    [rows] = Corpus.of(["deep trees and nets", "", "trees"]).rows(tfidf)
    assert rows.unknown.tolist() == [2, 0, 1]


def test_only_so_many_words_make_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most frequent ones."""
    monkeypatch.setattr(module, "MAX_PAIR_WORDS", 2)
    found = Corpus.of(["deep nets", "deep nets", "deep trees"])
    words, counts = found.frequent_words(1)
    assert [found.words[word] for word in words] == ["deep", "nets"]
    assert counts.tolist() == [3, 2]
