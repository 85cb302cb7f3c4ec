"""Templates to text. In HTML whatever stands in a variable is escaped, so that a paper's title is never markup."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def render(template: str, **values: Any) -> str:
    """The text of a template with its variables filled in; one that is missing is an error."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html", "svg"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
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
