"""The command line: options, then a flow, then output."""

import gc

# A command makes many thousands of objects that stay. To look among them for some that do not, as Python does for every
# 700 new ones, takes a twentieth of the time in which a page is labelled.
gc.set_threshold(50_000)

from labeler.cli.app import main  # noqa: E402

__all__ = ["main"]
