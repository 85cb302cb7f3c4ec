"""What an evaluation comes to, in sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labeler.evaluation.baselines import REGRESSION
from labeler.evaluation.evaluation import Compared, Evaluation, evaluate
from labeler.evaluation.figures import NONE
from labeler.evaluation.verdict import (
    caveats,
    decided_sentence,
    figure,
    has_two_answers,
    named,
    next_steps,
    percent,
    sentences,
    stream_sentences,
    verdict,
)
from labeler.measure.confusion import Confusion
from labeler.measure.estimates import Estimate
from labeler.measure.figures import Outcome
from tests.evaluation.conftest import Measured

NAMES = {"robots": "Robots & arms", "speech": "Speech"}


def beside(found: Evaluation, low: float, value: float, high: float, name: str = REGRESSION) -> Evaluation:
    """The evaluation with one other method, and that lead of the model."""
    means = {"macro_f1": Estimate(0.5, 0.4, 0.6)}
    return replace(found, compared=(Compared(name, "so", 42, means, {"macro_f1": Estimate(value, low, high)}),))


def blind(measured: Measured, count: int) -> Evaluation:
    """The evaluation where so many papers were asked blind, and the two after these were picked."""
    rows = np.arange(len(measured.judged.papers))
    judged = replace(measured.judged, blind=rows < count, picked=(rows >= count) & (rows < count + 2))
    found = evaluate(measured.model, judged, measured.scheme, 0.9)
    assert found
    return found


def test_figures_have_their_intervals() -> None:
    assert percent(Estimate(0.684, 0.63, 0.72)) == "68% [63%, 72%]"
    assert figure(Estimate(0.714, 0.66, 0.75)) == "0.71 [0.66, 0.75]"
    assert figure(Estimate(0.1, -0.02, 0.2), "+") == "+0.10 [-0.02, +0.20]"
    assert figure(Estimate(-0.001, -0.02, 0.004), "+") == "+0.00 [-0.02, +0.00]"
    assert figure(Estimate(-0.001, -0.02, 0.004)) == "0.00 [-0.02, 0.00]"
    assert figure(None) == "–"
    assert [named(topic, NAMES) for topic in ("robots", "vision", NONE)] == ["Robots & arms", "vision", NONE]


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        ((0.01, 0.1, 0.2), "It is better than a tuned TF-IDF and logistic regression on the same papers"),
        ((-0.2, -0.1, -0.01), "It is worse than a tuned TF-IDF and logistic regression on the same papers"),
        ((-0.1, 0.1, 0.3), "Whether it is better than a tuned TF-IDF and logistic regression cannot be told"),
    ],
)
def test_the_verdict_is_how_good_it_is_and_whether_something_simple_is_as_good(
    single: Measured, lead: tuple[float, float, float], said: str
) -> None:
    first, second = verdict("mine@1", beside(single.found, *lead))
    exact = single.found.unseen.figures.exact
    assert exact
    assert first.startswith("On 42 judged papers held out in its training, mine@1 gives ")
    assert f"gives {percent(exact)} of papers the right answer, macro-F1 " in first
    assert second.startswith(said)
    assert f"({'macro-F1'} {lead[1]:+.2f} [" in second


def test_without_another_method_the_verdict_is_one_sentence(single: Measured) -> None:
    assert len(verdict("mine@1", replace(single.found, compared=()))) == 1
    (_, second) = verdict("mine@1", beside(single.found, 0.1, 0.2, 0.3, "names alone"))
    assert second.startswith("It is better than names alone ")


def test_in_multi_mode_the_topics_must_be_just_the_right_ones(multi: Measured) -> None:
    (first, *_) = verdict("mine@1", multi.found)
    assert "of papers just the right topics" in first


def test_papers_asked_blind_speak_for_new_ones_once_they_are_enough(single: Measured) -> None:
    few, enough = blind(single, 10), blind(single, 30)
    assert verdict("m@1", few)[0].startswith("On 42 judged papers held out in its training, ")
    on_blind = "On 30 judged papers asked blind and at random, which alone speak for new papers, "
    assert verdict("m@1", enough)[0].startswith(on_blind)
    assert stream_sentences(single.found) == []
    first, second = stream_sentences(few)
    assert first.startswith("On 10 papers asked blind and at random, which alone speak for new papers, it gives ")
    assert few.blind
    assert few.blind.no_topic
    assert (
        second
        == f"Of new papers, {percent(few.blind.no_topic)} fit no topic, by the 10 papers asked blind and at random."
    )
    told = (
        "On 9 papers asked blind and at random, which alone speak for new papers, too little can be told: 10 are needed"
    )
    assert stream_sentences(blind(single, 9)) == [f"{told} at least."]
    assert any("(10 so far)" in step for step in next_steps(few, NAMES))
    assert not any("so far)" in step for step in next_steps(enough, NAMES))
    assert any(line.startswith("2 of all 42 papers were picked by `push`") for line in caveats(few))


def test_what_is_to_be_borne_in_mind_is_said(single: Measured) -> None:
    assert caveats(single.found) == []
    counts = {"held_out": 40, "new": 2, "seen": 1, "unknown": 5, "near_copies": 3}
    seen, copies, unknown = caveats(replace(single.found, counts=counts))
    assert seen.startswith("1 paper left out: the model learned from them")
    assert copies.startswith("3 papers left out, as near-copies")
    assert unknown.startswith("This model does not say what it learned from")
    assert verdict("m@1", replace(single.found, counts=counts))[0].startswith("On 42 judged papers, m@1 ")
    counts["unknown"] = 0
    both = "On 42 judged papers held out in its training or not learned from, m@1 "
    assert verdict("m@1", replace(single.found, counts=counts))[0].startswith(both)
    few = evaluate(single.model, single.judged.take(np.arange(20)), single.scheme, 0.9)
    assert few
    assert caveats(few)[0].startswith("20 judged papers say little: ")
    weights = np.ones(len(single.model.held_out[0]))
    shifted = replace(single.found.said, model=replace(single.model, held_out_weights=weights))
    assert caveats(replace(single.found, said=shifted))[0].startswith("The figures are for topics as frequent as")


def test_what_was_decided_is_counted() -> None:
    assert decided_sentence(Outcome(50, 20, 25, 24), 0.9) == (
        "Decided automatically at 90%: 20 of 50 papers, 24 of 25 topics right (96%)."
    )
    assert decided_sentence(Outcome(1, 0, 0, 0), 0.999) == "Decided automatically at 99.9%: none of 1 paper."
    assert decided_sentence(Outcome(300, 7, 0, 0), 0.9) == (
        "Decided automatically at 90%: 7 of 300 papers, none of them given a topic that a judgement calls right or "
        "wrong."
    )


def test_what_to_do_next_follows_from_the_figures(single: Measured) -> None:
    found = single.found
    topics = tuple(one._replace(papers=4 if one.topic == "robots" else 20) for one in found.unseen.figures.topics)
    pairs = (Confusion("robots", "speech", 5), Confusion("speech", "robots", 4), Confusion("vision", NONE, 3))
    figures = replace(found.unseen.figures, topics=topics, confusions=pairs)
    steps = next_steps(replace(found, unseen=replace(found.unseen, figures=figures)), NAMES)
    assert steps[0] == "Judge more papers of topics that have hardly any: Robots & arms (4) (`labeler push`)."
    assert steps[1] == (
        "Settle what tells Robots & arms from Speech (5 papers of the first were given the second): say it in their "
        "definitions."
    )
    assert steps[2].startswith("Say in the definition of vision what belongs to it and what does not: 3 papers of it")
    assert len(steps) == 3 + any("Do not trust" in step for step in steps) + 1


def test_probabilities_that_are_off_are_not_to_be_trusted(single: Measured) -> None:
    found = single.found
    off = replace(found.unseen.figures.reliability, ece=Estimate(0.3, 0.2, 0.4))
    figures = replace(found.unseen.figures, reliability=off)
    steps = next_steps(replace(found, unseen=replace(found.unseen, figures=figures)), NAMES)
    assert "Do not trust the probabilities: they are off by 30% on average." in steps


def test_all_is_told_in_order(single: Measured, multi: Measured) -> None:
    lines = sentences("mine@1", single.found, 0.9)
    assert lines[0] == verdict("mine@1", single.found)[0]
    assert lines[-1] == decided_sentence(single.found.unseen.decided, 0.9)
    assert (has_two_answers(single.found), has_two_answers(multi.found)) == (False, False)


def test_topics_above_others_have_hierarchical_figures(single: Measured) -> None:
    topics = tuple(topic._replace(parent="robots" if topic.id == "vision" else None) for topic in single.scheme.topics)
    found = evaluate(single.model, single.judged, replace(single.scheme, topics=topics), 0.9)
    assert found
    told = " ".join(sentences("mine@1", found, 0.9))
    assert "hierarchical F1 0." in told
    assert "micro-F1" not in told
    assert "a wrong topic under the right parent is right in part: hierarchical precision 0." in told
    assert "hierarchical" not in " ".join(sentences("mine@1", single.found, 0.9))
