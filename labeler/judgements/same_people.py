"""People who stand under several names in the log: a number in an export, an address elsewhere.

The section ``[annotators]`` of the settings says which names are one person; the log keeps what stood in its sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.judgements.judgement import Judgement, annotator_name

SECTION = "annotators"
_EXAMPLE = '"ada@example.org" = ["ada", "7"]'


def names_of_people(workspace: Workspace) -> dict[str, str]:
    """The name of the person for each other name, as the settings of a workspace have them.

    Raises:
        InputError: the section is no table of lists of names, or gives a name to two people.
    """
    section = workspace.sections.get(SECTION, {})
    where = f"[{SECTION}] in {workspace.settings_file}"
    if not isinstance(section, Mapping):
        raise InputError(f"{where} is no table", f"write lines such as {_EXAMPLE} under it")
    people: dict[str, str] = {}
    for name, others in section.items():
        if not isinstance(others, list) or not all(isinstance(other, str) for other in others):
            raise InputError(f"{where}: {name} is no list of names", f"write it as in {_EXAMPLE}")
        if not all(one.strip() for one in (name, *others)):
            raise InputError(f"{where}: a name of {name!r} is empty", f"write it as in {_EXAMPLE}")
        person = annotator_name(name)
        for other in map(annotator_name, others):
            if other in section or people.get(other, person) != person:
                raise InputError(f"{where}: {other!r} is two people", "give it to one")
            people[other] = person
    return people


def with_names(judgements: Iterable[Judgement], people: Mapping[str, str]) -> list[Judgement]:
    """The judgements, each with the name of the person whose other name it has. Their ids stay as they are."""
    return [
        replace(judgement, annotator=people[judgement.annotator]) if judgement.annotator in people else judgement
        for judgement in judgements
    ]


def name_shown(name: str, people: Mapping[str, str]) -> str:
    """The name of the person who has a name, or that name itself. (A ``get`` passes over pseudonyms.)"""
    return people[name] if name in people else name  # noqa: SIM401
