from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labeler.features.terms import Tokenizer
from labeler.learn.to_sklearn import export_pipeline, pipeline_of
from tests.learn.factories import NEW, TINY, classifier, fitted, multi_papers, single_papers, text_of

TITLED = ["ROBOT Robot robot ärm 学习 voice\nvoice", "Camera image\nof an object. Voice", text_of(["speech"], 9)]
CLOSE: dict[str, float] = {"rtol": 1e-5, "atol": 1e-5}  # rows and scores are float32 here
TEXTS = [*NEW, "", "zzz unheard", *TITLED]


def given_form(text: str) -> str:
    """The form that the pipeline's module asks for."""
    title, _, abstract = text.partition("\n")
    return f"{title} __ {title} __ {abstract}" if abstract else text


FOR_PIPELINE = [given_form(text) for text in TEXTS]


def test_titles_count_twice_there_too() -> None:
    pipeline = pipeline_of(fitted("multi").model_)
    plain, expected = (pipeline.predict_proba(texts) for texts in (TEXTS, FOR_PIPELINE))
    assert np.abs(plain - expected).max() > 0.001  # so that what follows says something


@pytest.mark.parametrize("topics", [("robots", "speech", "vision"), ("robots", "speech"), ("robots",)])
def test_multi_mode_has_the_same_probabilities(topics: tuple[str, ...]) -> None:
    trained = fitted("multi", topics)
    found = pipeline_of(trained.model_).predict_proba(FOR_PIPELINE)
    if len(topics) == 1:  # scikit-learn gives no and yes
        np.testing.assert_allclose(found.sum(axis=1), 1)
        found = found[:, 1:]
    np.testing.assert_allclose(found, trained.predict_proba(TEXTS), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("topics", "none"),
    [
        (("robots", "speech", "vision"), 0),
        (("robots", "speech"), 0),
        (("robots", "speech", "vision"), 6),
        (("robots", "speech"), 6),
        (("robots",), 6),
    ],
)
def test_single_mode_has_the_same_probabilities_and_topics(topics: tuple[str, ...], none: int) -> None:
    trained = fitted("single", topics, none)
    assert trained.model_.linear.top == (1.0, 0.0)
    pipeline = pipeline_of(trained.model_)
    found = pipeline.predict_proba(FOR_PIPELINE)
    np.testing.assert_allclose(found[:, : len(topics)], trained.predict_proba(TEXTS), rtol=0, atol=1e-6)
    assert pipeline.classes_.tolist() == [*topics, *(["None of these"] if none else [])]
    said = [topic or "None of these" for topic in trained.predict(TEXTS)]
    assert pipeline.predict(FOR_PIPELINE).tolist() == said


def test_with_a_correction_of_the_most_probable_topic_scores_and_topics_are_the_same() -> None:
    texts, topics = single_papers(each=20, none=10)
    topics[::4] = [["robots", "speech", "vision"][number % 3] for number in range(len(topics[::4]))]
    trained = classifier().fit(texts, topics)
    linear = trained.model_.linear
    assert linear.top != (1.0, 0.0)
    pipeline = pipeline_of(trained.model_)
    np.testing.assert_allclose(pipeline.decision_function(FOR_PIPELINE), linear.scores(linear.rows(TEXTS)), **CLOSE)
    plain = replace(linear, top=(1.0, 0.0)).probabilities(TEXTS)
    np.testing.assert_allclose(pipeline.predict_proba(FOR_PIPELINE), plain, rtol=0, atol=1e-6)
    assert np.abs(plain - linear.probabilities(TEXTS)).max() > 0.01
    assert pipeline.predict(FOR_PIPELINE).tolist() == [topic or "None of these" for topic in trained.predict(TEXTS)]


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_a_model_with_a_background_has_the_same_probabilities_too(mode: str) -> None:
    texts, topics = single_papers(each=3)
    trained = classifier(mode, TINY).fit(texts, topics if mode == "single" else [[topic] for topic in topics])
    found = pipeline_of(trained.model_).predict_proba(FOR_PIPELINE)
    np.testing.assert_allclose(found, trained.predict_proba(TEXTS), rtol=0, atol=1e-6)


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_a_topic_that_was_not_learned_has_probability_zero_there_too(mode: str) -> None:
    texts, topics = single_papers() if mode == "single" else multi_papers()
    trained = classifier(mode).fit(texts, topics, classes=["absent", "robots", "speech", "vision"])
    found = pipeline_of(trained.model_).predict_proba(FOR_PIPELINE)
    np.testing.assert_allclose(found, trained.predict_proba(TEXTS), rtol=0, atol=1e-6)
    assert found[:, 0].tolist() == [0.0] * len(TEXTS)


def test_a_blank_of_underscores_in_papers_does_no_harm() -> None:
    """As in papers on cloze questions: the separator of titles must not be a word that a model knows."""
    texts, topics = single_papers()
    blanks = [
        f"{text} fill the __ blank" if topic == "speech" else text for text, topic in zip(texts, topics, strict=True)
    ]
    trained = classifier().fit(blanks, topics)
    found = pipeline_of(trained.model_).predict_proba(FOR_PIPELINE)
    np.testing.assert_allclose(found, trained.predict_proba(TEXTS), rtol=0, atol=1e-6)


def test_words_with_vowel_points_and_without_are_one_there_too() -> None:
    texts = [
        f"{word}\nورقة {number} {word}" for number in range(20) for word in ("رُوبُوت آلي", "صَوْتٌ مـدرسة", "आवाज़ हँसना")
    ]
    trained = classifier().fit(texts, ["robots", "speech", "songs"] * 20)
    new = ["روبوت الي", "رُوبُوت آلي", "صوت مدرسه", "आवाज हंसना", "bread"]
    found = pipeline_of(trained.model_).predict_proba(new)
    plain = replace(trained.model_.linear, top=(1.0, 0.0)).probabilities(new)
    np.testing.assert_allclose(found, plain, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found[0], found[1], rtol=0, atol=1e-6)
    assert trained.predict(new).tolist()[:4] == ["robots", "robots", "speech", "songs"]


def test_predictions_of_multi_mode_say_yes_from_one_half_up() -> None:
    pipeline = pipeline_of(fitted("multi").model_)
    np.testing.assert_array_equal(pipeline.predict(FOR_PIPELINE), pipeline.predict_proba(FOR_PIPELINE) >= 0.5)


@pytest.mark.slow
def test_the_file_is_opened_without_labeler(tmp_path: Path) -> None:
    model = fitted("multi").model_
    assert model.linear.tfidf.vocabulary.tokenizer is Tokenizer.FOLDED
    with (tmp_path / "model.joblib").open("wb") as out:
        export_pipeline(model, out)
    code = (
        "import sys; sys.modules['labeler'] = None\n"
        "import joblib; print(joblib.load(sys.argv[1]).predict_proba(['robot gripper arm']).argmax())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "model.joblib"], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("0\n", "")
