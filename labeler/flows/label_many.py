"""Topics for very many papers: in partitions, by one process, several, or a cluster. A run that was ended resumes."""

from __future__ import annotations

import json
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeler.bulk.join import join_parts
from labeler.bulk.parts import RUN_RECORD, Partition, partitions
from labeler.bulk.work import Job, PartitionResult, Progress, label
from labeler.errors import InputError, RefusedError, ServerError, UsageError
from labeler.modelstore import ModelStore, Version
from labeler.processes import worker_processes
from labeler.score.persistence import REPORT
from labeler.storage import (
    exists,
    file_size,
    is_folder,
    join_path,
    list_files,
    make_absolute,
    open_file,
    remove_folder,
    remove_temporary_files,
    write_file,
)

LOCAL = "local"  # the address that stands for a cluster on this machine


@dataclass(frozen=True, slots=True)
class LabelManyRequest:
    """Which papers are labelled by which model, where their labels go, and who does the work.

    ``suffix`` is the output that the labels are written in. They go to the folder ``output``, or to one file of that
    name (``one_file``). The work is done by ``jobs`` processes (-1: one a core), or by the dask cluster at the address
    ``dask``.
    """

    inputs: Sequence[str]
    output: str
    suffix: str
    one_file: bool
    model: str | None = None
    format_name: str | None = None
    jobs: int = 1
    dask: str | None = None


@dataclass(frozen=True, slots=True)
class LabelManyResult:
    """The result of a run: the model, the counts of papers and decisions, and the number of input files."""

    version: Version
    outcome: PartitionResult
    files: int

    @property
    def labelled_before(self) -> int:
        """How many papers had labels that an earlier run wrote."""
        return self.outcome.labelled_before


def label_many(
    store: ModelStore,
    request: LabelManyRequest,
    start_progress: Callable[[int | None], Progress] = lambda _: lambda _: None,
) -> LabelManyResult:
    """Label all papers of some files, in their order, with a row for each paper.

    ``start_progress`` is called with the number of papers to label (None: it is not known), and returns the function
    that is called with the number of papers done since its last call.

    Raises:
        InputError: an input is missing, damaged or of no known format.
        NotFoundError: there is no such model.
        RefusedError: the folder holds labels of other papers or of another model.
        ServerError: the cluster cannot be reached, or a worker process was ended; the next run resumes.
    """
    version = store.find_or_shipped(request.model)
    files = list_files(request.inputs)
    folder = make_absolute(_parts_folder(request.output) if request.one_file else request.output)
    if request.jobs == 0:
        raise UsageError("--jobs 0 leaves nobody to work", "name how many processes, or -1: one a core")
    record = _run_record(version, files, request.suffix)
    work = partitions(files, folder, request.suffix)
    finished = _claim(folder, record)
    if finished is not None:
        return LabelManyResult(version, PartitionResult(labelled_before=finished), len(files))
    job = Job(version.folder, version.label, version.precision, version.names, request.format_name)
    outcome = _label_partitions(job, work, request, start_progress)
    if outcome.refused and not (outcome.labelled_before or outcome.papers):
        raise InputError(f"no papers in {', '.join(files[:3])}: {outcome.refusals[0]}", "see `labeler read --formats`")
    if request.one_file:
        join_parts(folder, request.suffix, request.output)
        remove_folder(folder)
    else:
        remove_temporary_files(folder)
        _write_record(folder, record | {"papers": outcome.labelled_before + outcome.papers})
    return LabelManyResult(version, outcome, len(files))


def _label_partitions(
    job: Job,
    work: Sequence[Partition],
    request: LabelManyRequest,
    start_progress: Callable[[int | None], Progress],
) -> PartitionResult:
    """Label the partitions that no earlier run has labelled; the result of all."""
    remaining, before = [], PartitionResult()
    for partition in work:
        if partition.is_labelled:
            before += PartitionResult(labelled_before=partition.papers or 0)
        else:
            remaining.append(partition)
    sizes = [partition.papers for partition in remaining]
    progress = start_progress(None if None in sizes else sum(filter(None, sizes)))
    return sum(_results(job, remaining, request, progress), start=before)


def _results(
    job: Job, work: Sequence[Partition], request: LabelManyRequest, progress: Progress
) -> Iterator[PartitionResult]:
    if request.dask is not None:
        yield from _on_cluster(job, work, request.dask, progress)
    elif request.jobs == 1 or len(work) < 2:
        for partition in work:
            yield label(job, partition, progress)
    else:
        yield from _in_processes(job, work, request.jobs, progress)


def _in_processes(job: Job, work: Sequence[Partition], jobs: int, progress: Progress) -> Iterator[PartitionResult]:
    from joblib import delayed

    hint = "run the command again, it goes on where this one stopped; --jobs 1 needs the least memory"
    with worker_processes(jobs, hint, return_as="generator_unordered", batch_size=1) as parallel:
        for result in parallel(delayed(label)(job, partition) for partition in work):
            progress(result.papers)
            yield result


def _on_cluster(job: Job, work: Sequence[Partition], address: str, progress: Progress) -> Iterator[PartitionResult]:
    """Label on the workers of dask.distributed. When a worker dies, another one labels its partition."""
    from distributed import KilledWorker, as_completed

    with _cluster(address) as client:
        futures = client.map(label, [job] * len(work), list(work), pure=False, retries=3)
        for future in as_completed(futures):  # type: ignore[no-untyped-call]
            try:
                result = future.result()
            except (KilledWorker, CancelledError) as error:
                raise ServerError(
                    "the cluster lost its workers (is there too little memory?)",
                    "run the command again, it goes on where this one stopped",
                ) from error
            progress(result.papers)
            yield result


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UsageError("a cluster needs dask.distributed", "pip install 'labeler[dask]'") from error
    if address == LOCAL:
        cluster = LocalCluster(dashboard_address="127.0.0.1:0", host="127.0.0.1")  # type: ignore[no-untyped-call]
        with cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]
            yield client
        return
    try:
        client = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except Exception as error:  # a malformed address raises errors of many types
        raise ServerError(f"no dask cluster answers at {address}", "is its scheduler running there?") from error
    with client:
        yield client


def _parts_folder(output: str) -> str:
    """The folder of the parts of one file: beside it, until they are joined."""
    folder, slash, name = output.rpartition("/")
    return f"{folder}{slash}.{name}.parts"


def _run_record(version: Version, files: Sequence[str], suffix: str) -> dict[str, Any]:
    """The record of a run, which its folder holds: a run resumes another one only where their records are equal."""
    return {
        "model": version.label,
        "files_of_model": _without_report(
            {name: sums.crc32 or sums.sha256 for name, sums in version.manifest.files.items()}
        ),
        "inputs": [[Path(file).name, file_size(file)] for file in files],
        "output": suffix,
    }


def _without_report(files: dict[str, str]) -> dict[str, str]:
    """The checksums of a model's files without its report, which changes no label."""
    return {name: checksum for name, checksum in files.items() if name != REPORT}


def _claim(folder: str, record: dict[str, Any]) -> int | None:
    """Take a folder for the labels of a run: the number of its papers if all are labelled, else None.

    A folder without a record gets this one.

    Raises:
        RefusedError: the folder holds other labels, or other files.
    """
    path = join_path(folder, RUN_RECORD)
    if not exists(path):
        if _holds_files(folder):
            raise RefusedError(f"{folder} holds other files", "name a folder that is new, or empty")
        _write_record(folder, record)
        return None
    former, finished = _read_record(path)
    if former == record:
        return finished
    if _holds_files(folder):
        raise RefusedError(
            f"{folder} holds labels of other papers, or by another model", "name another folder, or remove that one"
        )
    _write_record(folder, record)
    return None


def _read_record(path: str) -> tuple[dict[str, Any], int | None]:
    """The record in a folder of labels, and the number of its papers if all are labelled.

    Raises:
        RefusedError: the record is damaged, or another program's.
    """
    try:
        with open_file(path) as stream:
            record = json.load(stream)
        finished = record.pop("papers", None)
        record["files_of_model"] = _without_report(record["files_of_model"])
        return record, None if finished is None else int(finished)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise RefusedError(f"{path} is damaged", "name another folder, or remove that one") from error


def _holds_files(folder: str) -> bool:
    try:
        return is_folder(folder) and bool(list_files([folder]))
    except InputError:
        return False


def _write_record(folder: str, record: dict[str, Any]) -> None:
    with write_file(join_path(folder, RUN_RECORD)) as stream:
        stream.write(json.dumps(record, indent=1).encode())
