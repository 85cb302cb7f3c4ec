"""Model persistence: a folder with a manifest and a file of arrays, whose checksums are verified before use.

The arrays are mapped into memory. The files hold data alone, no code and no pickle: loading a model runs nothing.
"""

from __future__ import annotations

import json
import math
import time
import zlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.arrays import mapped, packed
from labeler.errors import InputError, LabelerError, RefusedError
from labeler.files import atomic_write, os_message, regular_bytes, write_text
from labeler.score.array_values import check_values
from labeler.score.manifest import MANIFEST, Checksums, Manifest, TrainingRecord, read_manifest
from labeler.score.verified import has_hash
from labeler.temporary import new_folder, sweep_folders
from labeler.topics import Mode

if TYPE_CHECKING:
    import numpy.typing as npt

    from labeler.features.terms import Tokenizer
    from labeler.features.vocabulary import Vocabulary
    from labeler.score.model import JudgedCounts, TopicModel

    Arrays = Mapping[str, npt.NDArray[Any]]

_LIBRARIES = ("numpy", "scipy", "scikit-learn")
_WEIGHTS, REPORT = "weights.safetensors", "report.md"
_REMOVED = "removed"  # what a folder is called that is being removed
_PARTS = (_WEIGHTS, REPORT, MANIFEST, _REMOVED)  # of a model that is being written, or removed
_FIRST_WITH_SAFETENSORS, _FIRST_WITH_PERFECT_HASHING = 3, 4  # protocols
_ADVICE = "train again, or restore the folder"


def save_model(
    model: TopicModel,
    folder: Path,
    training: TrainingRecord | None = None,
    name: str = "",
    version: int = 0,
    report: str = "",
) -> Manifest:
    """Write a model to ``folder``, which must not exist yet; it appears there whole or not at all.

    ``name`` and ``version`` are those of the model store, ``report`` is a page in Markdown that is kept with the model.

    Raises:
        InputError: the folder's parent cannot be written to.
        FileExistsError: ``folder`` exists.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} is there already")
    with ExitStack() as stack:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            temporary = stack.enter_context(new_folder(folder.parent, _PARTS))
        except OSError as error:
            raise InputError(f"cannot write {folder}: {os_message(error)}", "check its permissions") from error
        try:
            files = {_WEIGHTS: _write(temporary / _WEIGHTS, packed(_arrays(model)))}
            if report:
                files[REPORT] = _write(temporary / REPORT, [report.encode()])
            manifest = _manifest(model, training or TrainingRecord(), name, version, files)
            write_text(temporary / MANIFEST, json.dumps(manifest.to_dict(), ensure_ascii=False, indent=1) + "\n")
            temporary.chmod(0o755)
            temporary.rename(folder)
        except OSError as error:
            raise FileExistsError(f"{folder} is there already") if folder.exists() else error from error
    return read_manifest(folder)


def remove_model(folder: Path) -> None:
    """Remove the folder of a model, which is gone whole at once: a run that is killed leaves no half of a model.

    Raises:
        OSError: there is none (FileNotFoundError), or it may not be removed.
    """
    with new_folder(folder.parent, (_REMOVED,)) as temporary:
        folder.rename(temporary / _REMOVED)


def sweep_models(folder: Path) -> None:
    """Remove what killed processes left, in the folder of a model's versions, of those that they wrote or removed."""
    sweep_folders(folder, _PARTS)


def _manifest(
    model: TopicModel, training: TrainingRecord, name: str, version: int, files: Mapping[str, Checksums]
) -> Manifest:
    import platform
    from importlib.metadata import version as installed

    return Manifest(
        created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        mode=model.mode,
        form=model.form,
        tokenizer=model.linear.tfidf.vocabulary.tokenizer,
        topics=model.linear.topics,
        with_none=model.linear.with_none,
        unlearned=model.unlearned,
        libraries={library: installed(library) for library in _LIBRARIES} | {"python": platform.python_version()},
        files=files,
        bands=model.bands(training.parameters.precision),
        training=training,
        name=name,
        version=version,
        parents=model.hierarchy.parents,
        thresholds=_thresholds(model),
    )


def _thresholds(model: TopicModel) -> dict[str, float]:
    """The threshold of each topic in multi mode; one that is never given has none."""
    if model.mode == Mode.SINGLE:
        return {}
    thresholds = zip(model.linear.topics, model.thresholds.tolist(), strict=True)
    return {topic: round(least, 4) for topic, least in thresholds if math.isfinite(least)}


def _write(path: Path, pieces: Iterable[bytes]) -> Checksums:
    """Write a file, and return its checksums."""
    crc32, digest = 0, sha256()
    with atomic_write(path) as stream:
        for piece in pieces:
            stream.write(piece)
            crc32 = zlib.crc32(piece, crc32)
            digest.update(piece)
    return Checksums(f"{crc32:08x}", digest.hexdigest())


def load_model(folder: str | PathLike[str], verify: bool = False, in_memory: bool = False) -> TopicModel:
    """The model in a folder, once its files agree with the checksums in its manifest.

    The CRC-32 of each file is checked at every load. Its SHA-256 is checked when the file is used for the first time,
    has changed or was moved; with ``verify``, always. The arrays are mapped into memory, so that processes that load
    the same model share them; with ``in_memory`` they are copied, so that nothing that happens to the file matters.

    Args:
        folder: that of a version, such as ``models/mine/1``.
        verify: whether the SHA-256 of each file is checked in any case.
        in_memory: whether arrays are copied.

    Raises:
        NotFoundError: there is no model.
        RefusedError: a file is damaged or missing, or the model is of a protocol that this program does not load.

    >>> from labeler import load_model
    >>> load_model("models/mine/1").decide(["Legged robots that climb stairs"])[0].topics
    ('robotics',)
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    try:
        return _model(manifest, _checked_arrays(folder, manifest, verify, in_memory), folder.name)
    except LabelerError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise RefusedError(f"the model in {folder} is damaged ({error})", _ADVICE) from error


def _model(manifest: Manifest, arrays: Arrays, folder_name: str) -> TopicModel:
    import numpy as np

    from labeler.features.tfidf import Tfidf
    from labeler.score.cross_lists import CrossLists
    from labeler.score.linear import LinearModel
    from labeler.score.model import TopicModel
    from labeler.score.reliability import OFFSETS, Reliability
    from labeler.topics.hierarchy import Hierarchy

    vocabulary = _vocabulary(arrays, manifest.tokenizer)
    for name, (kind, shape) in _expected(arrays, vocabulary, manifest).items():
        if (arrays[name].dtype.str[1:], arrays[name].shape) != (kind, shape):
            raise ValueError(f"{name} is {arrays[name].dtype.str[1:]} {arrays[name].shape}, not {kind} {shape}")
    check_values(arrays, len(vocabulary))
    linear = LinearModel(
        Tfidf(vocabulary, arrays["idf"]),
        arrays["weights"],
        arrays["bases"],
        manifest.topics,
        manifest.mode,
        manifest.with_none,
        tuple(arrays["top"].tolist()),
        arrays.get("steps"),
    )
    known = np.where(arrays["held_out_known"] < 0, np.nan, arrays["held_out_known"].astype(np.float64))
    return TopicModel(
        linear,
        arrays["thresholds"],
        (arrays["held_out_probabilities"].astype(np.float64), known),
        manifest.unlearned,
        manifest.form,
        f"{manifest.name}@{manifest.version}" if manifest.name else folder_name,
        float(arrays["least"][0]),
        held_out_weights=arrays.get("held_out_weights"),
        learned=arrays.get("learned"),
        hierarchy=Hierarchy(manifest.parents),
        held_out_papers=arrays.get("held_out_papers"),
        held_out_folds=arrays.get("held_out_folds"),
        held_out_thresholds=arrays.get("held_out_thresholds"),
        saved_reliability=Reliability.of_arrays(arrays),
        judged=_judged(manifest, len(known)),
        cross_lists=CrossLists(*arrays["cross_lists"].tolist()) if "cross_lists" in arrays else None,
        _bands={manifest.bands.precision: manifest.bands} if manifest.bands and OFFSETS in arrays else {},
    )


def _judged(manifest: Manifest, held_out: int) -> JudgedCounts | None:
    """The counts of the judged papers, where these are more than the ``held_out`` ones that are kept."""
    import numpy as np

    from labeler.score.model import JudgedCounts

    papers, counts = manifest.training.figures.labelled, manifest.training.figures.counts
    if papers <= held_out or counts is None:
        return None
    return JudgedCounts(papers, np.array([counts.get(topic, 0) for topic in manifest.topics], np.int64))


def _vocabulary(arrays: Arrays, tokenizer: Tokenizer) -> Vocabulary:
    from labeler.features.lookup import Lookup
    from labeler.features.vocabulary import Vocabulary, Words

    words, pairs = (
        Lookup(*(arrays[f"{kind}_{part}"] for part in ("keys", "displacements", "slots"))) for kind in ("word", "pair")
    )
    return Vocabulary(
        Words(arrays["word_blocks"], arrays["word_begins"], words, int(arrays["seed"][0])),
        arrays["word_columns"],
        pairs,
        arrays["pair_columns"],
        tokenizer,
    )


def _expected(arrays: Arrays, vocabulary: Vocabulary, manifest: Manifest) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The dtype and the shape that each array must have."""
    terms, topics = len(vocabulary), len(manifest.topics)
    columns = topics + manifest.with_none
    words, of_words, of_pairs = vocabulary.words, vocabulary.words.lookup, vocabulary.pairs
    expected: dict[str, tuple[str, tuple[int, ...]]] = {
        "word_blocks": ("u8", (len(words.blocks),)), "word_begins": ("u4", (len(words) + 1,)),
        "word_keys": ("u8", (len(words),)), "word_slots": ("u4", (len(of_words.slots),)), "seed": ("i8", (1,)),
        "word_displacements": ("u1", (len(of_words.displacements),)), "word_columns": ("i4", (len(words),)),
        "pair_keys": ("u8", (len(of_pairs.keys),)), "pair_slots": ("u4", (len(of_pairs.slots),)),
        "pair_displacements": ("u1", (len(of_pairs.displacements),)), "pair_columns": ("i4", (len(of_pairs.keys),)),
        "idf": ("f4", (terms,)), "weights": ("i1" if "steps" in arrays else "f4", (terms, columns)),
        "bases": ("f8", (columns,)), "thresholds": ("f8", (topics,)), "top": ("f8", (2,)), "least": ("f8", (1,)),
        "held_out_probabilities": ("f4", (len(arrays["held_out_known"]), columns)),
        "held_out_known": ("i1", (len(arrays["held_out_probabilities"]), topics)),
    }  # fmt: skip
    if "steps" in arrays:
        expected["steps"] = ("f4", (terms,))
    if "learned" in arrays:
        expected["learned"] = ("u8", (len(arrays["learned"]),))
    if "held_out_weights" in arrays:
        expected["held_out_weights"] = ("f8", (len(arrays["held_out_known"]),))
    if "held_out_papers" in arrays:
        expected["held_out_papers"] = ("u8", (len(arrays["held_out_known"]),))
    if "held_out_folds" in arrays:
        expected["held_out_folds"] = ("i1", (len(arrays["held_out_known"]),))
    if "held_out_thresholds" in arrays:
        expected["held_out_thresholds"] = ("f8", (len(arrays["held_out_thresholds"]), topics))
    if "cross_lists" in arrays:
        expected["cross_lists"] = ("f8", (3,))
    if "decision_offsets" in arrays:
        expected["decision_offsets"] = ("f8", (columns,))
        expected |= {name: ("f8", (4, arrays[name].shape[-1])) for name in ("topic_curve", "none_curve")}
    return expected


def _arrays(model: TopicModel) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a model, by their names in its file."""
    import numpy as np

    from labeler.score.older_protocols import vocabulary_arrays

    linear, (probabilities, known) = model.linear, model.held_out
    optional: dict[str, npt.NDArray[Any] | None] = {
        "steps": linear.scales,
        "learned": model.learned,
        "held_out_weights": model.held_out_weights,
        "held_out_papers": model.held_out_papers,
        "held_out_folds": model.held_out_folds,
        "held_out_thresholds": model.held_out_thresholds,
        "cross_lists": np.array(model.cross_lists) if model.cross_lists else None,
    }
    return {
        **vocabulary_arrays(linear.tfidf.vocabulary),
        "idf": linear.tfidf.idf.astype(np.float32),
        "weights": linear.weights,
        **{name: array for name, array in optional.items() if array is not None},
        "bases": linear.intercepts,
        "thresholds": model.thresholds,
        "top": np.array(linear.top),
        "least": np.array([model.least]),
        "held_out_probabilities": probabilities.astype(np.float32),
        "held_out_known": np.where(np.isnan(known), -1, known).astype(np.int8),
        **model.reliability.arrays(),
    }


def _checked_arrays(folder: Path, manifest: Manifest, verify: bool, in_memory: bool) -> Arrays:
    """The arrays of a model, once its files agree with the checksums in its manifest."""
    if manifest.protocol >= _FIRST_WITH_PERFECT_HASHING:
        return _mapped_arrays(folder, manifest, {_WEIGHTS}, verify, in_memory)
    from labeler.score.older_protocols import ARCHIVE, TERMS, from_archive, with_perfect_hashing

    if manifest.protocol >= _FIRST_WITH_SAFETENSORS:
        return with_perfect_hashing(_mapped_arrays(folder, manifest, {_WEIGHTS}, verify, in_memory))
    _mapped_arrays(folder, manifest, {ARCHIVE, TERMS}, verify, in_memory)
    return from_archive(folder, manifest.protocol)


def _mapped_arrays(folder: Path, manifest: Manifest, needed: set[str], verify: bool, in_memory: bool) -> Arrays:
    """The arrays of the file of weights, none where it is not among the ``needed`` files; all files are checked."""
    if not needed <= set(manifest.files) <= needed | {REPORT}:
        raise ValueError("its files are not those of a model")
    arrays: Arrays = {}
    for name, sums in manifest.files.items():
        path = folder / name
        try:
            if name == _WEIGHTS:
                data, arrays = mapped(path, in_memory)
            else:
                data = memoryview(regular_bytes(path))
            sound = not sums.crc32 or f"{zlib.crc32(data):08x}" == sums.crc32
            sound = sound and (not sums.sha256 or has_hash(path, sums.sha256, verify))
        except OSError as error:
            raise RefusedError(f"{path} cannot be read: {os_message(error)}", _ADVICE) from error
        if not sound:
            raise RefusedError(f"{path} is not the file that was trained", _ADVICE)
    return arrays
