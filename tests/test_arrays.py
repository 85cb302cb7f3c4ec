"""Files of arrays: what is written is read back, the format is that of safetensors, and damaged files are refused."""

from __future__ import annotations

import json
import mmap
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from labeler.arrays import mapped, packed

# As https://github.com/huggingface/safetensors#format has them.
LAYOUT = {
    "F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip
SOME_WORDS = r"\w \w"
KINDS = sorted(LAYOUT.values())
ARRAYS = st.dictionaries(
    st.text(min_size=1, max_size=8).filter(lambda name: name != "__metadata__"),
    st.sampled_from(KINDS).flatmap(
        lambda kind: arrays(np.dtype(kind), array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4))
    ),
    max_size=6,
)
SHARED_FOLDER = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write_arrays(path: Path, values: dict[str, np.ndarray]) -> Path:
    path.write_bytes(b"".join(packed(values)))
    return path


def file_bytes(header: Any, body: bytes = b"") -> bytes:
    """The bytes of a file with this header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def altered_file(**changes: Any) -> bytes:
    """The bytes of a file of two numbers whose header has been changed."""
    return file_bytes({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes}, bytes(8))


@given(ARRAYS)
@SHARED_FOLDER
def test_arrays_are_read_back_as_they_were_written(tmp_path: Path, values: dict[str, np.ndarray]) -> None:
    _, loaded = mapped(write_arrays(tmp_path / "a", values))
    assert loaded.keys() == values.keys()
    for name, array in values.items():
        assert (loaded[name].dtype, loaded[name].shape) == (array.dtype, array.shape)
        assert loaded[name].tobytes() == array.tobytes()


@pytest.mark.slow
@given(ARRAYS)
@SHARED_FOLDER
def test_the_layout_is_that_of_safetensors(tmp_path: Path, values: dict[str, np.ndarray]) -> None:
    data = write_arrays(tmp_path / "a", values).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + length].decode()), data[8 + length :]
    assert data[8:9] == b"{"
    assert header.keys() == values.keys()
    for name, array in values.items():
        low, high = header[name]["data_offsets"]
        kind = np.dtype(LAYOUT[header[name]["dtype"]])
        assert high - low == prod(header[name]["shape"]) * kind.itemsize
        loaded = np.frombuffer(body[low:high], kind).reshape(header[name]["shape"])
        assert (loaded.dtype, loaded.shape, loaded.tobytes()) == (array.dtype, array.shape, array.tobytes())
    offsets = sorted(entry["data_offsets"] for entry in header.values())
    assert [low for low, _ in offsets] == [0, *(high for _, high in offsets)][: len(offsets)]  # no holes
    assert ([high for _, high in offsets] or [0])[-1] == len(body)


@pytest.mark.slow
@given(ARRAYS)
@SHARED_FOLDER
def test_every_array_begins_at_a_multiple_of_its_items_and_the_first_at_one_of_64(
    tmp_path: Path, values: dict[str, np.ndarray]
) -> None:
    path = write_arrays(tmp_path / "a", values)
    assert (8 + int.from_bytes(path.read_bytes()[:8], "little")) % 64 == 0
    assert all(array.flags.aligned for array in mapped(path)[1].values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_holds_its_extremes(tmp_path: Path, kind: str) -> None:
    dtype = np.dtype(kind)
    if dtype.kind == "f":
        extremes = np.array([np.finfo(dtype).min, np.finfo(dtype).tiny, -0.0, np.inf, -np.inf, np.nan], dtype)
    elif dtype.kind == "b":
        extremes = np.array([False, True])
    else:
        extremes = np.array([np.iinfo(dtype).min, 0, np.iinfo(dtype).max], dtype)
    loaded = mapped(write_arrays(tmp_path / "a", {"it": extremes}))[1]["it"]
    assert (loaded.dtype, loaded.tobytes()) == (dtype, extremes.tobytes())


def test_a_scalar_is_read_back_with_one_dimension_and_arrays_as_contiguous(tmp_path: Path) -> None:
    square = np.arange(12).reshape(3, 4)
    values = {"one": np.array(1.5), "turned": square.T, "every other": square[:, ::2], "none": np.zeros((0, 3))}
    _, loaded = mapped(write_arrays(tmp_path / "a", values))
    assert loaded["one"].tolist() == [1.5]
    assert loaded["turned"].tolist() == square.T.tolist()
    assert loaded["every other"].tolist() == square[:, ::2].tolist()
    assert loaded["none"].shape == (0, 3)
    assert all(array.flags.c_contiguous for array in loaded.values())


@pytest.mark.parametrize("array", [np.array(["a"]), np.array([object()]), np.array([1j]), np.array([1.0], ">f8")])
def test_a_type_that_the_format_does_not_have_is_refused(array: np.ndarray) -> None:
    with pytest.raises(KeyError):
        list(packed({"it": array}))


def test_arrays_are_views_of_the_mapped_file_that_cannot_be_written_to_and_outlive_its_name(tmp_path: Path) -> None:
    path = write_arrays(tmp_path / "a", {"it": np.arange(5)})
    data, loaded = mapped(path)
    assert bytes(data) == path.read_bytes()
    assert isinstance(data.obj, mmap.mmap)
    assert not loaded["it"].flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        loaded["it"][0] = 1
    with pytest.raises(ValueError, match="cannot set WRITEABLE"):
        loaded["it"].flags.writeable = True
    path.unlink()
    del data
    assert loaded["it"].tolist() == [0, 1, 2, 3, 4]


def test_the_order_in_which_arrays_are_given_does_not_matter() -> None:
    values = {"b": np.arange(3), "a": np.arange(3), "c": np.zeros(2, np.int8)}
    assert b"".join(packed(values)) == b"".join(packed(dict(reversed(values.items()))))


def test_a_file_cut_anywhere_or_longer_is_refused(tmp_path: Path) -> None:
    data = write_arrays(tmp_path / "a", {"it": np.arange(9), "other": np.ones(3, np.int8)}).read_bytes()
    for size in range(len(data)):
        (tmp_path / "a").write_bytes(data[:size])
        with pytest.raises(ValueError, match=SOME_WORDS):
            mapped(tmp_path / "a")
    (tmp_path / "a").write_bytes(data + b"\0")
    with pytest.raises(ValueError, match=f"a is {len(data) + 1} bytes long, not {len(data)}"):
        mapped(tmp_path / "a")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x02",
        bytes(8),
        b"\xff" * 64,
        (1 << 24).to_bytes(8, "little") + b"{}",
        file_bytes(b"{"),
        file_bytes(b"\xff\xfe"),
        file_bytes(b'{"a":' * 100_000),
        file_bytes(b"[" * 100_000),
        file_bytes([]),
        file_bytes("a"),
        file_bytes(7),
        file_bytes(None),
        file_bytes({"a": 3}),
        file_bytes({"a": {}}),
        file_bytes({"a": []}),
        altered_file(dtype="O"),
        altered_file(dtype="<f4"),
        altered_file(dtype=[]),
        altered_file(dtype=None),
        altered_file(shape=[3]),
        altered_file(shape=[1]),
        altered_file(shape=[-2]),
        altered_file(shape=[-1]),
        altered_file(shape=[2.0]),
        altered_file(shape=["2"]),
        altered_file(shape="2"),
        altered_file(shape=2),
        altered_file(shape=[2**70]),
        altered_file(shape=[2**32, 2**32]),
        altered_file(shape=[2**63, 2, 0]),
        altered_file(shape=[2] + [1] * 99),
        altered_file(data_offsets=[0, 9]),
        altered_file(data_offsets=[0, 2**70]),
        altered_file(data_offsets=[-8, 8]),
        altered_file(data_offsets=[8, 0]),
        altered_file(data_offsets=[0, 4]),
        altered_file(data_offsets=[0, 7]),
        altered_file(data_offsets=[0]),
        altered_file(data_offsets=[0, 8, 8]),
        altered_file(data_offsets=["0", "8"]),
        altered_file(data_offsets=[0.0, 8.0]),
        altered_file(data_offsets=[0, float("nan")]),
        altered_file(data_offsets=[0, float("inf")]),
        altered_file(data_offsets=None),
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_what_its_header_says_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(ValueError, match=SOME_WORDS):
        mapped(tmp_path / "a")


def test_metadata_of_other_programs_are_ignored(tmp_path: Path) -> None:
    header = {"__metadata__": {"format": "pt"}, "it": {"dtype": "I16", "shape": [], "data_offsets": [0, 2]}}
    (tmp_path / "a").write_bytes(file_bytes(header, b"\x05\x00"))
    (loaded,) = mapped(tmp_path / "a")[1].items()
    assert (loaded[0], loaded[1].shape, int(loaded[1])) == ("it", (), 5)


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_path_that_cannot_be_read_raises_an_error_of_the_system(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match="directory"):
        mapped(tmp_path / name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(list(LAYOUT)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["dtype", "shape", "data_offsets", "__metadata__", "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(list(LAYOUT)) | JSON,
        "shape": st.lists(st.integers(-1, 4) | st.integers(), max_size=3) | JSON,
        "data_offsets": st.tuples(st.integers(-1, 9), st.integers(-1, 9)).map(list) | JSON,
    }
)
HEADERS = JSON | st.dictionaries(st.text(max_size=3), ENTRY, max_size=3)
FILES = (
    st.binary(max_size=80) | st.builds(file_bytes, HEADERS, st.binary(max_size=16)) | st.builds(file_bytes, st.binary())
)


@pytest.mark.slow
@given(FILES)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_arrays_or_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    try:
        _, loaded = mapped(tmp_path / "a")
    except ValueError:
        return
    assert all(array.dtype.kind in "fiub" and array.tobytes() in data for array in loaded.values())


def test_arrays_in_memory_outlive_what_happens_to_the_file(tmp_path: Path) -> None:
    path = write_arrays(tmp_path / "a", {"x": np.arange(100_000)})
    _, loaded = mapped(path, in_memory=True)
    path.write_bytes(b"")
    assert (loaded["x"] == np.arange(100_000)).all()
    assert not loaded["x"].flags.writeable
