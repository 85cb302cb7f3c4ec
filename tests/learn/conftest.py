"""What tests of learning share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    """As the classifier does: steps below it would wait for each other's threads otherwise."""
    with threadpool_limits(1, "blas"):
        yield
