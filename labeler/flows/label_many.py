"""Topics for very many papers: divided into parts, on one core, on all, or on a cluster; a killed run goes on."""

from __future__ import annotations

import json
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeler.bulk.join import joined
from labeler.bulk.parts import NOTE, Portion, portions
from labeler.bulk.work import Job, Outcome, label
from labeler.errors import InputError, RefusedError, ServerError, UsageError
from labeler.modelstore import ModelStore, Version
from labeler.storage import (
    absolute,
    exists,
    files_of,
    inside,
    is_folder,
    opened,
    removed,
    size_of,
    swept,
    written,
)

Tell = Callable[[int], None]
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class LabelManyRequest:
    """Which papers, where their labels go, and who does the work: ``jobs`` processes, or the cluster at ``dask``."""

    inputs: Sequence[str]
    output: str
    suffix: str
    one_file: bool
    model: str | None = None
    format_name: str | None = None
    jobs: int = 1
    dask: str | None = None


@dataclass
class LabelManyResult:
    """What a run came to. ``there`` are papers whose labels an earlier run had written."""

    version: Version
    outcome: Outcome = field(default_factory=Outcome)
    there: int = 0
    files: int = 0


def label_many(
    store: ModelStore,
    wanted: LabelManyRequest,
    begin: Callable[[int | None], Tell] = lambda _: lambda _: None,
) -> LabelManyResult:
    """Label all papers of some files, in their order, a row a paper.

    ``begin`` hears how many papers there are (None: nobody knows), and gives what hears of progress.

    Raises:
        InputError: an input is missing, damaged or of no known format.
        NotFoundError: there is no such model.
        RefusedError: the folder holds labels of other papers or of another model.
        ServerError: the cluster cannot be reached, or a process was ended from outside; the next run goes on.
    """
    version = store.find_or_shipped(wanted.model)
    files = files_of(wanted.inputs)
    folder = absolute(_parts_folder(wanted.output) if wanted.one_file else wanted.output)
    if wanted.jobs == 0:
        raise UsageError("--jobs 0 leaves nobody to work", "name how many processes, or -1: one a core")
    note = _note(version, files, wanted.suffix)
    done = LabelManyResult(version, files=len(files))
    todo = portions(files, folder, wanted.suffix)
    finished = _claim(folder, note)
    if finished is not None:
        done.there = finished
        return done
    left = [portion for portion in todo if not portion.done]
    done.there = sum(portion.papers or 0 for portion in todo if portion.done)
    known = [portion.papers for portion in left]
    tell = begin(None if None in known else sum(filter(None, known)))
    job = Job(version.folder, version.label, version.precision, version.names, wanted.format_name)
    for outcome in _outcomes(job, left, wanted, tell):
        done.outcome.add(outcome)
    done.there += done.outcome.before
    if not (done.there or done.outcome.papers):
        told = f": {done.outcome.refusals[0]}" if done.outcome.refusals else ""
        raise InputError(f"no papers in {', '.join(files[:3])}{told}", "see `labeler read --formats`")
    if wanted.one_file:
        joined(folder, wanted.suffix, wanted.output)
        removed(folder)
    else:
        swept(folder)
        _write_note(folder, note | {"papers": done.there + done.outcome.papers})
    return done


def _outcomes(job: Job, left: Sequence[Portion], wanted: LabelManyRequest, tell: Tell) -> Iterator[Outcome]:
    if wanted.dask is not None:
        yield from _on_cluster(job, left, wanted.dask, tell)
    elif wanted.jobs == 1 or len(left) < 2:
        for portion in left:
            yield label(job, portion, tell)
    else:
        yield from _in_processes(job, left, wanted.jobs, tell)


def _in_processes(job: Job, left: Sequence[Portion], jobs: int, tell: Tell) -> Iterator[Outcome]:
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    work = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    try:
        for outcome in work(delayed(label)(job, portion) for portion in left):
            tell(outcome.papers)
            yield outcome
    except TerminatedWorkerError as error:
        raise ServerError(
            "a process was ended from outside (is there too little memory?)",
            "run the command again, it goes on where this one stopped; --jobs 1 needs the least memory",
        ) from error


def _on_cluster(job: Job, left: Sequence[Portion], address: str, tell: Tell) -> Iterator[Outcome]:
    """On the workers of dask.distributed: what a worker that dies was at, another one does."""
    from distributed import KilledWorker, as_completed

    with _cluster(address) as client:
        waiting = client.map(label, [job] * len(left), list(left), pure=False, retries=3)
        for future in as_completed(waiting):  # type: ignore[no-untyped-call]
            try:
                outcome = future.result()
            except (KilledWorker, CancelledError) as error:
                raise ServerError(
                    "the cluster lost its workers (is there too little memory?)",
                    "run the command again, it goes on where this one stopped",
                ) from error
            tell(outcome.papers)
            yield outcome


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
    except Exception as error:  # an odd address is met in many ways
        raise ServerError(f"no dask cluster answers at {address}", "is its scheduler running there?") from error
    with client:
        yield client


def _parts_folder(output: str) -> str:
    """Where the parts of one file wait: beside it."""
    folder, slash, name = output.rpartition("/")
    return f"{folder}{slash}.{name}.parts"


def _note(version: Version, files: Sequence[str], suffix: str) -> dict[str, Any]:
    """What labels are of: a run may go on only where these are the same."""
    return {
        "model": version.label,
        "files_of_model": version.manifest["files"],
        "inputs": [[Path(file).name, size_of(file)] for file in files],
        "output": suffix,
    }


def _claim(folder: str, note: dict[str, Any]) -> int | None:
    """How many papers' labels a folder holds, if it has them all; one that is new is noted to be for these.

    Raises:
        RefusedError: it holds others.
    """
    path = inside(folder, NOTE)
    if not exists(path):
        if _parts_there(folder):
            raise RefusedError(f"{folder} holds other files", "name a folder that is new, or empty")
        _write_note(folder, note)
        return None
    with opened(path) as stream:
        told = json.load(stream)
    finished = told.pop("papers", None)
    if told != note and not _parts_there(folder):
        _write_note(folder, note)
        return None
    if told != note:
        raise RefusedError(
            f"{folder} holds labels of other papers, or by another model", "name another folder, or remove that one"
        )
    return None if finished is None else int(finished)


def _parts_there(folder: str) -> bool:
    try:
        return is_folder(folder) and bool(files_of([folder]))
    except InputError:
        return False


def _write_note(folder: str, note: dict[str, Any]) -> None:
    with written(inside(folder, NOTE)) as stream:
        stream.write(json.dumps(note, indent=1).encode())
