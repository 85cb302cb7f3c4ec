"""Pseudonyms of annotators for what leaves a workspace: the same person has the same one in everything.

A pseudonym is the beginning of an HMAC-SHA-256 (RFC 2104) of the person's name. Its key is a secret of the workspace,
which git ignores: who has not got it cannot try names, and another clone has other pseudonyms until it gets the file.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from labeler.config import Workspace
from labeler.dry_runs import is_dry
from labeler.errors import InputError, NotFoundError
from labeler.files import read_text, write_new_text
from labeler.judgements.same_people import names_of_people

FILE = "pseudonyms.key"  # in the private folder of a workspace
_BYTES = 32  # of the secret
_DIGITS = 8  # of a pseudonym
_wanted: ContextVar[bool] = ContextVar("pseudonyms_wanted", default=False)


class Pseudonyms(dict[str, str]):
    """The pseudonym of every name; people with several names (``people``: other name → person) have one."""

    def __init__(self, people: Mapping[str, str], secret: str) -> None:
        self._secret = secret
        # The empty name, which nobody has, tells the mapping from one of names alone where these are compared.
        super().__init__({name: self[person] for name, person in people.items()} | {"": self[""]})

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        code = hmac.digest(bytes.fromhex(self._secret), name.encode("utf-8", "replace"), "sha256")
        return f"person-{code.hex()[:_DIGITS]}"


@contextmanager
def pseudonyms_wanted() -> Iterator[None]:
    """Have :func:`names_shown` give pseudonyms for the length of a block."""
    token = _wanted.set(True)
    try:
        yield
    finally:
        _wanted.reset(token)


def are_wanted() -> bool:
    """Whether pseudonyms take the place of names."""
    return _wanted.get()


def names_shown(workspace: Workspace | None) -> Mapping[str, str]:
    """The name under which each annotator is shown: the person's where it has several, or a pseudonym.

    Names that are not in it stay as they are.

    Raises:
        InputError: the settings that name people, or the secret, cannot be read.
        NotFoundError: pseudonyms are wanted, and there is no workspace to keep their secret.
    """
    people = names_of_people(workspace) if workspace else {}
    if not are_wanted():
        return people
    if workspace is None:
        raise NotFoundError("pseudonyms need a workspace, which keeps their secret", "make one with `labeler init`")
    return Pseudonyms(people, _secret(workspace))


def _secret(workspace: Workspace) -> str:
    """The secret of a workspace, which is made when it is first needed; in a dry run it is kept nowhere.

    Raises:
        InputError: it cannot be read or written.
    """
    path = workspace.make_private() / FILE
    if not path.exists() and is_dry():
        return secrets.token_hex(_BYTES)
    if not path.exists():
        with suppress(FileExistsError):  # another process has made one meanwhile
            write_new_text(path, secrets.token_hex(_BYTES) + "\n")
            path.chmod(0o600)
    secret = read_text(path).strip()
    with suppress(ValueError):
        if len(bytes.fromhex(secret)) == _BYTES:
            return secret
    raise InputError(f"{path} is damaged", "restore it; if it is removed, everybody gets another pseudonym")
