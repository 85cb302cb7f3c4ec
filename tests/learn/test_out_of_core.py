from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler import TopicClassifier, load_model
from labeler.errors import InputError
from labeler.features.background import NO_BACKGROUND
from labeler.learn import classifier as module
from labeler.learn import out_of_core
from labeler.learn.out_of_core import train_many
from labeler.learn.targets import targets_of
from labeler.learn.training import TrainingResult
from labeler.topics import Mode
from tests.learn.factories import NEW, TINY, WORDS, multi_papers, single_papers, text_of

TOPICS = ("robots", "speech", "vision")
MODES = [Mode.SINGLE, Mode.MULTI]


def judged(mode: str, each: int = 120, none: int = 0) -> tuple[list[str], np.ndarray]:
    texts, topics = single_papers(each, none=none) if mode == Mode.SINGLE else multi_papers(each // 2)
    order = np.random.default_rng(0).permutation(len(texts))
    matrix = targets_of(topics, mode, TOPICS).matrix
    return [texts[row] for row in order], matrix[order]


def trained(
    mode: str, texts: list[str], matrix: np.ndarray, definitions: dict[str, str] | None = None, **more: Any
) -> TrainingResult:
    topics, background = more.pop("topics", TOPICS), more.pop("background", NO_BACKGROUND)
    papers = zip(texts, matrix, strict=True)
    return train_many(mode, papers, topics, "names", definitions or {}, background, **more)


@pytest.mark.parametrize("mode", MODES)
def test_papers_that_words_tell_apart_are_told_apart(mode: str) -> None:
    texts, matrix = judged(mode, none=60 if mode == Mode.SINGLE else 0)
    result = trained(mode, texts, matrix)
    assert result.measured["macro_f1"].value > 0.95
    assert list(result.parameters["candidates"])[:2] == ["C = 0.5", "C = 1.0"]
    probabilities = result.model.predict_proba(NEW)
    assert probabilities.argmax(axis=1)[:3].tolist() == [0, 1, 2]
    assert (probabilities[np.arange(3), np.arange(3)] > 0.5).all()
    assert probabilities[3].max() < 0.5
    assert result.weak == ()
    assert result.model.unlearned == {}


def test_of_very_many_papers_a_sample_chooses_and_held_out_ones_are_scored_by_a_model_of_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts, matrix = judged(Mode.SINGLE)
    monkeypatch.setattr(out_of_core, "_MAX_SEARCHED", 100)
    messages: list[str] = []
    result = trained(Mode.SINGLE, texts, matrix, {"robots": "robots and their arms"}, progress=messages.append)
    learned = [int(line.split()[2]) for line in messages if "with C =" in line]
    *searched, others, all_papers = learned
    assert set(searched) == {100}
    assert (others, all_papers) == (len(texts) - len(result.model.held_out[0]), len(texts))
    assert result.measured["macro_f1"].value > 0.95


def test_the_time_left_is_that_of_the_models_to_come_by_those_before(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, matrix = judged(Mode.SINGLE)
    monkeypatch.setattr(out_of_core, "_MIN_LEFT", 0.0)
    clock = itertools.count(step=600)  # each model takes ten minutes
    monkeypatch.setattr(out_of_core.time, "monotonic", lambda: float(next(clock)))
    messages: list[str] = []
    trained(Mode.SINGLE, texts, matrix, progress=messages.append)
    *_, last = (line for line in messages if "left at most" in line)
    assert f"learning from {len(texts)} papers" in last
    assert "; 11:0" in last  # a tenth more papers than the models before


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_probabilities_mean_what_they_say(mode: str) -> None:
    """Where a third of the answers are drawn by lot, the model is not surer than that lets it be."""
    texts, matrix = judged(mode, each=400)
    rng = np.random.default_rng(1)
    drawn = rng.random(len(texts)) < 1 / 3
    matrix[drawn] = matrix[rng.permutation(len(texts))][drawn]
    model = trained(mode, texts, matrix).model
    new = [text_of([topic], number + 9000) for topic in TOPICS for number in range(100)]
    right = np.repeat(np.eye(3), 100, axis=0) == 1
    assert 0.65 < model.predict_proba(new)[right].mean() < 0.9


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_words_that_no_paper_holds_are_known_by_the_background(mode: str) -> None:
    learned, unseen = WORDS["robots"].split()[:5], WORDS["robots"].split()[5:]
    texts, matrix = judged(mode)
    texts = [
        " ".join(learned[unseen.index(word)] if word in unseen else word for word in text.split()) for text in texts
    ]
    alone, knowing = (trained(mode, texts, matrix, background=background) for background in (NO_BACKGROUND, TINY))
    asked = [f"{' '.join(unseen)} of some study"]
    assert knowing.parameters["background"] == TINY.name
    assert knowing.model.predict_proba(asked)[0].argmax() == 0
    assert knowing.model.predict_proba(asked)[0, 0] > alone.model.predict_proba(asked)[0, 0] + 0.1


def test_papers_come_one_at_a_time_and_once() -> None:
    texts, matrix = judged(Mode.MULTI)
    numbers = []

    def papers() -> Iterator[tuple[str, np.ndarray]]:
        for number, pair in enumerate(zip(texts, matrix, strict=True)):
            numbers.append(number)
            yield pair

    messages: list[str] = []
    train_many(Mode.MULTI, papers(), TOPICS, "names", {}, NO_BACKGROUND, messages.append)
    assert numbers == list(range(len(texts)))
    assert any("learning from" in line for line in messages)


def test_what_only_a_definition_tells_is_learned_from_it() -> None:
    texts, matrix = judged(Mode.MULTI)
    matrix[:, 1] = np.nan
    result = trained(Mode.MULTI, texts, matrix, {"speech": WORDS["speech"]})
    assert result.model.unlearned == {}
    assert result.model.predict_proba(NEW)[:, 1].argmax() == 1
    untold = trained(Mode.MULTI, texts, matrix)
    assert list(untold.model.unlearned) == ["speech"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_a_topic_without_a_paper_is_not_learned(mode: str) -> None:
    texts, matrix = judged(mode)
    result = trained(mode, texts, np.column_stack([matrix, np.zeros(len(texts))]), topics=(*TOPICS, "music"))
    assert result.model.unlearned == {"music": "no paper judged to be of it"}
    assert (result.model.predict_proba(NEW)[:, 3] == 0).all()
    assert result.model.predict_proba(NEW)[:3, :3].argmax(axis=1).tolist() == [0, 1, 2]


@pytest.mark.parametrize("of_none", [0, 6])
def test_where_nobody_said_no_other_papers_stand_for_it(of_none: int) -> None:
    texts, matrix = judged(Mode.MULTI)
    texts = [*texts, *(f"Cows and barley in the rain of spring {number}" for number in range(of_none))]
    named = np.where(matrix == 1, 1.0, np.nan)
    result = trained(Mode.MULTI, texts, np.vstack([named, np.zeros((of_none, len(TOPICS)))]))
    assert result.weak == TOPICS
    assert result.model.predict_proba(NEW[:3]).argmax(axis=1).tolist() == [0, 1, 2]


def test_a_no_by_accident_changes_little() -> None:
    texts, matrix = judged(Mode.MULTI)
    named = np.where(matrix == 1, 1.0, np.nan)
    named[np.flatnonzero(matrix[:, 0] == 0)[:2], 0] = 0.0
    result = trained(Mode.MULTI, texts, named)
    assert result.weak == TOPICS
    assert (result.model.predict_proba(NEW[:3])[:, 0] > 0.5).tolist() == [True, False, False]


@pytest.mark.slow
def test_what_is_unknown_is_not_a_no() -> None:
    texts, matrix = judged(Mode.MULTI)
    hidden = matrix.copy()
    rng = np.random.default_rng(0)
    hidden[(rng.random(matrix.shape) < 0.8) & (matrix == 1)] = np.nan
    known = trained(Mode.MULTI, texts, hidden).model.predict_proba(NEW[:3])
    denied = trained(Mode.MULTI, texts, np.nan_to_num(hidden)).model.predict_proba(NEW[:3])
    assert (np.diag(known) > 0.5).all()
    assert np.diag(denied).mean() < np.diag(known).mean() - 0.2


@pytest.mark.parametrize("papers", [0, 40])
@pytest.mark.parametrize("mode", MODES)
def test_papers_that_teach_nothing_are_an_error(mode: str, papers: int) -> None:
    texts = [text_of(["robots"], number) for number in range(papers)]
    row = np.array([1.0, 0.0, 0.0]) if mode == Mode.SINGLE else np.zeros(3)
    with pytest.raises(InputError, match="nothing can be learned"):
        trained(mode, texts, np.tile(row, (papers, 1)))


def test_papers_without_words_are_an_error() -> None:
    with pytest.raises(InputError, match="nothing can be learned"):
        trained(Mode.SINGLE, ["!"] * 40, np.eye(3)[np.arange(40) % 3])


def test_without_room_for_temporary_files_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    with pytest.raises(InputError, match="TMPDIR"):
        trained(Mode.SINGLE, *judged(Mode.SINGLE, each=10))


def test_nothing_is_left_in_the_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    trained(Mode.SINGLE, *judged(Mode.SINGLE, each=30))
    assert not list(tmp_path.glob("labeler-*"))


@pytest.mark.parametrize("mode", MODES)
def test_all_papers_are_counted_though_few_are_kept(mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "MAX_IN_MEMORY", 50)
    texts, matrix = judged(mode)
    topics = ("vision", "robots", "speech")  # not the order of names, in which they are learned
    columns = [TOPICS.index(topic) for topic in topics]
    papers = zip(texts, matrix[:, columns], strict=True)
    learned = TopicClassifier(mode, background=NO_BACKGROUND).fit_many(papers, topics)
    learned.save(tmp_path / "1")
    for model in (learned.model_, load_model(tmp_path / "1")):
        assert model.examples.tolist() == (matrix[:, columns] == 1).sum(axis=0).tolist()
        assert (model.judged_papers, len(model.held_out[0]) < 60) == (len(texts), True)
        assert model.rule.few is not None
        assert not model.rule.few.any()


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_fit_trains_out_of_core_where_papers_are_many(
    mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In any order, and from names as well as from a stream of them."""
    monkeypatch.setattr(module, "MAX_IN_MEMORY", 100)
    texts, topics = single_papers(60, none=20) if mode == Mode.SINGLE else multi_papers(30)
    order = np.random.default_rng(2).permutation(len(texts))
    one = TopicClassifier(mode).fit(texts, topics, classes=TOPICS)
    other = TopicClassifier(mode).fit([texts[row] for row in order], [topics[row] for row in order], classes=TOPICS)
    assert one.parameters_["recipe"].startswith("terms, hinge")
    np.testing.assert_array_equal(one.predict_proba(NEW), other.predict_proba(NEW))
    ranked = sorted(range(len(texts)), key=texts.__getitem__)
    streamed = TopicClassifier(mode).fit_many(((texts[row], topics[row]) for row in ranked), TOPICS)
    np.testing.assert_array_equal(streamed.predict_proba(NEW), one.predict_proba(NEW))
    assert list(streamed.predict(NEW)) == list(one.predict(NEW))
    streamed.save(tmp_path / "model")
    np.testing.assert_array_equal(load_model(tmp_path / "model").predict_proba(NEW), one.predict_proba(NEW))


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rows", [True, False])
def test_a_short_stream_is_learned_from_as_fit_does(mode: str, rows: bool) -> None:
    texts, topics = single_papers(6, none=3) if mode == Mode.SINGLE else multi_papers(4)
    given = list(targets_of(topics, mode, TOPICS).matrix) if rows else topics
    streamed = TopicClassifier(mode).fit_many(zip(texts, given, strict=True), TOPICS)
    whole = TopicClassifier(mode).fit(texts, np.array(given) if rows else given, classes=TOPICS)
    np.testing.assert_array_equal(streamed.predict_proba(NEW), whole.predict_proba(NEW))
    assert [str(one) for one in streamed.predict(NEW)] == [str(one) for one in whole.predict(NEW)]


@pytest.mark.slow
def test_second_choices_are_learned_from_beside_many_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speech is hardly ever a first choice, but often the second one of papers about it and about robots."""
    monkeypatch.setattr(module, "MAX_IN_MEMORY", 100)
    texts = [text_of(["robots", "speech"] if number % 2 else ["vision"], number) for number in range(300)]
    firsts = ["speech" if number % 100 == 1 else "robots" if number % 2 else "vision" for number in range(300)]
    shares = [{"robots": 0.7, "speech": 0.3} if topic == "robots" else topic for topic in firsts]
    one, other = (
        TopicClassifier(background=TINY).fit_many(zip(texts, topics, strict=True), TOPICS)
        for topics in (firsts, shares)
    )
    asked = ["voice of a speaker and sound", "robots speech robot gripper arm leg"]
    assert list(other.predict(asked[1:])) == ["robots"]
    speech = TOPICS.index("speech")
    assert other.predict_proba(asked)[0, speech] > 1.5 * one.predict_proba(asked)[0, speech]


def test_of_few_papers_the_first_choice_is_the_topic() -> None:
    texts, topics = single_papers(4)
    others = dict(zip(TOPICS, np.roll(TOPICS, 1), strict=True))
    shares = [{topic: 0.6, others[topic]: 0.4} for topic in topics if topic]
    one, other = (TopicClassifier().fit_many(zip(texts, some, strict=True), TOPICS) for some in (topics, shares))
    np.testing.assert_array_equal(one.predict_proba(NEW), other.predict_proba(NEW))


@pytest.mark.parametrize(
    ("shares", "fault"),
    [({"robots": 0.7, "music": 0.3}, "'music' is not in classes"), ({"robots": 0.7}, "sum to 1"), ({}, "sum to 1")],
)
def test_shares_that_are_none_are_refused(
    shares: dict[str, float], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_IN_MEMORY", 0)
    with pytest.raises(ValueError, match=fault):
        TopicClassifier().fit_many([("a text", shares)], TOPICS)
    with pytest.raises(ValueError, match="single mode"):
        TopicClassifier(Mode.MULTI).fit_many([("a text", shares)], TOPICS)


def test_a_stream_of_odd_things_is_refused() -> None:
    result = TopicClassifier(Mode.MULTI)
    with pytest.raises(ValueError, match="takes a list of topics"):
        result.fit_many([("a text", "robots")], TOPICS)
    with pytest.raises(ValueError, match="0, 1 and NaN"):
        result.fit_many([("a text", np.array([2.0, 0, 0]))], TOPICS)
    with pytest.raises(ValueError, match="mode"):
        TopicClassifier("both").fit_many([], TOPICS)


@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_topics_changes_no_score(mode: str) -> None:
    texts, matrix = judged(mode, each=60)
    columns = [2, 0, 1]
    one = trained(mode, texts, matrix)
    other = trained(mode, texts, matrix[:, columns], topics=[TOPICS[column] for column in columns])
    assert other.model.linear.topics == tuple(TOPICS[column] for column in columns)
    assert other.model.linear.weights.tobytes() == one.model.linear.weights[:, columns].tobytes()
    np.testing.assert_allclose(other.model.predict_proba(NEW), one.model.predict_proba(NEW)[:, columns], rtol=1e-12)


def test_near_duplicates_do_not_make_figures_better() -> None:
    """Topics are drawn by lot, so only a copy of a paper could tell its topic."""
    rng = np.random.default_rng(0)
    texts = [f"{text_of(['robots'], number)} {text_of(['speech'], number)}" for number in range(400)]
    matrix = np.eye(3)[rng.integers(0, 2, 400)]
    copies = [f"Version {number}\n{text.replace(chr(10), ' ')}" for number, text in enumerate(texts)]
    copied, messages = rng.permutation(400)[:200], []  # type: ignore[var-annotated]
    texts += [copies[row] for row in copied]
    result = trained(Mode.SINGLE, texts, np.vstack([matrix, matrix[copied]]), progress=messages.append)
    assert result.measured["macro_f1"].value < 0.45
    assert any("papers that nearly repeat others are no test of the model" in line for line in messages)
    assert 5 < len(result.model.held_out[0]) < 60
