"""The Label Studio ML backend: what the server requests from a model, over HTTP.

Protocol: https://labelstud.io/guide/ml_create, and what the server really sends. Every request must carry HTTP Basic
credentials (RFC 7617), the only ones that Label Studio sends with all of its calls. Its requests also hold tokens and
passwords, which are neither stored nor logged.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from labeler.json_parsing import JsonError, parse_json

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

LARGEST_BODY = 64 * 2**20  # bytes; a task takes about two thousand
_DIGITS = 18  # of the length of a body; Python reads no numbers of thousands of digits
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Model(Protocol):
    """What the backend needs of a model. Several threads may call its methods at once."""

    def version(self) -> str:
        """The model version that stands in the predictions."""

    def versions(self) -> list[str]:
        """All versions there are."""

    def predict(self, tasks: Sequence[Any], label_config: str) -> list[dict[str, Any]]:
        """A prediction for each task, in the order of the tasks."""

    def train(self) -> None:
        """Begin to train on the annotations, and return at once."""


def backend(model: Model, user: str, password: str, largest: int = LARGEST_BODY) -> Starlette:
    """The application. It refuses requests without this user and password, and bodies over ``largest`` bytes."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "UP", "model_class": "labeler"})

    async def setup(request: Request) -> Response:
        await _body(request)
        return JSONResponse({"model_version": await run_in_threadpool(model.version)})

    async def versions(_: Request) -> Response:
        return JSONResponse({"versions": await run_in_threadpool(model.versions)})

    async def predict(request: Request) -> Response:
        body = await _body(request)
        tasks = None if body is None else body.get("tasks")
        if body is None or not isinstance(tasks, list):
            return JSONResponse({"detail": "this is no request for predictions: it has no list of tasks"}, 400)
        config = body.get("label_config")
        results = await run_in_threadpool(model.predict, tasks, config if isinstance(config, str) else "")
        return JSONResponse({"results": results})

    async def webhook(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return JSONResponse({"detail": "this is no event of Label Studio"}, 400)
        if body.get("action") == "START_TRAINING":
            model.train()
        return JSONResponse({"status": "ok"})

    routes = [
        Route("/", health),
        Route("/health", health),
        Route("/setup", setup, methods=["POST"]),
        Route("/predict", predict, methods=["POST"]),
        Route("/webhook", webhook, methods=["POST"]),
        Route("/versions", versions),
    ]
    guard = Middleware(_Guard, user=user, password=password, largest=largest)
    return Starlette(routes=routes, middleware=[guard])


async def _body(request: Request) -> Mapping[str, Any] | None:
    """The JSON object in a request's body; None when the body is something else."""
    try:
        body = parse_json(await request.body())
    except JsonError:
        return None
    return body if isinstance(body, Mapping) else None


class _TooLargeError(Exception):
    """A body went over the limit while it was read."""


class _Guard:
    """Passes on requests that carry the credentials, and bodies up to a size; it answers the others itself."""

    def __init__(
        self, app: Callable[[Scope, Receive, Send], Awaitable[None]], user: str, password: str, largest: int
    ) -> None:
        self._app, self._largest = app, largest
        self._credentials = base64.b64encode(f"{user}:{password}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import ClientDisconnect
        from starlette.responses import PlainTextResponse

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key.lower(): value for key, value in scope["headers"]}
        scheme, _, credentials = headers.get(b"authorization", b"").partition(b" ")
        if not (hmac.compare_digest(credentials.strip(), self._credentials) and scheme.lower() == b"basic"):
            challenge = {"WWW-Authenticate": 'Basic realm="labeler", charset="UTF-8"'}
            await PlainTextResponse("wrong user or password", 401, challenge)(scope, receive, send)
            return
        size, has_answered = 0, False

        async def receive_up_to_limit() -> MutableMapping[str, Any]:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._largest:
                raise _TooLargeError
            return message

        async def send_and_note(message: MutableMapping[str, Any]) -> None:
            nonlocal has_answered
            has_answered = True
            await send(message)

        try:
            length = headers.get(b"content-length", b"0")
            if length.isdigit() and (len(length) > _DIGITS or int(length) > self._largest):
                raise _TooLargeError
            await self._app(scope, receive_up_to_limit, send_and_note)
        except ClientDisconnect:  # nobody is there to be told
            return
        except _TooLargeError:
            if not has_answered:
                too_large = f"at most {self._largest} bytes are read"
                await PlainTextResponse(too_large, 413, {"Connection": "close"})(scope, receive, send)
