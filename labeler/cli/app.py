"""The `labeler` program: all commands together, and how errors are reported."""

from __future__ import annotations

import errno
import io
import re
import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from importlib import import_module
from typing import Any

import typer
from typer.exceptions import TyperException

from labeler.cli.command import CarriedError, fill_in, only_listed
from labeler.cli.help import Group
from labeler.cli.streams import TerminatedError, flush_output, give_up_output
from labeler.errors import InputError, LabelerError, NotFoundError, UsageError
from labeler.registry import BrokenPluginError, PluginWarning
from labeler.terminal import columns, fit
from labeler.wording import shortened

_INTERRUPTED, _TERMINATED = 130, 143  # 128 and the number of the signal, as shells have it
_NO_PLACE = (errno.ENAMETOOLONG, errno.EACCES, errno.EPERM, errno.EROFS, errno.ELOOP, errno.ENOTDIR, errno.EIO)
_HELP = {"-h", "--help"}
_LONGEST_PLACE = 100  # characters of a name in a message

# The modules of this package and the commands that each adds, in the order of the help.
_MODULES = {
    "workspace": ("init", "topics"),
    "demo": ("demo",),
    "doctor": ("doctor",),
    "papers": ("read", "explain"),
    "fetch": ("fetch",),
    "label": ("label",),
    "mail": ("mail",),
    "studio": ("studio",),
    "loop": ("push", "pull", "status"),
    "watch": ("watch",),
    "serve": ("serve",),
    "annotation": ("export", "import"),
    "models": ("train", "models"),
    "evaluate": ("evaluate",),
    "curve": ("curve",),
    "simulate": ("simulate",),
    "agreement": ("agreement",),
    "annotators": ("annotators",),
    "suspects": ("suspects",),
    "themes": ("themes",),
    "forget": ("forget",),
    "background": ("background",),
    "plugins": ("plugins",),
    "completion": ("completion",),
}

COMMANDS = frozenset(command for commands in _MODULES.values() for command in commands)


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The program with the commands that these arguments need: building all takes longer than running most of them."""
    app = typer.Typer(
        name="labeler",
        cls=Group,
        help="Topics for new papers, learned from few human labels.\n\n"
        "A day's work: `labeler push page.txt --count 50`, annotate in Label Studio, `labeler pull`, `labeler train`, "
        "`labeler label tomorrow.txt`.\n\n"
        "Example: labeler label digest.txt",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": sorted(_HELP, key=len)},
    )
    app.callback()(fill_in)
    named = [module for module, commands in _MODULES.items() if arguments and arguments[0] in commands]
    for module in named or _MODULES:
        import_module(f"labeler.cli.{module}").add_to(app)
    return app


def run(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911  (one return an outcome)
    """Run one command and return its exit code. An error is printed as one line on standard error."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        with warnings.catch_warnings():
            _hush(arguments)
            return _exit_code(arguments)
    except LabelerError as error:
        told = "" if isinstance(error, BrokenPluginError) else _told(arguments, error.exit_code)
        return _failed(str(error) + told, error.exit_code, arguments)
    except TyperException as error:
        if not arguments or type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
            return UsageError.exit_code
        message = re.sub(r" \(Possible options: .*\)|\. Did you mean .*", "", error.format_message())
        told = _told(arguments, UsageError.exit_code)
        return _failed(message.rstrip(".") + told, UsageError.exit_code, arguments)
    except (KeyboardInterrupt, typer.Abort):
        return _failed("interrupted", _INTERRUPTED, arguments)
    except TerminatedError:
        return _failed("stopped, as it was asked to", _TERMINATED, arguments)
    except BrokenPipeError:  # `labeler … | head`: the reader has had enough
        give_up_output()
        return 0
    except MemoryError:
        return _failed("there is too little memory; give it fewer papers at once", InputError.exit_code, arguments)
    except Exception as error:
        if trouble := _trouble_outside(error):
            return _failed(trouble, InputError.exit_code, arguments)
        description = f"{type(error).__name__}: {error}"
        fault = f"a fault of labeler itself ({description}); run it again with -v and report what it prints"
        return _failed(fault, LabelerError.exit_code, arguments)


def _trouble_outside(error: Exception) -> str:
    """What is wrong outside of labeler: no room, or a place that cannot be used. Empty where the fault is ours."""
    from labeler.files import NO_ROOM, os_message

    if not isinstance(error, OSError):
        return ""
    place = shortened(str(error.filename or ""), _LONGEST_PLACE)
    if error.errno in NO_ROOM:
        return f"cannot write{f' {place}' if place else ''}: {os_message(error)}; make room and try again"
    if error.errno in _NO_PLACE and error.filename is not None:
        return f"cannot use {place}: {os_message(error)}; name another place, or change its permissions"
    return ""


def _told(arguments: Sequence[str], code: int) -> str:
    """What is said of the command that was meant, where the one that was typed may be a slip; empty otherwise."""
    if code not in (UsageError.exit_code, InputError.exit_code, NotFoundError.exit_code):
        return ""
    if not all(map(str.strip, arguments)):  # an empty variable of a script: nobody knows what it was to hold
        return ""
    from labeler.cli.meant import meant

    with suppress(Exception):  # a guess that fails must not hide the error
        if found := meant(arguments, _options_of_all()):
            return f"; did you mean `{found}`?"
    return ""


def _options_of_all() -> dict[str, dict[str, bool]]:
    """The options of each command, and whether each takes a value."""
    program = typer.main.get_command(app_for(()))
    members: dict[str, Any] = {}
    for name, command in getattr(program, "commands", {}).items():
        below = getattr(command, "commands", None)
        members |= {f"{name} {each}": one for each, one in below.items()} if below else {name: command}
    return {
        name: {
            option: not getattr(parameter, "is_flag", False)
            for parameter in command.params
            if parameter.param_type_name == "option"
            for option in (*parameter.opts, *parameter.secondary_opts)
        }
        | {"--help": False, "-h": False}
        for name, command in members.items()
    }


def _hush(arguments: Sequence[str]) -> None:
    """Ignore what libraries warn of: it is for programmers, who ask for it with ``-W``. What is left out is told."""
    if sys.warnoptions:
        return
    warnings.simplefilter("ignore")
    if "--quiet" not in arguments:
        warnings.simplefilter("default", PluginWarning)
        warnings.showwarning = lambda message, *_, **__: _show_warning(message)


def _show_warning(message: Warning | str) -> None:
    """Print a warning as one line, as errors are."""
    from labeler.papers.cleaning import printable

    line = printable(f"labeler: {' '.join(str(message).split())}")
    print(fit(line, columns(sys.stderr)) if sys.stderr.isatty() else line, file=sys.stderr)


def _exit_code(arguments: Sequence[str]) -> int:
    """The exit code of a command that has run; what it raised is raised."""
    try:
        with only_listed() if set(arguments) <= _HELP else nullcontext():
            app = app_for(arguments)
        code = app(args=list(arguments), prog_name="labeler", standalone_mode=False)
        flush_output()
    except CarriedError as carried:
        raise carried.cause from None
    except SystemExit as ended:  # so Click ends a program whose help is read no longer
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _failed(message: str, code: int, arguments: Sequence[str]) -> int:
    """Print an error as one line, after its traceback with ``--verbose``, and return the exit code."""
    give_up_output()
    if {"-v", "--verbose"} & set(arguments) and code not in (_INTERRUPTED, _TERMINATED):
        import traceback

        traceback.print_exc()
    from labeler.papers.cleaning import printable

    line = printable(f"labeler: {' '.join(message.split())}")
    print(fit(line, columns(sys.stderr)) if sys.stderr.isatty() else line, file=sys.stderr)
    return code
