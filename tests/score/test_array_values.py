"""Model files that never end, and arrays whose checksums are right and whose values are wild."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from pathlib import Path

import numpy as np
import pytest

from labeler.arrays import mapped, packed
from labeler.errors import RefusedError
from labeler.score.persistence import load_model

BEFORE = Path(__file__).parent.parent / "before" / "protocol5" / "multi"


@pytest.mark.parametrize("name", ["manifest.json", "weights.safetensors"])
@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_a_model_file_that_never_ends_is_a_damaged_one(name: str, kind: str, tmp_path: Path) -> None:
    for file in BEFORE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).unlink()
    if kind == "fifo":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(RefusedError):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1),
        ("word_slots", 2**32 - 1),
        ("word_begins", 0),
        ("pair_columns", 2**31 - 1),
        ("pair_keys", 2**62),
        ("weights", float("nan")),
        ("thresholds", float("nan")),
        ("idf", float("inf")),
        ("held_out_known", 77),
    ],
)
def test_arrays_with_values_that_no_training_writes_are_refused(name: str, value: float, tmp_path: Path) -> None:
    _, arrays = mapped(BEFORE / "weights.safetensors")
    wild = np.full_like(arrays[name], value)
    data = b"".join(packed(arrays | {name: wild}))
    record = json.loads((BEFORE / "manifest.json").read_bytes())
    record["files"] = {
        "weights.safetensors": {"crc32": f"{zlib.crc32(data):08x}", "sha256": hashlib.sha256(data).hexdigest()}
    }
    (tmp_path / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "weights.safetensors").write_bytes(data)
    with pytest.raises(RefusedError, match=name):
        load_model(tmp_path)
