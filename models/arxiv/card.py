"""The card of the model that comes with labeler: what it is, from when, how it was made, how good it is, its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labeler.measure.report import precision_sentence

_HEAD = """# The model that comes with labeler

It gives a paper one of {topics} categories of arXiv, so that `labeler label` says something true before anyone has
judged a paper. It learned from the category that authors chose first and moderators let stand.

| | |
|---|---|
| learned from | titles and abstracts of {papers} papers of arXiv, {first} to {last} |
| chosen from | a pile of {pile} papers, by chance; of a category four times as large, twice as many |
| topics | the primary categories with {fewest} papers or more in the pile, under arXiv's own names |
| holds | words, pairs of words and their weights; no sentence of any paper |
| made with | `make ready-model CORPUS=FILE`: the classifier that also learns your topics, nothing else |
| kept small | {terms} words and pairs, weights in {levels} levels, as measured below |

## How good it is

Measured on {asked} papers from {cut} on, by a model that was made the same way from the papers before that day. The
model in this folder then learned from all. With 95 % intervals:

"""

_LIMITS = """
## Its limits

- One category a paper. Many papers belong to several, and which comes first is often a matter of taste: that is why
  the first three guesses are right so much more often than the first.
- It knows what arXiv held up to {last}, in English. Categories with few papers in the pile, most of biology, economics
  and finance among them, are not there: their papers are put under the nearest one it knows.
- The pile holds more of some fields than arXiv does, {largest} most of all, and the model leans halfway to how often a
  category comes there. How often it comes in your digests is another matter; the figures above will differ there.
- The figures by category are rough where few papers were asked about; below {several} none is given.

## By category

| category | name | learned from | asked | F1 | most often taken for |
|---|---|---|---|---|---|
"""


def card(details: Mapping[str, Any], by_topic: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> str:
    """The card in Markdown: of a manifest's ``details``, of figures by topic, and of ``facts`` about the papers."""
    names = {topic["id"]: topic["name"] for topic in details["scheme"]["topics"]}
    papers = details["papers"]["labelled"]
    told = {
        "accuracy": "the first guess is right (accuracy)",
        "top_3": "the right one is among the first three",
        "macro_f1": f"macro-F1 of the categories with {facts['several']} papers or more asked about",
    }
    lines = [_HEAD.format(topics=len(names), papers=papers, **facts).rstrip("\n"), ""]
    for figure, value in details["measured"].items():
        lines.append(f"- {told[figure]}: {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]")
    lines += [
        "",
        precision_sentence(details["bands"]),
        _LIMITS.format(**facts).rstrip("\n"),
    ]
    for row in by_topic:
        f1 = "" if row["f1"] is None else f"{row['f1']:.2f}"
        learned = details["counts"][row["topic"]]
        lines.append(
            f"| {row['topic']} | {names[row['topic']]} | {learned} | {row['asked']} | {f1} | {row['taken_for']} |"
        )
    return "\n".join(lines) + "\n"
