"""The directive ``{registry} NAME``: a table of the formats, outputs, strategies, metrics or sources there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive

from labeler.digests.registry import FORMATS
from labeler.measure.registry import METRICS
from labeler.publish.registry import OUTPUTS
from labeler.sampling.registry import STRATEGIES
from labeler.sources.registry import SOURCES

Rows = Iterable[Sequence[str]]


def _formats() -> Rows:
    return ((one.NAME, one.ABOUT) for one in FORMATS.builtin)


def _outputs() -> Rows:
    return ((one.NAME, " ".join(one.SUFFIXES), one.ABOUT) for one in OUTPUTS.builtin)


def _strategies() -> Rows:
    return ((one.NAME, one.NEEDS, one.ABOUT) for one in STRATEGIES.builtin)


def _metrics() -> Rows:
    return ((one.NAME, one.NEEDS, one.ABOUT) for one in METRICS.builtin)


def _sources() -> Rows:
    return ((one.NAME, one.ABOUT, one.QUERY, one.RATE) for one in SOURCES.builtin)


TABLES: dict[str, tuple[Sequence[str], Callable[[], Rows]]] = {
    "formats": (("format", "what it is"), _formats),
    "outputs": (("output", "files", "what it is"), _outputs),
    "strategies": (("strategy", "needs", "papers that it chooses"), _strategies),
    "metrics": (("metric", "needs", "what it is"), _metrics),
    "sources": (("source", "what it has", "what may be asked", "how often it is asked"), _sources),
}


def table(heads: Sequence[str], rows: Rows) -> nodes.table:
    """A table whose first column is code."""
    group = nodes.tgroup(cols=len(heads))
    group.extend(nodes.colspec(colwidth=1) for _ in heads)
    head, body = nodes.thead(), nodes.tbody()
    head += nodes.row("", *(nodes.entry("", nodes.paragraph(text=cell)) for cell in heads))
    for first, *rest in rows:
        cells = [nodes.paragraph("", "", nodes.literal(text=first)), *(nodes.paragraph(text=cell) for cell in rest)]
        body += nodes.row("", *(nodes.entry("", cell) for cell in cells))
    group += [head, body]
    return nodes.table("", group)


class RegistryTable(Directive):
    """``{registry} formats`` and so on."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The table."""
        if self.arguments[0] not in TABLES:
            raise self.error(f"there is no registry {self.arguments[0]}: {', '.join(TABLES)}")
        heads, rows = TABLES[self.arguments[0]]
        return [table(heads, rows())]


def setup(app: Any) -> dict[str, Any]:
    """Add the directive to Sphinx."""
    app.add_directive("registry", RegistryTable)
    return {"parallel_read_safe": True}
