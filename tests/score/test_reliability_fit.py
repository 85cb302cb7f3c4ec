from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.measure.estimates import proportion
from labeler.measure.figures import Bands, Outcome
from labeler.score.decision import AUTO, NONE, Rule, decide
from labeler.score.reliability import effective_size
from labeler.score.reliability_fit import PaperKinds, reliability
from labeler.topics.mode import Mode

NAN = np.nan


def bands_for(
    probabilities: np.ndarray, matrix: np.ndarray, rule: Rule, precision: float, weights: np.ndarray | None = None
) -> Bands:
    found = reliability(probabilities, matrix, rule, weights)
    return found.bands(precision, replace(rule, offsets=found.offsets), (probabilities, matrix), weights)


def simulated(mode: str, seed: int, papers: int = 400, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are as right as they say (but for the noise), and the truth."""
    rng = np.random.default_rng(seed)
    if mode == Mode.SINGLE:
        probabilities = rng.dirichlet([0.15] * 4, papers)
        answers = np.array([rng.choice(4, p=row) for row in probabilities])
        return probabilities, np.eye(4)[answers][:, :3]
    probabilities = rng.beta(0.15, 0.3, (papers, 3))
    truth = (rng.random(probabilities.shape) < probabilities) ^ (rng.random(probabilities.shape) < noise)
    return probabilities, truth.astype(float)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
@given(seed=st.integers(0, 999), precision=st.sampled_from([0.6, 0.8, 0.9, 0.95]))
@settings(max_examples=25, deadline=None)
def test_what_bands_tell_of_held_out_papers_is_what_they_decide(mode: str, seed: int, precision: float) -> None:
    probabilities, truth = simulated(mode, seed)
    thresholds = np.array([0.4, 0.5, 0.6])
    bands = bands_for(probabilities, truth, Rule(mode, thresholds), precision)
    offsets = reliability(probabilities, truth, Rule(mode, thresholds)).offsets
    decisions = decide(probabilities, Rule(mode, thresholds, offsets=offsets), bands, ("0", "1", "2"))
    sure = [row for row, decision in enumerate(decisions) if decision.decision in (AUTO, NONE)]
    assert (bands.held_out.papers, bands.held_out.decided) == (400, len(sure))
    if mode == Mode.MULTI:
        given_topics = [truth[row, int(topic)] for row in sure for topic in decisions[row].topics]
        assert (bands.held_out.assigned, bands.held_out.right) == (len(given_topics), sum(given_topics))


@pytest.mark.parametrize(("precision", "fewest"), [(0.5, 4), (0.8, 11), (0.9, 22), (0.95, 45)])
@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_papers_too_few_for_a_test_are_never_decided_alone(mode: str, precision: float, fewest: int) -> None:
    for papers, decided in ((fewest - 1, 0), (fewest, fewest)):
        truth = np.eye(3)[np.arange(papers) % 3]
        bands = bands_for(np.clip(truth, 0.001, 0.998), truth, Rule(mode, np.full(3, 0.5)), precision)
        assert (np.isinf(bands.upper), bands.held_out.decided) == (not decided, decided)


@pytest.mark.parametrize("papers", [12, 30, 117])
@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_the_range_on_new_papers_is_at_least_the_exact_one_where_all_decisions_were_right(
    mode: str, papers: int
) -> None:
    truth = np.eye(3)[np.arange(papers) % 3]
    found = reliability(np.clip(truth, 0.001, 0.998), truth, Rule(mode, np.full(3, 0.5))).topics
    interval, exact = found.interval(0.0), proportion(papers, papers)
    assert interval
    assert exact
    assert exact.low - 0.06 <= interval[0] <= exact.low
    assert interval[1] >= 0.99


def test_topics_of_one_paper_tell_less_than_as_many_of_different_papers() -> None:
    rule, right = Rule(Mode.MULTI, np.full(6, 0.5)), np.arange(60) % 10 > 0
    alone = np.where(right, 1.0, 0.0)[:, None] * np.eye(6)[np.arange(60) % 6]
    together = np.tile(right[:, None], (1, 6)).astype(float)[:10]
    of_alone = reliability(0.05 + 0.85 * np.eye(6)[np.arange(60) % 6], alone, rule).topics
    of_together = reliability(np.full((10, 6), 0.9), together, rule).topics
    assert of_together.high[0] - of_together.low[0] > 1.5 * (of_alone.high[0] - of_alone.low[0])


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_all_topics_right_can_be_promised_of_none(mode: str) -> None:
    truth = np.eye(3)[np.arange(600) % 3]
    bands = bands_for(np.clip(truth, 0.001, 0.998), truth, Rule(mode, np.full(3, 0.5)), 1.0)
    assert (bands.upper, bands.held_out.decided) == (np.inf, 0)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_model_that_is_always_right_decides_all_when_there_are_papers_enough(mode: str) -> None:
    truth = np.eye(3)[[0, 1, 2] * 20]
    bands = bands_for(np.clip(truth, 0.001, 0.998), truth, Rule(mode, np.full(3, 0.5)), 0.9)
    assert bands.held_out == Outcome(60, 60, 60, 60)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_model_that_is_always_wrong_decides_nothing(mode: str) -> None:
    truth = np.eye(3)[[0, 1, 2] * 20]
    bands = bands_for(np.roll(np.clip(truth, 0.001, 0.998), 1, axis=1), truth, Rule(mode, np.full(3, 0.5)), 0.9)
    assert (bands.upper, bands.lower, bands.held_out.decided) == (np.inf, 0.0, 0)


def test_none_of_these_is_an_answer_in_single_mode() -> None:
    probabilities = np.tile([0.02, 0.01, 0.97], (40, 1))
    right = bands_for(probabilities, np.zeros((40, 2)), Rule(Mode.SINGLE, np.zeros(2)), 0.9)
    wrong = bands_for(probabilities, np.tile([1.0, 0.0], (40, 1)), Rule(Mode.SINGLE, np.zeros(2)), 0.9)
    assert (right.held_out.decided, wrong.held_out.decided) == (40, 0)


def test_an_answer_that_is_unknown_does_not_count_in_single_mode() -> None:
    """Said to be none of one topic before a second was added: the second, chosen now, may be right or wrong."""
    probabilities = np.tile([0.01, 0.97, 0.02], (40, 1))
    known = np.tile([0.0, 1.0], (30, 1))
    unknown = np.tile([0.0, NAN], (10, 1))
    rule = Rule(Mode.SINGLE, np.zeros(2))
    bands = bands_for(probabilities, np.vstack([known, unknown]), rule, 0.9)
    assert np.isfinite(bands.upper)
    assert bands.held_out == Outcome(40, 40, 30, 30)
    assert bands_for(probabilities, np.vstack([known[:20], np.tile([0.0, NAN], (20, 1))]), rule, 0.9).upper == np.inf
    wrong = bands_for(probabilities, np.vstack([known, np.tile([0.0, 0.0], (10, 1))]), rule, 0.9)
    assert wrong.upper == np.inf


def test_none_of_these_is_right_also_where_a_topic_was_not_asked_for() -> None:
    probabilities = np.tile([0.01, 0.02, 0.97], (40, 1))
    bands = bands_for(probabilities, np.tile([0.0, NAN], (40, 1)), Rule(Mode.SINGLE, np.zeros(2)), 0.9)
    assert (bands.held_out.decided, bands.held_out.assigned) == (40, 0)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_papers_without_a_probability_or_an_answer_change_nothing(mode: str) -> None:
    probabilities, truth = simulated(mode, 3)
    rule = Rule(mode, np.full(3, 0.4))
    known = bands_for(probabilities, truth, rule, 0.9)
    unscored = np.full((50, probabilities.shape[1]), NAN)
    sure = np.tile(np.eye(probabilities.shape[1])[0] * 0.99 + 0.002, (50, 1))
    for extra, extra_truth in ((unscored, np.zeros((50, 3))), (unscored, np.eye(3)[np.arange(50) % 3])):
        found = bands_for(np.vstack([extra, probabilities]), np.vstack([extra_truth, truth]), rule, 0.9)
        assert found.upper == known.upper
        assert found.held_out == known.held_out._replace(papers=450)
    nobody = bands_for(np.vstack([sure, probabilities]), np.vstack([np.full((50, 3), NAN), truth]), rule, 0.9)
    assert (nobody.upper, nobody.lower) == (known.upper, known.lower)
    assert nobody.held_out.right == known.held_out.right
    assert nobody.held_out.assigned == known.held_out.assigned


def test_single_answers_nobody_gave_do_not_count_as_none_of_these() -> None:
    probabilities, nobody = np.tile([0.02, 0.01, 0.97], (40, 1)), np.full((40, 2), NAN)
    assert bands_for(probabilities, nobody, Rule(Mode.SINGLE, np.zeros(2)), 0.9).upper == np.inf


def test_what_is_unknown_counts_as_decided_but_not_as_right_or_wrong() -> None:
    truth = np.array([[1.0, NAN]] * 40 + [[NAN, NAN]] * 5 + [[1.0, 1.0]] * 5)
    probabilities = np.array([[0.97, 0.98]] * 40 + [[0.3, 0.3]] * 5 + [[NAN, NAN]] * 5)
    bands = bands_for(probabilities, truth, Rule(Mode.MULTI, np.array([0.4, 0.4])), 0.9)
    assert bands.held_out == Outcome(50, 40, 40, 40), "nobody knows whether a paper without a topic has none"


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_much_stricter_promise_never_widens_what_is_decided_alone(mode: str) -> None:
    for seed in range(10):
        probabilities, truth = simulated(mode, seed)
        loose, strict = (
            bands_for(probabilities, truth, Rule(mode, np.full(3, 0.5)), promise) for promise in (0.6, 0.95)
        )
        assert loose.upper <= strict.upper
        assert loose.held_out.decided >= strict.held_out.decided


def population(mode: str, power: float, seed: int, papers: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are too sure of themselves (more so the larger ``power``), and truths drawn from the real
    ones."""
    rng = np.random.default_rng(seed)
    if mode == Mode.SINGLE:
        real = rng.dirichlet([0.2] * 4, papers)
        shown = real**power / (real**power).sum(axis=1, keepdims=True)
        answers = (real.cumsum(axis=1) > rng.random((papers, 1))).argmax(axis=1)
        return shown, np.eye(4)[answers][:, :3]
    real = rng.beta(0.3, 0.5, (papers, 3))
    shown = real**power / (real**power + (1 - real) ** power)
    return shown, (rng.random(real.shape) < real).astype(float)


@pytest.mark.slow
@pytest.mark.parametrize("papers", [120, 500])
@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_promises_are_kept_and_intervals_hold_the_precision_of_new_papers(mode: str, papers: int) -> None:
    """What is learned from some papers is judged on very many others of the same kind, in 40 draws."""
    shown, truth = population(mode, 1.5, 10_000, 15_000)
    plain, draws = Rule(mode, np.full(3, 0.2)), 40
    assigned = plain.assigned(shown)
    sums = {precision: np.zeros(4) for precision in (0.8, 0.9, 0.95)}  # given, right, below, inside
    for seed in range(draws):
        judged = population(mode, 1.5, seed, papers)
        found = reliability(*judged, plain)
        rule = replace(plain, offsets=found.offsets)
        for precision, counts in sums.items():
            bands = found.bands(precision, rule, judged, None)
            taken = truth[assigned & rule.sure(shown, 0.0, bands.upper, rule.unfamiliar(shown))[:, None]]
            below = bool(len(taken)) and taken.mean() < precision - 0.02
            inside = bands.interval is not None and bands.interval[0] <= taken.mean() <= bands.interval[1]
            counts += (len(taken), taken.sum(), below, inside)
    for precision, (given_topics, right, below, inside) in sums.items():
        assert right / given_topics >= precision - 0.005, precision
        assert below <= 0.15 * draws, precision
        assert inside >= 0.8 * draws, precision


@given(seed=st.integers(0, 999), precision=st.sampled_from([0.6, 0.8, 0.9]), weight=st.sampled_from([0.25, 1.0, 8.0]))
@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_papers_that_all_count_the_same_count_as_without_weights(
    mode: str, seed: int, precision: float, weight: float
) -> None:
    probabilities, truth = simulated(mode, seed)
    rule = Rule(mode, np.array([0.4, 0.5, 0.6]))
    equal = np.full(len(truth), weight)
    assert bands_for(probabilities, truth, rule, precision, equal) == bands_for(probabilities, truth, rule, precision)


def test_the_promise_is_kept_where_topics_are_more_frequent_than_among_the_judged() -> None:
    rng, rule = np.random.default_rng(3), Rule(Mode.SINGLE, np.zeros(2))

    def papers(share: float, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Papers of two topics; the less sure the model is, the more of the second are taken for the first."""
        second, sure = rng.random(count) < share, rng.uniform(0.6, 1.0, count)
        wrong = rng.random(count) < np.where(second, 2 * (1 - sure), 0.02)
        first = np.where(second ^ wrong, 1 - sure, sure)
        return np.column_stack([first, 1 - first]), np.eye(2)[second.astype(int)]

    right = {}
    for weight in (None, 5.0):
        decisions = []
        for _ in range(20):
            judged, answers = papers(0.1, 1000)
            weights = None if weight is None else np.where(answers[:, 1] == 1, weight, 5 / 9)
            stream, truth = papers(0.5, 2000)
            found = reliability(judged, answers, rule, weights)
            moved = replace(rule, offsets=found.offsets)
            sure = moved.confidences(stream, rule.assigned(stream))
            decided = sure >= found.topics.cut(0.85)
            decisions.append((stream.argmax(axis=1) == truth.argmax(axis=1))[decided])
        right[weight] = np.concatenate(decisions)
    assert right[None].mean() < 0.82
    assert right[5.0].mean() > 0.85
    assert len(right[5.0]) > 10_000


def test_papers_of_unequal_weight_tell_less() -> None:
    assert effective_size(np.ones(50)) == 50
    assert effective_size(np.array([3.0, 1.0])) == pytest.approx(1.6)
    assert effective_size(np.zeros(3)) == 0


def test_papers_that_a_strategy_picked_do_not_make_decisions_on_usual_ones_look_wrong() -> None:
    rng, rule = np.random.default_rng(0), Rule(Mode.SINGLE, np.zeros(2))

    def papers(count: int, harder: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        sure = rng.uniform(0.5, 1.0, count)
        odds = sure / (1 - sure) * np.exp(-np.asarray(harder))
        wrong = rng.random(count) > odds / (1 + odds)
        return np.column_stack([1 - sure, sure]), np.eye(2)[1 - wrong.astype(int)]

    picked = np.arange(500) >= 100
    judged, usual = papers(500, np.where(picked, 1.5, 0.0)), papers(20_000, 0.0)
    known, unknown = (reliability(*judged, rule, kinds=PaperKinds(picked=kind)) for kind in (picked, None))
    right = usual[1][:, 1] == 1
    for found, holds in ((known, True), (unknown, False)):
        decided = usual[0][:, 1] >= 0.8
        interval = found.topics.interval(0.8)
        assert interval is not None
        assert (interval[0] <= right[decided].mean() <= interval[1]) == holds
    assert known.topics.cut(0.8) < unknown.topics.cut(0.8)


def test_papers_whose_named_topics_are_others_than_those_given_speak_against_them() -> None:
    probabilities = np.column_stack([np.full(300, 0.9), np.full(300, 0.1)])
    matrix = np.tile([1.0, 0.0], (300, 1))
    matrix[:30, 0] = 0.0
    matrix[200:] = NAN
    contradicted = np.arange(300) >= 250
    rule = Rule(Mode.MULTI, np.full(2, 0.5))
    without = reliability(probabilities, matrix, rule).topics
    against = reliability(probabilities, matrix, rule, kinds=PaperKinds(contradicted=contradicted)).topics
    assert without.low[0] <= 170 / 200 <= without.high[0]
    assert against.low[0] <= 170 / 225 <= against.high[0]


def test_sure_answers_of_none_do_not_carry_the_promise_for_topics() -> None:
    """As in a screening: hardly a paper is of the topic, and those that are given it are wrong half of the time."""
    rng = np.random.default_rng(0)
    probabilities = np.tile([0.02, 0.98], (600, 1))
    probabilities[:60] = [0.9, 0.1]
    matrix = np.zeros((600, 1))
    matrix[:60, 0] = rng.random(60) < 0.5
    rule = Rule(Mode.SINGLE, np.zeros(1))
    bands = bands_for(probabilities, matrix, rule, 0.9)
    assert bands.upper == np.inf
    assert (bands.held_out.decided, bands.held_out.assigned) == (540, 0)
