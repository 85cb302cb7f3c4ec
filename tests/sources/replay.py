"""A server that answers what a test says, one answer after the other; and a clock."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

START = 1_795_694_400.0  # 2026-11-26T12:00:00Z


class Clock:
    """A clock that goes on by what is waited for."""

    def __init__(self) -> None:
        self.time, self.waits = START, list[float]()

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


@dataclass
class Answer:
    """What the server answers: by default as it should be; ``send`` does something else."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    send: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Asked:
    """A request: its path, its parameters, its headers (names in lower case)."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


class Replay:
    """Answers to each path in turn, the last one again and again; 404 elsewhere. With a ``certificate``: encrypted."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.asked: list[Asked] = []
        self._scheme = "https" if certificate else "http"
        self._answers: dict[str, list[Answer | Callable[[Asked], Answer]]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Replay:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def answers(self, path: str, *answers: Any) -> None:
        """Have a path answered: by bytes, a JSON value, an :class:`Answer`, or a function of what was asked."""
        self._answers[path] = [one if isinstance(one, Answer) or callable(one) else answer(one) for one in answers]

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        parameters = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        asked = Asked(parts.path, parameters, {name.lower(): value for name, value in handler.headers.items()})
        self.asked.append(asked)
        waiting = self._answers.get(parts.path) or [Answer(b"not here", 404)]
        one = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        reply = one(asked) if callable(one) else one
        if reply.send is not None:
            with suppress(OSError):  # the client has had enough
                reply.send(handler)
            handler.close_connection = True
            return
        with suppress(OSError):
            self._send(handler, reply)

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, reply: Answer) -> None:
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        handler.wfile.write(reply.body)


def answer(value: Any, **options: Any) -> Answer:
    """An answer of bytes, or of a JSON value."""
    return Answer(value if isinstance(value, bytes) else json.dumps(value).encode(), **options)
