"""A Label Studio server, reached through its SDK: requests, which of them are repeated, and errors in one sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from labeler.errors import NotFoundError, ServerError, UsageError
from labeler.json_parsing import JsonError, parse_json

if TYPE_CHECKING:
    from label_studio_sdk import LabelStudio

T = TypeVar("T")

TIMEOUT = 300.0  # seconds: SQLite servers take a minute for large projects, and the SDK's default is just that
_TRIES = 4
_PAUSE = 0.5  # seconds before the second try, doubled for each further one
_LONGEST_PAUSE = 20.0
_BUSY = (408, 409, 425, 429, 500, 502, 503, 504)
_NEVER_BEGUN = (429, 503)  # the server says that it has not begun: any request may be repeated
_LEGACY_LENGTH = 40
KEY_VARIABLE = "LABEL_STUDIO_API_KEY"
URL_VARIABLE = "LABEL_STUDIO_URL"
_ADDRESS = f"write it as in http://127.0.0.1:8080 in {URL_VARIABLE}, or as url under [studio] in labeler.toml"
_WHERE_TO_GET_A_KEY = "Account & Settings > Personal Access Token in Label Studio gives one"


def checked_address(url: str) -> str:
    """The address of a server, without blanks around it and slashes at its end.

    It must hold no user name or password, and no query with a key, since it stands in messages and in the log.

    Raises:
        UsageError: it holds one of these.
        ServerError: it is no address of a server.
    """
    address = url.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        has_place = bool(parts.hostname and (parts.port is None or parts.port))
        is_sound = parts.scheme in ("http", "https") and has_place and len(address.split()) == 1
        has_password = "@" in (parts.netloc if is_sound else address)
    except ValueError:  # of urlsplit: brackets that are not closed, or a port that is none
        is_sound, has_password = False, "@" in address
    if not has_password and ("?" in address or "#" in address):
        raise UsageError(
            "the address of Label Studio holds a ? or #, and may hold a key behind it",
            f"write the address alone, and put a key in {KEY_VARIABLE}",
        )
    if has_password:
        raise UsageError("the address of Label Studio holds a name or a password", f"put a key in {KEY_VARIABLE}")
    if not is_sound:
        raise ServerError(f"{address or url!r} is no address of a server", _ADDRESS)
    return address


class GoneError(NotFoundError):
    """The server has no such project, task or annotation (any more)."""

    exit_code = ServerError.exit_code


class EndlessError(ValueError):
    """A server lists the same things again and again."""


def everything(pages: Iterable[Any]) -> list[Any]:
    """All that a paged list has, each once, by its ``id``.

    Raises:
        EndlessError: as much was listed again as there is, and nothing new.
    """
    found: dict[Any, Any] = {}
    repeated = 0
    for item in pages:
        repeated = repeated + 1 if item.id in found else 0
        found.setdefault(item.id, item)
        if repeated > len(found):
            raise EndlessError("the list has no end")
    return list(found.values())


class Server:
    """The server at ``url``, with a personal access token or a legacy token as ``key``.

    Raises:
        UsageError: the key cannot be a token, or the address holds a password.
        ServerError: the address is none, the token has expired, or the server cannot be reached.
    """

    def __init__(self, url: str, key: str) -> None:
        from label_studio_sdk import LabelStudio
        from label_studio_sdk.core.api_error import ApiError

        from labeler.studio.pace import keep_pace

        self.url = checked_address(url)
        self._key = key.strip()
        if not self._key or not self._key.isascii() or len(self._key.split()) > 1:
            raise UsageError(f"{KEY_VARIABLE} holds no token", _WHERE_TO_GET_A_KEY)
        try:
            self.sdk: LabelStudio = LabelStudio(  # type: ignore[no-untyped-call]
                base_url=self.url, api_key=self._key, timeout=TIMEOUT, max_retries=0
            )
        except ApiError as error:
            raise self._failure(error, "logging in") from error
        except (TypeError, ValueError, ArithmeticError, AttributeError, OSError) as error:  # of what a token says
            raise UsageError(f"{KEY_VARIABLE} holds a token that cannot be read", _WHERE_TO_GET_A_KEY) from error
        keep_pace(self.sdk._client_wrapper.httpx_client.httpx_client)

    def request(self, doing: str, call: Callable[[LabelStudio], T], again: bool = True) -> T:
        """The result of ``call``. ``doing`` says in messages what was tried ("reading the tasks").

        A call that may be made ``again`` without harm is repeated a few times while the server is busy or cannot be
        reached. Any other call is repeated only where the server has certainly done nothing.

        Raises:
            GoneError: the server has no such project, task or annotation.
            ServerError: anything else went wrong.
        """
        tries = 0
        while True:
            try:
                return call(self.sdk)
            except UnicodeEncodeError:
                raise  # of ours: something that UTF-8 cannot hold
            except Exception as error:
                tries += 1
                failure = self._failure(error, doing)
                if tries == _TRIES or not _is_repeatable(error, again):
                    raise failure from error
                time.sleep(min(_retry_after(error) or _PAUSE * 2 ** (tries - 1), _LONGEST_PAUSE))

    def send(self, doing: str, method: str, path: str, body: Any) -> Any:
        """The answer, as JSON, to a request that the SDK has no method for. The request must be safe to repeat.

        Raises:
            GoneError: the server has no such project, task or annotation.
            ServerError: anything else went wrong.
        """

        def call(sdk: LabelStudio) -> Any:
            from label_studio_sdk.core.api_error import ApiError

            answer = sdk._client_wrapper.httpx_client.request(path, method=method, json=body)
            if not 200 <= answer.status_code < 300:
                raise ApiError(status_code=answer.status_code, body=_json_or_text(answer.text))
            return answer.json() if answer.content else None

        return self.request(doing, call)

    def _failure(self, error: Exception, doing: str) -> ServerError | GoneError:  # noqa: PLR0911  (one return a fault)
        """The error to raise for one of the SDK, the network or the answer."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        where = f"Label Studio at {self.url}"
        if isinstance(error, ServerError | GoneError):
            return error
        if isinstance(error, ApiError):
            return self._refusal(error, doing)
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return ServerError(f"{where} cannot be reached", "is it running? `labeler studio status` tells of your own")
        if isinstance(error, httpx.TimeoutException):
            return ServerError(
                f"{where} did not answer within {TIMEOUT:.0f} seconds while {doing}",
                "run the command again, it goes on where this one stopped",
            )
        if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
            return ServerError(f"{self.url} is no address of a server", _ADDRESS)
        foreign = isinstance(error, httpx.TooManyRedirects | httpx.DecodingError)
        if isinstance(error, httpx.HTTPError) and not foreign:
            return ServerError(
                f"the connection to {where} was cut while {doing}",
                "run the command again, it goes on where this one stopped",
            )
        if foreign or isinstance(error, ValueError | TypeError | AttributeError | KeyError):  # the SDK met no JSON
            return ServerError(f"{where} gave an answer that is not Label Studio's while {doing}", "check the address")
        return ServerError(f"{where} failed while {doing} ({type(error).__name__})", "run it again with -v")

    def _refusal(self, error: Any, doing: str) -> ServerError | GoneError:  # noqa: PLR0911  (one return a fault)
        """The error to raise for a status that is no success."""
        where, reason = f"Label Studio at {self.url}", _reason(error.body)
        code = error.status_code
        if code == 401:
            return ServerError(f"{where} does not accept the key in {KEY_VARIABLE}: {self._key_trouble(reason)}")
        if code == 403:
            return ServerError(
                f"{where} does not allow {doing}{reason and f' ({reason})'}",
                "use the key of a user who may change projects",
            )
        if code == 404:
            return GoneError(f"{where} has nothing there while {doing}{reason and f' ({reason})'}", "was it deleted?")
        if code == 429:
            return ServerError(f"{where} asks for fewer requests (429) while {doing}", "wait a minute and run it again")
        if code is not None and code >= 500:
            busy = " its database was busy" if "locked" in reason else ""
            return ServerError(
                f"{where} failed (error {code}) while {doing}{busy and f':{busy}'}",
                "run the command again, it goes on where this one stopped",
            )
        if code is not None and 200 <= code < 300:
            return ServerError(f"{where} gave an answer that is not Label Studio's while {doing}", "check the address")
        return ServerError(f"{where} refused (error {code}) while {doing}{reason and f': {reason}'}")

    def _key_trouble(self, reason: str) -> str:
        """What is wrong with the key, from its form and the server's reason."""
        if self._key.count(".") == 2:
            return (
                "it is a personal access token that was revoked, has run out, or is of another server; "
                f"{_WHERE_TO_GET_A_KEY}"
            )
        if "legacy" in reason.lower():
            return f"it is a legacy token, and this server has those switched off; {_WHERE_TO_GET_A_KEY}"
        kind = "looks like a legacy token" if len(self._key) == _LEGACY_LENGTH else "is neither kind of token"
        return f"it {kind}, and no user here has it; {_WHERE_TO_GET_A_KEY}"


def _is_repeatable(error: Exception, again: bool) -> bool:
    """Whether a call that failed with ``error`` is made once more; ``again`` says that repeating does no harm."""
    import httpx
    from label_studio_sdk.core.api_error import ApiError

    if isinstance(error, ApiError):
        return error.status_code in (_BUSY if again else _NEVER_BEGUN)
    if isinstance(error, httpx.TimeoutException):
        return isinstance(error, httpx.ConnectTimeout)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return False
    return isinstance(error, httpx.ConnectError) or (again and isinstance(error, httpx.TransportError))


def _retry_after(error: Exception) -> float | None:
    """The pause in seconds that the server requests (Retry-After, RFC 9110 section 10.2.3)."""
    headers = getattr(error, "headers", None) or {}
    with suppress(TypeError, ValueError, KeyError):
        return max(0.0, float({key.lower(): value for key, value in headers.items()}["retry-after"]))
    return None


def _reason(body: Any) -> str:
    """The reason in the body of a refusal, on one line and cut to 300 characters."""
    if not isinstance(body, dict):
        return ""
    detail = body.get("validation_errors") or body.get("detail") or ""
    return " ".join(" ".join(_texts(detail)).split())[:300]


def _texts(detail: Any) -> Iterator[str]:
    """The sentences in the detail of a refusal, which may hold lists of them by field."""
    if isinstance(detail, Mapping):
        for field, inner in detail.items():
            yield from [] if field == "non_field_errors" else [f"{field}:"]
            yield from _texts(inner)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _texts(inner)
    else:
        yield str(detail)


def _json_or_text(text: str) -> Any:
    try:
        return parse_json(text)
    except JsonError:
        return text
