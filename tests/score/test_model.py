from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, softmax

from labeler import Decision, Paper, load_model
from labeler.score.model import JudgedCounts, TopicModel
from labeler.topics import Mode, Scheme, Topic
from tests.learn.factories import NEW, WORDS, fitted

MODES = [Mode.SINGLE, Mode.MULTI]
TEXTS = st.lists(st.sampled_from([*" ".join(WORDS.values()).split(), "results", "new"]), max_size=12).map(" ".join)


def model_of(mode: str, none: int = 0) -> TopicModel:
    return fitted(mode, none=none).model_


@pytest.mark.parametrize("mode", MODES)
@given(text=TEXTS)
@settings(max_examples=50, deadline=None)
def test_contributions_and_base_add_up_to_the_score_and_the_probability_follows(mode: str, text: str) -> None:
    model = model_of(mode)
    explanations = model.explain(text)
    for explanation in explanations:
        assert sum(addend for _, addend in explanation.contributions) + explanation.intercept == pytest.approx(
            explanation.score, abs=1e-9
        )
    scores = np.array([explanation.score for explanation in explanations])
    expected = expit(scores) if mode == Mode.MULTI else softmax(scores)
    np.testing.assert_allclose([explanation.probability for explanation in explanations], expected, rtol=1e-9)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@pytest.mark.parametrize("mode", MODES)
def test_explained_probabilities_are_the_predicted_ones(mode: str) -> None:
    model = model_of(mode)
    for text, row in zip(NEW, model.predict_proba(NEW), strict=True):
        explained = {explanation.topic: explanation.probability for explanation in model.explain(text)}
        np.testing.assert_allclose([explained[topic] for topic in model.classes_], row, rtol=1e-5)  # rows are float32


def test_explanations_can_be_of_some_topics_only() -> None:
    assert [explanation.topic for explanation in model_of(Mode.MULTI).explain("robot", ["speech"])] == ["speech"]
    assert model_of(Mode.MULTI).explain("robot", []) == []


def test_decisions_agree_with_predictions_and_probabilities() -> None:
    for mode in MODES:
        model = model_of(mode)
        decisions = model.decide(NEW)
        assert all(isinstance(decision, Decision) for decision in decisions)
        predicted = model.predict(NEW)
        for decision, topics, row in zip(decisions, predicted, model.predict_proba(NEW), strict=True):
            assert sorted(decision.topics) == (sorted(topics) if mode == Mode.MULTI else [topics])
            np.testing.assert_array_equal(list(decision.scores.values()), row)
            assert list(decision.scores) == model.classes_.tolist()
            best = [decision.scores[topic] for topic in decision.topics]
            assert best == sorted(best, reverse=True)


def test_none_of_these_is_none_and_has_what_is_left_of_the_probability() -> None:
    model = model_of(Mode.SINGLE, none=6)
    predicted = model.predict(["bread cheese soup carrot", "robot gripper arm leg"])
    assert predicted.tolist() == [None, "robots"]
    assert model.decide(["bread cheese soup carrot"])[0].topics == ()
    remainder = 1 - model.predict_proba(["bread cheese soup carrot", "robot gripper arm leg"]).sum(axis=1)
    assert remainder[0] > 0.5 > remainder[1] >= 0


def test_papers_and_mappings_are_read_like_their_texts() -> None:
    model = model_of(Mode.MULTI)
    forms = ["robot arm\nwheel", Paper.make("robot arm", "wheel"), {"title": "robot arm", "abstract": "wheel"}]
    rows = model.predict_proba(forms)
    assert rows.tolist() == [rows[0].tolist()] * 3


@pytest.mark.parametrize("mode", MODES)
def test_no_papers_are_no_fault(mode: str) -> None:
    model = model_of(mode)
    assert model.predict_proba([]).shape == (0, 3)
    assert len(model.predict([])) == 0
    assert model.decide([]) == []
    assert model.label([], 0.9) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_text_without_any_known_word_is_labelled_too(mode: str) -> None:
    ((decision, because),) = model_of(mode).label(["零 zzz"], 0.9)
    assert all(words == [] for words in because.values())
    assert np.isfinite(list(decision.scores.values())).all()


def test_words_behind_a_topic_are_few_telling_and_do_not_repeat_each_other() -> None:
    text = "the robot arm of the robot walking with a gripper and torque at a joint for the wheel balance leg"
    ((decision, because),) = model_of(Mode.MULTI).label([text], 0.9)
    words = because["robots"]
    assert decision.topics == ("robots",)
    assert 1 <= len(words) <= 5
    assert len({part for term in words for part in term.split()}) == sum(len(term.split()) for term in words)
    assert not {"the", "of", "with", "of the", "and", "for the"} & set(words)
    adds = dict(model_of(Mode.MULTI).explain(text, ["robots"])[0].contributions)
    assert all(adds[term] > 0 for term in words)


def test_bands_are_worked_out_once_for_each_precision() -> None:
    model = model_of(Mode.MULTI)
    assert model.bands(0.8) is model.bands(0.8)
    assert model.bands(0.8).precision == 0.8
    assert model.bands(0.7).precision == 0.7


@pytest.mark.parametrize("mode", MODES)
def test_what_sets_need_is_computed_once_for_each_error_and_scheme(mode: Mode) -> None:
    model = model_of(mode)
    assert model._least_in_set(0.1) is model._least_in_set(0.1)
    assert len(model._least_in_set(0.1)) == model.held_out[0].shape[1]
    first = model.topics[0]
    today = model.under(Scheme(mode, (Topic(first, "The first"),)))
    shown = today.linear.probabilities(NEW)
    assert {topic for found in today.topic_sets(shown, 0.1) for topic in found} <= {first, None}
    assert model._least_in_set(0.1) is not model._least_in_set(0.2)


@pytest.mark.parametrize("mode", MODES)
def test_papers_are_counted_that_are_not_kept_for_merged_topics_too(mode: str) -> None:
    model = model_of(mode)
    assert model.examples.tolist() == (model.held_out[1] == 1).sum(axis=0).tolist()
    many = replace(model, judged=JudgedCounts(900, np.array([300, 500, 2])))
    kept = int((model.held_out[1][:, 2] == 1).sum())
    assert many.examples.tolist() == [300, 500, kept], "no topic has fewer than are kept"
    merged = many.under(Scheme(mode, (Topic("speech", "Sound", aliases=("robots",)), Topic("vision", "Vision"))))
    assert merged.examples.tolist() == [500 if mode == Mode.MULTI else 800, kept]
    assert merged.judged_papers == 900
    assert many.rule.few is not None
    assert many.rule.few.tolist() == [False, False, kept < 10]


@pytest.mark.parametrize("mode", MODES)
def test_a_loaded_model_finds_the_same_papers_unfamiliar(tmp_path: Path, mode: str) -> None:
    model = fitted(mode).model_
    fitted(mode).save(tmp_path / "7")
    papers = [*NEW, "", "零 零", *WORDS.values()]
    loaded = load_model(tmp_path / "7")
    assert loaded.least == model.least > 0
    assert [decision.reason for decision in loaded.decide(papers, 0.6)] == [
        decision.reason for decision in model.decide(papers, 0.6)
    ]


def test_a_paper_whose_words_are_unknown_is_for_a_person() -> None:
    for mode in MODES:
        for decision in model_of(mode).decide(["", "零 零 零", "zzz yyy xxx"], 0.5):
            assert (decision.decision, decision.reason) == ("review", "unfamiliar")


def test_a_loaded_model_knows_its_mode_form_and_topics(tmp_path: Path) -> None:
    fitted(Mode.SINGLE).save(tmp_path / "7")
    model = load_model(tmp_path / "7")
    assert (model.mode, model.form, model.name) == (Mode.SINGLE, "names", "7")
    assert model.classes_.tolist() == ["robots", "speech", "vision"]
