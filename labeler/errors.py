"""Errors that are shown to users: each is one line and has an exit code."""

from __future__ import annotations


class LabelerError(Exception):
    """Base of all errors of labeler.

    ``message`` says what is wrong and where; ``hint`` says what to do about it. The command line shows both in one
    line and ends with ``exit_code``.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(LabelerError):
    """The command was called with wrong arguments or options, or needs a package that is not installed."""

    exit_code = 2


class InputError(LabelerError):
    """An input is missing, cannot be read, or has too little to work with; or an output cannot be written."""

    exit_code = 3


class TooFewJudgementsError(InputError, ValueError):
    """So little was judged that nothing can be learned; a ValueError too, as scikit-learn expects."""


class NotFoundError(LabelerError):
    """A workspace, a model or a topic does not exist."""

    exit_code = 4


class ServerError(LabelerError):
    """A request to a server failed, or the network did."""

    exit_code = 5


class RefusedError(LabelerError):
    """A check failed: a topic scheme with faults, a damaged model."""

    exit_code = 6
