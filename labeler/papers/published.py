"""Where records say that they were published: two places in one journal are two papers, however alike their texts.

Yearly reports and the parts of a series may have the same title, and abstracts that differ in a word. A preprint says
neither volume nor pages, its year is often another one, and its DOI is of another registrar than the journal's.
"""

from __future__ import annotations

from typing import NamedTuple

from labeler.papers.ids import title_key
from labeler.papers.paper import Paper
from labeler.patterns import pattern

_VOLUME, _PAGES, _FIRST, _LAST = ("ris:VL", "bibtex:volume"), "bibtex:pages", "ris:SP", "ris:EP"
_NUMBER = pattern(r"[a-z]*\d+")
# DOIs of preprint servers: versions of one preprint may have one each, and the published version has another one
# (arXiv's own are arXiv identifiers).
PREPRINT_DOIS = (
    "doi:10.1101/", "doi:10.2139/", "doi:10.20944/", "doi:10.21203/", "doi:10.26434/", "doi:10.31219/",
    "doi:10.31234/", "doi:10.31235/", "doi:10.36227/", "doi:10.48550/", "doi:10.64898/",
)  # fmt: skip


class Published(NamedTuple):
    """The place of a record: its venue, year, volume and pages, each empty where unknown, its DOIs, and a hash of its
    abstract. ``first`` and ``last`` are the pages' numbers."""

    venue: str
    year: str
    volume: str
    first: str
    last: str
    dois: tuple[str, ...]
    text: int

    @property
    def tells(self) -> bool:
        """Whether it can differ from another place."""
        return bool(self.dois or (self.venue and self.volume))


def published(paper: Paper) -> Published:
    """Where a record says that it was published.

    >>> fields = (("ris:VL", "12"), ("ris:SP", "101"), ("ris:EP", "109"))
    >>> published(Paper.make("A report", venue="Annals", date="2019", kept=fields))[:5]
    ('annals', '2019', '12', '101', '109')
    """
    dois = tuple(name for name in paper.ids if name.startswith("doi:") and not name.startswith(PREPRINT_DOIS))
    text = hash(paper.abstract)
    if not paper.kept or not paper.venue:
        return Published("", "", "", "", "", dois, text)
    fields = dict(paper.kept)
    volume = "".join(_numbers(next((fields[name] for name in _VOLUME if name in fields), ""))[:1])
    pages = _numbers(fields.get(_PAGES) or f"{fields.get(_FIRST, '')}-{fields.get(_LAST, '')}")
    year = paper.date[:4] if paper.date and paper.date[:4].isdecimal() else ""
    first, last = (pages[0], pages[-1]) if len(pages) > 1 else (*pages, "")[:2] if pages else ("", "")
    return Published(title_key(paper.venue), year, volume, first, last, dois, text)


def are_places_apart(one: Published, other: Published) -> bool:
    """Whether records are of two places in one journal: other volumes and other years or pages, or other pages of one.

    Pages that begin with the first one are none of a volume, and a number that stands alone may be the article's.
    """
    if not one.venue or one.venue != other.venue or not one.volume or not other.volume:
        return False
    if one.volume != other.volume:
        return _are_other(one.year, other.year) or _are_other(one.first, other.first)
    are_ranges = all(place.last and place.first != "1" for place in (one, other))
    return are_ranges and one.first != other.first


def are_published_apart(one: Published, other: Published) -> bool:
    """Whether records whose texts are nearly the same are of two papers: by their places, or as their abstracts differ
    and one registrar, such as a publisher, gave them different DOIs."""
    if are_places_apart(one, other):
        return True
    if one.text == other.text or not one.dois or not other.dois or not set(one.dois).isdisjoint(other.dois):
        return False
    registrars, others = ({doi.partition("/")[0] for doi in dois} for dois in (one.dois, other.dois))
    return not registrars.isdisjoint(others)


def _are_other(one: str, other: str) -> bool:
    """Whether both are known, and differ."""
    return bool(one and other) and one != other


def _numbers(text: str) -> list[str]:
    """The numbers in a text, with the letters before them, such as those of electronic pages."""
    return [number.lstrip("0") or "0" for number in _NUMBER.findall(text.casefold())]
