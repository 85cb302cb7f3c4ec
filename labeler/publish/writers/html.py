"""HTML: one page for reading, with a search and filters, that asks for nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from labeler.publish.labelled import LabelledPaper

if TYPE_CHECKING:
    from labeler.config import Workspace
    from labeler.pages.render import Templates

NAME = "html"
SUFFIXES = (".html", ".htm")
DATED = LINKED = True
ABOUT = "a page to read and search in a browser"


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """The whole page: a section a topic in the order of ``names``, then papers to review, then those without topic."""
    from labeler.pages.render import Templates

    _write(papers, out, names, Templates())


@dataclass(frozen=True)
class _OfFolder:
    """The writer with templates of the user's."""

    templates: Templates
    NAME: str = NAME
    SUFFIXES: tuple[str, ...] = SUFFIXES
    ABOUT: str = ABOUT
    DATED: bool = DATED
    LINKED: bool = LINKED

    def write(self, papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
        """The whole page."""
        _write(papers, out, names, self.templates)


def of_workspace(workspace: Workspace) -> _OfFolder:
    """The writer with the templates that the settings of a workspace name.

    Raises:
        InputError: their folder is missing.
    """
    from labeler.pages.render import Templates

    folder = workspace.settings.page_templates
    return _OfFolder(Templates(workspace.root / folder if folder else None))


def _write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str], templates: Templates) -> None:
    from labeler.pages.digest import digest_page
    from labeler.publish.sections import digest_of

    for piece in digest_page(templates, **digest_of(papers, names)._asdict()):
        out.write(piece)
