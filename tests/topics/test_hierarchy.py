from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.topics import Mode, Scheme, Topic
from labeler.topics.hierarchy import FLAT, Hierarchy

TREE = Hierarchy({"nlp": "ai", "llm": "nlp", "vision": "ai"})
TOPICS = "abcdef"


def test_ancestors_are_the_nearest_first_and_descendants_are_all() -> None:
    assert TREE.ancestors == {"nlp": ("ai",), "llm": ("nlp", "ai"), "vision": ("ai",)}
    assert TREE.descendants == {"ai": ("nlp", "llm", "vision"), "nlp": ("llm",)}


@pytest.mark.parametrize(
    ("yes", "no", "applies", "fails"),
    [
        (["llm"], [], {"llm", "nlp", "ai"}, set()),
        (["llm"], ["ai", "nlp", "vision"], {"llm", "nlp", "ai"}, {"vision"}),
        ([], ["nlp"], set(), {"nlp", "llm"}),
        ([], ["ai"], set(), {"ai", "nlp", "llm", "vision"}),
        (["vision"], ["nlp"], {"vision", "ai"}, {"nlp", "llm"}),
        (["ai"], ["llm"], {"ai"}, {"llm"}),
        ([], [], set(), set()),
        (["other"], ["another"], {"other"}, {"another"}),
    ],
)
def test_a_yes_goes_up_and_a_no_goes_down(yes: list[str], no: list[str], applies: set[str], fails: set[str]) -> None:
    assert TREE.closed(yes, no) == (applies, fails)


def test_the_most_specific_topics_are_those_without_others_below() -> None:
    assert TREE.most_specific(["ai", "llm", "nlp"]) == ["llm"]
    assert TREE.most_specific(["ai", "vision", "llm"]) == ["vision", "llm"]
    assert FLAT.most_specific(["ai", "llm"]) == ["ai", "llm"]


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(TOPICS), st.sampled_from(TOPICS)),
    st.sets(st.sampled_from(TOPICS)),
    st.sets(st.sampled_from(TOPICS)),
)
def test_what_is_closed_is_consistent_whatever_the_parents(
    parents: dict[str, str], yes: set[str], no: set[str]
) -> None:
    hierarchy = Hierarchy(parents)
    applies, fails = hierarchy.closed(yes, no)
    assert yes <= applies
    assert not applies & fails
    assert hierarchy.closed(applies, fails) == (applies, fails)
    for topic, above in hierarchy.ancestors.items():
        assert topic not in applies or applies.issuperset(above)
        assert topic in fails or fails.isdisjoint(above) or topic in applies


def test_a_scheme_knows_the_parents_that_are_topics() -> None:
    scheme = Scheme(Mode.MULTI, (Topic("ai", "AI"), Topic("nlp", "NLP", parent="ai"), Topic("x", "X", parent="gone")))
    assert scheme.hierarchy == Hierarchy({"nlp": "ai"})
