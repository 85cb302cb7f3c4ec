"""The command fetch: papers of public sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import JSON_LINES, Output, Run, command, known_ending
from labeler.errors import UsageError

if TYPE_CHECKING:
    from labeler.sources.query import Query

Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DAY", help="Papers since this day: 2026-11-26, today, yesterday, 7d (days ago)."),
]
Most = Annotated[
    int | None, typer.Option("--max", metavar="N", min=1, max=100_000, help="At most this many papers (default: 1000).")
]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "fetch", fetch, writes=True)


def fetch(
    run: Run,
    source: Annotated[
        str | None, typer.Argument(metavar="SOURCE", help="hf, arxiv, pubmed, …: see --sources.", show_default=False)
    ] = None,
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUERY…", help="What to ask it: words, categories, days.", show_default=False),
    ] = None,
    since: Since = None,
    most: Most = None,
    sources: Annotated[bool, typer.Option("--sources", help="List the sources, and what each may be asked.")] = False,
    output: Output = None,
) -> None:
    """Get the papers of a public source, as JSON lines.

    SOURCE:QUERY stands for the same wherever a command takes a digest, such as hf:today, arxiv:cs.CL or
    'pubmed:sleep apnea@7d' (the last seven days). A file of that very name comes first.

    Example: labeler fetch arxiv cs.CL --since 7d -o papers.jsonl
    """
    if sources:
        _show_sources(run)
        return
    if not run.as_json:
        known_ending(output, *JSON_LINES)
    from labeler.cli.papers import say_reading
    from labeler.files import json_line
    from labeler.flows.fetch import fetch as fetch_papers

    asked = _query(source, query or [], since, most)
    reading = fetch_papers(asked, run.workspace_if_any)
    with run.output(output) as out:
        for paper in reading.papers:
            out.write(json_line(paper.to_dict()) + "\n")
    say_reading(run, reading)
    names = ", ".join(sorted(set(reading.formats.values())))
    run.say(f"{asked.name}: {reading.summary()} (read as {names})")


def _query(source: str | None, words: list[str], since: str | None, most: int | None) -> Query:
    """What is asked of a source, which may be named as an input is (``arxiv:cs.CL``).

    Raises:
        UsageError: there is no such source, or the words or the day cannot be meant.
    """
    from labeler.sources.query import MOST, query_of
    from labeler.sources.registry import SOURCES

    if not source:
        raise UsageError(
            "fetch needs a source", f"known are: {', '.join(SOURCES.names)}; see `labeler fetch --sources`"
        )
    name, _, text = source.partition(":")
    if name in ("http", "https"):
        raise UsageError(f"{source.partition('?')[0]} is an address", "write `labeler fetch feed ADDRESS`")
    return query_of(name, " ".join([*filter(None, [text]), *words]), since, most or MOST)


def _show_sources(run: Run) -> None:
    from labeler.sources.registry import SOURCES

    told = {one.NAME: {"about": one.ABOUT, "query": one.QUERY, "example": one.EXAMPLE} for one in SOURCES.all}
    lines = [f"{name}: {one['about']}\n    {one['query']}\n    e.g. {one['example']}" for name, one in told.items()]
    run.result(told, "\n".join(lines))
