"""RIS: tags, kinds of works, what labeler and rispy read of it, and texts that look like tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rispy
from hypothesis import HealthCheck, given, settings

from labeler import read_digest
from labeler.digests.fields import paper_of
from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from tests.publish.factories import BOTH, labelled, paper, written
from tests.publish.round_trip import differences, papers, read_again

FULL = paper(
    ids=["arxiv:2601.88001", "doi:10.1000/x", "pmid:77", "pmcid:88", "openalex:W1234"], authors=("Lee, Ann", "Bo Ek"),
    date="2026-01-12", url="https://example.org/x", venue="Sorts & More", language="en", keywords=("sorting", "order"),
    notes=("Read it.", "Twice."), categories=("cs.CV", "cs.LG"), curator="AK", flags=("retracted",),
)  # fmt: skip


def test_record_tells_everything() -> None:
    assert written("ris", [labelled(FULL)]).split("\r\n") == [
        "TY  - JOUR",
        "TI  - Sorting Papers",
        "AU  - Lee, Ann",
        "AU  - Bo Ek",
        "T2  - Sorts & More",
        "AB  - We sort.",
        "DA  - 2026/01/12/",
        "PY  - 2026",
        "DO  - 10.1000/x",
        "AN  - arXiv:2601.88001",
        "LA  - en",
        "UR  - https://example.org/x",
        "KW  - sorting",
        "KW  - order",
        "KW  - Vision & Images",
        "KW  - Language",
        "N1  - Read it.",
        "N1  - Twice.",
        "M1  - PMID: 77",
        "M1  - PMCID: PMC88",
        "M1  - Categories: cs.CV | cs.LG",
        "M1  - Curator: AK",
        "M1  - Flags: retracted",
        "M1  - Identifiers: openalex:W1234",
        "ER  - ",
        "",
        "",
    ]


def test_what_is_unknown_has_no_line() -> None:
    assert written("ris", [labelled(paper("Sorting", ""), topics=())]) == "TY  - GEN\r\nTI  - Sorting\r\nER  - \r\n\r\n"
    assert written("ris", []) == ""


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "GEN"),
        ({"ids": ["arxiv:2601.88001"]}, "UNPB"),
        ({"ids": ["arxiv:2601.88001"], "venue": "Journal of Sorts"}, "JOUR"),
        ({"ids": ["doi:10.1000/x"], "venue": "Proceedings of the 3rd Workshop on Sorts"}, "CONF"),
        ({"ids": ["isbn:9783161484100"]}, "BOOK"),
        ({"ids": ["isbn:9783161484100"], "venue": "The Book of Sorts"}, "CHAP"),
    ],
)
def test_kind_of_a_work_is_told_by_what_is_known(fields: dict[str, Any], kind: str) -> None:
    assert written("ris", [labelled(paper(**fields))]).startswith(f"TY  - {kind}\r\n")


@pytest.mark.parametrize(
    ("date", "lines"),
    [
        ("2026-01-12", ["DA  - 2026/01/12/", "PY  - 2026"]),
        ("2026-01", ["DA  - 2026/01//", "PY  - 2026"]),
        ("2026", ["DA  - 2026///", "PY  - 2026"]),
        ("--03-14", ["DA  - /03/14/"]),
        (None, []),
    ],
)
def test_date_keeps_its_precision(date: str | None, lines: list[str], tmp_path: Path) -> None:
    one = paper(date=date)
    found = written("ris", [labelled(one)]).split("\r\n")
    assert [line for line in found if line.startswith(("DA", "PY"))] == lines
    assert read_again("ris", [labelled(one)], tmp_path)[0].date == date


def test_topics_that_are_keywords_already_stand_once() -> None:
    text = written("ris", [labelled(paper(keywords=("Language", "x; y")))])
    assert [line[6:] for line in text.split("\r\n") if line.startswith("KW")] == ["Language", "x, y", "Vision & Images"]


def test_rispy_reads_the_same_fields() -> None:
    (record,) = rispy.loads(written("ris", [labelled(FULL)]))
    assert record["type_of_reference"] == "JOUR"
    assert (record["title"], record["abstract"], record["authors"]) == (FULL.title, FULL.abstract, list(FULL.authors))
    assert (record["date"], record["year"], record["doi"]) == ("2026/01/12/", "2026", "10.1000/x")
    assert (record["secondary_title"], record["language"], record["urls"]) == ("Sorts & More", "en", [FULL.url])
    assert record["keywords"] == ["sorting", "order", "Vision & Images", "Language"]
    assert record["notes"] == list(FULL.notes)
    assert record["accession_number"] == "arXiv:2601.88001"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(papers())
def test_nothing_is_lost_when_labeler_reads_it_again(tmp_path: Path, one: Paper) -> None:
    topics = ("Vision & Images", "Language")
    (again,) = read_again("ris", [labelled(one)], tmp_path)
    assert not differences(one, again, topics)
    (record,) = rispy.loads(written("ris", [labelled(one)]))
    assert record["title"].split() == one.title.split()
    assert [author.split() for author in record.get("authors", [])] == [author.split() for author in one.authors]


@pytest.mark.parametrize(
    "text",
    ["a\r\nER  - \r\nTY  - JOUR\r\nTI  - evil", "a\nKW  - evil", "a\x0bTY  - evil", "a\u2028AU  - evil", "a\x85ER  -"],
)
def test_no_text_makes_a_line_of_its_own(text: str) -> None:
    one = Paper(
        text,
        text,
        ("title:1", f"doi:{text}", f"pmid:{text}", f"x:{text}"),
        (text,),
        text,
        f"https://example.org/{text}",
        (text,),
        None,
        (text,),
        text,
        text,
        (text,),
        (text,),
        text,
    )
    item = LabelledPaper(one, ((text, 0.5, ()),), {}, text, text)
    found = written("ris", [item], {text: text})
    assert found.count("\r\n") == len(found.splitlines())
    (record,) = rispy.loads(found)
    assert "evil" not in (record["title"], record["keywords"], record["authors"])
    assert found.count("\r\nER  - \r\n") == found.startswith("TY  - ") == 1


def test_lines_of_all_papers_are_those_of_parts() -> None:
    items = [labelled(FULL), labelled(topics=BOTH[:1])]
    assert written("ris", items) == "".join(written("ris", [item]) for item in items)


ZOTERO = """TY  - THES
TI  - Sorting papers
AU  - Lee, Ann
T2  - Journal of Sorts
DA  - 2019///
PY  - 2019
DO  - 10.1000/x
VL  - 14
IS  - 2
SP  - 121
EP  - 128
J2  - J Sorts
SN  - 1895-5770 1895-5770
UR  - https://example.org/a
L1  - https://example.org/a.pdf
Y2  - 2020/01/02/
M2  - Free words
KW  - sorting
N1  - Read it.
ER  -
"""


def _as_lines(text: str) -> set[str]:
    return {line.rstrip() for line in text.splitlines()} - {""}


def test_what_zotero_wrote_comes_back_with_the_topics(tmp_path: Path) -> None:
    (tmp_path / "zotero.ris").write_text(ZOTERO)
    (one,) = read_digest(tmp_path / "zotero.ris")
    again = written("ris", [labelled(one)])
    assert _as_lines(again) == _as_lines(ZOTERO) | {"KW  - Vision & Images", "KW  - Language"}
    assert len(again.splitlines()) == len(ZOTERO.splitlines()) + 3
    (more,) = read_again("ris", [labelled(one)], tmp_path)
    assert sorted(more.kept) == sorted(one.kept)
    assert paper_of(one.to_dict(), "x").kept == Paper.from_dict(one.to_dict()).kept == one.kept


def test_what_bibtex_said_is_told_in_ris(tmp_path: Path) -> None:
    text = "@phdthesis{k, title={T is it}, volume={3}, pages={1--9}, publisher={Lee \\& {Sons}}, note={n}, other={x}}"
    (tmp_path / "a.bib").write_text(text)
    lines = _as_lines(written("ris", [labelled(read_digest(tmp_path / "a.bib")[0], topics=())]))
    assert lines == {
        "TY  - THES",
        "TI  - T is it",
        "N1  - n",
        "VL  - 3",
        "SP  - 1",
        "EP  - 9",
        "PB  - Lee & Sons",
        "ER  -",
    }


def test_no_kept_field_makes_a_record_of_its_own() -> None:
    one = paper(kept=(("ris:VL", "1\r\nER  - "), ("ris:ER", "x"), ("ris:TY", "A\nB"), ("ris:v\n", "x"), ("odd", "x")))
    found = written("ris", [labelled(one, topics=())])
    assert found == "TY  - A B\r\nTI  - Sorting Papers\r\nAB  - We sort.\r\nVL  - 1 ER -\r\nER  - \r\n\r\n"


def test_long_notes_and_second_abstracts_come_back_too(tmp_path: Path) -> None:
    lines = ["TY  - JOUR", "TI  - Sorting", "AB  - We sort.", f"N1  - {'Long ' * 300}x", "N2  - Else"]
    lines.append("AN  - 2013.12345")
    (tmp_path / "a.ris").write_text("\n".join([*lines, "ER  - \n"]))
    (one,) = read_digest(tmp_path / "a.ris")
    assert one.notes == ()
    assert _as_lines(written("ris", [labelled(one, topics=())])) == {*lines, "ER  -"}


def test_doubtful_topics_are_no_keywords_but_told(tmp_path: Path) -> None:
    item = labelled(decision="review")._replace(by={"vision": ("ada",)})
    text = written("ris", [item])
    assert ("KW  - Vision & Images" in text, "KW  - Language" in text) == (True, False)
    assert text.count("M1  - To review: Language") == 1
    (tmp_path / "a.ris").write_text(text, encoding="utf-8")
    [again] = read_digest(str(tmp_path / "a.ris"))
    assert again.keywords == ("Vision & Images",)
    assert "eview" not in written("ris", [labelled(again)])
