"""Help that can be copied, in whole sentences."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from labeler.cli.help import Command, Group
from tests.conftest import Labeler


@pytest.mark.parametrize("group", ["", "topics", "models", "studio", "background"])
def test_lists_of_commands_have_whole_sentences_and_an_example(labeler: Labeler, group: str) -> None:
    shown = labeler(*group.split(), "--help").out
    assert "..." not in shown.partition("Options:")[2]
    assert f"Example: labeler {group}".rstrip() in shown


def test_help_breaks_no_line_inside_backticks(labeler: Labeler, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in ("80", "66"):
        monkeypatch.setenv("COLUMNS", width)
        for name in ("", "train", "label", "push", "topics", "import"):
            shown = labeler(*name.split(), "--help").out
            assert not {"\u00a0", "\u2011"} & {*shown}
            assert all(line.count("`") % 2 == 0 for line in shown.splitlines())


def help_of(*arguments: str, width: str) -> str:
    """The help of a small program."""
    app = typer.Typer(cls=Group, rich_markup_mode=None, add_completion=False)

    @app.callback()
    def program() -> None:
        """Count papers, such as with `program count --all-of-them`."""

    @app.command(cls=Command)
    def count(topic: str = typer.Option("", help="As `topics show --with-names` lists them.")) -> None:
        """Count the papers of all topics, however many there are, and show the number of each of them. It is quick.

        Example: `program count --topic a-rather-long-name-of-a-topic`
        """

    @app.command(cls=Command)
    def bare() -> None:
        pass

    return CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": width}).output


@pytest.mark.parametrize("width", ["40", "60", "80"])
def test_what_is_between_backticks_is_on_one_line_at_any_width(width: str) -> None:
    for shown in (help_of(width=width), help_of("count", width=width)):
        assert shown.count("`") > 0
        assert all(line.count("`") % 2 == 0 for line in shown.splitlines())
        assert not {"\u00a0", "\u2011"} & {*shown}


def test_a_list_of_commands_has_the_first_sentence_of_each() -> None:
    shown = " ".join(help_of(width="60").split())
    assert "count Count the papers of all topics, however many there are, and show the number of each of them." in shown
    assert "It is quick" not in shown
    assert "bare" in shown
