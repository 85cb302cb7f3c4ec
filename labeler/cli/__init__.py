"""The command line: options, then a flow, then output."""

from labeler.cli.main import main

__all__ = ["main"]
