"""Commands about versions of models: models remove."""

from __future__ import annotations

from typing import Annotated

import typer

from labeler.cli.command import Run


def remove(run: Run, model: Annotated[str, typer.Argument(metavar="NAME[@VERSION]", show_default=False)]) -> None:
    """Remove a version for good. The one that commands use stays, and a number is never given again.

    Example: labeler models remove mine@1
    """
    from labeler.modelstore import ModelStore

    removed = ModelStore(run.workspace.models).remove(model)
    run.done({"removed": removed}, f"Removed {removed}.")
