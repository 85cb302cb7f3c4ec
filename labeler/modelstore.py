"""Versions of trained models, in folders, and which of them commands use."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from labeler.errors import InputError, LabelerError, NotFoundError
from labeler.files import os_message, regular_bytes, write_text
from labeler.score.manifest import Manifest, TrainingRecord, read_manifest
from labeler.score.persistence import save_model

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

SHIPPED = "arxiv"  # the name of the model that comes with labeler


class Version(NamedTuple):
    """One version of a model: its folder, its manifest, and whether it comes with labeler (``shipped``)."""

    name: str
    number: int
    folder: Path
    manifest: Manifest
    shipped: bool = False

    @property
    def label(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.number}"

    @property
    def fingerprint(self) -> str:
        """What tells this model from others that were given the same label (:attr:`Manifest.fingerprint`)."""
        return self.manifest.fingerprint

    @property
    def identity(self) -> str:
        """Label and fingerprint, as in ``mine@3 0123456789abcdef``."""
        return f"{self.label} {self.fingerprint}"

    @property
    def precision(self) -> float:
        """The precision that the training promised."""
        return self.manifest.training.parameters.precision

    @property
    def names(self) -> dict[str, str]:
        """Topic id → name in the scheme at training; the id itself where the model was saved without a scheme."""
        return self.manifest.names


class ModelStore:
    """The model versions in a workspace's ``models/`` folder, and the model that comes with labeler.

    Without a folder, as outside of any workspace, there is the model that comes with labeler alone.
    """

    def __init__(self, root: Path | None) -> None:
        self._root = root

    @property
    def root(self) -> Path:
        """The folder of the workspace's own models.

        Raises:
            NotFoundError: there is no workspace.
        """
        if self._root is None:
            raise NotFoundError("there is no workspace to keep models in", "make one with `labeler init`")
        return self._root

    def versions(self) -> list[Version]:
        """The workspace's own versions, by name and number. Folders without a readable manifest are left out."""
        if self._root is None:
            return []
        shipped = {version.folder.resolve() for version in shipped_versions()}  # a checkout is a workspace as well
        return [version for version in _versions(self._root) if version.folder.resolve() not in shipped]

    def known(self) -> list[Version]:
        """The workspace's own versions, then the shipped one, unless a model of the workspace has its name."""
        own = self.versions()
        return own + [version for version in shipped_versions() if version.name not in {other.name for other in own}]

    def find(self, label: str | None = None) -> Version:
        """The version of a label: ``name@version``, or ``name`` for its newest one. Without a label, the current one.

        Raises:
            NotFoundError: there is no such model, or none at all.
            RefusedError: the model is damaged.
        """
        named, label = label, label or self.current()
        if label is None:
            raise NotFoundError(
                "there is no trained model here yet",
                "`labeler train` makes one, without judgements `labeler train --unread DIGEST`",
            )
        name, _, number = label.partition("@")
        versions = self.known()
        matches = [version for version in versions if version.name == name and number in ("", str(version.number))]
        if not matches:
            if self._root is not None and _is_number(number) and _is_folder(self._root / name / number):
                read_manifest(self._root / name / number)
            known = ", ".join(version.label for version in versions) or "none"
            way_out = "" if named else "; choose one with `labeler models use NAME`, or make one with `labeler train`"
            raise NotFoundError(f"there is no model {label}", f"there are: {known}{way_out}")
        return matches[-1]

    def find_or_shipped(self, label: str | None = None) -> Version:
        """The version that :meth:`find` returns; without a label and a current version, the shipped one.

        Raises:
            NotFoundError: there is no such model.
            RefusedError: the model is damaged.
        """
        shipped = shipped_versions()
        return shipped[-1] if shipped and not (label or self.current()) else self.find(label)

    def current(self) -> str | None:
        """The label of the version that commands use when no model is named, None where there is none."""
        try:
            return regular_bytes(self.root / "CURRENT").decode().strip() or None
        except (OSError, ValueError, NotFoundError):
            return None

    def has_current(self) -> bool:
        """Whether there is a current version, and it is found."""
        with suppress(LabelerError):
            return bool(self.find())
        return False

    def current_own(self) -> Version | None:
        """The current version where it is one of the workspace's own and is found, else None."""
        with suppress(LabelerError):
            version = self.find()
            return None if version.shipped else version
        return None

    def use(self, version: Version) -> None:
        """Make a version the current one. The shipped one is noted by its name alone, so that an update replaces it.

        Raises:
            NotFoundError: there is no workspace.
            InputError: the folder cannot be written to.
        """
        write_text(self.root / "CURRENT", f"{version.name if version.shipped else version.label}\n")

    def add(self, name: str, model: TopicModel, training: TrainingRecord, report: str) -> Version:
        """Save a model as the next version of ``name``, whole or not at all, and make it the current one.

        Raises:
            NotFoundError: there is no workspace.
            InputError: the folder cannot be written to.
        """
        parent = self.root / name
        try:
            parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot write {parent}: {os_message(error)}", "check the name and permissions") from error
        while True:
            number = max((int(path.name) for path in parent.iterdir() if _is_number(path.name)), default=0) + 1
            folder = parent / str(number)
            try:
                manifest = save_model(model, folder, training, name, number, report)
            except FileExistsError:
                continue  # another process took the number meanwhile
            version = Version(name, number, folder, manifest)
            self.use(version)
            return version


def shipped_versions() -> list[Version]:
    """The versions that come with labeler: inside an installed package, or in the ``models/`` folder of a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "shipped" / "models"
    root = inside if inside.is_dir() else package.parent / "models"
    return [version._replace(shipped=True) for version in _versions(root) if version.name == SHIPPED]


def _versions(root: Path) -> list[Version]:
    versions = []
    for folder in root.glob("*/*"):
        if _is_number(folder.name) and not folder.parent.name.startswith("."):
            with suppress(LabelerError):
                versions.append(Version(folder.parent.name, int(folder.name), folder, read_manifest(folder)))
    return sorted(versions, key=lambda version: (version.name, version.number))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _is_folder(path: Path) -> bool:
    """Whether there is a folder of this path, which may be too long for any."""
    try:
        return path.is_dir()
    except OSError:
        return False
