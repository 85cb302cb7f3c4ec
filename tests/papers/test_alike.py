"""Tests of whether records without a common identifier are of one paper."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers import Merger, Paper, merge
from labeler.papers.alike import alike_pairs, are_of_a_series, is_alike
from labeler.papers.merge import ALIKE

TITLE = "How far small robots walk on wet sand in winter"
ABSTRACT = (
    "We measure how far a small robot can walk on wet sand when its controller learns from few trials, and find that a "
    "simple penalty on slip doubles the distance in every season of the year. Twelve beaches were visited between the "
    "spring of one year and the autumn of the next, with three robots of different weight that an optimized gait moved."
)
OTHER = (
    "Translation of rare languages needs dictionaries; here a lexicon made by volunteers becomes training pairs, which "
    "improves fluency for nine languages without any parallel corpus at all, as speakers of each of them judged when "
    "they compared the sentences of both systems side by side and did not know which of these had made which sentence."
)
WORDS = ABSTRACT.split()


def paper(title: str = TITLE, abstract: str = ABSTRACT, *ids: str, **fields: Any) -> Paper:
    return Paper.make(title, abstract, ids=ids, **fields)


@pytest.mark.parametrize(
    "copy",
    [
        paper("How far Small Robots walk on wet sand, in winter"),
        paper("HOW FAR SMALL ROBTOS WALK ON WET SAND IN WINTER", ABSTRACT.replace("optimized", "optimised")),
        paper(f"{TITLE} [PDF]", " ".join(WORDS[:40]) + " …"),
        paper("A season of gaits: learning to cross beaches"),
        paper("A season of gaits: learning to cross beaches", ABSTRACT.replace("Twelve", "Thirteen")),
        paper("On small robots that walk on wet sand in winter", ABSTRACT, "doi:10.1000/journal"),
    ],
)
def test_a_copy_without_a_common_identifier_is_the_same_paper(copy: Paper) -> None:
    original = paper(TITLE, ABSTRACT, "arxiv:2503.00001", date="2025-03-01")
    assert is_alike(original, copy)
    assert len(merge([original, copy])) == len(merge([copy, original])) == 1


@pytest.mark.parametrize(
    "other",
    [
        paper(f"{TITLE}, part II"),
        paper(f"{TITLE} II"),
        paper(f"Erratum: {TITLE}"),
        paper(f"{TITLE} (Correction)"),
        paper(f"Reply to: {TITLE}"),
        paper(TITLE + " again", OTHER),
        paper(TITLE + " again", " ".join([*WORDS[:30], *OTHER.split()[30:]])),
        paper("Another matter of gaits on beaches", " ".join(WORDS[:30])),  # a part, under another title
        paper("Gaits", ABSTRACT),
        paper(TITLE + " again", ABSTRACT, "arxiv:2503.00002"),
        paper(TITLE + " again", ABSTRACT, date="2012"),
        paper(TITLE + " again", "We walk."),
    ],
)
def test_what_may_be_another_paper_stays_apart(other: Paper) -> None:
    original = paper(TITLE, ABSTRACT, "arxiv:2503.00001", date="2025-03-01")
    assert not is_alike(original, other)
    assert len(merge([original, other])) == 2


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        ("Groups of graphs I", "Groups of graphs II", True),
        ("Groups of graphs", "Groups of graphs, Part 2", True),
        ("Overview of the track 2021", "Overview of the track 2022", True),
        ("On the 8th open problem", "On the 9th open problem", True),
        ("Error correction in codes", "Error correction for codes", False),
        ("Groups of graphs", "Groups of graphs.", False),
        ("Two rivers of the north", "Nine languages: a lexicon", False),
    ],
)
def test_titles_of_a_series_and_notices_are_known(title: str, other: str, expected: bool) -> None:
    assert are_of_a_series(title, other) is are_of_a_series(other, title) is expected


def test_authors_who_are_known_and_others_need_a_closer_text() -> None:
    revised = " ".join(word if number % 9 else "sand" for number, word in enumerate(WORDS))
    mine = paper(TITLE, ABSTRACT, authors=("Doe, J.", "Anna Berg"))
    assert is_alike(mine, paper(TITLE + " again", revised, authors=("Berg A",)))
    assert not is_alike(mine, paper(TITLE + " again", revised, authors=("Ilse Ohm",)))


def test_a_text_under_several_titles_is_nobodys() -> None:
    titles = (TITLE, "A season of gaits at sea", "Learning to cross nine beaches", "Machines that like the rain")
    assert len(merge([paper(title) for title in titles])) == 4


def test_the_reason_of_a_merge_is_kept() -> None:
    merger = Merger()
    first = merger.add(paper())
    second = merger.add(paper("A season of gaits: learning to cross beaches", ABSTRACT, "doi:10.1000/x"))
    assert merger.find(second) != first
    merger.merge_alike()
    assert merger.find(second) == first
    [(position, reason, merged)] = merger.reasons
    assert (position, reason, merged.title) == (first, ALIKE, "A season of gaits: learning to cross beaches")
    assert merger.at(second).ids[0] == "doi:10.1000/x"


def test_identifiers_that_contradict_are_not_joined_by_a_third_record() -> None:
    records = [
        paper(TITLE, ABSTRACT, "arxiv:2503.00001"),
        paper(TITLE + " today", ABSTRACT),
        paper(TITLE + " again", ABSTRACT, "arxiv:2503.00002"),
    ]
    assert len(merge(records)) == 2


def test_a_preprints_doi_does_not_speak_against_that_of_the_journal() -> None:
    published, preprint = paper(TITLE, ABSTRACT, "doi:10.1000/j"), paper(TITLE + ".", ABSTRACT, "doi:10.1101/2025.1")
    assert len(merge([published, preprint])) == 1
    assert len(merge([published, paper(TITLE + " again", ABSTRACT, "doi:10.1000/k")])) == 2


@given(st.lists(st.sampled_from(WORDS[:9]), max_size=30), st.lists(st.sampled_from(WORDS[:9]), max_size=30))
def test_it_does_not_matter_which_comes_first(one: list[str], other: list[str]) -> None:
    first, second = (paper(TITLE, f"{ABSTRACT} {' '.join(words)}") for words in (one, other))
    assert is_alike(first, second) is is_alike(second, first)


def test_pairs_are_found_among_many() -> None:
    chance = random.Random(3)
    vocabulary = sorted({*WORDS, *OTHER.split()})
    papers = [
        paper(f"{' '.join(chance.choices(vocabulary, k=6))}", " ".join(chance.choices(vocabulary, k=90)))
        for _ in range(600)
    ]
    copies = [paper(f"{papers[at].title} again", " ".join(papers[at].abstract.split()[:60])) for at in range(0, 600, 7)]
    found = list(alike_pairs([*papers, *copies]))
    assert found == [(at, 600 + number) for number, at in enumerate(range(0, 600, 7))]
    assert list(alike_pairs([])) == list(alike_pairs(papers[:1])) == []
