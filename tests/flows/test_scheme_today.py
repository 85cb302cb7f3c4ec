"""Whether a model's topics are read under the scheme of today, and what is told of those that are gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.flows.scheme_today import SchemeToday, scheme_today
from labeler.modelstore import ModelStore, Version, shipped_versions
from labeler.topics import load_scheme

TOPICS = Path("annotations/topics.toml")


@pytest.fixture
def version(trained_once: Path) -> Version:
    return ModelStore(trained_once / "models").find()


@pytest.fixture
def today(workspace: Path, version: Version) -> Callable[[str], SchemeToday]:
    """The scheme today, where that of the samples reads as is said."""

    def found(text: str) -> SchemeToday:
        TOPICS.write_text(text, encoding="utf-8")
        return scheme_today(version, find_workspace())

    return found


def topic(name: str, more: str = "") -> str:
    return f'[[topic]]\nid = "{name}"\nname = "{name.title()} today"\n{more}\n'


Today = Callable[[str], SchemeToday]


def test_the_scheme_of_the_training_is_that_of_today(workspace: Path, version: Version) -> None:
    found = scheme_today(version, find_workspace())
    assert found == SchemeToday(load_scheme(TOPICS), version.names)


def test_names_are_those_of_today_and_hidden_topics_have_none(today: Today) -> None:
    kept = topic("llm") + topic("speech", "hidden = true")
    found = today('mode = "multi"\n' + kept)
    assert found.scheme == load_scheme(TOPICS)
    assert found.names == {"llm": "Llm today"}


def test_of_topics_that_are_gone_five_are_named_by_the_name_they_had(today: Today, version: Version) -> None:
    topics = version.manifest.topics
    (note,) = today('mode = "multi"\n' + "".join(map(topic, topics[:-1]))).notes
    assert note == f"Not given, as the scheme no longer has them: {version.names[topics[-1]]}."
    (note,) = today('mode = "multi"\n' + topic(topics[0])).notes
    assert note.endswith(f", {version.names[topics[5]]} and {len(topics) - 6} more.")


def test_a_topic_that_went_into_another_is_not_gone(today: Today, version: Version) -> None:
    topics = version.manifest.topics
    found = today('mode = "multi"\n' + topic(topics[0], f"aliases = {list(topics[1:])}"))
    assert (found.names, found.notes) == ({topics[0]: f"{topics[0].title()} today"}, ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('mode = "single"\n' + topic("llm"), "it is a multi-label model, and the scheme is single-label now (`labeler"),
        ('mode = "multi"\n[', "not TOML"),
    ],
)
def test_where_the_scheme_cannot_be_applied_topics_are_as_they_were_learned(
    today: Today, version: Version, text: str, why: str
) -> None:
    found = today(text)
    assert (found.scheme, found.names) == (None, version.names)
    (note,) = found.notes
    assert note.startswith("The topics are as mine@1 has learned them: ")
    assert why in note


def test_without_a_workspace_a_scheme_or_a_common_topic_nothing_is_said(today: Today, version: Version) -> None:
    as_trained = SchemeToday(None, version.names)
    assert scheme_today(version, None) == as_trained
    assert today('mode = "multi"\n' + topic("plants")) == as_trained
    TOPICS.unlink()
    assert scheme_today(version, find_workspace()) == as_trained


def test_the_model_that_comes_along_is_read_under_a_scheme_that_has_all_its_topics(workspace: Path) -> None:
    shipped = shipped_versions()[-1]
    topics = shipped.manifest.topics
    TOPICS.write_text(f'mode = "{shipped.manifest.mode}"\n' + "".join(map(topic, topics[1:])), encoding="utf-8")
    assert scheme_today(shipped, find_workspace()).scheme is None
    TOPICS.write_text(f'mode = "{shipped.manifest.mode}"\n' + "".join(map(topic, topics)), encoding="utf-8")
    assert scheme_today(shipped, find_workspace()).scheme is not None
