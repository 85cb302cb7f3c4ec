"""What a model says of its decisions where most of its judged papers were picked by a strategy, as harder ones."""

from __future__ import annotations

import numpy as np

from labeler import choose
from tests.bench.quality.decided import told_of_promises
from tests.bench.quality.ledger import Record
from tests.bench.quality.ours import Ours
from tests.bench.quality.splits import Split

FIRST, BATCH, LABELS = 50, 50, 500  # papers judged at random, papers picked at a time, papers judged in the end
PROMISES = (0.8, 0.9, 0.95)


def picked(split: Split, seed: int, unread: bool) -> Record:
    """What came of each promise; the model may also learn from the ``unread`` papers of the pool."""
    judged, _ = split.draw(FIRST, seed)
    while True:
        rest = np.setdiff1d(np.arange(len(split.learn)), judged).tolist()
        texts = [split.learn[row] for row in judged]
        left = [split.learn[row] for row in rest]
        last = len(judged) >= LABELS
        ours = Ours(split.mode, split.topics, seed).fit(
            texts, split.answers(judged), left if unread and last else (), split.names, np.arange(len(texts)) >= FIRST
        )
        if last:
            return {"promises": told_of_promises(ours.classifier.model_, split, PROMISES)}
        chosen = choose(ours.classifier, left, BATCH, strategy="mix", random_state=seed)
        judged = [*judged, *(rest[position] for position in chosen)]
