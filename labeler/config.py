"""The workspace and its settings: the environment overrides the workspace file, which overrides the defaults."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from glob import escape
from pathlib import Path
from typing import Any

from labeler.dry_runs import is_dry
from labeler.errors import InputError, NotFoundError
from labeler.files import os_message, read_text
from labeler.wording import nearest

WORKSPACE_FILE = "labeler.toml"
WORKSPACE_VARIABLE = "LABELER_WORKSPACE"
SECTIONS_OF_ROOMS = ("mail", "watch", "annotators")  # which hold tables, and are read by modules of these rooms
_TABLES = ("[mail] …", "[[watch]] …", "[annotators] …")  # what these are called in messages
_WITH_TABLES = "fetch"  # a section of settings that also has tables, which its room reads
PRECISION_HINT = "give a share from 0.5 to below 1, such as 0.9"
_MISSPELT = 0.85  # from this share of signs in common on (difflib), a name is another one that was misspelt
_TWICE = re.compile(r"Cannot declare \((.*)\) twice \((.*)\)")  # of tomllib

_SOURCE = re.compile(r"[A-Za-z][A-Za-z0-9_]+:")  # how an input begins that is fetched, such as arxiv:cs.CL
# The folder that the command in progress was given as its workspace.
_named_workspace: ContextVar[str | None] = ContextVar("named_workspace", default=None)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace.

    A field's name is the section and the key: ``train_precision`` is ``precision`` under ``[train]`` in the workspace
    file, and the variable ``LABELER_TRAIN_PRECISION`` in the environment.

    - ``train_name``: the name of trained models.
    - ``train_precision``: the precision that automatic topics must reach.
    - ``train_unread``: digests of unlabeled papers for self-training, as ``labeler train --unread`` takes them:
      files, folders and patterns relative to the workspace, or addresses.
    - ``train_background``: the background statistics of words: ``arxiv`` (shipped with labeler), ``none``, or a file
      of ``labeler background build``, relative to the workspace.
    - ``import_control``, ``import_text_field``: the names of the control and the text field in annotations of a
      labelling interface that labeler did not create.
    - ``studio_url``: the URL of a Label Studio server.
    - ``studio_program``: an installed ``label-studio`` program to start.
    - ``push_audit``: the share of papers that are pushed at random and without a pre-annotation, to check the model.
    - ``fetch_contact``: a mail address that the sources of papers are told, so that their operators can write.
    - ``fetch_max_age``: the minutes in which what was fetched is not asked for again.
    - ``page_templates``: a folder, relative to the workspace, of templates that replace those of the HTML page.
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
    fetch_contact: str = ""
    fetch_max_age: float = 60.0
    page_templates: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with settings, ``annotations/`` and ``models/``.

    ``sections`` are those of :data:`SECTIONS_OF_ROOMS` in its settings, as they stand there, and ``fetch``.
    """

    root: Path
    settings: Settings = field(default_factory=Settings)
    sections: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def settings_file(self) -> Path:
        """The file that the settings stand in."""
        return _settings_file(self.root)

    @property
    def unread(self) -> list[str]:
        """The digests of unlabeled papers that the settings name: paths and patterns from the root on, or addresses."""
        return self.inputs(self.settings.train_unread)

    def inputs(self, names: Iterable[str]) -> list[str]:
        """Inputs that the settings name: paths and patterns from the root on, or addresses as they are."""
        escaped = Path(escape(str(self.root)))  # signs of patterns in the name of the folder are none
        return [
            name
            if "://" in name or (_SOURCE.match(name) and not (self.root / name).exists())
            else str((escaped if _is_pattern(self.root, name) else self.root) / name)
            for name in names
        ]

    @property
    def topics(self) -> Path:
        """The file of the topic scheme."""
        return self.root / "annotations" / "topics.toml"

    @property
    def judgements(self) -> Path:
        """The file of the log of judgements."""
        return self.root / "annotations" / "judgements.jsonl"

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.root / "models"

    @property
    def private(self) -> Path:
        """The folder of files that belong to this machine alone, which git ignores."""
        return self.root / ".labeler"

    def keeps(self, path: Path) -> bool:
        """Whether a file is one that labeler keeps here, whose place nothing that is written may take."""
        place, annotations = path.resolve(), self.root.resolve() / "annotations"
        names = (
            "judgements.jsonl",
            "soft_labels.jsonl",
            "forgotten.jsonl",
            "topics.toml",
            "evaluation.jsonl",
            "workspace.id",
        )
        files = {annotations / name for name in names}
        folders = (self.models.resolve(), self.private.resolve())
        return place in files or any(place.is_relative_to(folder) for folder in folders)

    def make_private(self) -> Path:
        """Create the folder :attr:`private` where it is missing, and return it. A dry run makes none.

        Raises:
            InputError: the folder cannot be created.
        """
        try:
            if not is_dry():
                self.private.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot write {self.private}: {os_message(error)}", "check its permissions") from error
        return self.private


def _is_pattern(root: Path, name: str) -> bool:
    """Whether a name is a pattern, and not that of a file or folder with such signs in it."""
    return bool(set("*?[") & set(name)) and not os.path.lexists(root / name)


def find_workspace(named: str | None = None) -> Workspace:
    """The workspace in the folder ``named``, else in that of ``LABELER_WORKSPACE``, else the nearest one upwards.

    Raises:
        NotFoundError: the folder does not exist or is no workspace, or there is none upwards.
        InputError: the settings of the workspace cannot be read.
    """
    named = named or os.environ.get(WORKSPACE_VARIABLE)
    if named:
        root = Path(named)
        if not root.is_dir():
            raise NotFoundError(f"there is no folder {named}", "make a workspace with `labeler init DIR`")
        table = _table(root)
        if table is None:
            raise NotFoundError(f"{named} is no workspace (it has no {WORKSPACE_FILE})", f"run `labeler init {named}`")
        return _workspace(root.resolve(), table, root)
    workspace = nearest_workspace()
    if workspace is None:
        raise NotFoundError(
            f"no workspace in {Path.cwd()} or above it",
            "make one with `labeler init`, or name one with --workspace DIR",
        )
    return workspace


@contextmanager
def workspace_named(folder: str | None) -> Iterator[None]:
    """Have :func:`workspace_in_use` find the workspace in a folder (None: wherever it is) for the length of a block."""
    token = _named_workspace.set(folder)
    try:
        yield
    finally:
        _named_workspace.reset(token)


def workspace_in_use() -> Workspace | None:
    """The workspace that the command in progress was given, or that it finds; None outside of any.

    Raises:
        NotFoundError: the folder that was named does not exist or is no workspace.
        InputError: its settings cannot be read.
    """
    named = _named_workspace.get() or os.environ.get(WORKSPACE_VARIABLE)
    return find_workspace(named) if named else nearest_workspace()


def nearest_workspace() -> Workspace | None:
    """The workspace in the current folder or the nearest folder above it; None when there is none.

    Raises:
        InputError: its settings cannot be read.
    """
    current = Path.cwd()
    for root in (current, *current.parents):
        table = _table(root)
        if table is not None:
            return _workspace(root, table, root)
    return None


def _workspace(root: Path, table: Mapping[str, Any], named: Path) -> Workspace:
    """The workspace of these settings, in whose error messages the folder is called as it was ``named``."""
    sections = {name: table[name] for name in (*SECTIONS_OF_ROOMS, _WITH_TABLES) if name in table}
    return Workspace(root, read_settings(table, named), sections)


def _settings_file(root: Path) -> Path:
    workspace_file = root / WORKSPACE_FILE
    return workspace_file if workspace_file.is_file() else root / "pyproject.toml"


def read_settings(table: Mapping[str, Any], root: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of a workspace file and the environment, with defaults for the others.

    Args:
        table: the content of the workspace file.
        root: the folder of the workspace.
        environment: the environment variables (default: those of this process).

    Raises:
        InputError: a setting is unknown, or its value is out of bounds or of the wrong type.
    """
    environment = os.environ if environment is None else environment
    types = {item.name: type(item.default) for item in fields(Settings)}
    values: dict[str, Any] = {}
    where = _settings_file(root)
    for section, keys in table.items():
        if section in SECTIONS_OF_ROOMS:
            continue
        if not isinstance(keys, Mapping):
            raise InputError(_misplaced(section, keys, str(where)), _known_settings(types))
        for key, value in keys.items():
            name = f"{section}_{key}"
            if section == _WITH_TABLES and isinstance(value, Mapping):
                continue
            if name not in types:
                raise InputError(f"unknown setting [{section}] {key} in {where}", _known_settings(types, name))
            values[name] = _convert(f"[{section}] {key}", value, types[name], str(where))
    variables = {name: variable_of(name) for name in types}
    refuse_misspelt(environment, variables.values())
    for name, kind in types.items():
        variable = variables[name]
        if environment.get(variable):
            values[name] = _convert(variable, environment[variable], kind, "the environment")
    settings = Settings(**values)
    shares = (
        ("train_precision", is_precision(settings.train_precision), PRECISION_HINT),
        ("push_audit", 0 <= settings.push_audit <= 1, "give a share from 0 to 1, such as 0.1"),
    )
    for name, is_fine, hint in shares:
        if not is_fine:
            is_variable = bool(environment.get(variables[name]))
            place = (variables[name], "the environment") if is_variable else (_title(name), where)
            raise InputError(f"{place[0]} is {values[name]} in {place[1]}", hint)
    return settings


def variable_of(name: str) -> str:
    """The environment variable of a setting that is called ``section_key``."""
    return f"LABELER_{name.upper()}"


def refuse_misspelt(environment: Iterable[str], known: Iterable[str]) -> None:
    """Refuse variables of labeler that are nearly one of the ``known`` ones, and so would be of no effect.

    Raises:
        InputError: there is one; the message names the variable that was meant.
    """
    known = list(known)
    for variable in (name for name in environment if name.startswith("LABELER_") and name not in known):
        if meant := nearest(variable, known, _MISSPELT):
            raise InputError(f"there is no variable {variable}", f"did you mean {meant}?")


def is_precision(precision: float) -> bool:
    """Whether a model can be trained for this precision: a share from 0.5 to below 1."""
    return 0.5 <= precision < 1


def _misplaced(name: str, value: Any, where: str) -> str:
    """What is wrong with what stands beside the sections: a setting, or tables of an unknown name."""
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return f"there are no tables [[{name}]] in {where}"
    return f"{name!r} is outside any section in {where}"


def _title(name: str) -> str:
    return "[{}] {}".format(*name.split("_", 1))


def _known_settings(names: Iterable[str], meant: str = "") -> str:
    """The settings that there are; only the one that was ``meant``, where its name resembles that."""
    titles = {name: _title(name) for name in names}
    near = nearest(meant, titles, _MISSPELT)
    return f"did you mean {titles[near]}?" if near else f"known are: {', '.join([*titles.values(), *_TABLES])}"


def _convert(key: str, value: Any, kind: type, where: str) -> Any:
    """A value from a file or the environment as the type of its setting."""
    try:
        if kind is tuple:
            items = value.split(os.pathsep) if isinstance(value, str) else value
            if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
                raise ValueError
            return tuple(filter(None, items))
        if isinstance(value, bool) or (kind is str and not isinstance(value, str)):
            raise ValueError
        return kind(value)
    except (TypeError, ValueError):
        noun = {float: "a number", str: "a text", tuple: 'a list of texts, such as ["pile.jsonl"]'}[kind]
        raise InputError(f"{key} is {value!r} in {where}", f"give {noun}") from None


def _table(root: Path) -> Mapping[str, Any] | None:
    """The settings table of a folder; None when the folder is no workspace."""
    workspace_file, project = root / WORKSPACE_FILE, root / "pyproject.toml"
    if workspace_file.is_symlink() or (workspace_file.exists() and not workspace_file.is_dir()):
        return parse_toml(workspace_file)  # which refuses a pipe: nobody means a folder above by it
    if project.is_file():
        tool = parse_toml(project).get("tool")
        table = tool.get("labeler") if isinstance(tool, Mapping) else None
        return table if isinstance(table, Mapping) else None
    return None


def parse_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        InputError: the file cannot be read, or is not TOML; the message names the file and the line.
    """
    import tomllib  # there is not always a workspace

    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        if twice := _TWICE.search(str(error)):
            table = ".".join(re.findall(r"'([^']*)'", twice[1]))
            raise InputError(f"{path} has [{table}] twice ({twice[2]})", "write all its lines under one") from error
        raise InputError(f"{path} is not TOML: {error}", "correct that line") from error
    except (ValueError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else "a number too long"
        raise InputError(f"{path} is not TOML that can be read: {why}", "correct it") from error
