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


CHINESE = {
    "机器人": "机械臂 抓取 行走 关节 力矩 平衡 夹爪 腿足 控制 轨迹".split(),
    "语音": "语音 声音 音频 音素 说话人 口音 元音 声调 识别 合成".split(),
    "视觉": "图像 像素 相机 深度 分割 物体 照片 轮廓 颜色 镜头".split(),
}
_CHINESE_FILLER = "我们 提出 一种 新的 方法 并且 在 许多 情况 下 的 数据 上 进行 实验".split()


def chinese_papers(each: int = 8, first: int = 0) -> tuple[list[str], list[str]]:
    """Texts in Chinese, some with a word in Latin letters or a number, and their topics."""
    topics = [topic for topic in CHINESE for _ in range(each)]
    return [_chinese(topic, first + number) for number, topic in enumerate(topics)], topics


def _chinese(topic: str, number: int) -> str:
    rng = random.Random(f"{topic} {number}")
    words = rng.sample(CHINESE[topic], 6) + rng.sample(_CHINESE_FILLER, 8)
    rng.shuffle(words)
    title, body = "".join(words[:5]), "".join(words[5:])
    return f"{title}\n{body}，用BERT模型达到{number}.5%。{body[::2]}"
