"""The command that serves the model to Label Studio: serve."""

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
) -> None:
    """Serve the model as a Label Studio ML backend: suggestions as tasks open, and training at a button.

    The password that Label Studio has to give comes from LABELER_SERVE_PASSWORD, the user from LABELER_SERVE_USER
    (labeler).

    Example: LABELER_SERVE_PASSWORD="$(openssl rand -hex 16)" labeler serve --connect
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
    try:
        import uvicorn
    except ImportError as error:
        raise UsageError("serving needs two more packages", "pip install 'labeler[serve]'") from error
    from labeler.flows.serve import Served
    from labeler.flows.serve import connect as connected
    from labeler.studio.backend import backend

    served = Served(run.workspace, run.say)
    server = uvicorn.Server(
        uvicorn.Config(backend(served, user, password), host, port, log_level="warning", access_log=False)
    )
    failure: list[LabelerError] = []

    def begun() -> None:
        address = f"http://{host}:{_port(server)}"
        run.say(f"Suggestions by {served.version()} at {address}; Ctrl-C ends it.")
        if connect:
            try:
                project = connected(run.workspace, (url or address).rstrip("/"), user, password, served.version())
                run.say(f"Connected to {project.url}")
            except LabelerError as error:
                failure.append(error)
                server.should_exit = True

    threading.Thread(target=_once_begun, args=(server, begun), daemon=True).start()
    try:
        server.run()
    except SystemExit as error:
        raise ServerError(f"port {port} at {host} cannot be used", "is it taken? Name another with --port") from error
    if failure:
        raise failure[0]


def _once_begun(server: uvicorn.Server, begun: Callable[[], None]) -> None:
    """Call ``begun`` when the server listens; never when it ends before."""
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.02)
    begun()


def _port(server: uvicorn.Server) -> int:
    """The port that it listens at, also where any free one was wanted."""
    return int(server.servers[0].sockets[0].getsockname()[1])
