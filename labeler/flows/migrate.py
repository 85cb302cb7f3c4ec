"""A changed topic scheme, carried through the log and the server: both or neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeler.config import Workspace
from labeler.errors import NotFoundError, RefusedError
from labeler.judgements import Judgement, JudgementLog
from labeler.judgements.labels import standing
from labeler.judgements.rename import renamed
from labeler.studio.connection import alone, projects_of, server_of
from labeler.studio.interface import interface, names_in, same_interface
from labeler.studio.project import Project
from labeler.topics import Scheme, sound_scheme
from labeler.topics.mode import Mode

_HIDE = "hide it instead (hidden = true), or name it in the aliases of the topic it goes into"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one topic: ``kind`` is added, renamed, hidden, shown, merged or removed.

    ``into`` is the topic that took it in, or its new name; ``judgements`` is how many in the log say yes to it.
    """

    kind: str
    topic: str
    into: str | None = None
    judgements: int = 0

    def __str__(self) -> str:
        told = f" ({self.judgements} judgements)" if self.judgements else ""
        match self.kind:
            case "merged":
                return f"{self.topic} goes into {self.into}{told}"
            case "renamed":
                return f"{self.topic} is called {self.into!r} now"
            case _:
                return f"{self.topic} is {self.kind}{told}"


@dataclass
class Migration:
    """What a migration does (in a dry run: would do); ``carried`` judgements are superseded by others."""

    changes: list[Change] = field(default_factory=list)
    carried: int = 0
    project: str | None = None
    interface_changed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The plan, for programs."""
        return {
            "changes": [
                {"kind": one.kind, "topic": one.topic, "into": one.into, "judgements": one.judgements}
                for one in self.changes
            ],
            "judgements_carried": self.carried,
            "project": self.project,
            "interface_changed": self.interface_changed,
        }


def migrate(workspace: Workspace, dry_run: bool = False) -> Migration:
    """Carry the scheme as it stands in ``topics.toml`` through log and server.

    Raises:
        RefusedError: the scheme has faults, or takes something away that people have said; nothing is changed.
        ServerError: the server failed; nothing is changed.
    """
    scheme = sound_scheme(workspace.topics)
    log = JudgementLog(workspace.judgements)
    with alone(workspace):
        project = _project(workspace)
        told = standing(log.read().judgements)
        changes = compare(scheme, names_in(project.label_config) if project else None, told)
        into = {one.topic: one.into for one in changes if one.kind == "merged" and one.into}
        _check_log(scheme, changes, told)
        if project is not None:
            _check_server(project, scheme)
        done = Migration(changes, len(renamed(told, into)), project.url if project else None)
        done.interface_changed = project is not None and not _is_set_up(project, scheme)
        if not dry_run:
            _carry_out(log, project, scheme, into)
    return done


def compare(scheme: Scheme, names: Mapping[str, str] | None, told: Sequence[Judgement]) -> list[Change]:
    """What has changed between the scheme and what the log and the server know.

    ``names`` are the topics that the server's interface offers, by id, and what they are called there; None where
    there is no server.
    """
    counts = Counter(topic for one in told for topic in {*one.yes, *one.no, *one.offered})
    named = Counter(topic for one in told for topic in one.yes)
    offered = dict.fromkeys(scheme.offered)
    changes = []
    for topic in scheme.ids if names is not None else ():
        there = names.get(topic) if names else None
        if topic in offered and there is None:
            changes.append(Change("shown again" if counts[topic] else "added", topic, None, named[topic]))
        elif topic in offered and there != scheme.name(topic):
            changes.append(Change("renamed", topic, scheme.name(topic)))
        elif topic not in offered and there is not None:
            changes.append(Change("hidden", topic, None, named[topic]))
    said = {topic for one in told for topic in one.yes}
    for topic in dict.fromkeys([*(names or ()), *sorted(counts)]):
        into = scheme.find(topic)
        if topic not in scheme.ids and (into or topic in said or topic in (names or ())):
            changes.append(Change("merged" if into else "removed", topic, into, named[topic]))
    return changes


def _project(workspace: Workspace) -> Project | None:
    try:
        return next(iter(projects_of(workspace, server_of(workspace))), None)
    except NotFoundError:
        return None


def _check_log(scheme: Scheme, changes: Sequence[Change], told: Sequence[Judgement]) -> None:
    for one in changes:
        said = sum(one.topic in judgement.yes for judgement in told)
        if one.kind == "removed" and said:
            raise RefusedError(f"{said} judgements say yes to {one.topic!r}, which the scheme no longer has", _HIDE)
    several = sum(len(judgement.yes) > 1 for judgement in told)
    if scheme.mode == Mode.SINGLE and several:
        raise RefusedError(
            f"{several} judgements name several topics, and the scheme allows one a paper",
            'keep mode = "multi", or have these papers judged again',
        )


def _check_server(project: Project, scheme: Scheme) -> None:
    """Annotations may name topics that are hidden or merged by now: they are read as what these have become."""
    wished = interface(scheme, project.label_config)
    objection = "" if same_interface(project.label_config, wished) else project.objection(wished)
    named = re.findall(r"(\S+) \(\d+ (?:annotation|draft)", objection)
    for topic in named:
        if scheme.find(topic) is None:
            raise RefusedError(f"annotations in Label Studio still name {topic!r}", _HIDE)
    if objection and not named:
        raise RefusedError(f"the new interface cannot be used: {objection}", "nothing was changed")


def _is_set_up(project: Project, scheme: Scheme) -> bool:
    return same_interface(project.label_config, interface(scheme, project.label_config))


def _carry_out(log: JudgementLog, project: Project | None, scheme: Scheme, into: Mapping[str, str]) -> None:
    before = (project.label_config, project.offers) if project else None
    if project is not None and not _is_set_up(project, scheme):
        project.set_up(interface(scheme, project.label_config), scheme.offered)
    try:
        if into:
            log.update(lambda known: renamed(standing(known), into))
    except BaseException:
        if project is not None and before is not None:
            project.configure(*before)
        raise
