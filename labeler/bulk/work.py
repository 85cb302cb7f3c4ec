"""One portion of the work: papers in, labels out. It runs in any process, here or on a cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.bulk.columns import labels, seen
from labeler.bulk.parts import PAPERS, Portion
from labeler.digests import Source, stream_papers
from labeler.digests.fields import columns_of, has_paper_fields, paper_of, readable
from labeler.digests.source import Refusal
from labeler.errors import InputError
from labeler.papers import Paper
from labeler.publish import LabelledPaper, labelled_papers, writer_named
from labeler.score.persistence import load_model
from labeler.storage import exists, is_remote, opened, size_of, written

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.score.model import TopicModel

_AT_ONCE = 4096  # rows
_TOLD = 10
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # of malloc.h
_KEPT = 1 << 26  # bytes


@dataclass(frozen=True, slots=True)
class Job:
    """What all portions share: the model, and the format that the papers are in where guessing fails."""

    model: Path
    version: str
    precision: float
    names: Mapping[str, str]
    format_name: str | None = None


@dataclass
class Outcome:
    """What became of a portion: papers labelled now, papers that were there, records that could not be used."""

    papers: int = 0
    before: int = 0
    decisions: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Take in another portion."""
        self.papers += other.papers
        self.before += other.before
        self.refused += other.refused
        self.refusals = (self.refusals + other.refusals)[:_TOLD]
        for decision, count in other.decisions.items():
            self.decisions[decision] = self.decisions.get(decision, 0) + count


def label(job: Job, portion: Portion, tell: Callable[[int], None] = lambda _: None) -> Outcome:
    """Label a portion; what is there already is left alone. ``tell`` hears how many papers more are done.

    Raises:
        InputError: the papers cannot be read, or the labels not be written.
    """
    if portion.done:  # by a worker whose word of it was lost
        return Outcome(before=portion.papers or 0)
    _keep_memory()
    model = _model(job.model)
    if portion.groups is None:
        return _label_file(job, portion, model, tell)
    done = Outcome()
    if portion.suffix == "parquet":
        tables = (_labelled_columns(batch, job, model, portion) for batch in _batches(portion))
        _write_tables(portion.target(portion.number), tables, done, tell)
    else:
        papers = _usable(_papers_in(portion), done)
        if first := list(islice(papers, 1)):  # without a paper there is no part: it would look like one that is done
            _write_papers(portion.target(portion.number), chain(first, papers), job, model, done, tell)
    return done


def _label_file(job: Job, portion: Portion, model: TopicModel, tell: Callable[[int], None]) -> Outcome:
    """A file of any format, one part after the other."""
    if not size_of(portion.source):  # one among thousands, say: the others are labelled
        return Outcome(refused=1, refusals=[Refusal(Path(portion.source).name, "", "it is empty")])
    done, number = Outcome(), 0
    source = Source(portion.source, partial(opened, portion.source) if is_remote(portion.source) else None)
    papers = _usable(stream_papers([source], job.format_name), done)
    while first := list(islice(papers, 1)):
        some, target = chain(first, islice(papers, PAPERS - 1)), portion.target(number)
        if exists(target):
            done.before += sum(1 for _ in some)
        elif portion.suffix == "parquet":
            _write_tables(target, _tables(some, job, model), done, tell)
        else:
            _write_papers(target, some, job, model, done, tell)
        number += 1
    return done


def _usable(papers: Iterable[Paper | Refusal], done: Outcome) -> Iterator[Paper]:
    """The papers; what could not be used is counted."""
    for item in papers:
        if isinstance(item, Refusal):
            done.refused += 1
            done.refusals = [*done.refusals, item][:_TOLD]
        else:
            yield item


def _batches(portion: Portion) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with opened(portion.source) as stream:
            # Without pre_buffer=False, pyarrow keeps what it has read: memory grows with the file.
            file = pq.ParquetFile(stream, pre_buffer=False)
            names = file.schema_arrow.names
            if not has_paper_fields(names):
                name = Path(portion.source).name
                raise InputError(
                    f"{name} has no column title or abstract, only: {', '.join(names)}", "rename the columns"
                )
            if not portion.papers:
                yield pa.RecordBatch.from_pylist([], file.schema_arrow)
            yield from file.iter_batches(_AT_ONCE, row_groups=portion.groups, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{portion.source} is a damaged Parquet file: {error}", "fetch or export it again") from error


def _papers_in(portion: Portion) -> Iterator[Paper | Refusal]:
    row, name = 0, Path(portion.source).name
    for batch in _batches(portion):
        for fields in _valid(batch.to_pylist, portion):
            row += 1
            try:
                yield paper_of(fields, name)
            except ValueError as error:
                yield Refusal(name, f"part {portion.number}, row {row}", str(error))


def _labelled_columns(batch: pa.RecordBatch, job: Job, model: TopicModel, portion: Portion) -> pa.Table:
    """All columns of a batch but the abstract, which is long and is known by the others, and the labels."""
    import pyarrow as pa

    names = batch.schema.names
    abstract = next(iter(columns_of(names, "abstract")), None)
    fields = [_valid(partial(_field, batch, field), portion) for field in ("title", "abstract")]
    (titles, _), (abstracts, _) = fields
    plain = zip(*(told for _, told in fields), strict=True)
    told = labels(map(readable, titles, abstracts, plain), model, job.version, job.precision)
    kept = [name for name in names if name != abstract and name not in told.column_names]
    columns = {name: batch.column(name) for name in kept} | {name: told[name] for name in told.column_names}
    return pa.table(columns)


def _valid(read: Callable[[], Any], portion: Portion) -> Any:
    try:
        return read()
    except UnicodeDecodeError as error:
        raise InputError(f"{portion.source} is a damaged Parquet file: {error}", "fetch or export it again") from error


def _field(batch: pa.RecordBatch, field: str) -> tuple[list[str], list[bool]]:
    """The texts of a field, of each row those of the first column that holds something, and which are :func:`seen`."""
    found, plain = [""] * len(batch), np.ones(len(batch), bool)
    for name in columns_of(batch.schema.names, field):
        texts = _texts(batch.column(name))
        plain &= seen(batch.column(name))
        found = [one if one and not one.isspace() else other for one, other in zip(found, texts, strict=True)]
        if all(found):
            break
    return found, plain.tolist()


def _texts(column: pa.Array) -> list[str]:
    texts: list[Any] = column.to_pylist()
    if any(type(text) is not str for text in texts):
        texts = [" ".join(map(str, text)) if isinstance(text, list) else _text(text) for text in texts]
    return texts


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _tables(papers: Iterator[Paper], job: Job, model: TopicModel) -> Iterator[pa.Table]:
    """Papers of any format as columns, without their abstracts, and their labels."""
    import pyarrow as pa

    while some := list(islice(papers, _AT_ONCE)):
        told = labels([(paper.title, paper.abstract) for paper in some], model, job.version, job.precision)
        facts = pa.Table.from_pylist(
            [{key: value for key, value in paper.to_dict().items() if key != "abstract"} for paper in some], _facts()
        )
        yield pa.table({name: table[name] for table in (facts, told) for name in table.column_names})


def _facts() -> pa.Schema:
    import pyarrow as pa

    texts, lists = pa.string(), pa.list_(pa.string())
    kinds = {"id": texts, "ids": lists, "title": texts, "authors": lists, "date": texts, "url": texts}
    return pa.schema(kinds | {"categories": lists, "source": texts, "flags": lists})


def _write_tables(target: str, tables: Iterable[pa.Table], done: Outcome, tell: Callable[[int], None]) -> None:
    import pyarrow.parquet as pq

    waiting = iter(tables)
    first = next(waiting)
    # Without dictionaries, files are written faster and are smaller: most values come once, others compress well.
    options = {"compression": "zstd", "use_dictionary": False}
    with written(target) as out, pq.ParquetWriter(out, first.schema, **options) as writer:
        for table in chain([first], waiting):
            writer.write_table(table)
            done.add(Outcome(len(table), decisions=Counter(table["decision"].to_pylist())))
            tell(len(table))


def _write_papers(
    target: str, papers: Iterable[Paper], job: Job, model: TopicModel, done: Outcome, tell: Callable[[int], None]
) -> None:
    def counted() -> Iterator[LabelledPaper]:
        for item in labelled_papers(papers, model, job.version, job.precision):
            done.add(Outcome(1, decisions={item.decision: 1}))
            tell(1)
            yield item

    with written(target) as stream:
        out = TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
        writer_named(Path(target).suffix[1:]).write(counted(), out, job.names)
        out.flush()
        out.detach()


@lru_cache(maxsize=1)
def _keep_memory() -> None:
    """Let the allocator keep what is freed: each batch needs as much again, and asking the system anew for every array
    would cost a seventh of the time. Only glibc's can be told so (mallopt(3))."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):
        for parameter in (_TRIM_THRESHOLD, _MMAP_THRESHOLD, _TOP_PAD):
            ctypes.CDLL(None).mallopt(parameter, _KEPT)
    with suppress(ImportError):  # which papers in other formats do without
        import pyarrow as pa

        pa.set_memory_pool(pa.system_memory_pool())


@lru_cache(maxsize=1)
def _model(folder: Path) -> TopicModel:
    return load_model(folder)
