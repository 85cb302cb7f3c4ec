"""Modes are written in files and on the command line by their names."""

from __future__ import annotations

import json

import pytest

from labeler.topics import Mode


def test_a_mode_is_its_name() -> None:
    assert [str(mode) for mode in Mode] == ["multi", "single"]
    assert Mode("multi") is Mode.MULTI
    assert json.dumps({"mode": Mode.SINGLE}) == '{"mode": "single"}'


def test_another_name_is_no_mode() -> None:
    with pytest.raises(ValueError, match="both"):
        Mode("both")
