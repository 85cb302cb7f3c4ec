from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from labeler.config import find_workspace
from labeler.flows.kept_simulation import FILE, KeptParts, _packed, _unpacked
from labeler.judgements.forgotten import Forgotten
from labeler.simulation.replay import ENDS, Key

GUESSES = np.array([[[True, False, True]], [[False, False, True]]])
KEYS = (Key(0, 0, ENDS), Key(0, 2, "mix"), Key(1, 0, "a/strategy"))


def test_parts_are_there_again_as_long_as_the_state_is_the_same(workspace: Path) -> None:
    space = find_workspace(str(workspace))
    parts = KeptParts(space, "one state", Forgotten([]))
    for key in KEYS:
        parts[key] = GUESSES
    parts.keep_result({"full": 0.5})
    again = KeptParts(space, "one state", Forgotten([]))
    assert set(again) == set(KEYS)
    assert all((again[key] == GUESSES).all() for key in KEYS)
    again[Key(2, 0, "mix")] = GUESSES
    record = json.loads((space.private / FILE).read_text())
    assert record["simulation"] == {"full": 0.5}
    assert len(record["parts"]) == 4
    assert not KeptParts(space, "another state", Forgotten([]))


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "{}", '{"state": "s"}', '{"state": "s", "parts": 3}', '{"state": "s", "parts": {"0": {}}}',
        '{"state": "s", "parts": {"0/0/mix": {"shape": [1, 1, 1], "given": "!"}}}',
        '{"state": "s", "parts": {"0/0/mix": {"shape": [9, 9, 9], "given": "eJwDAAAAAAE="}}}',
        '{"state": "s", "parts": {"0/0/mix": {"shape": [1], "given": "AAAA"}}}',
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_as_if_there_were_none(workspace: Path, content: str) -> None:
    space = find_workspace(str(workspace))
    (space.make_private() / FILE).write_text(content)
    parts = KeptParts(space, "s", Forgotten([]))
    assert not parts
    parts[KEYS[0]] = GUESSES
    assert set(KeptParts(space, "s", Forgotten([]))) == {KEYS[0]}


def test_where_nothing_can_be_written_a_message_says_so(workspace: Path) -> None:
    space = find_workspace(str(workspace))
    (space.make_private() / FILE).mkdir()
    parts = KeptParts(space, "s", Forgotten([]))
    parts[KEYS[0]] = GUESSES
    assert parts.fault.startswith("the simulation is not kept: ")
    assert (parts[KEYS[0]] == GUESSES).all()


@given(arrays.arrays(bool, st.tuples(*[st.integers(0, 5)] * 3)))
def test_what_is_packed_is_unpacked(guesses: np.ndarray) -> None:
    assert (_unpacked(json.loads(json.dumps(_packed(guesses)))) == guesses).all()
