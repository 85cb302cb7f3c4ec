"""The tables of README.md that come from the registries; ``python -m tests.readme_tables`` writes them anew.

A table stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``, indented as these are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from textwrap import indent

from labeler.digests.registry import FORMATS
from labeler.measure.registry import METRICS
from labeler.publish.registry import OUTPUTS
from labeler.sampling.registry import STRATEGIES
from labeler.sources.registry import SOURCES
from tests.paths import ROOT

README = ROOT / "README.md"


def readers() -> str:
    """The formats of digests, in the order in which they are tried."""
    return _table(("format", "what it is"), ((f"`{one.NAME}`", one.ABOUT) for one in FORMATS.builtin))


def outputs() -> str:
    """The outputs and the endings of their files."""
    rows = ((f"`{one.NAME}`", " ".join(f"`{ending}`" for ending in one.SUFFIXES), one.ABOUT) for one in OUTPUTS.builtin)
    return _table(("output", "files", "what it is"), rows)


def strategies() -> str:
    """The strategies and what they need."""
    rows = ((f"`{one.NAME}`", one.NEEDS, one.ABOUT) for one in STRATEGIES.builtin)
    return _table(("strategy", "needs", "papers that it chooses"), rows)


def metrics() -> str:
    """The metrics and what they need."""
    return _table(
        ("metric", "needs", "what it is"), ((f"`{one.NAME}`", one.NEEDS, one.ABOUT) for one in METRICS.builtin)
    )


def sources() -> str:
    """The public sources, and how often each is asked."""
    heads = ("source", "what it has", "what may be asked", "how often it is asked")
    return _table(heads, ((f"`{one.NAME}`", one.ABOUT, one.QUERY, one.RATE) for one in SOURCES.builtin))


TABLES: dict[str, Callable[[], str]] = {
    "readers": readers,
    "outputs": outputs,
    "strategies": strategies,
    "metrics": metrics,
    "sources": sources,
}


def with_tables(text: str) -> str:
    """The text of a README with its tables as the registries have them.

    Raises:
        ValueError: a table is missing.
    """
    for name, table in TABLES.items():
        block = re.compile(rf"^( *)<!-- {name} -->$.*?^ *<!-- /{name} -->$", re.DOTALL | re.MULTILINE)
        if not (found := block.search(text)):
            raise ValueError(f"the table of {name} is missing")
        lines = f"<!-- {name} -->\n\n{table()}\n<!-- /{name} -->"
        text = text[: found.start()] + indent(lines, found[1]) + text[found.end() :]
    return text


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *([_escaped(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|")


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
