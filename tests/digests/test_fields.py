"""From a record to a paper: spellings of fields, authors, identifiers, and records that are odd."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labeler import read_digest
from labeler.digests.fields import NAMES, columns_of, has_paper_fields, normal_name, paper_of, readable
from labeler.features.terms import terms
from labeler.files import json_line
from labeler.papers import Paper
from labeler.papers.ids import title_id


def _paper(**fields: Any) -> Paper:
    return paper_of({"title": "A Title", **fields}, "made.csv")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Title", "title"), ("primary_title", "title"), ("Article Title", "title"), ("TI", "title"),
        ("summary", "abstract"), ("Abstract Note", "abstract"), ("AB", "abstract"), ("ABSTRACT", "abstract"),
    ],
)  # fmt: skip
def test_usual_names_of_title_and_abstract_are_known(name: str, field: str) -> None:
    assert has_paper_fields([name])
    assert getattr(paper_of({name: "Some words"}, "x"), field) == "Some words"


def test_names_are_compared_without_case_spaces_and_marks() -> None:
    assert normal_name(" Paper_Title (EN)") == "papertitleen"
    assert not has_paper_fields(["id", "titles", "tldr", "ai_summary"])


def test_everything_a_record_says_is_kept() -> None:
    paper = paper_of(
        {
            "Title": "On  Sorting\nPapers", "Summary": "Short <i>text</i>.", "Authors": "Ann Lee, Bo Ek and Cleo Diaz",
            "Published": "2026-01-12T20:33:39Z", "id": "2601.88001v3", "DOI": "https://doi.org/10.5555/ABC.",
            "categories": "cs.LG cs.DL cs.LG", "PMID": 123, "link": " https://example.org/p ",
        },
        "made.csv",
    )  # fmt: skip
    assert paper == Paper(
        "On Sorting Papers",
        "Short text.",
        ("arxiv:2601.88001", "doi:10.5555/abc", "pmid:123", title_id("On Sorting Papers")),
        ("Ann Lee", "Bo Ek", "Cleo Diaz"),
        "2026-01-12",
        "https://example.org/p",
        ("cs.LG", "cs.DL"),
        "made.csv",
        (),
    )


@pytest.mark.parametrize("fields", [{}, {"title": " ", "abstract": None}, {"title": "...", "abstract": "—"}, {"x": 1}])
def test_record_without_title_and_abstract_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="neither a title nor an abstract"):
        paper_of(fields, "x")


def test_what_is_missing_is_flagged() -> None:
    assert _paper().flags == ("no_abstract",)
    only_abstract = paper_of({"abstract": "Words."}, "x")
    assert only_abstract.flags == ("no_title",)
    assert only_abstract.id.startswith("text:")


@pytest.mark.parametrize("empty", [None, "", "  ", float("nan"), []])
def test_the_first_name_that_holds_something_counts(empty: Any) -> None:
    paper = paper_of(
        {"title": "T", "abstract": empty, "summary": "Words.", "authors": empty, "creator": "Ann Lee"}, "x"
    )
    assert (paper.abstract, paper.authors) == ("Words.", ("Ann Lee",))


def test_nested_paper_comes_before_what_is_around_it() -> None:
    record = {"title": "Outer", "data": {"title": "Inner", "abstract": ""}, "abstract": "Around."}
    assert paper_of(record, "x").text == "Inner\nAround."


@pytest.mark.parametrize(
    ("given_authors", "names"),
    [
        ("Ann Lee", ["Ann Lee"]),
        ("Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Ann Lee, Bo Ek, and Cleo Diaz", ["Ann Lee", "Bo Ek", "Cleo Diaz"]),
        ("Lee, Ann; Ek, Bo", ["Lee, Ann", "Ek, Bo"]),
        ("Lee, Ann", ["Lee, Ann"]),
        ("Anderson, Rolanda Brandt", ["Anderson, Rolanda Brandt"]),
        ("Lee, A. and Ek, B.", ["Lee, A.", "Ek, B."]),
        ("Lee, Ann and Ek, Bo & Diaz, Cleo", ["Lee, Ann", "Ek, Bo", "Diaz, Cleo"]),
        ("Lee, A. B., Ek, B. & Diaz, C.", ["Lee, A. B.", "Ek, B.", "Diaz, C."]),
        ("Lee, A., Ek, B.", ["Lee, A.", "Ek, B."]),
        ("Lee A, Ek B.", ["Lee A", "Ek B."]),
        ("A. Lee, B. Ek and C. Diaz (Hill, Lakeside)", ["A. Lee", "B. Ek", "C. Diaz (Hill", "Lakeside)"]),
        ("Ann Lee, Bo Ek and Cleo Diaz, Dana Fox", ["Ann Lee", "Bo Ek", "Cleo Diaz", "Dana Fox"]),
        ("Ann Lee|Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("[{'name': 'Ann Lee'}, {'name': 'Bo Ek'}]", ["Ann Lee", "Bo Ek"]),
        ({"author": [{"text": "Ann Lee"}, {"text": "Bo Ek"}]}, ["Ann Lee", "Bo Ek"]),
        ({"value": ["Ann Lee", "Bo Ek"]}, ["Ann Lee", "Bo Ek"]),
        ({"affiliations": ["Hill College"], "full_name": "Ann Lee"}, ["Ann Lee"]),
        ("['Ann Lee', 'Bo Ek']", ["Ann Lee", "Bo Ek"]),
        ('["Ann Lee", "Bo Ek"]', ["Ann Lee", "Bo Ek"]),
        ("[unknown", ["[unknown"]),
        (["Ann  Lee", "", None, "Bo Ek"], ["Ann Lee", "Bo Ek"]),
        ([{"name": "Ann Lee"}, {"fullname": "Bo Ek"}, {"name": "Gone", "hidden": True}, {}], ["Ann Lee", "Bo Ek"]),
        ({"name": "Ann Lee"}, ["Ann Lee"]),
        ("", []),
        (None, []),
    ],
)
def test_authors_in_any_usual_form(given_authors: Any, names: list[str]) -> None:
    authors = [name for name in _paper(authors=given_authors).authors if name != "None"]
    assert authors == names


def test_authors_that_are_missing_in_a_list_are_nobody() -> None:
    assert _paper(authors=["Ann Lee", None]).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("given_categories", "expected"),
    [
        ("cs.LG; cs.CL,stat.ML", ("cs.LG", "cs.CL", "stat.ML")),
        (["cs.LG", "cs.LG", "math.CO"], ("cs.LG", "math.CO")),
        ("['cs.LG', 'cs.CL']", ("cs.LG", "cs.CL")),
        ([{"@term": "cs.LG"}, {"term": "cs.CL"}, {}], ("cs.LG", "cs.CL")),
        (7, ()),
        ("cs.LG hep-th math", ("cs.LG", "hep-th", "math")),
        ("cell biology", ("cell biology",)),
        ("Cell Biology; post-transcriptional regulation", ("Cell Biology", "post-transcriptional regulation")),
        (["cs.LG stat.ML", "cell biology"], ("cs.LG", "stat.ML", "cell biology")),
    ],
)
def test_categories_in_any_usual_form(given_categories: Any, expected: tuple[str, ...]) -> None:
    assert _paper(categories=given_categories).categories == expected


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ({"id": "http://arxiv.org/abs/2601.88001v1"}, "arxiv:2601.88001"),
        ({"entry_id": "https://arxiv.org/abs/2601.88001"}, "arxiv:2601.88001"),
        ({"pdf_url": "https://arxiv.org/pdf/2601.88001v2.pdf"}, "arxiv:2601.88001"),
        ({"abs_url": "https://arxiv.org/abs/2601.88001"}, "arxiv:2601.88001"),
        ({"open_url_link": "https://arxiv.org/abs/2601.88001"}, "arxiv:2601.88001"),
        ({"doi": "10.48550/arXiv.2601.88001"}, "arxiv:2601.88001"),
        ({"externalIds": {"ArXiv": "2601.88001", "DOI": "10.5555/a"}}, "arxiv:2601.88001"),
        ({"doi": "DOI: 10.5555/ABC"}, "doi:10.5555/abc"),
        ({"pubmed_id": " 0042 "}, "pmid:42"),
        ({"paperId": "arXiv:hep-th/9901001"}, "arxiv:hep-th/9901001"),
        ({"id": "17"}, title_id("A Title")),
    ],
)
def test_best_identifier_is_found(fields: dict[str, Any], identifier: str) -> None:
    assert _paper(**fields).id == identifier


def test_link_is_made_from_the_identifier_where_none_is_given() -> None:
    assert _paper(id="2601.88001").url == "https://arxiv.org/abs/2601.88001"
    assert _paper(doi="10.5555/a", url="10.5555/a").url == "https://doi.org/10.5555/a"
    assert _paper(pmid=42).url == "https://pubmed.ncbi.nlm.nih.gov/42"
    assert _paper(url="javascript:alert(1)").url is None


def test_what_feeds_add_to_title_and_abstract_is_taken_off() -> None:
    paper = paper_of(
        {
            "title": "Sorting. (arXiv:2601.88001v2 [cs.LG] UPDATED)",
            "summary": "arXiv:2601.88001v2 Announce Type: replace-cross \nAbstract: We sort.",
        },
        "x",
    )
    assert (paper.title, paper.abstract) == ("Sorting", "We sort.")
    assert (paper.id, paper.categories, paper.flags) == ("arxiv:2601.88001", ("cs.LG",), ("replaced",))


def test_source_is_kept_of_records_in_the_own_form_alone() -> None:
    assert _paper(source="Springer").source == "made.csv"
    assert _paper(source="first.txt", ids=["arxiv:2601.88001"]).source == "first.txt"


def test_column_of_flags_in_a_foreign_table_is_no_list_of_letters() -> None:
    assert not {"a", "b", "c"} & set(_paper(flags="abc").flags)


@pytest.mark.parametrize(
    "fields",
    [
        {"authors": 5}, {"authors": True}, {"flags": 5}, {"ids": 5}, {"categories": "[{[]}]"},
        {"authors": "[" + "-" * 100_000 + "1]"}, {"authors": "[" * 5000}, {"ids": "[{[]: 1}]"}, {"pmid": "²"},
        {"pmid": "9" * 5000}, {"date": {"year": 2020}}, {"date": "2020-13-45"}, {"url": ["https://example.org"]},
        {"paper": {"paper": {"paper": "x"}}}, {"year": float("inf")}, {"doi": ["10.5555/a"]},
    ],
)  # fmt: skip
def test_odd_field_does_not_cost_the_paper(fields: dict[str, Any]) -> None:
    assert _paper(**fields).title == "A Title"


_NAMES = [name for names in NAMES.values() for name in names] + ["flags", "ids", "source", "paper", "data"]
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "hidden", "x"]), inner),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=6))
def test_any_json_object_is_a_paper_or_none(fields: dict[str, Any]) -> None:
    paper = _paper_or_reason(fields)
    if isinstance(paper, Paper):
        assert json.loads(json_line(paper.to_dict()))["id"] == paper.ids[0]
    else:
        assert paper == "neither a title nor an abstract"


def _paper_or_reason(fields: dict[str, Any]) -> Paper | str:
    try:
        return paper_of(fields, "x")
    except ValueError as error:
        return str(error)


_MARKUP = (
    r"&amp; &amp;amp;lt;b&gt; \'e {\"o} \emph{ } $x^2$ ~ <p> % \% ﬁ Ａ `` '' (arXiv:2601.88001v1&#32;[cs.LG])".split()
)
_PIECES = st.lists(
    st.text(max_size=8)
    | st.sampled_from([*_MARKUP, "-\n", "\u00ad", "a b", "arXiv:2601.88001 Announce Type: new Abstract: "]),
    max_size=6,
).map("".join)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round")


@settings(max_examples=100, deadline=None)
@given(title=_PIECES, abstract=_PIECES, authors=st.lists(_PIECES, max_size=3), date=st.sampled_from(["Mar 14", "2026"]))
def test_paper_written_as_json_lines_reads_back_equal(
    folder: Path, title: str, abstract: str, authors: list[str], date: str
) -> None:
    fields = {"title": f"T{title}", "abstract": abstract, "authors": authors, "date": date, "doi": "10.5555/a"}
    paper = paper_of(fields, "made.csv")
    path = folder / "paper.jsonl"
    path.write_text(json_line(paper.to_dict()) + "\n", encoding="utf-8")
    assert read_digest(path) == [paper]


def test_control_characters_are_gone_also_from_records_in_our_own_form() -> None:
    fields = {
        "ids": ["title:0123456789abcdef"],
        "title": "Owls\x1b[31m at\nnight",
        "abstract": "Hoot.\x07",
        "flags": ["a\x1b"],
    }
    paper = paper_of(fields, "x")
    assert (paper.title, paper.abstract, paper.flags) == ("Owls[31m at night", "Hoot.", ("a",))


@pytest.mark.parametrize(
    ("names", "title", "abstract"),
    [
        (["id", "Title", "Summary"], "Title", "Summary"),
        (["summary", "abstract", "paper_title", "title"], "title", "abstract"),
        (["Paper Title", "AB"], "Paper Title", "AB"),
        (["Title", "title"], "Title", None),
        (["name", "text"], None, None),
        ([], None, None),
    ],
)
def test_columns_are_found_by_the_names_of_fields(names: list[str], title: str | None, abstract: str | None) -> None:
    first = [next(iter(columns_of(names, field)), None) for field in ("title", "abstract")]
    assert first == [title, abstract]
    assert has_paper_fields(names) == (title is not None or abstract is not None)


_HEAD = "arXiv:2503.11731v1 Announce Type: new Abstract: "
_PARTS = ["Robots", "speak to", " ", "  ", " (arXiv:2503.11731v1 [cs.CL])", _HEAD, "Announce  Type:", "\n", "$\\alpha$"]
_TEXTS = st.lists(st.sampled_from([*_PARTS, "\\emph{x}", "&amp;", "<i>", "- ", "''", ")", "\u00e9"]), max_size=6).map(
    "".join
)


@settings(max_examples=200, deadline=None)
@given(_TEXTS, _TEXTS)
@example("Robots speak to robots (arXiv:2503.11731v1 [cs.CL]) ", "x")
@example("Robots speak to robots", " ")
@example(" ", "Robots")
def test_what_is_readable_has_the_terms_of_the_paper(title: str, abstract: str) -> None:
    paper = paper_of({"title": f"Robots speak to robots {title}", "abstract": abstract}, "x")
    found = readable(f"Robots speak to robots {title}", abstract)
    assert terms("\n".join(found)) == terms(paper.text)
    assert bool(found[1]) == bool(paper.abstract)


@pytest.mark.parametrize(
    ("abstract", "text"),
    [
        ({"Background": "We ask.", "Results": "We know."}, "We ask. We know."),
        ({"p": ["We ask.", "We know."]}, "We ask. We know."),
        ({"de": "Wir fragen.", "fr": "On demande."}, "Wir fragen."),
        ({"de": "Wir fragen.", "en": "We ask."}, "We ask."),
        ({"type": "text/plain", "content": "We ask."}, "We ask."),
        ([{"@Label": "AIM", "#text": "We ask."}, {"@Label": "END", "#text": "We know."}], "We ask. We know."),
    ],
)
def test_no_section_of_an_abstract_is_lost(abstract: Any, text: str) -> None:
    assert paper_of({"title": "A title", "abstract": abstract}, "x").abstract == text


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({"Publication Date": "MAR 5", "Publication Year": "2024"}, "2024-03-05"),
        ({"date": "MAR 5", "year": 2024.0}, "2024-03-05"),
        ({"date": "MAR 5"}, "--03-05"),
        ({"date": "MAR 5", "year": "MAR 6"}, "--03-05"),
        ({"published": {"$date": {"$numberLong": "1709596800000"}}}, "2024-03-05"),
        ({"PubYear": "2024"}, "2024"),
    ],
)
def test_a_date_has_the_year_that_stands_beside_it(fields: dict[str, Any], date: str) -> None:
    assert paper_of({"title": "A title"} | fields, "x").date == date


@pytest.mark.parametrize("words", ["A model’s naïve é", "“Models” – a café", "Über Größen", "El niño"])
def test_letters_that_were_misread_are_mended_or_flagged(words: str) -> None:
    assert paper_of({"title": words, "abstract": words}, "x").flags == ()
    misread = words.encode().decode("cp1252", "replace")
    paper = paper_of({"title": "A title", "abstract": misread}, "x")
    assert paper.abstract == words if "\ufffd" not in misread else "odd_characters" in paper.flags


@pytest.mark.parametrize("value", ["PMC123", "123", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/", "PMC123.2"])
@pytest.mark.parametrize("name", ["PMCID", "pmc"])
def test_a_number_of_pubmed_central_is_an_identifier_but_never_names_a_paper(name: str, value: str) -> None:
    paper = paper_of({"title": "A title", name: value}, "a")
    assert paper.ids[-1] == "pmcid:123"
    assert paper.id.startswith("title:")
    assert paper.url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC123"
