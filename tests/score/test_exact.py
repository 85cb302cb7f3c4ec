"""Scores are those of scikit-learn's vectoriser and a product in double precision, for every text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.terms import NEWEST, SEPARATOR, Tokenizer
from labeler.features.tfidf import Tfidf
from labeler.features.vocabulary import Vocabulary
from labeler.score.linear import LinearModel
from labeler.topics import Mode
from models.arxiv.compact import quantized
from tests.features.reference import CODE_POINTS, ODD, scores_of_sklearn, terms_of_sklearn, words_of

ANY = st.text(st.characters(codec=None) | st.sampled_from("ab_ß1 \n\r²\u0301Σİ学カเัأـ\u064e\u200b"), max_size=30)
LINE = st.lists(
    st.sampled_from("deep Deep nets كِتَاب كتاب straße İstanbul ΑΣ __ ___ x a² 学习 e\u0301t \ud800 ﬁne".split(" "))
    | ANY,
    max_size=8,
).map(" ".join)
TOKENIZERS = pytest.mark.parametrize("tokenizer", Tokenizer)
TEXTS = st.lists(LINE | st.tuples(LINE, LINE).map("\n".join), max_size=6)


def model_of(
    terms: list[str], topics: int = 3, levels: int | None = None, tokenizer: Tokenizer = NEWEST
) -> LinearModel:
    """A model of these terms and random weights, all as a file holds them."""
    rng = np.random.default_rng(len(terms))
    idf = rng.uniform(0.2, 9, len(terms)).astype(np.float32)
    weights = rng.normal(0, 3, (len(terms), topics)).astype(np.float32)
    codes, scales = quantized(weights, levels) if levels else (weights, None)
    names = tuple(f"topic{number}" for number in range(topics))
    tfidf = Tfidf(Vocabulary.of(terms, tokenizer), idf)
    return LinearModel(tfidf, codes, rng.normal(size=topics), names, Mode.MULTI, scales=scales)


def check(model: LinearModel, texts: list[str]) -> None:
    found = model.scores(model.rows(texts))
    expected = scores_of_sklearn(model.tfidf, model.plain_weights, model.intercepts, texts)
    assert found.shape == expected.shape == (len(texts), len(model.topics))
    assert (np.abs(found - expected) <= 1e-5 * np.maximum(1, np.abs(expected))).all()


@TOKENIZERS
@pytest.mark.parametrize("levels", [None, 31], ids=["whole", "levels"])
@given(texts=TEXTS, others=TEXTS)
@settings(max_examples=100, deadline=None)
def test_random_texts(levels: int | None, texts: list[str], others: list[str], tokenizer: Tokenizer) -> None:
    check(model_of(terms_of_sklearn(texts, tokenizer), levels=levels, tokenizer=tokenizer), [*texts, *others])


@TOKENIZERS
@pytest.mark.parametrize("text", ODD)
def test_odd_texts(text: str, tokenizer: Tokenizer) -> None:
    texts = [text, f"{text}\n{text}", f"{text} {SEPARATOR} {text}\n{text} {SEPARATOR}", f"\n{text}", f"{text}\n \t"]
    check(model_of(terms_of_sklearn(texts, tokenizer), tokenizer=tokenizer), [*texts, *ODD])


@pytest.mark.slow
@pytest.mark.parametrize("tokenizer", [Tokenizer.WORDS, NEWEST])
def test_texts_of_every_character_alone_and_inside_words(tokenizer: Tokenizer) -> None:
    forms = [f"{char} x{char}y {char}{char}ab" for char in map(chr, CODE_POINTS)]
    texts = [" ".join(forms[begin : begin + 1024]) for begin in range(0, len(forms), 1024)]
    texts = [text if number % 2 else text.replace("y", "y\n", 1) for number, text in enumerate(texts)]
    words = sorted({word for text in texts for word in words_of(text, tokenizer)} - {SEPARATOR})
    pairs = {f"x{chr(code)}y {chr(code)}{chr(code)}ab".lower() for code in CODE_POINTS if chr(code).isalnum()}
    pairs = {pair for pair in pairs if words_of(pair, tokenizer) == pair.split(" ")}
    assert len(words) > (200_000 if tokenizer is Tokenizer.WORDS else 100_000)
    assert len(pairs) > (100_000 if tokenizer is Tokenizer.WORDS else 10_000)
    check(model_of([*words, *sorted(pairs)], tokenizer=tokenizer), texts)


def test_two_thousand_topics() -> None:
    check(model_of(terms_of_sklearn(ODD), topics=2000), ODD)
    check(model_of(terms_of_sklearn(ODD), topics=2000, levels=127), ODD)


@pytest.mark.parametrize("texts", [[], [""], ["", " ", "\n", " \n ", "!", "\n\n\n"]])
def test_no_texts_empty_texts_and_no_terms(texts: list[str]) -> None:
    for terms in ([], ["deep"], ["deep", "deep nets"]):
        check(model_of(terms), texts)
    check(model_of([]), ["deep nets", "deep\nnets"])


@pytest.mark.slow
@pytest.mark.parametrize("text", ["a" * 2_000_000, "deep nets " * 200_000, "deep\n" + "x " * 1_000_000])
def test_two_megabytes(text: str) -> None:
    check(model_of(["deep", "nets", "deep nets", "nets deep"]), [text, "deep nets"])


@pytest.mark.parametrize(
    ("apart", "together"),
    [("deep __ nets", "deep nets"), ("deep __ nets\nvoice", "deep nets\nvoice"), ("a1\ndeep __ nets", "a1\ndeep nets")],
)
def test_a_blank_of_underscores_breaks_pairs(apart: str, together: str) -> None:
    model = model_of(["a1", "deep", "deep nets", "nets", "voice"])
    check(model, [apart, together])
    row_apart, row_together = model.rows([apart]), model.rows([together])
    assert "deep nets" not in {model.tfidf.terms[column] for column in row_apart.columns}
    assert "deep nets" in {model.tfidf.terms[column] for column in row_together.columns}


@pytest.mark.slow
def test_papers_beyond_ascii(shared: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet").ParquetFile(shared / "data" / "arxiv_until_2025.parquet")
    rows = next(parquet.iter_batches(30_000, columns=["title", "abstract"])).to_pylist()
    texts = [f"{row['title']}\n{row['abstract']}" for row in rows]
    texts = [text for text in texts if not text.isascii()]
    assert len(texts) > 100
    known = terms_of_sklearn(texts[::5])
    check(model_of(known, topics=20), texts)
