"""Dry runs: what says that there is one."""

from __future__ import annotations

import pytest

from labeler.dry_runs import dry_run, is_dry


def test_it_is_dry_for_the_length_of_a_block_also_where_that_fails() -> None:
    assert not is_dry()
    with dry_run():
        assert is_dry()
    with pytest.raises(ValueError, match="inside"), dry_run():
        raise ValueError("inside")
    assert not is_dry()
