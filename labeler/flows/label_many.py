"""Topics for very many papers: in partitions, by one process, several, or a cluster. A run that was ended resumes."""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from labeler.bulk.first_paper import refusal_of
from labeler.bulk.job import Job
from labeler.bulk.join import join_parts
from labeler.bulk.label_folder import LabelFolder, described
from labeler.bulk.parts import Partition, partitions
from labeler.bulk.work import PartitionResult, Progress, label
from labeler.config import Workspace
from labeler.digests.opening import files_of, may_be_fetched, members_of
from labeler.digests.source import Refusal
from labeler.errors import InputError, RefusedError, ServerError, UsageError
from labeler.files import check_folder
from labeler.flows.label_history import RunHistory
from labeler.flows.scheme_today import scheme_today
from labeler.folder_lock import lock_folder
from labeler.modelstore import ModelStore, Version
from labeler.processes import worker_processes
from labeler.storage import list_files, local_path, make_absolute, remove_folder, unwritable

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
    """The result of a run: the model, the counts of papers and decisions, and the number of input files.

    ``notes`` say how the topics are given.
    """

    version: Version
    outcome: PartitionResult
    files: int
    notes: tuple[str, ...] = ()

    @property
    def labelled_before(self) -> int:
        """How many papers had labels that an earlier run wrote."""
        return self.outcome.labelled_before


def label_many(
    store: ModelStore,
    request: LabelManyRequest,
    start_progress: Callable[[int | None], Progress] = lambda _: lambda _: None,
    workspace: Workspace | None = None,
) -> LabelManyResult:
    """Label all papers of some files, in their order, with a row for each paper.

    A model of the ``workspace``'s scheme gives the topics that the scheme has today, and those that people gave.

    ``start_progress`` is called with the number of papers to label (None: it is not known), and returns the function
    that is called with the number of papers done since its last call.

    Raises:
        InputError: an input is missing, damaged or of no known format.
        NotFoundError: there is no such model.
        RefusedError: the folder holds labels of other papers or of another model, or another run writes to it.
        ServerError: the cluster cannot be reached, or a worker process was ended; the next run resumes.
    """
    version = store.find_or_shipped(request.model)
    history = RunHistory(workspace) if workspace else None
    files = _files(request.inputs)
    job, notes, folder, work = _prepared(version, files, request, workspace)
    with lock_folder(folder.address) as is_free:
        if not is_free:
            raise RefusedError(
                f"another run is writing labels to {request.output} now",
                "wait until it has ended, or name another place",
            )
        outcome = _labelled(folder, work, request, replace(job, run=folder.run), start_progress)
    if outcome.refused and not (outcome.labelled_before or outcome.papers):
        raise _no_papers(files, outcome.refusals[0])
    left = _left(history, request, version, outcome)
    return LabelManyResult(version, outcome, len(files), (*notes, *outcome.notes, *left))


@dataclass(frozen=True, slots=True)
class LabelManyPlan:
    """What :func:`label_many` would do: label the ``papers`` (None: nobody has counted them) of ``files`` in ``parts``.

    It ``goes_on`` with what an earlier run has labelled.
    """

    version: Version
    files: int
    parts: int
    papers: int | None
    goes_on: bool
    notes: tuple[str, ...] = ()


def label_many_plan(store: ModelStore, request: LabelManyRequest, workspace: Workspace | None = None) -> LabelManyPlan:
    """What a run would do. Of each input only the first paper is read, and nothing is labelled.

    Raises:
        LabelerError: as for :func:`label_many`, but for what only shows when all papers are read.
    """
    version, files = store.find_or_shipped(request.model), _files(request.inputs)
    _, notes, folder, work = _prepared(version, files, request, workspace)
    former, path = folder.former(), local_path(folder.address)
    try:
        if path is not None:
            check_folder(path)
    except OSError as error:
        raise unwritable(request.output, error) from error
    refusals = [refusal for one in work if (refusal := refusal_of(one, request.format_name))]
    if refusals and len(refusals) == len(work):
        raise _no_papers(files, refusals[0])
    sizes = [partition.papers for partition in work]
    papers = None if None in sizes else sum(filter(None, sizes))
    return LabelManyPlan(version, len(files), len(work), papers, former is not None, notes)


def _no_papers(files: Sequence[str], refusal: Refusal) -> InputError:
    return InputError(f"no papers in {', '.join(files[:3])}: {refusal}", "see `labeler read --formats`")


def _prepared(
    version: Version, files: Sequence[str], request: LabelManyRequest, workspace: Workspace | None
) -> tuple[Job, tuple[str, ...], LabelFolder, list[Partition]]:
    """What labels come from, notes on that, the folder that they go to, and the work.

    Raises:
        InputError: an input is missing or damaged.
        UsageError: nobody is to work.
    """
    address = make_absolute(_parts_folder(request.output) if request.one_file else request.output)
    if request.jobs == 0:
        raise UsageError("--jobs 0 leaves nobody to work", "name how many processes, or -1: one a core")
    job, notes = _job(version, request, workspace)
    work = partitions(files, address, request.suffix)
    return job, notes, LabelFolder(address, described(version, job, files, request.suffix), request.one_file), work


def _left(
    history: RunHistory | None, request: LabelManyRequest, version: Version, outcome: PartitionResult
) -> list[str]:
    """Leave the counts of the run in the history: the papers are too many to be named. Return messages about that."""
    if history is None or not outcome.papers:
        return []
    return history.leave(request.inputs, version.label, outcome.papers, outcome.decisions, {})


def _files(inputs: Sequence[str]) -> list[str]:
    """The files that the inputs stand for, in their order; what is fetched lies in files, too."""
    listed = [(each, list_files([each])) for each in inputs if not may_be_fetched(each)]
    is_one = sum(len(files) for _, files in listed) == 1
    found = {each: [member for file in files for member in members_of(file, not is_one)] for each, files in listed}
    return [file for each in inputs for file in (found[each] if each in found else files_of(each))]


def _job(version: Version, request: LabelManyRequest, workspace: Workspace | None) -> tuple[Job, tuple[str, ...]]:
    """What all partitions share, and notes on how topics are given."""
    today = scheme_today(version, workspace)
    job = Job(version.folder, version.label, version.precision, today.names, request.format_name, today.scheme)
    if today.scheme is None or workspace is None or not workspace.judgements.exists():
        return job, today.notes
    from labeler.annotators.consensus_labels import settled_in, verdicts_in
    from labeler.judgements.pseudonyms import names_shown

    if not verdicts_in(workspace, today.scheme):
        return job, today.notes
    return replace(
        job,
        log=workspace.judgements,
        private=workspace.private,
        people=names_shown(workspace),
        settled=settled_in(workspace, today.scheme),
    ), today.notes


def _labelled(
    folder: LabelFolder,
    work: Sequence[Partition],
    request: LabelManyRequest,
    job: Job,
    start_progress: Callable[[int | None], Progress],
) -> PartitionResult:
    """Label what no earlier run has labelled, and leave the folder or the file as it is when all is done."""
    finished = folder.claim(work)
    if finished is not None:
        return PartitionResult(labelled_before=finished)
    sizes = [partition.papers for partition in work]
    progress = start_progress(None if None in sizes else sum(filter(None, sizes)))
    outcome = sum(_results(job, work, request, progress), start=PartitionResult())
    if outcome.parts:
        if not request.one_file:
            folder.finish(outcome)
            return outcome
        folder.check()
        join_parts(folder.address, outcome.parts, request.suffix, request.output)
    if request.one_file:
        remove_folder(folder.address)
    return outcome


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
            progress(result.papers + result.labelled_before)
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
            progress(result.papers + result.labelled_before)
            yield result


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UsageError("a cluster needs dask.distributed", "pip install 'labeler[dask]'") from error
    if address == LOCAL:
        where = {"dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
        # What fails is raised here, too; a worker that is slow to end would print a traceback.
        cluster = LocalCluster(**where, silence_logs=logging.CRITICAL)  # type: ignore[no-untyped-call]
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
