"""labeler as it is used from Python, in the form of the peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from labeler import TopicClassifier
from tests.bench.quality.cache import code_of, fingerprint, folder
from tests.bench.quality.decided import told_of_promises, told_of_sets
from tests.bench.quality.figures import multi_calibration, single_calibration
from tests.bench.quality.splits import Split, early_texts, translations

PROMISES = (0.8, 0.9, 0.95)
BACKGROUND = "until-2025-09"


@cache
def background_file() -> Path:
    """The file of the background learned from papers up to September 2025, which is learned once."""
    from labeler.features.background import save_background
    from models.background.build import background_of, with_language
    from models.background.encoder import embedded

    texts, (english, chinese) = early_texts(), translations()
    rooms = ("background", "cooccurrence", "distillation", "learn_background", "terms")
    code = code_of(*(f"labeler/features/{name}.py" for name in rooms), "models/background/build.py")
    path = folder() / f"background-{fingerprint([*texts, *chinese])}-{code}" / f"{BACKGROUND}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        learned = background_of(texts, embedded(texts, folder() / "encoder"), BACKGROUND)
        save_background(with_language(learned, english, chinese), path)
    return path


@cache
def background() -> Any:
    """The background of :func:`background_file`."""
    from labeler.features.background import load_background

    return load_background(background_file())


class Ours:
    """A :class:`TopicClassifier` with the background of these tables; ``topics`` are the columns in multi mode."""

    def __init__(self, mode: str, topics: Sequence[str], seed: int, self_training: bool = True) -> None:
        self.mode, self.seed, self.self_training = mode, seed, self_training
        self.columns = topics if mode == "multi" else None

    def fit(
        self,
        texts: Sequence[str],
        answers: Any,
        unread: Sequence[str] = (),
        names: Mapping[str, str] | None = None,
        picked: Any = None,
    ) -> Self:
        """Learn from judged papers, and from unread ones and names where there are any; some may have been picked."""
        self.classifier = TopicClassifier(
            mode=self.mode,
            definitions=names or None,
            self_training=self.self_training,
            random_state=self.seed,
            background=background(),
        )
        self.classifier.fit(texts, answers, unlabeled=unread or None, classes=self.columns, picked=picked)
        return self

    def predict(self, texts: Sequence[str]) -> Any:
        """The topics of papers, or a matrix."""
        return self.classifier.predict(texts)

    def scores(self, texts: Sequence[str], topic: str) -> Any:
        """The probability of one topic (n_papers,)."""
        return self.classifier.predict_proba(texts)[:, list(self.classifier.classes_).index(topic)]

    def told(self, split: Split) -> dict[str, Any]:
        """How well the probabilities are calibrated on the test part, and what came of each promise there.

        A promise tells how many ``papers`` were asked and ``decided`` without a person, how many topics were
        ``given`` to these, how many of them are ``right``, the ``largest`` share of papers that a single cut on the
        model's own confidence could have decided while it kept the promise, and the ``interval`` of the precision that
        was told beforehand. ``sets`` tells how many topics a conformal set has (``size``) and how often it holds the
        right one. ``no_topic`` and ``micro_f1`` are the estimates of the training, None where there is none.
        """
        probabilities = np.zeros(split.test_truth.shape)
        columns = [split.topics.index(topic) for topic in self.classifier.classes_]
        probabilities[:, columns] = self.classifier.predict_proba(split.test)
        calibration = single_calibration if split.mode == "single" else multi_calibration
        promises = told_of_promises(self.classifier.model_, split, PROMISES)
        no_topic, micro = self.classifier.no_topic_, self.classifier.measured_.get("micro_f1")
        return {
            "calibration": calibration(probabilities, split.test_truth),
            "promises": promises,
            "sets": told_of_sets(self.classifier.model_, split),
            "no_topic": no_topic.to_dict() if no_topic else None,
            "micro_f1": micro.to_dict() if micro else None,
        }
