from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labeler.errors import InputError
from labeler.features.background import (
    NO_BACKGROUND,
    Background,
    load_background,
    save_background,
    shipped,
)
from tests.features.factories import background_of

SHAPES = st.tuples(st.integers(1, 30), st.integers(1, 7))
VECTORS = SHAPES.flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.integers(-800, 800).map(lambda number: number / 100))
)


def holding(vectors: np.ndarray) -> Background:
    count = len(vectors)
    shares, topicality = np.linspace(0.001, 0.4, count), np.linspace(0.05, 3, count)
    words = tuple(f"wörd{number:03d}" for number in range(count))
    return Background(
        words, shares.astype(np.float32), topicality.astype(np.float32), vectors.astype(np.float32), 77, "it"
    )


def contents(background: Background) -> list[object]:
    arrays = (background.shares, background.topicality, background.vectors)
    return [background.words, background.papers, *((part.dtype, part.shape, part.tobytes()) for part in arrays)]


def rounded(background: Background) -> Background:
    """As it is once it was saved and loaded."""
    with TemporaryDirectory() as folder:
        save_background(background, Path(folder) / "it.npz")
        return load_background(Path(folder) / "it.npz")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A small background in a file."""
    save_background(background_of({"one": ["robot", "arm"], "two": ["voice", "tone"]}, width=5), tmp_path / "kept.npz")
    return tmp_path / "kept.npz"


@given(VECTORS)
@settings(max_examples=50, deadline=None)
def test_what_is_loaded_is_what_was_saved_rounded(
    tmp_path_factory: pytest.TempPathFactory, vectors: np.ndarray
) -> None:
    path = tmp_path_factory.mktemp("background") / "mine.npz"
    save_background(holding(vectors), path)
    found = load_background(path)
    assert found.name == "mine"
    assert (found.words, found.papers) == (holding(vectors).words, 77)
    assert contents(found) == contents(rounded(holding(vectors)))
    assert found.shares.tobytes() == holding(vectors).shares.tobytes()


@given(VECTORS)
@settings(max_examples=50, deadline=None)
def test_a_number_is_at_most_half_a_step_off_and_the_few_largest_are_cut(vectors: np.ndarray) -> None:
    found = rounded(holding(vectors)).vectors
    seven_steps = np.abs(found).max(axis=0)
    sizes = np.abs(vectors)
    assert np.all(seven_steps <= sizes.max(axis=0) * 1.00001)
    assert np.all(seven_steps >= np.quantile(sizes, 0.995, axis=0, method="lower") * 0.99999)
    assert np.all(np.abs(found - np.clip(vectors, -seven_steps, seven_steps)) <= seven_steps / 14 + 1e-5)


@pytest.mark.parametrize("width", [1, 2, 5, 6])
def test_columns_of_zeros_stay_and_their_neighbours_too(width: int) -> None:
    vectors = np.tile(np.array([[-3.5], [1.0], [3.5]], dtype=np.float32), (1, width))
    vectors[:, 0] = 0
    found = rounded(holding(vectors)).vectors
    assert found.shape == (3, width)
    assert not found[:, 0].any()
    np.testing.assert_allclose(found[:, 1:], vectors[:, 1:], atol=0.26)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"no archive",
        lambda _: b"PK\x05\x06" + bytes(18),
        lambda _: b"\x80\x04N.",
        lambda _: archive(numbers=np.zeros(3)),
        lambda _: one_array(np.zeros(3)),
        lambda _: one_array(np.array([Trap()], dtype=object)),
        lambda data: parts_with(data, words=np.array([Trap()], dtype=object)),
        lambda data: parts_with(data, words=np.frombuffer(b"robot\narm", np.uint8)),
        lambda data: parts_with(data, words=np.frombuffer(b"\xff\n\xfe\na\nb", np.uint8)),
        lambda data: parts_with(data, shares=np.zeros(3, np.float32)),
        lambda data: parts_with(data, topicality=np.zeros(5, np.float16)),
        lambda data: parts_with(data, codes=np.zeros(4, np.uint8)),
        lambda data: parts_with(data, codes=np.zeros((3, 3), np.uint8)),
        lambda data: parts_with(data, codes=np.zeros((4, 3))),
        lambda data: parts_with(data, papers=np.array([1, 2])),
        lambda data: parts_with(data, papers=np.array("many")),
    ],
    ids=[
        *("empty", "text", "empty zip", "pickle", "another archive", "an array", "an array of objects", "objects"),
        *("fewer words", "no words of utf-8", "fewer shares", "more figures", "flat codes", "fewer codes", "no codes"),
        *("two counts", "no count"),
    ],
)
def test_what_is_no_background_is_told(kept: Path, damage: Callable[[bytes], bytes]) -> None:
    kept.write_bytes(damage(kept.read_bytes()))
    with pytest.raises(InputError, match=r"kept\.npz is no background; make one with"):
        load_background(kept)


class Trap:
    """An object that ends the tests when a pickle of it is loaded."""

    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.exit, ("a pickle was loaded",))


def archive(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def one_array(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def parts_with(data: bytes, **changes: np.ndarray) -> bytes:
    with np.load(io.BytesIO(data)) as arrays:
        return archive(**({name: arrays[name] for name in arrays.files} | changes))


def test_a_file_cut_anywhere_is_told(kept: Path) -> None:
    data = kept.read_bytes()
    for end in range(0, len(data), 29):
        kept.write_bytes(data[:end])
        with pytest.raises(InputError, match="is no background"):
            load_background(kept)


def test_a_file_with_wrong_bytes_is_told_or_was_not_harmed(kept: Path) -> None:
    data, whole, refused = kept.read_bytes(), contents(load_background(kept)), 0
    for seed in range(400):
        harmed = bytearray(data)
        harmed[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
        kept.write_bytes(harmed)
        try:
            assert contents(load_background(kept)) == whole
        except InputError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("name", ["missing.npz", "."])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        load_background(tmp_path / name)


def test_it_is_written_whole_over_another_or_not_at_all(kept: Path) -> None:
    before = kept.read_bytes()
    with pytest.raises(InputError, match="cannot write"):
        save_background(load_background(kept), kept.parent / "nowhere" / "kept.npz")
    assert kept.read_bytes() == before
    save_background(replace(load_background(kept), papers=5), kept)
    assert load_background(kept).papers == 5
    assert [path.name for path in kept.parent.iterdir()] == ["kept.npz"]


def test_the_same_background_is_the_same_bytes(kept: Path) -> None:
    save_background(load_background(kept), kept.with_name("again.npz"))
    save_background(load_background(kept), kept.with_name("once more.npz"))
    assert kept.with_name("again.npz").read_bytes() == kept.with_name("once more.npz").read_bytes()


def test_backgrounds_can_be_compared_and_be_keys() -> None:
    one, other = background_of({"it": ["robot"]}), background_of({"it": ["robot"]})
    assert one == one
    assert one != other
    assert len({one, other, one, NO_BACKGROUND}) == 3


def test_words_that_are_none_today_are_left_out(tmp_path: Path) -> None:
    words = ("ab", "ét", "学", "我们研究学习", "ที")
    figures = np.linspace(0.1, 0.5, 5, dtype=np.float32)
    save_background(Background(words, figures, figures, np.eye(5, dtype=np.float32), 9, "it"), tmp_path / "it.npz")
    found = load_background(tmp_path / "it.npz")
    assert found.words == ("ab", "ét", "学", "ที")
    assert found.shares.tolist() == figures[[0, 1, 2, 4]].tolist()
    assert found.vectors.argmax(axis=1).tolist() == [0, 1, 2, 4]
    assert len(found.topicality) == 4


def test_words_that_are_one_today_are_there_once(tmp_path: Path) -> None:
    words = ("ab", "أحمد", "احمد", "مـدرسة", "शब्द")
    figures = np.linspace(0.1, 0.5, 5, dtype=np.float32)
    save_background(Background(words, figures, figures, np.eye(5, dtype=np.float32), 9, "it"), tmp_path / "it.npz")
    found = load_background(tmp_path / "it.npz")
    assert found.words == ("ab", "احمد", "مدرسه", "शब्द")
    assert found.vectors.argmax(axis=1).tolist() == [0, 1, 3, 4]


def test_no_background_knows_nothing() -> None:
    assert (NO_BACKGROUND.words, NO_BACKGROUND.papers, NO_BACKGROUND.vectors.shape) == ((), 0, (0, 0))


def test_the_shipped_background_is_whole_and_read_once() -> None:
    found = shipped()
    words = len(found.words)
    assert found is shipped()
    assert words == len(set(found.words)) > 10_000
    assert list(found.words) == sorted(found.words)
    assert (found.shares.shape, found.topicality.shape, len(found.vectors)) == ((words,), (words,), words)
    assert all(np.isfinite(part).all() for part in (found.shares, found.topicality, found.vectors))
    assert 0 < found.shares.min() <= found.shares.max() <= 1
    assert found.topicality.min() > 0
    assert np.median(found.topicality) == pytest.approx(1, abs=0.01)
    assert found.papers * float(found.shares.min()) >= 2.9


def test_the_shipped_background_tells_topical_words_and_which_go_together() -> None:
    found = shipped()
    position = {word: number for number, word in enumerate(found.words)}
    topical = dict(zip(found.words, found.topicality.tolist(), strict=True))
    for generic in ("moreover", "however", "which"):
        assert topical[generic] < min(topical[word] for word in ("galaxy", "protein", "robot", "neutrino"))

    def cosine(one: str, other: str) -> float:
        left, right = found.vectors[position[one]], found.vectors[position[other]]
        return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))

    assert cosine("robot", "grasping") > 0.3 > cosine("robot", "neutrino")
    assert cosine("speech", "phoneme") > 0.3 > cosine("speech", "galaxy")


def test_backgrounds_are_told_apart_by_words_figures_and_vectors() -> None:
    one = holding(np.ones((4, 3)))
    others = [
        replace(one, words=(*one.words[:-1], "another")),
        replace(one, shares=one.shares * 2),
        replace(one, topicality=one.topicality * 2),
        replace(one, vectors=-one.vectors),
    ]
    assert len({found.fingerprint for found in (one, *others)}) == 5
    assert replace(one, name="renamed").fingerprint == one.fingerprint
