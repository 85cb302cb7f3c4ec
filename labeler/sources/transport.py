"""One request over the web, which comes to an end, and goes nowhere that nobody asked for.

Sources: RFC 9110 (HTTP). An answer may be led on to another address; it may not lead to a file, to this machine or to
its own network (CWE-918, server-side request forgery), unless it stays where the user asked. The address is looked at
once and then used, so that a name cannot mean another machine a moment later (DNS rebinding).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import threading
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import quote, urljoin, urlsplit

from labeler.errors import LabelerError, ServerError
from labeler.sources.settings import checked_address

LARGEST = 1 << 26  # bytes of an answer, unpacked
_SILENCE = 60.0  # seconds without a byte
_LONGEST = 180.0  # seconds from a request to the last byte of its answer
_HOPS = 5
_PIECE = 1 << 16
_LED_ON = (301, 302, 303, 307, 308)
_USUAL_PORTS = {"http": 80, "https": 443}


class BrokenError(Exception):
    """An answer that is not whole, or a connection that failed: another try may do."""


class Response(NamedTuple):
    """An answer: its status, its headers (names in lower case), and its body, unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class _Deadline:
    """Cuts a connection that is open for too long, however slowly something still comes."""

    connection: http.client.HTTPConnection | None = None
    has_passed: bool = False
    _timer: threading.Timer = field(init=False)

    def __post_init__(self) -> None:
        self._timer = threading.Timer(_LONGEST, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.has_passed = True
        stream = getattr(self.connection, "sock", None)
        if stream is not None:
            with suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)


def send(url: str, headers: Mapping[str, str], secrets: Mapping[str, str]) -> Response:
    """The answer to a GET request, wherever it is led on to. ``secrets`` are headers for the first host alone.

    Raises:
        BrokenError: no whole answer came.
        ServerError: it leads where nobody asked, is far too large, or the server cannot be trusted.
    """
    asked, place = urlsplit(url), _quoted(url)
    for _ in range(_HOPS + 1):
        parts = urlsplit(place)
        is_same_host = parts.hostname == asked.hostname
        own = _is_own(parts, asked)
        response = _one(place, {**headers, **(secrets if is_same_host else {})}, is_trusted=own)
        if response.status not in _LED_ON or "location" not in response.headers:
            return response
        place = _quoted(_next_place(place, response.headers["location"]))
    raise ServerError(f"{asked.hostname} leads on and on, from one address to the next", "tell its operators")


def _quoted(url: str) -> str:
    """An address with letters beyond ASCII in the form that goes over the wire."""
    parts = urlsplit(url)
    path, query = quote(parts.path, safe="/%:@!$&'()*+,;=~-._"), quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return parts._replace(path=path, query=query, fragment="").geturl()


def _is_own(parts: Any, asked: Any) -> bool:
    """Whether an address is of the server that the user asked, there or at the usual port of a scheme."""
    if parts.hostname != asked.hostname:
        return False
    port, asked_port = (each.port or _USUAL_PORTS.get(each.scheme, 0) for each in (parts, asked))
    return port == asked_port or (parts.scheme == "https" and port == _USUAL_PORTS["https"])


def _next_place(place: str, location: str) -> str:
    """The address that an answer leads to.

    Raises:
        ServerError: it is none of the web, or less safe than that of before.
    """
    before = urlsplit(place)
    try:
        target = checked_address(urljoin(place, location.strip()).partition("#")[0], "its answer")
        scheme = urlsplit(target).scheme
    except (LabelerError, ValueError):
        target = scheme = ""
    if not target or (before.scheme == "https" and scheme == "http"):
        raise ServerError(
            f"{before.hostname} leads on to an address that labeler does not follow (a file, a password, or without "
            "encryption)",
            "open it in a browser, and give the address where it ends",
        )
    return target


def _one(url: str, headers: Mapping[str, str], is_trusted: bool) -> Response:
    """The answer at one address."""
    host = urlsplit(url).hostname or ""
    if not is_trusted and _is_named_private(host):
        raise _not_asked(host)
    request = urllib.request.Request(url, headers={**headers, "Accept-Encoding": "gzip"})  # noqa: S310  (checked)
    with _Deadline() as deadline:
        try:
            answer = _opener(host, is_trusted, deadline).open(request, timeout=_SILENCE)
            with answer:
                told = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status, told, _body(answer, told, host, deadline))
        except (OSError, http.client.HTTPException, ValueError) as error:
            if deadline.has_passed:
                raise BrokenError("its answer does not come to an end") from error
            raise _fault(error, host) from error


def _fault(error: Exception, host: str) -> Exception:
    """What is wrong with a connection."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, LabelerError | BrokenError):
        return reason
    import ssl

    if isinstance(reason, ssl.SSLCertVerificationError):
        return ServerError(
            f"{host} cannot show that it is {host} (its certificate: {reason.verify_message})",
            "is there a proxy or a login page in your network? ask your IT desk for its certificate (SSL_CERT_FILE)",
        )
    if isinstance(reason, socket.gaierror):
        return BrokenError("no machine of that name is found, or there is no network")
    if isinstance(reason, TimeoutError):
        return BrokenError("it does not answer in time")
    if isinstance(reason, ConnectionRefusedError):
        return BrokenError("nothing answers at its address")
    return BrokenError("the connection broke off")


def _body(answer: Any, headers: Mapping[str, str], host: str, deadline: _Deadline) -> bytes:
    """The whole body, unpacked.

    Raises:
        TimeoutError: it does not come to an end.
        BrokenError: it is cut, or packed as nothing known.
        ServerError: it is too large.
    """
    packing = headers.get("content-encoding", "identity").strip().lower()
    unpack: Any = None
    if packing in ("gzip", "x-gzip", "deflate"):
        unpack = zlib.decompressobj(47)  # which finds gzip and zlib
    elif packing not in ("", "identity"):
        raise BrokenError(f"its answer is packed as {packing[:20]!r}")
    body, came = bytearray(), 0
    while piece := answer.read1(_PIECE):
        came += len(piece)
        if deadline.has_passed:  # the library has taken its connection away by now, and nothing cuts it
            raise TimeoutError
        while piece:
            try:
                body += unpack.decompress(piece, _PIECE) if unpack else piece
            except zlib.error as error:
                raise BrokenError("its answer is damaged") from error
            piece = unpack.unconsumed_tail if unpack else b""
            if len(body) > LARGEST:
                raise ServerError(
                    f"{host} sends more than {LARGEST >> 20} MiB in one answer", "ask for less at once, or for another"
                )
    length = headers.get("content-length", "")
    if (length.isdecimal() and came < int(length)) or (unpack and came and not unpack.eof):
        raise BrokenError("its answer breaks off")
    return bytes(body)


def _opener(host: str, is_trusted: bool, deadline: _Deadline) -> urllib.request.OpenerDirector:
    """What opens addresses of the web, and nothing else: no files, and no other address that an answer leads to."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.ProxyHandler({} if _is_named_private(host) else None))
    opener.add_handler(_Handler(is_trusted, deadline))
    return opener


class _Handler(urllib.request.HTTPSHandler):
    """Opens ``http:`` and ``https:`` over connections that look where they go."""

    def __init__(self, is_trusted: bool, deadline: _Deadline) -> None:
        super().__init__()
        self._is_trusted, self._deadline = is_trusted, deadline

    http_request = urllib.request.AbstractHTTPHandler.do_request_

    def http_open(self, request: urllib.request.Request) -> Any:
        """Open an address without encryption."""
        return self.do_open(self._connection(http.client.HTTPConnection, request), request)

    def https_open(self, request: urllib.request.Request) -> Any:
        """Open an address with encryption."""
        return self.do_open(self._connection(http.client.HTTPSConnection, request), request)

    def _connection(self, kind: Any, request: Any) -> Callable[..., Any]:
        is_open = self._is_trusted or request.has_proxy() or getattr(request, "_tunnel_host", None)

        def make(host: str, **options: Any) -> Any:
            connection = kind(host, **options)
            if not is_open:
                connection._create_connection = _connect_to_public
            self._deadline.connection = connection
            return connection

        return make


def _connect_to_public(
    address: tuple[str, int], timeout: float | None = None, source_address: tuple[str, int] | None = None
) -> socket.socket:
    """A connection to a machine, none of whose addresses is of this machine or its network.

    Raises:
        ServerError: one of them is.
        OSError: it cannot be reached.
    """
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if any(not is_public(str(place[4][0])) for place in found):
        raise _not_asked(host)
    failure = OSError("no address")
    for *_, place in found:
        try:
            return socket.create_connection((str(place[0]), port), timeout, source_address)
        except OSError as error:
            failure = error
    raise failure


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet at large, and not of this machine, its network or a test."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


def _is_named_private(host: str) -> bool:
    """Whether a host is named by an address of this machine or its network, or as this machine."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return not is_public(name)


def _not_asked(host: str) -> ServerError:
    return ServerError(
        f"the answer leads on to {host}, which is this machine or in its network, and which nobody asked for",
        "if you mean it, name its address yourself",
    )
