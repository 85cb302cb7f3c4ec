from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.space import Mix, Points, Space, fit_space, stacked
from labeler.features.tfidf import Tfidf
from labeler.features.weighting import fit_tfidf
from tests.features.factories import GENERIC, THEMES, background_of, corpus

KNOWN = background_of({theme: words[:40] for theme, words in THEMES.items()}, generic=GENERIC, width=6)
MIX = Mix(0.35, 0.45, 0.20)


@cache
def space_of(background: Background = KNOWN, papers: int = 40) -> tuple[Tfidf, Space, Points]:
    texts = corpus(papers)
    tfidf = fit_tfidf(texts, 1, background)
    return tfidf, *fit_space(tfidf, tfidf.transform(texts), background)


def dense(space: Space, points: Points) -> list[np.ndarray]:
    """Points as plain arrays, one for the terms and one for each latent block, all centred."""
    rows = points.terms.toarray()
    return [rows - space.centre, *((rows - space.centre) @ side for side in space.projections)]


def new_points(count: int = 9) -> tuple[Space, Points]:
    tfidf, space, _ = space_of()
    return space, space.points(tfidf.transform([*corpus(count, seed=5), "", "nothing known here"]))


def test_points_are_centred_rows_and_their_projections() -> None:
    space, points = new_points()
    assert len(points) == 11
    assert [block.shape[1] for block in points.blocks] == [6, 4]
    for block, expected in zip(points.blocks, dense(space, points)[1:], strict=True):
        np.testing.assert_allclose(block, expected, atol=1e-5)


def test_points_of_a_space_with_another_centre_are_what_that_space_makes_of_their_rows() -> None:
    space, points = new_points()
    centre = space.centre + np.linspace(-0.1, 0.1, len(space.centre))
    other, (moved, first) = space.recentred(centre, points, points.take([0]))
    assert other.centre is centre
    for block, expected in zip(moved.blocks, other.points(points.terms).blocks, strict=True):
        np.testing.assert_allclose(block, expected, atol=1e-5)
    for block, every in zip(first.blocks, moved.blocks, strict=True):
        np.testing.assert_array_equal(block, every[:1])


@pytest.mark.parametrize("background", [KNOWN, NO_BACKGROUND], ids=["known", "none"])
def test_the_papers_at_hand_have_blocks_of_length_one_on_average(background: Background) -> None:
    _, _, points = space_of(background, papers=120)
    sizes = [float((block**2).sum(axis=1).mean()) for block in points.blocks]
    assert sizes == pytest.approx([1.0 if background is KNOWN else 0.0, 1.0], abs=1e-4)


@pytest.mark.parametrize(("papers", "length"), [(20, 0.2), (70, 0.7), (100, 1.0)])
def test_few_directions_count_for_less(papers: int, length: float) -> None:
    _, _, points = space_of(papers=papers)
    assert points.blocks[1].shape[1] == papers // 10
    assert float((points.blocks[1] ** 2).sum(axis=1).mean()) == pytest.approx(length**2, abs=1e-4)


def test_without_a_background_the_papers_at_hand_lie_around_zero() -> None:
    _, space, points = space_of(NO_BACKGROUND)
    for block in dense(space, points):
        np.testing.assert_allclose(block.mean(axis=0), 0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("papers", [1, 10, 40, 400])
def test_the_centre_of_few_papers_is_drawn_towards_that_of_the_background(papers: int) -> None:
    """As if fifty papers stood beside them in which words are as frequent as the background says."""
    tfidf, space, points = space_of(KNOWN, papers)
    own = points.terms.toarray().mean(axis=0, dtype=np.float64)
    usual = (space.centre * (papers + 50) - papers * own) / 50
    columns = [tfidf.terms.index(word) for word in KNOWN.words if word in tfidf.terms]
    expected = np.zeros(len(own))
    expected[columns] = 0.02 * tfidf.idf[columns]
    scale = usual[columns].sum() / expected[columns].sum()
    np.testing.assert_allclose(usual, scale * expected, atol=1e-6)
    assert expected @ usual == pytest.approx(
        expected[columns] @ own[columns], rel=1e-5
    )  # as long as the papers reach that way


@pytest.mark.parametrize("papers", [3, 30])
def test_what_few_papers_have_in_common_is_of_account_where_a_background_is_known(papers: int) -> None:
    texts = ["rock01 rock02 rock03"] * papers + ["moon01 moon02"]
    for background, is_kept in ((KNOWN, True), (NO_BACKGROUND, False)):
        tfidf = fit_tfidf(texts, 1, background)
        rows = tfidf.transform(texts)
        space, _ = fit_space(tfidf, rows[:papers], background)
        left = np.abs(rows[:papers].toarray() - space.centre).max()
        assert (left > 0.1) == is_kept


def test_inner_products_are_those_of_plain_arrays() -> None:
    _, space, own = space_of()
    _, new = new_points()
    found = space.inner_products(new, own)
    assert len(found) == 3
    for products, left, right in zip(found, dense(space, new), dense(space, own), strict=True):
        np.testing.assert_allclose(products, left @ right.T, atol=1e-5)


MIXES = st.tuples(*[st.floats(0, 1)] * 3).map(lambda shares: Mix(*shares))


@given(MIXES, st.integers(0, 1000), st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_a_model_scores_a_point_by_its_inner_products_and_folded_it_scores_the_same(
    mix: Mix, seed: int, columns: int
) -> None:
    _, space, own = space_of()
    _, new = new_points()
    coefficients = np.random.default_rng(seed).normal(size=(len(own), columns))
    shares = (mix.terms, *mix.latent)
    products = sum(share * part for share, part in zip(shares, space.inner_products(new, own), strict=True))
    model = space.model(own, coefficients, mix)
    scores = space.scores(model, new)
    np.testing.assert_allclose(scores, products @ coefficients, atol=1e-4)  # sums of forty numbers of four bytes
    weights, intercepts = space.fold(model)
    assert (weights.shape, intercepts.shape) == ((new.terms.shape[1], columns), (columns,))
    np.testing.assert_allclose(new.terms @ weights + intercepts, scores, atol=1e-5)


@given(MIXES, st.lists(st.floats(-9, 9), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_an_intercept_is_the_score_of_the_centre_and_folds_into_the_intercepts(
    mix: Mix, intercepts: list[float]
) -> None:
    _, space, own = space_of()
    _, new = new_points()
    coefficients = np.random.default_rng(0).normal(size=(len(own), len(intercepts)))
    plain = space.model(own, coefficients, mix)
    model = replace(plain, intercepts=np.array(intercepts))
    np.testing.assert_allclose(space.scores(model, new), space.scores(plain, new) + intercepts, atol=1e-9)
    centre = space.points(sparse.csr_matrix(space.centre))
    np.testing.assert_allclose(space.scores(model, centre)[0], intercepts, atol=1e-4)
    weights, intercepts = space.fold(model)
    np.testing.assert_array_equal(weights, space.fold(plain)[0])
    np.testing.assert_allclose(new.terms @ weights + intercepts, space.scores(model, new), atol=1e-5)


def test_a_model_of_no_coefficients_scores_nothing() -> None:
    _, space, own = space_of()
    weights, intercepts = space.fold(space.model(own, np.zeros((len(own), 2)), MIX))
    assert not weights.any()
    assert not intercepts.any()


def test_a_mix_of_nothing_but_terms_asks_for_terms_alone() -> None:
    _, space, own = space_of()
    coefficients = np.random.default_rng(0).normal(size=(len(own), 1))
    weights, _ = space.fold(space.model(own, coefficients, Mix(1.0, 0.0, 0.0)))
    centred = dense(space, own)[0]
    np.testing.assert_allclose(weights, centred.T @ coefficients, atol=1e-9)


def test_parts_and_piles_of_points_are_those_of_their_rows() -> None:
    space, new = new_points()
    order = [3, 0, 3, 7]
    again = stacked([new.take(order), new.take(np.arange(0)), new.take([1])])
    for found, whole in zip(dense(space, again), dense(space, new), strict=True):
        np.testing.assert_array_equal(found, whole[[*order, 1]])
    for found, whole in zip(again.blocks, new.blocks, strict=True):
        np.testing.assert_array_equal(found, whole[[*order, 1]])


def test_means_of_groups_are_means_of_their_rows() -> None:
    _, new = new_points()
    groups = [np.array([0, 2, 5]), np.array([1])]
    found = new.means(groups)
    terms = [new.terms.toarray()[group].mean(axis=0) for group in groups]
    np.testing.assert_allclose(found.terms.toarray(), terms, atol=1e-6)
    for block, whole in zip(found.blocks, new.blocks, strict=True):
        np.testing.assert_allclose(block, [whole[group].mean(axis=0) for group in groups], atol=1e-6)
    assert len(new.means([])) == 0


def test_lengthened_points_have_blocks_of_length_one_and_their_own_terms() -> None:
    _, new = new_points()
    found = new.means([np.arange(4), np.arange(4, 9)]).normalized()
    for block in found.blocks:
        np.testing.assert_allclose(np.linalg.norm(block, axis=1), 1, atol=1e-6)
    assert (found.terms != new.means([np.arange(4), np.arange(4, 9)]).terms).nnz == 0


def test_papers_about_one_thing_are_near_each_other_also_without_a_word_in_common() -> None:
    tfidf, space, _ = space_of(papers=100)
    halves = [" ".join(THEMES[theme][low : low + 8]) for theme in ("rock", "moon") for low in (0, 20)]
    points = space.points(tfidf.transform(halves))
    shares = [float(products[0, 1] - products[0, 2]) for products in space.inner_products(points, points)]
    assert shares[1] > 0.5
    assert shares[2] > 0.1


def test_a_word_that_the_background_lacks_is_placed_by_the_papers_that_hold_it() -> None:
    texts = [f"{text} {'strange' if 'rock' in text else ''}" for text in corpus(40)]
    for number in range(5):
        texts[number] += " enough"
    for number in range(4):
        texts[-number - 1] += " lonely lonely"
    tfidf = fit_tfidf(texts, 1, KNOWN)
    space, _ = fit_space(tfidf, tfidf.transform(texts), KNOWN)
    side = space.projections[0]
    position = {term: column for column, term in enumerate(tfidf.terms)}

    def direction(words: list[str]) -> np.ndarray:
        mean = side[[position[word] for word in words]].mean(axis=0)
        return mean / np.linalg.norm(mean)

    about = {theme: direction(words[:40]) for theme, words in THEMES.items()}
    everything = np.mean(list(about.values()), axis=0)
    strange = direction(["strange"])
    assert max(about, key=lambda theme: float(strange @ (about[theme] - everything))) == "rock"
    lengths = np.linalg.norm(side, axis=1) / np.sqrt(tfidf.idf)
    known = [lengths[position[word]] for word in KNOWN.words]
    assert lengths[position["strange"]] == pytest.approx(np.median(known), rel=1e-4)
    assert lengths[position["enough"]] > 0
    assert lengths[position["lonely"]] == 0  # in four papers: it would stand for these


def test_pairs_of_words_are_placed_by_their_papers_alone() -> None:
    tfidf, space, _ = space_of()
    pairs = [column for column, term in enumerate(tfidf.terms) if " " in term]
    assert pairs
    assert not space.projections[0][pairs].any()
    assert space.projections[1][pairs].any()


@pytest.mark.parametrize(("papers", "width"), [(0, 0), (9, 0), (19, 0), (20, 2), (40, 4), (69, 6)])
def test_there_is_a_direction_for_ten_papers_but_never_one_alone(papers: int, width: int) -> None:
    _, space, points = space_of(KNOWN, papers)
    assert space.projections[1].shape[1] == points.blocks[1].shape[1] == width


@pytest.mark.slow
@pytest.mark.parametrize("background", [KNOWN, NO_BACKGROUND], ids=["known", "none"])
@pytest.mark.parametrize("papers", [*range(2, 8), 12, 19, 20, 21, 30, 35])
def test_new_papers_do_not_lie_far_out(papers: int, background: Background) -> None:
    """Blocks of papers at hand have length one; a direction in which these hardly differ must not blow up others."""
    for seed in range(5):
        texts = corpus(papers, seed=seed)
        tfidf = fit_tfidf(texts, 1, background)
        space, _ = fit_space(tfidf, tfidf.transform(texts), background)
        new = space.points(tfidf.transform(corpus(10, seed=seed + 100)))
        assert max(np.linalg.norm(block, axis=1).max(initial=0) for block in new.blocks) < 5


@pytest.mark.parametrize("background", [KNOWN, NO_BACKGROUND], ids=["known", "none"])
@pytest.mark.parametrize("texts", [[], ["", ""], ["!"], ["!"] * 6, ["rock01"], ["unheard"]])
def test_few_papers_or_none_are_no_fault_and_no_warning(texts: list[str], background: Background) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tfidf = fit_tfidf(texts, 1, background)
        space, points = fit_space(tfidf, tfidf.transform(texts), background)
        new = space.points(tfidf.transform(["rock01 rock02", ""]))
    assert (len(points), len(new)) == (len(texts), 2)
    assert all(np.isfinite(block).all() for block in (*points.blocks, *new.blocks))


@pytest.mark.parametrize("background", [KNOWN, NO_BACKGROUND], ids=["known", "none"])
@pytest.mark.parametrize("papers", [2, 3, 4, 5, 6, 12, 20, 21, 29, 30, 40])
def test_papers_that_are_all_equal_lie_in_one_place_and_do_not_blow_up_the_space(
    papers: int, background: Background
) -> None:
    texts = ["rock01 moon02 strange thing03 of rock"] * papers
    tfidf = fit_tfidf(texts, 1, background)
    space, points = fit_space(tfidf, tfidf.transform(texts), background)
    new = space.points(tfidf.transform(["rock01", "moon02 strange"]))
    for block in points.blocks:
        assert np.ptp(block, axis=0).max(initial=0) < 1e-4
        assert np.linalg.norm(block, axis=1).max(initial=0) < (1.001 if background is KNOWN else 1e-4)
    assert all(np.abs(block).max(initial=0) < 10 for block in new.blocks)


def test_the_same_papers_give_the_same_bytes() -> None:
    _, space, _ = space_of()
    _, again, _ = space_of()
    for one, other in zip((space.centre, *space.projections), (again.centre, *again.projections), strict=True):
        assert one.tobytes() == other.tobytes()
