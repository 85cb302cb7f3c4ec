"""The arrays of older files are those of today; what the models say is compared in ``tests/test_before.py``."""

from __future__ import annotations

import numpy as np
import pytest

from labeler.arrays import mapped
from labeler.errors import RefusedError
from labeler.features.terms import Tokenizer
from labeler.score.older_protocols import from_archive, vocabulary_arrays, with_perfect_hashing
from labeler.score.persistence import _vocabulary
from tests.test_before import BEFORE


def test_an_archive_gives_the_arrays_of_today() -> None:
    arrays = from_archive(BEFORE / "protocol2" / "multi", 2)
    terms = (BEFORE / "protocol2" / "multi" / "terms.txt").read_text().split("\n")
    assert _vocabulary(arrays, Tokenizer.WORDS).terms == tuple(terms)
    assert (arrays["idf"].dtype, arrays["least"].shape) == (np.float32, (1,))


def test_the_first_protocol_is_refused() -> None:
    with pytest.raises(RefusedError, match="counted titles once"):
        from_archive(BEFORE / "protocol2" / "multi", 1)


def test_words_and_pairs_keep_their_columns_in_new_hash_tables() -> None:
    old = mapped(BEFORE / "protocol3" / "multi" / "weights.safetensors")[1]
    assert "word_displacements" not in old
    new = _vocabulary(with_perfect_hashing(old), Tokenizer.WORDS)
    assert new.terms == _vocabulary(from_archive(BEFORE / "protocol2" / "multi", 2), Tokenizer.WORDS).terms
    for name in ("word_columns", "pair_columns", "word_blocks"):
        assert vocabulary_arrays(new)[name].tolist() == old[name].tolist()
