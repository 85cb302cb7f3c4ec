"""The client of a service: answers that are kept, repeated requests, and faults in words.

Sources: RFC 9110, sections 10.2.3 (Retry-After) and 13 (conditional requests); pauses with full jitter are those of
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

from labeler.errors import ServerError
from labeler.json_parsing import JsonError, parse_json
from labeler.sources.cache import Cache, Entry
from labeler.sources.registry import Service
from labeler.sources.settings import FetchSettings, base_address, key_of
from labeler.sources.transport import BrokenError, Response, send
from labeler.sources.turns import LONGEST_PAUSE, Turn, turn
from labeler.terminal import report_progress
from labeler.wording import shortened

T = TypeVar("T")
_TRIES = 4
_FIRST_PAUSE, _LONGEST_BACKOFF = 1.0, 30.0
_WORTH_TELLING = 5.0  # seconds
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_OK, _NOT_MODIFIED = 200, 304
_IN_FEED = re.compile(rb"arxiv\.org/api/errors[^<]*<.*?<summary[^>]*>([^<]*)<", re.DOTALL)
_REASONS = ("message", "error", "detail", "errMsg")
_LONGEST_ANSWER = 1 << 16  # bytes of one in which a reason is looked for
_SECRET = b"[key]"


class RefusedRequestError(ServerError):
    """The service has understood a request and does not answer it; ``status`` says why."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.status = status


class _Again(NamedTuple):
    """Why a request is repeated, how many seconds the service asks to wait (None: it does not say), and whether it asks
    for fewer requests.
    """

    why: str
    after: float | None = None
    is_asked_less: bool = False


@dataclass
class Client:
    """Requests to one service. ``sleep`` waits; ``now`` is the time.

    Answers that came at or after ``new_since`` count as new, however old they are. ``reused`` counts the answers that
    were not asked for again.
    """

    service: Service
    settings: FetchSettings
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    new_since: float = float("inf")
    reused: int = 0
    base: str = field(init=False)
    cache: Cache = field(init=False)
    _key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.base = base_address(self.service)
        self.cache = Cache(self.settings.folder, self.service.NAME)
        self._key = key_of(self.service)

    def get(self, url: str, ending: str, check: Callable[[bytes], T]) -> tuple[T, Entry]:
        """What ``check`` makes of the answer at an address, and where that is kept, in a file with this ending.

        Raises:
            ServerError: no good answer came, whatever was tried.
            LabelerError: what ``check`` raises; it raises a ``BrokenError`` where another try may do.
        """
        entry = self.cache.find(url)
        if entry and self._is_new(entry):
            try:
                found = check(entry.content())
            except (OSError, BrokenError):
                entry = None
            else:
                self.reused += 1
                return found, entry
        return self._asked(url, ending, check, entry)

    def forget(self) -> None:
        """Ask for everything again, whatever is kept."""
        self.settings, self.new_since = replace(self.settings, max_age=0.0), float("inf")

    def _is_new(self, entry: Entry) -> bool:
        now = self.now()
        return entry.at <= now and (now - entry.at < self.settings.max_age or entry.at >= self.new_since)

    def _asked(self, url: str, ending: str, check: Callable[[bytes], T], entry: Entry | None) -> tuple[T, Entry]:
        """The same where the service has to be asked; of an ``entry`` it is asked whether that is still right."""
        again = _Again("")
        for number in range(_TRIES):
            with turn(self.settings.folder, self.service.NAME, self.sleep, self.now) as mine:
                mine.pause(self.service.PAUSE)  # also where this request is refused or killed
                outcome = self._once(url, ending, check, entry)
                if not isinstance(outcome, _Again):
                    mine.pause(self.service.PAUSE)
                    return outcome
                seconds = self._pause(mine, outcome, number)
                if seconds >= _WORTH_TELLING and number + 1 < _TRIES:
                    report_progress(f"{self._name(url)}: {outcome.why}; trying again in {seconds:.0f} seconds")
            again, entry = outcome, None  # the next try asks for the whole answer
            if again.after is not None and again.after > LONGEST_PAUSE:
                raise ServerError(
                    f"{self._name(url)} asks not to be asked for {_minutes(again.after)}", "run it again then"
                )
        raise ServerError(
            f"{self._name(url)} cannot be used: {again.why} ({_TRIES} tries)",
            self._later(again),
        )

    def _later(self, again: _Again) -> str:
        """What to do where no try has done."""
        variable = getattr(self.service, "KEY_VARIABLE", "")
        if again.is_asked_less and variable and not self._key:
            return f"run it again later; a key in {variable} may help"
        return (
            "run it again later" if again.is_asked_less else "see whether the network is there, and run it again later"
        )

    def _pause(self, mine: Turn, again: _Again, number: int) -> float:
        """Note in how many seconds the service may be asked again: as it says, or more from try to try."""
        backoff = random.uniform(0, min(_LONGEST_BACKOFF, _FIRST_PAUSE * 2 ** (number + 1)))  # noqa: S311  (no secret)
        asked = min(again.after or 0.0, LONGEST_PAUSE)
        seconds = max(self.service.PAUSE, asked + min(backoff, 1.0) if asked else backoff)
        mine.pause(seconds)
        return seconds

    def _once(
        self, url: str, ending: str, check: Callable[[bytes], T], entry: Entry | None
    ) -> tuple[T, Entry] | _Again:
        """The outcome of one request."""
        address, headers, secrets = self._with_key(url)
        try:
            content = entry.content() if entry else b""
        except OSError:
            entry, content = None, b""
        conditions = entry.conditions if entry else {}
        try:
            response = send(address, {**headers, **conditions}, secrets)
            if response.status == _NOT_MODIFIED and entry and conditions:
                return check(content), self.cache.renew(url, entry, self.now())
            if response.status != _OK:
                return self._again(response, self._name(url))
            body = response.body.replace(self._key.encode(), _SECRET) if self._key else response.body
            return check(body), self.cache.keep(url, body, ending, response.headers, self.now())
        except BrokenError as error:
            return _Again(str(error))

    def _again(self, response: Response, name: str) -> _Again:
        """Why, and after how long, a request is repeated that was not answered.

        Raises:
            RefusedRequestError: it would be answered the same again.
        """
        status = response.status
        if status in _BUSY:
            why = "it asks for fewer requests" if status == 429 else f"it has a fault of its own ({status})"
            return _Again(why, retry_after(response, self.now()), status == 429)
        why = reason_in(response.body.replace(self._key.encode(), _SECRET) if self._key else response.body)
        message = f"{name} does not answer this ({status}{f': {why}' if why else ''})"
        raise RefusedRequestError(status, message, _hint(self.service, status))

    def _with_key(self, url: str) -> tuple[str, dict[str, str], dict[str, str]]:
        """An address with the key in it, the headers of a request, and those with a secret."""
        headers = {"User-Agent": self.settings.user_agent, "Accept": "*/*"}
        if not self._key:
            return url, headers, {}
        if header := getattr(self.service, "KEY_HEADER", ""):
            return url, headers, {header: self._key}
        return f"{url}{'&' if '?' in url else '?'}{self.service.KEY_PARAMETER}={quote(self._key)}", headers, {}  # type: ignore[attr-defined]

    def _name(self, url: str) -> str:
        """What messages call a service: by its name and host, or an address anywhere, without what may be secret."""
        if getattr(self.service, "IS_ANYWHERE", False):
            return url.partition("?")[0]
        return f"{self.service.NAME} ({urlsplit(url).hostname})"


def _hint(service: Service, status: int) -> str:
    """What to do about a request that a service refuses."""
    variable, is_anywhere = getattr(service, "KEY_VARIABLE", ""), getattr(service, "IS_ANYWHERE", False)
    if status == 401:
        return f"see whether the key in {variable} is right" if variable else "it may be for members alone"
    if status == 403:
        return f"a key in {variable} may be needed" if variable else "it may refuse programs, or be for members alone"
    if status == 404 and not is_anywhere:
        return "the service may have changed: save its answer with a browser, or look for a newer labeler"
    return (
        "see whether the address is still right" if is_anywhere else "see whether the query is as the service wants it"
    )


def reason_in(answer: Any) -> str:
    """Why a service does not answer a question, in its words; empty where it does not say.

    Of an answer in JSON (as bytes, or what it holds) these stand under one of a few names, of one of arXiv's API, a
    feed with one entry, in its summary.
    """
    if isinstance(answer, bytes):
        if found := _IN_FEED.search(answer[:_LONGEST_ANSWER]):
            return _short(found[1].decode("utf-8", "replace"))
        try:
            answer = parse_json(answer[:_LONGEST_ANSWER])
        except JsonError:
            return ""
    if isinstance(answer, list):
        answer = answer[0] if answer else None
    if not isinstance(answer, dict):
        return ""
    told = [answer[name] for name in _REASONS if answer.get(name)]
    texts = [value if isinstance(value, str) else reason_in(value) for value in told if isinstance(value, str | list)]
    return _short(next(filter(None, texts), ""))


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), 200)


def retry_after(response: Response, now: float) -> float | None:
    """The seconds that a service asks to wait; None where it does not say, or nothing that can be meant.

    A time is compared with the service's own clock, where it tells that.
    """
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal() and value.isascii():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    with suppress(ValueError, TypeError, OverflowError, IndexError):
        now = parsedate_to_datetime(response.headers.get("date", "")).timestamp()
    return max(0.0, until - now)


def _minutes(seconds: float) -> str:
    if seconds < 7200:
        return f"{-(-seconds // 60):.0f} minutes"
    return f"{-(-seconds // 3600):.0f} hours"
