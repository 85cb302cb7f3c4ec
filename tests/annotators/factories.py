"""Invented studies: papers, who judged them, and what they said."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from labeler.annotators.ratings import Answers, Ratings
from labeler.topics import Mode


class Study(NamedTuple):
    """How a study comes about: the frequencies of topics, how often each person is right, and how much is missing.

    In single mode ``right`` is how often a person knows the topic; else it is how often the person sees one that is
    there, and ``spurious`` how often one that is not.
    """

    mode: Mode
    frequencies: np.ndarray
    right: np.ndarray
    spurious: np.ndarray
    missing: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Study:
        """A study of two to six people, who each judge 20 to 70 % of the papers."""
        mode = Mode(rng.choice(["multi", "single"]))
        people, topics = int(rng.integers(2, 7)), int(rng.integers(3, 8))
        frequencies = rng.uniform(0.04, 0.4, topics) if mode == Mode.MULTI else rng.dirichlet(np.full(topics, 2.0))
        right, spurious = rng.uniform(0.7, 0.98, people), rng.uniform(0.005, 0.07, people)
        return cls(mode, frequencies, right, spurious, float(rng.uniform(0.3, 0.8)))

    @property
    def shared(self) -> float:
        """The share of papers that at least two people judge."""
        people, judged = len(self.right), 1 - self.missing
        return 1 - self.missing**people - people * judged * self.missing ** (people - 1)

    def answers(self, rng: np.random.Generator, papers: int) -> Answers:
        """What people say of so many papers (papers, people, topics). Some papers are harder than others, for all."""
        people, topics = len(self.right), len(self.frequencies)
        hard = rng.random((papers, 1)) * 2
        if self.mode == Mode.SINGLE:
            drawn = rng.choice(topics, (papers, 1 + people), p=self.frequencies)
            wrong = rng.random((papers, people)) < (1 - self.right) * hard
            chosen = np.where(wrong, drawn[:, 1:], drawn[:, :1])
            answers = (chosen[:, :, None] == np.arange(topics)).astype(np.int8)
        else:
            truth = (rng.random((papers, topics)) < self.frequencies)[:, None]
            chance = np.where(truth, self.right[:, None], self.spurious[:, None] * hard[:, :, None])
            answers = (rng.random((papers, people, topics)) < chance).astype(np.int8)
        answers[rng.random((papers, people)) < self.missing] = -1
        return answers


def ratings_of(answers: Answers, mode: Mode = Mode.MULTI) -> Ratings:
    """Ratings with these answers (papers, people, topics); people are p0, p1, …, topics t0, t1, …"""
    answers = np.asarray(answers, dtype=np.int8)
    present = (answers >= 0).any(axis=2)
    rows = np.flatnonzero(present.sum(axis=1) > 1)
    people = [f"p{number}" for number in range(answers.shape[1])]
    counts = dict(zip(people, present.sum(axis=0).tolist(), strict=True))
    return Ratings(
        mode,
        tuple(people),
        tuple(f"t{number}" for number in range(answers.shape[2])),
        tuple(f"paper {row:06}" for row in rows),
        tuple(f"Paper {row}" for row in rows),
        ("",) * len(rows),
        answers[rows],
        np.arange(len(rows)),
        papers=len(answers),
        judgements=int(present.sum()),
        by_annotator={who: count for who, count in counts.items() if count},
    )
