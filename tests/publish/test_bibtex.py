"""BibTeX: fields, kinds of works, keys, LaTeX, and what labeler and bibtexparser read of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import HealthCheck, given, settings

from labeler import read_digest
from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from tests.publish.factories import labelled, paper, written
from tests.publish.round_trip import differences, papers, read_again

FULL = paper(
    "Sorting papers with BERT", "We sort 50% of R&D.", authors=("Lee, Ann", "Bo Ek"), date="2026-01-12",
    ids=["arxiv:2601.88001", "doi:10.1000/x_y", "pmid:77", "pmcid:88"], url="https://example.org/a_b#c",
    venue="Sorts & More", language="en",
    keywords=("sorting", "order"), notes=("Read it.", "Twice."), categories=("cs.CV", "cs.LG"), curator="AK",
    flags=("retracted",),
)  # fmt: skip


def _entries(*items: LabelledPaper, decoded: bool = True) -> list[dict[str, Any]]:
    """The fields of the entries as bibtexparser reads them, with ``type`` and ``key``."""
    more = [LatexDecodingMiddleware()] if decoded else []
    library = bibtexparser.parse_string(written("bibtex", items), append_middleware=more)
    assert not library.failed_blocks
    return [
        {"type": entry.entry_type, "key": entry.key} | {field.key: field.value for field in entry.fields}
        for entry in library.entries
    ]


def test_entry_tells_everything() -> None:
    assert written("bibtex", [labelled(FULL)]) == (
        "@article{lee2026sorting,\n"
        "  title = {Sorting papers with {BERT}},\n"
        "  author = {Lee, Ann and Bo Ek},\n"
        "  journal = {Sorts \\& More},\n"
        "  year = {2026},\n"
        "  month = jan,\n"
        "  day = {12},\n"
        "  eprint = {2601.88001},\n"
        "  archiveprefix = {arXiv},\n"
        "  doi = {10.1000/x_y},\n"
        "  pmid = {77},\n"
        "  pmcid = {PMC88},\n"
        "  url = {https://example.org/a_b#c},\n"
        "  language = {en},\n"
        "  abstract = {We sort 50\\% of R\\&D.},\n"
        "  keywords = {sorting, order, Vision \\& Images, Language},\n"
        "  annote = {Read it.\n\nTwice.},\n"
        "  labeler-categories = {cs.CV | cs.LG},\n"
        "  labeler-curator = {AK},\n"
        "  labeler-flags = {retracted},\n"
        "}\n\n"
    )


def test_what_is_unknown_has_no_field() -> None:
    text = written("bibtex", [labelled(paper("Sorting", ""), topics=())])
    assert text == "@misc{sorting,\n  title = {Sorting},\n}\n\n"
    assert written("bibtex", []) == ""


@pytest.mark.parametrize(
    ("fields", "kind", "venue"),
    [
        ({}, "misc", None),
        ({"ids": ["arxiv:2601.88001"]}, "misc", None),
        ({"venue": "Journal of Sorts"}, "article", "journal"),
        ({"venue": "Proceedings of the 3rd Workshop on Sorts"}, "inproceedings", "booktitle"),
        ({"ids": ["isbn:9783161484100"]}, "book", None),
        ({"ids": ["isbn:9783161484100"], "venue": "The Book of Sorts"}, "incollection", "booktitle"),
    ],
)
def test_kind_of_a_work_is_told_by_what_is_known(fields: dict[str, Any], kind: str, venue: str | None) -> None:
    (entry,) = _entries(labelled(paper(**fields)))
    assert entry["type"] == kind
    assert [name for name in ("journal", "booktitle") if name in entry] == [venue][: venue is not None]


@pytest.mark.parametrize("date", ["2026-01-12", "2026-01", "2026", "--03-14", None])
def test_date_keeps_its_precision(date: str | None, tmp_path: Path) -> None:
    assert read_again("bibtex", [labelled(paper(date=date))], tmp_path)[0].date == date


def test_bibtexparser_reads_the_same_fields() -> None:
    (entry,) = _entries(labelled(FULL))
    (raw,) = _entries(labelled(FULL), decoded=False)
    assert (entry["title"], entry["abstract"], entry["journal"]) == (FULL.title, FULL.abstract, FULL.venue)
    assert entry["author"].split(" and ") == list(FULL.authors)
    assert (raw["year"], raw["month"], raw["day"], raw["eprint"]) == ("2026", "jan", "12", "2601.88001")
    assert (raw["doi"], raw["url"], raw["language"]) == ("10.1000/x_y", FULL.url, "en")
    assert entry["keywords"].split(", ") == ["sorting", "order", "Vision & Images", "Language"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(papers())
def test_nothing_is_lost_when_labeler_reads_it_again(tmp_path: Path, one: Paper) -> None:
    items = [labelled(one), labelled()]
    again, other = read_again("bibtex", items, tmp_path)
    assert not differences(one, again, ("Vision & Images", "Language"))
    assert other.title == "Sorting Papers"
    first, _ = _entries(*items, decoded=False)
    assert ("author" in first) == bool(one.authors)


@pytest.mark.parametrize(
    "text",
    [
        "}",
        "{",
        "}}\n@article{evil,\n title = {evil}}",
        "a\\",
        "a}, evil = {x",
        '"',
        "%",
        "\\}",
        "\x00{\r\n}",
        "$}$",
        "@a{b",
    ],
)
def test_no_text_ends_its_field(text: str) -> None:
    one = Paper(
        text, text, ("title:1", f"doi:10.1/{text}", f"arxiv:{text}"), (text,), text, f"https://example.org/{text}",
        (text,), None, (text,), text, text, (text,), (text,), text,
    )  # fmt: skip
    found = _entries(LabelledPaper(one, ((text, 0.5, ()),), {}, text, text), labelled(), decoded=False)
    assert [entry["type"] for entry in found] == ["article", "misc"]
    assert "evil" not in found[0]
    assert found[1]["title"] == "Sorting {Papers}"


def test_keys_are_unique_and_depend_on_the_paper_alone() -> None:
    twins = [paper(f"Sorting {name}", authors=("Ann Lee",), date="2026", ids=[f"doi:10.1/{name}"]) for name in "abcd"]
    keys = [entry["key"] for entry in _entries(*map(labelled, twins))]
    assert len(set(keys)) == 4
    assert all(re.fullmatch(r"lee2026sorting([0-9a-f]{6})?", key) for key in keys)
    assert [entry["key"] for entry in _entries(labelled(twins[0]), labelled(twins[2]))] == [keys[0], keys[2]]


@pytest.mark.parametrize(
    ("title", "authors", "key"),
    [
        ("On the Sorting of Papers", ("van der Berg, Ann",), "vanderbergsorting"),
        ("A 3D View", ("Åsa Öström",), "ostrom3d"),
        ("漢字", ("王 明",), r"paper[0-9a-f]{6}"),
        ("Papers", (), "papers"),
        ("漢字", ("Ann O'Neil",), "oneil"),
    ],
)
def test_keys_are_of_ascii(title: str, authors: tuple[str, ...], key: str) -> None:
    (entry,) = _entries(labelled(paper(title, authors=authors)))
    assert re.fullmatch(key, entry["key"])


def test_two_papers_that_are_alike_in_all_have_two_keys() -> None:
    assert len({entry["key"] for entry in _entries(*[labelled()] * 15)}) == 15


OWN = """@phdthesis{lee_sorting:2019,
  title = {Sorting},
  author = {Lee, Ann},
  year = {2019},
  doi = {10.1000/x},
  url = {https://doi.org/10.1000/x},
  keywords = {sorting},
  volume = {14},
  publisher = {Lee \\& {Sons}},
  file = {a.pdf:files/1/a.pdf:application/pdf},
}
"""


def test_what_bibtex_said_comes_back_with_its_key_and_the_topics(tmp_path: Path) -> None:
    (tmp_path / "own.bib").write_text(OWN)
    (one,) = read_digest(tmp_path / "own.bib")
    expected = OWN.replace("{sorting}", "{sorting, Vision \\& Images, Language}")
    assert written("bibtex", [labelled(one)]) == f"{expected}\n"
    (again,) = read_again("bibtex", [labelled(one)], tmp_path)
    assert again.kept == one.kept


def test_what_ris_said_is_told_in_bibtex(tmp_path: Path) -> None:
    text = "TY  - RPRT\nTI  - Sorting\nVL  - 3\nSP  - 1\nEP  - 9\nPB  - Lee & Sons\nSN  - 1895-5770\nER  - \n"
    (tmp_path / "a.ris").write_text(text)
    (entry,) = _entries(labelled(read_digest(tmp_path / "a.ris")[0], topics=()))
    assert entry == {
        "type": "techreport", "key": "sorting", "title": "Sorting", "volume": "3", "pages": "1–9", "issn": "1895-5770",
        "publisher": "Lee & Sons",
    }  # fmt: skip


def test_no_kept_field_ends_its_entry() -> None:
    pairs = (
        ("type", "x}"),
        ("key", "a b,"),
        ("volume", "1}, evil = {2"),
        ("title", "evil"),
        ("no te", "x"),
        ("v", "\\"),
    )
    one = paper(kept=tuple((f"bibtex:{name}", value) for name, value in pairs))
    first, second = _entries(labelled(one, topics=()), labelled(), decoded=False)
    assert (first["type"], first["key"], first["title"]) == ("misc", "sorting", "Sorting {Papers}")
    assert set(first) == {"type", "key", "title", "abstract", "volume", "v"}
    assert second["title"] == "Sorting {Papers}"


def test_doubtful_topics_are_no_keywords_but_told(tmp_path: Path) -> None:
    item = labelled(decision="review")._replace(by={"vision": ("ada",)})
    text = written("bibtex", [item])
    assert ("keywords = {Vision \\& Images}," in text, "Vision" in text) == (True, True)
    assert text.count("labeler-review = {Language},") == 1
    (tmp_path / "a.bib").write_text(text, encoding="utf-8")
    [again] = read_digest(str(tmp_path / "a.bib"))
    assert again.keywords == ("Vision & Images",)
    assert "eview" not in written("bibtex", [labelled(again)])
