"""What a version says of judged papers that it had not seen."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labeler import Paper, load_model
from labeler.evaluation.unseen import Origin, unseen
from labeler.features.background import NO_BACKGROUND
from labeler.learn import classifier as classifier_module
from labeler.measure.metrics import macro_f1
from labeler.papers.ids import identifier_hash
from labeler.score.model import TopicModel
from labeler.score.persistence import save_model
from labeler.topics import Scheme
from labeler.topics.scheme import Topic
from tests.learn.factories import classifier, multi_papers, single_papers, text_of


def papers_of(texts: list[str]) -> list[Paper]:
    return [Paper.make(*text.split("\n")) for text in texts]


def trained(mode: str, papers: list[Paper], answers: object) -> TopicModel:
    """A model that knows which papers it held out, as `labeler train` makes it."""
    clf = classifier(mode).fit(papers, answers)
    hashes = np.array([identifier_hash(paper.id) for paper in papers], dtype=np.uint64)
    learned = np.sort(np.array([identifier_hash(one) for paper in papers for one in paper.ids], dtype=np.uint64))
    return replace(clf.model_, learned=learned, held_out_papers=hashes[clf.held_out_rows_])


@pytest.fixture(scope="module")
def multi() -> tuple[TopicModel, list[Paper], list[list[str]]]:
    texts, answers = multi_papers(12)
    papers = papers_of(texts)
    return trained("multi", papers, answers), papers, answers


@pytest.fixture(scope="module")
def single() -> tuple[TopicModel, list[Paper], list[str | None]]:
    texts, answers = single_papers(12, none=6)
    papers = papers_of(texts)
    return trained("single", papers, answers), papers, answers


def matrix_of(topics: tuple[str, ...], answers: list[list[str]]) -> np.ndarray:
    return np.array([[float(topic in of_paper) for topic in topics] for of_paper in answers])


def test_papers_that_were_held_out_have_the_rows_of_their_own(multi: tuple[TopicModel, list[Paper], object]) -> None:
    model, papers, answers = multi
    order = random.Random(1).sample(range(len(papers)), len(papers))
    found = unseen(model, [papers[row] for row in order])
    assert set(found.origins) == {Origin.HELD_OUT}
    truth = matrix_of(model.topics, [answers[row] for row in order])
    row_of = {key: row for row, key in enumerate(model.held_out_papers.tolist())}
    rows = [row_of[identifier_hash(papers[row].id)] for row in order]
    np.testing.assert_array_equal(model.held_out[1][rows], truth)
    np.testing.assert_array_equal(found.probabilities, model.held_out[0][rows])
    assert found.usable.all()


def test_the_figure_is_the_one_that_the_training_measured() -> None:
    texts, answers = multi_papers(12)
    papers = papers_of(texts)
    clf = classifier("multi").fit(papers, answers)
    hashes = np.array([identifier_hash(paper.id) for paper in papers], dtype=np.uint64)
    model = replace(clf.model_, held_out_papers=hashes[clf.held_out_rows_])
    found = unseen(model, papers)
    assert macro_f1.score(matrix_of(model.topics, answers), found.assigned) == pytest.approx(
        clf.measured_["macro_f1"].value
    )


def test_topics_of_single_mode_are_the_most_probable_ones(single: tuple[TopicModel, list[Paper], object]) -> None:
    model, papers, answers = single
    found = unseen(model, papers)
    given = [model.topics[row.argmax()] if row.any() else None for row in found.assigned]
    assert np.mean([one == other for one, other in zip(given, answers, strict=True)]) > 0.8
    assert found.given.shape == (len(papers), len(model.topics) + 1)
    assert found.folds.min() >= 0


def test_papers_that_were_not_learned_from_have_the_models_own_answer(
    single: tuple[TopicModel, list[Paper], object],
) -> None:
    model, papers, _ = single
    new = papers_of([text_of(["robots"], 999), text_of(["speech"], 998)])
    found = unseen(model, [*new, papers[0]])
    assert found.origins.tolist() == [Origin.NEW, Origin.NEW, Origin.HELD_OUT]
    np.testing.assert_allclose(found.given[:2, : len(model.topics)], model.predict_proba([one.text for one in new]))
    assert found.folds.tolist()[:2] == [-1, -1]


def test_a_paper_is_found_by_any_of_its_identifiers(single: tuple[TopicModel, list[Paper], object]) -> None:
    model, papers, _ = single
    known = replace(papers[3], ids=("arxiv:2503.11731", *papers[3].ids))
    found = unseen(model, [known])
    assert found.origins.tolist() == [Origin.HELD_OUT]
    np.testing.assert_array_equal(found.probabilities, unseen(model, [papers[3]]).probabilities)


def test_models_of_earlier_versions_have_seen_what_they_learned_from(
    single: tuple[TopicModel, list[Paper], object],
) -> None:
    model, papers, _ = single
    before = replace(model, held_out_papers=None, held_out_folds=None)
    found = unseen(before, [papers[0], *papers_of(["a robot\nwith an arm"])])
    assert found.origins.tolist() == [Origin.SEEN, Origin.NEW]
    assert np.isnan(found.probabilities[0]).all()
    assert not found.assigned[0].any()
    assert found.usable.tolist() == [False, True]


def test_of_a_model_that_does_not_say_what_it_learned_from_nothing_is_known(
    single: tuple[TopicModel, list[Paper], object],
) -> None:
    model, papers, _ = single
    found = unseen(replace(model, held_out_papers=None, learned=None), papers[:2])
    assert found.origins.tolist() == [Origin.UNKNOWN, Origin.UNKNOWN]
    assert np.isfinite(found.probabilities).all()


def test_topics_are_those_of_todays_scheme(multi: tuple[TopicModel, list[Paper], list[list[str]]]) -> None:
    model, papers, _ = multi
    scheme = Scheme("multi", (Topic("machines", "Machines", aliases=("robots", "vision")), Topic("speech", "Speech")))
    found = unseen(model, papers, scheme)
    before = unseen(model, papers)
    columns = [model.topics.index(topic) for topic in ("robots", "vision")]
    assert found.model.topics == ("machines", "speech")
    np.testing.assert_array_equal(found.assigned[:, 0], before.assigned[:, columns].any(axis=1))


def test_no_paper_at_all_is_no_fault(multi: tuple[TopicModel, list[Paper], object]) -> None:
    found = unseen(multi[0], [])
    assert found.probabilities.shape == (0, 3)
    assert found.assigned.shape == (0, 3)


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_what_is_known_of_held_out_papers_is_saved(mode: str, tmp_path: Path) -> None:
    texts, answers = multi_papers(12) if mode == "multi" else single_papers(12)
    papers = papers_of(texts)
    model = trained(mode, papers, answers)
    save_model(model, tmp_path / "1")
    loaded = load_model(tmp_path / "1")
    found, again = unseen(model, papers), unseen(loaded, papers)
    np.testing.assert_array_equal(found.probabilities, again.probabilities)
    np.testing.assert_array_equal(found.assigned, again.assigned)
    np.testing.assert_array_equal(found.folds, again.folds)


@pytest.mark.slow
@pytest.mark.parametrize("many", [False, True], ids=["fit", "fit_many"])
def test_training_out_of_core_says_which_papers_it_held_out(many: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_module, "MAX_IN_MEMORY", 300)
    texts, answers = single_papers(120)
    order = random.Random(2).sample(range(len(texts)), len(texts))
    texts, answers = [texts[row] for row in order], [answers[row] for row in order]
    answers[5] = float("nan")  # type: ignore[call-overload]
    clf = classifier()
    classes = ["robots", "speech", "vision"]
    clf = clf.fit_many(zip(texts, answers, strict=True), classes) if many else clf.fit(texts, answers)
    truth = clf.model_.held_out[1]
    assert 0 < len(clf.held_out_rows_) < len(texts)
    assert [classes[row.argmax()] for row in truth] == [answers[row] for row in clf.held_out_rows_]
    assert 5 not in clf.held_out_rows_
    assert clf.background is NO_BACKGROUND
