"""The log of judgements: an append-only file of JSON lines (:mod:`labeler.appending`).

What was forgotten (:mod:`labeler.judgements.forgotten`) is neither read, where a merge of two branches brought lines of
it back, nor appended again, wherever it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from labeler.appending import append_lines, open_to_append, parse_lines
from labeler.config import Workspace
from labeler.errors import InputError
from labeler.files import os_message, regular_bytes
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.judgement import Judgement
from labeler.judgements.pseudonyms import names_shown
from labeler.judgements.same_people import with_names
from labeler.wording import counted


@dataclass
class LogReading:
    """The content of a log: its judgements, each id once, and messages about lines that cannot be read.

    ``incomplete`` is the message about a last line that was cut short, or that another process is writing; else empty.
    """

    judgements: list[Judgement] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    incomplete: str = ""


def read_log(workspace: Workspace) -> LogReading:
    """The log of a workspace, in which people under several names have one, as its settings say, or a pseudonym.

    Raises:
        InputError: the log or these settings cannot be read.
    """
    reading = JudgementLog(workspace.judgements).read()
    reading.judgements = with_names(reading.judgements, names_shown(workspace))
    return reading


class JudgementLog:
    """The log at ``path``, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> LogReading:
        """Read the log. An incomplete last line is no fault, as another process may be writing it.

        Raises:
            InputError: the file exists but cannot be read.
        """
        try:
            data = regular_bytes(self.path)
        except FileNotFoundError:
            return LogReading()
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {os_message(error)}", "check its permissions") from error
        return self._parse(data)

    def update(self, plan: Callable[[Sequence[Judgement]], Sequence[Judgement]]) -> tuple[list[Judgement], list[str]]:
        """Append the judgements that ``plan`` returns for those in the log, while the log is locked.

        Returns:
            The judgements that were appended, and messages about the log (a repair, lines that cannot be read), and
            about judgements that are not appended as they were forgotten.

        Raises:
            InputError: the log cannot be written, or another process keeps it locked.
        """
        with open_to_append(self.path, "repeat the import that was interrupted") as (stream, messages):
            stream.seek(0)
            reading = self._parse(stream.read())
            added, left_out = self.not_forgotten(plan(reading.judgements))
            append_lines(stream, (item.to_dict() for item in added))
        return added, messages + reading.faults + left_out

    def not_forgotten(self, judgements: Sequence[Judgement]) -> tuple[list[Judgement], list[str]]:
        """The judgements that are not of people or papers that were forgotten, and a message where some are."""
        kept = Forgotten.of(self.path.parent).without(judgements)
        count = len(judgements) - len(kept)
        told = f"left out as their annotator or paper was forgotten: {counted(count, 'judgement')}"
        return kept, [told] if count else []

    def _parse(self, data: bytes) -> LogReading:
        """The content of a log in bytes."""
        judgements, faults, incomplete = parse_lines(data, self.path.name, Judgement.from_dict)
        distinct: dict[str, Judgement] = {}
        for judgement in judgements:
            distinct.setdefault(judgement.id, judgement)
        kept = Forgotten.of(self.path.parent).without(list(distinct.values()))
        if back := len(distinct) - len(kept):
            faults.append(
                f"{self.path.name}: {counted(back, 'judgement')} of people or papers that were forgotten came back, as "
                "by a merge, and do not count; `labeler forget` takes them out again"
            )
        return LogReading(kept, faults, incomplete)
