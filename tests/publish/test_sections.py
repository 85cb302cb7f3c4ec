"""Labelled papers in the sections of a page."""

from __future__ import annotations

from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.publish.sections import digest_of
from tests.publish.factories import NAMES, labelled, paper


def test_papers_stand_once_below_their_first_topic_the_most_probable_first() -> None:
    digest = digest_of(
        [
            labelled(paper("Low"), (("lang", 0.6, ()),)),
            labelled(paper("Both"), (("vision", 0.9, ("image",)), ("lang", 0.7, ()))),
            labelled(paper("High"), (("lang", 0.8, ()),)),
            labelled(paper("Unsure"), (("lang", 0.5, ()),), "review"),
            labelled(paper("Nothing"), (), "none"),
            labelled(paper("Old"), (("gone", 0.9, ()),)),
            labelled(paper("By people"), (("lang", nan, ()),), "judged"),
        ],
        NAMES,
    )
    assert [(one.name, one.kind, [str(item.title) for item in one.papers]) for one in digest.sections] == [
        ("Language", "topic", ["High", "Low", "By people"]),
        ("Vision & Images", "topic", ["Both"]),
        ("gone", "topic", ["Old"]),
        ("To review", "review", ["Unsure"]),
        ("No topic", "none", ["Nothing"]),
    ]
    assert [(str(one.title), one.told, one.under) for one in digest.sections[0].also] == [
        ("Both", "70 %", "Vision & Images")
    ]
    assert digest.heading == "7 papers by topic"
    assert digest.counts == ["4 decided by the model", "1 to review", "1 of no topic", "1 judged by people"]
    assert [topic["name"] for topic in digest.topics] == ["Language", "Vision & Images", "gone"]


def test_papers_for_review_stand_by_their_likeliest_topics() -> None:
    items = [
        labelled(paper(title), ((topic, share, ()),) if topic else (), "review")
        for title, topic, share in (("a", "vision", 0.5), ("b", "lang", 0.2), ("c", "", 0), ("d", "lang", 0.4))
    ]
    (review,) = (one for one in digest_of(items, NAMES).sections if one.kind == "review")
    assert [str(item.title) for item in review.papers] == ["d", "b", "a", "c"]


def test_of_no_paper_there_is_no_section() -> None:
    digest = digest_of([], NAMES)
    assert (digest.heading, digest.dates, list(digest.sections), digest.topics) == ("0 papers by topic", "", [], [])


def test_papers_of_one_identifier_have_two_places() -> None:
    one = labelled(paper("One", ids=["arxiv:2601.88001"]))
    (section, *_) = digest_of([one, one], NAMES).sections
    keys = [item.key for section in digest_of([one, one], NAMES).sections for item in section.papers]
    assert keys == ["arxiv:2601.88001", "arxiv:2601.88001#2"]
    assert section.also


@pytest.mark.parametrize(
    ("dates", "since", "told"),
    [
        (["2026-01-12"], [], "2026-01-12"),
        (["2026-01-12", "2026-01-14", None], [], "2026-01-12 to 2026-01-14"),
        ([None], ["2026-01-13"], "seen 2026-01-13"),
        (["--01-12", "2026-01-12"], [], ""),
        ([], [], ""),
    ],
)
def test_the_days_of_the_papers(dates: list[str | None], since: list[str], told: str) -> None:
    items = [labelled(paper(f"Paper {number}", date=date)) for number, date in enumerate(dates)]
    if since:
        items = [item._replace(since=day) for item, day in zip(items, since, strict=True)]
    assert digest_of(items, NAMES).dates == told


TOPICS = st.lists(st.sampled_from(["lang", "vision", "gone"]), unique=True, max_size=3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TOPICS, st.sampled_from(["auto", "review", "none", "judged"])), max_size=6))
def test_no_paper_is_lost_or_stands_twice(papers: list[tuple[list[str], str]]) -> None:
    items = [
        labelled(paper(f"Paper {number}"), tuple((topic, 0.5, ()) for topic in topics), decision)
        for number, (topics, decision) in enumerate(papers)
    ]
    digest = digest_of(items, NAMES)
    shown = [item.key for section in digest.sections for item in section.papers]
    assert sorted(shown) == sorted(item.paper.id for item in items)
