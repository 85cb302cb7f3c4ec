"""Versions of trained models, in folders, and which of them commands use."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from labeler.errors import InputError, LabelerError, NotFoundError, RefusedError, UsageError
from labeler.files import os_message, regular_bytes, write_text
from labeler.score.manifest import Manifest, TrainingRecord, read_manifest
from labeler.score.persistence import remove_model, save_model

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

SHIPPED = "arxiv"  # the name of the model that comes with labeler
_ACCEPTED = ".accepted"  # the ending of the empty file that says that a worse version was put to use all the same
_REMOVED = ".removed"  # the ending of the empty file that says that a number was given and its version removed


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

    def newest(self, name: str) -> Version | None:
        """The newest of the workspace's own versions of a name, None where there is none."""
        return next((version for version in reversed(self.versions()) if version.name == name), None)

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
                read_manifest(self._root / name / number)  # which says how it is damaged
            known = ", ".join(version.label for version in versions) or "none"
            way_out = "" if named else "; choose one with `labeler models use NAME`, or make one with `labeler train`"
            gone = self._root is not None and _is_file(self._root / name / f"{number}{_REMOVED}")
            reason = f"the model {label} was removed" if gone else f"there is no model {label}"
            raise NotFoundError(reason, f"there are: {known}{way_out}")
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
        lineage = version.manifest.training.lineage
        if lineage and lineage.passage and lineage.passage.is_worse:
            with suppress(OSError):
                version.folder.with_name(f"{version.number}{_ACCEPTED}").touch()

    def use_none(self) -> None:
        """Make no version the current one, as where the current one has to go and there is none in its place.

        Raises:
            NotFoundError: there is no workspace.
            InputError: the folder cannot be written to.
        """
        path = self.root / "CURRENT"
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"cannot remove {path}: {os_message(error)}", "check its permissions") from error

    def was_accepted(self, version: Version) -> bool:
        """Whether a version was put to use by choice, though worse than the one before."""
        return _is_file(version.folder.with_name(f"{version.number}{_ACCEPTED}"))

    def damaged(self) -> dict[str, str]:
        """The workspace's own versions that cannot be read: label → what is wrong."""
        if self._root is None:
            return {}
        faults = {}
        for folder in sorted(self._root.glob("*/*")):
            if _is_number(folder.name) and not folder.parent.name.startswith("."):
                try:
                    read_manifest(folder)
                except LabelerError as error:
                    faults[f"{folder.parent.name}@{folder.name}"] = error.message
        return faults

    def add(self, name: str, model: TopicModel, training: TrainingRecord, report: str, use: bool = True) -> Version:
        """Save a model as the next version of ``name``, whole or not at all, and with ``use`` make it the current one.

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
            number = self.next_number(name)
            folder = parent / str(number)
            try:
                manifest = save_model(model, folder, training, name, number, report)
            except FileExistsError:
                continue  # another process took the number meanwhile
            version = Version(name, number, folder, manifest)
            if use:
                self.use(version)
            return version

    def next_number(self, name: str) -> int:
        """The number that the next version of a name gets: one that was given to none, and to none that was removed.

        Raises:
            NotFoundError: there is no workspace.
        """
        parent = self.root / name
        return max(map(_number_given, parent.iterdir() if parent.is_dir() else ()), default=0) + 1

    def remove(self, label: str, dry_run: bool = False) -> str:
        """Remove a version of the workspace, whole or not at all, and return its label. It may be a damaged one.

        Its number is not given again: suggestions in Label Studio name the version that they are from. A dry run only
        looks whether it can be.

        Raises:
            NotFoundError: there is no such version, or no workspace.
            RefusedError: it is in use, or comes with labeler.
            UsageError: a name without a number could mean several versions.
            InputError: the folder may not be removed.
        """
        name, number, folder = self._own_folder(label)
        found, versions = f"{name}@{number}", [version.label for version in self.versions() if version.name == name]
        current = self.current_own()
        if found in (self.current(), current.label if current else None):
            raise RefusedError(
                f"{found} is the version that commands use; nothing was removed",
                "use another one first: `labeler models use NAME@N`",
            )
        if found != label and len(versions) > 1:
            raise UsageError(f"{label} has {len(versions)} versions", f"name one of {', '.join(versions)}")
        if dry_run:
            return found
        try:
            (folder.parent / f"{number}{_REMOVED}").touch()
            remove_model(folder)
        except FileNotFoundError as error:  # another process was faster
            raise NotFoundError(f"there is no model {found} any more") from error
        except OSError as error:
            raise InputError(f"cannot remove {folder}: {os_message(error)}", "check its permissions") from error
        return found

    def _own_folder(self, label: str) -> tuple[str, str, Path]:
        """The name, the number and the folder of a version of the workspace, which may be damaged.

        Raises:
            NotFoundError: there is none.
            RefusedError: it comes with labeler.
        """
        name, _, number = label.partition("@")
        names = {path.name for path in self.root.glob("*/") if not path.name.startswith(".")}
        if name in names and _is_number(number) and _is_folder(self.root / name / number):
            folder = self.root / name / number
        else:
            version = self.find(label)
            name, number, folder = version.name, str(version.number), version.folder
        if any(folder.resolve() == version.folder.resolve() for version in shipped_versions()):
            raise RefusedError(
                f"{label} comes with labeler and cannot be removed",
                "it stays beside your own models, and takes the place of none",
            )
        return name, number, folder


def version_folders(root: Path | None) -> list[tuple[str, int]]:
    """Name and number of each version in a workspace's ``models/`` folder, damaged or not, then those of the shipped.

    No file is read for it.
    """
    found: dict[tuple[str, int], None] = {}
    for place in filter(None, (root, _shipped_folder())):
        here = {(folder.parent.name, int(folder.name)) for folder in _folders_of_versions(place) if folder.is_dir()}
        found |= dict.fromkeys(sorted(one for one in here if place == root or one[0] == SHIPPED))
    return list(found)


def _shipped_folder() -> Path:
    """The folder of the models that come with labeler."""
    package = Path(__file__).resolve().parent
    inside = package / "shipped" / "models"
    return inside if inside.is_dir() else package.parent / "models"


def shipped_versions() -> list[Version]:
    """The versions that come with labeler: inside an installed package, or in the ``models/`` folder of a checkout."""
    root = _shipped_folder()
    return [version._replace(shipped=True) for version in _versions(root) if version.name == SHIPPED]


def _folders_of_versions(root: Path) -> list[Path]:
    """What is called like a version in a folder of models."""
    return [one for one in root.glob("*/*") if _is_number(one.name) and not one.parent.name.startswith(".")]


def _versions(root: Path) -> list[Version]:
    versions = []
    for folder in _folders_of_versions(root):
        with suppress(LabelerError):
            versions.append(Version(folder.parent.name, int(folder.name), folder, read_manifest(folder)))
    return sorted(versions, key=lambda version: (version.name, version.number))


def _number_given(path: Path) -> int:
    """The number that a folder of a version has, or that a removed one had; 0 of anything else."""
    name = path.name.removesuffix(_REMOVED)
    return int(name) if _is_number(name) else 0


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _is_folder(path: Path) -> bool:
    """Whether there is a folder of this path, which may be too long for any."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    """Whether there is a file of this path, which may be too long for any."""
    try:
        return path.is_file()
    except OSError:
        return False
