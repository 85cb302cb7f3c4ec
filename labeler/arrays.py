"""Arrays in one file, which is mapped into memory and not read: in the layout of safetensors, with numpy alone.

Eight bytes hold the length of a JSON header; it tells each array's type, shape and place in the bytes that follow.
Format: https://github.com/huggingface/safetensors#format. No such file can hold code.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[Any]]

# A file of arrays is read whole, to be checked: where that can be asked for, its pages come all at once.
_WHOLE: dict[str, int] = (
    {"flags": mmap.MAP_SHARED | mmap.MAP_POPULATE, "prot": mmap.PROT_READ}
    if hasattr(mmap, "MAP_POPULATE")
    else {"access": mmap.ACCESS_READ}
)
_TYPES = {
    "F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip
_NAMES = {kind: name for name, kind in _TYPES.items()}
_EVEN = 64  # bytes: where the arrays begin is a multiple of it
_LARGEST_HEADER = 1 << 24


def packed(arrays: Arrays) -> Iterator[bytes]:
    """The bytes of a file that holds ``arrays``, in pieces."""
    import numpy as np

    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    order = sorted(plain, key=lambda name: (-plain[name].itemsize, name))  # so that each begins at a multiple of it
    header, begin = {}, 0
    for name in order:
        array = plain[name]
        places = [begin, begin := begin + array.nbytes]
        header[name] = {"dtype": _NAMES[array.dtype.str], "shape": list(array.shape), "data_offsets": places}
    told = json.dumps(header, separators=(",", ":")).encode()
    told += b" " * (-(len(told) + 8) % _EVEN)
    yield len(told).to_bytes(8, "little") + told
    for name in order:
        yield plain[name].tobytes()


def mapped(path: Path) -> tuple[memoryview, dict[str, npt.NDArray[Any]]]:
    """The bytes of a file and the arrays in it, which cannot be written to. They stay while any of them is in use.

    Raises:
        OSError: the file cannot be read.
        ValueError: it does not hold what its header tells.
    """
    with path.open("rb") as stream:
        try:
            data = memoryview(mmap.mmap(stream.fileno(), 0, **_WHOLE))
        except ValueError as error:  # there is nothing in it
            raise ValueError(f"{path.name} is empty") from error
    return data, _arrays(data, path.name)


def _arrays(data: memoryview, name: str) -> dict[str, npt.NDArray[Any]]:
    import numpy as np

    length = int.from_bytes(data[:8], "little")
    begin = 8 + length
    if not 2 <= length <= _LARGEST_HEADER or begin > len(data):
        raise ValueError(f"{name} has no header")
    found, last = {}, 0
    try:
        header = json.loads(bytes(data[8:begin]))
        header.pop("__metadata__", None)
        for key, told in header.items():
            (low, high), shape, kind = told["data_offsets"], tuple(told["shape"]), np.dtype(_TYPES[told["dtype"]])
            if not 0 <= low <= high <= len(data) - begin or any(
                not isinstance(side, int) or side < 0 for side in shape
            ):
                raise ValueError(f"{key} lies outside {name}")
            found[key] = np.frombuffer(data[begin + low : begin + high], kind).reshape(shape)
            last = max(last, high)
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"the header of {name} is damaged") from error
    if last != len(data) - begin:
        raise ValueError(f"{name} is {len(data)} bytes long, not {begin + last}")
    return found
