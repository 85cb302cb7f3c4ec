"""What an import says of what it left out: rows that were refused, and labels that are no topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from labeler.cli.command import Run
from labeler.wording import shortened

MOST_LISTED = 10  # of a kind
_LONGEST_LABEL = 60  # characters of a label that are shown


def say_left_out(run: Run, refused: Sequence[str], unknown_labels: Counter[str], again: str = "import again") -> None:
    """Say which rows were ``refused``, and which labels are no topics; ``again`` is what to do once they are."""
    for line in refused[:MOST_LISTED]:
        run.say(f"note: {line}")
    if len(refused) > MOST_LISTED:
        run.say(f"note: {len(refused) - MOST_LISTED} more of this kind")
    if unknown_labels:
        common = unknown_labels.most_common(MOST_LISTED)
        labels = ", ".join(f"{shortened(label, _LONGEST_LABEL)!r} ({count})" for label, count in common)
        left = len(unknown_labels) - len(common)
        labels += f" and {left} more" if left else ""
        run.say(f"labels that are no topic of the scheme: {labels}; add them as topics or aliases, then {again}")
