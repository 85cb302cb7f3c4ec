"""One trial: commands in a workspace of its own, and what must hold of them whatever was done to them."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.cli.process import COMMAND

SECONDS = 120  # a command that takes longer hangs: none takes ten seconds undisturbed
MEMORY = 6 << 30  # bytes of address space: what asks for more would take a laptop down
_EXPECTED = {0, 2, 3, 4, 5, 6, 130}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LEFTOVERS = ("**/*.part", "**/.new-*")


class FaultError(AssertionError):
    """Something that must never happen has happened."""


@dataclass(frozen=True)
class Done:
    """A command that has ended: its exit code (negative: the signal that killed it), its output and its messages."""

    arguments: tuple[str, ...]
    code: int
    out: bytes
    err: bytes

    def check(self) -> Done:
        """This command, if it ended in a way that a user may see.

        Raises:
            FaultError: another exit code than those for users' faults, a traceback, or control characters.
        """
        messages = self.err.decode("utf-8", "replace")
        if self.code not in _EXPECTED:
            raise FaultError(f"{self.told} ended with {self.code}: {messages[-500:]}")
        if "Traceback" in messages or "Exception ignored" in messages:
            raise FaultError(f"{self.told} printed a traceback: {messages[-500:]}")
        if found := _CONTROLS.search(messages):
            raise FaultError(f"{self.told} printed {found[0]!r}: {messages[:500]}")
        if self.code and not messages.strip():
            raise FaultError(f"{self.told} ended with {self.code} and said nothing")
        return self

    @property
    def told(self) -> str:
        """The command as one line."""
        return " ".join(("labeler", *self.arguments))


def start(
    folder: Path, *arguments: str, largest_file: int | None = None, before: Sequence[str] = (), **environment: str
) -> subprocess.Popen[bytes]:
    """A running command in ``folder``, which may not take endless memory.

    Args:
        folder: where it runs.
        *arguments: what comes after ``labeler``.
        largest_file: bytes beyond which no file may grow.
        before: words that come before the command, such as those of ``faketime``.
        **environment: variables beside those of this process.
    """

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.Popen(
        [*before, *COMMAND, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limited,  # noqa: PLW1509  (no threads here)
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(folder.parent), "OPENBLAS_NUM_THREADS": "1"} | environment,
    )


def end(process: subprocess.Popen[bytes], arguments: Iterable[str]) -> Done:
    """The command once it has ended.

    Raises:
        FaultError: it hangs.
    """
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise FaultError(f"labeler {' '.join(arguments)} took over {SECONDS} s") from None
    return Done(tuple(arguments), process.returncode, out, err)


def run(folder: Path, *arguments: str, largest_file: int | None = None, **options: Any) -> Done:
    """A command that has ended, whatever came of it; the options are those of :func:`start`."""
    return end(start(folder, *arguments, largest_file=largest_file, **options), arguments)


def run_and_kill(folder: Path, after: float, *arguments: str, with_signal: int = signal.SIGKILL) -> Done:
    """A command that is killed ``after`` so many seconds, or has ended before."""
    process = start(folder, *arguments)
    time.sleep(after)
    if process.poll() is None:
        os.kill(process.pid, with_signal)
    return end(process, arguments)


def log_lines(workspace: Path) -> list[str]:
    """The lines of the log, each whole.

    Raises:
        FaultError: a line is torn.
    """
    log = workspace / "annotations" / "judgements.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            json.loads(line)
        except ValueError as error:
            raise FaultError(f"line {number} of the log is torn: {line[:80]!r}") from error
    return lines


def leftovers(folder: Path) -> Iterator[Path]:
    """Files that no command may leave once another one has ended after it."""
    for pattern in _LEFTOVERS:
        yield from folder.glob(pattern)


def same(what: str, found: object, expected: object) -> None:
    """Nothing, if both are equal.

    Raises:
        FaultError: they differ.
    """
    if found != expected:
        raise FaultError(f"{what} differs: {str(found)[:300]!r} for {str(expected)[:300]!r}")


def mutated(data: bytes, random: Random) -> bytes:
    """``data`` with some of it changed, cut, doubled, or replaced by what parsers stumble over."""
    for _ in range(random.choice((1, 1, 2, 5))):
        data = random.choice(_MUTATIONS)(data, random)
    return data


def _split(data: bytes, random: Random) -> tuple[bytes, bytes, bytes]:
    """``data`` in three pieces, of which the middle one is short."""
    at = random.randrange(len(data) + 1)
    until = min(len(data), at + random.choice((1, 2, 8, 64, 1_000)))
    return data[:at], data[at:until], data[until:]


def _noise(data: bytes, random: Random) -> bytes:
    before, piece, after = _split(data, random)
    return before + random.randbytes(len(piece)) + after


def _cut_off(data: bytes, random: Random) -> bytes:
    return _split(data, random)[0]


def _without_a_piece(data: bytes, random: Random) -> bytes:
    before, _, after = _split(data, random)
    return before + after


def _repeated(data: bytes, random: Random) -> bytes:
    before, piece, after = _split(data, random)
    return before + piece * random.choice((2, 4, 200)) + after


def _stumbling(data: bytes, random: Random) -> bytes:
    before, piece, after = _split(data, random)
    return before + random.choice(_STUMBLES) + random.choice((piece, b"")) + after


def _other_numbers(data: bytes, random: Random) -> bytes:
    number = random.choice((b"-1", b"1e999", b"9" * 30, b"null"))
    return re.sub(rb"\d+", number, data, count=3)


_MUTATIONS = (_noise, _cut_off, _without_a_piece, _repeated, _stumbling, _other_numbers)
_STUMBLES = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\x1b[2J",
    "\u202e\u2066".encode(),
    b"[" * 5_000,
    b'{"a":' * 3_000,
    b'"',
    b"\n",
    b"\r",
    b",;\t|",
    b"null",
    b"NaN",
    b"true",
    b'["x"]',
    b"{}",
    b"=cmd()",
    b"$" * 500,
    b"\\textbf{" * 500,
    b"&amp;" * 500,
    b"<b" * 500,
    b"-\n" * 500,
    "\u0301".encode() * 500,
    "标题".encode() * 200,
)
