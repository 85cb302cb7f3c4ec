"""Lists in records, however they are spelled: authors, categories, identifiers."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from labeler.papers.ids import known_id
from labeler.papers.placeholders import is_nothing
from labeler.patterns import pattern


def authors_in(value: Any, tidy: Callable[[str], str]) -> Iterator[str]:
    """The names of authors in a text, a list or an object; ``tidy`` cleans a name."""
    if isinstance(value, str):
        names = without_entities(value.strip())
        value = _spelled_list(names) or list(parts_of(names, _author_separator(names)))
    if isinstance(value, Mapping):
        inside = None if _author_name(value) else next((one for one in value.values() if isinstance(one, list)), None)
        value = [value] if inside is None else inside
    for author in _authors_alone(value) if isinstance(value, list | tuple) else ():
        if author is None:
            continue
        if isinstance(author, Mapping):
            if author.get("hidden"):
                continue
            author = _author_name(author)
        if not is_nothing(name := _NAMESAKE.sub("", tidy(str(author)))):
            yield name


def without_entities(text: str) -> str:
    """A text with the letters that entities of HTML stand for, whose semicolons divide nothing."""
    if "&" not in text or ";" not in text:
        return text
    from html import unescape

    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def _authors_alone(people: Sequence[Any]) -> Sequence[Any]:
    """Of people whose parts are named, as in Zotero, the authors; all where there is none."""
    authors = [one for one in people if isinstance(one, Mapping) and one.get("creatorType") == "author"]
    return authors or people


def _author_name(author: Mapping[str, Any]) -> str:
    """The name in an object that describes an author: its parts, if it has no whole one."""
    inner = author.get("author")  # OpenAlex
    fields = inner if isinstance(inner, Mapping) else author
    known = {re.sub(r"[\W_]+", "", str(key)).lower(): value for key, value in fields.items()}
    whole = next((known[key] for key in _WHOLE_NAMES if known.get(key)), None)
    particles = (known.get("droppingparticle"), known.get("nondroppingparticle"))  # CSL: ``van der``
    family = known.get("family") or known.get("lastname")
    parts = (known.get("given") or known.get("firstname"), *particles, family, known.get("suffix"))
    return str(whole or " ".join(str(part) for part in parts if part))


_WHOLE_NAMES = ("name", "fullname", "displayname", "literal", "text", "creator", "authname", "collectivename")
_ENTITY = pattern(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_NAMESAKE = pattern(r" 0\d{3}$", re.ASCII)  # DBLP numbers people of one name
_AND = pattern(r"\s+(?:and|&)\s+")
_INITIALS = pattern(r"(?:[^\W\d_]\.[ -]?){1,4}")


def _author_separator(names: str) -> str:
    """What stands between authors: a semicolon or a bar, or comma and ``and``; a comma inside ``Marx, Karl`` does not
    count.
    """
    for sign in ";|":
        if sign in names:
            return rf"\s*[{sign}]\s*"
    people = _AND.split(names)
    if len(people) > 1 and all(name.count(",") == 1 for name in people):
        surnames = [name.partition(",")[0].strip() for name in people]
        if not any("." in name for name in surnames) and any(" " not in name for name in surnames):
            return _AND.pattern
    parts = [part.strip() for part in re.split(r",|\band\b|&", names) if part.strip()]
    if len(parts) > 1 and len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, parts[1::2])):
        return r"(?<=\.)\s*,?\s*(?:and\b|&)\s*|(?<=\.)\s*,\s*"
    if names.count(",") == 1 and not all(" " in part for part in parts):
        return _AND.pattern
    return r"\s*,\s*(?:and|&)\s+|\s+(?:and|&)\s+|\s*,\s*"


def parts_of(value: Any, separator: str) -> Iterator[str]:
    """A list as it is; a string that spells a Python or JSON list, or one whose parts a separator divides."""
    if isinstance(value, str):
        spelled = _spelled_list(value)
        value = re.split(separator, without_entities(value)) if spelled is None else spelled
    for part in value if isinstance(value, list | tuple) else ():
        text = next((part[key] for key in _LABELS if part.get(key)), "") if isinstance(part, Mapping) else part
        if str(text).strip():
            yield str(text).strip()


def categories_in(value: Any) -> Iterator[str]:
    """The categories in a text or a list. Those of arXiv may stand with a blank between them; others have blanks."""
    for part in parts_of(value, r"\s*[;,]\s*"):
        words = part.split()
        yield from words if len(words) > 1 and all(map(_OF_ARXIV.fullmatch, words)) else [part]


_OF_ARXIV = pattern(
    r"[a-z]+(?:-[a-z]+)?\.[A-Za-z-]{2,}|(?:acc|adap|astro|chao|chem|cmp|comp|dg|alg|funct|hep|nucl|math|quant|solv|supr|"
    r"gr|cond|patt|plasm|q|ao)-[a-z]{2,4}|cs|math|stat|physics|nlin|econ|eess"
)
_LABELS = (
    "term",
    "@term",
    "name",
    "display_name",
    "value",
    "label",
    "descriptorName",
    "keyword",
    "category",
    "tag",
)  # of categories that are objects


def _spelled_list(text: str) -> list[Any] | tuple[Any, ...] | None:
    """The list that a string spells in Python or JSON; None where it does not begin as one."""
    if not (text.lstrip().startswith("[") and text.rstrip().endswith("]")):
        return None
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        value = [text]
    return value if isinstance(value, list | tuple) else [text]


def listed_ids(record: Mapping[str, Any]) -> Iterator[str]:
    """The identifiers in lists of objects that name the kind of each (``{"type": "doi", "id": "10.1000/x"}``)."""
    for name in ("articleids", "identifier", "identifiers", "externalids"):
        for item in listed if isinstance(listed := record.get(name), list) else ():
            if isinstance(item, Mapping):
                kind = next((str(item[key]).lower() for key in ("type", "idtype", "idType") if item.get(key)), "")
                value = next((str(item[key]) for key in ("value", "id", "identifier") if item.get(key)), "")
                prefix = {"pubmed": "pmid", "arxiv_id": "arxiv", "pmc": "pmcid"}.get(kind, kind)
                if prefix in ("doi", "pmid", "arxiv", "pmcid"):
                    yield known_id(value) or known_id(f"{prefix}:{value}") or ""
            elif isinstance(item, str) and (item.lower().startswith(("arxiv:", "doi:", "pmid:"))):
                yield known_id(item) or ""
