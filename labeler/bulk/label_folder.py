"""The folder that the parts of a run go to: whose it is, what is done in it, and how it looks when all is done.

Its record says which papers, model and output the labels are of. When all are labelled it also has the digests of all
parts and inputs. A folder that :func:`labeler.folder_lock.lock_folder` cannot lock has the name of the latest run in
the record: a run that finds another name at its end was overtaken, and stops.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, takewhile
from typing import Any
from uuid import uuid4

from labeler.bulk.inputs import open_input
from labeler.bulk.job import Job
from labeler.bulk.part_files import RUN, PartRecord, adopt_part, check_run, is_whole, record_name, write_record
from labeler.bulk.parts import RUN_RECORD, Partition
from labeler.bulk.work import PartitionResult
from labeler.errors import InputError, RefusedError
from labeler.files import canonical_json, regular_bytes, sha256
from labeler.json_parsing import parse_json
from labeler.modelstore import Version
from labeler.score.persistence import REPORT
from labeler.storage import (
    exists,
    file_names,
    file_size,
    join_path,
    read_file,
    remove_file,
    remove_temporary_files,
    write_file,
)

_PART = re.compile(r"part-\d{5,}-\d{5,}\.\w+")
_RECORD = re.compile(record_name(_PART.pattern))
_MODEL, _MODEL_FILES, _INPUTS, _OUTPUT = "model", "files_of_model", "inputs", "output"
_SCHEME, _JUDGEMENTS = "scheme", "judgements"
_PAPERS, _PARTS, _SOURCES = "papers", "parts", "sources"
_OTHERS = "of other papers, of another model, or from before the topics or judgements changed"


@dataclass(frozen=True, slots=True)
class LabelFolder:
    """The folder of a run: its ``record`` says what the labels are of.

    ``is_temporary`` says that its parts become one file: what another run left in it is of no use to anybody.
    """

    address: str
    record: dict[str, Any]
    is_temporary: bool
    run: str = field(default_factory=lambda: uuid4().hex)

    def claim(self, work: Sequence[Partition]) -> int | None:
        """Take the folder for this run: the number of its papers if all ``work`` is done, else None.

        Raises:
            RefusedError: the folder holds other labels, or other files.
        """
        former = self.former()
        if former is not None:
            if _PAPERS in former:
                parts = former[_PARTS]
                if self._is_finished(parts, former[_SOURCES], work):
                    self._tidy()
                    papers: int = former[_PAPERS]
                    return papers
                for part in parts:
                    write_record(self.address, part)
            self._adopt(former[_INPUTS], work)
        else:
            self._remove(self._names())
        self._write({RUN: self.run})
        return None

    def former(self) -> dict[str, Any] | None:
        """The record of an earlier run of the same papers and model, which this one goes on with; None without one.

        Raises:
            RefusedError: the folder holds other labels, or other files.
        """
        former = self._found()
        if former is not None and self.record | _description(former) == self.record:
            return former
        others = [name for name in self._names() if not _RECORD.fullmatch(name)]
        if others and not (self.is_temporary and all(map(_PART.fullmatch, others))):
            what = "other files" if former is None else f"labels {_OTHERS}"
            raise RefusedError(f"{self.address} holds {what}", "name another folder, or remove that one")
        return None

    def check(self) -> None:
        """Look whether the folder is still this run's.

        Raises:
            RefusedError: another run has taken it.
        """
        check_run(self.address, self.run)

    def finish(self, outcome: PartitionResult) -> None:
        """Leave the parts of this run and a record that names them, and nothing else of what runs write."""
        self.check()
        wanted = {part.name for part in outcome.parts}
        self._remove([name for name in self._names() if _PART.fullmatch(name) and name not in wanted])
        remove_temporary_files(self.address)
        papers = outcome.labelled_before + outcome.papers
        sources = [digest for _, _, digest in sorted(outcome.sources)]
        self._write({_PAPERS: papers, _SOURCES: sources, _PARTS: [part._asdict() for part in sorted(outcome.parts)]})
        self._tidy()

    def _adopt(self, inputs: Sequence[Any], work: Sequence[Partition]) -> None:
        """Take over the parts that an earlier version wrote, which knew inputs by name and size: ``inputs``."""
        for partition in work:
            known = inputs[partition.file_number]
            if isinstance(known, str) or known[1] != file_size(partition.source):
                continue
            with open_input(partition) as given:
                numbers = count() if partition.groups is None else [partition.number]
                for target in takewhile(exists, map(partition.target, numbers)):
                    adopt_part(target, partition.papers or 0, given)

    def _is_finished(self, parts: Sequence[PartRecord], sources: Sequence[str], work: Sequence[Partition]) -> bool:
        """Whether all parts are whole, and all inputs the same."""
        if len(sources) != len(work) or not all(is_whole(self.address, part) for part in parts):
            return False
        for partition, digest in zip(work, sources, strict=True):
            with open_input(partition) as given:
                if given.digest != digest:
                    return False
        return True

    def _found(self) -> dict[str, Any] | None:
        """The record that lies in the folder, None where there is none.

        Raises:
            RefusedError: it is damaged, or another program's.
        """
        path = join_path(self.address, RUN_RECORD)
        if not exists(path):
            return None
        try:
            return _checked(parse_json(read_file(path)))
        except (InputError, ValueError) as error:
            if self.is_temporary:
                return None
            raise RefusedError(f"{path} is damaged", "name another folder, or remove that one") from error

    def _names(self) -> list[str]:
        """What lies in the folder, but for its record and what is hidden."""
        return [name for name in file_names(self.address) if name != RUN_RECORD and not name.startswith(".")]

    def _tidy(self) -> None:
        """Remove the records of single parts, which are in that of the run."""
        with suppress(InputError):  # where nothing may be removed they may stay
            self._remove([name for name in self._names() if _RECORD.fullmatch(name)])

    def _remove(self, names: Sequence[str]) -> None:
        for name in names:
            remove_file(join_path(self.address, name))

    def _write(self, more: dict[str, Any]) -> None:
        with write_file(join_path(self.address, RUN_RECORD)) as stream:
            stream.write(json.dumps(self.record | more, indent=1).encode())


def described(version: Version, job: Job, files: Sequence[str], output: str) -> dict[str, Any]:
    """What labels are of, as the record of their folder says it: a run goes on only where this is the same.

    Of a workspace it has the checksums of the scheme and of the log (with names that are one person), None without one.
    """
    scheme = None if job.scheme is None else canonical_json(job.scheme.to_dict()).encode("utf-8", "replace")
    people = canonical_json(job.people).encode("utf-8", "replace") if job.people else b""
    log = None if job.log is None else regular_bytes(job.log) + people
    checksums = {name: sums.crc32 or sums.sha256 for name, sums in version.manifest.files.items()}
    return {
        _MODEL: version.label,
        _MODEL_FILES: _without_report(checksums),
        _INPUTS: [posixpath.basename(file) for file in files],
        _OUTPUT: output,
        _SCHEME: None if scheme is None else sha256(scheme)[:16],
        _JUDGEMENTS: None if log is None else sha256(log)[:16],
    }


def _checked(former: Any) -> dict[str, Any]:
    """The record that lay in a folder, with its parts where all papers are labelled.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(former, dict) or not _is_description(former):
        raise ValueError("it does not say what the labels are of")
    if not former.keys() >= {_PAPERS, _PARTS, _SOURCES}:  # unfinished, or of a version that knew no digests
        return {key: value for key, value in former.items() if key != _PAPERS}
    papers, parts, sources = former[_PAPERS], former[_PARTS], former[_SOURCES]
    if not (type(papers) is int and isinstance(parts, list) and _is_texts(sources)):
        raise ValueError("it does not say what was labelled")
    records = [PartRecord.of(part) for part in parts]
    if not all(_PART.fullmatch(part.name) for part in records):
        raise ValueError("a part has another name")
    return former | {_PARTS: records}


def _is_description(former: Mapping[str, Any]) -> bool:
    files, inputs = former.get(_MODEL_FILES), former.get(_INPUTS)
    return (
        isinstance(former.get(_MODEL), str)
        and isinstance(former.get(_OUTPUT), str)
        and isinstance(files, dict)
        and isinstance(inputs, list)
        and all(
            isinstance(name, str) or (isinstance(name, list) and list(map(type, name)) == [str, int]) for name in inputs
        )
    )


def _is_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _description(former: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a record. Earlier versions had a size beside the name of each input, and nothing of a workspace."""
    inputs = [name if isinstance(name, str) else name[0] for name in former[_INPUTS]]
    return {
        _MODEL: former[_MODEL],
        _MODEL_FILES: _without_report(former[_MODEL_FILES]),
        _INPUTS: inputs,
        _OUTPUT: former[_OUTPUT],
        **{key: former[key] for key in (_SCHEME, _JUDGEMENTS) if key in former},
    }


def _without_report(files: Mapping[str, str]) -> dict[str, str]:
    """The checksums of a model's files without its report, which changes no label."""
    return {name: checksum for name, checksum in files.items() if name != REPORT}
