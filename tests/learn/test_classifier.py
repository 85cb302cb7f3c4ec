from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import KFold, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, MultiLabelBinarizer

from labeler import Paper, TopicClassifier, load_model
from labeler.errors import InputError
from tests.learn.made import NEW, fitted, multi_papers, single_papers, text_of

NAN = np.nan
MODES = ["single", "multi"]
TOPICS = ("robots", "speech", "vision")
PAPERS: dict[str, Callable[..., Any]] = {"single": single_papers, "multi": multi_papers}


def matrix_of(lists: list[list[str]]) -> np.ndarray:
    return np.array([[topic in row for topic in TOPICS] for row in lists], dtype=int)


def test_parameters_can_be_read_set_and_cloned() -> None:
    definitions = {"robots": "Robots. Arms and legs"}
    one = TopicClassifier("multi", definitions=definitions, self_training=False, random_state=3)
    assert one.get_params() == {
        "mode": "multi",
        "definitions": definitions,
        "self_training": False,
        "random_state": 3,
    }
    assert clone(one).get_params() == one.get_params()
    assert clone(one).set_params(mode="single").mode == "single"
    assert not hasattr(clone(fitted("single")), "model_")
    assert is_classifier(one)
    assert repr(one).startswith("TopicClassifier(")


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decide"])
def test_an_unfitted_classifier_says_so(method: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(TopicClassifier(), method)(NEW)


def test_it_works_in_a_pipeline() -> None:
    pipeline = Pipeline([("lower", FunctionTransformer(lambda texts: [text.upper() for text in texts]))])
    pipeline.steps.append(("topics", TopicClassifier()))
    texts, topics = single_papers()
    assert pipeline.fit(texts, topics).predict(NEW[:3]).tolist() == list(TOPICS)
    assert pipeline.predict_proba(NEW).shape == (4, 3)
    assert pipeline.classes_.tolist() == list(TOPICS)
    assert pipeline.score(texts, topics) == 1.0


def test_cross_validation_in_single_mode() -> None:
    texts, topics = single_papers()
    found = cross_val_score(TopicClassifier(), texts, topics, cv=3, error_score="raise")
    assert found.tolist() == [1.0, 1.0, 1.0]


def test_cross_validation_in_single_mode_with_none_of_these() -> None:
    texts, topics = single_papers(none=6)
    folds = KFold(3, shuffle=True, random_state=0)
    found = cross_val_score(TopicClassifier(), texts, np.array(topics, dtype=object), cv=folds, error_score="raise")
    assert found.mean() > 0.8


@pytest.mark.parametrize("scoring", [None, "f1_macro", "f1_micro"])
def test_cross_validation_in_multi_mode_with_a_matrix(scoring: str | None) -> None:
    texts, topics = multi_papers()
    folds = KFold(3, shuffle=True, random_state=0)
    found = cross_val_score(
        TopicClassifier("multi"), texts, matrix_of(topics), cv=folds, scoring=scoring, error_score="raise"
    )
    assert found.mean() > (0.6 if scoring is None else 0.8)


def test_cross_validation_of_a_frame() -> None:
    texts, topics = single_papers()
    frame = pd.DataFrame([text.split("\n") for text in texts], columns=["title", "abstract"])
    assert cross_val_score(TopicClassifier(), frame, pd.Series(topics), cv=3, error_score="raise").min() == 1.0


def as_papers(texts: list[str]) -> list[Paper]:
    return [Paper.make(*text.split("\n")) for text in texts]


def as_records(texts: list[str]) -> list[dict[str, str]]:
    return [dict(zip(("title", "abstract"), text.split("\n"), strict=True)) for text in texts]


FORMS: dict[str, Callable[[list[str]], Any]] = {
    "tuple": tuple,
    "papers": as_papers,
    "records": as_records,
    "frame": lambda texts: pd.DataFrame(as_records(texts), index=range(50, 50 + len(texts))),
    "wide frame": lambda texts: pd.DataFrame(as_records(texts)).assign(id=1, date=None),
    "frame of nullable texts": lambda texts: pd.DataFrame(as_records(texts)).convert_dtypes(),
    "frame with absent abstracts": lambda texts: pd.DataFrame(
        {"title": texts, "abstract": pd.array([pd.NA] * len(texts), dtype="string")}
    ),
    "frame of one column": lambda texts: pd.DataFrame({"abstract": texts}),
    "series": pd.Series,
    "array": lambda texts: np.array(texts, dtype=object),
    "mixed": lambda texts: [*texts[:4], *as_papers(texts[4:8]), *as_records(texts[8:])],
}


@pytest.mark.parametrize("form", FORMS)
def test_texts_may_come_in_any_form(form: str) -> None:
    texts, topics = single_papers()
    found = TopicClassifier().fit(FORMS[form](texts), topics)
    expected = fitted("single").predict_proba(texts)
    assert found.predict_proba(texts).tolist() == expected.tolist()
    assert found.predict_proba(FORMS[form](texts)).tolist() == expected.tolist()


def test_topics_are_predicted_in_the_form_that_was_fitted() -> None:
    texts, lists = multi_papers()
    by_lists, by_matrix = fitted("multi"), TopicClassifier("multi").fit(texts, matrix_of(lists), classes=TOPICS)
    assert by_matrix.predict_proba(NEW).tolist() == by_lists.predict_proba(NEW).tolist()
    assert by_lists.predict(NEW[:3]) == [["robots"], ["speech"], ["vision"]]
    assert by_matrix.predict(NEW[:3]).tolist() == np.eye(3, dtype=int).tolist()
    assert by_matrix.predict(NEW).dtype.kind == "i"
    assert fitted("single").predict(NEW[:3]).tolist() == list(TOPICS)


@pytest.mark.parametrize(
    "kind", [pd.DataFrame, lambda matrix: matrix.astype(bool), lambda matrix: matrix.astype(float)]
)
def test_a_matrix_may_be_of_any_kind(kind: Callable[[np.ndarray], Any]) -> None:
    texts, lists = multi_papers()
    found = TopicClassifier("multi").fit(texts, kind(matrix_of(lists)), classes=TOPICS)
    assert found.predict_proba(NEW).tolist() == fitted("multi").predict_proba(NEW).tolist()


def test_a_matrix_of_scikit_learn_s_own_binarizer_is_taken() -> None:
    texts, lists = multi_papers()
    binarizer = MultiLabelBinarizer()
    found = TopicClassifier("multi").fit(texts, binarizer.fit_transform(lists), classes=binarizer.classes_)
    assert found.classes_.tolist() == list(TOPICS)
    assert binarizer.inverse_transform(found.predict(NEW[:3])) == [("robots",), ("speech",), ("vision",)]


@pytest.mark.parametrize("papers", [0, 1])
@pytest.mark.parametrize("mode", MODES)
def test_a_topic_with_no_or_one_paper_has_probability_zero_in_its_column(mode: str, papers: int) -> None:
    texts, topics = PAPERS[mode](topics=("robots", "vision"))
    if papers:
        texts, topics = [*texts, text_of(["speech"], 99)], [*topics, "speech" if mode == "single" else ["speech"]]
    classes = ["absent", "robots", "speech", "vision"] if not papers else ["robots", "speech", "vision"]
    found = TopicClassifier(mode).fit(texts, topics, classes=classes)
    unlearned = [topic for topic in classes if topic not in ("robots", "vision")]
    assert found.classes_.tolist() == classes
    assert sorted(found.unlearned_) == unlearned
    assert ("only one" if papers else "no paper") in found.unlearned_["speech"]
    probabilities = found.predict_proba(NEW)
    assert probabilities.shape == (4, len(classes))
    for column, topic in enumerate(classes):
        assert (probabilities[:, column] == 0).all() == (topic in unlearned)
    assert classes[probabilities[0].argmax()] == "robots"
    assert classes[probabilities[2].argmax()] == "vision"
    assert all(topic not in decided.topics for decided in found.decide(NEW + texts) for topic in unlearned)


def test_a_topic_of_all_papers_cannot_be_learned_and_is_never_given() -> None:
    texts = [text_of(["robots"] if n < 5 else ["vision"], n) for n in range(10)]
    matrix = np.array([[1, n < 5] for n in range(10)], dtype=float)
    found = TopicClassifier("multi").fit(texts, matrix, classes=["research", "robots"])
    assert list(found.unlearned_) == ["research"]
    assert found.predict_proba(texts)[:, 0].tolist() == [0.0] * 10
    assert found.predict(texts)[:, 0].tolist() == [0] * 10
    assert all("research" not in one.topics for one in found.decide(texts))


def test_defined_topics_are_columns_before_anyone_judged_them() -> None:
    definitions = {"zoology": "Zoology. Animals", "robots": "Robots. Arms"}
    found = TopicClassifier(definitions=definitions).fit(*single_papers())
    assert found.classes_.tolist() == ["robots", "speech", "vision", "zoology"]
    assert list(found.unlearned_) == ["zoology"]


@pytest.mark.parametrize("mode", MODES)
def test_two_papers_a_topic_are_enough(mode: str) -> None:
    texts = ["robot arm grasping", "robot leg walking arm", "speech of a voice", "voice and speech codec"]
    topics = ["robots", "robots", "speech", "speech"]
    found = TopicClassifier(mode).fit(texts, topics if mode == "single" else [[topic] for topic in topics])
    assert found.unlearned_ == {}
    probabilities = found.predict_proba(["a walking robot arm", "a voice speech"])
    assert probabilities.argmax(axis=1).tolist() == [0, 1]
    assert {one.decision for one in found.decide(texts)} == {"review"}


def test_one_topic_and_none_of_these_can_be_learned() -> None:
    texts, topics = single_papers(each=4, topics=["robots"], none=4)
    found = TopicClassifier().fit(texts, topics)
    assert found.predict(["robot arm gripper leg", "bread soup cheese"]).tolist() == ["robots", None]
    assert found.predict_proba(NEW).shape == (4, 1)


def test_one_none_of_these_is_left_out() -> None:
    texts, topics = single_papers(none=1)
    found = TopicClassifier().fit(texts, topics)
    np.testing.assert_allclose(found.predict_proba(NEW).sum(axis=1), 1)


def test_rows_of_single_mode_sum_to_one_or_less() -> None:
    without, with_none = fitted("single").predict_proba(NEW), fitted("single", none=6).predict_proba(NEW)
    np.testing.assert_allclose(without.sum(axis=1), 1)
    assert with_none.sum(axis=1).max() <= 1 + 1e-12
    assert with_none[3].sum() < 0.5


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_papers_does_not_matter(mode: str, seed: int) -> None:
    texts, topics = PAPERS[mode]()
    order = np.random.default_rng(seed).permutation(len(texts))
    found = TopicClassifier(mode).fit([texts[n] for n in order], [topics[n] for n in order])
    assert found.predict_proba(NEW).tolist() == fitted(mode).predict_proba(NEW).tolist()
    assert found.model_.thresholds.tolist() == fitted(mode).model_.thresholds.tolist()
    assert found.details() == fitted(mode).details()


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_equal_papers_with_unknown_topics_does_not_matter(seed: int) -> None:
    texts = ["robot arm"] * 3 + ["robot leg walk"] * 2 + ["voice speech"] * 3 + ["speech codec"] * 2 + ["soup bowl"] * 2
    rows = [
        [NAN, 1],
        [NAN, 0],
        [1, 1],
        [1, NAN],
        [1, 0],
        [0, 1],
        [0, NAN],
        [NAN, 1],
        [0, 1],
        [0, NAN],
        [NAN, 0],
        [0, 0],
    ]
    order = np.random.default_rng(seed).permutation(len(texts))
    one = TopicClassifier("multi").fit(texts, np.array(rows))
    other = TopicClassifier("multi").fit([texts[n] for n in order], np.array(rows)[order])
    assert other.predict_proba(texts).tolist() == one.predict_proba(texts).tolist()


@pytest.mark.parametrize("mode", MODES)
def test_the_same_seed_saves_the_same_bytes(mode: str, tmp_path: Path) -> None:
    for number in "12":
        TopicClassifier(mode, random_state=5).fit(*PAPERS[mode]()).save(tmp_path / number)
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert names == ["manifest.json", "terms.txt", "weights.npz"]
    for name in names[1:]:
        one, other = ((tmp_path / number / name).read_bytes() for number in "12")
        assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()


@pytest.mark.parametrize("none", [0, 6])
@pytest.mark.parametrize("mode", MODES)
def test_a_saved_model_is_as_good_as_the_classifier(mode: str, none: int, tmp_path: Path) -> None:
    classifier = fitted(mode, none=none if mode == "single" else 0)
    classifier.save(tmp_path / "deep" / "1")
    model = load_model(tmp_path / "deep" / "1")
    texts = [*NEW, *PAPERS[mode](each=3)[0]]
    np.testing.assert_allclose(model.predict_proba(texts), classifier.predict_proba(texts), atol=1e-6)
    assert list(model.predict(texts)) == list(classifier.predict(texts))
    for precision in (0.5, 0.7, 0.9):
        assert model.decide(texts, precision) == classifier.decide(texts, precision)
    assert (model.unlearned, model.form) == (classifier.unlearned_, classifier.model_.form)


def test_saving_over_something_is_refused_and_leaves_it(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(InputError, match="mine"):
        fitted("single").save(tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "notes.txt"]


def test_saving_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write"):
        fitted("single").save(tmp_path / "file" / "1")


def test_unlabeled_papers_count_for_how_rare_a_term_is_and_change_no_column() -> None:
    texts, topics = single_papers()
    found = TopicClassifier().fit(texts, topics, unlabeled=["a robot in every text"] * 30)
    tfidf = found.model_.linear.tfidf
    assert tfidf.idf[tfidf.vocabulary["robot"]] < tfidf.idf[tfidf.vocabulary["voice"]]
    assert found.classes_.tolist() == list(TOPICS)
    assert found.predict(NEW[:3]).tolist() == list(TOPICS)


def test_topics_that_nobody_denied_are_told_and_learned() -> None:
    texts, lists = multi_papers()
    matrix = np.where(matrix_of(lists) == 1, 1.0, NAN)
    found = TopicClassifier("multi").fit(texts, matrix, classes=TOPICS)
    assert found.weak_ == TOPICS
    assert found.unlearned_ == {}
    assert found.predict_proba(NEW[:3]).argmax(axis=1).tolist() == [0, 1, 2]
    assert fitted("multi").weak_ == ()


@pytest.mark.parametrize("mode", MODES)
def test_figures_of_papers_that_words_tell_apart_are_good(mode: str) -> None:
    measured = fitted(mode).details()["measured"]
    assert list(measured) == ["macro_f1", "micro_f1"]
    assert measured["macro_f1"]["value"] > 0.8
    assert measured["macro_f1"]["low"] <= measured["macro_f1"]["value"] <= measured["macro_f1"]["high"] <= 1


@pytest.mark.parametrize("mode", MODES)
def test_labels_that_words_do_not_tell_are_measured_as_such(mode: str) -> None:
    texts, _ = single_papers(each=12)
    drawn = np.random.default_rng(0).choice(TOPICS, len(texts)).tolist()
    found = TopicClassifier(mode).fit(texts, drawn if mode == "single" else [[topic] for topic in drawn])
    assert found.measured_["macro_f1"].value < 0.6


@pytest.mark.parametrize("mode", MODES)
def test_equal_papers_are_no_fault_and_no_warning(mode: str) -> None:
    topics = ["a", "a", "b", "b"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = TopicClassifier(mode).fit(["same text"] * 4, topics if mode == "single" else [[t] for t in topics])
    np.testing.assert_allclose(found.predict_proba(["same text"]), [[0.5, 0.5]])
    assert found.decide(["same text"])[0].decision == "review"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("texts", [["a", "b", "c", "d"], ["", "", "", ""], ["!", "?", "-", "§"]])
def test_papers_without_words_teach_nothing(mode: str, texts: list[str]) -> None:
    topics = ["x", "x", "y", "y"]
    with pytest.raises(InputError, match="nothing can be learned"):
        TopicClassifier(mode).fit(texts, topics if mode == "single" else [[topic] for topic in topics])


@pytest.mark.parametrize(
    ("mode", "topics"),
    [
        ("single", []),
        ("single", ["a", "a", "a"]),
        ("single", ["a", "b", "c"]),
        ("single", ["a", "a", "b"]),
        ("single", ["a", "a", None]),
        ("single", [None, None, None]),
        ("multi", []),
        ("multi", [["a"], ["b"], ["c"]]),
        ("multi", [["a"], ["a"], ["a"]]),
        ("multi", [[], [], []]),
        ("multi", np.full((3, 2), NAN)),
    ],
)
def test_too_few_judgements_are_refused_with_what_to_do(mode: str, topics: Any) -> None:
    texts = ["robot arm", "voice codec", "camera lens"][: len(topics)]
    with pytest.raises(InputError, match=r"nothing can be learned .*; judge at least two"):
        TopicClassifier(mode).fit(texts, topics)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: TopicClassifier("both").fit(["a"], ["b"]), "'both'"),
        (lambda: TopicClassifier().fit(["robot", "arm"], ["a"]), "2 texts but topics for 1"),
        (lambda: TopicClassifier().fit("robot arm", ["a"]), "a sequence of texts"),
        (lambda: TopicClassifier().fit([3, 4], ["a", "b"]), "not int"),
        (lambda: fitted("single").predict("robot arm"), "a sequence of texts"),
        (lambda: fitted("single").predict(pd.DataFrame({"name": ["robot"]})), "'title'"),
    ],
)
def test_misuse_is_told(call: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()


def test_many_papers_drop_words_of_one_paper_alone() -> None:
    texts = [text_of(["robots" if n % 2 else "vision"], n) for n in range(200)]
    topics = ["robots" if n % 2 else "vision" for n in range(200)]
    found = TopicClassifier().fit(texts, topics)
    assert "150" not in found.model_.linear.tfidf.vocabulary
    assert "150" in TopicClassifier().fit(texts[:199], topics[:199]).model_.linear.tfidf.vocabulary
    assert {one.decision for one in found.decide(texts)} == {"auto"}
