"""What people made of topics: each paper is counted once, and each topic of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.measure.changes import Changes, TopicChanges

topics = st.sets(st.sampled_from("abcd"))


@pytest.mark.parametrize(
    ("gave", "right", "kind", "to_none"),
    [
        ("", "", "kept", 0),
        ("a", "a", "kept", 0),
        ("ab", "ba", "kept", 0),
        ("a", "ab", "added_to", 0),
        ("", "a", "added_to", 0),
        ("ab", "a", "taken_from", 0),
        ("a", "", "taken_from", 1),
        ("a", "b", "exchanged", 0),
        ("ab", "bc", "exchanged", 0),
    ],
)
def test_a_paper_is_kept_added_to_taken_from_or_exchanged(gave: str, right: str, kind: str, to_none: int) -> None:
    changes = Changes()
    changes.count(set(gave), set(right))
    record = changes.to_dict()
    kinds = ("kept", "added_to", "taken_from", "exchanged")
    assert [record[name] for name in kinds] == [int(name == kind) for name in kinds]
    assert (record["papers"], record["changed"], record["to_none"]) == (1, int(kind != "kept"), to_none)


def test_topics_are_counted_by_what_became_of_them() -> None:
    changes = Changes()
    changes.count({"a", "b"}, {"b", "c"})
    changes.count({"b"}, {"b"})
    assert changes.topics == {"a": TopicChanges(taken_away=1), "b": TopicChanges(kept=2), "c": TopicChanges(added=1)}
    assert list(changes.to_dict()["topics"]) == ["a", "b", "c"]


@given(st.lists(st.tuples(topics, topics)), st.lists(st.tuples(topics, topics)))
def test_counts_add_up(some: list[tuple[set[str], set[str]]], others: list[tuple[set[str], set[str]]]) -> None:
    first, second, both = Changes(), Changes(), Changes()
    for part, papers in ((first, some), (second, others)):
        for gave, right in papers:
            part.count(gave, right)
            both.count(gave, right)
    first.join(second)
    assert first.to_dict() == both.to_dict()
    assert both.papers == both.kept + both.added_to + both.taken_from + both.exchanged == len(some) + len(others)
    assert both.changed == both.papers - both.kept
    for topic in "abcd":
        counts = both.topics.get(topic, TopicChanges())
        assert counts.kept + counts.taken_away == sum(topic in gave for gave, _ in some + others)
        assert counts.kept + counts.added == sum(topic in right for _, right in some + others)
