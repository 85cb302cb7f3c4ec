"""Explanations for people at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from labeler.papers import Paper
from labeler.papers.cleaning import printable
from labeler.publish.explained import NO_KEYWORDS, Keywords, marks_of
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
        marks = marks_of(explanation, keywords)
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
