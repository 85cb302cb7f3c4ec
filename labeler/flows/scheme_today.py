"""The scheme of a workspace as it is today, for a model that was trained under it at some time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from labeler.config import Workspace
from labeler.errors import InputError, NotFoundError
from labeler.modelstore import Version
from labeler.topics import Scheme, load_scheme

_MAX_NAMED = 5  # topics


class SchemeToday(NamedTuple):
    """The scheme that a model's topics are read under, None where the model is of another one.

    ``names`` are those of the topics that are given (topic id → name), and ``notes`` say what else there is to know.
    """

    scheme: Scheme | None
    names: Mapping[str, str]
    notes: tuple[str, ...] = ()


def scheme_today(version: Version, workspace: Workspace | None) -> SchemeToday:
    """The present scheme of a workspace, if a model version is of it.

    It is where they have a topic in common; of a model that comes with labeler, the scheme must have all topics.
    """
    as_trained = SchemeToday(None, version.names)
    if workspace is None or not workspace.topics.is_file():
        return as_trained
    as_learned = f"The topics are as {version.label} has learned them"
    try:
        scheme = load_scheme(workspace.topics)
    except InputError as error:
        return as_trained._replace(notes=(f"{as_learned}: {error}.",))
    mode, topics = version.manifest.mode, version.manifest.topics
    gone = [topic for topic in topics if scheme.find(topic) is None]
    if len(gone) == len(topics) or (version.shipped and gone):
        return as_trained
    if mode != scheme.mode:
        reason = f"it is a {mode}-label model, and the scheme is {scheme.mode}-label now"
        return as_trained._replace(notes=(f"{as_learned}: {reason} (`labeler train`).",))
    names = {topic.id: topic.name for topic in scheme.topics if not topic.hidden}
    return SchemeToday(scheme, names, _notes_on([version.names.get(topic, topic) for topic in gone]))


def has_topic(workspace: Workspace, name: str) -> bool:
    """Whether the scheme of a workspace has a topic of this id, name or alias."""
    try:
        return load_scheme(workspace.topics).find(name) is not None
    except (InputError, NotFoundError):
        return False


def _notes_on(gone: Sequence[str]) -> tuple[str, ...]:
    """The note on topics that a model has and the scheme no longer has."""
    if not gone:
        return ()
    more = f" and {len(gone) - _MAX_NAMED} more" if len(gone) > _MAX_NAMED else ""
    return (f"Not given, as the scheme no longer has them: {', '.join(gone[:_MAX_NAMED])}{more}.",)
