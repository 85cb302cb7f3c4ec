from __future__ import annotations

import numpy as np
import pytest

from labeler.features.quantization import dequantized, quantized


@pytest.mark.parametrize("width", [1, 4, 7])
def test_vectors_come_back_to_half_a_level(width: int) -> None:
    vectors = np.random.default_rng(0).uniform(-1, 1, (50, width)).astype(np.float32)
    vectors[3] = 0
    codes, scales = quantized(vectors)
    assert codes.shape == (50, (width + 1) // 2)
    again = dequantized(codes, scales)
    assert np.abs(again - vectors).max() <= scales.max() / 2 + 0.01  # the largest values are clipped
    assert (again[3] == 0).all()
