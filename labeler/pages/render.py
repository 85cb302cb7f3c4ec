"""Templates to text. In HTML whatever stands in a variable is escaped, so that a paper's title is never markup."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from labeler.errors import InputError

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_AT_ONCE = 500  # pieces of a template
_HINT = "correct it, or take the setting [page] templates away"


class Templates:
    """The templates of pages: those of a ``folder`` of the user's, where there is one, before those of labeler.

    Those of the user's are run in a sandbox, where all variables are escaped: a workspace may come from others.

    Raises:
        InputError: the folder is missing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise InputError(f"there is no folder {folder} of templates", "correct the setting [page] templates")
        self._folder = folder
        self._environment = _environment() if folder is None else _of_folder(folder)

    def render(self, template: str, **values: Any) -> str:
        """The text of a template with its variables filled in; one that is missing is an error.

        Raises:
            InputError: a template of the user's is broken; the message says which, and where.
        """
        try:
            return self._environment.get_template(template).render(**values)
        except Exception as error:
            raise self._broken(error, template) from error

    def pieces(self, template: str, **values: Any) -> Iterable[str]:
        """The text of a template as :meth:`render` gives it, piece by piece where that cannot fail.

        Templates of the user's are rendered whole, so that nothing of a broken one is written.
        """
        if self._folder is not None:
            return [self.render(template, **values)]
        stream = self._environment.get_template(template).stream(**values)
        stream.enable_buffering(_AT_ONCE)
        return stream

    def text(self, template: str) -> str:
        """The text of a file of the templates as it stands.

        Raises:
            InputError: it is in the folder of the user's and cannot be read.
        """
        assert self._environment.loader is not None
        try:
            return self._environment.loader.get_source(self._environment, template)[0]
        except Exception as error:
            raise self._broken(error, template) from error

    def _broken(self, error: Exception, template: str) -> Exception:
        """The error of a template in one line; the error itself where it is not one of the user's templates."""
        if self._folder is None:
            return error
        from jinja2 import TemplateNotFound, TemplateSyntaxError

        if isinstance(error, TemplateSyntaxError):
            name, line = error.name or template, int(error.lineno)
        else:
            frames = [
                frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(str(self._folder))
            ]
            name, line = (Path(frames[-1].filename).name, frames[-1].lineno or 0) if frames else (template, 0)
        why = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        why = f"there is no template {why!r}" if isinstance(error, TemplateNotFound) else why
        if not (self._folder / name).exists():  # it is one of labeler's, and does not fit those of the user's
            return InputError(f"the templates in {self._folder} do not fit {name} of labeler: {why}", _HINT)
        where = f"{self._folder / name}, line {line}" if line else f"{self._folder / name}"
        return InputError(f"the template {where} is broken: {why}", _HINT)


def render(template: str, **values: Any) -> str:
    """The text of a template of labeler's with its variables filled in; one that is missing is an error."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    html = select_autoescape(("html", "svg"), default=False)
    return _with_filters(Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=html, **_options()))  # noqa: S701


def _of_folder(folder: Path) -> Environment:
    from jinja2 import ChoiceLoader, FileSystemLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    loader = ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(_TEMPLATES)])
    return _with_filters(ImmutableSandboxedEnvironment(loader=loader, autoescape=True, **_options()))


def _options() -> dict[str, Any]:
    from jinja2 import StrictUndefined

    return {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }


def _with_filters(environment: Environment) -> Environment:
    environment.filters |= {"cell": _cell, "ticks": _ticks}
    return environment


def _ticks(text: object) -> Markup:
    """A text in HTML, with what is between backticks as code."""
    from markupsafe import Markup, escape

    parts = str(text).split("`")
    if len(parts) % 2 == 0:  # one that nothing closes
        return Markup("") + str(text)
    told = [Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)]
    return Markup("").join(told)


def _cell(text: object) -> str:
    """A text as a cell of a table in Markdown: on one line, and without a sign that ends the cell or begins markup."""
    line = " ".join(str(text).split())
    for sign in "\\|`*_[]<>":
        line = line.replace(sign, f"\\{sign}")
    return line
