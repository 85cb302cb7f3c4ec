"""The classifier with what scikit-learn offers for all classifiers."""

from __future__ import annotations

import copy
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_is_fitted, validate_data

from labeler import TopicClassifier, load_model
from labeler.errors import InputError
from labeler.features.background import NO_BACKGROUND, shipped
from tests.learn.factories import NEW, TINY, WORDS, classifier, fitted, multi_papers, single_papers
from tests.paths import ROOT

TOPICS = ["robots", "speech", "vision"]
NUMBERS = {"robots": 0, "speech": 2, "vision": 7}
EXPECTED = {
    "check_fit2d_1sample": "of a single paper nothing can be learned, which is said in other words",
    "check_classifiers_one_label": "of a single topic nothing can be learned, which is said",
    "check_supervised_y_no_nan": "a missing topic is unknown, and the paper is left out",
}


class OfNumbers(TopicClassifier):
    """The classifier for rows of numbers, as scikit-learn's checks have them: each number becomes a word."""

    def fit(self, X: Any, y: Any) -> OfNumbers:
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        X = validate_data(self, X)
        columns = self.n_features_in_
        super().fit(texts_of(X), y)
        self.n_features_in_ = columns
        return self

    def predict(self, X: Any) -> Any:
        check_is_fitted(self, "model_")
        return super().predict(texts_of(validate_data(self, X, reset=False)))

    def predict_proba(self, X: Any) -> Any:
        check_is_fitted(self, "model_")
        return super().predict_proba(texts_of(validate_data(self, X, reset=False)))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        return super().score(X, y, sample_weight)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.string = tags.input_tags.one_d_array = False
        return tags


def texts_of(X: Any) -> list[str]:
    return [" ".join(f"column{n}is{'minus' * (x < 0)}{abs(round(x))}" for n, x in enumerate(row)) for row in X.tolist()]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_checks_of_scikit_learn_pass_but_for_those_that_are_listed() -> None:
    results = check_estimator(
        OfNumbers(background=NO_BACKGROUND), on_fail=None, on_skip=None, expected_failed_checks=EXPECTED
    )
    assert len(results) > 40
    failed = [(one["check_name"], str(one["exception"])[:200]) for one in results if one["status"] == "failed"]
    assert failed == []
    assert {one["check_name"] for one in results if one["status"] == "xfail"} <= set(EXPECTED)


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_tags_say_what_comes_in(mode: str) -> None:
    tags = get_tags(classifier(mode))
    assert tags.estimator_type == "classifier"
    assert (tags.input_tags.string, tags.input_tags.two_d_array, tags.input_tags.sparse) == (True, False, False)
    assert tags.classifier_tags.multi_label == (mode == "multi")
    assert tags.target_tags.required


def numbered(topics: list[Any]) -> list[Any]:
    return [NUMBERS.get(topic, topic) for topic in topics]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        (NUMBERS.__getitem__, "i"),
        (lambda topic: np.int32(NUMBERS[topic]), "i"),
        (lambda topic: float(NUMBERS[topic]), "f"),
        (lambda topic: topic == "speech", "b"),
        (lambda topic: (topic, 1), "O"),
        (lambda topic: NUMBERS[topic] if topic == "speech" else topic, "O"),
    ],
    ids=["int", "int32", "float", "bool", "tuple", "mixed"],
)
def test_classes_of_any_type_are_kept_as_given(label: Callable[[str], Any], kind: str) -> None:
    texts, topics = single_papers()
    found = classifier().fit(texts, [label(topic) for topic in topics if topic])
    assert found.classes_.dtype.kind == kind
    assert set(found.classes_.tolist()) == {label(topic) for topic in TOPICS}
    predicted = found.predict(NEW[:3])
    assert (predicted.dtype.kind, predicted.tolist()) == (kind, [label(topic) for topic in TOPICS])
    for topic, one in zip(TOPICS, found.decide(NEW[:3]), strict=True):
        assert one.topics == (label(topic),)
        assert list(one.scores) == found.classes_.tolist()
    assert found.score(texts, [label(topic) for topic in topics if topic]) == 1.0


def test_numbers_teach_what_names_teach() -> None:
    texts, topics = single_papers(none=6)
    found = classifier().fit(texts, numbered(topics))
    columns = [found.classes_.tolist().index(NUMBERS[topic]) for topic in TOPICS]
    np.testing.assert_allclose(
        found.predict_proba(NEW)[:, columns], fitted("single", none=6).predict_proba(NEW), atol=1e-9
    )
    assert found.predict(NEW).tolist() == [0, 2, 7, None]
    many, lists = multi_papers()
    other = classifier("multi").fit(many, [numbered(row) for row in lists], classes=[7, 0, 2, 5])
    assert (other.classes_.tolist(), list(other.unlearned_)) == ([7, 0, 2, 5], [5])
    assert other.predict(NEW[:3]) == [[0], [2], [7]]


def test_definitions_may_be_by_number() -> None:
    definitions = {NUMBERS[topic]: " ".join(WORDS[topic].split()[:4]) for topic in TOPICS}
    texts, topics = single_papers(topics=("robots", "speech"))
    found = classifier(background=TINY, definitions=definitions).fit(texts, numbered(topics))
    assert (found.classes_.tolist(), found.unlearned_) == ([0, 2, 7], {})
    assert found.predict(NEW[2:3]).tolist() == [7]


def test_numbers_cannot_be_saved_which_is_said(tmp_path: Path) -> None:
    texts, topics = single_papers()
    with pytest.raises(InputError, match="0 is no text but int; fit with names"):
        classifier().fit(texts, numbered(topics)).save(tmp_path / "1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", [np.nan, pd.NA, pd.NaT])
def test_papers_whose_topic_is_missing_are_left_out(missing: Any) -> None:
    texts, topics = single_papers()
    found = classifier().fit(["a robot of speech", *texts], [missing, *topics])
    assert found.classes_.tolist() == TOPICS
    assert found.predict_proba(NEW).tolist() == fitted("single").predict_proba(NEW).tolist()
    rows = np.array([[np.nan] * 3, *([topic == name for name in TOPICS] for topic in topics)])
    by_matrix = classifier().fit(["a robot of speech", *texts], rows, classes=TOPICS)
    assert by_matrix.predict_proba(NEW).tolist() == fitted("single").predict_proba(NEW).tolist()
    streamed = classifier().fit_many(
        zip(["a robot of speech", *texts], [missing, *map(np.str_, topics)], strict=True), TOPICS
    )
    assert streamed.predict_proba(NEW).tolist() == fitted("single").predict_proba(NEW).tolist()


@pytest.mark.parametrize("form", ["str array", "object array", "series", "category", "string dtype", "column"])
@pytest.mark.filterwarnings("ignore:A column-vector y")
def test_topics_may_come_in_any_form_of_column(form: str) -> None:
    texts, topics = single_papers()
    kinds: dict[str, Callable[[], Any]] = {
        "str array": lambda: np.array(topics),
        "object array": lambda: np.array(topics, dtype=object),
        "series": lambda: pd.Series(topics, index=range(7, 7 + len(topics))),
        "category": lambda: pd.Series(topics, dtype="category"),
        "string dtype": lambda: pd.Series(topics, dtype="string"),
        "column": lambda: np.array(topics)[:, None],
    }
    given = np.array(texts)[:, None] if form == "column" else np.array(texts)
    found = classifier().fit(given, kinds[form]())
    assert found.classes_.tolist() == TOPICS
    assert found.predict_proba(given).tolist() == fitted("single").predict_proba(texts).tolist()


def test_a_sparse_matrix_of_topics_is_taken() -> None:
    texts, lists = multi_papers()
    matrix = np.array([[topic in row for topic in TOPICS] for row in lists], dtype=int)
    found = classifier("multi").fit(texts, sparse.csr_matrix(matrix), classes=TOPICS)
    assert found.predict_proba(NEW).tolist() == fitted("multi").predict_proba(NEW).tolist()


def other() -> Any:
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


@pytest.mark.slow
@pytest.mark.parametrize(
    "made",
    [
        lambda: VotingClassifier([("a", classifier()), ("b", other())], voting="soft"),
        lambda: VotingClassifier([("a", classifier()), ("b", other())], voting="hard"),
        lambda: StackingClassifier([("a", classifier()), ("b", other())], cv=2),
        lambda: CalibratedClassifierCV(classifier(), cv=2),
        lambda: OneVsRestClassifier(classifier()),
        lambda: GridSearchCV(classifier(), {"self_training": [True, False]}, cv=2, error_score="raise"),
    ],
    ids=["soft voting", "hard voting", "stacking", "calibration", "one-vs-rest", "grid search"],
)
@pytest.mark.parametrize("numbers", [False, True], ids=["names", "numbers"])
def test_ensembles_and_searches_of_scikit_learn_take_it(made: Callable[[], Any], numbers: bool) -> None:
    texts, topics = single_papers()
    given = np.array(numbered(topics) if numbers else topics)
    found = made().fit(np.array(texts, dtype=object), given).predict(NEW[:3])
    assert found.tolist() == [NUMBERS[topic] if numbers else topic for topic in TOPICS]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_predictions_in_cross_validation(method: str) -> None:
    texts, topics = single_papers()
    found = cross_val_predict(classifier(), texts, topics, cv=3, method=method)
    right = found if method == "predict" else np.array(TOPICS)[found.argmax(axis=1)]
    assert (right == np.array(topics)).mean() > 0.9
    many, lists = multi_papers()
    matrix = np.array([[topic in row for topic in TOPICS] for row in lists], dtype=int)
    assert cross_val_predict(classifier("multi"), many, matrix, cv=3, method=method).shape == matrix.shape


@pytest.mark.slow
def test_definitions_by_name_do_not_keep_ensembles_from_working() -> None:
    texts, topics = single_papers()
    with pytest.warns(UserWarning, match="definitions are of topics by name"):
        found = cross_val_predict(
            classifier(definitions={"robots": "Robots."}), texts, topics, cv=2, method="predict_proba"
        )
    assert found.shape == (len(texts), 3)


@pytest.mark.slow
@pytest.mark.parametrize("scoring", ["accuracy", "neg_log_loss", "f1_macro", "roc_auc_ovr"])
def test_scores_in_cross_validation_by_several_processes(scoring: str) -> None:
    texts, topics = single_papers()
    found = cross_val_score(classifier(), texts, topics, cv=2, scoring=scoring, n_jobs=2, error_score="raise")
    assert np.isfinite(found).all()


COPIES: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("mode", ["single", "multi"])
def test_a_fitted_classifier_and_a_loaded_model_can_be_copied(mode: str, way: str, tmp_path: Path) -> None:
    fitted(mode).save(tmp_path / "1")
    for one in (fitted(mode), load_model(tmp_path / "1")):
        before = one.decide(NEW)
        getattr(one, "model_", one).explain(NEW[0])  # which caches the terms
        copied = COPIES[way](one)
        assert copied.predict_proba(NEW).tolist() == one.predict_proba(NEW).tolist()
        assert copied.decide(NEW) == before
        assert getattr(copied, "model_", copied).explain(NEW[0]) == getattr(one, "model_", one).explain(NEW[0])


def process_and_probabilities(model: Any, texts: list[str]) -> tuple[int, list[list[float]]]:
    return os.getpid(), model.predict_proba(texts).tolist()


@pytest.mark.slow
def test_models_are_handed_to_other_processes_also_as_mapped_files() -> None:
    """The arrays of the large one are more than a megabyte, which joblib maps into the memory of its workers."""
    for model in (fitted("single"), load_model(ROOT / "models/arxiv/1")):
        calls = [joblib.delayed(process_and_probabilities)(model, NEW) for _ in range(2)]
        for process, found in joblib.Parallel(n_jobs=2, max_nbytes="1M")(calls):
            assert process != os.getpid()
            assert found == model.predict_proba(NEW).tolist()


def test_it_is_shown_in_a_line(tmp_path: Path) -> None:
    definitions = {f"topic{number}": "A name.\nA definition. " * 40 for number in range(50)}
    for one in (classifier("multi"), TopicClassifier(definitions=definitions, background=shipped()), fitted("single")):
        assert repr(one).startswith("TopicClassifier(")
        assert repr(one).endswith(")")
        assert "\n" not in repr(one)
        assert len(repr(one)) < 400
    assert repr(TopicClassifier()) == "TopicClassifier()"
    assert repr(TopicClassifier("multi", random_state=3)) == "TopicClassifier(mode='multi', random_state=3)"
    fitted("multi").save(tmp_path / "1")
    model = load_model(tmp_path / "1")
    assert repr(model) == f"TopicModel('1', multi, 3 topics, {len(model.linear.tfidf.idf)} terms)"
    assert repr(model.decide(NEW)[0]).startswith("Decision(topics=('robots',), scores={'robots': 0.9")
