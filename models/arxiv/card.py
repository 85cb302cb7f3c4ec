"""The model card of the model that comes with labeler: its training data, its figures, and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from labeler.measure.figures import Bands
from labeler.measure.report import precision_sentence
from labeler.score.manifest import TrainingRecord

_HEAD = """# The model that comes with labeler

It gives a paper one of {topics} categories of arXiv, so that `labeler label` says something true before anyone has
judged a paper. It learned from the category that authors chose first and moderators let stand, and with less weight
from those that a paper is cross-listed in.

| | |
|---|---|
| learned from | titles and abstracts of {papers} papers of arXiv, {first} to {last} |
| topics | the primary categories with {min_papers} papers or more, under arXiv's own names |
| holds | words, pairs of words and their weights; no sentence of any paper |
| made with | `make ready-model CORPUS=FILE`: the classifier that also learns your topics, nothing else |
| kept small | {terms} words and pairs, weights in {levels} levels, as measured below |

## How good it is

Measured on {evaluated} papers from {cut} on, by a model that was made the same way from the papers before that day. The
model in this folder then learned from all. With 95 % intervals:

"""

_LIMITS = """
## Its limits

- One category a paper. Many papers belong to several, and which comes first is often a matter of taste: that is why
  the first three guesses are right so much more often than the first. Others that a paper is likely cross-listed in
  are told beside it (`also`) with their probabilities, from {least} up; about half of those are on its list.
- It knows what arXiv held up to {last}, in English. Categories with few of its papers, most of biology, economics
  and finance among them, are not there: their papers are put under the nearest one it knows.
- Its papers hold more of some fields than arXiv does, {largest} most of all, and the model leans to how often a
  category comes there. How often it comes in your digests is another matter; the figures above will differ there.
- What is known of words beforehand, the background, was learned from abstracts without their categories; those of the
  later papers were among them.
- The figures by category are rough where few papers were asked about; below {min_evaluated} none is given.

## By category

| category | name | learned from | asked | F1 | most often taken for |
|---|---|---|---|---|---|
"""


class TopicFigures(NamedTuple):
    """The figures of one topic on later papers.

    ``papers`` are those of the topic, ``f1`` is None where they are too few, ``taken_for`` is the other topic that is
    predicted for them most often, or empty.
    """

    topic: str
    papers: int
    f1: float | None
    taken_for: str


def card(training: TrainingRecord, bands: Bands, by_topic: Sequence[TopicFigures], facts: Mapping[str, Any]) -> str:
    """The model card in Markdown.

    ``facts`` about the papers are: ``first``, ``cut`` and ``last`` (the dates of the first paper, of the first that
    figures are measured on, and of the last one), ``evaluated`` (the
    number of later papers), ``largest`` (the largest categories), ``min_papers`` (that a category needs to be a topic)
    and ``min_evaluated`` (that it needs to have an F1), ``terms`` and ``levels`` (of the model), and ``least`` (the
    probability from which a cross-listed category is told).
    """
    names = {topic.id: topic.name for topic in training.scheme.topics} if training.scheme else {}
    figures = training.figures
    descriptions = {
        "accuracy": "the first guess is right (accuracy)",
        "top_3": "the right one is among the first three",
        "first_f1": "all categories of a paper, where its list is the first guess alone (F1 over all pairs)",
        "lists_f1": "the same with those that it is likely cross-listed in",
        "macro_f1": f"macro-F1 of the categories with {facts['min_evaluated']} papers or more asked about",
    }
    lines = [_HEAD.format(topics=len(names), papers=figures.labelled, **facts).rstrip("\n"), ""]
    lines += [f"- {descriptions[metric]}: {estimate}" for metric, estimate in figures.measured.items()]
    lines += ["", precision_sentence(bands), _LIMITS.format(**facts).rstrip("\n")]
    for topic, papers, f1, taken_for in by_topic:
        learned, score = (figures.counts or {})[topic], "" if f1 is None else f"{f1:.2f}"
        lines.append(f"| {topic} | {names[topic]} | {learned} | {papers} | {score} | {taken_for} |")
    return "\n".join(lines) + "\n"
