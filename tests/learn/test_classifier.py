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
from labeler.features.background import NO_BACKGROUND, shipped
from tests.learn.factories import NEW, TINY, WORDS, classifier, fitted, multi_papers, single_papers, text_of

NAN = np.nan
MODES = ["single", "multi"]
TOPICS = ("robots", "speech", "vision")
KNOWN = (NO_BACKGROUND, TINY)
DEFINITIONS = {topic: f"{topic.title()}. {' '.join(WORDS[topic].split()[:4])}" for topic in TOPICS}
PAPERS: dict[str, Callable[..., Any]] = {"single": single_papers, "multi": multi_papers}


def not_judged(papers: int) -> list[str]:
    """Papers of each topic in turn that nobody has judged."""
    return [text_of([TOPICS[number % 3]], number + 1000) for number in range(papers)]


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
        "background": None,
        "parents": None,
        "keywords": None,
        "not_keywords": None,
    }
    assert clone(one).get_params() == one.get_params()
    assert clone(one).set_params(mode="single").mode == "single"
    assert not hasattr(clone(fitted("single")), "model_")
    assert is_classifier(one)
    assert repr(one).startswith("TopicClassifier(")


def test_a_background_is_a_parameter_like_others() -> None:
    one = TopicClassifier(background=TINY)
    assert one.get_params()["background"] is TINY
    assert clone(one).background.words == TINY.words
    assert repr(one).startswith("TopicClassifier(")
    texts, topics = single_papers()
    names = {classifier(background=given).fit(texts, topics).training_record().parameters.background for given in KNOWN}
    assert names == {"none", "tiny"}


@pytest.mark.slow
def test_the_shipped_background_is_taken_unless_another_is_given() -> None:
    texts, topics = single_papers()
    found, message = (TopicClassifier(background=given).fit(texts, topics) for given in (None, shipped()))
    assert found.training_record() == message.training_record()
    assert found.predict_proba(NEW).tolist() == message.predict_proba(NEW).tolist()
    assert found.parameters_["background"] == "arxiv"
    assert set(shipped().words[5000:5100]) <= set(found.model_.linear.tfidf.terms)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decide"])
def test_an_unfitted_classifier_says_so(method: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(classifier(), method)(NEW)


def test_it_works_in_a_pipeline() -> None:
    pipeline = Pipeline([("lower", FunctionTransformer(lambda texts: [text.upper() for text in texts]))])
    pipeline.steps.append(("topics", classifier()))
    texts, topics = single_papers()
    assert pipeline.fit(texts, topics).predict(NEW[:3]).tolist() == list(TOPICS)
    assert pipeline.predict_proba(NEW).shape == (4, 3)
    assert pipeline.classes_.tolist() == list(TOPICS)
    assert pipeline.score(texts, topics) == 1.0


def test_cross_validation_in_single_mode() -> None:
    texts, topics = single_papers()
    found = cross_val_score(classifier(), texts, topics, cv=3, error_score="raise")
    assert found.tolist() == [1.0, 1.0, 1.0]


def test_cross_validation_in_single_mode_with_none_of_these() -> None:
    texts, topics = single_papers(none=6)
    folds = KFold(3, shuffle=True, random_state=0)
    found = cross_val_score(classifier(), texts, np.array(topics, dtype=object), cv=folds, error_score="raise")
    assert found.mean() > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("scoring", [None, "f1_macro", "f1_micro"])
def test_cross_validation_in_multi_mode_with_a_matrix(scoring: str | None) -> None:
    texts, topics = multi_papers()
    folds = KFold(3, shuffle=True, random_state=0)
    found = cross_val_score(
        classifier("multi"), texts, matrix_of(topics), cv=folds, scoring=scoring, error_score="raise"
    )
    assert found.mean() > (0.6 if scoring is None else 0.8)


def test_cross_validation_of_a_frame() -> None:
    texts, topics = single_papers()
    frame = pd.DataFrame([text.split("\n") for text in texts], columns=["title", "abstract"])
    assert cross_val_score(classifier(), frame, pd.Series(topics), cv=3, error_score="raise").min() == 1.0


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
    found = classifier().fit(FORMS[form](texts), topics)
    expected = fitted("single").predict_proba(texts)
    assert found.predict_proba(texts).tolist() == expected.tolist()
    assert found.predict_proba(FORMS[form](texts)).tolist() == expected.tolist()


def test_topics_are_predicted_in_the_form_that_was_fitted() -> None:
    texts, lists = multi_papers()
    by_lists, by_matrix = fitted("multi"), classifier("multi").fit(texts, matrix_of(lists), classes=TOPICS)
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
    found = classifier("multi").fit(texts, kind(matrix_of(lists)), classes=TOPICS)
    assert found.predict_proba(NEW).tolist() == fitted("multi").predict_proba(NEW).tolist()


def test_a_matrix_of_scikit_learn_s_own_binarizer_is_taken() -> None:
    texts, lists = multi_papers()
    binarizer = MultiLabelBinarizer()
    found = classifier("multi").fit(texts, binarizer.fit_transform(lists), classes=binarizer.classes_)
    assert found.classes_.tolist() == list(TOPICS)
    assert binarizer.inverse_transform(found.predict(NEW[:3])) == [("robots",), ("speech",), ("vision",)]


@pytest.mark.parametrize("unlabeled", [0, 40])
@pytest.mark.parametrize("mode", MODES)
def test_a_topic_without_a_paper_or_a_definition_has_probability_zero_in_its_column(mode: str, unlabeled: int) -> None:
    texts, topics = PAPERS[mode](topics=("robots", "vision"))
    classes = ["absent", "robots", "speech", "vision"]
    found = classifier(mode).fit(texts, topics, unlabeled=not_judged(unlabeled), classes=classes)
    assert found.classes_.tolist() == classes
    assert found.unlearned_ == dict.fromkeys(("absent", "speech"), "no paper judged to be of it")
    probabilities = found.predict_proba(NEW)
    assert probabilities.shape == (4, 4)
    assert (probabilities == 0).all(axis=0).tolist() == [True, False, True, False]
    assert not found.model_.linear.weights[:, [0, 2]].any()
    assert classes[probabilities[0].argmax()] == "robots"
    assert classes[probabilities[2].argmax()] == "vision"
    assert all(topic not in decided.topics for decided in found.decide(NEW + texts) for topic in ("absent", "speech"))


@pytest.mark.parametrize("papers", [1, 2, 4])
@pytest.mark.parametrize("mode", MODES)
def test_a_few_papers_teach_the_topics_they_are_of_and_no_others(mode: str, papers: int) -> None:
    """With fewer than ten papers nothing is calibrated on what was held out."""
    texts = [text_of(["robots"], number) for number in range(papers)] + [
        text_of([], number) for number in range(papers)
    ]
    topics: list[Any] = ["robots"] * papers + [None] * papers
    given = topics if mode == "single" else [[topic] if topic else [] for topic in topics]
    found = classifier(mode).fit(texts, given, classes=["absent", "robots"])
    assert list(found.unlearned_) == ["absent"]
    assert found.predict_proba(NEW)[:, 0].tolist() == [0.0] * 4
    new = [text_of(["robots"], 99), text_of([], 99)]
    assert 0.999 > found.predict_proba(new)[0, 1] > 0.5 > found.predict_proba(new)[1, 1] > 0.001
    assert list(map(list, found.predict(new))) == [["robots"], []] if mode == "multi" else ["robots", None]


@pytest.mark.parametrize("papers", [5, 6, 9])
@pytest.mark.parametrize("mode", MODES)
def test_a_few_papers_more_that_are_told_apart_perfectly_do_not_make_it_certain(mode: str, papers: int) -> None:
    """From ten papers on it is calibrated on what was held out, which says that it is always right."""
    texts = [text_of([topic] if topic else [], number) for topic in ("robots", "") for number in range(papers)]
    given: list[Any] = ["robots"] * papers + [None] * papers
    if mode == "multi":
        given = [[topic] if topic else [] for topic in given]
    found = classifier(mode).fit(texts, given).predict_proba([text_of(["robots"], 99), text_of([], 99)])[:, 0]
    assert 0.9997 > found[0] > 0.9
    assert 0.1 > found[1] > 0.0002


@pytest.mark.slow
@pytest.mark.parametrize("by", ["paper", "definition"])
@pytest.mark.parametrize("background", KNOWN, ids=["none", "tiny"])
@pytest.mark.parametrize("mode", MODES)
def test_one_paper_or_a_definition_is_enough_to_learn_a_topic(mode: str, background: Any, by: str) -> None:
    texts, topics = PAPERS[mode](topics=("robots", "vision"))
    definitions = {"speech": DEFINITIONS["speech"]} if by == "definition" else None
    if by == "paper":
        texts, topics = [*texts, text_of(["speech"], 99)], [*topics, "speech" if mode == "single" else ["speech"]]
    one = classifier(mode, background, definitions=definitions)
    found = one.fit(texts, topics, unlabeled=not_judged(30), classes=TOPICS)
    assert found.unlearned_ == {}
    new = [text_of([topic], number + 500) for topic in TOPICS for number in range(5)]
    said = found.predict_proba(new).argmax(axis=1)
    assert (said == np.repeat([0, 1, 2], 5)).mean() > 0.9


@pytest.mark.parametrize("background", KNOWN, ids=["none", "tiny"])
@pytest.mark.parametrize("mode", MODES)
def test_definitions_alone_make_a_model_before_anyone_has_judged_a_paper(mode: str, background: Any) -> None:
    found = classifier(mode, background, definitions=DEFINITIONS).fit([], [], unlabeled=not_judged(60))
    assert found.classes_.tolist() == list(TOPICS)
    assert (found.unlearned_, found.measured_) == ({}, {})
    new = [text_of([topic], number + 500) for topic in TOPICS for number in range(5)]
    probabilities = found.predict_proba(new)
    assert (probabilities.argmax(axis=1) == np.repeat([0, 1, 2], 5)).mean() > 0.9
    assert {one.decision for one in found.decide(new, 0.6)} == {"review"}
    assert found.training_record().parameters.candidates == {}
    matrix = classifier(mode, background, definitions=DEFINITIONS).fit(
        [], np.zeros((0, 3)), unlabeled=not_judged(60), classes=TOPICS
    )
    assert matrix.predict_proba(new).tolist() == probabilities.tolist()


@pytest.mark.parametrize("mode", MODES)
def test_a_model_of_definitions_alone_can_be_saved(mode: str, tmp_path: Path) -> None:
    found = classifier(mode, definitions=DEFINITIONS).fit([], [], unlabeled=not_judged(30))
    found.save(tmp_path / "1")
    assert load_model(tmp_path / "1").decide(NEW) == found.decide(NEW)


def test_definitions_alone_give_about_one_topic_a_paper_in_multi_mode() -> None:
    found = classifier("multi", definitions=DEFINITIONS).fit([], [], unlabeled=not_judged(60))
    assert found.predict_proba(not_judged(60)).sum(axis=1).mean() == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_definitions_and_of_unlabeled_papers_does_not_matter(mode: str) -> None:
    texts, topics = PAPERS[mode](each=2)
    more = not_judged(40)
    turned = dict(reversed(DEFINITIONS.items()))
    one = classifier(mode, definitions=DEFINITIONS).fit(texts, topics, unlabeled=more)
    other = classifier(mode, definitions=turned).fit(texts, topics, unlabeled=more[::-1] + more[:7])
    for part in ("weights", "intercepts"):
        assert getattr(one.model_.linear, part).tobytes() == getattr(other.model_.linear, part).tobytes()
    assert one.model_.held_out[0].tobytes() == other.model_.held_out[0].tobytes()


def test_none_of_these_said_before_a_topic_was_added_is_no_word_against_it() -> None:
    """Papers of speech were judged to be none of robots and vision, when speech was not in the scheme yet."""
    texts, topics = single_papers(topics=("robots", "vision"))
    early = [text_of(["speech"], number + 50) for number in range(6)]
    late = [text_of(["speech"], 99)]
    matrix = np.array([[topic == name for name in TOPICS] for topic in [*topics, *[None] * 6, "speech"]], dtype=float)
    new = [text_of(["speech"], number + 500) for number in range(6)]
    denied = classifier().fit([*texts, *early, *late], matrix, classes=TOPICS)
    matrix[12:18, 1] = NAN
    open_ = classifier().fit([*texts, *early, *late], matrix, classes=TOPICS)
    assert open_.predict_proba(new)[:, 1].mean() > denied.predict_proba(new)[:, 1].mean() + 0.1
    np.testing.assert_array_equal(
        np.isnan(open_.model_.held_out[1]), np.isnan(matrix[np.argsort([*texts, *early, *late])])
    )


def test_papers_that_nobody_has_judged_are_learned_from_unless_that_is_turned_off() -> None:
    texts, topics = single_papers(each=1)
    new = [text_of([topic], number + 500) for topic in TOPICS for number in range(20)]
    truth = np.repeat([0, 1, 2], 20)
    scores = []
    for self_training in (False, True):
        found = classifier(self_training=self_training).fit(texts, topics, unlabeled=not_judged(90))
        scores.append(float(np.log(found.predict_proba(new)[np.arange(60), truth]).mean()))
        assert found.parameters_["unread"] == 90
    assert scores[1] > scores[0]


def test_defined_topics_are_columns_before_anyone_judged_them() -> None:
    definitions = {"zoology": "Zoology. Animals", "robots": "Robots. Arms"}
    found = classifier(definitions=definitions).fit(*single_papers())
    assert found.classes_.tolist() == ["robots", "speech", "vision", "zoology"]
    assert list(found.unlearned_) == ["zoology"]  # no paper holds a word of its definition, and nothing else knows one
    known = classifier(background=TINY, definitions=definitions | {"zoology": "wheel lens"}).fit(*single_papers())
    assert known.unlearned_ == {}


@pytest.mark.parametrize("mode", MODES)
def test_two_papers_a_topic_are_enough(mode: str) -> None:
    texts = ["robot arm grasping", "robot leg walking arm", "speech of a voice", "voice and speech codec"]
    topics = ["robots", "robots", "speech", "speech"]
    found = classifier(mode).fit(texts, topics if mode == "single" else [[topic] for topic in topics])
    assert found.unlearned_ == {}
    probabilities = found.predict_proba(["a walking robot arm", "a voice speech"])
    assert probabilities.argmax(axis=1).tolist() == [0, 1]
    assert {one.decision for one in found.decide(texts)} == {"review"}


def test_one_topic_and_none_of_these_can_be_learned() -> None:
    texts, topics = single_papers(each=4, topics=["robots"], none=4)
    found = classifier().fit(texts, topics)
    assert found.predict(["robot arm gripper leg", "bread soup cheese"]).tolist() == ["robots", None]
    assert found.predict_proba(NEW).shape == (4, 1)


def test_one_none_of_these_counts_too() -> None:
    texts, topics = single_papers(none=1)
    found = classifier().fit(texts, topics)
    left = 1 - found.predict_proba([*NEW[:3], text_of([], 500)]).sum(axis=1)
    assert left[3] > 2 * left[:3].max()
    assert (left > 0).all()


def test_single_mode_takes_a_matrix_as_well() -> None:
    texts, topics = single_papers(none=6)
    matrix = np.array([[topic == name for name in TOPICS] for topic in topics], dtype=float)
    found = classifier().fit(texts, matrix, classes=TOPICS)
    assert found.predict_proba(NEW).tolist() == fitted("single", none=6).predict_proba(NEW).tolist()
    assert found.predict(NEW).tolist() == fitted("single", none=6).predict(NEW).tolist()


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
    found = classifier(mode).fit([texts[n] for n in order], [topics[n] for n in order])
    assert found.predict_proba(NEW).tolist() == fitted(mode).predict_proba(NEW).tolist()
    assert found.model_.thresholds.tolist() == fitted(mode).model_.thresholds.tolist()
    assert found.training_record() == fitted(mode).training_record()


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
    one = classifier("multi").fit(texts, np.array(rows))
    other = classifier("multi").fit([texts[n] for n in order], np.array(rows)[order])
    assert other.predict_proba(texts).tolist() == one.predict_proba(texts).tolist()


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_the_same_seed_saves_the_same_bytes(mode: str, tmp_path: Path) -> None:
    for number in "12":
        classifier(mode, random_state=5).fit(*PAPERS[mode]()).save(tmp_path / number)
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert names == ["manifest.json", "weights.safetensors"]
    for name in names[1:]:
        one, other = ((tmp_path / number / name).read_bytes() for number in "12")
        assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()


@pytest.mark.parametrize("none", [0, 6])
@pytest.mark.parametrize("mode", MODES)
def test_a_saved_model_is_as_good_as_the_classifier(mode: str, none: int, tmp_path: Path) -> None:
    trained = fitted(mode, none=none if mode == "single" else 0)
    trained.save(tmp_path / "deep" / "1")
    model = load_model(tmp_path / "deep" / "1")
    texts = [*NEW, *PAPERS[mode](each=3)[0]]
    np.testing.assert_allclose(model.predict_proba(texts), trained.predict_proba(texts), atol=1e-6)
    assert list(model.predict(texts)) == list(trained.predict(texts))
    for precision in (0.5, 0.7, 0.9):
        assert model.decide(texts, precision) == trained.decide(texts, precision)
    assert (model.unlearned, model.form) == (trained.unlearned_, trained.model_.form)


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
    found = classifier().fit(texts, topics, unlabeled=["a robot in every text"] * 30)
    tfidf = found.model_.linear.tfidf
    assert tfidf.idf[tfidf.terms.index("robot")] < tfidf.idf[tfidf.terms.index("voice")]
    assert found.classes_.tolist() == list(TOPICS)
    assert found.predict(NEW[:3]).tolist() == list(TOPICS)


@pytest.mark.parametrize("of_none", [0, 6])
def test_topics_that_nobody_denied_are_told_and_learned(of_none: int) -> None:
    texts, lists = multi_papers()
    texts = [*texts, *(f"Cows and barley in the rain of spring {number}" for number in range(of_none))]
    matrix = np.vstack([np.where(matrix_of(lists) == 1, 1.0, NAN), np.zeros((of_none, len(TOPICS)))])
    found = classifier("multi").fit(texts, matrix, classes=TOPICS)
    assert found.weak_ == TOPICS
    assert found.unlearned_ == {}
    assert found.predict_proba(NEW[:3]).argmax(axis=1).tolist() == [0, 1, 2]
    assert fitted("multi").weak_ == ()


def test_a_no_by_accident_does_not_make_a_model_give_its_topic_to_every_paper() -> None:
    texts, lists = multi_papers()
    matrix = np.where(matrix_of(lists) == 1, 1.0, NAN)
    matrix[np.flatnonzero(np.isnan(matrix[:, 0]))[0], 0] = 0.0
    found = classifier("multi").fit(texts, matrix, classes=TOPICS)
    assert found.weak_ == TOPICS
    assert found.predict(NEW[:3])[:, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize("mode", MODES)
def test_figures_of_papers_that_words_tell_apart_are_good(mode: str) -> None:
    measured = fitted(mode).training_record().figures.measured
    assert {"macro_f1", "micro_f1"} <= measured.keys()
    assert measured["macro_f1"].value > 0.8
    assert measured["macro_f1"].low <= measured["macro_f1"].value <= measured["macro_f1"].high <= 1


@pytest.mark.parametrize("mode", MODES)
def test_labels_that_words_do_not_tell_are_measured_as_such(mode: str) -> None:
    texts, _ = single_papers(each=12)
    drawn = np.random.default_rng(0).choice(TOPICS, len(texts)).tolist()
    found = classifier(mode).fit(texts, drawn if mode == "single" else [[topic] for topic in drawn])
    assert found.measured_["macro_f1"].value < 0.6


@pytest.mark.parametrize("papers", [4, 6, 14])
@pytest.mark.parametrize("background", KNOWN, ids=["none", "tiny"])
@pytest.mark.parametrize("mode", MODES)
def test_equal_papers_are_no_fault_and_no_warning(mode: str, background: Any, papers: int) -> None:
    topics = ["a", "b"] * (papers // 2)
    text = "robot of a same text speech"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        given = topics if mode == "single" else [[topic] for topic in topics]
        found = classifier(mode, background).fit([text] * papers, given)
    for new in (text, "robot", "speech"):
        np.testing.assert_allclose(found.predict_proba([new]), [[0.5, 0.5]], atol=1e-3)
        assert found.decide([new])[0].decision == "review"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("texts", [["a", "b", "c", "d"], ["", "", "", ""], ["!", "?", "-", "§"]])
def test_papers_without_words_teach_nothing(mode: str, texts: list[str]) -> None:
    topics = ["x", "x", "y", "y"]
    with pytest.raises(InputError, match="nothing can be learned"):
        classifier(mode).fit(texts, topics if mode == "single" else [[topic] for topic in topics])


@pytest.mark.parametrize(
    ("mode", "topics"),
    [
        ("single", []),
        ("single", ["a", "a", "a"]),
        ("single", [None, None, None]),
        ("single", np.full((3, 2), NAN)),
        ("multi", []),
        ("multi", [["a"], ["a"], ["a"]]),
        ("multi", [["a", "b"], ["a", "b"], ["a", "b"]]),
        ("multi", [[], [], []]),
        ("multi", np.full((3, 2), NAN)),
    ],
)
def test_too_few_judgements_are_refused_with_what_to_do(mode: str, topics: Any) -> None:
    texts = ["robot arm", "voice codec", "camera lens"][: len(topics)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for background in KNOWN:
            with pytest.raises(InputError, match=r"nothing can be learned .*; judge papers of at least two kinds"):
                classifier(mode, background).fit(texts, topics)


def test_papers_without_words_are_told() -> None:
    with pytest.raises(InputError, match=r"so far, 2 \(there is no word to learn from in them\); judge papers"):
        classifier("single", KNOWN[0]).fit(["", "?"], ["a", "b"])


@pytest.mark.parametrize(
    ("mode", "topics"),
    [
        ("single", ["a", "b", "c"]),
        ("single", ["a", "a", "b"]),
        ("single", ["a", "a", None]),
        ("multi", [["a"], ["b"], ["c"]]),
        ("multi", [["a"], ["a"], []]),
        ("multi", [["a"], ["a", "b"], ["b"]]),
    ],
)
def test_two_kinds_of_papers_are_enough(mode: str, topics: Any) -> None:
    texts = ["robot arm", "robot codec arm", "camera lens"]
    found = classifier(mode).fit(texts, topics)
    assert found.unlearned_ == {}
    assert np.isfinite(found.predict_proba(NEW)).all()
    assert {one.decision for one in found.decide(texts)} == {"review"}


@pytest.mark.parametrize("mode", MODES)
def test_without_papers_definitions_need_papers_nobody_has_judged(mode: str) -> None:
    with pytest.raises(InputError, match="define topics and give papers that nobody has judged"):
        classifier(mode, TINY, definitions=DEFINITIONS).fit([], [])
    with pytest.raises(InputError, match="nothing can be learned"):
        classifier(mode, TINY).fit([], [], unlabeled=not_judged(30))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TopicClassifier("both").fit(["a"], ["b"]), "'both'"),
        (lambda: TopicClassifier().fit(["robot", "arm"], ["a"]), "2 texts but topics for 1"),
        (lambda: TopicClassifier().fit("robot arm", ["a"]), "a sequence of texts"),
        (lambda: TopicClassifier().fit([3, 4], ["a", "b"]), "not int"),
        (lambda: fitted("single").predict("robot arm"), "a sequence of texts"),
        (lambda: fitted("single").predict(pd.DataFrame({"name": ["robot"]})), "'title'"),
    ],
)
def test_misuse_is_told(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.slow
def test_many_papers_drop_words_of_one_paper_alone() -> None:
    texts = [text_of(["robots" if n % 2 else "vision"], n) for n in range(200)]
    topics = ["robots" if n % 2 else "vision" for n in range(200)]
    found = classifier().fit(texts, topics)
    assert "150" not in found.model_.linear.tfidf.terms
    assert "150" in classifier().fit(texts[:199], topics[:199]).model_.linear.tfidf.terms
    assert {one.decision for one in found.decide(texts)} == {"auto"}


PARENTS = {"robots": "things", "speech": "senses", "vision": "senses"}


@pytest.fixture(scope="module")
def with_parents() -> TopicClassifier:
    """A classifier whose topics have parents, which nobody has named."""
    return classifier("multi", parents=PARENTS).fit(*multi_papers())


def test_a_paper_of_a_topic_is_one_of_those_above_it(with_parents: TopicClassifier) -> None:
    assert list(with_parents.classes_) == ["robots", "senses", "speech", "things", "vision"]
    for topics, row in zip(with_parents.predict(NEW), with_parents.predict_proba(NEW), strict=True):
        found = dict(zip(with_parents.classes_, row, strict=True))
        for topic, parent in PARENTS.items():
            assert topic not in topics or parent in topics
            assert found[parent] >= found[topic]
    assert set(with_parents.predict(["the voice of a speaker"])[0]) == {"speech", "senses"}
    for decision in with_parents.decide(NEW):
        assert all(PARENTS[topic] in decision.topics for topic in decision.topics if topic in PARENTS)


def test_a_saved_model_knows_the_parents(with_parents: TopicClassifier, tmp_path: Path) -> None:
    with_parents.save(tmp_path / "1")
    loaded = load_model(tmp_path / "1")
    np.testing.assert_allclose(loaded.predict_proba(NEW), with_parents.predict_proba(NEW), atol=1e-6)
    assert loaded.predict(NEW) == with_parents.predict(NEW)
    assert loaded.bands(0.9) == with_parents.model_.bands(0.9)


def test_papers_one_at_a_time_have_the_same_parents(with_parents: TopicClassifier) -> None:
    many = classifier("multi", parents=PARENTS)
    texts, topics = multi_papers()
    many.fit_many(zip(texts, topics, strict=True), list(with_parents.classes_))
    np.testing.assert_allclose(many.predict_proba(NEW), with_parents.predict_proba(NEW), atol=1e-6)


@pytest.mark.parametrize("given", [lambda name: sum(map(ord, name)), lambda name: (name, 1)])
def test_parents_may_be_of_any_type(with_parents: TopicClassifier, given: Callable[[str], Any]) -> None:
    texts, topics = multi_papers()
    parents = {given(below): given(above) for below, above in PARENTS.items()}
    other = classifier("multi", parents=parents).fit(texts, [list(map(given, names)) for names in topics])
    assert {frozenset(names) for names in other.predict(NEW)} == {
        frozenset(map(given, names)) for names in with_parents.predict(NEW)
    }


def test_parents_that_are_no_topics_are_passed_over() -> None:
    texts, topics = multi_papers()
    parents = {"speech": "sounds", "sounds": "senses"}
    classes = ["robots", "speech", "vision", "senses"]
    found = classifier("multi", parents=parents).fit(texts, topics, classes=classes)
    assert found.model_.hierarchy.parents == {"speech": "senses"}
    assert set(found.predict(["the voice of a speaker"])[0]) == {"speech", "senses"}


def test_in_single_mode_the_topic_stays_and_counts_for_those_above_it() -> None:
    texts, topics = single_papers()
    flat, tree = (
        classifier(parents=parents).fit(texts, topics, classes=classes)
        for parents, classes in (
            (None, None),
            (PARENTS, ["robots", "speech", "vision", "senses", "things"]),
        )
    )
    assert tree.predict(NEW[:3]).tolist() == flat.predict(NEW[:3]).tolist() == ["robots", "speech", "vision"]
    assert tree.measured_["micro_f1"].value >= flat.measured_["micro_f1"].value


def test_papers_that_were_picked_are_known_as_such_in_the_order_of_held_out_papers() -> None:
    texts = [f"{text} {number}" for number in range(20) for text in ("robot arm", "voice codec")]
    topics, picked = ["robots", "speech"] * 20, np.arange(40) >= 10
    clf = TopicClassifier().fit(texts, topics, picked=picked)
    assert clf.model_.held_out_picked is not None
    assert clf.model_.held_out_picked.tolist() == picked[clf.held_out_rows_].tolist()
    assert TopicClassifier().fit(texts, topics).model_.held_out_picked is None
    with pytest.raises(ValueError, match="picked says of 3 papers"):
        TopicClassifier().fit(texts, topics, picked=[True] * 3)
