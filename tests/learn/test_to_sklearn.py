from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from labeler import TopicClassifier
from labeler.errors import InputError
from labeler.learn.to_sklearn import export_pipeline, pipeline_of
from tests.learn.made import NEW, fitted, multi_papers, single_papers

TEXTS = [*NEW, "", "zzz unheard", "ROBOT Robot robot ärm 学习 voice\nvoice"]


@pytest.mark.parametrize("topics", [("robots", "speech", "vision"), ("robots", "speech"), ("robots",)])
def test_multi_mode_has_the_same_probabilities(topics: tuple[str, ...]) -> None:
    classifier = fitted("multi", topics)
    found = pipeline_of(classifier.model_).predict_proba(TEXTS)
    if len(topics) == 1:  # scikit-learn gives no and yes
        np.testing.assert_allclose(found.sum(axis=1), 1)
        found = found[:, 1:]
    np.testing.assert_allclose(found, classifier.predict_proba(TEXTS), atol=1e-9)


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
    classifier = fitted("single", topics, none)
    pipeline = pipeline_of(classifier.model_)
    found = pipeline.predict_proba(TEXTS)
    np.testing.assert_allclose(found[:, : len(topics)], classifier.predict_proba(TEXTS), atol=1e-9)
    assert pipeline.classes_.tolist() == [*topics, *(["None of these"] if none else [])]
    said = [topic or "None of these" for topic in classifier.predict(TEXTS)]
    assert pipeline.predict(TEXTS).tolist() == said


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_a_topic_that_was_not_learned_has_probability_zero_there_too(mode: str) -> None:
    texts, topics = single_papers() if mode == "single" else multi_papers()
    classifier = TopicClassifier(mode).fit(texts, topics, classes=["absent", "robots", "speech", "vision"])
    found = pipeline_of(classifier.model_).predict_proba(TEXTS)
    np.testing.assert_allclose(found, classifier.predict_proba(TEXTS), atol=1e-9)
    assert found[:, 0].tolist() == [0.0] * len(TEXTS)


def test_predictions_of_multi_mode_say_yes_from_one_half_up() -> None:
    pipeline = pipeline_of(fitted("multi").model_)
    np.testing.assert_array_equal(pipeline.predict(TEXTS), pipeline.predict_proba(TEXTS) >= 0.5)


def test_the_file_is_opened_without_labeler(tmp_path: Path) -> None:
    export_pipeline(fitted("multi").model_, tmp_path / "model.joblib")
    code = (
        "import sys; sys.modules['labeler'] = None\n"
        "import joblib; print(joblib.load(sys.argv[1]).predict_proba(['robot gripper arm']).argmax())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "model.joblib"], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_an_export_replaces_the_file_whole_or_leaves_it(tmp_path: Path) -> None:
    (tmp_path / "model.joblib").write_text("old")
    export_pipeline(fitted("single").model_, tmp_path / "model.joblib")
    assert isinstance(joblib.load(tmp_path / "model.joblib"), Pipeline)
    with pytest.raises(InputError, match="cannot write"):
        export_pipeline(fitted("single").model_, tmp_path / "nowhere" / "model.joblib")
    assert [path.name for path in tmp_path.iterdir()] == ["model.joblib"]
