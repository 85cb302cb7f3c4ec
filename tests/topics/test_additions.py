from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.topics import Mode, Scheme, Topic
from labeler.topics.additions import appended, new_topics
from labeler.topics.faults import faults
from tests.growth import LARGEST_RATIO, doubling

KNOWN = Scheme(Mode.MULTI, (Topic("nlp", "Language", aliases=("Text mining",)),))


@pytest.mark.parametrize(
    ("name", "topic_id"),
    [
        ("Robotics", "robotics"),
        ("Images and video", "images-and-video"),
        ("cs.LG", "cs.lg"),
        ("Öffentliche Gesundheit", "offentliche-gesundheit"),
        ("人工智能", "topic-1"),
        ("C++", "c"),
        ("NLP!", "nlp-2"),
        ("None!", "none-2"),
        ("x" * 90, "x" * 40),
    ],
)
def test_an_id_reads_like_the_name(name: str, topic_id: str) -> None:
    (topic,) = new_topics([name], KNOWN)
    assert (topic.id, topic.name) == (topic_id, name)


def test_what_a_scheme_has_by_any_name_is_no_new_topic() -> None:
    names = ["NLP", "language", " text  mining", "none", "None of these", "-", "", "Robots", "robots"]
    assert [topic.name for topic in new_topics(names, KNOWN)] == ["Robots"]


@given(st.lists(st.text()))
def test_whatever_is_added_is_sound_and_what_was_there_stays(names: list[str]) -> None:
    text = '# mine\nmode = "multi"\n\n[[topic]]\nid = "nlp" # first\nname = "Language"\naliases = ["Text mining"]'
    topics = new_topics(names, KNOWN)
    longer = appended(text, topics)
    assert longer.startswith(text)
    assert [entry["name"] for entry in tomllib.loads(longer)["topic"]] == ["Language", *(one.name for one in topics)]
    assert not faults(Scheme(Mode.MULTI, (*KNOWN.topics, *topics)))
    assert not new_topics(names, Scheme(Mode.MULTI, (*KNOWN.topics, *topics)))


@pytest.mark.parametrize("first", ["Field {}", "視 {}", "{} !"])
def test_the_time_grows_with_the_number_of_names_alone(first: str) -> None:
    def names(count: int) -> list[str]:
        return [first.format(chr(0x4E00 + number)) for number in range(count)]

    assert doubling(names, lambda given: new_topics(given, KNOWN), 2000) <= LARGEST_RATIO
