"""A trained model as files: a manifest, and arrays that are mapped into memory, checked before use.

There is no code in them, and no pickle file.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.arrays import mapped, packed
from labeler.config import Settings
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.files import os_message, read_bytes, write_text, writing

if TYPE_CHECKING:
    import numpy.typing as npt

    from labeler.features.vocabulary import Vocabulary
    from labeler.score.model import TopicModel

PROTOCOL = 4  # raised when the files change so that older programs cannot read them
MANIFEST = "manifest.json"
_LIBRARIES = ("numpy", "scipy", "scikit-learn")
_WEIGHTS, _REPORT = "weights.safetensors", "report.md"


def save_model(model: TopicModel, folder: Path, details: Mapping[str, Any], report: str = "") -> None:
    """Write a model to ``folder``, which must not exist yet. It appears there whole or not at all.

    Raises:
        InputError: the folder's parent cannot be written to.
        FileExistsError: there is something at ``folder`` already.
    """
    import platform
    import shutil
    import tempfile
    from importlib.metadata import version as installed

    if folder.exists():
        raise FileExistsError(f"{folder} is there already")
    precision = float(details.get("parameters", {}).get("precision", Settings().train_precision))
    manifest = {
        "protocol": PROTOCOL,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "bands": model.bands(precision).to_dict(),
        **details,
        "mode": model.mode,
        "form": model.form,
        "topics": list(model.linear.topics),
        "with_none": model.linear.with_none,
        "unlearned": dict(model.unlearned),
        "libraries": {name: installed(name) for name in _LIBRARIES} | {"python": platform.python_version()},
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        raise InputError(f"cannot write {folder}: {os_message(error)}", "check its permissions") from error
    try:
        files = {_WEIGHTS: _written(temporary / _WEIGHTS, packed(_arrays(model)))}
        if report:
            files[_REPORT] = _written(temporary / _REPORT, [report.encode()])
        write_text(temporary / MANIFEST, json.dumps(manifest | {"files": files}, ensure_ascii=False, indent=1) + "\n")
        temporary.chmod(0o755)
        temporary.rename(folder)
    except OSError as error:
        raise FileExistsError(f"{folder} is there already") if folder.exists() else error from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _written(path: Path, pieces: Iterable[bytes]) -> str:
    """Write a file; its checksum."""
    checksum = 0
    with writing(path) as stream:
        for piece in pieces:
            stream.write(piece)
            checksum = zlib.crc32(piece, checksum)
    return f"{checksum:08x}"


def load_model(folder: str | PathLike[str]) -> TopicModel:
    """The model in a folder, with its files checked against the manifest's checksums (CRC-32).

    Its arrays are mapped into memory: processes that load the same model share them.

    Raises:
        NotFoundError: there is no model.
        RefusedError: a file is damaged or missing, or the model is of a newer kind than this program reads.
    """
    folder = Path(folder)
    manifest = manifest_of(folder)
    try:
        return _model(folder, manifest)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(
            f"the model in {folder} is damaged ({error})", "train again, or restore the folder"
        ) from error


def _model(folder: Path, manifest: Mapping[str, Any]) -> TopicModel:
    import numpy as np

    from labeler.features.lookup import Lookup
    from labeler.features.tfidf import Tfidf
    from labeler.features.vocabulary import Vocabulary, Words
    from labeler.score.decision import Bands
    from labeler.score.linear import LinearModel
    from labeler.score.model import TopicModel

    if not {_WEIGHTS} <= set(manifest["files"]) <= {_WEIGHTS, _REPORT}:
        raise ValueError("its files are not those of a model")
    held = _checked(folder, manifest["files"])
    topics, columns = len(manifest["topics"]), len(manifest["topics"]) + bool(manifest["with_none"])
    of_words, of_pairs = (
        Lookup(*(held[f"{kind}_{part}"] for part in ("keys", "displacements", "slots"))) for kind in ("word", "pair")
    )
    words = Words(held["word_blocks"], held["word_begins"], of_words, int(held["seed"][0]))
    vocabulary = Vocabulary(words, held["word_columns"], of_pairs, held["pair_columns"])
    for name, (kind, shape) in _expected(held, vocabulary, topics, columns).items():
        if (held[name].dtype.str[1:], held[name].shape) != (kind, shape):
            raise ValueError(f"{name} is {held[name].dtype.str[1:]} {held[name].shape}, not {kind} {shape}")
    linear = LinearModel(
        Tfidf(vocabulary, held["idf"]),
        held["weights"],
        held["bases"],
        tuple(manifest["topics"]),
        manifest["mode"],
        manifest["with_none"],
        tuple(held["top"].tolist()),
        held.get("steps"),
    )
    known = np.where(held["held_out_known"] < 0, np.nan, held["held_out_known"].astype(np.float64))
    bands = Bands.from_dict(manifest["bands"])
    return TopicModel(
        linear,
        held["thresholds"],
        (held["held_out_probabilities"].astype(np.float64), known),
        manifest["unlearned"],
        manifest["form"],
        f"{manifest['name']}@{manifest['version']}" if "name" in manifest else folder.name,
        float(held["least"][0]),
        {bands.precision: bands},
    )


def _expected(
    held: Mapping[str, npt.NDArray[Any]], vocabulary: Vocabulary, topics: int, columns: int
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The type and the shape that each array must have."""
    terms = len(vocabulary)
    words, of_words, of_pairs = vocabulary.words, vocabulary.words.lookup, vocabulary.pairs
    expected: dict[str, tuple[str, tuple[int, ...]]] = {
        "word_blocks": ("u8", (len(words.blocks),)), "word_begins": ("u4", (len(words) + 1,)),
        "word_keys": ("u8", (len(words),)), "word_slots": ("u4", (len(of_words.slots),)), "seed": ("i8", (1,)),
        "word_displacements": ("u1", (len(of_words.displacements),)), "word_columns": ("i4", (len(words),)),
        "pair_keys": ("u8", (len(of_pairs.keys),)), "pair_slots": ("u4", (len(of_pairs.slots),)),
        "pair_displacements": ("u1", (len(of_pairs.displacements),)), "pair_columns": ("i4", (len(of_pairs.keys),)),
        "idf": ("f4", (terms,)), "weights": ("i1" if "steps" in held else "f4", (terms, columns)),
        "bases": ("f8", (columns,)), "thresholds": ("f8", (topics,)), "top": ("f8", (2,)), "least": ("f8", (1,)),
        "held_out_probabilities": ("f4", (len(held["held_out_known"]), columns)),
        "held_out_known": ("i1", (len(held["held_out_probabilities"]), topics)),
    }  # fmt: skip
    if "steps" in held:
        expected["steps"] = ("f4", (terms,))
    return expected


def _arrays(model: TopicModel) -> dict[str, npt.NDArray[Any]]:
    import numpy as np

    linear, vocabulary = model.linear, model.linear.tfidf.vocabulary
    words, (probabilities, known) = vocabulary.words, model.held_out
    scales = {} if linear.scales is None else {"steps": linear.scales}
    return {
        "word_blocks": words.blocks,
        "word_begins": words.begins,
        "word_keys": words.lookup.keys,
        "word_displacements": words.lookup.displacements,
        "word_slots": words.lookup.slots,
        "seed": np.array([words.seed]),
        "word_columns": vocabulary.word_columns,
        "pair_keys": vocabulary.pairs.keys,
        "pair_displacements": vocabulary.pairs.displacements,
        "pair_slots": vocabulary.pairs.slots,
        "pair_columns": vocabulary.pair_columns,
        "idf": linear.tfidf.idf.astype(np.float32),
        "weights": linear.weights,
        **scales,
        "bases": linear.intercepts,
        "thresholds": model.thresholds,
        "top": np.array(linear.top),
        "least": np.array([model.least]),
        "held_out_probabilities": probabilities.astype(np.float32),
        "held_out_known": np.where(np.isnan(known), -1, known).astype(np.int8),
    }


def manifest_of(folder: Path) -> dict[str, Any]:
    """What the manifest of a model says.

    Raises:
        NotFoundError: there is no model.
        RefusedError: it is damaged, or of another protocol.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFoundError(f"there is no model in {folder}", "train one with `labeler train`")
    try:
        manifest: dict[str, Any] = json.loads(read_bytes(path))
        protocol = int(manifest["protocol"])
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(f"{path} is damaged", "train again, or restore the folder") from error
    if protocol > PROTOCOL:
        raise RefusedError(f"the model in {folder} was made by a newer labeler", "update labeler")
    if protocol < PROTOCOL:
        raise RefusedError(f"the model in {folder} was made by an older labeler", "train again with `labeler train`")
    return manifest


def _checked(folder: Path, checksums: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a model whose files are those that were written."""
    held: dict[str, npt.NDArray[Any]] = {}
    for name, checksum in checksums.items():
        path = folder / name
        try:
            if name == _WEIGHTS:
                data, held = mapped(path)
            else:
                data = memoryview(path.read_bytes())
        except OSError as error:
            raise RefusedError(
                f"{path} cannot be read: {os_message(error)}", "train again, or restore the folder"
            ) from error
        if f"{zlib.crc32(data):08x}" != checksum:
            raise RefusedError(f"{path} is not the file that was trained", "train again, or restore it")
    return held
