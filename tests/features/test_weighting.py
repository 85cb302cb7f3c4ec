from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.corpus import Corpus
from labeler.features.weighting import background_for, fit_tfidf, tfidf_of
from tests.features.factories import background_of
from tests.features.test_tfidf import TEXTS, plain


def known(**figures: tuple[float, float]) -> Background:
    """A background that knows of each word its share of papers and its topicality."""
    names = sorted(figures)
    shares, topicality = (np.array([figures[name][part] for name in names], np.float32) for part in (0, 1))
    return Background(tuple(names), shares, topicality, np.zeros((len(names), 1), np.float32), 1000, "known")


@pytest.mark.parametrize("background", [NO_BACKGROUND, background_of({"it": ["nets", "other"]})], ids=["none", "tiny"])
def test_the_order_of_texts_does_not_matter_to_the_vocabulary(background: Background) -> None:
    texts = ["deep nets", "nets and trees", "trees"]
    one, other = fit_tfidf(texts, 1, background), fit_tfidf(texts[::-1], 1, background)
    assert one.terms == other.terms
    assert one.idf.tobytes() == other.idf.tobytes()


def test_min_df_drops_terms_of_fewer_texts_however_often_they_occur_there() -> None:
    assert plain(["rare rare rare nets", "nets"], min_df=2).terms == ("nets",)


@pytest.mark.parametrize(
    ("texts", "left_out"),
    [
        (["deep nets see", "moon"], False),
        (["我们用deep学习", "机器学习"], True),
        (["deep nets a1 b1"], True),
        (["deep nets a1", "__ x1"], True),
        (["deep nets moon a1", "__ x1"], False),
        (["deep nets moon நிலவு வலை", "வலை"], True),
        (["deep nets moon", *["deep a1 b1 c1"] * 9], False),
        (["deep nets moon", *["deep a1 b1 c1"] * 10], True),
        ([], False),
    ],
)
def test_a_background_that_knows_most_words_of_less_than_a_tenth_of_papers_is_left_out(
    texts: list[str], left_out: bool
) -> None:
    background = background_of({"it": ["deep", "nets", "moon"]})
    assert background_for(Corpus.of(texts), background).background is (NO_BACKGROUND if left_out else background)
    assert background_for(Corpus.of(texts), NO_BACKGROUND) == (NO_BACKGROUND, 0.0)


@pytest.mark.parametrize(
    ("unknown", "part"),
    [([0, 0, 0], 1.0), ([0, 2, 40], 1.0), ([10, 10, 0], 0.55), ([16, 20, 0], 0.25), ([90] * 3, 0.0)],
)
def test_the_background_counts_by_how_many_words_of_the_usual_paper_it_knows(unknown: list[int], part: float) -> None:
    background = background_of({"it": ["deep", "nets", "moon"]})
    texts = [" ".join(["deep"] * (100 - count) + ["odd"] * count) for count in unknown]
    assert background_for(Corpus.of(texts), background).part == pytest.approx(part)


@pytest.mark.parametrize(
    ("texts", "definitions", "words"),
    [
        (["deep nets moon"], [], {"deep", "nets", "moon"}),
        (["我们学习"], [], {"我", "们", "学", "习", "学 习"}),
        (["我们学习"], ["deep nets"], {"deep", "nets", "moon", "我", "们", "学", "习", "学 习"}),
        (["我们学习 deep"], [], {"deep", "nets", "moon", "我", "们", "学", "习", "学 习"}),
        (["deep nets moon"], ["学习"], {"deep", "nets", "moon", "我", "们", "学", "习", "学 习"}),
        (["deep nets " * 60 + "moon 我"], [], {"deep", "nets", "moon"}),
    ],
)
def test_words_of_a_language_that_is_not_there_are_left_out(
    texts: list[str], definitions: list[str], words: set[str]
) -> None:
    background = background_of({"it": ["deep", "nets", "moon"], "zh": ["我", "们", "学", "习", "学 习"]})
    assert set(background_for(Corpus.of(texts), background, definitions).background.words) == words


def test_idf_is_smoothed() -> None:
    tfidf = plain(["nets deep", "nets"])
    assert tfidf.terms == ("nets", "deep", "nets deep")  # the most frequent first
    assert tfidf.idf.tolist() == pytest.approx([1.0, np.log(3 / 2) + 1, np.log(3 / 2) + 1])


def test_all_words_of_the_background_are_terms_however_rare_but_pairs_must_be_in_texts() -> None:
    tfidf = fit_tfidf(["deep nets", "deep trees"], 2, known(nets=(0.01, 1), unseen=(0.01, 1)))
    assert tfidf.terms == ("deep", "nets", "unseen")


def test_the_background_counts_as_fifty_papers_more_for_the_words_it_knows() -> None:
    tfidf = fit_tfidf(["nets deep", "nets"], 1, known(nets=(0.2, 1), unseen=(0.02, 1)))
    counts = {"deep": 1, "nets": 2 + 10, "nets deep": 1, "unseen": 1}
    assert set(tfidf.terms) == set(counts)
    assert tfidf.idf.tolist() == pytest.approx([np.log(53 / (1 + counts[term])) + 1 for term in tfidf.terms], rel=1e-6)


def test_weights_are_times_the_root_of_topicality_and_of_pairs_of_its_geometric_mean() -> None:
    texts, shares = ["nets deep trees", "trees"], {"nets": 0.01, "trees": 0.01}
    topical = {"nets": 4.0, "trees": 0.25}
    flat = fit_tfidf(texts, 1, known(**{word: (share, 1.0) for word, share in shares.items()}))
    bent = fit_tfidf(texts, 1, known(**{word: (share, topical[word]) for word, share in shares.items()}))
    factors = {"deep": 1, "deep trees": 0.25**0.25, "nets": 2, "nets deep": 4**0.25, "trees": 0.5}
    assert bent.terms == flat.terms
    assert set(bent.terms) == set(factors)
    assert (bent.idf / flat.idf).tolist() == pytest.approx([factors[term] for term in bent.terms])


def test_in_a_row_a_topical_word_weighs_more_than_a_generic_one_as_rare() -> None:
    tfidf = fit_tfidf(["nets moreover"], 1, background_of({"it": ["nets"]}, generic=["moreover"]))
    row = tfidf.transform(["moreover nets"]).toarray()[0]
    topical, generic = row[tfidf.vocabulary.columns_of(["nets", "moreover"])]
    assert topical == pytest.approx(generic * np.sqrt(10))


@pytest.mark.parametrize(("papers", "holding", "kept"), [(60, 31, False), (60, 30, True), (49, 49, True)])
def test_what_more_than_half_of_many_papers_hold_is_no_term(papers: int, holding: int, kept: bool) -> None:
    texts = ["common rest"] * holding + ["other"] * (papers - holding)
    assert ("common" in plain(texts).terms) == kept
    assert ("common rest" in plain(texts).terms) == kept


@pytest.mark.parametrize(("share", "kept"), [(0.9, False), (0.1, True)])
def test_what_is_common_beforehand_is_no_term_of_few_papers_either(share: float, kept: bool) -> None:
    tfidf = fit_tfidf(["of nets", "of trees"], 1, known(of=(share, 1.0)))
    assert ("of" in tfidf.terms) == kept


@pytest.mark.slow
@given(TEXTS, st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_of_too_many_terms_the_most_frequent_are_kept(texts: list[str], most: int) -> None:
    """All that are as frequent as each other, or none of them; and the words that a background knows."""
    corpus = Corpus.of(texts)
    every = tfidf_of(corpus, 1, NO_BACKGROUND)
    kept = tfidf_of(corpus, 1, NO_BACKGROUND, most)
    assert len(kept.terms) <= most
    assert set(kept.terms) <= set(every.terms)
    document_frequencies = (every.transform(texts).toarray() > 0).sum(axis=0)
    counts = dict(zip(every.terms, document_frequencies.tolist(), strict=True))
    left = [counts[term] for term in every.terms if term not in kept.terms]
    assert max(left, default=0) < min((counts[term] for term in kept.terms), default=len(texts) + 1)
    assert not left or len(kept.terms) + left.count(max(left)) > most or not most
    assert set(tfidf_of(corpus, 1, background_of({"it": ["unseen"]}), 1000).terms) == {*every.terms, "unseen"}


def test_vectors_and_name_of_a_background_do_not_matter_here() -> None:
    tiny = background_of({"it": ["nets", "trees"]})
    other = replace(tiny, vectors=tiny.vectors * 0, name="other")
    assert fit_tfidf(["nets"], 1, tiny).idf.tobytes() == fit_tfidf(["nets"], 1, other).idf.tobytes()
