"""Outputs in a dry run: what is said of them, and that nothing is there afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.cli.would_write import WouldWrite, written_nowhere
from labeler.errors import InputError


@pytest.mark.parametrize(
    ("would", "sentence"),
    [
        (WouldWrite("a.csv", False, 12345), "Would write a.csv (12,345 bytes)."),
        (WouldWrite("a.csv", True, 1), "Would write a.csv (1 byte), in place of the one that is there."),
        (WouldWrite(None, False, 0), "Would print 0 bytes on standard output."),
    ],
)
def test_it_is_told_where_how_much_and_in_place_of_what(would: WouldWrite, sentence: str) -> None:
    assert would.sentence == sentence
    assert would.to_dict() == {"file": would.file, "bytes": would.bytes, "replaces": would.replaces}


@pytest.mark.parametrize("binary", [True, False])
def test_sizes_are_counted_in_bytes_and_what_is_there_stays(tmp_path: Path, binary: bool) -> None:
    place = tmp_path / "a"
    with written_nowhere(place, binary) as (out, would):
        out.write("größer\n".encode() if binary else "größer\n")
    assert (would.bytes, would.replaces, list(tmp_path.iterdir())) == (9, False, [])
    place.write_text("old")
    with written_nowhere(place, binary) as (out, would):
        out.write(b"new" if binary else "new")
        out.seek(0)  # as formats do that go back and forth
        out.write(b"n" if binary else "n")
    assert (would.bytes, would.replaces, place.read_text()) == (3, True, "old")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere" / "a"):
        with pytest.raises(InputError, match="cannot write"), written_nowhere(place, False):
            pass
