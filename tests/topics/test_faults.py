"""What can be wrong with a topic scheme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import RefusedError
from labeler.topics import NONE_OF_THESE, Fault, Mode, Scheme, Topic, load_checked_scheme, load_scheme
from labeler.topics.faults import RESERVED_KEYS, faults
from tests.topics.test_scheme import SCHEMES


def messages(*topics: Topic) -> list[tuple[str | None, str]]:
    return [(fault.topic, str(fault)) for fault in faults(Scheme(Mode.MULTI, topics))]


def topic(topic_id: str, name: str = "", **fields: Any) -> Topic:
    return Topic(topic_id, name or topic_id.upper() + "!", **fields)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_sound_scheme_has_no_fault(mode: Mode) -> None:
    topics = (
        topic("rl", "Reinforcement learning", aliases=("Rewards", "rl"), hotkey="r"),
        topic("bandits.v2", "Bandits", parent="rl", hotkey="ctrl+1"),
        topic("old_one", "Überholt", hidden=True),
        topic("cs.CL", "语言", definition="Line one\nline two"),
    )
    assert faults(Scheme(mode, topics)) == []


def test_a_keyword_is_one_of_its_topic_or_speaks_against_it() -> None:
    assert messages(topic("a", keywords=("Gripper", "arm"), not_keywords=("gripper",))) == [
        ("a", "'Gripper' is in keywords and in not of 'a'; it can be in one of them")
    ]


def test_a_keyword_is_of_one_topic_where_papers_have_one() -> None:
    topics = topic("a", keywords=("entropy",), not_keywords=("heat",)), topic("b", keywords=("Entropy", "heat"))
    fault = "'a' and 'b' have the same keyword 'Entropy'; give it to one of them"
    assert [str(found) for found in faults(Scheme(Mode.SINGLE, topics))] == [fault]
    assert messages(*topics) == []


@pytest.mark.parametrize("keyword", ["", " ", "+", "c"])
def test_a_keyword_without_a_word_is_a_fault(keyword: str) -> None:
    fault = f"the keyword {keyword!r} of 'a' holds no word of two letters or more"
    assert messages(topic("a", keywords=(keyword,))) == messages(topic("a", not_keywords=(keyword,))) == [("a", fault)]


def test_keywords_of_scripts_without_blanks_are_words() -> None:
    assert messages(topic("a", keywords=("机", "C++ 机器人", "C4"))) == []


def test_a_scheme_needs_a_topic_that_is_offered() -> None:
    assert messages() == [(None, "there is no topic in the scheme; add one under [[topic]]")]
    assert messages(topic("a", hidden=True)) == [
        (None, "every topic is hidden, so annotators would be offered nothing")
    ]


def test_an_id_given_twice_is_reported_once_with_the_count() -> None:
    assert messages(topic("a"), topic("a"), topic("a")) == [("a", "3 topics have the id 'a'; give each its own")]


@pytest.mark.parametrize("topic_id", ["a b", "a/b", "-a", ".a", "é", "a\n", "a,b", "a@1", ""])
def test_an_id_of_other_characters_is_a_fault(topic_id: str) -> None:
    assert (
        topic_id,
        f"the id {topic_id!r} may hold only the letters a-z and A-Z, digits, '.', '_' and '-'",
    ) in messages(topic(topic_id, "Name"))


def test_ids_that_differ_in_case_alone_are_a_fault() -> None:
    assert ("ab", "the ids 'AB' and 'ab' differ in case alone; change one") in messages(
        topic("ab", "x"), topic("AB", "y")
    )


@pytest.mark.parametrize("name", [" A", "A ", "A\tB", "A\nB", "\u00a0A"])
def test_a_name_with_spaces_that_nobody_sees_is_a_fault(name: str) -> None:
    assert messages(topic("x", name)) == [
        ("x", "the name of 'x' begins or ends with a space, or holds a line break or tab")
    ]


@pytest.mark.parametrize("fields", [{"name": "A\x00B"}, {"definition": "A\x1bB"}])
def test_a_control_character_is_a_fault(fields: dict[str, str]) -> None:
    assert messages(topic("x", **fields)) == [("x", "the name or definition of 'x' holds a control character")]


@pytest.mark.parametrize(
    "fields", [{"name": NONE_OF_THESE}, {"name": "none OF these"}, {"aliases": ("None of these ",)}]
)
def test_no_topic_may_be_called_what_the_interface_offers_itself(fields: dict[str, Any]) -> None:
    (fault,) = messages(topic("x", **fields))
    assert fault[0] == "x"
    assert fault[1].endswith("which the interface offers by itself")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (topic("a", "Vision"), topic("b", "vision")),
        (topic("a", "Vision"), topic("b", aliases=("VISION",))),
        (topic("a", "b"), topic("b")),
        (topic("a", aliases=("Vision",)), topic("b", aliases=("Vision ",))),
        (topic("a", "Café"), topic("b", "Cafe\u0301")),
        (topic("a", "Vision"), topic("b", "Vision", hidden=True)),
    ],
)
def test_two_topics_of_one_name_are_a_fault(one: Topic, other: Topic) -> None:
    (fault,) = messages(one, other)
    assert fault[0] == "b"
    assert fault[1].startswith("the topics 'a' and 'b' are both called ")


def test_one_topic_may_say_its_own_name_twice() -> None:
    assert messages(topic("vision", "Vision", aliases=("VISION", "vision"))) == []


def test_an_empty_alias_is_a_fault() -> None:
    assert [where for where, _ in messages(topic("a", aliases=("",)))] == ["a"]


def test_a_parent_must_be_a_topic() -> None:
    assert messages(topic("a", parent="gone")) == [("a", "the parent of 'a' is 'gone', which is no topic")]


@pytest.mark.parametrize(
    ("parents", "cycle"),
    [
        ({"a": "a"}, "'a' -> 'a'"),
        ({"a": "b", "b": "a"}, "'a' -> 'b' -> 'a'"),
        ({"x": "a", "y": "x", "a": "b", "b": "c", "c": "a"}, "'a' -> 'b' -> 'c' -> 'a'"),
    ],
)
def test_a_cycle_of_parents_is_reported_once(parents: dict[str, str], cycle: str) -> None:
    assert [message for _, message in messages(*(topic(name, parent=above) for name, above in parents.items()))] == [
        f"the parents form a cycle: {cycle}"
    ]


def test_each_cycle_is_reported() -> None:
    assert len(messages(topic("a", parent="a"), topic("b", parent="c"), topic("c", parent="b"))) == 2


@pytest.mark.parametrize("key", ["ab", "", "é", "ctrl", "ctrl+", "f1", "meta+a", "space"])
def test_a_hotkey_is_one_letter_or_digit(key: str) -> None:
    assert messages(topic("x", hotkey=key)) == [("x", f"the hotkey {key!r} of 'x' is not a letter or digit")]


@pytest.mark.parametrize(("key", "owner"), [*RESERVED_KEYS.items(), ("U", "unsure"), ("Shift + F", "the filter")])
def test_a_hotkey_that_the_screen_uses_itself_is_a_fault(key: str, owner: str) -> None:
    assert messages(topic("x", hotkey=key)) == [("x", f"the hotkey {key!r} of 'x' is taken by {owner}")]


@pytest.mark.parametrize(
    ("one", "other"), [("r", "r"), ("r", "R"), ("ctrl+r", "Ctrl + R"), ("ctrl+alt+r", "alt+ctrl+r")]
)
def test_two_topics_cannot_have_one_hotkey(one: str, other: str) -> None:
    assert messages(topic("x", hotkey=one), topic("y", hotkey=other)) == [
        ("y", f"'x' and 'y' have the same hotkey {other!r}")
    ]


def test_the_same_letter_with_another_key_is_another_hotkey() -> None:
    assert messages(topic("x", hotkey="r"), topic("y", hotkey="ctrl+r"), topic("z", hotkey="shift+r")) == []


@settings(max_examples=80, deadline=None)
@given(SCHEMES | st.builds(lambda scheme: Scheme(scheme.mode, scheme.topics * 2), SCHEMES))
def test_any_scheme_has_faults_of_its_own_topics_in_one_line_each(scheme: Scheme) -> None:
    found = faults(scheme)
    assert found == faults(scheme)
    for fault in found:
        assert isinstance(fault, Fault)
        assert fault.topic is None or fault.topic in scheme.ids
        assert len(str(fault).splitlines()) == 1


def test_a_scheme_without_a_mode_is_told_to_write_it(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    path.write_text('[[topic]]\nid = "a"\n', encoding="utf-8")
    (fault,) = faults(load_scheme(path))
    assert fault.message.startswith('the mode is missing; above the first [[topic]], write mode = "multi"')
    with pytest.raises(RefusedError, match="the mode is missing"):
        load_checked_scheme(path)
    path.write_text('mode = "single"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert faults(load_scheme(path)) == []
