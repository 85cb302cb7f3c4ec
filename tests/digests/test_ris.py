"""RIS in the dialects of reference managers and databases. All samples are invented."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests import Source
from labeler.digests.readers import ris
from labeler.digests.source import Record
from tests.digests.factories import ABSTRACT, OTHER, read

ZOTERO = f"""\
TY  - JOUR
TI  - Sorting the papers of a day
AU  - Lee, Ann
AU  - van der Ek, Bo
T2  - Journal of Invented Studies
AB  - {ABSTRACT}
DA  - 2024/03/05/
PY  - 2024
DO  - 10.5555/Invented.7
UR  - https://example.org/7
LA  - en
KW  - sorting
KW  - labels; digests
N1  - <p>Read this first</p>
N1  - PMID: 12345678
PMCID: PMC123456
ER  -

"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    (paper,) = read(tmp_path, "a.ris", ZOTERO).papers
    assert paper.ids[:2] == ("doi:10.5555/invented.7", "pmid:12345678")
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day", ABSTRACT)
    assert paper.authors == ("Lee, Ann", "van der Ek, Bo")
    assert (paper.date, paper.url) == ("2024-03-05", "https://example.org/7")
    assert (paper.venue, paper.language) == ("Journal of Invented Studies", "en")
    assert paper.keywords == ("sorting", "labels", "digests")
    assert paper.notes == ("Read this first", "PMID: 12345678 PMCID: PMC123456")


@pytest.mark.parametrize(
    "content",
    [
        f"TY  - JOUR\nTI  - A title\nAB  - {ABSTRACT}\nER  - \n\nTY  - JOUR\nT1  - Other\nN2  - {OTHER}\nER  - \n",
        f"TY  - JOUR\nTI  - A title\nAB  - {ABSTRACT}\nTY  - JOUR\nTI  - Other\nAB  - {OTHER}\n",  # no ER
        f"\n\nTY - JOUR\r\nT1 - A title\r\nN2 - {ABSTRACT}\r\nER -\r\nTY - BOOK\r\nST - Other\r\nAB - {OTHER}\r\nER -",
        f"ty  - JOUR\rti  - A title\rab  - {ABSTRACT}\rer  - \rty  - JOUR\rtt  - Other\rab  - {OTHER}\rer  - \r",
        f"TY\t-\tJOUR\nTI\t-\tA title\nAB\t-\t{ABSTRACT}\nTY\t-\tGEN\nTI\t-\tOther\nAB\t-\t{OTHER}\n",
        f"TY  JOUR\nTI  A title\nAB  {ABSTRACT}\nER\n\nTY  JOUR\nTI  Other\nAB  {OTHER}\nER\n",
        f"Provider: X\nDatabase: X\n\n1.\nTY  - JOUR\nTI  - A title\nAB  - {ABSTRACT}\nER  - \n\n2.\nTY  - JOUR\n"
        f"TI  - Other\nAB  - {OTHER}\nER  - \n\nThe end\n",
        f"AU  - Lee, A\nTI  - A title\nAB  - {ABSTRACT}\nER  - \nAU  - Ek, B\nTI  - Other\nAB  - {OTHER}\nER  - \n",
        f"UI  - 1\nTI  - A title\nAB  - {ABSTRACT}\n\nUI  - 2\nTI  - Other\nAB  - {OTHER}\n",  # neither TY nor ER
        f"\ufeffTY  - JOUR\nTI  - A title\nAB  - {ABSTRACT}\nER  - \n\ufeffTY  - JOUR\nTI  - Other\nAB  - {OTHER}\n",
        f"   TY  - JOUR\n   TI  - A title\n   AB  - {ABSTRACT}\n   ER  - \n   TY  - JOUR\n   TI  - Other\n"
        f"   AB  - {OTHER}",
    ],
)
@pytest.mark.parametrize("name", ["a.ris", "a.txt"])
def test_dialects_say_the_same(tmp_path: Path, name: str, content: str) -> None:
    reading = read(tmp_path, name, content)
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("A title", ABSTRACT), ("Other", OTHER)]
    assert (reading.records, reading.formats) == (2, {name: "ris"})


@pytest.mark.parametrize(
    ("lines", "abstract"),
    [
        (f"AB  - {ABSTRACT}\nN2  - Something else, a note", ABSTRACT),
        (f"N2  - {ABSTRACT}", ABSTRACT),
        (f"AB  - Background.\nAB  - {ABSTRACT}", f"Background. {ABSTRACT}"),
        (f"AB  - {ABSTRACT[:50]}\nAB  - {ABSTRACT}", ABSTRACT),
        (f"AB  - {ABSTRACT[:96]}\n      {ABSTRACT[97:]}", ABSTRACT),
        (f"AB  - {ABSTRACT[:96]}\n{ABSTRACT[97:]}", ABSTRACT),
        (f"AB  - \nN2  - {ABSTRACT}", ABSTRACT),
    ],
)
def test_an_abstract_may_stand_in_several_fields_and_lines(tmp_path: Path, lines: str, abstract: str) -> None:
    (paper,) = read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A title\n{lines}\nER  - \n").papers
    assert paper.abstract == abstract


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ("PY  - 2016/09//", "2016-09"),
        ("Y1  - 2016///Spring", "2016"),
        ("DA  - Sep 4\nPY  - 2016", "2016-09-04"),
        ("DA  - 2016/09/04/\nPY  - 2016", "2016-09-04"),
        ("PY  - in press 2016", "2016"),
        ("Y1  - 2016/02//Feb2016", "2016-02"),
        ("DA  - FEB\nPY  - 2016", "2016-02"),
        ("DA  - Spring\nPY  - 2016", "2016"),
        ("YR  - 2016", "2016"),
        ("PY  - forthcoming", None),
        ("PY  - 2016/99/99/", "2016"),
        ("Y2  - 2026/01/01", None),  # when it was looked up
    ],
)
def test_dates_keep_their_precision(tmp_path: Path, lines: str, date: str | None) -> None:
    assert read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A title\n{lines}\nER  - \n").papers[0].date == date


@pytest.mark.parametrize(
    ("lines", "identifier"),
    [
        ("DB  - PubMed\nAN  - 12345678", "pmid:12345678"),
        ("DB  - Scopus\nC2  - 12345678", "pmid:12345678"),
        ("DB  - Embase\nC5  - 12345678", "pmid:12345678"),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/12345678/", "pmid:12345678"),
        ("UR  - http://arxiv.org/abs/2301.00022", "arxiv:2301.00022"),
        ("N1  - arXiv:2301.00022 [cs]", "arxiv:2301.00022"),
        ("T2  - arXiv preprint arXiv:2301.00022", "arxiv:2301.00022"),
        ("DO  - https://dx.doi.org/10.5555%2Fx", "doi:10.5555/x"),
        ("M3  - doi: 10.5555/x", "doi:10.5555/x"),
        ("U1  - 12345678[pmid]\nU2  - PMC12[pmcid]", "pmid:12345678"),
        ("U4  - 10.5555/x[doi]", "doi:10.5555/x"),
        ("L3  - 10.5555/x", "doi:10.5555/x"),
        ("UR  - https://www.example.org/doi/full/10.5555/x", "doi:10.5555/x"),
        ("UR  - https://www.example.org/doi/full/10.5555/y\nDO  - 10.5555/x", "doi:10.5555/x"),
        ("N1  - As in PMID: 12345678 and 10.5555/x", "title:"),  # of another paper
        ("AN  - 12345678", "title:"),  # of another database
    ],
)
def test_identifiers_stand_where_databases_put_them(tmp_path: Path, lines: str, identifier: str) -> None:
    (paper,) = read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A title\n{lines}\nER  - \n").papers
    assert paper.id == identifier or (identifier == "title:" and paper.id.startswith(identifier))


def test_keywords_that_share_a_tag_and_authors_that_do(tmp_path: Path) -> None:
    content = "TY  - JOUR\nTI  - A title\nAU  - Lee, A.; Ek, B.\nKW  - Bridges\nLorries, heavy\nSound\nER  - \n"
    (paper,) = read(tmp_path, "a.ris", content).papers
    assert paper.authors == ("Lee, A.", "Ek, B.")
    assert paper.keywords == ("Bridges", "Lorries, heavy", "Sound")


def test_records_without_title_and_abstract_are_refused_with_their_line(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.ris", ZOTERO + "TY  - BOOK\nPY  - 2020\nER  - \n")
    assert [(refusal.where, refusal.why) for refusal in reading.refused] == [
        ("line 19", "neither a title nor an abstract")
    ]
    assert reading.records == 2


def test_lines_inside_texts_that_resemble_tags_belong_to_the_text(tmp_path: Path) -> None:
    content = f"TY  - JOUR\nTI  - A title\nAB  - {ABSTRACT}\nIT - departments\nAI-based\nTY and ER\nER  - \n"
    (paper,) = read(tmp_path, "a.ris", content).papers
    assert paper.abstract == f"{ABSTRACT} IT - departments AI-based TY and ER"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ris")


_LINES = st.lists(
    st.sampled_from(
        ["TY  - JOUR", "ER  - ", "TI  - A", "AB  - b", "TY", "ER", "", "\x00", "  - ", "KW  -", "DA  - 99/9"]
    )
    | st.text(max_size=20),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(lines=_LINES, end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_lines_are_read_and_every_record_counts(lines: list[str], end: str, folder: Path) -> None:
    text = end.join(lines)
    file = folder / "any.ris"
    file.write_text(text, encoding="utf-8", newline="")
    found = list(ris.records(Source(str(file))))
    assert all(isinstance(record, Record) for record in found)
    begun = sum(line.startswith("TY  - ") for line in lines)
    assert len(found) >= begun


_WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)
_REFERENCE = st.fixed_dictionaries(
    {
        "type_of_reference": st.just("JOUR"),
        "title": _WORDS,
        "abstract": _WORDS,
        "authors": st.lists(_WORDS, min_size=1, max_size=3, unique=True),
        "keywords": st.lists(_WORDS, min_size=1, max_size=3, unique=True),
    }
)


@settings(max_examples=50, deadline=None)
@given(references=st.lists(_REFERENCE, min_size=1, max_size=4))
def test_what_rispy_writes_is_read_back(references: list[dict[str, object]], folder: Path) -> None:
    file = folder / "written.ris"
    out = io.StringIO()
    rispy.dump(references, out)
    file.write_text(out.getvalue(), encoding="utf-8")
    fields = [record.fields for record in ris.records(Source(str(file))) if isinstance(record, Record)]
    for name in ("title", "abstract", "authors", "keywords"):
        assert [record[name] for record in fields] == [reference[name] for reference in references]


@pytest.mark.slow
def test_a_line_of_many_megabytes_and_many_records_are_read(tmp_path: Path) -> None:
    (tmp_path / "long.ris").write_text("TY  - JOUR\nTI  - A\nAB  - " + "word " * 4_000_000 + "\nER  - \n")
    (record,) = ris.records(Source(str(tmp_path / "long.ris")))
    assert isinstance(record, Record)
    assert len(record.fields["abstract"]) > 19_000_000


def test_numbers_of_books_are_not_those_of_journals(tmp_path: Path) -> None:
    content = "TY  - CHAP\nTI  - A title\nSN  - 978-3-16-148410-0\nSN  - 1234-5678\nER  -\n"
    assert read(tmp_path, "a.ris", content).papers[0].ids[1:] == ("isbn:9783161484100",)


def test_keywords_in_one_line_main_headings_and_books(tmp_path: Path) -> None:
    content = (
        "TY  - CHAP\nTI  - A title\nBT  - The book\nKW  - sorting, papers\nER  -\n"
        "TY  - JOUR\nTI  - Another\nKW  - *Sorting\nKW  - Bridges, old\nER  -\n"
    )
    chapter, article = read(tmp_path, "a.ris", content).papers
    assert (chapter.venue, chapter.keywords) == ("The book", ("sorting", "papers"))
    assert article.keywords == ("Sorting", "Bridges, old")


def test_the_journal_in_a_citation_of_ovid(tmp_path: Path) -> None:
    content = "UI  - 1\nTI  - A title\nSO  - Journal of Examples. 1(2):1-2, 2020 Feb.\n"
    assert read(tmp_path, "a.txt", content).papers[0].venue == "Journal of Examples"


def test_two_authors_may_have_the_same_name(tmp_path: Path) -> None:
    lines = "AU  - Wang, M\nAU  - Ek, B\nAU  - Wang, M\nA1  - Ek, B\nA1  - Lee, A\n"
    (paper,) = read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A title\n{lines}ER  - \n").papers
    assert paper.authors == ("Wang, M", "Ek, B", "Wang, M", "Lee, A")


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ("DA  - --03-14", "date", "--03-14"),
        ("UR  - https://example.org/a;b=1", "url", "https://example.org/a;b=1"),
        ("UR  - https://example.org/a; https://example.org/b", "url", "https://example.org/a"),
        ("KW  - Sensing, control;", "keywords", ("Sensing, control",)),
        ("KW  - Sensing, control", "keywords", ("Sensing", "control")),
        ("M1  - Categories: cs.CV | I.2; J.3", "categories", ("cs.CV", "I.2; J.3")),
        ("M1  - Curator: AK", "curator", "AK"),
        ("M1  - Flags: retracted", "flags", ("no_abstract", "retracted")),
        ("M1  - Categories of works", "categories", ()),
    ],
)
def test_what_labeler_writes_is_read(tmp_path: Path, lines: str, field: str, value: object) -> None:
    (paper,) = read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A title\n{lines}\nER  - \n").papers
    assert getattr(paper, field) == value
