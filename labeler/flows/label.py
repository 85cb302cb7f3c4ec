"""Topics for new papers: the main job, in a stream whose memory does not grow with its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labeler.digests import Source, stream_papers
from labeler.digests.reading import no_papers
from labeler.digests.source import Refusal
from labeler.modelstore import ModelStore, Version
from labeler.papers import Paper
from labeler.papers.ids import STRONG, title_key
from labeler.papers.merge import LONG_TITLE
from labeler.publish import LabelledPaper, labelled_papers
from labeler.score.persistence import load_model

if TYPE_CHECKING:
    from labeler.score.model import Explanation, TopicModel

_COMPARED = 120  # letters of an abstract that tell papers of one title apart


@dataclass
class Labelling:
    """One run of a model over digests. The counts are complete when the papers have been drawn.

    ``lent`` tells that there is no model of one's own, and the one that comes with labeler does the work.
    """

    version: Version
    model: TopicModel
    names: Mapping[str, str]
    lent: bool = False
    papers: int = 0
    repeated: int = 0
    refused: list[Refusal] = field(default_factory=list)
    decisions: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    def label(self, sources: Sequence[Source], format_name: str | None = None) -> Iterator[LabelledPaper]:
        """Labelled papers in the order of the digests; of a paper that comes twice, the first.

        Raises:
            InputError: an input is of no known format or damaged, or there is not one paper.
        """
        drawn = self.drawn(sources, format_name)
        for item in labelled_papers(drawn, self.model, self.version.label, self.version.precision):
            self.decisions[item.decision] = self.decisions.get(item.decision, 0) + 1
            self.reasons[item.reason] = self.reasons.get(item.reason, 0) + 1
            yield item

    def explain(
        self, sources: Sequence[Source], topics: Sequence[str] | None, format_name: str | None = None
    ) -> Iterator[tuple[Paper, list[Explanation]]]:
        """For each paper and topic, what adds up to the score."""
        for paper in self.drawn(sources, format_name):
            yield paper, self.model.explain(paper.text, topics)

    def drawn(self, sources: Sequence[Source], format_name: str | None) -> Iterator[Paper]:
        """The papers, each once; only identifiers are remembered."""
        seen: set[int] = set()
        formats: dict[str, str] = {}
        for item in stream_papers(sources, format_name, formats):
            if isinstance(item, Refusal):
                self.refused.append(item)
                continue
            keys = _keys(item)
            if not seen.isdisjoint(keys):
                self.repeated += 1
            else:
                self.papers += 1
                yield item
            seen.update(keys)
        if not self.papers:
            raise no_papers(formats, self.refused)


def labelling(store: ModelStore, label: str | None) -> Labelling:
    """A run of the model named ``name[@version]``, of the current one, or of the one that comes with labeler.

    Raises:
        NotFoundError: there is no such model.
        RefusedError: its files are damaged.
    """
    version = store.find_or_shipped(label)
    return Labelling(version, load_model(version.folder), version.names, not label and store.current() is None)


def _keys(paper: Paper) -> list[int]:
    """What tells whether a paper came before, 64 bits each: its identifiers, and its title with its abstract."""
    texts = [name for name in paper.ids if name.startswith(STRONG)]
    opening = title_key(paper.abstract[: 3 * _COMPARED])[:_COMPARED] or "; ".join(paper.authors)
    if opening or len(title_key(paper.title)) >= LONG_TITLE:  # a bare "Editorial" is many papers
        texts += [f"{name} {opening}" for name in paper.ids if not name.startswith(STRONG)]
    return list(map(hash, texts))
