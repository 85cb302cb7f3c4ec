"""The campaign in small: some trials of each kind, two minutes of them, which no luck may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from tests.campaign.__main__ import trial
from tests.campaign.kinds import KINDS, NEEDED, base_workspace
from tests.campaign.trial import mutated
from tests.made_once import made_once

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace from which each trial has a copy."""
    return made_once(tmp_path_factory, "campaign", base_workspace) / "base"


@pytest.mark.parametrize("seed", range(1, 3))
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_harmed(kind: str, seed: int, base: Path) -> None:
    for program in NEEDED.get(kind, ()):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    assert trial(kind, seed, base) > 0


def test_mutations_of_one_seed_are_the_same() -> None:
    data = b"a paper, 1 of 20" * 100
    assert [mutated(data, Random(5)) for _ in range(2)] == [mutated(data, Random(5))] * 2
    assert mutated(data, Random(5)) != data
