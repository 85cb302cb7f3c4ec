"""The description of a project on the server: it names the workspace, and the topics that were offered when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_MARK = "labeler-workspace: "
_REVIEW_MARK = "labeler-review-of: "  # which the first project does not have, so that it is not taken for it
_OFFERED = "labeler-topics: "
_MODEL = "labeler-model: "
_ABOUT = (
    "Papers for the topics of a labeler workspace. labeler finds the project by the lines below: please leave them."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """The topics that the labeling interface offers from a time on, by the server's clock, until the next offer."""

    since: datetime
    topics: tuple[str, ...]


def description(workspace: str, offers: Sequence[Offer], model: str = "", review: bool = False) -> str:
    """The description for a workspace's project; ``model`` is what :func:`model_in` finds.

    ``review`` is that of the project in which judged papers are judged once more.
    """
    lines = [f"{_OFFERED}{offer.since:%Y-%m-%dT%H:%M:%SZ} {' '.join(offer.topics)}" for offer in offers]
    return with_model("\n".join([_ABOUT, f"{_mark(review)}{workspace}", *lines]), model)


def with_model(text: str, model: str) -> str:
    """A description in which ``model`` is the one whose predictions the project has; its other lines stay.

    The line stands below that of the workspace, at the end where there is none.
    """
    lines = [line for line in text.split("\n") if not line.startswith(_MODEL)] if text else []
    after = next((number for number, line in enumerate(lines, start=1) if line.startswith(_MARK)), len(lines))
    return "\n".join([*lines[:after], *([_MODEL + model] if model else ()), *lines[after:]])


def model_in(text: str) -> str:
    """The model whose predictions a project has, as in ``mine@3 0123456789abcdef``; empty where none is named.

    The server knows predictions by the label of their model alone, and another model may have the same one.
    """
    found = re.search(rf"^{_MODEL}(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def workspace_in(text: str, review: bool = False) -> str | None:
    """The id of the workspace whose project, or whose ``review``, a description names; None where it names none."""
    found = re.search(rf"{_mark(review)}(\w+)", text)
    return found[1] if found else None


def _mark(review: bool) -> str:
    return _REVIEW_MARK if review else _MARK


def offers_in(text: str) -> tuple[Offer, ...]:
    """The offers in a description, in its order. A line whose time cannot be read counts from the beginning."""
    lines = re.findall(rf"^{_OFFERED}(\S+)(.*)$", text, re.MULTILINE)
    return tuple(_offer(since, topics) for since, topics in lines)


def _offer(since: str, topics: str) -> Offer:
    try:
        moment = datetime.fromisoformat(since)
        return Offer(moment if moment.tzinfo else moment.replace(tzinfo=UTC), tuple(topics.split()))
    except ValueError:  # somebody has edited the line
        return Offer(datetime.fromtimestamp(0, UTC), tuple(topics.split()))
