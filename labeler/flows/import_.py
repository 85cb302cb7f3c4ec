"""The import of judgements into the log: from exports of Label Studio, and from tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labeler.config import Workspace
from labeler.digests.opening import open_sources
from labeler.digests.reading import usable
from labeler.digests.registry import guess, reader_named, text_columns
from labeler.digests.source import Record, Source
from labeler.errors import InputError
from labeler.judgements import Incoming, Judgement, JudgementLog, TableOptions, additions, from_table
from labeler.judgements.from_sheet import CORRECTED, from_sheet, is_sheet, rows_of
from labeler.judgements.incoming import refuse_unknown_labels
from labeler.judgements.judgement import ADJUDICATOR, TABLE
from labeler.judgements.own import is_own, with_own_marked
from labeler.judgements.revise import displaced, known_verdicts
from labeler.judgements.same_people import names_of_people
from labeler.papers.merge import merge
from labeler.storage import is_uri
from labeler.studio.exports import read_exports
from labeler.studio.interface import CONTROL
from labeler.studio.to_judgements import FOREIGN, from_studio, offers_none
from labeler.topics import load_checked_scheme
from labeler.wording import counted, shortened


@dataclass
class ImportResult:
    """The judgements that an import read, and those of them that were new (``added``)."""

    incoming: Incoming
    added: list[Judgement]
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The counts of the import, for people and programs."""
        judgements = self.incoming.judgements
        return {
            "annotations": len(judgements),
            "annotators": len({judgement.annotator for judgement in judgements}),
            "papers": len(merge(judgement.as_paper() for judgement in judgements)),
            "added": len(self.added),
            "corrections": sum(judgement.supersedes is not None for judgement in self.added),
            "known": len(judgements) - len(self.added),
            "skipped": sum(judgement.status == "skipped" for judgement in judgements),
            "empty": self.incoming.empty,
            "not_judged": self.incoming.not_judged,
            "unsure": sum(judgement.unsure for judgement in judgements),
            "drafts_left_out": self.incoming.drafts,
            "ground_truth": self.incoming.ground_truth,
            "verdicts": sum(judgement.role == ADJUDICATOR for judgement in self.added),
            "own_verdicts": sum(map(is_own, self.added)),
            "unknown_labels": dict(self.incoming.unknown_labels.most_common()),
            "unknown_controls": dict(self.incoming.unknown_controls.most_common()),
            "refused": self.incoming.refused,
            "notes": self.notes,
        }


def import_exports(
    workspace: Workspace,
    files: Sequence[str] | Sequence[Source],
    control: str | Sequence[str],
    text_field: str,
    dry_run: bool = False,
) -> ImportResult:
    """Add the judgements of exports of Label Studio to the log. Nothing is written if any file is unusable.

    The labels of an annotation are those of all controls of ``control``, and of those that were imported before.

    Raises:
        InputError: a file is missing, no export, or of another project.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    controls = (control,) if isinstance(control, str) else tuple(control)
    read_before = _controls_by_annotation(JudgementLog(workspace.judgements).read().judgements)
    told: list[str] = []
    sources = [source for file in files for source in (open_sources([file]) if isinstance(file, str) else [file])]
    exports = read_exports(usable(sources, told), controls, read_before)
    offering = {one.project for export in exports if offers_none(export) for one in export.annotations} - {None}
    total = Incoming()
    for export in exports:
        explicit_none = any(annotation.project in offering for annotation in export.annotations)
        incoming = from_studio(export, scheme, export.name, controls[0], text_field, explicit_none)
        if incoming.refused and not incoming.judgements:
            raise InputError(f"none of the annotations in {export.name} can be used: {incoming.refused[0]}")
        if controls == (CONTROL,):
            refuse_unknown_labels(incoming, f"in {export.name}", FOREIGN)
        total.join(incoming)
    if controls == (CONTROL,):  # files of one annotation each are too small to tell
        refuse_unknown_labels(total, f"in {', '.join(export.name for export in exports[:3])}", FOREIGN)
    return _with_notes(told, append(workspace, total, dry_run))


def import_sheets(
    workspace: Workspace, sources: Sequence[Source], annotator: str = "", dry_run: bool = False, separator: str = ""
) -> ImportResult:
    """Add the corrections in sheets of labelled papers to the log.

    ``annotator`` is who corrected them where a row does not say it in a column of that name.

    Raises:
        InputError: a sheet is damaged, or nothing that is written in them can be used.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    log = JudgementLog(workspace.judgements).read().judgements
    incoming, told = Incoming(), list[str]()
    for source in sources:
        meaning = TableOptions(source.name, CORRECTED, True, _changed_at(source.address), annotator.strip(), separator)
        incoming.join(from_sheet(rows_of(source), scheme, meaning, log))
        told += source.notes
    names = ", ".join(source.name for source in sources)
    if not incoming.judgements and incoming.refused:
        raise InputError(f"nothing in {names} can be used: {incoming.refused[0]}", "mend the sheet")
    if not incoming.judgements and not incoming.not_judged:
        told.append(f"{names} has no row with a paper")
    elif not incoming.judgements:
        told.append(f"nothing stands under {CORRECTED!r} in {names}: write the right topics there, or ok")
    known = known_verdicts(log, incoming.judgements)
    new = replace(incoming, judgements=[one for one in incoming.judgements if one.id not in known])
    if any(one.annotator == TABLE for one in new.judgements):
        told.append(f"the annotator is called {TABLE!r} on pages and in mails, unless --annotator says who it was")
    result = replace(append(workspace, new, dry_run), incoming=incoming)
    return _with_notes([*told, *_known_notes(known), *incoming.notes], result)


def _known_notes(known: Mapping[str, str]) -> list[str]:
    """A note on verdicts that the log has under another name (by their ids); none where there are none."""
    if not known:
        return []
    names = " and ".join(map(repr, sorted(set(known.values()))))
    are = "is" if len(known) == 1 else "are"
    return [
        f"{counted(len(known), 'verdict')} of this sheet {are} in the log already, under the name {names}, and not "
        "added again; that this is one person may be said under [annotators] in labeler.toml"
    ]


def sheets_among(sources: Iterable[Source]) -> list[Source]:
    """Those of the inputs that are sheets of labelled papers with a column for corrections."""
    return [source for source in sources if is_sheet(source)]


def import_tables(
    workspace: Workspace,
    files: Sequence[str],
    column: str | Sequence[str],
    complete: bool,
    annotator: str = "",
    format_name: str | None = None,
    dry_run: bool = False,
    separator: str = "",
    *,
    of_tags: bool = False,
) -> ImportResult:
    """Add the judgements of tables with a column of topics (or several) to the log.

    ``complete`` says that a topic that is not named is a no. ``annotator`` is who judged where a row does not say it;
    tables that name nobody are of one annotator. ``separator`` stands between the topics of a cell (default: guessed).
    With ``of_tags``, the files are digests of any format, and the columns ``keywords`` or ``notes`` of their papers.

    Raises:
        InputError: a file is missing or unreadable, has no such column, or names no topic of the scheme.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    columns = (column,) if isinstance(column, str) else tuple(column)
    incoming, rows, told = Incoming(), 0, list[str]()
    for source in usable(open_sources(files), told):
        reader = reader_named(format_name or guess(source))
        records = list(reader.records(source))
        rows += len(records)
        columns_of_text = text_columns(reader, source)
        for record in records:
            if isinstance(record, Record):
                columns_of_text.see(record.fields)
        told += [*source.notes, *filter(None, [columns_of_text.note()])]
        changed = _changed_at(source.address)
        meaning = TableOptions(source.name, columns, complete, changed, annotator.strip(), separator, of_tags)
        incoming.join(from_table(records, scheme, meaning))
    refuse_unknown_labels(incoming, f"in {'the' if of_tags else 'column'} {' or '.join(map(repr, columns))}")
    if not incoming.judgements and (incoming.refused or not rows):
        names = ", ".join(Path(name).name for name in files)
        reason = (incoming.refused or ["it has no rows"])[0]
        hint = "call its columns title and abstract" if reason.endswith("nor an abstract") else "mend the table"
        raise InputError(f"nothing in {names} can be used: {reason}", hint)
    return _with_notes([*told, *incoming.notes], append(workspace, incoming, dry_run))


def _with_notes(told: Sequence[str], result: ImportResult) -> ImportResult:
    """The result, with notes on its files before its own."""
    return replace(result, notes=[*told, *result.notes])


def append(workspace: Workspace, incoming: Incoming, dry_run: bool) -> ImportResult:
    """Add the judgements of ``incoming`` that are new to the log; with ``dry_run`` only count them."""
    log, people = JudgementLog(workspace.judgements), names_of_people(workspace)
    kept, left_out = log.not_forgotten(incoming.judgements)
    incoming = replace(incoming, judgements=kept)

    def new_among(known: Sequence[Judgement]) -> list[Judgement]:
        return additions(known, with_own_marked(kept, known, people))

    if dry_run:
        reading = log.read()
        added, notes = new_among(reading.judgements), reading.faults
    else:
        added, notes = log.update(new_among)
    return ImportResult(incoming, added, [*notes, *left_out, *_displaced_notes(incoming)])


def _displaced_notes(incoming: Incoming) -> list[str]:
    """A note on judgements that others of the same import have displaced; none if there are none."""
    lost = displaced(incoming.judgements)
    if not lost:
        return []
    one = lost[0]
    return [
        f"judgements of one annotator on one paper that differ, with nothing to tell which is later: {len(lost)}, such "
        f"as that of {one.annotator!r} on {shortened(one.title or one.abstract, 60)!r}; of each, the last in the file "
        "counts"
    ]


def _controls_by_annotation(log: Iterable[Judgement]) -> dict[tuple[Any, str], set[str]]:
    """The controls that were read before, by the number and creation time of the annotations."""
    controls: dict[tuple[Any, str], set[str]] = defaultdict(set)
    for judgement in log:
        number, names = judgement.source.get("annotation"), judgement.source.get("controls")
        if isinstance(number, int | float | str) and isinstance(names, list):
            controls[number, str(judgement.source.get("created_at") or "")].update(map(str, names))
    return controls


def _changed_at(name: str) -> str:
    """The time of a table's last change (ISO 8601, UTC); the present for standard input and what lies elsewhere."""
    seconds = datetime.now(UTC).timestamp() if name == "-" or is_uri(name) else Path(name).stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
