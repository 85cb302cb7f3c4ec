"""A real server behind a proxy that does, now and then, what networks and servers do."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx


@dataclass
class Fault:
    """What happens to requests whose method and path fit ``pattern``, after ``after`` of them, ``times`` times.

    ``kind``: a status code; ``lost``: the server does its work, and the answer never arrives; ``cut``: half of the
    answer does; ``text``: the answer is a web page; ``slow``: nothing comes for some seconds.
    """

    pattern: str
    kind: int | str
    times: int = 1000
    after: int = 0
    body: dict[str, object] = field(default_factory=lambda: {"detail": "told by a test"})
    headers: dict[str, str] = field(default_factory=dict)
    seen: int = 0

    def strikes(self, request: str) -> bool:
        if not re.search(self.pattern, request):
            return False
        self.seen += 1
        return self.after < self.seen <= self.after + self.times


def _handler(client: httpx.Client, faults: Sequence[Fault]) -> type[BaseHTTPRequestHandler]:
    """What answers requests: the server that the ``client`` asks, unless a fault strikes."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # as in tests/conftest.py

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            fault = next((one for one in faults if one.strikes(f"{self.command} {self.path}")), None)
            kind = fault.kind if fault else None
            if fault and isinstance(kind, int):
                return self.answer(kind, json.dumps(fault.body).encode(), fault.headers)
            if kind == "text":
                return self.answer(200, b"<html>Welcome to the hotel's network</html>", {"Content-Type": "text/html"})
            if kind == "slow":
                time.sleep(3)
            headers = {key: value for key, value in self.headers.items() if key.lower() not in ("host", "connection")}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            if kind in ("lost", "slow"):
                self.close_connection = True
                return None
            kept = {key: value for key, value in answer.headers.items() if key.lower() in ("content-type", "date")}
            return self.answer(answer.status_code, answer.content, kept, cut=kind == "cut")

        def answer(self, status: int, content: bytes, headers: dict[str, str], cut: bool = False) -> None:
            self.send_response_only(status)
            for key, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            self.close_connection = cut

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


class _Proxy(ThreadingHTTPServer):
    """A proxy that says nothing when a client leaves: what it says would stand among the messages of the command."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a connection that the client has closed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def faulty(url: str, *faults: Fault) -> Iterator[str]:
    """The address of a proxy before ``url`` with these faults."""
    client = httpx.Client(base_url=url, timeout=300, headers={"Connection": "close"})
    proxy = _Proxy(("127.0.0.1", 0), _handler(client, faults))
    Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        proxy.server_close()
        client.close()
