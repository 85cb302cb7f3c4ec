"""The campaign in small: one trial of each kind, which no luck may spoil."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.campaign.__main__ import trial
from tests.campaign.kinds import KINDS, base_workspace
from tests.campaign.trial import mutated

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_harmed(kind: str, tmp_path: Path) -> None:
    assert trial(kind, 1, base_workspace(tmp_path)) > 0


def test_mutations_of_one_seed_are_the_same() -> None:
    data = b"a paper, 1 of 20" * 100
    assert [mutated(data, Random(5)) for _ in range(2)] == [mutated(data, Random(5))] * 2
    assert mutated(data, Random(5)) != data
