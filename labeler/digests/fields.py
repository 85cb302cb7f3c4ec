"""From a record as a format spells it to a :class:`Paper`: names of fields, authors, categories, identifiers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from labeler.digests.bibliographic import bibliographic
from labeler.digests.lists import authors_in, categories_in, listed_ids, parts_of
from labeler.digests.names_elsewhere import ABSTRACTS, AUTHORS, TITLES
from labeler.digests.other_ids import OTHER_NAMES, other_ids
from labeler.digests.record_dates import DATES, date_of
from labeler.papers.cleaning import clean, plain
from labeler.papers.ids import arxiv_id, doi, known_id, sort_ids, title_id
from labeler.papers.mojibake import mended
from labeler.papers.needs_cleaning import with_clean_words
from labeler.papers.normal_forms import normalized
from labeler.papers.paper import Paper
from labeler.papers.placeholders import is_no_abstract, is_no_title, is_nothing
from labeler.papers.quality import flags_of
from labeler.patterns import pattern

# Spellings of each field, compared without case, spaces and punctuation; the first that holds something counts.
NAMES: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "papertitle", "articletitle", "primarytitle", "documenttitle", "ti", "t1", *TITLES,
    ),
    "abstract": (
        "abstract", "summary", "abstractnote", "abstracttext", "abstractlines", "abstractinvertedindex", "ab", "n2",
        *ABSTRACTS,
    ),
    "authors": (
        "authors", "author", "authornames", "authorsnames", "authorstring", "authorships", "creators", "creator",
        "firstauthors", "au", "authorshipsauthordisplayname", "authorshipsrawauthorname", "contributors",
        "authfullname", *AUTHORS,
    ),
    "date": DATES,
    "url": (
        "url", "abs", "entryurl", "entryid", "link", "absurl", "htmlurl", "pdfurl", "pdf", "openurllink", "externalurl",
        "documenturl", "pdflink", "plink", "ee", "titlelink", "fromurl", "linktopaper", "landingpageurl", "weblink",
        "sourceurl", "uri",
    ),
    "categories": (
        "categories", "category", "subjects", "arxivcategories", "primarycategory", "s2fieldsofstudy", "fieldsofstudy",
    ),
    "arxiv": ("arxivid", "baseid", "arxiv", "eprint", "id", "paperid", "universalpaperid"),
    "doi": ("doi", "digitalobjectidentifier", "doilink", "doiurl", "di", "prismdoi", "doiid"),
    "pmid": ("pmid", "pubmedid", "pubmed", "pm", "medlinepmid"),
}  # fmt: skip
# Names that mean anything: an abstract where there is a title and nothing else that is called one.
WEAK_ABSTRACTS = ("description", "dcdescription", "content", "contenthtml", "contenttext", "body", "text")
UNUSUAL = frozenset({*TITLES, *ABSTRACTS, *WEAK_ABSTRACTS})  # people are told what was made of these
NESTED = ("paper", "data", "externalIds", "externalids", "ids", "identifiers")
_OF_SOLR = (
    "_s",
    "_t",
    "_ss",
    "_txt",
    "_tdate",
)  # kinds of fields: https://solr.apache.org/guide/solr/latest/indexing-guide/dynamic-fields.html
_LINKS = NAMES["url"]
_KNOWN = frozenset(name for names in NAMES.values() for name in names)
# What stands before a field's name in some digests (paper_title, dc:title), after it, or in brackets beside it.
_PREFIX = pattern(r"(?:paper|article|arxiv|preprint|manuscript|document|citation|item|dcterms|dc)(?=\w)")
_SUFFIX = pattern(r"(?<=\w)(?:original|english|eng|en)$")
_INITIALS = pattern(r"\s*(?:[^\W\d_]\.[ -]?)+\s*")
_BRACKETS = pattern(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_RETRACTED = frozenset("isretracted publicationtype publicationtypes documenttype pubtype pubtypes pt dt m3".split())
_LONGEST_NOTHING = 100  # letters; longer texts are not looked at, blank or not
# What feeds put around titles and abstracts of arXiv.
_PMID = pattern(r"(?<!\d)(\d{1,12})(?:\.0)?/?\s*$", re.ASCII)  # alone, as the end of a link, or as pandas writes it
_TITLE_TAIL = pattern(r"\s*\(arXiv:(?P<id>\S+?)\s+\[(?P<category>[\w.-]+)\](?P<kind>[^()]*)\)\s*$")
_JATS_HEADING = pattern(r"^\s*<jats:title>\s*(?:Abstract|Summary)\s*</jats:title>", re.IGNORECASE)
_ANNOUNCED = (("replace", "replaced"), ("updated", "replaced"), ("cross", "cross_listed"))
_ABSTRACT_HEAD = pattern(r"^\s*arXiv:(?P<id>\S+)\s+Announce\s+Type:\s*(?P<kind>\S+)\s+Abstract:\s*", re.IGNORECASE)


def paper_of(fields: Mapping[str, Any], source: str) -> Paper:
    """The paper that a record describes.

    Raises:
        ValueError: it has neither a title nor an abstract; the text says so.
    """
    record = _flat(fields)
    own = isinstance(record.get("ids"), list)  # our own form is clean already
    tidy = plain if own else _clean
    title, abstract = _said(record, "title", tidy), _said(record, "abstract", tidy)
    said = record.get("flags")
    flags = {plain(str(flag)) for flag in said} if isinstance(said, list | tuple) else set()
    ids, categories = set(_ids(record)), list(categories_in(_first(record, "categories")))
    if not own:
        if not title.isascii() and (misread := _said(record, "title", clean)) != title:
            ids.add(title_id(misread))  # by which earlier versions knew the paper
        title, abstract, marks = _without_marks(title, abstract)
        abstract = "" if marks and is_no_abstract(abstract) else abstract
        for mark in marks:
            ids.add(arxiv_id(mark["id"]) or "")
            categories = categories or ([mark["category"]] if "category" in mark else [])
            flags |= set(announced(mark.get("kind", "")))
    found = set(flags_of(title, abstract, _comments(record)))
    flags |= found - {"cut_abstract"} if "cut_short" in flags else found
    flags |= {"retracted"} if _is_marked_retracted(record) else set()
    ids.discard("")
    return Paper.make(
        title,
        abstract,
        ids=ids,
        authors=tuple(authors_in(_first(record, "authors"), tidy)),
        date=date_of(record, _text_of),
        url=_url(record, ids),
        categories=tuple(dict.fromkeys(map(plain, categories))),
        source=plain(_said_source(record) or source),
        flags=tuple(sorted(flags)),
        **bibliographic(record),
    )


def identifier_fields(names: Iterable[str]) -> list[str]:
    """Those of ``names`` that :func:`identifiers_in` looks at."""
    stated = (name for field in ("arxiv", "doi", "pmid") for name in NAMES[field])
    known = {"ids", "paper", "data", "externalids", *stated, *_LINKS, *OTHER_NAMES}
    return [name for name in names if normal_name(name) in known]


def identifiers_in(fields: Mapping[str, Any]) -> set[str]:
    """The identifiers that the fields of a record state, without that of its title."""
    return set(_ids(_flat(fields))) - {""}


def readable(title: str, abstract: str, printed: tuple[bool, bool] = (False, False)) -> tuple[str, str]:
    """Title and abstract as :func:`paper_of` has them, as far as their words go; clean ones stay as they are.

    ``printed`` says whether each is one of :func:`~labeler.papers.needs_cleaning.printed_texts`.
    """
    title, abstract = mended(title), mended(abstract)
    title = with_clean_words(title, printed[0]) if "\n" not in title else clean(title)  # which is always one line
    title, abstract, _ = _without_marks(title.strip(), with_clean_words(abstract, printed[1]).strip())
    return "" if is_no_title(title) else title, "" if is_no_abstract(abstract) else abstract


def columns_of(names: Sequence[str], field: str) -> list[str]:
    """Return those of ``names`` that are spellings of ``field``, the preferred one first."""
    known = [known_name(name) for name in names]
    found = [
        name
        for is_exact in (True, False)
        for wanted in NAMES[field]
        for name, (one, exact) in zip(names, known, strict=True)
        if one == wanted and exact is is_exact
    ]
    if field == "abstract" and any(one in _TITLES for one, _ in known):
        by_name = {one: name for name, (one, _) in zip(reversed(names), reversed(known), strict=True)}
        found += [by_name[weak] for weak in WEAK_ABSTRACTS if weak in by_name]
    return found


def stands_for_field(name: str) -> bool:
    """Whether a name of a column stands for a field of papers."""
    return known_name(name)[0] in _KNOWN


def distinct(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: one that comes again has a number in brackets, and still stands for its field."""
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def announced(kind: str) -> list[str]:
    """The flag for what arXiv announces (``new``, ``cross``, ``replace``, ``replace-cross``, ``UPDATED``)."""
    return [flag for word, flag in _ANNOUNCED if word in kind.lower()][:1]


def _without_marks(title: str, abstract: str) -> tuple[str, str, list[dict[str, str]]]:
    """Title and abstract without what feeds of arXiv put around them, and what that says."""
    marks = []
    if title.endswith(")") and (tail := _TITLE_TAIL.search(title)):
        title = re.sub(r"(?<=[^\W_])\.$", "", title[: tail.start()])
        marks.append(tail.groupdict())
    if abstract.lstrip()[:5].lower() == "arxiv" and (head := _ABSTRACT_HEAD.match(abstract)):
        abstract = abstract[head.end() :]
        marks.append(head.groupdict())
    return title, abstract, marks


@lru_cache(maxsize=1024)
def normal_name(name: str) -> str:
    """A field's name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name if name.isascii() else normalized("NFC", name)).lower()


@lru_cache(maxsize=1024)
def known_name(name: str) -> tuple[str, bool]:
    """The spelling of a field that a name stands for, and whether it is that spelling exactly.

    ``paper_title`` and ``Title (original)`` stand for ``title``. A name that stands for no field is itself.
    """
    if "." in name and _INITIALS.fullmatch(name):
        return name, True  # of an author, and not the column AB of a table
    normal = normal_name(name if not name.endswith(_OF_SOLR) else name.rpartition("_")[0])
    if normal in _KNOWN:
        return normal, True
    bare = normal_name(_BRACKETS.sub(" ", name))
    for one in (bare, _PREFIX.sub("", bare, count=1), _SUFFIX.sub("", bare)):
        if one in _KNOWN:
            return one, False
    return normal, True


def has_paper_fields(names: Iterable[str]) -> bool:
    """Whether some of these are names of a title or an abstract."""
    return any(known_name(str(name))[0] in _TEXT_NAMES for name in names)


_TITLES = frozenset(NAMES["title"])
_TEXT_NAMES = {*NAMES["title"], *NAMES["abstract"]}


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by the spelling they stand for; those of a nested ``paper`` or ``data`` (Hugging Face, Label Studio tasks)
    come first, and exact spellings before others.
    """
    record: dict[str, Any] = {}
    for name in NESTED:
        inner = fields.get(name)
        if isinstance(inner, str) and inner.startswith("{"):
            from labeler.digests.python_literals import spelled_object

            inner = spelled_object(inner)
        if isinstance(inner, Mapping):
            record |= _flat(inner)
    others: dict[str, Any] = {}
    for name, value in fields.items():
        if (type(value) is str and len(value) > _LONGEST_NOTHING) or not is_nothing(value):
            known, is_exact = known_name(name if type(name) is str else str(name))
            (record if is_exact else others).setdefault(known, value)
    return others | record if others else record


def _first(record: Mapping[str, Any], field: str) -> Any:
    for name in NAMES[field]:
        if name in record:
            return record[name]
    return None


def _clean(text: str) -> str:
    return clean(mended(text))


def _is_marked_retracted(record: Mapping[str, Any]) -> bool:
    """Whether a database marks a paper as retracted."""
    marks = (str(record[name]).lower() for name in _RETRACTED if name in record)
    return any(mark == "true" or "retracted" in mark for mark in marks)


def _said(record: Mapping[str, Any], field: str, tidy: Callable[[str], str]) -> str:
    """The first tidy text of a title or an abstract that is not one of the words that stand for nothing."""
    is_empty = is_no_title if field == "title" else is_no_abstract
    weak = WEAK_ABSTRACTS if field == "abstract" and not _TITLES.isdisjoint(record) else ()
    for name in (*NAMES[field], *weak):
        if name not in record or is_empty(text := tidy(_JATS_HEADING.sub("", _text_of(record[name])))):
            continue
        if name not in weak or says_enough(text):
            return text
    return ""


def is_weak(name: str) -> bool:
    """Whether a name of a column means anything, and an abstract only beside a title."""
    return known_name(name)[0] in WEAK_ABSTRACTS


def says_enough(text: str) -> bool:
    """Whether a text under a weak name may be an abstract: it is more than one word, number or address."""
    return not text.isascii() or len(text.split(maxsplit=1)) > 1


def _text_of(value: Any) -> str:
    """The text of a value: of a list its texts, of an object that of one language, of an index its words in order."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return " ".join(map(_text_of, value))
    if isinstance(value, Mapping):
        return _text_of_object(value)
    return "" if value is None else str(value)


def _text_of_object(value: Mapping[str, Any]) -> str:
    if value and all(isinstance(places, list) for places in value.values()):
        if isinstance(parts := value.get("date-parts"), list):  # CSL
            return "-".join(map(str, parts[0])) if parts and isinstance(parts[0], list) else ""
        # OpenAlex: https://docs.openalex.org/api-entities/works/work-object#abstract_inverted_index
        places = [(place, word) for word, at in value.items() for place in at if isinstance(place, int)]
        if places:
            return " ".join(word for _, word in sorted(places))
    said = ((str(key).lower(), part) for key, part in value.items() if isinstance(part, str | list | tuple | Mapping))
    texts = {key: text for key, part in said if not key.startswith("@") and (text := _text_of(part))}
    main = next((texts[key] for key in _MAIN_KEYS if key in texts), "")
    if main or all(map(_LANGUAGE.fullmatch, texts)):
        return main or next(iter(texts.values()), "")
    return " ".join(text for text in texts.values() if text.casefold() != "abstract")  # sections


_MAIN_KEYS = ("en", "eng", "en-us", "text", "value", "#text", "rendered", "plain", "content")
_LANGUAGE = pattern(r"[a-z]{2,3}(?:[-_][a-z]{2,4})?")


def _comments(record: Mapping[str, Any]) -> str:
    return " ".join(str(record[name]) for name in ("comments", "comment", "arxivcomment") if name in record)


def _ids(record: Mapping[str, Any]) -> Iterator[str]:
    for text in parts_of(record.get("ids"), r"\s+"):
        yield known_id(text) or ""
    for text in (str(record[name]) for name in NAMES["arxiv"] if name in record):
        yield arxiv_id(text) or known_id(text) or (doi(text) if text.lstrip().startswith("10.") else "") or ""
    said = _first(record, "doi")
    found = (doi(_text_of(said)) or "") if said is not None else ""
    yield found
    for text in (found, *(str(record[name]) for name in _LINKS if name in record)):
        yield arxiv_id(text) or ""  # a DOI or a link of arXiv names its paper
        yield (doi(text) if "doi.org/" in text else "") or ""
    yield from listed_ids(record)
    if (said := _first(record, "pmid")) is not None and (pmid := _PMID.search(str(said))):
        yield known_id(f"pmid:{pmid[1]}") or ""
    yield from other_ids(record)


def _url(record: Mapping[str, Any], ids: set[str]) -> str | None:
    link = _first(record, "url")
    if link is not None and re.match(r"https?://", (link := str(link)).strip()):
        return plain(link)
    scheme, _, rest = (sort_ids(ids) or ("",))[0].partition(":")
    known = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "pmid": "https://pubmed.ncbi.nlm.nih.gov/"}
    known["pmcid"] = "https://pmc.ncbi.nlm.nih.gov/articles/PMC"
    return known[scheme] + rest if scheme in known else None


def _said_source(record: Mapping[str, Any]) -> str | None:
    """The ``source`` of a record in our own form (one with ``ids``); elsewhere the word means anything."""
    return str(record["source"]) if "ids" in record and "source" in record else None
