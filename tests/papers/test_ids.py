"""Identifiers: arXiv in all spellings, DOI, PubMed, and the hash of a title."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.papers.ids import arxiv_id, doi, identifier_hash, known_id, sort_ids, text_id, title_id, title_key

SICI = "10.1002/(SICI)1097-0000(199901)49:8<{}::AID-XYZ4>3.0.CO;2-O"


@pytest.mark.parametrize(
    "text",
    [
        "2503.11731",
        " 2503.11731\n",
        "2503.11731v1",
        "2503.11731v12",
        "2503.11731v2.pdf",
        "arXiv:2503.11731",
        "arxiv: 2503.11731v3",
        "ARXIV:2503.11731V2",
        "arXiv:2503.11731 [cs.CL]",
        "see arXiv:2503.11731, section 2",
        "https://arxiv.org/abs/2503.11731",
        "http://www.arxiv.org/abs/2503.11731v3#S1",
        "https://arxiv.org/pdf/2503.11731.pdf",
        "https://arxiv.org/pdf/2503.11731v1?download=1",
        "https://arxiv.org/html/2503.11731v1",
        "https://export.arxiv.org/abs/2503.11731",
        "oai:arXiv.org:2503.11731",
        "https://huggingface.co/papers/2503.11731",
        "https://www.alphaxiv.org/abs/2503.11731v2",
        "https://doi.org/10.48550/arXiv.2503.11731",
        "10.48550/arxiv.2503.11731v2",
    ],
)
def test_every_spelling_of_a_new_arxiv_identifier_is_one(text: str) -> None:
    assert arxiv_id(text) == "arxiv:2503.11731"


@pytest.mark.parametrize(
    "text",
    [
        "math/0309136",
        "math.GT/0309136v2",
        "MATH.GT/0309136",
        "arXiv:math/0309136",
        "arXiv:math.GT/0309136v1",
        "https://arxiv.org/abs/math/0309136v1",
        "http://arxiv.org/pdf/math.GT/0309136",
    ],
)
def test_every_spelling_of_an_old_arxiv_identifier_is_one(text: str) -> None:
    assert arxiv_id(text) == "arxiv:math/0309136"


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("0704.0001", "arxiv:0704.0001"),
        ("1501.00001", "arxiv:1501.00001"),
        ("hep-th/9901001v2", "arxiv:hep-th/9901001"),
        ("cond-mat/0001001", "arxiv:cond-mat/0001001"),
        ("q-bio.NC/0309136", "arxiv:q-bio/0309136"),
    ],
)
def test_arxiv_identifiers_of_all_ages(text: str, identifier: str) -> None:
    assert arxiv_id(text) == identifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "2503.117",
        "2503.117311",
        "arXiv:2503.117311",
        "2513.00001",
        "2500.00001",
        "version 2503.11731 of the tool",
        "https://example.org/2503.11731",
        "hep-th/9913001",
        "https://arxiv.org/list/cs.AI/2503",
        "٢٥٠٣.١١٧٣١",
    ],
)
def test_what_is_no_arxiv_identifier_is_none(text: str) -> None:
    assert arxiv_id(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.1000/XYZ123", "doi:10.1000/xyz123"),
        ("https://doi.org/10.1000/Xyz", "doi:10.1000/xyz"),
        ("http://dx.doi.org/10.1000/xyz", "doi:10.1000/xyz"),
        ("DOI: 10.1000/xyz.", "doi:10.1000/xyz"),
        ("(see 10.1000/S0140-6736(20)30183-5).", "doi:10.1000/s0140-6736(20)30183-5"),
        ("10.1000/abc(1)", "doi:10.1000/abc(1)"),
        ('<a href="https://doi.org/10.1000/abc">', "doi:10.1000/abc"),
        ("<b>10.1000/abc</b>", "doi:10.1000/abc"),
        ("10.123456789/a", "doi:10.123456789/a"),
        ("10.1000/ab\u200bc\ufeff", "doi:10.1000/abc"),
        ("10.1000/a\u2010b", "doi:10.1000/a-b"),
        ("10.12/a", None),
        ("10.1000/", None),
        ("10.1000/.", None),
        ("10.1000/)", None),
        ("", None),
    ],
)
def test_a_doi_is_found_in_lower_case_without_what_surrounds_it(text: str, found: str | None) -> None:
    assert doi(text) == found


def test_papers_of_one_issue_with_old_dois_stay_apart() -> None:
    assert doi(SICI.format(693)) == "doi:" + SICI.format(693).lower()
    assert doi(SICI.format(693)) != doi(SICI.format(701))


def test_a_title_hash_is_the_contracts() -> None:
    title = "Ａ Study: of “Café” №2!"
    letters = "astudyofcaféno2"
    assert title_key(title) == letters
    assert title_id(title) == "title:" + hashlib.sha256(letters.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deep Learning", "DEEP  learning!"),
        ("Cafe\u0301 models", "Café models"),
        ("Ｄｅｅｐ nets", "Deep nets"),
        ("ﬁne-tuning", "Fine Tuning"),
        ("Straße", "STRASSE"),
        ("Attention—is all", "Attention is all?"),
    ],
)
def test_titles_that_differ_in_spelling_alone_have_one_hash(one: str, other: str) -> None:
    assert title_id(one) == title_id(other)


@pytest.mark.parametrize(("one", "other"), [("GPT-3", "GPT-4"), ("naïve", "naive"), ("注意", "注目")])
def test_titles_that_differ_in_letters_have_different_hashes(one: str, other: str) -> None:
    assert title_id(one) != title_id(other)


def test_a_text_hash_is_of_its_letters_too() -> None:
    assert text_id("We show, that.") == text_id("we show that")
    assert text_id("We show").removeprefix("text:") == title_id("We show").removeprefix("title:")


def test_a_lone_surrogate_in_a_title_does_not_break_the_hash() -> None:
    assert title_id("odd \ud800 title") == title_id("odd title")


def test_identifiers_are_sorted_best_first_and_each_once() -> None:
    given_ids = {
        "title:00",
        "pmid:5",
        "pmcid:7",
        "doi:10.1000/b",
        "doi:10.1000/a",
        "arxiv:2503.11731",
        "text:1",
        "other:9",
    }
    assert sort_ids(given_ids) == (
        "arxiv:2503.11731",
        "doi:10.1000/a",
        "doi:10.1000/b",
        "pmid:5",
        "title:00",
        "text:1",
        "pmcid:7",
        "other:9",
    )


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("arxiv:2503.11731v2", "arxiv:2503.11731"),
        ("arXiv:math.GT/0309136", "arxiv:math/0309136"),
        ("ARXIV:HEP-TH/9901001", "arxiv:hep-th/9901001"),
        ("DOI:10.1000/ABC", "doi:10.1000/abc"),
        (" pmid: 0123 ", "pmid:123"),
        ("title:0123456789abcdef", "title:0123456789abcdef"),
        ("Title:0123456789abcdef", "title:0123456789abcdef"),
        ("text:0123456789abcdef", "text:0123456789abcdef"),
        ("title:0123", None),
        ("title:0123456789ABCDEG", None),
        ("PMCID: PMC0123.1", "pmcid:123"),
        ("pmcid:123", "pmcid:123"),
        ("pmcid:PMC", None),
        ("pmid:", None),
        ("pmid:12a", None),
        ("pmid:0", None),
        ("pmid:²", None),
        ("arxiv:nothing", None),
        ("doi:nothing", None),
        ("isbn:123", None),
        ("2503.11731", None),
        ("", None),
    ],
)
def test_identifiers_in_our_own_form_are_checked(text: str, known: str | None) -> None:
    assert known_id(text) == known


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("10./2503vabcXY()<>:;'\" -ſİ٣²"), max_size=20) | st.text(max_size=20))
def test_any_text_gives_an_identifier_that_stays_itself_or_none(text: str) -> None:
    for found in (arxiv_id(text), doi(text), doi("10.1000/" + text), known_id(text), known_id(f"pmid:{text}")):
        assert found is None or known_id(found) == found


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=30))
def test_a_title_hash_does_not_depend_on_unicode_form(title: str) -> None:
    forms = [title, unicodedata.normalize("NFD", title), unicodedata.normalize("NFC", title), f" {title}. "]
    assert len({title_id(form) for form in forms}) == 1


def test_a_hash_of_an_identifier_is_the_same_everywhere() -> None:
    assert identifier_hash("arxiv:2503.11731") == 0xF3B76D495FF4C02F
    assert identifier_hash("arxiv:2503.11732") != identifier_hash("arxiv:2503.11731") < 2**64
    assert identifier_hash("half a character \ud83d") < 2**64
