"""The errors a person can meet: each is one spoken line and an exit code."""

from __future__ import annotations


class LabelerError(Exception):
    """Base of all errors that are told in one line.

    ``message`` says what is wrong and where; ``hint`` says what to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(LabelerError):
    """The command was called in a way that it does not understand."""

    exit_code = 2


class InputError(LabelerError):
    """Input that is missing, unreadable, or too little to do anything with; nothing was written."""

    exit_code = 3


class NotFoundError(LabelerError):
    """Something named or needed is not there: a workspace, a model, a topic."""

    exit_code = 4


class ServerError(LabelerError):
    """A server or the network did not do what was asked."""

    exit_code = 5


class RefusedError(LabelerError):
    """A check said no: a faulty scheme, a damaged model."""

    exit_code = 6
