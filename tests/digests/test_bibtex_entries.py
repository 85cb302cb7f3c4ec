"""Entries of BibTeX, field by field, and what is broken."""

from __future__ import annotations

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.bibtex_entries import bib_entries
from tests.digests.test_bibtex import JABREF


def fields(text: str) -> dict[str, str]:
    """The fields of the one entry in a text."""
    (entry,) = bib_entries(text)
    assert not entry.fault
    return entry.fields


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("{A {Nested} title}", "A {Nested} title"),
        ('"A {"}quoted{"} title"', 'A {"}quoted{"} title'),
        ("2026", "2026"),
        ("jan", "jan"),
        ("jan # { 3}", "jan 3"),
        ('"a" # "b" # {c}', "abc"),
        ("ours", "Our Journal"),
        ("ours # { B}", "Our Journal B"),
        ("unknown", "unknown"),
        (r"{50\% of \{all\}}", r"50\% of \{all\}"),
        ('"5" screens"', '5" screens'),
    ],
)
def test_values_of_every_kind(value: str, text: str) -> None:
    assert fields(f"@string{{ours = {{Our Journal}}}}\n@misc{{k, title = {value}, year = 2026}}") == {
        "title": text, "year": "2026"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Article(k, Title = {One})", {"title": "One"}),
        ("@misc{k,title={One},}", {"title": "One"}),
        ("@misc{k, abstract = {}, note = , title = {One}}", {"title": "One"}),
        ("@misc{title={One}}", {"title": "One"}),
        ("@misc{k,\n% a comment\ntitle={One}}", {"title": "One"}),
        ("@misc{k, title={One}, title={Two}}", {"title": "One\nTwo"}),
        ("@misc{k, author={Lee}, author={Ek}}", {"author": "Lee and Ek"}),
        ("@misc{k, keywords={a}, keywords={b}}", {"keywords": "a; b"}),
        ("@misc{k, funding text 1 = {x}, title={One}}", {"funding text 1": "x", "title": "One"}),
        ("@misc{k, title={One}}, note={after a stray brace}}", {"title": "One", "note": "after a stray brace"}),
        ("@misc{k, title={One}, year=2026\n", {"title": "One", "year": "2026"}),
    ],
)
def test_fields_of_entries_as_people_write_them(text: str, expected: dict[str, str]) -> None:
    assert fields(text) == expected


def test_entries_have_type_key_and_line() -> None:
    first = "% header\n@Comment{no}\n@preamble{x}\n\n@InProceedings{Lee:2026,\n title={One}}"
    text = first + "\n @misc{b, title={Two}} @misc{c, title={Three}}"
    assert [(entry.kind, entry.key, entry.line) for entry in bib_entries(text)] == [
        ("inproceedings", "Lee:2026", 5), ("misc", "b", 7), ("misc", "c", 7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("@misc{k, title={One", "its field 'title' has a brace that is not closed"),
        ('@misc{k, title="One', "its field 'title' has a quote that is not closed"),
        ("@misc{k, title={One}, (a) = {x}}", "after its field 'title' stands '(a) = {x}}'"),
        ("@misc{k, = {x}}", "where its fields begin stands '= {x}}'"),
    ],
)
def test_a_broken_entry_says_what_is_wrong_and_leaves_the_next_one_alone(text: str, fault: str) -> None:
    broken, whole = bib_entries(f"{text}\n@misc{{b, title={{Two}}}}")
    assert (broken.fault, whole.fields, whole.fault) == (fault, {"title": "Two"}, "")


def test_of_abbreviations_those_that_came_before_are_known() -> None:
    text = (
        "@string{a = {One}}@string{b = a # { more}}@string{broken = {\n@misc{k, title = b, note = c}\n@string{c = {x}}"
    )
    assert fields(text) == {"title": "One more", "note": "c"}


WORDS = st.text("abc é%@,=#\\$", max_size=10)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "abstract", "note"]), WORDS, min_size=1))
def test_values_in_braces_are_kept_as_they_are(values: dict[str, str]) -> None:
    inner = ", ".join(f"{name} = {{{value}.}}" for name, value in values.items())
    assert fields(f"@misc{{k, {inner}}}") == {name: f"{value}." for name, value in values.items()}


def test_abbreviations_that_double_each_other_stay_small() -> None:
    bomb = "@string{a0 = {xxxxxxxxxx}}\n" + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
    (entry,) = bib_entries(bomb + "@misc{k, title = a59}")
    assert len(entry.fields["title"]) <= 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title={" * 20_000, "@a{x,\n t={\n" * 20_000, "@comment{\n" * 50_000, "@string{a=\n" * 20_000,
        "@a{x,t={" + "\\{" * 100_000, "@a{x," + " " * 100_000, '@a{x,t="' + '{"' * 100_000, "@a{" + " ," * 100_000,
        "@a{x,t={" + "\\" * 200_000 + "}", "@article{" + "a " * 200_000, "\n@ " * 100_000, "{" * 500_000,
    ],
)  # fmt: skip
def test_what_is_never_closed_ends(text: str) -> None:
    assert all(entry.fault or entry.fields for entry in bib_entries(text))


def test_clean_files_are_divided_as_bibtexparser_divides_them() -> None:
    library = bibtexparser.parse_string(JABREF, parse_stack=[])
    assert [(entry.key, list(entry.fields)) for entry in bib_entries(JABREF)] == [
        (entry.key, [one.key.lower() for one in entry.fields]) for entry in library.entries
    ]
