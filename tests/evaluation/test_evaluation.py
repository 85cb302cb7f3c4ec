"""How good a model is on judged papers that it had not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from labeler.evaluation.baselines import FREQUENT, NAMES, REGRESSION
from labeler.evaluation.evaluation import Others, answers_of, evaluate
from labeler.evaluation.unseen import unseen
from labeler.features.background import NO_BACKGROUND
from labeler.topics import Mode
from tests.evaluation.conftest import Measured
from tests.evaluation.test_gate import TOPICS, as_matrix, judged_set, scheme
from tests.evaluation.test_unseen import papers_of
from tests.learn.factories import text_of


def test_the_figures_are_those_of_what_was_said_without_the_papers(multi: Measured) -> None:
    known = ~np.isnan(multi.judged.truth).any(axis=1)
    found = evaluate(multi.model, multi.judged.take(np.flatnonzero(known)), multi.scheme, 0.9)
    assert found
    said = found.said.assigned.astype(int)
    assert found.said.model.topics == TOPICS
    for average in ("macro", "micro", "weighted"):
        want = f1_score(multi.judged.truth[known], said, average=average, zero_division=0)
        assert found.unseen.figures.averages[f"{average}_f1"].value == pytest.approx(want)
    right = (said == multi.judged.truth[known]).all(axis=1)
    assert found.unseen.figures.exact
    assert found.unseen.figures.exact.value == pytest.approx(right.mean())
    assert (found.compared, found.blind, found.unseen.picked) == ((), None, 0)


def test_each_paper_is_of_one_origin(single: Measured) -> None:
    counts = single.found.counts
    assert counts == {"held_out": 42, "new": 0, "seen": 0, "unknown": 0, "near_copies": 0}
    assert single.found.unseen.figures.papers == 42
    assert single.found.known is single.judged


def test_decisions_count_as_the_model_would_have_made_them(single: Measured) -> None:
    decided, said = single.found.unseen.decided, single.found.said
    decisions = [
        one
        for one, paper in zip(single.model.decide([p.text for p in single.judged.papers]), said.rows, strict=True)
        if paper >= 0
    ]
    assert decided.papers == len(decisions) == 42
    assert 0 <= decided.right <= decided.assigned <= decided.decided <= 42
    nothing = evaluate(single.model, single.judged, single.scheme, 0.999)
    assert nothing
    assert nothing.unseen.decided.decided <= decided.decided


def test_papers_asked_blind_have_figures_of_their_own(single: Measured) -> None:
    blind = np.arange(42) % 4 == 1
    judged = replace(single.judged, blind=blind, picked=np.arange(42) % 4 == 2)
    found = evaluate(single.model, judged, single.scheme, 0.9)
    assert found
    assert found.blind
    assert (found.blind.figures.papers, found.blind.picked, found.unseen.picked) == (11, 0, 10)
    alone = evaluate(single.model, judged.take(np.flatnonzero(blind)), single.scheme, 0.9)
    assert alone
    assert found.blind.figures.exact == alone.unseen.figures.exact
    assert found.blind.no_topic == judged.take(np.flatnonzero(blind)).no_topic


def test_new_papers_are_said_by_the_model_itself_and_near_copies_are_left_out(single: Measured) -> None:
    new = papers_of([text_of([topic], number) for number, topic in enumerate(TOPICS, 900)])
    copy = papers_of([f"{single.judged.papers[5].title} too\n{single.judged.papers[5].abstract}"])
    judged = judged_set([*new, *copy], as_matrix([*TOPICS, "robots"]))
    found = evaluate(single.model, judged, single.scheme, 0.9, learned=single.judged)
    assert found
    assert (found.counts["new"], found.counts["near_copies"], found.unseen.figures.papers) == (4, 1, 3)
    np.testing.assert_allclose(found.answers.probabilities, single.model.predict_proba([p.text for p in new]))
    assert len(found.known.papers) == 46


def test_where_a_model_had_seen_all_papers_there_is_nothing(single: Measured) -> None:
    seen = replace(single.model, held_out_papers=np.zeros_like(single.model.held_out_papers))
    assert evaluate(seen, single.judged, single.scheme, 0.9) is None
    nobody = replace(single.judged, truth=np.full((42, 3), np.nan))
    assert evaluate(single.model, nobody, single.scheme, 0.9) is None


def test_papers_that_a_model_may_have_seen_count_where_that_is_wanted(single: Measured) -> None:
    unknown = replace(single.model, held_out_papers=None, learned=None)
    assert evaluate(unknown, single.judged, single.scheme, 0.9) is None
    found = evaluate(unknown, single.judged, single.scheme, 0.9, with_unknown=True)
    assert found
    assert (found.counts["unknown"], found.unseen.figures.papers) == (42, 42)


def test_a_topic_that_a_model_does_not_give_is_never_given(single: Measured) -> None:
    said = unseen(single.model, single.judged.papers)
    answers = answers_of(said, ["speech", "no-such"])
    assert (answers.probabilities[:, 1] == 0).all()
    assert not answers.assigned[:, 1].any()
    np.testing.assert_array_equal(answers.probabilities[:, 0], said.given[:, TOPICS.index("speech")])


def test_other_methods_are_measured_on_the_same_papers(single: Measured) -> None:
    frequent, names, regression = single.found.compared
    assert (frequent.name, names.name, regression.name) == (FREQUENT, NAMES, REGRESSION)
    mine = single.found.unseen.figures.averages
    for one in (frequent, names, regression):
        assert one.papers == 42
        for key in ("macro_f1", "micro_f1"):
            lead = mine[key].value - one.averages[key].value
            assert one.differences[key].value == pytest.approx(lead)
            assert one.differences[key].low <= lead <= one.differences[key].high
    assert frequent.differences["macro_f1"].low > 0


def test_the_version_before_is_compared_on_papers_that_both_had_not_seen(single: Measured) -> None:
    half = replace(single.model, held_out_papers=single.model.held_out_papers[:20])
    others = Others({}, NO_BACKGROUND, ("mine@1", half))
    found = evaluate(single.model, single.judged, single.scheme, 0.9, others)
    assert found
    before = found.compared[-1]
    assert (before.name, before.papers) == ("mine@1", 20)
    assert before.differences["micro_f1"].value == 0
    seen = replace(single.model, held_out_papers=single.model.held_out_papers[:0])
    nothing = evaluate(single.model, single.judged, single.scheme, 0.9, others._replace(former=("mine@1", seen)))
    assert nothing
    assert (nothing.compared[-1].averages, nothing.compared[-1].made) == ({}, "it had seen all of these papers")


def test_the_record_for_programs_has_all_of_it(single: Measured, multi: Measured) -> None:
    for one in (single, multi):
        record = one.found.to_dict()
        assert set(record) == {"mode", "papers", "unseen", "blind", "in_time", "baselines", "groups"}
        assert record["mode"] == str(one.model.mode)
        assert [entry["name"] for entry in record["baselines"]] == [FREQUENT, NAMES, REGRESSION]
    assert multi.model.mode == Mode.MULTI
    assert scheme(Mode.MULTI).offered == TOPICS
