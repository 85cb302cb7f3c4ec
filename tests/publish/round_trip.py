"""Papers as readers give them, of texts that are hard to write, and what is read again of what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from labeler import read_digest
from labeler.digests.fields import paper_of
from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from tests.publish.factories import written

FIELDS = (
    "title", "abstract", "authors", "date", "url", "categories", "flags", "venue", "language", "keywords", "notes",
    "curator",
)  # fmt: skip
PIECES = [
    "sorting", "of", "papers", "BERT", "mRNA", "GPT-4o", "A", "Ünïcode", "漢字", "50%", "R&D", "#1", "a_b", "C$", "$5",
    "~7", "x^2", "{", "}", "{N}ature", "\\", "\\alpha", "$x_{1}^2$", "$$\\frac{a}{b}$$", "\\(n^{k}\\)", "$a{b$",
    "@home", "@x{", '"quoted"', "it's", "``q''", "and", ",", ";", ".", ":", "TY  - JOUR", "ER  -", "AB - ", "--", "<b>",
    "&amp;", "é", "\u200b", "😀", "--14", "=1+1", "[x]", "(y)", "Fig. 1", "10.1000/x", "arXiv:2601.88002",
    "PMID: 12345", "%", "\\%",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(" ".join)
NAMES = st.lists(
    st.sampled_from(["Ada", "Lee", "Ek", "van der", "Ünïc", "and", "O'Neil", "{X}", "R&D"]), min_size=1, max_size=3
)
AUTHORS = NAMES.map(" ".join) | st.tuples(NAMES, NAMES).map(lambda pair: f"{' '.join(pair[0])}, {' '.join(pair[1])}")


def some(*parts: str) -> st.SearchStrategy[list[str]]:
    """Some of these texts."""
    return st.lists(st.sampled_from(parts), max_size=4, unique=True)


IDS = some(
    "arxiv:2601.88001", "arxiv:hep-th/9901001", "doi:10.1000/x(1)a_b", "doi:10.1002/(sici)1<1::aid-x>3.0.co;2-2",
    "pmid:12345", "pmcid:123456", "isbn:9783161484100", "openalex:W12345", "s2:123456",
)  # fmt: skip
RECORDS = st.fixed_dictionaries(
    {"title": TEXTS.map(lambda text: f"Title {text}")},
    optional={
        "abstract": TEXTS.map(lambda text: f"We do {text} and more."),
        "authors": st.lists(AUTHORS, max_size=4, unique=True),
        "date": st.sampled_from(["2026-01-12", "2026-01", "2026", "--03-14"]),
        "url": st.sampled_from(["https://example.org/a?b=1&c_d=~e#f", "https://example.org/%7Bx%7D;2"]),
        "categories": some("cs.CV", "Computer Science", "q-bio", "Math, pure"),
        "flags": some("retracted", "replaced"),
        "venue": TEXTS.map(lambda text: f"Journal {text}") | st.just("Proceedings of the Workshop on Sorting"),
        "language": st.sampled_from(["en", "Français", "zh"]),
        "keywords": some("sorting", "a, b", "R&D", "{X}", "50%", "two words", "漢字"),
        "notes": st.lists(TEXTS.map(lambda text: f"Note {text}"), max_size=3, unique=True),
        "curator": st.sampled_from(["AK", "The R&D team"]),
        "ids": IDS,
    },
)  # fmt: skip


def papers() -> st.SearchStrategy[Paper]:
    """Papers as labeler reads them, so that their texts are clean."""
    return RECORDS.map(_read)


def _read(record: dict[str, Any]) -> Paper:
    """The paper of a record, read twice, as what is cleaned once may be cleaned further."""
    ids = " ".join(record.pop("ids", ()))
    once = paper_of({**record, "ids": ids}, "made.json").to_dict()
    return paper_of({**once, "ids": " ".join(once["ids"])}, "made.json")


def read_again(output: str, items: list[LabelledPaper], folder: Path) -> list[Paper]:
    """What labeler reads of what it writes."""
    path = folder / f"again.{output}"
    path.write_bytes(written(output, items).encode())
    return read_digest(path)


def differences(paper: Paper, again: Paper, topics: tuple[str, ...] = ()) -> dict[str, tuple[Any, Any]]:
    """The fields that are not the same; ``topics`` may be among the keywords now. An identifier, and the
    link that it stands for, may be added: a venue may name one."""
    found = {name: (getattr(paper, name), getattr(again, name)) for name in FIELDS}
    found["keywords"] = (
        paper.keywords,
        tuple(word for word in again.keywords if word not in topics or word in paper.keywords),
    )
    different = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    if paper.url is None:
        different.pop("url", None)
    if lost := set(paper.ids) - set(again.ids):
        different["ids"] = (lost, again.ids)
    return different
