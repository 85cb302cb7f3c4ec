from __future__ import annotations

import json

import numpy as np
import pytest

from labeler.annotators.careless import careless_notes, rightness_of
from labeler.annotators.consensus import Consensus
from labeler.topics import Mode
from tests.annotators.factories import ratings_of
from tests.annotators.studies import study


def consensus_of(careless: str = "", mode: Mode = Mode.SINGLE, papers: int = 150) -> Consensus:
    answers, _ = study(np.random.default_rng(1), papers, np.full(4, 0.9), careless=careless, each=4)
    return Consensus(ratings_of(answers, mode))


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_one_who_answers_at_random_or_always_the_same_is_named(mode: Mode) -> None:
    (note,) = careless_notes(consensus_of("chance", mode))
    assert note.startswith("p0 answers as if by chance, on 150 papers that others judged: agreement with the others")
    (note,) = careless_notes(consensus_of("same", mode))
    assert note.startswith("p0 gives the same answer to 100% of papers, on 150 papers that others judged; the others")


def test_honest_people_are_not_named() -> None:
    assert careless_notes(consensus_of()) == []
    assert careless_notes(consensus_of("chance", papers=30)) == []


def test_how_right_each_is_and_what_each_confuses() -> None:
    answers, truth = study(np.random.default_rng(1), 200, np.full(4, 0.95), each=4)
    answers[truth == 2, 1] = np.arange(4) == 3
    found = rightness_of(Consensus(ratings_of(answers, Mode.SINGLE)), {"t2": "Speech"})
    assert [one.papers for one in found] == [200] * 4
    for who, one in enumerate(found):
        assert one.accuracy.low is not None
        assert one.accuracy.low <= (answers[:, who].argmax(axis=1) == truth).mean() <= (one.accuracy.high or 0)
    cell = found[1].confusion[0]
    assert (cell.truth, cell.said) == ("Speech", "t3")
    assert cell.share.value is not None
    assert cell.share.value > 0.9
    json.dumps([one.to_dict() for one in found])


def test_in_multi_mode_topics_are_missed_or_invented() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((150, 3)) < 0.3
    answers = np.repeat(truth[:, None], 4, axis=1).astype(np.int8)
    answers[:, 0, 1] *= rng.random(150) < 0.5
    cell = rightness_of(Consensus(ratings_of(answers)))[0].confusion[0]
    assert (cell.truth, cell.said) == ("t1", "None of these")
