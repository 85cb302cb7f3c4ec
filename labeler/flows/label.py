"""Topics for new papers, as a stream: memory holds one batch of papers, and hashes of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labeler.digests import PaperStream, Source
from labeler.digests.reading import no_papers
from labeler.digests.source import Refusal
from labeler.modelstore import ModelStore, Version
from labeler.papers import Paper
from labeler.papers.seen import SeenPapers, shared_notes
from labeler.publish.labelled import LabelledPaper, labelled_papers
from labeler.score.persistence import load_model

if TYPE_CHECKING:
    from labeler.score.model import Explanation, TopicModel


@dataclass
class Labelling:
    """One run of a model over digests. The counts are complete when all papers have been iterated.

    ``shipped_model_used`` says that no model of the workspace is in use, so that the shipped one labels.
    """

    version: Version
    model: TopicModel
    names: Mapping[str, str]
    shipped_model_used: bool = False
    papers: int = 0
    repeated: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    decisions: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    def label(self, sources: Sequence[Source], format_name: str | None = None) -> Iterator[LabelledPaper]:
        """The labelled papers, in the order of the digests. A repeated paper is labelled once, as it comes first.

        Raises:
            InputError: an input is of no known format or damaged, or none of its records is a paper.
        """
        papers = self._distinct_papers(sources, format_name)
        for item in labelled_papers(papers, self.model, self.version.label, self.version.precision):
            self.decisions[item.decision] = self.decisions.get(item.decision, 0) + 1
            self.reasons[item.reason] = self.reasons.get(item.reason, 0) + 1
            yield item

    def explain(
        self, sources: Sequence[Source], topics: Sequence[str] | None, format_name: str | None = None
    ) -> Iterator[tuple[Paper, list[Explanation]]]:
        """The papers, each with an explanation of every topic's score, or of the ``topics`` named.

        Raises:
            InputError: an input is of no known format or damaged, or none of its records is a paper.
        """
        for paper in self._distinct_papers(sources, format_name):
            yield paper, self.model.explain(paper.text, topics)

    def _distinct_papers(self, sources: Sequence[Source], format_name: str | None) -> Iterator[Paper]:
        """The papers, each once."""
        seen, stream = SeenPapers(), PaperStream(sources, format_name)
        for item in stream:
            if isinstance(item, Refusal):
                self.refused.append(item)
            elif seen.add(item):
                self.papers += 1
                yield item
            else:
                self.repeated += 1
        self.notes = [*stream.notes, *shared_notes(seen.shared)]
        if not self.papers and self.refused:
            raise no_papers(stream.formats, self.refused)


def labelling(store: ModelStore, label: str | None) -> Labelling:
    """A run of the model of a ``label`` (``name[@version]``), of the current model, or of the shipped one.

    Raises:
        NotFoundError: there is no such model.
        RefusedError: the model is damaged.
    """
    version = store.find_or_shipped(label)
    return Labelling(version, load_model(version.folder), version.names, not label and store.current() is None)
