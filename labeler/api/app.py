"""The REST interface as an ASGI application: paths, who is let in, and errors in one form."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from labeler.api.answers import Answers
from labeler.api.faults import ApiError, api_error
from labeler.api.loaded import LoadedModels
from labeler.api.openapi import JSON, Operation, document
from labeler.api.schemas import ExplainAnswer, ExplainRequest, HealthAnswer, LabelAnswer, LabelRequest, ModelsAnswer
from labeler.api.together import Together
from labeler.errors import LabelerError
from labeler.hosts import host_of, is_loopback

LARGEST_BODY = 8 * 2**20  # bytes; a thousand papers take two millions
_SMALL = 2**16  # bytes of a body that waits with others; larger ones have threads of their own
_MOST_TOGETHER = 64  # small bodies
_LARGE_AT_ONCE = 2  # bodies
OPERATIONS = (
    Operation("/label", "label", "Topics for papers, with probabilities", LabelAnswer, LabelRequest),
    Operation("/explain", "explain", "What each word adds to the scores of papers", ExplainAnswer, ExplainRequest),
    Operation("/models", "models", "The versions of models there are", ModelsAnswer),
    Operation("/health", "health", "Whether all is well, and by which model", HealthAnswer),
)
_DOCUMENT = "/openapi.json"


def application(models: LoadedModels, tokens: Sequence[str] = (), largest: int = LARGEST_BODY) -> Starlette:
    """The application. Bodies over ``largest`` bytes are refused, and requests without one of the ``tokens``.

    Without tokens, requests must name this machine as their host: a page in a browser that has its own name lead to
    this machine (DNS rebinding) gets nothing.
    """
    calls = _Calls(Answers(models), largest)

    async def openapi(_: Request) -> Response:
        return JSONResponse(document(OPERATIONS, bool(tokens)))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        models.follow()
        yield
        models.end()

    routes = [Route(one.path, getattr(calls, one.name), methods=[one.method]) for one in OPERATIONS]
    app = Starlette(
        routes=[*routes, Route(_DOCUMENT, openapi)],
        middleware=[Middleware(_Guard, tokens=tokens)],
        exception_handlers=_HANDLERS,
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


class _Calls:
    """What is called for each of the operations, by its name. All work is done in threads.

    Small bodies that wait to be labelled are so together; each other request has a thread of its own.
    """

    def __init__(self, answers: Answers, largest: int) -> None:
        self._answers, self._largest = answers, largest
        self._threads = ThreadPoolExecutor(_LARGE_AT_ONCE, "alone")
        self._together = Together(answers.label, ThreadPoolExecutor(1, "together"), _MOST_TOGETHER)

    async def label(self, request: Request) -> Response:
        """Label the papers of a request."""
        body = await _body(request, self._largest)
        if len(body) <= _SMALL:
            return _json(await self._together(body))
        return await self._alone(self._label, body)

    async def explain(self, request: Request) -> Response:
        """Explain the papers of a request."""
        return await self._alone(self._answers.explain, await _body(request, self._largest))

    async def models(self, _: Request) -> Response:
        """Tell the versions there are."""
        return await self._alone(self._answers.models)

    async def health(self, _: Request) -> Response:
        """Tell whether all is well."""
        return _json(self._answers.health())

    def _label(self, body: bytes) -> bytes:
        (answer,) = self._answers.label([body])
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _alone(self, call: Callable[..., bytes], *arguments: bytes) -> Response:
        return _json(await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments))


async def _body(request: Request, largest: int) -> bytes:
    """The body of a request, which must be JSON by its own account.

    Raises:
        ApiError: it is of another type, or too large; then no more of it is read.
    """
    said = request.headers.get("content-type", "")
    if said.partition(";")[0].strip().lower() != JSON:
        raise ApiError(415, f"the body must be {JSON}: send the header Content-Type: {JSON}")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            told = f"at most {largest} bytes are read; send the papers in several requests"
            raise ApiError(413, told, {"Connection": "close"})
    return bytes(body)


def _json(body: bytes) -> Response:
    return Response(body, media_type=JSON)


def _told(error: ApiError) -> Response:
    return JSONResponse(error.to_dict(), error.status, dict(error.headers))


def _of_router(request: Request, error: Exception) -> Response:
    """What the router says: there is no such path, or it does not take this method."""
    assert isinstance(error, HTTPException)
    path, paths = request.url.path, ", ".join([*(one.path for one in OPERATIONS), _DOCUMENT])
    if error.status_code == 405:
        allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
        return _told(ApiError(405, f"{path} takes {allowed}, not {request.method}", error.headers or {}))
    return _told(ApiError(404, f"there is no such path; there are: {paths}"))


def _of_api(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return _told(error)


def _of_labeler(_: Request, error: Exception) -> Response:
    assert isinstance(error, LabelerError)
    return _told(api_error(error))


def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # nobody is there to be told


def _of_fault(_: Request, error: Exception) -> Response:
    """A fault of labeler; the server prints where it arose."""
    return _told(ApiError(500, f"a fault of labeler itself ({type(error).__name__}); the server's log has more"))


_HANDLERS: dict[Any, Callable[[Request, Exception], Response]] = {
    ApiError: _of_api,
    LabelerError: _of_labeler,
    HTTPException: _of_router,
    ClientDisconnect: _gone,
    Exception: _of_fault,
}


class _Guard:
    """Passes on requests with one of the tokens, or, where there are none, to this machine by its own name."""

    def __init__(self, app: ASGIApp, tokens: Sequence[str]) -> None:
        self._app, self._tokens = app, [token.encode() for token in tokens]

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http" and (error := self._error(Headers(scope=scope))):
            return _told(error)(scope, receive, send)
        return self._app(scope, receive, send)

    def _error(self, headers: Headers) -> ApiError | None:
        if not self._tokens:
            if is_loopback(host_of(headers.get("host", ""))):
                return None
            return ApiError(403, "without a token, requests are answered to 127.0.0.1 or localhost alone")
        scheme, _, told = headers.get("authorization", "").partition(" ")
        token = told.strip().encode("latin-1", "replace")
        matches = [hmac.compare_digest(token, known) for known in self._tokens]  # of all, so that no time tells
        if any(matches) and scheme.lower() == "bearer":
            return None
        wrong = "the token is missing or wrong: send the header Authorization: Bearer TOKEN"
        return ApiError(401, wrong, {"WWW-Authenticate": "Bearer"})
