"""BibTeX and BibLaTeX, whole and broken. All samples are invented."""

from __future__ import annotations

from pathlib import Path

import bibtexparser
import pytest
from bibtexparser.model import Entry, Field
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests import Source
from labeler.digests.readers import bibtex
from labeler.digests.source import Record, Refusal
from tests.digests.factories import ABSTRACT, OTHER, read, titles

JABREF = f"""\
% Encoding: UTF-8

@String{{jis = "Journal of " # "Invented Studies"}}

@Article{{lee2024,
  author       = {{Lee, Ann and van der Ek, Bo and {{The Bridge and Sound Group}} and others}},
  title        = {{{{Sorting}} the Papers of a {{D}}ay with {{{{BERT}}}} and $\\alpha$-Rényi}},
  journal      = jis,
  year         = 2024,
  month        = mar # "~5",
  doi          = {{10.5555/Invented\\_7}},
  url          = {{https://example.org/a\\_b\\%20c}},
  keywords     = {{sorting; labels, few}},
  language     = {{english}},
  abstract     = {{{ABSTRACT}}},
  annote       = {{Read {{this}} first}},
  pmid         = {{12345678}},
  file         = {{:lee.pdf:PDF}},
}}

@Comment{{jabref-meta: databaseType:bibtex;}}
"""


def test_all_fields_of_an_entry_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.bib", JABREF)
    (paper,) = reading.papers
    assert paper.ids[:2] == ("doi:10.5555/invented_7", "pmid:12345678")
    assert paper.title == "Sorting the Papers of a Day with BERT and $\\alpha$-Rényi"
    assert paper.authors == ("Lee, Ann", "van der Ek, Bo", "The Bridge and Sound Group")
    assert (paper.venue, paper.date, paper.language) == ("Journal of Invented Studies", "2024-03-05", "english")
    assert paper.url == "https://example.org/a_b%20c"
    assert (paper.abstract, paper.keywords) == (ABSTRACT, ("sorting", "labels, few"))
    assert paper.notes == ("Read this first",)
    assert (reading.formats, reading.notes) == ({"a.bib": "bibtex"}, [])


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        (r"title = {G{\"o}del and {\'E}tudes by Erd{\H o}s}", "Gödel and Études by Erdős"),
        (r'title = "An {"}unusual{"} title"', 'An "unusual" title'),
        ('title = "An "unusual" title"', 'An "unusual" title'),
        (r"title = {A \emph{short} title}", "A short title"),
        ("title = {A title},\n subtitle = {Its second part}", "A title: Its second part"),
        ("title = {A title\n   over {two}\n   lines}", "A title over two lines"),
        ("TITLE={{A Title in Two Braces}}", "A Title in Two Braces"),
        ("title = {A title}\n year = {2024}", "A title"),  # a comma is missing
        ("title = {A title}}, year = {2024}", "A title"),  # a brace too many
        ("% title = {Old},\n title = {A title}", "A title"),
        (r"title = {Sets \{1, 2\} and more}", "Sets {1, 2} and more"),
        ("title = 2048", "2048"),
        (
            r"title = {Growth of {\textless}i{\textgreater}E. coli{\textless}/i{\textgreater} {\textemdash} a study}",
            "Growth of E. coli — a study",
        ),
        (r"title = {About 5\textdegree C \textasciitilde{}ten}", "About 5°C ~ten"),
        ("title={A title}, funding text 1 = {Nobody}", "A title"),
        ("booktitle = {Proceedings of Nothing}", "Proceedings of Nothing"),
    ],
)
def test_titles_are_read_as_people_read_them(tmp_path: Path, entry: str, title: str) -> None:
    assert titles(read(tmp_path, "a.bib", f"@misc{{key,\n {entry}\n}}\n")) == [title]


@pytest.mark.parametrize(
    "broken",
    [
        f"@article{{bad, title = {{Broken}}, abstract = {{a {{b}}, year = {{2020}}, note = {{{OTHER}}}\n}}",
        '@article{bad, title = "never closed\n}',
        "@article{bad, title = {An {open brace}\n",
        "@article{bad, title {no sign}}",
        "@article{bad, title = {Broken} in two}, year = {2020}}",
    ],
)
def test_a_broken_entry_is_refused_and_those_around_it_are_kept(tmp_path: Path, broken: str) -> None:
    good = f"@article{{one, title = {{A title}}, abstract = {{{ABSTRACT}}}}}\n"
    last = f"@article{{two, title = {{Another}}, abstract = {{{OTHER}}}}}\n"
    reading = read(tmp_path, "a.bib", f"{good}\n{broken}\n\n{last}")
    assert titles(reading) == ["A title", "Another"]
    (refusal,) = reading.refused
    assert refusal.where == "line 3"
    assert refusal.why.startswith("the entry 'bad' is broken: ")


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title={A title}} @article{b, title={Another}}",
        "@article(a, title={A title}, note={(a)})\n@article(b, title={Another})",
        "@article{a, title={A title}\n@article{b, title={Another}}",  # its last brace is missing
        "@article{same, title={A title}}" + "\n" * 3000 + "@article{same, title={Another}}",
        "@article{, title={A title}}\n@article{title={Another}}",
        "@comment{@article{x, title={Old}}}\n@article{a, title={A title}, abstract={write to me@here{x}}}\n"
        "@preamble{{\\newcommand}}\nWords of mine, x@y.z\n@MISC { b ,\n title={Another}}",
        "@comment{ never closed\n@article{a, title={A title}}\r\n@article{b, title={Another}}",
    ],
)
def test_entries_begin_and_end_in_many_ways(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, "a.txt", text)
    assert (titles(reading), reading.records) == (["A title", "Another"], 2)


def test_an_entry_takes_venue_and_year_from_the_one_it_refers_to(tmp_path: Path) -> None:
    text = """\
@inproceedings{a, title = {A title}, crossref = {Proc}, xdata = {extra}}
@proceedings{proc, title = {Proceedings of Nothing}, year = {2021}, crossref = {a}}
@xdata{extra, language = {french}}
"""
    first, second = read(tmp_path, "a.bib", text).papers
    assert (first.venue, first.date, first.language) == ("Proceedings of Nothing", "2021", "french")
    assert second.title == "Proceedings of Nothing"


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("date = {2024-03-05}", "2024-03-05"),
        ("date = {2024-03/2024-05}", "2024-03"),
        ("date = {2024/..}", "2024"),
        ("year = {2024}, month = {3}", "2024-03"),
        ("year = {2024}, month = mar", "2024-03"),
        ("year = {2024}, month = {MAR 1}", "2024-03-01"),
        ("year = {2024}, month = {March}, day = 5", "2024-03-05"),
        ("year = {2024}, month = {Spring}", "2024"),
        ("year = {in press, 2024}", "2024"),
        ("year = {{2024}}", "2024"),
        ("year = {to appear}", None),
        ("year = {888}", None),
        ("issue_date = {March 2024}", "2024-03"),
    ],
)
def test_dates_of_bibtex_and_biblatex(tmp_path: Path, fields: str, date: str | None) -> None:
    assert read(tmp_path, "a.bib", f"@misc{{k, title={{A title}}, {fields}}}").papers[0].date == date


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ("eprint = {2301.00022}, archivePrefix = {arXiv}", "arxiv:2301.00022"),
        ("eprint = {hep-th/9901001}, eprinttype = {arxiv}", "arxiv:hep-th/9901001"),
        ("journal = {arXiv preprint arXiv:2301.00022}", "arxiv:2301.00022"),
        ("eprint = {12345678}, eprinttype = {pubmed}", "pmid:12345678"),
        ("note = {PMID: 12345678}", "pmid:12345678"),
        ("howpublished = {\\url{https://arxiv.org/abs/2301.00022}}", "arxiv:2301.00022"),
        ("url = {http://dx.doi.org/10.5555/x}", "doi:10.5555/x"),
        ("doi = {https://doi.org/10.5555/x{\\_}y}", "doi:10.5555/x_y"),
        ("note = {Answers 2301.00022 and PMID: 12345678}", "title:"),
    ],
)
def test_identifiers_stand_in_many_fields(tmp_path: Path, fields: str, identifier: str) -> None:
    assert read(tmp_path, "a.bib", f"@misc{{k, title={{A title}}, {fields}}}").papers[0].id.startswith(identifier)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bibtex")


_PIECES = st.lists(
    st.sampled_from(
        ["@article{k,", "@string{", "title", " = ", "{", "}", '"', ",", "\n", "#", "\\", "a", "@", "%", "\x00"]
    )
    | st.text(max_size=5),
    max_size=40,
)


@settings(max_examples=100, deadline=None)
@given(pieces=_PIECES)
def test_any_text_is_read(pieces: list[str], folder: Path) -> None:
    file = folder / "any.bib"
    file.write_text("".join(pieces), encoding="utf-8", newline="")
    assert all(isinstance(found, Record | Refusal) for found in bibtex.records(Source(str(file))))


_WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12).filter(
    lambda text: text.lower() not in ("and", "others")
)
_FIELDS = st.fixed_dictionaries({"title": _WORDS, "abstract": _WORDS, "publisher": _WORDS, "doi": st.just("10.1/x")})


@settings(max_examples=30, deadline=None)
@given(entries=st.lists(_FIELDS, min_size=1, max_size=3))
def test_what_bibtexparser_writes_is_read_back(entries: list[dict[str, str]], folder: Path) -> None:
    library = bibtexparser.Library(
        [
            Entry("article", f"k{number}", [Field(*one) for one in fields.items()])
            for number, fields in enumerate(entries)
        ]
    )
    file = folder / "written.bib"
    file.write_text(bibtexparser.write_string(library), encoding="utf-8")
    found = [record.fields for record in bibtex.records(Source(str(file))) if isinstance(record, Record)]
    assert [{name: one[name] for name in one if name != "kept"} for one in found] == entries


def test_names_in_other_forms(tmp_path: Path) -> None:
    names = "family=Ek, given=Bo, prefix=van der, useprefix=true and Ann Lee 0001 and {Group of 2020}"
    text = f"@misc{{k, title={{A title}}, author={{{names}}}}}"
    assert read(tmp_path, "a.bib", text).papers[0].authors == ("Bo van der Ek", "Ann Lee", "Group of 2020")


def test_keywords_over_several_lines_and_fields(tmp_path: Path) -> None:
    text = "@misc{k, title={A title}, keywords={sorting; few\n   labels}, keywords = {papers}, Keywords-Plus = {{NO}}}"
    assert read(tmp_path, "a.bib", text).papers[0].keywords[:3] == ("sorting", "few labels", "papers")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\textbackslash{}alpha \textbraceleft{}x\textbraceright{}", "\\alpha {x}"),
        (r"{\textbraceleft{}X\textbraceright{} and Y}", "{X} and Y"),
        (r"\{\textbackslash{}deg\}", "{\\deg}"),
        (r"C\$ of $x_{1}^2$", "C$ of $x_{1}^2$"),
        (r"$$x^{n}$$ and \(y^{n}\)", r"$$x^{n}$$ and \(y^{n}\)"),
        (r"10\textasciicircum{}6", "10^6"),
        ("{`}{`}q{'}{'}", "``q''"),
    ],
)
def test_signs_of_latex_that_stand_for_signs_of_the_text(latex: str, text: str) -> None:
    assert bibtex._plain(latex) == text


def test_paragraphs_of_notes_are_notes(tmp_path: Path) -> None:
    text = "@misc{k, title={A title}, annote={Read it.\n\nTwice,\nor more.}, labeler-categories={cs.CV | I.2; J.3}}"
    (paper,) = read(tmp_path, "a.bib", text).papers
    assert (paper.notes, paper.categories) == (("Read it.", "Twice, or more."), ("cs.CV", "I.2; J.3"))
