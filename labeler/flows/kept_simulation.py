"""The parts of a simulation that are done, kept so that one that was ended goes on where it stopped."""

from __future__ import annotations

import base64
import json
import zlib
from collections import UserDict
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.files import read_bytes, write_text
from labeler.json_parsing import parse_json
from labeler.judgements.forgotten import Forgotten, nothing_forgotten_since
from labeler.simulation.replay import Key

FILE = "simulate.json"  # in the private folder of a workspace
_STATE, _PARTS, _RESULT = "state", "parts", "simulation"

Guesses = npt.NDArray[np.bool_]


class KeptParts(UserDict[Key, Guesses]):
    """The guesses of the parts of a simulation that are done, which are written each time that one comes.

    They are those of this ``state`` alone, a hash of everything that they depend on. Where they cannot be written, or
    something was ``forgotten`` meanwhile, ``fault`` says so; the simulation is as good.
    """

    def __init__(self, workspace: Workspace, state: str, forgotten: Forgotten) -> None:
        super().__init__()
        self._forgotten = forgotten
        self.fault, self._place = "", workspace
        self._record: dict[str, Any] = {_STATE: state, _PARTS: {}}
        try:
            record = parse_json(read_bytes(workspace.private / FILE))
            if record[_STATE] == state:
                self.data = {_key(name): _unpacked(part) for name, part in record[_PARTS].items()}
                self._record = record
        except (LabelerError, OSError, ValueError, LookupError, TypeError, AttributeError, zlib.error):
            return

    def __setitem__(self, key: Key, guesses: Guesses) -> None:
        """Keep a part."""
        super().__setitem__(key, guesses)
        self._record[_PARTS]["/".join(map(str, key))] = _packed(guesses)
        self._write()

    def keep_result(self, simulation: Mapping[str, Any]) -> None:
        """Keep what came of all parts, for programs."""
        self._record[_RESULT] = simulation
        self._write()

    def _write(self) -> None:
        try:
            with nothing_forgotten_since(self._place, self._forgotten):
                write_text(self._place.private / FILE, json.dumps(self._record, ensure_ascii=False) + "\n")
        except (LabelerError, OSError) as error:
            self.fault = f"the simulation is not kept: {error}"


def _key(name: str) -> Key:
    order, fold, strategy = name.split("/", 2)
    return Key(int(order), int(fold), strategy)


def _packed(guesses: Guesses) -> dict[str, Any]:
    """Topics given (n_rounds, n_papers, n_topics), in few characters."""
    bits = zlib.compress(np.packbits(guesses).tobytes())
    return {"shape": list(guesses.shape), "given": base64.b64encode(bits).decode("ascii")}


def _unpacked(part: Mapping[str, Any]) -> Guesses:
    shape = [int(size) for size in part["shape"]]
    bits = np.unpackbits(np.frombuffer(zlib.decompress(base64.b64decode(part["given"])), dtype=np.uint8))
    return bits[: int(np.prod(shape))].reshape(shape).astype(bool)
