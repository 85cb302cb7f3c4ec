"""Where the papers stand in a JSON document: in lists, groups of lists, objects by identifier, tables, or alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labeler.digests.api_shapes import is_beside_papers, papers_in_rows, unwrapped
from labeler.digests.fields import NAMES, has_paper_fields, known_name, normal_name
from labeler.digests.shapes import identified, rows_of_lists, rows_of_object
from labeler.papers.placeholders import is_nothing

# Names of lists of papers. An object with one of them is no paper, even where it has a title and a summary of its own.
LISTS = frozenset(
    """
    papers paperlist items item data results result resultlist entries entry articles article records record works
    publications documents docs hits preprints collection
    """.split()
)
_WRAPPERS = ("paper", "data")  # what is in these is taken together with what stands beside them
# Lists and objects inside a paper that are other papers, or journals.
_OTHERS = frozenset(
    """
    references reference citations citedby cites related relatedpapers similar similarpapers recommendations
    recommended bibliography journal venue publicationvenue primarylocation locations bestoalocation hostvenue
    """.split()
)
_HEADS = frozenset(("feed", "channel", "meta", "info", "query"))  # objects that describe a digest
_TITLE_WORDS = 4  # of a title that shows by itself that a list is one of papers
_SCHEMA = frozenset(("schema", "fields", "columns", "messages"))  # what an answer says of itself


@dataclass(frozen=True, slots=True)
class Group:
    """Items that stand together: those of one list, the papers of one object, or one object ``alone``.

    ``path`` are the keys above them.
    """

    path: tuple[str, ...]
    items: list[Any]
    alone: bool = False

    @property
    def shows_papers(self) -> bool:
        """Whether at least one item is a paper for certain."""
        return any(_is_certain_object(item) or (not self.alone and _has_long_title(item)) for item in self._objects())

    @property
    def may_hold_papers(self) -> bool:
        """Whether at least one item has a title or an abstract."""
        return any(map(_has_fields, self._objects()))

    def _objects(self) -> Iterator[Mapping[str, Any]]:
        return (item for item in self.items if isinstance(item, Mapping))


def groups_of(document: Any) -> tuple[list[Group], list[Group]]:
    """The groups of papers in a document, and the groups of other objects, which are passed over.

    Where some groups hold papers for certain, those of which nothing but short titles is known are passed over.
    """
    groups = [group for group in _groups(document, ()) if group.items]
    showing = [group.shows_papers for group in groups]
    if not any(showing):
        showing = [group.may_hold_papers for group in groups]
    used = [group for group, shows in zip(groups, showing, strict=True) if shows]
    passed = [group for group, shows in zip(groups, showing, strict=True) if not shows]
    return used, [group for group in passed if not _SCHEMA.intersection(group.path)]


def is_empty(document: Any) -> bool:
    """Whether a document in which there is no paper is a digest of no papers (``[]``, ``{"papers": []}``)."""
    if isinstance(document, list):
        return all(isinstance(item, list) and is_empty(item) for item in document)
    if not isinstance(document, Mapping) or any(document.get(name) for name in ("error", "errors")):
        return False
    inner = [(normal_name(str(name)), value) for name, value in document.items() if isinstance(value, Mapping | list)]
    if len(inner) == len(document) and not any(value for _, value in inner):
        return True
    return any(is_empty(value) for name, value in inner if name in LISTS or (isinstance(value, Mapping) and value))


def _groups(value: Any, path: tuple[str, ...]) -> Iterator[Group]:
    if isinstance(value, Mapping):
        yield from _groups_of_object(value, path)
    elif isinstance(value, list):
        yield from _groups_of_list(value, path)


def _groups_of_list(items: list[Any], path: tuple[str, ...]) -> Iterator[Group]:
    if (rows := rows_of_lists(items)) is not None:
        yield Group(path, list(rows))
        return
    own: list[Any] = []
    for number, item in enumerate(items, start=1):
        if isinstance(item, Mapping) and is_beside_papers(item):
            continue
        if isinstance(item, Mapping) and "forum" not in item and _is_paper(item):
            own.append(item)
            continue
        if isinstance(item, Mapping) and (fields := unwrapped(item)) is not None:
            own.append(fields)
            continue
        inner = list(_groups(item, (*path, str(number))))
        if any(group.may_hold_papers for group in inner):
            yield from inner
        else:
            own.append(item)
    if any(isinstance(item, Mapping) for item in own):
        yield Group(path, own)


def _groups_of_object(document: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Group]:
    if (rows := rows_of_object(document)) is not None:
        yield Group(path, list(rows))
        return
    if (rows := papers_in_rows(document)) is not None:
        yield Group(path, list(rows))
        return
    if _is_paper(document):
        yield Group(path, [document], alone=True)
        return
    is_record = ("id" in document or "doi" in document) and LISTS.isdisjoint(map(normal_name, map(str, document)))
    if is_record and (fields := unwrapped(document)) is not None:
        yield Group(path, [fields], alone=True)
        return
    by_key = Group(path, [])
    found: list[Group] = []
    alike = all(isinstance(value, Mapping) and _has_fields(value) for value in document.values())
    for key, value in document.items():
        if isinstance(value, Mapping) and (alike or _is_certain_object(value)) and _is_paper(value):
            if not by_key.items:
                found.append(by_key)
            by_key.items.append(identified(str(key), value))
        elif not _is_other(str(key), value):
            found += _groups(value, (*path, str(key)))
    yield from found


def _is_other(key: str, value: Any) -> bool:
    """Whether what stands under a key describes other papers, a journal, or the digest."""
    name = normal_name(key)
    return name in _OTHERS or (name in _HEADS and isinstance(value, Mapping) and _is_paper(value))


def _is_paper(item: Mapping[str, Any]) -> bool:
    """Whether an object is a paper itself, rather than something that papers are in."""
    if isinstance(item.get("title"), str) and isinstance(item.get("abstract"), str) and LISTS.isdisjoint(item):
        return True  # most are so
    if not _has_fields(item) or rows_of_object(item) is not None:
        return False
    wrapped = any(_is_wrapped(item, name) for name in _WRAPPERS)
    lists = [value for name, value in item.items() if normal_name(str(name)) in LISTS]
    if not wrapped and any(group.may_hold_papers for value in lists for group in _groups(value, ())):
        return False
    if _is_certain_object(item):
        return True
    others = (value for name, value in item.items() if not _is_other(str(name), value))
    return not any(group.shows_papers for value in others for group in _groups(value, ()))


def _is_wrapped(item: Mapping[str, Any], name: str) -> bool:
    return isinstance(inner := item.get(name), Mapping) and has_paper_fields(map(str, inner))


def _has_fields(item: Mapping[str, Any]) -> bool:
    return has_paper_fields(map(str, item)) or any(_is_wrapped(item, name) for name in _WRAPPERS)


def _known(item: Mapping[str, Any]) -> set[str]:
    """The spellings of the fields that say something, those of a wrapped paper included."""
    inner = [value for name in _WRAPPERS if _is_wrapped(item, name) for value in [item[name]]]
    return {known_name(str(name))[0] for one in [item, *inner] for name, value in one.items() if not is_nothing(value)}


def _is_certain_object(item: Mapping[str, Any]) -> bool:
    """Whether an object has a title and an abstract or authors, or an abstract: a journal, too, has a title."""
    known = _known(item)
    has_title = not known.isdisjoint(NAMES["title"])
    return (not known.isdisjoint(NAMES["abstract"]) and (has_title or "summary" not in known)) or (
        has_title and not known.isdisjoint(NAMES["authors"])
    )


def _has_long_title(item: Mapping[str, Any]) -> bool:
    titles = (value for name, value in item.items() if known_name(str(name))[0] in NAMES["title"])
    return any(isinstance(title, str) and len(title.split()) >= _TITLE_WORDS for title in titles)
