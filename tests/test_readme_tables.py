"""The tables of README.md are those that the registries have."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from labeler.digests.registry import FORMATS
from labeler.measure.registry import METRICS
from labeler.publish.registry import OUTPUTS
from labeler.sampling.registry import STRATEGIES
from labeler.sources.registry import SOURCES
from tests.readme_tables import README, TABLES, with_tables

TEXT = README.read_text(encoding="utf-8")


def test_the_readme_has_the_tables_of_today() -> None:
    assert with_tables(TEXT) == TEXT, "the tables of README.md are stale; `make readme` writes them anew"


def test_every_member_is_in_a_table_that_markdown_shows_as_one() -> None:
    shown = MarkdownIt().enable("table").render(TEXT)
    assert shown.count("<table>") == len(TABLES)
    for registry in (FORMATS, OUTPUTS, STRATEGIES, METRICS, SOURCES):
        for member in registry.builtin:
            assert f"<td><code>{member.NAME}</code></td>" in shown


def test_a_stale_table_is_replaced_where_it_stands() -> None:
    stale = TEXT.replace("| `csv` |", "| `old` |")
    assert stale != TEXT
    assert with_tables(stale) == with_tables(TEXT)


def test_a_readme_without_one_of_the_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="the table of metrics is missing"):
        with_tables(TEXT.replace("<!-- metrics -->", ""))
