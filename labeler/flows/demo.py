"""The demo: a workspace with the samples that come with labeler, all invented, and what is done with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from labeler.errors import InputError
from labeler.files import read_bytes, write_bytes
from labeler.flows.init import start

STEPS: Sequence[Sequence[str]] = (
    ("import", "export.json"),
    ("train",),
    ("label", "digest.txt", "-o", "digest.html"),
    ("label", "digest.txt", "--to", "table"),
)
_SAMPLES = {
    "topics.toml": "annotations/topics.toml",
    "export.json": "export.json",
    "digest.txt": "digest.txt",
    "digest-topics.csv": "digest-topics.csv",
}


def samples() -> Path:
    """The folder of the samples: inside an installed package, or ``annotations/samples`` of a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "shipped" / "samples"
    return inside if inside.is_dir() else package.parent / "annotations" / "samples"


def furnish(folder: Path) -> None:
    """Make a workspace in a new folder, with the samples in it.

    Raises:
        InputError: there is something in the folder already, or it cannot be written to.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is there already", "name a new folder: labeler demo FOLDER")
    start(folder)
    for name, place in _SAMPLES.items():
        write_bytes(folder / place, read_bytes(samples() / name))
