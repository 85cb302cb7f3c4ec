from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from labeler.features.tfidf import fit_tfidf

WORDS = "deep Deep nets straße İstanbul ǅ ŉa 学习 e\u0301t ét ﬁne ٣٤ x 🤖 a\x00b".split(" ")
TEXTS = st.lists(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=8).map(" ".join), min_size=1, max_size=8
)


@given(TEXTS, TEXTS, st.sampled_from([1, 2]))
@settings(max_examples=100, deadline=None)
def test_tfidf_equals_that_of_scikit_learn(texts: list[str], new: list[str], min_df: int) -> None:
    reference = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=min_df)
    try:
        reference.fit(texts)
    except ValueError:  # not one term
        assume(False)
    ours = fit_tfidf(texts, min_df)
    assert ours.terms == tuple(reference.get_feature_names_out())
    for some in (texts, new):
        np.testing.assert_allclose(
            ours.transform(some).toarray(), reference.transform(some).toarray(), rtol=1e-12, atol=1e-15
        )


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_rows_have_length_one_or_zero(texts: list[str]) -> None:
    lengths = np.sqrt(fit_tfidf(texts[:2]).transform(texts).power(2).sum(axis=1))
    assert np.all(np.isclose(lengths, 1) | (lengths == 0))


@pytest.mark.parametrize(
    "texts", [["", "deep nets"], ["deep nets", ""], ["", ""], ["nets", "", "", "nets deep"], ["unknown words"]]
)
def test_texts_without_a_known_term_are_rows_of_zeros(texts: list[str]) -> None:
    rows = fit_tfidf(["deep nets", "nets"]).transform(texts).toarray()
    assert rows.shape == (len(texts), 3)
    assert [bool(row.any()) for row in rows] == ["nets" in text for text in texts]


def test_no_texts_give_no_rows() -> None:
    assert fit_tfidf(["deep nets"]).transform([]).shape == (0, 3)


def test_a_vocabulary_can_be_empty() -> None:
    empty = fit_tfidf(["", "a"])
    assert empty.terms == ()
    assert empty.transform(["deep nets", ""]).shape == (2, 0)


def test_texts_may_come_from_a_generator() -> None:
    tfidf = fit_tfidf(["deep nets", "nets"])
    assert (tfidf.transform(iter(["deep", "nets"])) != tfidf.transform(["deep", "nets"])).nnz == 0


def test_the_order_of_texts_does_not_matter_to_the_vocabulary() -> None:
    texts = ["deep nets", "nets and trees", "trees"]
    one, other = fit_tfidf(texts), fit_tfidf(texts[::-1])
    assert one.terms == other.terms
    assert one.idf.tobytes() == other.idf.tobytes()


def test_min_df_drops_terms_of_fewer_texts_however_often_they_occur_there() -> None:
    assert fit_tfidf(["rare rare rare nets", "nets"], min_df=2).terms == ("nets",)


def test_idf_is_smoothed() -> None:
    tfidf = fit_tfidf(["nets deep", "nets"])
    assert tfidf.terms == ("deep", "nets", "nets deep")
    assert tfidf.idf.tolist() == pytest.approx([np.log(3 / 2) + 1, 1.0, np.log(3 / 2) + 1])
