"""What is kept of papers that are learned from."""

from __future__ import annotations

import numpy as np

from labeler import Paper
from labeler.flows.learned_papers import LearnedPapers
from labeler.judgements import JudgedPaper
from labeler.papers.ids import identifier_hash
from labeler.topics import Mode, Scheme, Topic

SCHEME = Scheme(Mode.MULTI, (Topic("a", "A", keywords=("gripper",)), Topic("b", "B"), Topic("c", "C")))


def test_a_paper_is_a_row_of_the_matrix_and_noted() -> None:
    learned = LearnedPapers(SCHEME)
    paper = Paper.make("A gripper", "of a robot")
    row = learned.row(JudgedPaper(paper, frozenset({"a"}), frozenset({"c"})))
    np.testing.assert_array_equal(row, [1, np.nan, 0])
    assert list(learned.hashes) == [identifier_hash(paper.id)]
    assert learned.read == [paper.text]
    assert learned.keywords.counts()["a"][0][2:] == (1, 1, 0)
