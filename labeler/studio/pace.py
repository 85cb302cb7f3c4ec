"""Answers that come to an end: a server that sends a byte now and then holds nobody up.

httpx limits the time between two pieces of an answer, not that of an answer (https://www.python-httpx.org/advanced/timeouts).
"""

from __future__ import annotations

import time
from typing import Any

import httpcore
import httpx

_GRACE = 300.0  # seconds from a request's last byte, in which an answer may come as slowly as it likes
_SLOWEST = 1024  # bytes a second after that
_LARGEST = 1 << 30  # bytes of an answer


def keep_pace(client: httpx.Client) -> None:
    """Make requests of a client fail with :class:`httpx.ReadTimeout` where their answers come too slowly, or never end.

    Its connections are made as before, by a proxy that the environment names, too.
    """
    for transport in (client._transport, *client._mounts.values()):
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend)


class _Backend(httpcore.NetworkBackend):
    """Connections of another backend, whose answers keep a pace."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(self, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        """A connection to a host and port."""
        return _Stream(self._backend.connect_tcp(*arguments, **options))

    def connect_unix_socket(self, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        """A connection to a socket of this machine."""
        return _Stream(self._backend.connect_unix_socket(*arguments, **options))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection; each write begins a new request."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._begun, self._size = time.monotonic(), 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """A piece of the answer.

        Raises:
            httpcore.ReadTimeout: the answer comes too slowly, or is too long.
        """
        piece = self._stream.read(max_bytes, timeout)
        self._size += len(piece)
        beyond = time.monotonic() - self._begun - _GRACE
        if self._size > _LARGEST or (beyond > 0 and self._size < _SLOWEST * beyond):
            raise httpcore.ReadTimeout("the answer does not come to an end")
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send a piece of a request."""
        self._stream.write(buffer, timeout)
        self._begun, self._size = time.monotonic(), 0

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(self, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        """The same connection, encrypted."""
        return _Stream(self._stream.start_tls(*arguments, **options))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)
