"""The topic scheme: read from a file, searched, and carried as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.topics import Mode, Scheme, Topic, load_checked_scheme, load_scheme
from labeler.topics.scheme import fold
from tests.paths import ROOT, SAMPLES

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
TOPICS = st.builds(
    Topic,
    WORDS,
    WORDS,
    st.just("") | WORDS,
    st.none() | WORDS,
    st.lists(WORDS, max_size=2, unique_by=fold).map(tuple),
    st.none() | WORDS,
    st.booleans(),
    st.lists(WORDS, max_size=2, unique_by=fold).map(tuple),
    st.lists(WORDS, max_size=2, unique_by=fold).map(tuple),
    st.none() | WORDS,
)
SCHEMES = st.builds(Scheme, st.sampled_from([Mode.MULTI, Mode.SINGLE]), st.lists(TOPICS, max_size=4).map(tuple))


def write_scheme(folder: Path, text: str | bytes) -> Path:
    path = folder / "topics.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_scheme_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    scheme = load_scheme(
        write_scheme(
            tmp_path,
            """
            mode = "single"
            [[topic]]
            id = "rl"
            name = "Reinforcement learning"
            definition = "Agents that learn from reward"
            aliases = ["RL"]
            hotkey = "r"
            keywords = ["reward", "policy gradient"]
            not = ["public policy"]
            [[topic]]
            id = "bandits"
            parent = "rl"
            hidden = true
            """,
        )
    )
    assert scheme.mode == Mode.SINGLE
    assert scheme.topics == (
        Topic(
            "rl",
            "Reinforcement learning",
            "Agents that learn from reward",
            aliases=("RL",),
            hotkey="r",
            keywords=("reward", "policy gradient"),
            not_keywords=("public policy",),
        ),
        Topic("bandits", "bandits", parent="rl", hidden=True),
    )
    assert (scheme.ids, scheme.offered) == (("rl", "bandits"), ("rl",))
    assert scheme.topics[0].definition == "Agents that learn from reward"
    assert scheme.keywords == {"rl": ("reward", "policy gradient")}
    assert scheme.not_keywords == {"rl": ("public policy",)}
    assert "not" in scheme.to_dict()["topics"][0]


def test_a_text_that_is_in_a_list_twice_counts_once(tmp_path: Path) -> None:
    text = 'mode = "multi"\n[[topic]]\nid = "rl"\nkeywords = ["Reward", "game", "reward", " REWARD"]\n'
    assert load_scheme(write_scheme(tmp_path, text)).keywords == {"rl": ("Reward", "game")}


def test_mode_is_multi_where_it_is_not_set_and_no_topic_is_a_scheme_too(tmp_path: Path) -> None:
    assert load_scheme(write_scheme(tmp_path, "")) == Scheme(Mode.MULTI, ())


def test_a_byte_order_mark_and_dos_lines_do_no_harm(tmp_path: Path) -> None:
    assert load_scheme(write_scheme(tmp_path, b'\xef\xbb\xbfmode = "single"\r\n[[topic]]\r\nid = "a"\r\n')).ids == (
        "a",
    )


def test_without_a_file_the_message_says_how_to_create_one(tmp_path: Path) -> None:
    for path in (tmp_path / "topics.toml", tmp_path):
        with pytest.raises(NotFoundError, match=r"there is no topic scheme at .*labeler init"):
            load_scheme(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mode = ", "is not TOML"),
        ('mode = "both"', "mode is 'both'"),
        ("mode = 3", "mode is 3"),
        ('mode = ["multi"]', 'write mode = "multi"'),
        ('topics = "a"', "unknown key 'topics'"),
        ('[topic]\nid = "a"', r"[topic] should be [[topic]]"),
        ("topic = [1]", "topic 1 is not a [[topic]] table"),
        ('[[topic]]\nname = "A"', "topic 1 has no id"),
        ('[[topic]]\nid = ""', "topic 1 has no id"),
        ("[[topic]]\nid = 5", "id must be a text"),
        ('[[topic]]\nid = "a"\n[[topic]]\nid = "b"\nname = 5', "topic 2 (b): name must be a text"),
        ('[[topic]]\nid = "a"\ncolour = "red"', "topic 1 (a) has the unknown key 'colour'"),
        ('[[topic]]\nid = "a"\naliases = "A"', "aliases must be a list of texts"),
        ('[[topic]]\nid = "a"\naliases = [1]', "aliases must be a list of texts"),
        ('[[topic]]\nid = "a"\nhidden = "yes"', "hidden must be true or false"),
        ('[[topic]]\nid = "a\\nb"\nname = 5', "name must be a text"),
    ],
)
def test_a_file_of_another_form_is_reported_in_one_line_with_the_topic(tmp_path: Path, text: str, words: str) -> None:
    path = write_scheme(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_scheme(path)
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        load_scheme(write_scheme(tmp_path, '[[topic]]\nid = "a"\nname = "é"'.encode("latin-1")))


def test_a_faulty_scheme_is_refused_with_its_first_fault_and_how_many_more(tmp_path: Path) -> None:
    path = write_scheme(tmp_path, 'mode = "multi"\n[[topic]]\nid = "a b"\n[[topic]]\nid = "a b"\n')
    with pytest.raises(RefusedError) as caught:
        load_checked_scheme(path)
    assert (
        str(caught.value)
        == f"{path}: 2 topics have the id 'a b'; give each its own (and 1 more); see `labeler topics check`"
    )
    with pytest.raises(RefusedError, match=r"add one under \[\[topic\]\]; see"):
        load_checked_scheme(write_scheme(tmp_path, 'mode = "multi"'))


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_sound_scheme_is_given_back(tmp_path: Path, mode: Mode) -> None:
    path = write_scheme(tmp_path, f'mode = "{mode}"\n[[topic]]\nid = "a"\n')
    assert load_checked_scheme(path) == load_scheme(path) == Scheme(mode, (Topic("a", "a"),))


@pytest.mark.parametrize(
    "path",
    [ROOT / "annotations" / "topics.toml", ROOT / "labeler" / "starter" / "topics.toml", SAMPLES / "topics.toml"],
)
def test_the_schemes_that_come_with_the_project_are_sound(path: Path) -> None:
    assert len(load_checked_scheme(path).offered) >= 2


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("rl", "rl"),
        (" RL ", "rl"),
        ("reinforcement LEARNING", "rl"),
        ("rewards", "rl"),
        ("vision", "vision"),
        ("straße", "roads"),
        ("STRASSE", "roads"),
        ("", None),
        ("unknown", None),
        ("learning", None),
    ],
)
def test_a_label_means_a_topic_by_id_name_or_alias(label: str, found: str | None) -> None:
    scheme = Scheme(
        Mode.MULTI,
        (
            Topic("rl", "Reinforcement learning", aliases=("Rewards", "vision")),
            Topic("vision", "Images", hidden=True),
            Topic("roads", "Straße"),
        ),
    )
    assert scheme.find(label) == found


def test_a_name_is_found_whatever_its_unicode_form() -> None:
    assert Scheme(Mode.MULTI, (Topic("a", "Café"),)).find("Cafe\u0301") == "a"


@pytest.mark.parametrize("label", ["images  and video", "Images\u00a0and\tvideo", "\u2003IMAGES and\n video"])
def test_a_name_is_found_whatever_its_spaces(label: str) -> None:
    assert Scheme(Mode.MULTI, (Topic("a", "Images and video"),)).find(label) == "a"


@pytest.mark.parametrize(
    ("label", "topic"),
    [("Robotcs", "robots"), ("robotic", "robots"), ("Robotics.", "robots"), ("cs.LG", None), ("nlp", None), ("", None)],
)
def test_the_closest_topic_is_one_that_is_spelled_nearly_so(label: str, topic: str | None) -> None:
    scheme = Scheme(Mode.MULTI, (Topic("robots", "Robotics"), Topic("cs.CL", "LLM")))
    assert (scheme.closest(label), scheme.closest(label)) == (topic, topic)


@pytest.mark.parametrize(
    ("label", "topics"),
    [
        ("Robotcs", ("robots",)),
        ("Notes: ROBOTICS (minor)", ("robots",)),
        ("vision + robotics", ("vision", "robots")),
        ("roboticswear and TV", ()),
    ],
)
def test_labels_resemble_topics_that_stand_in_them(label: str, topics: tuple[str, ...]) -> None:
    scheme = Scheme(Mode.MULTI, (Topic("vision", "Vision"), Topic("robots", "Robotics", aliases=("TV",))))
    assert scheme.resembling(label) == topics


def test_the_name_of_a_topic_that_is_gone_is_its_id() -> None:
    scheme = Scheme(Mode.MULTI, (Topic("rl", "Reinforcement learning"),))
    assert (scheme.name("rl"), scheme.name("gone")) == ("Reinforcement learning", "gone")


def test_unset_fields_are_left_out_of_the_record() -> None:
    assert Scheme(Mode.SINGLE, (Topic("a", "A"), Topic("b", "B", aliases=("x",), hidden=True))).to_dict() == {
        "mode": "single",
        "topics": [{"id": "a", "name": "A"}, {"id": "b", "name": "B", "aliases": ["x"], "hidden": True}],
    }


@settings(max_examples=80, deadline=None)
@given(SCHEMES)
def test_a_record_reads_back_as_the_same_scheme(scheme: Scheme) -> None:
    assert Scheme.from_dict(json.loads(json.dumps(scheme.to_dict()))) == scheme


@settings(max_examples=60, deadline=None)
@given(SCHEMES)
def test_every_id_finds_a_topic_of_that_id(scheme: Scheme) -> None:
    for topic_id in scheme.ids:
        found = scheme.find(topic_id)
        assert found is not None
        assert fold(found) == fold(topic_id)


@pytest.mark.parametrize("name", ["Sorting\u00ad machines", "Sorting\u200bmachines", "\ufeffSorting machines\u202e"])
def test_a_topic_is_found_by_its_name_as_outputs_show_it(name: str) -> None:
    scheme = Scheme(Mode.MULTI, (Topic("sort", name, ""),))
    assert [scheme.find(each) for each in (name, "Sorting machines")] == ["sort", "sort"]
