"""Merging: when records are the same paper, and the fields of the merged paper."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.papers import Merger, Paper, merge
from labeler.papers.ids import title_id
from labeler.papers.merge import match_indices, texts_agree

LONG = (
    "We measure how far a small robot can walk on wet sand when its controller learns from few trials, and find that "
    "a simple penalty on slip doubles the distance in every season of the year."
)
OTHER = (
    "Translation of rare languages needs dictionaries; here a lexicon made by volunteers becomes training pairs, "
    "which improves fluency for nine languages without any parallel corpus at all."
)


def paper(title: str = "A title", abstract: str = LONG, *ids: str, **fields: Any) -> Paper:
    return Paper.make(title, abstract, ids=ids, **fields)


def groups(records: list[Paper], strong: tuple[str, ...] = ("arxiv:", "doi:", "pmid:")) -> set[frozenset[str]]:
    """Which identifiers ended up together."""
    return {frozenset(name for name in item.ids if name.startswith(strong)) for item in merge(records)}


@pytest.mark.parametrize("shared", ["arxiv:2503.11731", "doi:10.1000/x", "pmid:7"])
@pytest.mark.parametrize(
    "other",
    [
        ("One", OTHER),
        ("Two", LONG),
        ("Two", ""),
        ("", OTHER),
        ("Two", "Brief."),
        (
            "How Far Small Robots Walk on Wet Sand",
            "We find that a penalty on slip lets a small robot walk far on sand.",
        ),
        ("湿沙上的小型机器人", "我们测量小型机器人在湿沙上能走多远，并发现对打滑的简单惩罚使一年四季的行走距离加倍。"),
    ],
)
def test_records_that_share_an_identifier_are_one_unless_titles_and_abstracts_differ(
    shared: str, other: tuple[str, str]
) -> None:
    records = [paper("One", LONG, shared), Paper.make(*other, ids=[shared])]
    assert len(merge(records)) == len(merge(records[::-1])) == 1


@pytest.mark.parametrize("shared", ["arxiv:2503.11731", "doi:10.1000/x", "pmid:7"])
def test_an_identifier_of_papers_that_differ_merges_nothing(shared: str) -> None:
    merger = Merger()
    chapters = [paper("Robots on Sand", LONG, shared), paper("Rare Languages", OTHER, shared)]
    assert [merger.add(chapter) for chapter in chapters] == [0, 1]
    assert merger.shared() == {shared: 2}
    assert merger.add(paper("Rare languages!", "", shared)) == 1
    assert merger.add(paper("An Index of Names", "", shared)) == 2
    assert merger.papers()[:2] == [chapters[0], merger.at(1)]


def test_an_identifier_of_every_record_is_none() -> None:
    texts = [f"word{n} " * 3 + " ".join(f"term{n}x{m}" for m in range(12)) for n in range(70)]
    records = [paper(f"Title {n} of row{n}", text, "doi:10.1000/x") for n, text in enumerate(texts)]
    assert len(merge(records)) == 70


def test_what_a_record_says_of_a_paper_is_kept_by_a_merge() -> None:
    records = [
        paper("A title", LONG, flags=("cross_listed", "odd_characters")),
        paper("A title", LONG + " More.", flags=("replaced",)),
    ]
    assert merge(records)[0].flags == ("cross_listed", "replaced")


def test_records_that_share_nothing_stay_apart() -> None:
    assert [item.title for item in merge([paper("One"), paper("Two")])] == ["One", "Two"]


def test_no_records_are_no_papers() -> None:
    assert merge([]) == []


@pytest.mark.parametrize("again", [LONG, LONG.upper(), LONG[:100], LONG.rstrip(".") + ". Code is public."])
def test_one_title_and_abstracts_that_agree_are_one_paper(again: str) -> None:
    assert len(merge([paper("A title", LONG), paper("a TITLE!", again, "arxiv:2503.11731")])) == 1
    assert len(merge([paper("a TITLE!", again, "arxiv:2503.11731"), paper("A title", LONG)])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, OTHER),
        (LONG, ""),
        ("", ""),
        ("Editorial of issue 3.", "Editorial of issue 4."),
        (
            "In this issue",
            "In this issue we welcome new editors, and look back on a year of fine work by many authors.",
        ),
    ],
)
def test_editorials_stay_apart(one: str, other: str) -> None:
    assert len(merge([paper("Editorial", one), paper("Editorial", other)])) == 2


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (("Jane Doe", "Wei Li"), ("J. Doe", "W. Li"), True),
        (("Doe, Jane",), ("Jane Doe",), True),
        (("Jane Doe",), ("Jane Roe",), False),
        (("Doe, Jane",), ("Roe, Jane",), False),
        (("Jane Doe",), (), False),
        ((), (), False),
        ((" , ",), (), False),
        ((" , ",), ("",), False),
    ],
)
def test_where_an_abstract_is_missing_the_authors_decide(
    one: tuple[str, ...], other: tuple[str, ...], agree: bool
) -> None:
    full, bare = paper("A title", LONG, authors=one), paper("A title", "", authors=other)
    assert texts_agree(full, bare) is agree
    assert texts_agree(bare, full) is agree


def test_editorials_by_one_editor_with_different_dois_stay_apart() -> None:
    issues = [paper("Editorial", "", f"doi:10.1000/{number}", authors=("Jane Doe",)) for number in (1, 2)]
    assert len(merge(issues)) == 2


def test_a_record_without_a_title_meets_its_like_by_its_text() -> None:
    assert len(merge([paper("", LONG), paper("??", LONG.upper())])) == 1
    assert len(merge([paper("", LONG), paper("", OTHER)])) == 2


def test_the_fuller_record_is_kept_with_all_that_either_knows() -> None:
    brief = paper("a title", LONG[:60], "doi:10.1000/x", date="--03-14", categories=("cs.RO",), flags=("cut",))
    brief_first, full_first = (
        merge(records)
        for records in itertools.permutations(
            [
                brief,
                paper(
                    "A Title",
                    LONG,
                    "doi:10.1000/x",
                    "arxiv:2503.11731",
                    authors=("Jane Doe",),
                    date="2025-03-14",
                    url="https://example.org",
                    categories=("cs.LG", "cs.RO"),
                    source="b",
                ),
            ]
        )
    )
    for found in (brief_first, full_first):
        assert found[0].to_dict() | {"categories": []} == {
            "id": "arxiv:2503.11731",
            "ids": ["arxiv:2503.11731", "doi:10.1000/x", title_id("A title")],
            "title": "A Title",
            "abstract": LONG,
            "authors": ["Jane Doe"],
            "date": "2025-03-14",
            "url": "https://example.org",
            "categories": [],
            "source": "b",
            "flags": [],
            "venue": None,
            "language": None,
            "keywords": [],
            "notes": [],
            "curator": None,
        }
        assert sorted(found[0].categories) == ["cs.LG", "cs.RO"]


def test_the_only_title_is_kept_even_where_the_other_record_is_fuller() -> None:
    merged = merge([paper("A title", "", "pmid:7"), paper("", LONG, "pmid:7")])
    assert [(item.title, item.abstract) for item in merged] == [("A title", LONG)]


@pytest.mark.parametrize(
    ("one", "other", "better"),
    [
        ("2025-03-14", "2025", "2025-03-14"),
        ("2025-03-15", "2025-03-14", "2025-03-14"),
        ("--03-14", "2025", "2025"),
        ("--03-14", None, "--03-14"),
        (None, None, None),
    ],
)
def test_the_date_that_says_more_counts_then_the_earlier(one: str | None, other: str | None, better: str) -> None:
    for dates in ((one, other), (other, one)):
        assert [item.date for item in merge(paper(date=date) for date in dates)] == [better]


def test_a_third_record_ties_two_papers_together() -> None:
    merger = Merger()
    first = merger.add(paper("One", LONG, "arxiv:2503.11731"))
    second = merger.add(paper("Two", f"{OTHER} {LONG}", "doi:10.1000/x"))
    last = merger.add(paper("Other", "Unlike both.", "pmid:7"))
    tie = merger.add(paper("Three", "Brief.", "arxiv:2503.11731", "doi:10.1000/x"))
    assert {merger.find(position) for position in (first, second, tie)} == {first}
    assert [item.title for item in merger.papers()] == ["Two", "Other"]
    assert merger.at(second) == merger.at(first)
    assert merger.at(last).title == "Other"
    assert {title_id(title) for title in ("One", "Two", "Three")} < set(merger.at(first).ids)
    assert merger.add(paper("Four", OTHER, "doi:10.1000/x")) == first
    assert merger.add(paper("Four", OTHER, title_id("Two"))) == first


def test_every_record_that_added_no_paper_is_counted_and_explained() -> None:
    merger = Merger()
    records = [
        paper("One", LONG, "arxiv:2503.11731"),
        paper("Two", f"{OTHER} {LONG}", "doi:10.1000/x"),
        paper("Three", "Brief.", "arxiv:2503.11731", "doi:10.1000/x"),
        paper("One", LONG),
    ]
    for record in records:
        merger.add(record)
    assert merger.merged == len(records) - len(merger.papers()) == 3
    assert len(merger.reasons) == merger.merged
    assert {merger.find(position) for position, _, _ in merger.reasons} == {0}


def test_a_merge_is_explained_by_what_the_paper_was_recognised_by() -> None:
    merger = Merger()
    again = paper("a title", LONG)
    for record in (paper(), again, paper("B", OTHER, "doi:10.1000/x"), paper("C", OTHER, "doi:10.1000/x")):
        merger.add(record)
    assert [(position, name) for position, name, _ in merger.reasons] == [
        (0, title_id("A title")),
        (1, "doi:10.1000/x"),
    ]
    assert merger.reasons[0][2] is again


def test_what_a_merge_adds_ties_to_papers_that_came_before() -> None:
    records = [
        paper("One", "", "arxiv:2503.11731"),
        paper("One", LONG),
        paper("Two", LONG, "arxiv:2503.11731"),
    ]
    assert {len(merge(order)) for order in itertools.permutations(records)} == {1}


RECORDS = st.lists(
    st.builds(
        lambda number, names: paper(f"Title {number}", "", *names),
        st.integers(0, 10**6),
        st.sets(st.sampled_from([f"arxiv:2503.0000{n}" for n in range(4)] + [f"doi:10.1000/{n}" for n in range(4)])),
    ),
    max_size=8,
    unique_by=lambda item: item.title,
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_what_shares_identifiers_ends_up_together_in_any_order(records: list[Paper], random: Any) -> None:
    shuffled = random.sample(records, len(records))
    every = ("arxiv:", "doi:", "title:")
    assert groups(records, every) == groups(shuffled, every)
    identifiers = [name for item in merge(records) for name in item.ids]
    assert len(identifiers) == len(set(identifiers))


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_merging_papers_again_changes_nothing(records: list[Paper]) -> None:
    papers = merge(records)
    assert merge(papers) == papers


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_records_are_papers_and_merged_ones(records: list[Paper]) -> None:
    merger = Merger()
    positions = [merger.add(record) for record in records]
    assert len(records) == len(merger.papers()) + merger.merged
    assert all(set(record.ids) <= set(merger.at(at).ids) for record, at in zip(records, positions, strict=True))


def test_papers_that_say_the_same_word_for_word_are_the_same_however_little_that_is() -> None:
    before = [paper("Editorial", ""), paper("Preface", "", authors=("Doe, Jane",)), paper("News", "Short.")]
    again = [paper("News", "Short."), paper("editorial!", ""), paper("Preface", "")]
    assert match_indices(again, before) == [2, 0, 1]


def test_papers_that_merge_with_an_earlier_one_have_its_index() -> None:
    before = [paper("One", LONG, "arxiv:2503.11731"), paper("A title", OTHER)]
    again = [paper("a TITLE", OTHER[:100], "doi:10.1000/x"), paper("Another name", LONG[20:], "arxiv:2503.11731")]
    assert match_indices(again, before) == [1, 0]


@pytest.mark.parametrize(
    "new", [paper("A title", OTHER), paper("Editorial", "Of issue 4."), paper("Preface", ""), paper("Three", LONG)]
)
def test_papers_that_are_none_of_the_earlier_ones_have_no_index(new: Paper) -> None:
    before = [paper("A title", LONG), paper("Editorial", ""), paper("Preface", "A preface to spring.")]
    assert match_indices([new], before) == [None]


def test_of_several_earlier_ones_the_first_counts() -> None:
    twice = [paper("Other", OTHER), paper("Editorial", ""), paper("Editorial", ""), paper("A", LONG), paper("a", LONG)]
    assert match_indices([paper("a!", LONG), paper("Editorial", "")], twice) == [3, 1]
    tied = [paper("One", LONG, "arxiv:2503.00001"), paper("Two", LONG, "doi:10.1000/x")]
    assert match_indices([paper("Both", LONG, "arxiv:2503.00001", "doi:10.1000/x")], tied) == [0]


def test_among_no_papers_nothing_has_an_index() -> None:
    assert match_indices([paper(), paper()], []) == [None, None]
    assert match_indices([], [paper()]) == []


BARE = st.builds(
    Paper.make,
    st.sampled_from(["Editorial", "News", "editorial.", "A title that is long enough to tell all"]),
    st.sampled_from(["", "Short.", LONG, OTHER]),
    ids=st.lists(st.sampled_from(["arxiv:2503.00001", "doi:10.1000/x"]), max_size=1),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(BARE, max_size=5), st.lists(BARE, max_size=5))
def test_earlier_papers_have_an_index_and_never_that_of_another(before: list[Paper], more: list[Paper]) -> None:
    indices = match_indices([*before, *more], before)
    assert all(index is not None for index in indices[: len(before)])
    for one, index in zip([*before, *more], indices, strict=True):
        if index is not None:
            assert 0 <= index < len(before)
        else:
            assert all(one.ids != other.ids or one.abstract != other.abstract for other in before)


def test_a_merge_names_the_title_that_gave_way() -> None:
    merger = Merger()
    for record in (paper("One", LONG, "doi:10.1000/x"), paper("Two", f"{LONG} {LONG}", "doi:10.1000/x")):
        merger.add(record)
    [(position, _, record)] = merger.reasons
    assert (merger.at(position).title, record.title) == ("Two", "One")
