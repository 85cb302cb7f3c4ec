"""How stable a model is: what edits without a meaning change, and whether the words it names are those that count."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from labeler.evaluation.edits import edits
from labeler.features.terms import words as words_of
from labeler.measure.estimates import proportion
from labeler.score.decision import Decision
from labeler.score.model import TopicModel
from labeler.wording import counted

_MOST = 500  # papers
_DRAWS = 3  # of other words
_FEWEST = 20  # papers of a part that is told


class Share(NamedTuple):
    """A ``part`` of so many ``papers``."""

    part: int
    papers: int

    def __str__(self) -> str:
        found = proportion(self.part, self.papers)
        return f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%})" if found else "none"


class Stability(NamedTuple):
    """Of papers that an edit changes, how many are decided otherwise (``changed``, by edit).

    Of papers with a topic, in how many the score falls more without the words that the model names than without as many
    others (``faithful``; J. DeYoung et al., "ERASER: a benchmark to evaluate rationalized NLP models", 2020:
    comprehensiveness); ``parts`` are the same for each source and language with enough papers.
    """

    changed: Mapping[str, Share]
    faithful: Share
    parts: Mapping[str, Share]

    @property
    def sentences(self) -> list[str]:
        """The two figures, a sentence each."""
        said = []
        every = Share(*map(sum, zip(*self.changed.values(), strict=True))) if self.changed else Share(0, 0)
        if every.papers:
            by_kind = ", ".join(f"{kind} {one.part} of {one.papers}" for kind, one in self.changed.items())
            said.append(f"Edits that change no meaning change {every} of the decisions on judged papers ({by_kind}).")
        if self.faithful.papers:
            parts = "; ".join(f"{name} {one.part} of {one.papers}" for name, one in self.parts.items())
            said.append(
                f"The words named count: without them the topic's score falls more than without as many others in "
                f"{self.faithful} of {counted(self.faithful.papers, 'paper')}{f' ({parts})' if parts else ''}."
            )
        return said


def stability(
    model: TopicModel, texts: Sequence[str], parts: Sequence[str], precision: float, known: Collection[str]
) -> Stability:
    """How stable a model's decisions are on an even choice of texts, each of a part ("" stands for none).

    ``known`` are words that there are, so that a word and its plural are both real ones.
    """
    step = -(-len(texts) // _MOST) or 1
    texts, parts = texts[::step], parts[::step]
    labels = model.label(texts, precision)
    changed = {}
    for kind, edit in edits(known).items():
        edited = [edit(text) for text in texts]
        rows = [row for row, (text, other) in enumerate(zip(texts, edited, strict=True)) if text != other]
        others = model.label([edited[row] for row in rows], precision) if rows else []
        count = sum(_key(labels[row][0]) != _key(other) for row, (other, _) in zip(rows, others, strict=True))
        changed[kind] = Share(count, len(rows))
    faithful = _faithful(model, texts, labels, precision)
    by_part = defaultdict(list)
    for row, is_faithful in faithful.items():
        by_part[parts[row]].append(is_faithful)
    told = {name: Share(sum(some), len(some)) for name, some in sorted(by_part.items()) if len(some) >= _FEWEST}
    return Stability(
        {kind: one for kind, one in changed.items() if one.papers},
        Share(sum(faithful.values()), len(faithful)),
        told if len(told) > 1 else {},
    )


def _faithful(
    model: TopicModel, texts: Sequence[str], labels: Sequence[tuple[Decision, dict[str, list[str]]]], precision: float
) -> dict[int, bool]:
    """For each text with a topic whether the named words count more than others."""
    rng, rows, without = np.random.default_rng(0), list[tuple[int, str]](), list[str]()
    for row, (decision, because) in enumerate(labels):
        topic = next((topic for topic in decision.topics if because.get(topic)), None)
        named = sorted({word for term in because.get(topic or "", ()) for word in words_of(term)})
        others = sorted(set(words_of(texts[row])) - set(named))
        if topic is not None and len(others) >= len(named):
            rows.append((row, topic))
            draws = [rng.choice(others, len(named), replace=False).tolist() for _ in range(_DRAWS)]
            without += [_without(texts[row], words) for words in (named, *draws)]
    scores = iter(model.label(without, precision) if without else [])
    found = {}
    for row, topic in rows:
        named_score, *other_scores = (next(scores)[0].scores[topic] for _ in range(1 + _DRAWS))
        found[row] = bool(named_score < float(np.mean(other_scores)))
    return found


def _without(text: str, words: Sequence[str]) -> str:
    """The text without some words, wherever they stand."""
    bounded = (rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in words)
    return re.sub("|".join(bounded), " ", text, flags=re.IGNORECASE)


def _key(decision: Decision) -> tuple[str, frozenset[str]]:
    return decision.decision, frozenset(decision.topics)
