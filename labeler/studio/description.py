"""The description of a project on the server: it names the workspace, and the topics that were offered when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_MARK = "labeler-workspace: "
_OFFERED = "labeler-topics: "
_ABOUT = (
    "Papers for the topics of a labeler workspace. labeler finds the project by the lines below: please leave them."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """The topics that the labeling interface offers from a time on, by the server's clock, until the next offer."""

    since: datetime
    topics: tuple[str, ...]


def description(workspace: str, offers: Sequence[Offer]) -> str:
    """The description for a workspace's project."""
    lines = [f"{_OFFERED}{offer.since:%Y-%m-%dT%H:%M:%SZ} {' '.join(offer.topics)}" for offer in offers]
    return "\n".join([_ABOUT, f"{_MARK}{workspace}", *lines])


def workspace_in(text: str) -> str | None:
    """The id of the workspace that a description names; None where it names none."""
    found = re.search(rf"{_MARK}(\w+)", text)
    return found[1] if found else None


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
