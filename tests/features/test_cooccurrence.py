from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.cooccurrence import ppmi, unit_rows, word_vectors

DOCUMENTS = st.lists(st.lists(st.integers(0, 5), max_size=14), max_size=6)


def numbers(documents: list[list[int]]) -> list[np.ndarray]:
    return [np.array(document, dtype=np.int64) for document in documents]


def test_ppmi_of_three_papers_by_hand() -> None:
    """Words 0 and 1 are neighbours in two papers, 0 and 2 in one."""
    found = ppmi(numbers([[0, 1], [1, 0], [0, 2]]), 3).toarray()
    totals = np.array([3.0, 2.0, 1.0])  # neighbours that each word has
    smoothed = totals**0.75
    rng = smoothed / smoothed.sum()
    assert found[0, 1] == pytest.approx(np.log(2 / (3 * rng[1])))
    assert found[0, 2] == pytest.approx(np.log(1 / (3 * rng[2])))
    assert found[1, 0] == pytest.approx(np.log(2 / (2 * rng[0])))
    assert found[2, 0] == pytest.approx(np.log(1 / (1 * rng[0])))
    assert np.count_nonzero(found) == 4


def test_words_that_meet_less_often_than_by_chance_have_nothing() -> None:
    often = [[0, 0]] * 20 + [[1, 1]] * 20
    found = ppmi(numbers([*often, [0, 1]]), 2).toarray()
    assert found[0, 1] == found[1, 0] == 0
    assert found[0, 0] == found[1, 1] > 0.5


@given(DOCUMENTS)
@settings(max_examples=50, deadline=None)
def test_ppmi_is_that_of_counting_one_by_one(documents: list[list[int]]) -> None:
    counts: Counter[tuple[int, int]] = Counter()
    for document in documents:
        for position, word in enumerate(document):
            for other in document[max(0, position - 8) : position] + document[position + 1 : position + 9]:
                counts[word, other] += 1
    totals = [max(sum(counts[word, other] for other in range(6)), 1) for word in range(6)]
    all_of_them = sum(total**0.75 for total in totals)
    found = ppmi(numbers(documents), 6).toarray()
    for (word, other), count in counts.items():
        expected = np.log(count * all_of_them / (totals[word] * totals[other] ** 0.75)) if count else 0.0
        assert found[word, other] == pytest.approx(max(expected, 0.0), abs=1e-5)
    assert np.count_nonzero(found) <= sum(1 for count in counts.values() if count)


@pytest.mark.parametrize(("between", "met"), [(7, True), (8, False)])
def test_words_meet_within_eight_places_and_in_one_paper_alone(between: int, met: bool) -> None:
    apart = [0, *range(2, 2 + between), 1]
    assert bool(ppmi(numbers([apart]), 12)[0, 1] > 0) == met
    assert ppmi(numbers([[0], [1]]), 12)[0, 1] == 0


@given(DOCUMENTS, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_papers_does_not_matter_to_ppmi(documents: list[list[int]], rng: object) -> None:
    shuffled = documents.copy()
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert (ppmi(numbers(documents), 6) != ppmi(numbers(shuffled), 6)).nnz == 0


def two_themes(papers: int = 2000) -> list[np.ndarray]:
    """Words 0 … 9 stand together, and words 10 … 19. Of so frequent words most occurrences are left out."""
    rng = np.random.default_rng(0)
    return [rng.permutation(10)[:8] + 10 * (paper % 2) for paper in range(papers)]


def test_words_that_keep_the_same_company_point_the_same_way() -> None:
    vectors = word_vectors(two_themes(), 20, 2)
    cosines = vectors @ vectors.T
    same = np.equal.outer(np.arange(20) < 10, np.arange(20) < 10)
    assert cosines[same].min() > 0.9 > 0.1 > np.abs(cosines[~same]).max()


def test_vectors_have_length_one_and_words_without_company_none() -> None:
    vectors = word_vectors(two_themes(), 24, 4)
    np.testing.assert_allclose(np.linalg.norm(vectors[:20], axis=1), 1, atol=1e-5)
    assert not vectors[20:].any()


def test_the_same_papers_give_the_same_bytes() -> None:
    assert word_vectors(two_themes(), 20, 5).tobytes() == word_vectors(two_themes(), 20, 5).tobytes()


def test_a_word_that_does_not_count_is_passed_over() -> None:
    gaps = [np.insert(document, [0, 3, 3, 8], -1) for document in two_themes()]
    assert word_vectors(gaps, 20, 3).tobytes() == word_vectors(two_themes(), 20, 3).tobytes()


@pytest.mark.parametrize(("words", "width", "found"), [(20, 3, 3), (20, 400, 5), (4, 400, 1), (3, 400, 0)])
def test_vectors_are_at_most_a_quarter_as_long_as_there_are_words(words: int, width: int, found: int) -> None:
    documents = [document % words for document in two_themes()]
    assert word_vectors(documents, words, width).shape == (words, found)


@pytest.mark.parametrize("documents", [[], [[]], [[-1, -1]]])
def test_papers_without_words_are_no_fault(documents: list[list[int]]) -> None:
    found = word_vectors(numbers(documents), 8, 2)
    assert found.shape == (8, 2)
    assert np.isfinite(found).all()
    assert ppmi(numbers([[], []]), 8).nnz == 0


def test_rows_are_scaled_to_length_one_and_zeros_stay() -> None:
    found = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0], [0.0, -2.0]], dtype=np.float32))
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.0, 0.0], [0.0, -1.0]])
    assert found.dtype == np.float32
