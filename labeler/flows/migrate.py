"""Migrate the log and the server to a changed topic scheme: both or neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from labeler.config import Workspace
from labeler.errors import LabelerError, RefusedError
from labeler.judgements import Judgement, JudgementLog
from labeler.judgements.labels import current_judgements
from labeler.judgements.splits import carried
from labeler.modelstore import ModelStore
from labeler.studio.connection import known_server, projects_of, push_lock
from labeler.studio.interface import interface, names_in, same_interface
from labeler.studio.project import Project
from labeler.studio.pull_state import known_project
from labeler.studio.server import Server
from labeler.suggest.splits import to_judge_again
from labeler.topics import Scheme, load_checked_scheme
from labeler.topics.mode import Mode
from labeler.wording import counted

_HIDE = "hide it instead (hidden = true), or name it in the aliases of the topic it goes into"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one topic: ``kind`` is added, renamed, hidden, shown again, merged, split, removed or moved.

    ``into`` is the topic that it is merged into, its new name, its parts, or the topic that it is below now (None:
    none).
    ``judgements`` counts those that say yes to it.
    """

    kind: str
    topic: str
    into: str | None = None
    judgements: int = 0

    def __str__(self) -> str:
        count = f" ({counted(self.judgements, 'judgement')})" if self.judgements else ""
        match self.kind:
            case "merged":
                return f"{self.topic} goes into {self.into}{count}"
            case "split":
                return f"{self.topic} is split into {self.into}{count}"
            case "renamed":
                return f"{self.topic} is called {self.into!r} now"
            case "moved":
                return f"{self.topic} is below {self.into or 'no topic'} now; judgements are read so from now on"
            case _:
                return f"{self.topic} is {self.kind}{count}"


@dataclass
class Migration:
    """What a migration has changed (in a dry run: would change); ``carried`` judgements are superseded by others.

    ``server`` is the address of the server that was asked, None where none is known. ``project`` is the address of the
    workspace's project there; where it is not there, ``elsewhere`` is where it was before. ``again`` counts the papers
    of topics that were split, which people are to judge again.
    """

    changes: list[Change] = field(default_factory=list)
    carried: int = 0
    server: str | None = None
    project: str | None = None
    elsewhere: str | None = None
    interface_changed: bool = False
    again: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The changes as JSON, for programs."""
        return {
            "changes": [
                {"kind": change.kind, "topic": change.topic, "into": change.into, "judgements": change.judgements}
                for change in self.changes
            ],
            "judgements_carried": self.carried,
            "server": self.server,
            "project": self.project,
            "project_before": self.elsewhere,
            "interface_changed": self.interface_changed,
            "to_judge_again": self.again,
        }


def migrate(workspace: Workspace, dry_run: bool = False) -> Migration:
    """Change log and server to the scheme in ``topics.toml``.

    Where no server is known, the log alone is changed. Of a server that is known but cannot be asked, such as one
    without a key, nobody knows what it has; so nothing is changed then.

    Raises:
        RefusedError: the scheme has faults, or lacks a topic that judgements say yes to; nothing is changed.
        NotFoundError: a server is known, but no key for it; nothing is changed.
        ServerError: the server failed; nothing is changed.
    """
    scheme = load_checked_scheme(workspace.topics)
    log = JudgementLog(workspace.judgements)
    server = known_server(workspace)
    with nullcontext() if dry_run else push_lock(workspace), _review_follows(workspace, server, scheme, dry_run):
        project = next(iter(projects_of(workspace, server)), None) if server else None
        known = log.read().judgements
        judgements = current_judgements(known)
        changes = compare(scheme, names_in(project.label_config) if project else None, judgements)
        changes += moved(scheme, _trained_scheme(workspace))
        into = {change.topic: change.into for change in changes if change.kind == "merged" and change.into}
        _check_log(scheme, changes, judgements)
        if project is not None:
            _check_server(project, scheme)
        carried_over = len(carried(judgements, into, scheme))
        migration = Migration(changes, carried_over, server.url if server else None)
        migration.again = len(to_judge_again(known, scheme))
        if project is not None:
            migration.project = project.url
        elif (before := known_project(workspace)) is not None:
            migration.elsewhere = before.url
        migration.interface_changed = project is not None and not _is_set_up(project, scheme)
        if not dry_run:
            _carry_out(log, project, scheme, into)
    return migration


def compare(scheme: Scheme, names: Mapping[str, str] | None, judgements: Sequence[Judgement]) -> list[Change]:
    """The differences between the scheme and the topics that log and server know.

    ``names`` are the names of the topics in the server's interface, by topic id; None where there is no server.
    """
    counts = Counter(topic for judgement in judgements for topic in {*judgement.yes, *judgement.no, *judgement.offered})
    yes_counts = Counter(topic for judgement in judgements for topic in judgement.yes)
    offered = dict.fromkeys(scheme.offered)
    changes = []
    for topic in scheme.ids if names is not None else ():
        name = names.get(topic) if names else None
        if topic in offered and name is None:
            changes.append(Change("shown again" if counts[topic] else "added", topic, None, yes_counts[topic]))
        elif topic in offered and name != scheme.name(topic):
            changes.append(Change("renamed", topic, scheme.name(topic)))
        elif topic not in offered and name is not None:
            changes.append(Change("hidden", topic, None, yes_counts[topic]))
    for topic in dict.fromkeys([*(names or ()), *sorted(counts)]):
        into = scheme.find(topic)
        if topic not in scheme.ids and (into or topic in yes_counts or topic in (names or ())):
            parts = " and ".join(scheme.splits.get(topic, ()))
            kind = "merged" if into else "split" if parts else "removed"
            changes.append(Change(kind, topic, into or parts or None, yes_counts[topic]))
    return changes


def moved(scheme: Scheme, before: Scheme | None) -> list[Change]:
    """The topics that have another parent than in an earlier scheme. What people said of them stays as it is."""
    if before is None:
        return []
    parents, earlier = scheme.hierarchy.parents, before.hierarchy.parents
    return [
        Change("moved", topic, parents.get(topic))
        for topic in scheme.ids
        if topic in before.ids and parents.get(topic) != earlier.get(topic)
    ]


def _trained_scheme(workspace: Workspace) -> Scheme | None:
    """The scheme that the current model was trained under; None where there is no such model."""
    with suppress(LabelerError):
        return ModelStore(workspace.models).find().manifest.training.scheme
    return None


def _check_log(scheme: Scheme, changes: Sequence[Change], judgements: Sequence[Judgement]) -> None:
    """Refuse a scheme that lacks topics that judgements say yes to, or allows fewer topics a paper than they name."""
    for change in changes:
        count = sum(change.topic in judgement.yes for judgement in judgements)
        if change.kind == "removed" and count:
            raise RefusedError(
                f"{counted(count, 'judgement')} of {change.topic!r}, which the scheme no longer has",
                _HIDE,
            )
    several = sum(len(judgement.yes) > 1 for judgement in judgements)
    if scheme.mode == Mode.SINGLE and several:
        raise RefusedError(
            f"{counted(several, 'judgement')} with several topics, and the scheme allows one a paper",
            'keep mode = "multi", or have these papers judged again',
        )


def _check_server(project: Project, scheme: Scheme) -> None:
    """Refuse a scheme whose interface the server refuses.

    Annotations may name topics that are hidden or merged by now; a pull reads them as the topics of the scheme.
    """
    label_config = interface(scheme, project.label_config, project.review)
    objection = "" if same_interface(project.label_config, label_config) else project.objection(label_config)
    named = re.findall(r"(\S+) \(\d+ (?:annotation|draft)", objection)
    for topic in named:
        if scheme.find(topic) is None and topic not in scheme.splits:
            raise RefusedError(f"annotations in Label Studio still name {topic!r}", _HIDE)
    if objection and not named:
        raise RefusedError(f"the new interface cannot be used: {objection}", "nothing was changed")


def _is_set_up(project: Project, scheme: Scheme) -> bool:
    return same_interface(project.label_config, interface(scheme, project.label_config, project.review))


def bring_up_to_date(project: Project, scheme: Scheme) -> None:
    """Have a project of the workspace offer the topics of the scheme.

    Raises:
        RefusedError: the server refuses, as where annotations name a topic that the scheme has no more.
    """
    _check_server(project, scheme)
    if not _is_set_up(project, scheme):
        project.set_up(interface(scheme, project.label_config, project.review), scheme.offered)


@contextmanager
def _review_follows(workspace: Workspace, server: Server | None, scheme: Scheme, dry_run: bool) -> Iterator[None]:
    """Carry a migration to the project of the review, too; where that cannot be, before anything is changed.

    Raises:
        RefusedError: the server refuses the topics of the scheme.
    """
    project = next(iter(projects_of(workspace, server, review=True)), None) if server else None
    if project is not None:
        _check_server(project, scheme)
    yield
    if project is not None and not dry_run:
        bring_up_to_date(project, scheme)


def _carry_out(log: JudgementLog, project: Project | None, scheme: Scheme, into: Mapping[str, str]) -> None:
    """Change server and log; where the log cannot be written, the server's interface is set back."""
    before = (project.label_config, project.offers) if project else None
    if project is not None and not _is_set_up(project, scheme):
        project.set_up(interface(scheme, project.label_config), scheme.offered)
    try:
        if into or scheme.splits:
            log.update(lambda known: carried(current_judgements(known), into, scheme))
    except BaseException:
        if project is not None and before is not None:
            project.configure(*before)
        raise
