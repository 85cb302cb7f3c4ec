"""The labelling of one partition: papers in, labels out. It runs in any process, on this machine or on a cluster."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.bulk.columns import text_columns
from labeler.bulk.field_texts import field_texts
from labeler.bulk.inputs import Input, open_input
from labeler.bulk.job import Job, Labels
from labeler.bulk.judged import judged_rows
from labeler.bulk.part_files import PARQUET, PartRecord, new_part, whole_part
from labeler.bulk.parts import PAPERS, Partition
from labeler.digests import PaperStream, Source
from labeler.digests.batches import names_of, unnested
from labeler.digests.fields import columns_of, distinct, has_paper_fields, paper_of, readable
from labeler.digests.reading import is_about
from labeler.digests.source import Refusal
from labeler.digests.text_columns import note_on
from labeler.errors import InputError
from labeler.papers import Paper
from labeler.publish.labelled import LabelledPaper
from labeler.publish.registry import COLUMNS, writer_named
from labeler.storage import open_file

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.judgements.verdicts import Verdict, Verdicts
Progress = Callable[[int], None]  # it is called with the number of papers labelled since its last call

IS_EMPTY = "it is empty"  # of a file without a byte
_BATCH_ROWS = 4096
_MAX_REFUSALS = 10
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # of malloc.h
_KEPT_BYTES = 1 << 26
_UNNAMED_INDEX = re.compile(r"__index_level_\d+__")  # what pandas calls row numbers that it writes beside the columns


@dataclass(frozen=True, slots=True)
class PartitionResult:
    """What came of labelling one partition, or several: results add up.

    ``decisions`` counts the papers labelled now by their decision, ``labelled_before`` those whose labels were already
    written, ``refused`` the records that are no papers. ``refusals`` are the first of these. ``parts`` are the part
    files, written now or before; ``sources`` has the digest of each partition's input, by file and number. ``notes``
    are sentences about inputs.
    """

    decisions: Mapping[str, int] = field(default_factory=dict)
    labelled_before: int = 0
    refused: int = 0
    refusals: tuple[Refusal, ...] = ()
    parts: tuple[PartRecord, ...] = ()
    sources: tuple[tuple[int, int, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def papers(self) -> int:
        """How many papers were labelled now."""
        return sum(self.decisions.values())

    def __add__(self, other: PartitionResult) -> PartitionResult:
        """The result of both."""
        return PartitionResult(
            Counter(self.decisions) + Counter(other.decisions),
            self.labelled_before + other.labelled_before,
            self.refused + other.refused,
            (self.refusals + other.refusals)[:_MAX_REFUSALS],
            self.parts + other.parts,
            self.sources + other.sources,
            tuple(dict.fromkeys(self.notes + other.notes)),
        )


def label(job: Job, partition: Partition, progress: Progress = lambda _: None) -> PartitionResult:
    """Label a partition. Parts that were written before stay, if they are whole and their papers are the same.

    Raises:
        InputError: the papers cannot be read or change meanwhile, or the labels cannot be written.
    """
    with open_input(partition) as given:
        source = PartitionResult(sources=((partition.file_number, partition.number, given.digest),))
        if partition.groups is None:
            return source + _label_file(job, partition, given, progress)
        target = partition.target(partition.number)
        if record := whole_part(target, given):
            progress(record.papers)
            return source + PartitionResult(labelled_before=record.papers, parts=(record,))
        source += PartitionResult(notes=_column_notes(partition, given))
        by = _ready_labels(job)
        if partition.suffix == COLUMNS:
            tables = (_labelled_batch(batch, by, partition) for batch in read_batches(partition, given))
            return source + _write_tables(target, given, tables, job, progress)
        usable = _UsablePapers(_read_papers(partition, given))
        papers, result = iter(usable), source
        # A part whose papers are all refused is not written: it would look like a finished one.
        if (first := list(islice(papers, 1))) or not partition.papers:
            result += _write_papers(target, given, chain(first, papers), by, progress)
        return result + usable.result


def _label_file(job: Job, partition: Partition, given: Input, progress: Progress) -> PartitionResult:
    """Label a file of any format, one part after the other."""
    source = Source(partition.source, given.copy, is_found=True)
    if source.is_empty:  # an empty file among many is refused alone, not the whole run
        return PartitionResult(refused=1, refusals=(Refusal(source.name, "", IS_EMPTY),))
    if is_about(source):
        return PartitionResult(notes=(f"{source.name} is no digest and was passed over",))
    stream = PaperStream([source], job.format_name)
    usable = _UsablePapers(stream)
    papers, result, number = iter(usable), PartitionResult(), 0
    while first := list(islice(papers, 1)):
        part, target = chain(first, islice(papers, PAPERS - 1)), partition.target(number)
        if record := whole_part(target, given):
            count = sum(1 for _ in part)
            progress(count)
            result += PartitionResult(labelled_before=count, parts=(record,))
        elif partition.suffix == COLUMNS:
            result += _write_tables(target, given, _labelled_tables(part, _ready_labels(job)), job, progress)
        else:
            result += _write_papers(target, given, part, _ready_labels(job), progress)
        number += 1
    if not number and not usable.result.refused:  # a digest of no papers
        target, by = partition.target(0), _ready_labels(job)
        if partition.suffix == COLUMNS:
            result += _write_tables(target, given, _labelled_tables(iter(()), by), job, progress)
        else:
            result += _write_papers(target, given, (), by, progress)
    return result + usable.result + PartitionResult(notes=tuple(stream.notes))


class _UsablePapers:
    """The papers among ``items``, once; what is refused is counted as the papers are iterated."""

    def __init__(self, items: Iterable[Paper | Refusal]) -> None:
        self._items = items
        self._refused = 0
        self._refusals: list[Refusal] = []

    def __iter__(self) -> Iterator[Paper]:
        for item in self._items:
            if isinstance(item, Refusal):
                self._refused += 1
                if len(self._refusals) < _MAX_REFUSALS:
                    self._refusals.append(item)
            else:
                yield item

    @property
    def result(self) -> PartitionResult:
        """The refusals so far."""
        return PartitionResult(refused=self._refused, refusals=tuple(self._refusals))


def read_batches(partition: Partition, given: Input) -> Iterator[pa.RecordBatch]:
    """The rows of a part of a Parquet file.

    Raises:
        InputError: it is damaged, or has neither titles nor abstracts.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_file(given.address) as stream:
            # Without pre_buffer=False, pyarrow keeps what it has read: memory grows with the file.
            file = pq.ParquetFile(stream, pre_buffer=False)
            names = file.schema_arrow.names
            if not has_paper_fields(names_of(file.schema_arrow)):
                name = Path(partition.source).name
                raise InputError(
                    f"{name} has no column title or abstract, only: {', '.join(names)}", "rename the columns"
                )
            is_flat = has_paper_fields(names)
            if not partition.papers:
                empty = pa.RecordBatch.from_pylist([], file.schema_arrow)
                yield empty if is_flat else unnested(empty)
            batches = file.iter_batches(_BATCH_ROWS, row_groups=partition.groups, use_threads=False)
            if len(set(names)) < len(names):
                batches = (pa.RecordBatch.from_arrays(batch.columns, distinct(names)) for batch in batches)
            yield from batches if is_flat else map(unnested, batches)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(partition, error) from error


def _column_notes(partition: Partition, given: Input) -> tuple[str, ...]:
    """What there is to say about the columns of a Parquet file, said with its first part."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if partition.number:
        return ()
    try:
        with open_file(given.address) as stream:
            schema = pq.ParquetFile(stream, pre_buffer=False).schema_arrow
    except (pa.ArrowException, OSError):  # said where it is read
        return ()
    note = note_on(Path(partition.source).name, schema.names, text_columns(schema))
    return (note,) if note else ()


def _read_papers(partition: Partition, given: Input) -> Iterator[Paper | Refusal]:
    row, name = 0, Path(partition.source).name
    for batch in read_batches(partition, given):
        for fields in _decoded(batch.to_pylist, partition):
            row += 1
            try:
                yield paper_of(fields, name)
            except ValueError as error:
                yield Refusal(name, f"part {partition.number}, row {row}", str(error))


def _labelled_batch(batch: pa.RecordBatch, by: Labels, partition: Partition) -> pa.Table:
    """The columns of a batch, and the labels. The abstract is left out: it is long, and the others name the paper."""
    import pyarrow as pa

    names = batch.schema.names
    abstract = next(iter(columns_of(names, "abstract")), None)
    fields = [_decoded(partial(field_texts, batch, field), partition) for field in ("title", "abstract")]
    (titles, _), (abstracts, _) = fields
    is_printed = zip(*(flags for _, flags in fields), strict=True)
    papers = list(map(readable, titles, abstracts, is_printed))
    labelled = by.of_texts(papers, lambda known: _decoded(partial(judged_rows, batch, papers, known), partition))
    left_out = {abstract, *labelled.column_names}
    kept = [name for name in names if name not in left_out and not _UNNAMED_INDEX.fullmatch(name)]
    columns = {name: batch.column(name) for name in kept} | {name: labelled[name] for name in labelled.column_names}
    return pa.table(columns)


def _decoded(read: Callable[[], Any], partition: Partition) -> Any:
    """What ``read`` returns.

    Raises:
        InputError: a text of the file is not UTF-8.
    """
    try:
        return read()
    except UnicodeDecodeError as error:
        raise _damaged(partition, error) from error


def _damaged(partition: Partition, error: Exception) -> InputError:
    return InputError(f"{partition.source} is a damaged Parquet file: {error}", "fetch or export it again")


def _labelled_tables(papers: Iterator[Paper], by: Labels) -> Iterator[pa.Table]:
    """Papers of any format as columns without their abstracts, and their labels."""
    import pyarrow as pa

    schema, is_first = _paper_schema(), True
    while (batch := list(islice(papers, _BATCH_ROWS))) or is_first:
        is_first = False
        texts = [(paper.title, paper.abstract) for paper in batch]
        labelled = by.of_texts(texts, partial(_judged_papers, batch))
        records = [{key: value for key, value in paper.to_dict().items() if key != "abstract"} for paper in batch]
        tables = (pa.Table.from_pylist(records, schema), labelled)
        yield pa.table({name: table[name] for table in tables for name in table.column_names})


def _judged_papers(papers: Sequence[Paper], verdicts: Verdicts) -> dict[int, Verdict]:
    return {row: verdict for row, verdict in enumerate(verdicts.of(papers)) if verdict}


def _paper_schema() -> pa.Schema:
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    kinds = {"id": text, "ids": texts, "title": text, "authors": texts, "date": text, "url": text}
    return pa.schema(kinds | {"categories": texts, "source": text, "flags": texts})


def _write_tables(
    target: str, given: Input, tables: Iterable[pa.Table], job: Job, progress: Progress
) -> PartitionResult:
    """Write tables of labels as one Parquet file."""
    import pyarrow.parquet as pq

    remaining, decisions = iter(tables), Counter[str]()
    first = next(remaining)
    with new_part(target, given, job.run) as part:
        with pq.ParquetWriter(part.stream, first.schema, **PARQUET) as writer:
            for table in chain([first], remaining):
                writer.write_table(table)
                decisions.update(table["decision"].to_pylist())
                progress(len(table))
        part.papers = decisions.total()
    return PartitionResult(decisions, parts=part.records)


def _write_papers(
    target: str, given: Input, papers: Iterable[Paper], by: Labels, progress: Progress
) -> PartitionResult:
    """Write papers with their labels as one file of any output."""
    decisions = Counter[str]()

    def labelled() -> Iterator[LabelledPaper]:
        for item in by.of_papers(papers):
            decisions[item.decision] += 1
            progress(1)
            yield item

    with new_part(target, given, by.job.run) as part:
        out = TextIOWrapper(part.stream, encoding="utf-8", errors="replace", newline="")
        writer_named(Path(target).suffix[1:]).write(labelled(), out, by.job.names)
        out.flush()
        out.detach()
        part.papers = decisions.total()
    return PartitionResult(decisions, parts=part.records)


@lru_cache(maxsize=1)
def _keep_memory() -> None:
    """Make the allocator keep freed memory, once a process.

    Each batch needs as much memory as the last one; asking the system for it again takes a seventh of the time. Only
    glibc has the setting (mallopt(3)).
    """
    import ctypes

    with suppress(AttributeError, OSError, TypeError):
        for parameter in (_TRIM_THRESHOLD, _MMAP_THRESHOLD, _TOP_PAD):
            ctypes.CDLL(None).mallopt(parameter, _KEPT_BYTES)
    with suppress(ImportError):  # formats other than Parquet do not need it
        import pyarrow as pa

        pa.set_memory_pool(pa.system_memory_pool())


def _ready_labels(job: Job) -> Labels:
    """What labels come from, made when the first part is to be labelled."""
    _keep_memory()
    return Labels.of(job)
