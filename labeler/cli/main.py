"""The `labeler` command: all commands together, and what happens to errors."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from labeler.cli import annotation, models, papers, workspace
from labeler.cli.command import fill_in
from labeler.errors import LabelerError, UsageError

app = typer.Typer(
    name="labeler",
    help="Topics for new papers, learned from few human labels.\n\n"
    "A day's work: `labeler export page.txt -o tasks.json`, annotate in Label Studio, `labeler import export.json`, "
    "`labeler train`, `labeler label tomorrow.txt`.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(fill_in)
workspace.add_to(app)
papers.add_to(app)
annotation.add_to(app)
models.add_to(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. An error is one line on standard error."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = app(args=list(arguments), prog_name="labeler", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except LabelerError as error:
        return _failed(str(error), error.exit_code, arguments)
    except TyperException as error:
        return _failed(" ".join(error.format_message().split()), UsageError.exit_code, arguments)
    except (KeyboardInterrupt, typer.Abort):
        return _failed("interrupted", 130, arguments)
    except BrokenPipeError:  # `labeler … | head`: the reader has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        told = f"{type(error).__name__}: {error}".splitlines()[0]
        return _failed(
            f"a fault of labeler itself ({told}); run it again with -v and report what it prints", 1, arguments
        )


def _failed(message: str, code: int, arguments: Sequence[str]) -> int:
    if {"-v", "--verbose"} & set(arguments) and code != 130:
        traceback.print_exc()
    print(f"labeler: {message}", file=sys.stderr)
    return code
