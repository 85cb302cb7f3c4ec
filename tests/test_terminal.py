from __future__ import annotations

import io
import os
import pty
import struct
import subprocess
import termios
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.terminal import columns, cut, display_width, fit, unwrapped, wrapped
from tests.cli.process import COMMAND, run_process

TEXT = "Commands still use mine@1; `labeler models use mine@2 --workspace 'my topics'` changes that, see /a/b/c.txt."


def test_what_fits_stays_as_it_is() -> None:
    assert fit("a  table   of\n  columns", 20) == "a  table   of\n  columns"


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_lines_end_between_words_and_never_inside_a_command(width: int) -> None:
    lines = fit(TEXT, width).split("\n")
    assert " ".join(line.strip() for line in lines) == TEXT
    assert any("`labeler models use mine@2 --workspace 'my topics'`" in line for line in lines)
    assert all(len(line) <= width or "`" in line for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])


def test_an_address_is_not_broken() -> None:
    address = "http://127.0.0.1:8080/" + "projects/" * 12
    assert fit(f"Annotate at {address} now", 40).split("\n") == ["Annotate at", f"  {address}", "  now"]


def test_further_lines_of_a_list_hang_below_the_first() -> None:
    assert fit("    one two three four five", 20) == "    one two three\n      four five"


def test_wide_characters_take_two_columns() -> None:
    lines = fit("标题" * 30, 40).split("\n")
    assert "".join(line.strip() for line in lines) == "标题" * 30
    assert max(map(display_width, lines)) <= 40


def test_marks_that_stand_above_letters_take_no_column() -> None:
    assert display_width("e\u0301") == 1
    assert cut("e\u0301e\u0301e\u0301", 2) == "e\u0301e\u0301"


@given(st.text(alphabet="ab 标`é\u0301", max_size=200), st.integers(20, 60))
def test_nothing_is_lost(text: str, width: int) -> None:
    assert "".join(fit(text, width).split()) == "".join(text.split())
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())


@pytest.mark.parametrize(("named", "width"), [("", 80), ("wide", 80), ("0", 80), ("-3", 80), ("64", 64), ("1", 20)])
def test_the_width_is_named_or_80(monkeypatch: pytest.MonkeyPatch, named: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", named)
    assert columns(io.StringIO()) == width


def at_terminal(width: int, *arguments: str | Path, cwd: Path) -> list[str]:
    """The lines that a command shows at a terminal of this width."""
    terminal, end = pty.openpty()
    ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], cwd=cwd, env=environment, stdin=end, stdout=end, stderr=end
    )
    os.close(end)
    shown = b""
    with suppress(OSError):  # the end of what a terminal shows is an error
        while piece := os.read(terminal, 1 << 16):
            shown += piece
    os.close(terminal)
    process.wait()
    return shown.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


@pytest.mark.slow
@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize(
    "command",
    [["status"], ["read", "DIGEST"], ["models", "list"], ["models", "show"], ["topics", "show"], ["label", "x.txt"]],
    ids=" ".join,
)
def test_what_people_read_fits_the_terminal(trained_once: Path, digest: Path, command: list[str], width: int) -> None:
    lines = at_terminal(width, *(digest if word == "DIGEST" else word for word in command), cwd=trained_once)
    assert all(display_width(line) <= width or " " not in line.strip() or "`" in line for line in lines)


def test_an_error_that_a_program_reads_is_one_line(trained_once: Path) -> None:
    done = run_process("label", "no such " * 30, cwd=trained_once, environment={"COLUMNS": "40"})
    assert done.stderr.count(b"\n") == 1


@pytest.mark.slow
def test_a_table_fits_80_columns(trained_once: Path, digest: Path) -> None:
    lines = at_terminal(80, "label", digest, "--to", "table", cwd=trained_once)
    assert max(map(display_width, lines)) <= 80


def test_paragraphs_and_items_of_markdown_come_on_one_line_each() -> None:
    markdown = "# A\ntext that\ngoes on\n\n| a |\n|---|\n| b |\n\n- one\n  more\n- two\n\nend"
    assert unwrapped(markdown) == "# A\ntext that goes on\n\n| a |\n|---|\n| b |\n\n- one more\n- two\n\nend"
