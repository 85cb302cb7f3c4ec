"""The command that serves the model, to Label Studio or to any program: serve."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Run, command
from labeler.errors import LabelerError, ServerError, UsageError

if TYPE_CHECKING:
    import uvicorn

PASSWORD_VARIABLE = "LABELER_SERVE_PASSWORD"  # noqa: S105  (the name, not the password)
USER_VARIABLE = "LABELER_SERVE_USER"
TOKEN_VARIABLE = "LABELER_API_TOKEN"  # noqa: S105  (as well)
_SHORTEST_TOKEN = 16  # signs
_PATIENCE = 30  # seconds that requests under way have left when the server is to end


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "serve", serve)


def serve(
    run: Run,
    connect: Annotated[bool, typer.Option("--connect", help="Connect it to the workspace's project, too.")] = False,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen at.")] = 9090,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Where Label Studio reaches it, if that is elsewhere.")
    ] = None,
    api: Annotated[bool, typer.Option("--api", help="Serve the REST interface instead.")] = False,
) -> None:
    """Serve the model as a Label Studio ML backend: suggestions as tasks open, and training at a button.

    The password that Label Studio has to give comes from LABELER_SERVE_PASSWORD, the user from LABELER_SERVE_USER
    (labeler). With `--api` it is a REST interface for any program: /label, /explain, /models, /health, described at
    /openapi.json. Its tokens come from LABELER_API_TOKEN (several: with commas between); without one it listens on this
    machine alone.

    Example: LABELER_SERVE_PASSWORD="$(openssl rand -hex 16)" labeler serve --connect
    """
    if api:
        if connect or url:
            raise UsageError("--connect and --url are for Label Studio", "leave them out with --api")
        _serve_api(run, host, port)
        return
    user, password = _credentials()
    _check_packages()
    import uvicorn

    from labeler.flows.serve import CurrentModel
    from labeler.flows.serve import connect as connected
    from labeler.studio.backend import backend

    model = CurrentModel(run.workspace, run.say)
    config = uvicorn.Config(backend(model, user, password), host, port, log_level="error", access_log=False)
    server = uvicorn.Server(config)

    def announce() -> None:
        address = f"http://{host}:{_port(server)}"
        run.say(f"Suggestions by {model.version()} at {address}; Ctrl-C ends it.")
        if connect:
            project = connected(run.workspace, (url or address).rstrip("/"), user, password, model.version())
            run.say(f"Connected to {project.url}")

    _run(server, announce)


def _serve_api(run: Run, host: str, port: int) -> None:
    """Serve the REST interface."""
    from labeler.hosts import is_loopback

    tokens = _tokens()
    if not tokens and not is_loopback(host):
        raise UsageError(
            f"{TOKEN_VARIABLE} is not set, and without a token nobody beyond this machine is answered",
            f'for example: export {TOKEN_VARIABLE}="$(openssl rand -hex 16)"',
        )
    _check_packages()
    import uvicorn

    from labeler.api.app import application
    from labeler.api.loaded import LoadedModels

    models = LoadedModels(run.models, run.workspace_if_any, run.say)
    app = application(models, tokens)
    config = uvicorn.Config(app, host, port, log_level="error", access_log=False, timeout_graceful_shutdown=_PATIENCE)
    server = uvicorn.Server(config)

    def announce() -> None:
        shown = f"[{host}]" if ":" in host else host
        by = models.of(None).version.label
        run.say(f"Papers are labelled by {by} at http://{shown}:{_port(server)}; Ctrl-C ends it.")

    _run(server, announce)


def _run(server: uvicorn.Server, announce: Callable[[], None]) -> None:
    """Run a server until it is to end; ``announce`` is called when it listens.

    Raises:
        ServerError: its port cannot be used.
    """
    startup = _Startup(server, announce)
    startup.start()
    try:
        server.run()
    except SystemExit as error:
        place = f"port {server.config.port} at {server.config.host}"
        raise ServerError(f"{place} cannot be used", "is it taken? Name another with --port") from error
    if startup.error:
        raise startup.error


class _Startup(threading.Thread):
    """A thread that calls ``action`` when the server listens; never if the server ends before.

    If the action fails, the thread ends the server and keeps the error.
    """

    def __init__(self, server: uvicorn.Server, action: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._server, self._action = server, action
        self.error: LabelerError | None = None

    def run(self) -> None:
        """Wait for the server, then call the action."""
        while not self._server.started:
            if self._server.should_exit:
                return
            time.sleep(0.02)
        try:
            self._action()
        except LabelerError as error:
            self.error = error
            self._server.should_exit = True


def _credentials() -> tuple[str, str]:
    """The user and the password that Label Studio has to send, from the environment.

    Raises:
        UsageError: there is no password, or one of them cannot be sent.
    """
    password, user = os.environ.get(PASSWORD_VARIABLE, ""), os.environ.get(USER_VARIABLE) or "labeler"
    if not password:
        raise UsageError(
            f"{PASSWORD_VARIABLE} is not set, and nobody is let in without a password",
            f'for example: export {PASSWORD_VARIABLE}="$(openssl rand -hex 16)"',
        )
    if not (password + user).isascii() or ":" in user:
        raise UsageError(
            f"{PASSWORD_VARIABLE} and {USER_VARIABLE} must be plain letters, digits and signs, the user without ':'",
            "Label Studio sends others in a form that nobody can read",
        )
    return user, password


def _tokens() -> list[str]:
    """The tokens of the REST interface, from the environment; none where the variable is not set.

    Raises:
        UsageError: one is too short, or cannot be sent.
    """
    tokens = [token.strip() for token in os.environ.get(TOKEN_VARIABLE, "").split(",") if token.strip()]
    for token in tokens:
        if len(token) < _SHORTEST_TOKEN or not (token.isascii() and token.isprintable()) or " " in token:
            raise UsageError(
                f"a token in {TOKEN_VARIABLE} is shorter than {_SHORTEST_TOKEN} signs, or has others than plain ones",
                f'for example: export {TOKEN_VARIABLE}="$(openssl rand -hex 16)"',
            )
    return tokens


def _check_packages() -> None:
    """Check that the packages for serving are installed.

    Raises:
        UsageError: they are not.
    """
    try:
        import pydantic  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise UsageError("serving needs more packages", "pip install 'labeler[serve]'") from error


def _port(server: uvicorn.Server) -> int:
    """The port that the server listens at, which the system chose where 0 was wanted."""
    return int(server.servers[0].sockets[0].getsockname()[1])
