"""Papers made up for tests: texts whose words tell their topics, and classifiers trained on them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

from labeler import TopicClassifier
from labeler.features.background import NO_BACKGROUND, Background
from labeler.score.model import TopicModel
from tests.features.factories import background_of

WORDS = {
    "robots": "robot gripper arm leg walking grasping torque joint wheel balance",
    "speech": "speech voice sound audio phoneme speaker accent vowel tone whisper",
    "vision": "image pixel camera depth segment object photo contour colour lens",
    "": "bread cheese soup carrot onion kettle spoon butter recipe oven",
}
_FILLER = "we present results of large study with new method for many cases and some data".split()
TINY = background_of({topic: words.split() for topic, words in WORDS.items()}, generic=_FILLER)
NEW = ["a robot with a gripper arm", "the voice of a speaker", "camera image of an object", "bread and cheese"]


def text_of(topics: Iterable[str], number: int) -> str:
    """The text of a paper of these topics (of none: about food); another for every number."""
    topics = sorted(topics) or [""]
    rng = random.Random(f"{topics} {number}")
    words = [word for topic in topics for word in rng.sample(WORDS[topic].split(), 5)] + rng.sample(_FILLER, 6)
    rng.shuffle(words)
    return f"{' '.join(words[:4])}\n{' '.join(words[4:])} {number + 100}"


def single_papers(
    each: int = 6, topics: Iterable[str] = ("robots", "speech", "vision"), none: int = 0
) -> tuple[list[str], list[str | None]]:
    """Texts and their topic or None."""
    answers: list[str | None] = [topic for topic in topics for _ in range(each)] + [None] * none
    return [text_of([topic] if topic else [], number) for number, topic in enumerate(answers)], answers


def multi_papers(
    each: int = 6, topics: tuple[str, ...] = ("robots", "speech", "vision")
) -> tuple[list[str], list[list[str]]]:
    """Texts and their topics: one, two, or none of them."""
    pairs = [sorted(pair) for pair in pairwise(topics)]
    kinds = [*([topic] for topic in topics), *pairs, []]
    answers = [kind for kind in kinds for _ in range(each)]
    return [text_of(kind, number) for number, kind in enumerate(answers)], answers


def classifier(mode: str = "single", background: Background = NO_BACKGROUND, **options: Any) -> TopicClassifier:
    """A classifier that knows nothing beforehand, which is quick."""
    return TopicClassifier(mode, background=background, **options)


@cache
def fitted(mode: str, topics: tuple[str, ...] = ("robots", "speech", "vision"), none: int = 0) -> TopicClassifier:
    """A classifier trained on such papers. It is shared: only read it."""
    papers = single_papers(topics=topics, none=none) if mode == "single" else multi_papers(topics=topics)
    return classifier(mode).fit(*papers)


def sample() -> TopicModel:
    """A small model."""
    return fitted("multi").model_
