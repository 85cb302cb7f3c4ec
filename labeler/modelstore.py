"""Versions of trained models, in folders, and which of them commands use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.config import Settings
from labeler.errors import InputError, LabelerError, NotFoundError
from labeler.files import os_message, write_text
from labeler.score.persistence import MANIFEST, manifest_of, save_model

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

SHIPPED = "arxiv"  # the name of the model that comes with labeler


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
                manifest_of(self._root / name / number)
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
            raise InputError(f"cannot write {parent}: {os_message(error)}", "check the name and permissions") from error
        while True:
            number = max((int(path.name) for path in parent.iterdir() if _is_number(path.name)), default=0) + 1
            folder = parent / str(number)
            try:
                save_model(model, folder, {"name": name, "version": number, **details}, report)
            except FileExistsError:
                continue  # another process took the number meanwhile
            version = Version(name, number, folder, json.loads((folder / MANIFEST).read_bytes()))
            self.use(version)
            return version


def shipped_versions() -> list[Version]:
    """The model that comes with labeler: in an installed package inside it, in a checkout in its ``models/``."""
    package = Path(__file__).resolve().parent
    inside = package / "shipped" / "models"
    root = inside if inside.is_dir() else package.parent / "models"
    return [replace(version, shipped=True) for version in _versions(root) if version.name == SHIPPED]


def _versions(root: Path) -> list[Version]:
    found = []
    for folder in root.glob("*/*"):
        if _is_number(folder.name) and not folder.parent.name.startswith("."):
            with suppress(LabelerError):
                found.append(Version(folder.parent.name, int(folder.name), folder, manifest_of(folder)))
    return sorted(found, key=lambda version: (version.name, version.number))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()
