"""Studies whose truth is known: people with a confusion each, and one who may be careless."""

from __future__ import annotations

import numpy as np

from labeler.annotators.ratings import Answers


def study(
    rng: np.random.Generator, papers: int, right: np.ndarray, topics: int = 4, careless: str = "", each: int = 3
) -> tuple[Answers, np.ndarray]:
    """What people said (papers, people, topics) in single mode, and the true topics (papers,).

    ``right`` is how often each gives the true topic; ``each`` of them judge a paper. The first is ``careless``: answers
    at ``random`` in two of five papers, in all (``chance``), or always the ``same``.
    """
    people = len(right)
    truth = rng.choice(topics, papers, p=rng.dirichlet(np.full(topics, 4.0)))
    said = np.empty((papers, people), dtype=np.intp)
    for who in range(people):
        wrong = rng.dirichlet(np.ones(topics - 1), topics)
        steps = 1 + (rng.random((papers, 1)) > wrong.cumsum(axis=1)[truth][:, :-1]).sum(axis=1)
        said[:, who] = np.where(rng.random(papers) < right[who], truth, (truth + steps) % topics)
    if careless:
        guessed = rng.random(papers) < (0.4 if careless == "random" else 1)
        said[guessed, 0] = 0 if careless == "same" else rng.integers(0, topics, guessed.sum())
    answers = (said[:, :, None] == np.arange(topics)).astype(np.int8)
    for paper in range(papers):
        answers[paper, rng.permutation(people)[each:]] = -1
    return answers, truth


def blind_study(rng: np.random.Generator, papers: int, topics: int) -> tuple[Answers, np.ndarray]:
    """What three people said in multi mode (papers, people, topics), and the true topics (papers, topics).

    The first sees nearly all topics, the two others half of them; nobody invents any.
    """
    truth = rng.random((papers, topics)) < 0.2
    seen = rng.random((papers, 3, topics)) < np.array([0.98, 0.5, 0.5])[:, None]
    return (truth[:, None] & seen).astype(np.int8), truth
