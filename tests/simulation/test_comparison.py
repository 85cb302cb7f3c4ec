from __future__ import annotations

import numpy as np
import pytest

from labeler.learning_curve.measured import JudgedTexts
from labeler.simulation.comparison import Comparison, Needed
from labeler.simulation.replay import Replays

SIZES = np.array([20.0, 40.0, 80.0, 160.0])


def comparison(**curves: list[float]) -> Comparison:
    """Curves whose draws are a little higher and lower, by the same for all."""
    moved = np.r_[0, np.linspace(-0.02, 0.02, 41)][:, None]
    return Comparison(240, 3, SIZES, {name: np.array(one) + moved for name, one in curves.items()})


def replays(shares: dict[str, list[float]], orders: int = 4, papers: int = 300) -> tuple[JudgedTexts, Replays]:
    """Two topics; of the papers, a strategy guesses such shares rightly, another part in each order."""
    truth = np.eye(2)[np.arange(papers) % 2]
    guesses = {}
    for name, each in shares.items():
        rng = np.random.default_rng(1)
        right = rng.random((orders, 1, papers)) < np.array(each)[None, :, None]
        guesses[name] = np.where(right[..., None], truth == 1, truth == 0)
    texts = [f"number {n}" for n in range(papers)]
    return JudgedTexts(texts, ("a", "b"), truth), Replays(SIZES, guesses, np.arange(papers))


def test_figures_are_those_of_the_guesses() -> None:
    judged, found = replays({"random": [0.5, 0.6, 0.7, 0.9], "mix": [0.5, 0.75, 0.85, 0.9]})
    compared = Comparison.of(judged, found)
    assert compared.papers == 300
    assert compared.topics == 2
    assert compared.figures["random"][0] == pytest.approx([0.5, 0.6, 0.7, 0.9], abs=0.04)
    assert compared.strategies == ["mix", "random"]
    better = compared.difference("mix")
    assert 0 < better.low < better.value < better.high
    assert compared.difference("random") == (0, 0, 0)
    assert compared.full == pytest.approx(0.9, abs=0.04)


def test_what_orders_disagree_on_is_not_beyond_chance() -> None:
    judged, found = replays({"random": [0.7, 0.7, 0.7, 0.7], "mix": [0.7, 0.7, 0.7, 0.7]})
    worse, better = replays({"mix": [0.6, 0.6, 0.6, 0.6]})[1], replays({"mix": [0.8, 0.8, 0.8, 0.8]})[1]
    found.guesses["mix"][:2], found.guesses["mix"][2:] = worse.guesses["mix"][:2], better.guesses["mix"][2:]
    difference = Comparison.of(judged, found).difference("mix")
    assert difference.low < -0.02
    assert difference.high > 0.02


def test_topics_of_few_papers_do_not_count() -> None:
    judged, found = replays({"random": [0.5, 0.6, 0.7, 0.9]})
    rare = np.zeros((300, 1))
    rare[:2] = 1
    more = judged._replace(truth=np.hstack([judged.truth, rare]), topics=("a", "b", "rare"))
    guesses = np.concatenate([found.guesses["random"], np.zeros((4, 4, 300, 1), bool)], axis=3)
    wider = Comparison.of(more, Replays(SIZES, {"random": guesses}, found.groups))
    assert wider.topics == 2
    assert wider.figures["random"][0] == pytest.approx(Comparison.of(judged, found).figures["random"][0])


def test_every_doubling_of_the_labels_counts_the_same() -> None:
    assert comparison(random=[0.2, 0.4, 0.6, 0.8]).area("random").value == pytest.approx(0.5)


def test_labels_needed_lie_between_two_rounds() -> None:
    found = comparison(random=[0.2, 0.4, 0.6, 0.8], mix=[0.2, 0.6, 0.5, 0.8])
    needed = found.needed("random", 0.5)
    assert needed.labels == 57  # half way from 40 to 80, in doublings
    assert needed.low is not None
    assert needed.high is not None
    assert 40 < needed.low < 57 < needed.high < 80
    assert found.needed("mix", 0.5).labels == 34  # for the first time
    assert found.needed("random", 0.2).labels == 20
    assert found.needed("random", 0.9) == Needed(None, None, None)
    assert found.needed("random", 0.8) == Needed(160, 150, None)


def test_a_share_of_what_all_papers_reach_is_that_of_each_draw() -> None:
    found = comparison(random=[0.0, 0.4, 0.6, 0.8])
    assert found.share_of_all(0.5)[0] == pytest.approx(0.4)
    needed = found.needed("random", found.share_of_all(0.5))
    fixed = found.needed("random", 0.4)
    assert needed.labels == fixed.labels == 40
    assert needed.high is not None
    assert fixed.high is not None
    assert needed.high < fixed.high
