"""Trained models on disk: versions in folders, each with a manifest, checked before use. No code, no pickle file."""

from __future__ import annotations

import io
import json
import platform
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from importlib.resources import files as package_files
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.config import Settings
from labeler.errors import InputError, LabelerError, NotFoundError, RefusedError
from labeler.files import arrays_of, read_bytes, sha256, spoken, write_bytes, write_text

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

PROTOCOL = 2  # raised when the files change so that older programs cannot read them
SHIPPED = "arxiv"  # the name of the model that comes with labeler
_LIBRARIES = ("numpy", "scipy", "scikit-learn")
_WEIGHTS, _TERMS, _REPORT, _MANIFEST = "weights.npz", "terms.txt", "report.md", "manifest.json"


@dataclass(frozen=True, slots=True)
class Version:
    """One trained version: where it lies, what its manifest says, and whether it came with labeler."""

    name: str
    number: int
    folder: Path
    manifest: Mapping[str, Any]
    shipped: bool = False

    @property
    def label(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.number}"

    @property
    def precision(self) -> float:
        """The precision that was promised at training."""
        return float(self.manifest.get("parameters", {}).get("precision", Settings().train_precision))

    @property
    def names(self) -> dict[str, str]:
        """Topic id → name, as the scheme had them at training; ids where the model was saved without a scheme."""
        scheme = self.manifest.get("scheme", {}).get("topics", ())
        return {topic: topic for topic in self.manifest["topics"]} | {topic["id"]: topic["name"] for topic in scheme}


class ModelStore:
    """The versions under a workspace's ``models/``, and the model that comes with labeler.

    Without a folder, outside any workspace, there is the latter alone.
    """

    def __init__(self, root: Path | None) -> None:
        self._root = root

    @property
    def root(self) -> Path:
        """The folder of the workspace's own models."""
        if self._root is None:
            raise NotFoundError("there is no workspace to keep models in", "make one with `labeler init`")
        return self._root

    def versions(self) -> list[Version]:
        """All versions of one's own, by name and number; folders without a readable manifest are passed over."""
        if self._root is None:
            return []
        shipped = {version.folder.resolve() for version in shipped_versions()}  # a checkout is a workspace as well
        return [version for version in _versions(self._root) if version.folder.resolve() not in shipped]

    def known(self) -> list[Version]:
        """All versions, then the one that comes with labeler, unless there is one's own of its name."""
        own = self.versions()
        return own + [version for version in shipped_versions() if version.name not in {other.name for other in own}]

    def find(self, label: str | None = None) -> Version:
        """The version that ``name@version`` or ``name`` (its newest) means; without a label the current one.

        Raises:
            NotFoundError: there is no such model, or none at all.
            RefusedError: it is there, but damaged.
        """
        label = label or self.current()
        if label is None:
            raise NotFoundError("there is no trained model here yet", "train one with `labeler train`")
        name, _, number = label.partition("@")
        versions = self.known()
        fitting = [item for item in versions if item.name == name and number in ("", str(item.number))]
        if not fitting:
            if self._root is not None and _is_number(number) and (self._root / name / number).is_dir():
                _manifest(self._root / name / number)
            known = ", ".join(item.label for item in versions) or "none"
            raise NotFoundError(f"there is no model {label}", f"there are: {known}")
        return fitting[-1]

    def find_or_shipped(self, label: str | None = None) -> Version:
        """As :meth:`find`; where no model is current, the one that comes with labeler."""
        shipped = shipped_versions()
        return shipped[-1] if shipped and not (label or self.current()) else self.find(label)

    def current(self) -> str | None:
        """What commands use when no model is named, None when none was trained."""
        try:
            return (self.root / "CURRENT").read_text(encoding="utf-8").strip() or None
        except (OSError, ValueError, NotFoundError):
            return None

    def has_current(self) -> bool:
        """Whether there is a current version, and it can be found."""
        with suppress(LabelerError):
            return bool(self.find())
        return False

    def use(self, version: Version) -> None:
        """Make a version the current one. What comes with labeler may be a newer one some day, under its name."""
        write_text(self.root / "CURRENT", f"{version.name if version.shipped else version.label}\n")

    def add(self, name: str, model: TopicModel, details: Mapping[str, Any], report: str) -> Version:
        """Save a model as the next version of ``name``, whole or not at all, and make it the current one."""
        parent = self.root / name
        try:
            parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot write {parent}: {spoken(error)}", "check the name and permissions") from error
        while True:
            number = max((int(path.name) for path in parent.iterdir() if _is_number(path.name)), default=0) + 1
            folder = parent / str(number)
            try:
                save_model(model, folder, {"name": name, "version": number, **details}, report)
            except FileExistsError:
                continue  # another process took the number meanwhile
            version = Version(name, number, folder, json.loads((folder / _MANIFEST).read_bytes()))
            self.use(version)
            return version


def shipped_versions() -> list[Version]:
    """The model that comes with labeler: in an installed package inside it, in a checkout in its ``models/``."""
    package = Path(str(package_files("labeler")))
    inside = package / "shipped" / "models"
    root = inside if inside.is_dir() else package.parent / "models"
    return [replace(version, shipped=True) for version in _versions(root) if version.name == SHIPPED]


def _versions(root: Path) -> list[Version]:
    found = []
    for folder in root.glob("*/*"):
        if _is_number(folder.name) and not folder.parent.name.startswith("."):
            with suppress(LabelerError):
                found.append(Version(folder.parent.name, int(folder.name), folder, _manifest(folder)))
    return sorted(found, key=lambda version: (version.name, version.number))


def save_model(
    model: TopicModel, folder: Path, details: Mapping[str, Any], report: str = "", levels: int | None = None
) -> None:
    """Write a model to ``folder``, which must not exist yet. It appears there whole or not at all.

    With ``levels``, the weights of each term are kept as whole numbers of steps, the largest being so many: for
    models that are to be small.

    Raises:
        InputError: the folder's parent cannot be written to.
        FileExistsError: there is something at ``folder`` already.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} is there already")
    files = {_WEIGHTS: _arrays(model, levels), _TERMS: "\n".join(model.linear.tfidf.terms).encode()}
    if report:
        files[_REPORT] = report.encode()
    manifest = {
        "protocol": PROTOCOL,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        **details,
        "mode": model.mode,
        "form": model.form,
        "topics": list(model.linear.topics),
        "with_none": model.linear.with_none,
        "unlearned": dict(model.unlearned),
        "libraries": {name: installed(name) for name in _LIBRARIES} | {"python": platform.python_version()},
        "files": {name: sha256(data) for name, data in files.items()},
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        raise InputError(f"cannot write {folder}: {spoken(error)}", "check its permissions") from error
    try:
        for name, data in files.items():
            write_bytes(temporary / name, data)
        write_text(temporary / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        temporary.chmod(0o755)
        temporary.rename(folder)
    except OSError as error:
        raise FileExistsError(f"{folder} is there already") if folder.exists() else error from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_model(folder: str | PathLike[str]) -> TopicModel:
    """The model in a folder, with its files checked against the manifest's hashes.

    Raises:
        NotFoundError: there is no model.
        RefusedError: a file is damaged or missing, or the model is of a newer kind than this program reads.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    try:
        return _model(folder, manifest)
    except (LookupError, TypeError, ValueError, RuntimeError, EOFError, AttributeError) as error:
        raise RefusedError(
            f"the model in {folder} is damaged ({error})", "train again, or restore the folder"
        ) from error


def _model(folder: Path, manifest: Mapping[str, Any]) -> TopicModel:
    import numpy as np

    from labeler.features.tfidf import Tfidf
    from labeler.score.compact import widened
    from labeler.score.linear import LinearModel
    from labeler.score.model import TopicModel

    if not set(manifest["files"]) <= {_WEIGHTS, _TERMS, _REPORT}:
        raise ValueError("it names files that no model has")
    data = {name: _checked(folder / name, digest) for name, digest in manifest["files"].items()}
    held = arrays_of(data[_WEIGHTS])
    if "codes" in held:
        held["weights"] = widened(held["codes"], held["steps"])
    terms = tuple(data[_TERMS].decode().split("\n")) if data[_TERMS] else ()
    linear = LinearModel(
        Tfidf(terms, held["idf"]),
        held["weights"],
        held["bases"],
        tuple(manifest["topics"]),
        manifest["mode"],
        manifest["with_none"],
        tuple(held["top"].astype(np.float64).tolist()),
    )
    if held["top"].shape != (2,):
        raise ValueError(f"top is {held['top'].shape}, not (2,)")
    topics, columns = len(manifest["topics"]), len(manifest["topics"]) + bool(manifest["with_none"])
    shapes = {"idf": (len(terms),), "weights": (len(terms), columns), "bases": (columns,), "thresholds": (topics,)}
    for name, shape in shapes.items():
        if held[name].shape != shape:
            raise ValueError(f"{name} is {held[name].shape}, not {shape}")
    known = np.where(held["held_out_known"] < 0, np.nan, held["held_out_known"].astype(np.float64))
    return TopicModel(
        linear,
        held["thresholds"],
        (held["held_out_probabilities"].astype(np.float64), known),
        manifest["unlearned"],
        manifest["form"],
        f"{manifest['name']}@{manifest['version']}" if "name" in manifest else folder.name,
        float(held.get("least", 0.0)),  # models made before it was known do without
    )


def _arrays(model: TopicModel, levels: int | None) -> bytes:
    import numpy as np

    from labeler.score.compact import narrowed

    probabilities, known = model.held_out
    weights: dict[str, Any] = {"weights": model.linear.weights}
    if levels is not None:
        codes, steps = narrowed(model.linear.weights, levels)
        weights = {"codes": codes, "steps": steps}
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        idf=model.linear.tfidf.idf,
        **weights,
        bases=model.linear.bases,
        thresholds=model.thresholds,
        top=np.array(model.linear.top),
        least=np.float64(model.least),
        held_out_probabilities=probabilities.astype(np.float32),
        held_out_known=np.where(np.isnan(known), -1, known).astype(np.int8),
    )
    return stream.getvalue()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
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


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _checked(path: Path, digest: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {spoken(error)}", "train again, or restore the folder") from error
    if sha256(data) != digest:
        raise RefusedError(f"{path} is not the file that was trained (its hash differs)", "train again, or restore it")
    return data
