"""The papers the tables are made of: what may be learned from, and what is asked.

Papers are put in the order of the sha256 of their ids, which has nothing to do with what they are about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tests.bench import areas
from tests.bench.quality.arxiv_names import CHINESE, NAMES
from tests.bench.quality.cache import fingerprint
from tests.paths import DATA

Truth = npt.NDArray[np.float64]
Guess = npt.NDArray[np.bool_]
CUT = "2025-10-01"  # papers before it are learned from, papers of that day and later are asked
EIGHT = ("cs.LG", "cs.AI", "cs.CL", "cs.CV", "stat.ML", "cs.RO", "cs.IR", "cs.CR")
LEARN, TEST = 300, 200  # papers of a topic
STREAM_LEARN, STREAM_TEST = 4000, 3000  # papers
MIXED_TOPICS, MIXED_POOL, MIXED_UNREAD, MIXED_TEST = 14, 12_000, 1500, 1500
SHARES = ("even", "natural")
CHINESE_TOPICS = 16


@dataclass(frozen=True, eq=False)
class Split:
    """``truth`` (n_papers, n_topics) is 1, 0 or NaN (unknown); ``names``: topic → what it is called, where that helps.

    ``first``: how many papers of each topic a draw begins with, for topics that chance would leave out. ``ranked``: the
    topic by whose probability the test papers are put in order, where that is what is asked.
    """

    name: str
    mode: str
    topics: tuple[str, ...]
    learn: Sequence[str]
    learn_truth: Truth
    test: Sequence[str]
    test_truth: Truth
    names: Mapping[str, str] = field(default_factory=dict)
    first: int = 0
    ranked: str = ""

    @cached_property
    def papers(self) -> str:
        """A fingerprint of texts, topics and names."""
        truths = (truth.tobytes().hex() for truth in (self.learn_truth, self.test_truth))
        return fingerprint([*self.learn, *self.test, *self.topics, *self.names.values(), *truths])

    def draw(self, count: int | None, seed: int) -> tuple[list[int], list[int]]:
        """``count`` papers of the learning part at random (None: all), and the rest."""
        order = np.random.RandomState(seed).permutation(len(self.learn))  # a stream that numpy keeps as it is
        chosen = [order[self.learn_truth[order, topic] == 1][: self.first] for topic in range(len(self.topics))]
        order = np.array(list(dict.fromkeys([*np.concatenate(chosen), *order])))
        return order[:count].tolist(), order[len(order) if count is None else count :].tolist()

    def answers(self, rows: Sequence[int]) -> Any:
        """The topics of papers of the learning part: one each in single mode, else a matrix."""
        truth = self.learn_truth[list(rows)]
        return [self.topics[topic] for topic in truth.argmax(axis=1)] if self.mode == "single" else truth

    def guess(self, predicted: Any) -> Guess:
        """What a peer predicted, as a matrix (n_papers, n_topics)."""
        if self.mode == "multi":
            return np.asarray(predicted).astype(bool)
        return np.array([[given == topic for topic in self.topics] for given in predicted])


@dataclass(frozen=True, eq=False)
class MixedSplit(Split):
    """Judged papers have the topics evenly, or as they come; so do the ``unread`` ones and those that are asked."""

    judged_evenly: bool = False
    unread_evenly: bool = False
    unread: int = MIXED_UNREAD

    def draw(self, count: int | None, seed: int) -> tuple[list[int], list[int]]:
        """``count`` judged papers, and ``unread`` others."""
        order = np.random.RandomState(seed).permutation(len(self.learn))
        topics = self.learn_truth.argmax(axis=1)
        judged = (_evenly(order, topics) if self.judged_evenly else order)[:count]
        rest = order[~np.isin(order, judged)]
        unread = (_evenly(rest, topics) if self.unread_evenly else rest)[: self.unread]
        return judged.tolist(), unread.tolist()


def _evenly(order: npt.NDArray[np.intp], topics: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Papers in an ``order`` in which all first papers of a topic come before all second ones, and so on."""
    ranks = pd.Series(topics[order]).groupby(topics[order]).cumcount().to_numpy()
    return order[np.argsort(ranks, kind="stable")]


def arxiv24() -> Split:
    """24 primary categories: papers up to September 2025, 300 of each where there are so many; then 200 of each."""
    early, late = arxiv_rows()
    learn, test = (rows.groupby("topic").head(most) for rows, most in ((early, LEARN), (late, TEST)))
    return _split("arxiv24", learn, test)


def eight() -> Split:
    """Eight primary categories about computing without their names, papers of either part as in :func:`arxiv24`."""
    rows = _all_arxiv()
    rows = rows[rows["topic"].isin(EIGHT)]
    early, late = rows[rows["date"] < CUT], rows[rows["date"] >= CUT]
    learn, test = early.groupby("topic").head(LEARN), late.groupby("topic").head(TEST)
    return Split("eight", "single", EIGHT, *part(learn, EIGHT), *part(test, EIGHT), {})


def development() -> Split:
    """The same inside the learning part, for choices: of each topic 60 papers, or a quarter, are asked."""
    early, _ = arxiv_rows()
    rows = early.groupby("topic").head(LEARN)
    asked = rows.groupby("topic").cumcount() < (rows.groupby("topic")["id"].transform("size") // 4).clip(upper=60)
    return _split("development", rows[~asked], rows[asked])


def stream() -> Split:
    """The 24 categories as they come, some a hundred times as frequent as others."""
    early, late = arxiv_rows()
    return _split("stream", early.head(STREAM_LEARN), late.head(STREAM_TEST))


@cache
def mixed(judged: str, stream: str) -> Split:
    """14 categories, of which one is a third of all papers as they come; ``judged`` and ``stream`` are of `SHARES`."""
    topics = tuple(NAMES)[:MIXED_TOPICS]
    early, late = (rows[rows["topic"].isin(topics)] for rows in arxiv_rows())
    each = -(-MIXED_TEST // MIXED_TOPICS)
    asked = late.groupby("topic").head(each) if stream == "even" else late
    papers = *part(early.head(MIXED_POOL), topics), *part(asked.head(MIXED_TEST), topics)
    names = {topic: NAMES[topic] for topic in topics}
    return MixedSplit(
        f"mixed-{judged}-{stream}", "single", topics, *papers, names,
        judged_evenly=judged == "even", unread_evenly=stream == "even",
    )  # fmt: skip


def early_texts() -> list[str]:
    """All papers before the cut, of whatever category: what a background may be learned from."""
    rows = _all_arxiv()
    return _texts(rows[rows["date"] < CUT])


def chinese() -> Split:
    """Papers told in Chinese: the 16 most frequent primary categories (of equally frequent ones the first by name).

    Of each the earliest two thirds are learned from, the latest third is asked.
    """
    rows = _with_topics(pd.read_parquet(DATA / "arxiv_zh_2025.parquet"))
    counts = rows["topic"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    topics = tuple(counts.index[:CHINESE_TOPICS])
    assert set(topics) == set(CHINESE)
    rows = rows[rows["topic"].isin(topics)].sort_values(["date", "id"])
    late = rows.groupby("topic").cumcount() >= rows.groupby("topic")["id"].transform("size") * 2 // 3
    return Split("chinese", "single", topics, *part(rows[~late], topics), *part(rows[late], topics), CHINESE)


def translations() -> tuple[list[str], list[str]]:
    """Papers before the cut in English, and the same told in Chinese, but for those that :func:`chinese` asks."""
    rows = pd.read_parquet(DATA / "arxiv_zh_2025.parquet")
    rows = rows.assign(date=rows["date"].astype(str), text=_texts(rows))
    rows = rows[(rows["date"] < CUT) & ~rows["text"].isin(chinese().test)]
    english = _all_arxiv().assign(text=_texts)[["id", "date", "text"]]
    both = rows.merge(english[english["date"] < CUT], on="id", suffixes=("_chinese", "_english"))
    return both["text_english"].tolist(), both["text_chinese"].tolist()


def r8() -> Split:
    """Reuters R8: eight topics, one for each paper, very unequal."""
    rows = pd.read_parquet(DATA / "r8.parquet")
    return _reuters("r8", "single", rows)


def reuters90() -> Split:
    """Reuters-21578, ModApte: 90 topics, any number for each paper."""
    rows = pd.read_parquet(DATA / "reuters90.parquet")
    return _reuters("reuters90", "multi", rows.assign(text=rows["title"] + "\n" + rows["text"]))


def conferences() -> Split:
    """Areas of conference papers, 2020-2022 and 2023-2024: IJCAI names all areas of a paper, AAAI one of them."""
    rows = areas.frame()
    early, late = rows[rows["year"] <= 2022], rows[rows["year"] >= 2023]
    topics, asked = areas.areas(early), areas.areas(late)
    learn = areas.truth(early, topics)
    learn[(early["venue"] == "aaai").to_numpy()[:, None] & (learn == 0)] = np.nan
    test = areas.truth(late, topics)
    test[:, [topic not in asked for topic in topics]] = np.nan
    names = {topic: topic for topic in topics}
    return Split("conferences", "multi", tuple(topics), list(early["text"]), learn, list(late["text"]), test, names)


@cache
def screening() -> list[Split]:
    """Nine systematic reviews: half of each is learned from, which begins with two papers of either answer.

    A paper that is in a review twice is one paper.
    """
    rows = _by_hash(pd.read_parquet(DATA / "screening_reviews.parquet"))
    rows = rows.assign(topic=[topics[0] for topics in rows["topics"]])
    rows = rows.drop_duplicates(["review", "title", "abstract"])
    rows = rows.assign(half=rows.groupby(["review", "topic"]).cumcount() % 2)
    topics = ("excluded", "included")
    return [
        Split(f"screening-{review}", "single", topics, *part(own[own["half"] == 0], topics),
              *part(own[own["half"] == 1], topics), first=2, ranked="included")
        for review, own in rows.groupby("review")
    ]  # fmt: skip


@cache
def made(name: str) -> Split:
    """The split of this name."""
    makers = (arxiv24, eight, development, stream, chinese, r8, reuters90, conferences)
    return next(maker() for maker in makers if maker.__name__ == name)


@cache
def _all_arxiv() -> pd.DataFrame:
    rows = _by_hash(pd.read_parquet(DATA / "arxiv_until_2025.parquet"))
    return _with_topics(rows)


def _with_topics(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(date=rows["date"].astype(str), topic=[categories[0] for categories in rows["categories"]])


def arxiv_rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = _all_arxiv()
    rows = rows[rows["topic"].isin(list(NAMES))]
    return rows[rows["date"] < CUT], rows[rows["date"] >= CUT]


def _by_hash(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[np.argsort([sha256(name.encode()).hexdigest() for name in rows["id"]], kind="stable")]


def _split(name: str, learn: pd.DataFrame, test: pd.DataFrame) -> Split:
    topics = tuple(NAMES)
    return Split(name, "single", topics, *part(learn, topics), *part(test, topics), NAMES)


def part(rows: pd.DataFrame, topics: Sequence[str]) -> tuple[list[str], Truth]:
    return _texts(rows), np.array([[float(topic == own) for topic in topics] for own in rows["topic"]])


def _texts(rows: pd.DataFrame) -> list[str]:
    return (rows["title"] + "\n" + rows["abstract"]).tolist()


def _reuters(name: str, mode: str, rows: pd.DataFrame) -> Split:
    topics = tuple(sorted({topic for named in rows["topics"] for topic in named}))
    truth = np.array([[float(topic in named) for topic in topics] for named in rows["topics"]])
    learn = (rows["split"] == "train").to_numpy()
    texts = rows["text"].to_numpy()
    return Split(name, mode, topics, texts[learn].tolist(), truth[learn], texts[~learn].tolist(), truth[~learn])
