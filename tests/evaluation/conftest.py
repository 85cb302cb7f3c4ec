"""Two small models with the judged papers that they learned from, and evaluations of them: made once, only read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from labeler import Paper
from labeler.evaluation.evaluation import Evaluation, Others, evaluate
from labeler.evaluation.judged import JudgedSet
from labeler.features.background import NO_BACKGROUND
from labeler.score.model import TopicModel
from labeler.topics import Mode, Scheme
from tests.evaluation.test_gate import TOPICS, as_matrix, judged_set, scheme
from tests.evaluation.test_unseen import matrix_of, papers_of, trained
from tests.learn.factories import multi_papers, single_papers

DEFINITIONS = {"robots": "Robots: gripper, arm", "speech": "Speech: voice, sound", "vision": "Vision: image, pixel"}


class Measured(NamedTuple):
    """A model, its scheme, the judged papers that it learned from, and its evaluation on them."""

    model: TopicModel
    scheme: Scheme
    judged: JudgedSet
    found: Evaluation


def _measured(mode: Mode, papers: list[Paper], answers: list, truth: np.ndarray) -> Measured:
    model, of_topics = trained(mode, papers, answers), scheme(mode)
    judged = judged_set(papers, truth)
    found = evaluate(model, judged, of_topics, 0.9, Others(DEFINITIONS, NO_BACKGROUND))
    assert found
    return Measured(model, of_topics, judged, found)


@pytest.fixture(scope="session")
def single() -> Measured:
    """Twelve papers of each of three topics and six of none; of the first three, people now say something else."""
    texts, answers = single_papers(12, none=6)
    return _measured(Mode.SINGLE, papers_of(texts), answers, as_matrix([None, "speech", "speech", *answers[3:]]))


@pytest.fixture(scope="session")
def multi() -> Measured:
    """Ten papers of each topic, of two pairs, and of none; of the last, it is known alone that it is not of robots."""
    texts, answers = multi_papers(10)
    truth = matrix_of(TOPICS, answers)
    truth[0] = [0, 1, 0]
    truth[-1] = [0, np.nan, np.nan]
    return _measured(Mode.MULTI, papers_of(texts), answers, truth)
