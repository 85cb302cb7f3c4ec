"""A server that answers as Label Studio does, but for one value or habit."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from labeler.studio.description import Offer, description

WORKSPACE = "0" * 32

MADE = "2026-03-01T09:00:00Z"
PROJECT = {
    "id": 1, "title": "t", "created_at": MADE, "label_config": "<View></View>", "model_version": "", "task_number": 1,
    "description": description(WORKSPACE, (Offer(datetime.fromtimestamp(0, UTC), ("llm",)),)),
    "total_annotations_number": 1, "skipped_annotations_number": 0,
}  # fmt: skip
TASK = {
    "id": 1, "data": {"title": "Words", "abstract": "of birds"}, "meta": {}, "overlap": 1, "total_annotations": 1,
    "cancelled_annotations": 0, "draft_exists": False, "is_labeled": True, "predictions_model_versions": [],
    "created_at": MADE, "updated_at": MADE, "annotations": [],
}  # fmt: skip
Answer = Callable[[str], Any]


def honest(path: str) -> Any:
    """What Label Studio answers to a request for this path, with one project and one task."""
    if path.startswith("/api/projects/1"):
        return PROJECT
    if path.startswith("/api/projects"):
        return {"count": 1, "next": None, "previous": None, "results": [PROJECT]}
    if path.startswith("/api/tasks"):
        return {"total": 1, "total_annotations": 1, "total_predictions": 0, "tasks": [TASK]}
    return []


@contextmanager
def raw(answer: bytes) -> Iterator[str]:
    """The address of a server on loopback that answers every request with these bytes."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1 << 16)
            self.request.sendall(answer)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def served(answer: Answer, drip: float = 0) -> Iterator[str]:
    """The address of a server on loopback that gives these answers, a byte each ``drip`` seconds."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = json.dumps(answer(urlsplit(self.path).path + "?" + urlsplit(self.path).query)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) + (1 << 20) * bool(drip)))
            self.end_headers()
            self.wfile.write(body)
            try:
                while drip:
                    self.wfile.write(b" ")
                    time.sleep(drip)
            except OSError:
                self.close_connection = True

        do_POST = do_PATCH = do_DELETE = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
