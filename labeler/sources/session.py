"""What a service's module asks with: an answer in JSON or XML, whole and of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from labeler.errors import InputError
from labeler.json_parsing import JsonError, parse_json
from labeler.sources.client import Client, reason_in
from labeler.sources.transport import BrokenError

_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_NO_PAGE = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_ENDING = re.compile(r"\.[a-z0-9]{1,6}")
_HEAD = 2000  # bytes by which an answer is known
_CHANGED = "run it again later; if that does not help, the service may have changed"
T = TypeVar("T")


class Page(NamedTuple):
    """An answer with papers: its file, the number of records in it, and how many the service has in all (or None)."""

    file: Path
    papers: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Requests of one service's module. ``notes`` are what it has to say about what it found."""

    client: Client
    notes: list[str] = field(default_factory=list)

    def json(self, path: str, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
        """The object, or under ``""`` the list, that a service answers, and the file that it lies in.

        Raises:
            LabelerError: no good answer came.
        """

        def check(content: bytes) -> dict[str, Any]:
            refuse_page(content, self.client.service.NAME, self._named(path))
            try:
                value = parse_json(content)
            except JsonError as error:
                raise BrokenError("its answer is no whole JSON") from error
            if isinstance(value, dict):
                return value
            if isinstance(value, list):
                return {"": value}
            raise BrokenError("its answer holds neither an object nor a list")

        found, entry = self.client.get(self._address(path, parameters), ".json", check)
        return found, entry.file

    def xml(
        self,
        path: str,
        parameters: Mapping[str, Any],
        host: str = "",
        check: Callable[[bytes], None] = lambda _: None,
    ) -> tuple[bytes, Path]:
        """The document that a service answers, and the file that it lies in.

        ``host`` is another address of the service. ``check`` raises an error where the answer is not one to the
        question, a :class:`BrokenError` if another try may do.

        Raises:
            LabelerError: no good answer came.
        """

        def whole(content: bytes) -> bytes:
            refuse_page(content, self.client.service.NAME, self._named(path))
            ends = content.rstrip().endswith(b">")
            if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or not ends:
                raise BrokenError("its answer is no whole XML")
            check(content)
            return content

        found, entry = self.client.get(self._address(path, parameters, host), ".xml", whole)
        return found, entry.file

    def anything(self, address: str) -> Path:
        """The file of what lies at an address anywhere in the web, if that is no page for people.

        Raises:
            LabelerError: no good answer came.
        """
        shown = address.partition("?")[0]

        def check(content: bytes) -> None:
            refuse_page(content, shown, "see whether the site names a feed (RSS or Atom), and give its address")
            if not content.strip():
                raise BrokenError("its answer is empty")

        ending = PurePosixPath(urlsplit(address).path).suffix.lower()
        return self.client.get(address, ending if _ENDING.fullmatch(ending) else ".xml", check)[1].file

    def items(self, answer: Any, *path: str) -> list[Any]:
        """The list that stands in an answer under some keys.

        Raises:
            InputError: there is none.
        """
        value = answer
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, list):
            told = f", but: {why}" if (why := reason_in(answer)) else f" ({' > '.join(filter(None, path)) or 'a list'})"
            raise InputError(f"{self.client.service.NAME} answers without a list of papers{told}", _CHANGED)
        return value

    def _address(self, path: str, parameters: Mapping[str, Any], host: str = "") -> str:
        base = self.client.base
        if host and base == self.client.service.URL:  # an address that the user has set stands for all of them
            base = host
        told = {name: value for name, value in parameters.items() if value not in (None, "")}
        return f"{base}{quote(path, safe='/+*')}{'?' if told else ''}{urlencode(told)}"

    def _named(self, path: str) -> str:
        return f"is there a login page of your network in between? open {self.client.base}{path} in a browser"


def refuse_page(content: bytes, name: str, hint: str) -> None:
    """Refuse a page for people where there should be a digest.

    Raises:
        InputError: it is one.
    """
    head = content[:_HEAD]
    if _PAGE.search(head) and not _NO_PAGE.search(head):
        raise InputError(f"{name} has answered with a web page, which is no digest", hint)


def number(value: Any) -> int | None:
    """A number that a service tells, as text or as a number; None for anything else."""
    try:
        return max(0, int(value)) if isinstance(value, int | str) and not isinstance(value, bool) else None
    except ValueError:
        return None
