"""The settings of fetching: ``[fetch]`` of the workspace, and what the environment says of single services."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from labeler.config import Settings, read_settings, workspace_in_use
from labeler.errors import InputError, UsageError
from labeler.sources.registry import SOURCES, Service

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_KEY = re.compile(r"[\x21-\x7e]{4,512}")


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Who asks (a mail address for the operators of a service, or none), how many seconds an answer counts as new, and
    the folder in which answers are kept.
    """

    contact: str
    max_age: float
    folder: Path

    @property
    def user_agent(self) -> str:
        """How the services see labeler."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            name = f"labeler/{version('labeler')}"
        except PackageNotFoundError:  # run from a checkout that is not installed
            name = "labeler/0"
        return f"{name} (mailto:{self.contact})" if self.contact else name


def fetch_settings() -> FetchSettings:
    """The settings of the workspace in use and of the environment.

    Raises:
        InputError: a setting cannot be meant.
    """
    workspace = workspace_in_use()
    settings: Settings = workspace.settings if workspace else read_settings({}, Path())
    contact = settings.fetch_contact.strip()
    if contact and not _MAIL.fullmatch(contact):
        raise InputError(f"[fetch] contact is {contact!r}", "give a mail address, such as library@example.org")
    if not (math.isfinite(settings.fetch_max_age) and settings.fetch_max_age >= 0):
        raise InputError(f"[fetch] max_age is {settings.fetch_max_age}", "give minutes, such as 60")
    for name in workspace.sections.get("fetch", ()) if workspace else ():
        if f"fetch_{name}" not in Settings.__slots__ and not SOURCES.has(name):
            known = ", ".join(SOURCES.names)
            raise InputError(f"[fetch.{name}] is of no source that there is", f"known are: {known}")
    return FetchSettings(contact, settings.fetch_max_age * 60, cache_folder())


def cache_folder() -> Path:
    """The folder of answers in the user's cache folder (XDG Base Directory Specification).

    It is of all workspaces: a service counts the requests of a person, wherever they come from.
    """
    cache = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(cache) if cache else Path.home() / ".cache") / "labeler" / "fetch"
    except RuntimeError as error:
        raise InputError("there is no home folder to keep answers in", "name a folder in XDG_CACHE_HOME") from error


def base_address(service: Service) -> str:
    """The address of a service: what ``LABELER_FETCH_NAME_URL`` names, ``url`` under ``[fetch.NAME]``, or its own.

    Raises:
        UsageError: what is named is no address of the web, or holds a password.
        InputError: the section has something else in it.
    """
    variable = f"LABELER_FETCH_{service.NAME.upper()}_URL"
    if named := os.environ.get(variable, "").strip():
        return checked_address(named.rstrip("/"), variable)
    if named := _url_in_workspace(service.NAME):
        return checked_address(named.rstrip("/"), f"[fetch.{service.NAME}] url")
    return service.URL


def _url_in_workspace(name: str) -> str:
    """The address of a service that the workspace in use names; empty where it names none."""
    workspace = workspace_in_use()
    section = workspace.sections.get("fetch") if workspace else None
    table = section.get(name) if isinstance(section, Mapping) else None
    if table is None:
        return ""
    if not isinstance(table, Mapping) or set(table) - {"url"} or not isinstance(table.get("url", ""), str):
        raise InputError(f"[fetch.{name}] has something that is no setting", 'it takes: url = "https://…"')
    return str(table.get("url", "")).strip()


def checked_address(address: str, what: str) -> str:
    """An address of the web that names no user or password. ``what`` holds it, for the error, which does not show it.

    Raises:
        UsageError: it is another one.
    """
    try:
        parts = urlsplit(address)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        has_password = "@" in parts.netloc
    except ValueError:
        is_sound, has_password = False, False
    if not is_sound or re.search(r"[\x00-\x20\x7f\\]", address):
        raise UsageError(f"{what} holds no address of the web", "write it as in https://example.org/feed.xml")
    if has_password:
        raise UsageError(f"{what} holds an address with a name or a password", "leave it out: it would be seen")
    return address


def key_of(service: Service) -> str:
    """The API key for a service that the environment holds; empty where there is none.

    It goes to no address that a workspace names, which may be somebody else's.

    Raises:
        UsageError: what the variable holds is no key.
    """
    variable = getattr(service, "KEY_VARIABLE", "")
    if not os.environ.get(f"LABELER_FETCH_{service.NAME.upper()}_URL") and _url_in_workspace(service.NAME):
        return ""
    key = os.environ.get(variable, "").strip() if variable else ""
    if key and not _KEY.fullmatch(key):
        raise UsageError(f"{variable} holds no key", "copy the key again, without blanks in it")
    return key
