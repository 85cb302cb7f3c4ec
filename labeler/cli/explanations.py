"""Explanations for programs and for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labeler.papers import Paper
from labeler.papers.cleaning import printable

if TYPE_CHECKING:
    from labeler.score.model import Explanation


def record_of(paper: Paper, told: Sequence[Explanation], model: str) -> dict[str, Any]:
    """The paper's fields and, for each topic, every contribution; they and the base add up to the score."""
    return {
        **paper.to_dict(),
        "explanations": [
            {
                "topic": one.topic,
                "probability": one.probability,
                "score": one.score,
                "base": one.intercept,
                "contributions": [{"term": term, "adds": addend} for term, addend in one.contributions],
            }
            for one in told
        ],
        "model": model,
    }


def text_of(paper: Paper, told: Sequence[Explanation], names: Mapping[str, str], words: int) -> str:
    """The most telling words of each topic, one a line, and the sum."""
    lines = [printable(paper.title or paper.abstract[:100])]
    for one in told:
        shown, rest = one.contributions[:words], one.contributions[words:]
        lines.append(f"  {names.get(one.topic, one.topic)}: probability {one.probability:.2f}")
        lines += [f"    {addend:+8.3f}  {term}" for term, addend in shown]
        if rest:
            lines.append(f"    {sum(addend for _, addend in rest):+8.3f}  {len(rest)} other terms")
        lines.append(f"    {one.intercept:+8.3f}  base: the score of a paper without any word")
        lines.append(f"    {one.score:+8.3f}  score (the sum)")
    return "\n".join(lines)
