"""The judged papers that are most like a paper, and what people said of them, for those who judge that one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace
from labeler.judgements import JudgedPaper, read_log
from labeler.papers import Paper
from labeler.topics import Scheme
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

SHOWN = 3  # papers that are shown
_LOOKED_AT = 5  # papers that a topic is looked for among
_FEWEST_KNOWN = 4  # of these, whose answer for the topic is known
_MOST_OF_IT = 1  # of these, that are of a topic which is said to be unlike them
_TITLE = 90  # letters of a title


class Alike(NamedTuple):
    """A judged paper that is like another one, and its ``similarity``: the cosine of TF-IDF rows, from 0 to 1."""

    judged: JudgedPaper
    similarity: float


class JudgedPapers:
    """Judged papers, among which those are found that are most like a paper; never the paper itself.

    Those count of which a topic on offer is known to apply, or none of them to apply.
    """

    def __init__(self, model: TopicModel, judged: Sequence[JudgedPaper]) -> None:
        from labeler.score.nearest import NearestPapers

        self._judged = judged
        self._index = NearestPapers(model.linear, [item.paper for item in judged])

    @classmethod
    def of_workspace(cls, model: TopicModel, workspace: Workspace | None, scheme: Scheme | None) -> JudgedPapers:
        """The judged papers of a workspace under a scheme, none without either."""
        if workspace is None or scheme is None or not workspace.judgements.exists():
            return cls(model, ())
        offered = frozenset(scheme.offered)
        labels = consensus_labels(read_log(workspace).judgements, scheme).labels
        papers = (replace(item, yes=item.yes & offered) for item in labels.papers)
        return cls(model, [item for item in papers if item.yes or offered <= item.no])

    def like(self, paper: Paper) -> list[Alike]:
        """The papers most like one paper, the most similar first."""
        return [Alike(self._judged[near.position], near.similarity) for near in self._index.of(paper, _LOOKED_AT)]

    def like_each(self, papers: Sequence[Paper]) -> list[list[Alike]]:
        """The papers most like each of many papers, the most similar first."""
        found = self._index.of_all(papers, _LOOKED_AT)
        return [[Alike(self._judged[near.position], near.similarity) for near in some] for some in found]


def unlike(topic: str, names: Mapping[str, str], alike: Sequence[Alike]) -> str:
    """A clause that says it where hardly one of the judged papers most like a paper is of a topic; else empty.

    Such a topic is less often right (H. Jiang et al., "To trust or not to trust a classifier", 2018).
    """
    known = [topic in one.judged.yes for one in alike if topic in one.judged.yes or topic in one.judged.no]
    if len(known) < _FEWEST_KNOWN or sum(known) > _MOST_OF_IT:
        return ""
    return f"of {len(known)} such papers, {sum(known) or 'none'} is of {names.get(topic, topic)}"


def told(alike: Sequence[Alike], suggested: Sequence[str], names: Mapping[str, str]) -> str:
    """What annotators are told: the judged papers most like theirs, one a line, and whether these bear out the topics
    that a model ``suggested``. Empty where there is no such paper.
    """
    if not alike:
        return ""
    against = "; ".join(filter(None, (unlike(topic, names, alike) for topic in suggested)))
    head = f"Judged papers most like this one ({against}):" if against else "Judged papers most like this one:"
    return "\n".join([head, *(f"• {line(one, names, _TITLE)}" for one in alike[:SHOWN])])


def line(one: Alike, names: Mapping[str, str], length: int) -> str:
    """A judged paper in a line: its title in so many letters, and its topics."""
    said = ", ".join(sorted(names.get(topic, topic) for topic in one.judged.yes)) or "none of the topics"
    return f"{shortened(one.judged.paper.title or one.judged.paper.abstract, length)} — {said}"
