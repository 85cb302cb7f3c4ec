"""The description of a project, which people may edit."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from labeler.studio.description import Offer, description, model_in, offers_in, with_model, workspace_in

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.lists(st.tuples(moments, st.lists(st.from_regex(r"[a-z][a-z0-9._-]{0,8}", fullmatch=True))), max_size=4))
def test_descriptions_are_read_as_they_were_written(offers: list[tuple[datetime, list[str]]]) -> None:
    given_ = tuple(Offer(since.replace(microsecond=0), tuple(topics)) for since, topics in offers)
    text = description("0123abcd", given_)
    assert workspace_in(text) == "0123abcd"
    assert offers_in(text) == given_
    assert offers_in(text.replace("T", "t at ")) is not None


def test_a_date_without_a_time_is_of_the_servers_time() -> None:
    (offer,) = offers_in("labeler-topics: 1970-01-01 a b")
    assert offer == Offer(datetime(1970, 1, 1, tzinfo=UTC), ("a", "b"))
    (edited,) = offers_in("labeler-topics: 2026-03-01T10:00:00 a")
    assert edited.since == datetime(2026, 3, 1, 10, tzinfo=UTC)
    (unreadable,) = offers_in("labeler-topics: spring a")
    assert unreadable.since == datetime.fromtimestamp(0, UTC)


lines = st.text(st.characters(codec="utf-8", exclude_characters="\n"))


@given(st.lists(lines), st.sampled_from(["", "mine@1 0f0f", "a model@12 0123456789abcdef"]))
def test_the_model_is_noted_in_any_description_and_nothing_else_is_changed(others: list[str], model: str) -> None:
    text = with_model(with_model("\n".join(others), "mine@9 ffff"), model)
    assert model_in(text) == model
    kept = [line for line in others if not line.startswith("labeler-model: ")]
    rest = [line for line in text.split("\n") if not line.startswith("labeler-model: ")]
    assert "\n".join(rest) == "\n".join(kept)
    assert with_model(text, model) == text


def test_a_project_of_before_names_no_model() -> None:
    assert model_in(description("0123abcd", ())) == ""
    text = description("0123abcd", (), "mine@3 0f")
    assert (model_in(text), workspace_in(text)) == ("mine@3 0f", "0123abcd")
    assert text.splitlines()[1:] == ["labeler-workspace: 0123abcd", "labeler-model: mine@3 0f"]


def test_the_project_of_a_review_is_not_taken_for_the_first_one() -> None:
    first, review = description("0123abcd", ()), description("0123abcd", (), review=True)
    assert (workspace_in(first), workspace_in(first, review=True)) == ("0123abcd", None)
    assert (workspace_in(review), workspace_in(review, review=True)) == (None, "0123abcd")
