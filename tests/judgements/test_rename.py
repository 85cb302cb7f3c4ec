"""Judgements rewritten for topics that were renamed or merged into others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labeler.judgements import additions
from labeler.judgements.rename import renamed
from tests.judgements.factories import judgement

TOPICS = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True)


def test_the_new_topic_is_named_and_the_old_judgement_superseded() -> None:
    before = judgement("a b", number=1)
    (after,) = renamed([before, judgement("b", number=2)], {"a": "c"})
    assert (after.yes, after.supersedes) == (("c", "b"), before.id)
    assert after.origin == before.origin
    assert after.at == before.at


def test_a_yes_is_stronger_than_a_no() -> None:
    before = judgement("a", offered=("a", "b"))
    (after,) = renamed([before], {"a": "c", "b": "c"})
    assert (after.yes, after.no, after.offered) == (("c",), (), ("c",))


@given(TOPICS, TOPICS)
def test_doing_it_twice_changes_nothing_and_what_comes_again_adds_nothing(yes: list[str], offered: list[str]) -> None:
    before = judgement(" ".join(yes), offered=tuple(offered))
    into = {"a": "c", "b": "c"}
    after = renamed([before], into)
    assert renamed(after, into) == []
    for one in after:
        assert not {"a", "b"} & {*one.yes, *one.no, *one.offered}
        again = judgement(" ".join(one.yes), offered=one.offered)
        assert additions([before, one], [again]) == []


def test_what_was_suggested_is_renamed_too() -> None:
    (after,) = renamed([judgement("a", offered=("a", "b"), suggested=("b", "x"))], {"a": "c", "b": "c"})
    assert after.suggested == ("c", "x")
    (unknown,) = renamed([judgement("a", offered=("a",))], {"a": "c"})
    assert unknown.suggested is None
