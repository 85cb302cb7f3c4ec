from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.terms import Tokenizer
from labeler.features.tfidf import Tfidf
from labeler.features.weighting import fit_tfidf
from tests.features.factories import background_of

PATTERN = Tokenizer.CHARACTERS.pattern
WORDS = "deep Deep nets straße İstanbul ǅ ŉa 学习 e\u0301t ét ﬁne ٣٤ x 🤖 a\x00b".split(" ")
LINE = st.lists(st.one_of(st.sampled_from(WORDS), st.text("abé ß_-\r", max_size=4)), max_size=6).map(" ".join)
TITLED = st.tuples(LINE, LINE).map("\n".join)
TEXTS = st.lists(st.one_of(LINE, TITLED), min_size=1, max_size=8).filter(
    lambda texts: all("__" not in re.findall(PATTERN, text) for text in texts)
)


def plain(texts: list[str], min_df: int = 1) -> Tfidf:
    return fit_tfidf(texts, min_df, NO_BACKGROUND)


def for_sklearn(text: str) -> str:
    title, _, abstract = text.partition("\n")
    return f"{title} __ {title} __ {abstract}" if abstract.strip() else text


@given(TEXTS, TEXTS, st.sampled_from([1, 2]))
@settings(max_examples=100, deadline=None)
def test_tfidf_without_a_background_equals_that_of_scikit_learn(texts: list[str], new: list[str], min_df: int) -> None:
    ours = plain(texts, min_df)
    given_texts = [for_sklearn(text) for text in texts]
    reference = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=min_df, token_pattern=PATTERN)
    try:
        found = tuple(term for term in reference.fit(given_texts).get_feature_names_out() if "__" not in term.split())
    except ValueError:  # not one term
        found = ()
    assert sorted(ours.terms) == sorted(found)
    if not found:
        return
    chosen = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, vocabulary=ours.terms, token_pattern=PATTERN)
    chosen.fit(given_texts)
    for some in (texts, new):
        expected = chosen.transform([for_sklearn(text) for text in some]).toarray()
        np.testing.assert_allclose(ours.transform(some).toarray(), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("background", [NO_BACKGROUND, background_of({"it": ["deep", "ét"]})], ids=["none", "tiny"])
@given(texts=TEXTS)
@settings(max_examples=30, deadline=None)
def test_rows_have_length_one_or_zero(background: Background, texts: list[str]) -> None:
    lengths = np.sqrt(fit_tfidf(texts[:2], 1, background).transform(texts).power(2).sum(axis=1))
    assert np.all(np.isclose(lengths, 1) | (lengths == 0))


@pytest.mark.parametrize(
    "texts", [["", "deep nets"], ["deep nets", ""], ["", ""], ["nets", "", "", "nets deep"], ["unknown words"]]
)
def test_texts_without_a_known_term_are_rows_of_zeros(texts: list[str]) -> None:
    rows = plain(["deep nets", "nets"]).transform(texts).toarray()
    assert rows.shape == (len(texts), 3)
    assert [bool(row.any()) for row in rows] == ["nets" in text for text in texts]


def test_no_texts_give_no_rows() -> None:
    assert plain(["deep nets"]).transform([]).shape == (0, 3)


def test_a_vocabulary_can_be_empty() -> None:
    empty = plain(["", "a"])
    assert empty.terms == ()
    assert empty.transform(["deep nets", ""]).shape == (2, 0)


def test_texts_may_come_from_a_generator() -> None:
    tfidf = plain(["deep nets", "nets"])
    assert (tfidf.transform(iter(["deep", "nets"])) != tfidf.transform(["deep", "nets"])).nnz == 0
