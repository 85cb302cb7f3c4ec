"""Explanations for programs and for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from labeler.papers import Paper
from labeler.papers.cleaning import printable
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.score.model import Explanation
    from labeler.suggest.alike import Alike

_SCREEN = 22  # lines of a paper; a terminal has 24, and there is more to say
_LINES_BESIDE_WORDS = 4  # of a topic
_TOPICS, _MOST_WORDS = 3, 12
_LINES_OF_NEAREST = 7  # three papers, each of which may take two lines
_TITLE = 40  # letters of a title that are shown
_MARKS = {"": "", "keyword": "  (a keyword)", "not": "  (a keyword that speaks against it)"}


Keywords = Mapping[str, Mapping[str, str]]  # topic → term → "keyword" or "not"
NO_KEYWORDS: Keywords = MappingProxyType({})


def record_of(
    paper: Paper,
    explanations: Sequence[Explanation],
    model: str,
    alike: Sequence[Alike],
    keywords: Keywords = NO_KEYWORDS,
) -> dict[str, Any]:
    """The paper's fields and the explanations of its scores: "base", the intercept, and all contributions sum to them.

    "through" is the topic below whose score it is, if it is not its own. ``model`` is the model's label,
    ``alike`` are the judged papers that are most like the paper. A term of the ``keywords`` of a topic says so.
    Terms are as the paper writes them.
    """
    from labeler.features.terms import as_written
    from labeler.suggest.alike import SHOWN

    return {
        **paper.to_dict(),
        "explanations": [_explanation(one, as_written(paper.text), keywords) for one in explanations],
        "nearest": [
            {
                "paper": item.paper.id,
                "title": item.paper.title,
                "topics": sorted(item.yes),
                "similarity": round(like, 3),
            }
            for item, like in alike[:SHOWN]
        ],
        "model": model,
    }


def _explanation(explanation: Explanation, written: Mapping[str, str], keywords: Keywords) -> dict[str, Any]:
    """The record of one explanation; ``written`` has terms as the paper writes them."""
    marks = _marks(explanation, keywords)
    return {
        "topic": explanation.topic,
        "probability": explanation.probability,
        "score": explanation.score,
        "base": explanation.intercept,
        "contributions": [
            {"term": written.get(term, term), "adds": addend} | ({"is": kind} if (kind := marks.get(term)) else {})
            for term, addend in explanation.contributions
        ],
    } | ({"through": explanation.through} if explanation.through else {})


def shown_of(
    explanations: Sequence[Explanation], named: bool, words: int | None, alike: Sequence[Alike]
) -> tuple[list[Explanation], int]:
    """The explanations to show, and how many words of each: so many that a paper fits on a screen, unless told.

    ``named`` says that the topics were named: then all are shown. The ``alike`` papers take the place of a topic.
    """
    shown = list(explanations if named else explanations[: _TOPICS - bool(alike)])
    lines = _SCREEN - 1 - (_LINES_OF_NEAREST if alike else 0)
    fitting = lines // max(1, len(shown)) - _LINES_BESIDE_WORDS
    return shown, words or min(_MOST_WORDS, max(1, fitting))


def left_out(explanations: Sequence[Explanation], shown: Sequence[Explanation], words: int) -> set[str]:
    """What is not shown of a paper's explanations, each as the option that shows it."""
    of_topics = {"--topic NAME shows another topic"} if len(shown) < len(explanations) else set()
    is_cut = any(words < len(explanation.contributions) for explanation in shown)
    return of_topics | ({"--words N shows more words"} if is_cut else set())


def text_of(
    paper: Paper,
    explanations: Sequence[Explanation],
    names: Mapping[str, str],
    words: int,
    alike: Sequence[Alike],
    keywords: Keywords = NO_KEYWORDS,
) -> str:
    """The terms that add most to the score of each topic, one a line as the paper writes it, and the sum.

    ``names`` are those of the topics (topic id → name), ``words`` is the number of terms that are shown.
    ``alike`` are the judged papers that are most like the paper. Terms of the ``keywords`` of a topic are marked.
    """
    from labeler.features.terms import as_written
    from labeler.suggest.alike import SHOWN, line, unlike

    written = as_written(paper.text)
    lines = [printable(paper.title or shortened(paper.abstract, 100))]
    for explanation in explanations:
        shown, rest = explanation.contributions[:words], explanation.contributions[words:]
        name = names.get(explanation.topic, explanation.topic)
        through = names.get(explanation.through or "", explanation.through)
        below = f", that of {through}, which is below it" if through else ""
        lines.append(f"  {name}: probability {explanation.probability:.2f}{below}")
        marks = _marks(explanation, keywords)
        lines += [
            f"    {addend:+z8.3f}  {written.get(term, term)}{_MARKS[marks.get(term, '')]}" for term, addend in shown
        ]
        if rest:
            lines.append(f"    {sum(addend for _, addend in rest):+z8.3f}  {len(rest)} other terms")
        lines.append(f"    {explanation.intercept:+z8.3f}  base: the score of a paper without any word")
        lines.append(f"    {explanation.score:+z8.3f}  score (the sum)")
    against = unlike(explanations[0].topic, names, alike) if explanations else ""
    lines += [f"  judged papers most like it{f' ({against})' if against else ''}:"] if alike else []
    lines += [f"    {one.similarity:8.2f}  {printable(line(one, names, _TITLE))}" for one in alike[:SHOWN]]
    return "\n".join(lines)


def _marks(explanation: Explanation, keywords: Keywords) -> Mapping[str, str]:
    """The terms that are keywords of the topic whose score is explained."""
    return keywords.get(explanation.through or explanation.topic, {})
