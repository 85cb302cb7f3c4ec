from __future__ import annotations

import re
import string
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_studio_sdk.label_interface import LabelInterface

from labeler.papers import Paper
from labeler.studio.interface import hotkeys, interface, names_in, offered_in, same_interface
from labeler.studio.tasks import prediction, review_task, task
from labeler.topics import NONE_OF_THESE, Scheme, Topic
from labeler.topics.faults import faults

ODD = ("Q&A", 'The "big" <5> ones', "It's R&D; a > b", "日本語 — naïve 😀", "AI Ethics, Trust, Fairness", "$title")


def scheme(mode: str = "multi", *names: str) -> Scheme:
    told = names or ODD
    return Scheme(mode, tuple(Topic(f"t{n}", name, f"About {name}\nand more") for n, name in enumerate(told)))


def choices(xml: str, control: str = "topics") -> list[dict[str, str]]:
    (found,) = ElementTree.fromstring(xml).iterfind(f".//Choices[@name='{control}']")
    return [dict(choice.attrib) for choice in found]


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_label_studio_accepts_the_interface_and_what_we_suggest_for_it(mode: str) -> None:
    told = LabelInterface(interface(scheme(mode)))
    told.validate()
    suggestions = [[], ["t0"], ["t3"], *([["t0", "t4"]] if mode == "multi" else [])]
    for topics in suggestions:
        made = task(Paper.make("T", "Words."), scheme().offered, "because", prediction(topics, 0.25, "mine@1"))
        assert told.validate_prediction(made["predictions"][0], return_errors=True) == []
        assert told.validate_task({"data": made["data"]})


def test_a_suggestion_that_the_interface_does_not_offer_would_be_refused() -> None:
    told = LabelInterface(interface(scheme()))
    assert told.validate_prediction(prediction(["no-such-topic"], 0.5, "mine@1"), return_errors=True)


def test_names_come_through_as_they_are_and_ids_come_back() -> None:
    shown = choices(interface(scheme()))
    assert [choice["value"] for choice in shown] == [*ODD, "None of these"]
    assert [choice.get("alias") for choice in shown] == [*(f"t{n}" for n in range(len(ODD))), None]
    assert shown[0]["hint"] == "About Q&A\nand more"


@pytest.mark.parametrize(("mode", "kind"), [("multi", "multiple"), ("single", "single-radio")])
def test_the_mode_decides_how_many_can_be_picked(mode: str, kind: str) -> None:
    (control,) = ElementTree.fromstring(interface(scheme(mode))).iterfind(".//Choices[@name='topics']")
    assert (control.get("choice"), control.get("required"), control.get("toName")) == (kind, "true", "abstract")


def test_hidden_topics_are_not_offered_and_their_keys_are_free() -> None:
    topics = (Topic("old", "Old", hotkey="1", hidden=True), Topic("new", "New"))
    shown = choices(interface(Scheme("multi", topics)))
    assert [(choice["value"], choice["hotkey"]) for choice in shown] == [("New", "1"), ("None of these", "0")]


def test_a_topic_without_a_definition_has_no_hint() -> None:
    assert "hint" not in choices(interface(Scheme("multi", (Topic("a", "Alpha"),))))[0]


def test_own_hotkeys_stay_and_others_get_digits_then_letters_of_their_names() -> None:
    topics = [Topic("x", "Xylophone", hotkey="2"), *(Topic(f"t{n}", f"Umbra {n}") for n in range(9))]
    keys = hotkeys(topics)
    assert list(keys.values()) == ["2", "1", "3", "4", "5", "6", "7", "8", "9", "m"]


def test_with_more_topics_than_keys_the_last_have_none() -> None:
    keys = hotkeys([Topic(f"t{n}", f"Topic {n}") for n in range(60)])
    assert len(keys) == len(set(keys.values())) == 9 + 26 - len("au")
    assert LabelInterface(interface(scheme("multi", *(f"Topic {n}" for n in range(60))))).validate() is None


NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=15)
KEYS = st.none() | st.sampled_from([*string.ascii_lowercase, *string.digits, "ctrl+k", "shift+b", "B"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(NAMES, NAMES, KEYS, st.booleans()), min_size=1, max_size=14),
    st.sampled_from(["multi", "single"]),
)
def test_every_sound_scheme_makes_an_interface_with_its_names_and_unique_keys(
    told: list[tuple[str, str, str | None, bool]], mode: str
) -> None:
    made = Scheme(
        mode, tuple(Topic(f"t{n}", *fields[:2], hotkey=fields[2], hidden=fields[3]) for n, fields in enumerate(told))
    )
    if faults(made):
        return
    xml = interface(made)
    LabelInterface(xml).validate()
    shown = choices(xml)
    assert [choice["value"] for choice in shown[:-1]] == [topic.name for topic in made.topics if not topic.hidden]
    keys = [choice["hotkey"] for choice in (*shown, *choices(xml, "unsure")) if "hotkey" in choice]
    assert len(keys) == len(set(keys))
    assert not {"a", "shift+f"} & set(keys)
    assert all(re.fullmatch(r"((ctrl|alt|shift)\+)*[a-z0-9]", key) for key in keys)
    assert keys[-2:] == ["0", "u"]


def test_interfaces_are_the_same_but_for_spaces() -> None:
    made = interface(scheme())
    assert same_interface(made, made.strip().replace(">\n", ">\n\n  "))
    assert not same_interface(made, interface(scheme("single")))
    assert not same_interface(made, "<View>")


@pytest.mark.parametrize(("mode", "choice"), [("multi", "multiple"), ("single", "single-radio")])
def test_what_an_interface_offers_is_read_from_it(mode: str, choice: str) -> None:
    made = interface(scheme(mode))
    assert offered_in(made) == (choice, "t0", "t1", "t2", "t3", "t4", "t5", NONE_OF_THESE)
    assert names_in(made) == {f"t{number}": name for number, name in enumerate(ODD)}


@pytest.mark.parametrize("text", ["", "<View>", "<View/>", "<View><Choices name='other'/></View>"])
def test_of_another_interface_nothing_is_read(text: str) -> None:
    assert offered_in(text) is None
    assert names_in(text) == {}


def keys_of(xml: str) -> dict[str, str]:
    return {choice["alias"]: choice.get("hotkey", "") for choice in choices(xml) if "alias" in choice}


FOUR = tuple(Topic(name, name.title()) for name in ("owls", "trains", "waves", "grain"))


@pytest.mark.parametrize(
    ("topics", "keys"),
    [
        (FOUR[1:], {"trains": "2", "waves": "3", "grain": "4"}),
        ((*FOUR[:2], FOUR[3]), {"owls": "1", "trains": "2", "grain": "4"}),
        ((Topic("snow", "Snow"), *FOUR), {"snow": "5", "owls": "1", "trains": "2", "waves": "3", "grain": "4"}),
        ((Topic("snow", "Snow"), *FOUR[1:]), {"snow": "1", "trains": "2", "waves": "3", "grain": "4"}),
        (FOUR[::-1], {"grain": "4", "waves": "3", "trains": "2", "owls": "1"}),
        (
            (FOUR[0], Topic("waves", "Waves", aliases=("trains",)), FOUR[3]),
            {"owls": "1", "waves": "3", "grain": "4"},
        ),
        ((*FOUR[:3], Topic("grain", "Grain", hotkey="1")), {"owls": "5", "trains": "2", "waves": "3", "grain": "1"}),
        ((FOUR[0], Topic("trains", "Trains", hotkey="t"), *FOUR[2:]),
         {"owls": "1", "trains": "t", "waves": "3", "grain": "4"}),
    ],
)  # fmt: skip
def test_keys_stay_with_their_topics(topics: tuple[Topic, ...], keys: dict[str, str]) -> None:
    before = interface(Scheme("multi", FOUR))
    if topics[-1].hotkey == "1":  # whose key it was gets another
        keys = keys | {"owls": keys_of(interface(Scheme("multi", topics), before))["owls"]}
        assert keys["owls"] not in {"1", "2", "3"}
    after = interface(Scheme("multi", topics), before)
    assert keys_of(after) == keys
    assert interface(Scheme("multi", topics), after) == after


@pytest.mark.parametrize("before", ["", "<View>", "<View/>", "no xml at all", "\ud83d"])
def test_without_an_interface_of_ours_before_keys_are_given_anew(before: str) -> None:
    assert keys_of(interface(Scheme("multi", FOUR), before)) == {"owls": "1", "trains": "2", "waves": "3", "grain": "4"}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 12), unique=True, min_size=1), st.lists(st.integers(0, 12), unique=True, min_size=1))
def test_whoever_stays_keeps_its_key_and_no_key_is_given_twice(first: list[int], then: list[int]) -> None:
    one, other = (Scheme("multi", tuple(Topic(f"t{n}", f"Topic {n}") for n in told)) for told in (first, then))
    before = keys_of(interface(one))
    after = keys_of(interface(other, interface(one)))
    assert {topic: key for topic, key in after.items() if topic in before} == {
        topic: key for topic, key in before.items() if topic in after
    }
    assert len(set(after.values())) == len(after)
    assert not set(after.values()) & {"0", "u", "a"}


def test_the_interface_says_that_ticks_are_suggestions() -> None:
    assert "Topics (all that apply; ticks are suggestions)" in interface(scheme("multi"))
    assert "Topic (pick one; a tick is a suggestion)" in interface(scheme("single"))


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_the_interface_of_a_review_shows_what_was_said_and_offers_the_same(mode: str) -> None:
    plain = interface(scheme(mode))
    review = interface(scheme(mode), plain, review=True)
    assert choices(review) == choices(plain)
    assert offered_in(review) == offered_in(plain)
    assert "$said_html" not in plain
    told = LabelInterface(review)
    told.validate()
    made = review_task(Paper.make("T", "Words."), scheme().offered, "tied", "<b>ada:</b> Q&amp;A", "", {})
    assert told.validate_task({"data": made["data"]})
    assert "ticks" not in review
