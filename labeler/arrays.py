"""Arrays in one file in the format of safetensors, which is memory-mapped; only numpy is needed.

Eight bytes are the length of a JSON header, which has the type, shape and offsets of each array in the bytes that
follow. Format: https://github.com/huggingface/safetensors#format. Unlike a pickle, such a file cannot contain code.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.files import open_regular
from labeler.json_parsing import parse_json

if TYPE_CHECKING:
    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[Any]]

# The checksum of the file is computed on loading, so where the system can, all pages are loaded at once.
_MMAP_OPTIONS: dict[str, int] = (
    {"flags": mmap.MAP_SHARED | mmap.MAP_POPULATE, "prot": mmap.PROT_READ}
    if hasattr(mmap, "MAP_POPULATE")
    else {"access": mmap.ACCESS_READ}
)
_DTYPES = {
    "F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip
_DTYPE_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
_ALIGNMENT = 64  # bytes: the arrays begin at a multiple of it
_LARGEST_HEADER = 1 << 24


def packed(arrays: Arrays) -> Iterator[bytes]:
    """The bytes of a safetensors file of ``arrays``, in pieces. Arrays without dimensions get one of length 1.

    Raises:
        KeyError: the format has no name for the type of an array.
    """
    import numpy as np

    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    order = sorted(contiguous, key=lambda name: (-contiguous[name].itemsize, name))  # the order that aligns all
    header, begin = {}, 0
    for name in order:
        array = contiguous[name]
        offsets = [begin, begin := begin + array.nbytes]
        header[name] = {"dtype": _DTYPE_NAMES[array.dtype.str], "shape": list(array.shape), "data_offsets": offsets}
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-(len(encoded) + 8) % _ALIGNMENT)
    yield len(encoded).to_bytes(8, "little") + encoded
    for name in order:
        yield contiguous[name].tobytes()


def mapped(path: Path, in_memory: bool = False) -> tuple[memoryview, dict[str, npt.NDArray[Any]]]:
    """The bytes of a file and its arrays by name, both memory-mapped and read-only.

    The file stays mapped as long as any of them is referenced. With ``in_memory`` they are a copy: a program that runs
    for weeks must not end (SIGBUS) because somebody shortens a file that it once read.

    Raises:
        OSError: the file cannot be read.
        ValueError: the header is missing or damaged, or the bytes do not agree with it.
    """
    with open_regular(path) as stream:
        try:
            data = memoryview(stream.read() if in_memory else mmap.mmap(stream.fileno(), 0, **_MMAP_OPTIONS))
        except ValueError as error:  # an empty file cannot be mapped
            raise ValueError(f"{path.name} is empty") from error
    return data, _arrays(data, path.name)


def _arrays(data: memoryview, name: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays in the bytes of the file ``name``, as views of these."""
    import numpy as np

    length = int.from_bytes(data[:8], "little")
    begin = 8 + length
    if not 2 <= length <= _LARGEST_HEADER or begin > len(data):
        raise ValueError(f"{name} has no header")
    arrays, end = {}, 0
    try:
        header = parse_json(bytes(data[8:begin]))
        header.pop("__metadata__", None)
        for key, entry in header.items():
            (low, high), shape, dtype = entry["data_offsets"], tuple(entry["shape"]), np.dtype(_DTYPES[entry["dtype"]])
            if not 0 <= low <= high <= len(data) - begin or any(
                not isinstance(side, int) or side < 0 for side in shape
            ):
                raise ValueError(f"{key} lies outside {name}")
            arrays[key] = np.frombuffer(data[begin + low : begin + high], dtype).reshape(shape)
            end = max(end, high)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"the header of {name} is damaged") from error
    if end != len(data) - begin:
        raise ValueError(f"{name} is {len(data)} bytes long, not {begin + end}")
    return arrays
