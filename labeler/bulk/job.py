"""What the labels of all partitions come from: a model, a scheme, and what people have said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from labeler.bulk.columns import labels
from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper, labelled_papers
from labeler.score.persistence import load_model
from labeler.topics import Scheme

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.judgements.labels import Settled
    from labeler.judgements.verdicts import Verdict, Verdicts
    from labeler.score.model import TopicModel


@dataclass(frozen=True, slots=True)
class Job:
    """What all partitions share: the model, the names of its topics, and the format of the papers if it is given.

    With a ``scheme``, the model gives the topics of that, and papers that are judged in the ``log`` those of people;
    ``private`` is the folder for the index of the log, ``people`` are the names of those who have others in it, and
    ``settled`` are the answers that count where they differ.
    ``run`` is the name of the run (:func:`labeler.bulk.part_files.check_run`).
    """

    model: Path
    version: str
    precision: float
    names: Mapping[str, str]
    format_name: str | None = None
    scheme: Scheme | None = None
    log: Path | None = None
    private: Path | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    settled: Settled = field(default_factory=dict)
    run: str = ""


class Labels(NamedTuple):
    """What the labels of papers come from: the job's model, and what people have said (None: nothing in this run)."""

    job: Job
    model: TopicModel
    verdicts: Verdicts | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """Those of a job; the model is loaded once a process."""
        model = _ready_model(job.model, job.scheme)
        if job.scheme is None or job.log is None:
            return cls(job, model, None)
        from labeler.judgements.verdicts import Verdicts

        private = job.private
        folder = None if private is None else lambda: private
        return cls(job, model, Verdicts(job.log, job.scheme, folder, job.people, lambda: job.settled))

    def of_papers(self, papers: Iterable[Paper]) -> Iterator[LabelledPaper]:
        """The labelled papers, in their order."""
        job = self.job
        return labelled_papers(papers, self.model, job.version, job.precision, self.verdicts)

    def of_texts(self, texts: Sequence[tuple[str, str]], judged: Callable[[Verdicts], dict[int, Verdict]]) -> pa.Table:
        """The labels of titles and abstracts; ``judged`` finds the rows of papers that people have judged."""
        said = None if self.verdicts is None else judged(self.verdicts)
        return labels(texts, self.model, self.job.version, self.job.precision, said)


@lru_cache(maxsize=1)
def _ready_model(folder: Path, scheme: Scheme | None) -> TopicModel:
    """The model in a folder, under a scheme if there is one; loaded once a process."""
    model = load_model(folder)
    return model if scheme is None else model.under(scheme)
