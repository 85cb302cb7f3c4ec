"""The workspace and its settings: defaults < workspace file < environment < flags."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from labeler.errors import InputError, NotFoundError
from labeler.files import os_message, read_text

WORKSPACE_FILE = "labeler.toml"
WORKSPACE_VARIABLE = "LABELER_WORKSPACE"
PRECISION_HINT = "give a share from 0.5 to below 1, such as 0.9"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set: ``train_precision`` is ``precision`` under ``[train]``, and ``LABELER_TRAIN_PRECISION``.

    ``train_name`` is the name under which trained models are kept; ``train_precision`` is the share of automatic
    topics that must be right; ``train_unread`` are digests of papers that nobody has judged and that may be learned
    from, as in a command; ``train_background`` is what is known of words beforehand: ``arxiv`` (shipped), ``none`` or
    a file that ``labeler background build`` made, seen from the workspace; ``import_control`` and
    ``import_text_field`` name the parts of a labelling interface that is not ours. ``studio_url`` is the address of a
    Label Studio server; ``studio_program`` the ``label-studio`` to start, where one is installed already.
    ``push_audit`` is the share of papers asked at random and without a suggestion, so that the model can be checked.
    """

    train_name: str = "mine"
    train_precision: float = 0.9
    train_unread: tuple[str, ...] = ()
    train_background: str = "arxiv"
    import_control: str = "topics"
    import_text_field: str = "abstract"
    studio_url: str = ""
    studio_program: str = ""
    push_audit: float = 0.1


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with settings, ``annotations/`` and ``models/``."""

    root: Path
    settings: Settings = field(default_factory=Settings)

    @property
    def topics(self) -> Path:
        """The topic scheme."""
        return self.root / "annotations" / "topics.toml"

    @property
    def judgements(self) -> Path:
        """The log of judgements."""
        return self.root / "annotations" / "judgements.jsonl"

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.root / "models"

    @property
    def private(self) -> Path:
        """What belongs to this machine alone; git passes it over."""
        return self.root / ".labeler"

    def make_private(self) -> Path:
        """:attr:`private`, made where it is missing.

        Raises:
            InputError: it cannot be.
        """
        try:
            self.private.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot write {self.private}: {os_message(error)}", "check its permissions") from error
        return self.private


def find_workspace(named: str | None = None) -> Workspace:
    """The workspace named by a flag or ``LABELER_WORKSPACE``, else the nearest one from the current folder upwards.

    Raises:
        NotFoundError: there is none.
        InputError: its settings cannot be read.
    """
    named = named or os.environ.get(WORKSPACE_VARIABLE)
    if named:
        root = Path(named)
        if not root.is_dir():
            raise NotFoundError(f"there is no folder {named}", "make a workspace with `labeler init DIR`")
        table = _table(root)
        if table is None:
            raise NotFoundError(f"{named} is no workspace (it has no {WORKSPACE_FILE})", f"run `labeler init {named}`")
        return Workspace(root.resolve(), read_settings(table, root))
    nearest = nearest_workspace()
    if nearest is None:
        raise NotFoundError(
            f"no workspace in {Path.cwd()} or above it",
            "make one with `labeler init`, or name one with --workspace DIR",
        )
    return nearest


def nearest_workspace() -> Workspace | None:
    """The nearest workspace from the current folder upwards, None when there is none.

    Raises:
        InputError: its settings cannot be read.
    """
    here = Path.cwd()
    for root in (here, *here.parents):
        table = _table(root)
        if table is not None:
            return Workspace(root, read_settings(table, root))
    return None


def read_settings(table: Mapping[str, Any], root: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from a workspace file's table and the environment.

    Raises:
        InputError: an unknown key, or a value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    kinds = {item.name: type(item.default) for item in fields(Settings)}
    chosen: dict[str, Any] = {}
    own = root / WORKSPACE_FILE
    where = own if own.is_file() else root / "pyproject.toml"
    for section, keys in table.items():
        if not isinstance(keys, Mapping):
            raise InputError(f"{section!r} stands outside a section in {where}", f"known are: {_known(kinds)}")
        for key, value in keys.items():
            name = f"{section}_{key}"
            if name not in kinds:
                raise InputError(f"unknown setting [{section}] {key} in {where}", f"known are: {_known(kinds)}")
            chosen[name] = _typed(f"[{section}] {key}", value, kinds[name], str(where))
    for name, kind in kinds.items():
        variable = f"LABELER_{name.upper()}"
        if environment.get(variable):
            chosen[name] = _typed(variable, environment[variable], kind, "the environment")
    settings = Settings(**chosen)
    if not is_precision(settings.train_precision):
        raise InputError(f"[train] precision is {settings.train_precision} in {where}", PRECISION_HINT)
    if not 0 <= settings.push_audit <= 1:
        raise InputError(f"[push] audit is {settings.push_audit} in {where}", "give a share from 0 to 1, such as 0.1")
    return settings


def is_precision(precision: float) -> bool:
    """Whether ``precision`` can be promised: a share from 0.5 to below 1."""
    return 0.5 <= precision < 1


def _known(kinds: Mapping[str, type]) -> str:
    return ", ".join("[{}] {}".format(*name.split("_", 1)) for name in kinds)


def _typed(key: str, value: Any, kind: type, where: str) -> Any:
    try:
        if kind is tuple:
            listed = value.split(os.pathsep) if isinstance(value, str) else value
            if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
                raise ValueError
            return tuple(listed)
        if isinstance(value, bool) or (kind is str and not isinstance(value, str)):
            raise ValueError
        return kind(value)
    except (TypeError, ValueError):
        noun = {float: "a number", str: "a text", tuple: 'a list of texts, such as ["pile.jsonl"]'}[kind]
        raise InputError(f"{key} is {value!r} in {where}", f"give {noun}") from None


def _table(root: Path) -> Mapping[str, Any] | None:
    """The settings table of a folder, None when the folder is no workspace."""
    own, project = root / WORKSPACE_FILE, root / "pyproject.toml"
    if own.is_file():
        return parse_toml(own)
    if project.is_file():
        tool = parse_toml(project).get("tool")
        table = tool.get("labeler") if isinstance(tool, Mapping) else None
        return table if isinstance(table, Mapping) else None
    return None


def parse_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a mapping.

    Raises:
        InputError: it cannot be read, or is not TOML; the text names file and line.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}", "mend that line") from error
