"""Forget a person or a paper: out of the log, of the other files of a workspace, and of its models.

A tombstone (:mod:`labeler.judgements.forgotten`) is written first, and from then on nothing counts of what it is of,
and nothing brings it back. What follows can be repeated: a run that is killed is gone on with by the next one, and a
clone that gets the tombstone from another one forgets in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from labeler.appending import now, read_lines
from labeler.config import Workspace, find_workspace
from labeler.errors import NotFoundError, RefusedError
from labeler.evaluation.frozen import read_evaluation_set
from labeler.files import regular_bytes, write_text
from labeler.flows.forgotten_files import forget_names, take_out
from labeler.flows.forgotten_models import Renewed, renew, with_traces
from labeler.flows.forgotten_traces import files_with, signs_of_names, signs_of_paper
from labeler.flows.init import keep_attributes
from labeler.git import commit_of
from labeler.json_parsing import parse_json
from labeler.judgements import Judgement
from labeler.judgements.forgotten import Forgotten, Tombstone, annotator_hash, note_forgotten
from labeler.judgements.judgement import annotator_name
from labeler.judgements.same_people import names_of_people
from labeler.judgements.soft_labels import FILE as SOFT_LABELS
from labeler.judgements.soft_labels import SoftLabel
from labeler.modelstore import ModelStore
from labeler.papers import Merger, Paper
from labeler.papers.ids import arxiv_id, doi, known_id
from labeler.papers.named import paper_named
from labeler.studio.connection import push_lock
from labeler.studio.known_tasks import known_tasks
from labeler.studio.pull_state import known_project
from labeler.watching.schedule import at_work, folder_of
from labeler.wording import nearest

_STATE = "forgotten.json"  # in the private folder: which tombstones this clone has heeded


@dataclass(frozen=True, slots=True)
class Meant:
    """Who or what is to be forgotten, and what there is of it.

    ``stones`` are its tombstones, none where it was forgotten before. ``called`` is its name in messages, ``signs`` is
    what a file that holds it has, ``judgements`` counts those in the log, ``models`` are the versions that learned from
    it, and ``tasks`` the addresses of its tasks in Label Studio.
    """

    called: str
    stones: tuple[Tombstone, ...]
    names: tuple[str, ...]
    signs: tuple[str, ...]
    judgements: int
    models: tuple[str, ...]
    tasks: tuple[str, ...] = ()


@dataclass
class Forgetting:
    """What was done: the lines or entries taken out of each file, and what became of each model.

    ``remains`` are the files that hold it still, which are a person's own. ``in_settings`` are names that a person has
    to take out of the settings. ``projects`` are the addresses of the Label Studio projects of labelling and of review,
    ``git`` says whether the workspace has a history in git.
    """

    files: Mapping[str, int]
    models: Sequence[Renewed]
    remains: Sequence[str] = ()
    in_settings: Sequence[str] = ()
    projects: Sequence[str] = ()
    git: bool = False

    def to_dict(self) -> dict[str, Any]:
        """It for programs."""
        models = [{"removed": list(one.removed), "trained": one.trained, "failure": one.failure} for one in self.models]
        return {
            "files": dict(self.files),
            "models": models,
            "remains": list(self.remains),
            "in_settings": list(self.in_settings),
            "projects": list(self.projects),
            "git": self.git,
        }


def annotator_meant(workspace: Workspace, name: str) -> Meant:
    """What there is of the annotator of a name, with all names that the settings say are this person's.

    Raises:
        NotFoundError: nobody has that name.
        InputError: the log, or the settings that name its people, cannot be read.
    """
    log, people, wanted = _all_judgements(workspace), names_of_people(workspace), annotator_hash(name)
    known = dict.fromkeys([*people.values(), *people, *(one.annotator for one in log)])
    persons = {people.get(one, one) for one in known if annotator_hash(one) == wanted}
    hashes = {annotator_hash(one) for one in known if people.get(one, one) in persons}
    names = tuple(one for one in known if annotator_hash(one) in hashes)
    forgotten = Forgotten.of(workspace.judgements.parent)
    if not names and not forgotten.has_annotator(name):
        close = nearest(name, list(known))
        hint = f"did you mean {close!r}?" if close else "`labeler annotators` lists who has"
        raise NotFoundError(f"nobody called {annotator_name(name)!r} has judged a paper here", hint)
    names = names or (annotator_name(name),)  # who was forgotten before is searched for once more
    count = sum(annotator_hash(one.annotator) in hashes for one in log)
    is_new = not all(map(forgotten.has_annotator, names))
    stones = (Tombstone.of_annotator(names, now(), count),) if is_new else ()
    models = _versions(workspace, stones, log)
    return Meant(names[0], stones, names, tuple(signs_of_names(names)), count, models)


def paper_meant(workspace: Workspace, text: str) -> Meant:
    """What there is of the paper with an identifier, a title, or the only one with this text in its title.

    Raises:
        NotFoundError: there is none, or there are several.
        InputError: the log cannot be read.
        UsageError: the text is blank.
    """
    log, forgotten = _all_judgements(workspace), Forgotten.of(workspace.judgements.parent)
    papers = [one.as_paper() for one in log] + _other_papers(workspace)
    merger = Merger()
    positions = [merger.add(paper) for paper in papers]
    merged = {merger.find(at): merger.at(merger.find(at)) for at in positions}
    try:
        named = paper_named(text, list(merged.values()))
    except NotFoundError:
        identifier = known_id(text) or arxiv_id(text) or doi(text)
        if identifier is None or not forgotten.has_ids([identifier]):
            raise
        return Meant(identifier, (), (), (identifier.partition(":")[2],), 0, ())
    records = [paper for paper, at in zip(papers, positions, strict=True) if merged[merger.find(at)] is named]
    judgements = sum(merged[merger.find(at)] is named for at in positions[: len(log)])
    stones = () if all(map(forgotten.has_paper, records)) else (Tombstone.of_paper(records, now(), judgements),)
    models = _versions(workspace, stones, log)
    address = known_tasks(workspace).address(named)
    called, tasks = named.title or named.id, (address,) if address else ()
    return Meant(called, stones, (), tuple(signs_of_paper([named, *records])), judgements, models, tasks)


def forget(
    workspace: Workspace,
    meant: Meant | None = None,
    say: Callable[[str], None] = lambda _: None,
    dry_run: bool = False,
) -> Forgetting:
    """Forget what is ``meant``, and whatever was forgotten before and is not gone, or came back.

    A dry run changes nothing, and tells what would be done.

    Raises:
        RefusedError: a push, a pull or a watch is at work.
        InputError: a file cannot be written, or another process keeps it locked; the next run goes on.
    """
    annotations = workspace.judgements.parent
    with nullcontext() if dry_run else _alone(workspace):
        stones = meant.stones if meant is not None else ()
        if stones and not dry_run:
            keep_attributes(workspace.root)
            note_forgotten(workspace, stones)
        forgotten = Forgotten.of(annotations)
        if dry_run:
            forgotten = Forgotten([*forgotten.tombstones, *stones])
        heeded, labels = _state(workspace)
        new = [stone for stone in forgotten.tombstones if stone.key not in heeded]
        found = _versions(workspace, new, _all_judgements(workspace))
        labels = list(dict.fromkeys([*labels, *found]))
        if not dry_run:
            _note_state(workspace, [stone.key for stone in forgotten.tombstones], labels)
        files = take_out(workspace, forgotten, dry_run)
        left = forget_names(workspace, forgotten, dry_run)
        settled = find_workspace(str(workspace.root))  # with the settings as they are by now
        models = renew(settled, labels, say, dry_run)
        if not dry_run:
            _note_state(workspace, [stone.key for stone in forgotten.tombstones], [])
    remains = files_with(workspace.root, meant.signs) if meant else []
    if dry_run:
        remains = _of_people(workspace, remains, files, models)
    projects = [project.url for review in (False, True) if (project := known_project(workspace, review))]
    is_kept = commit_of(workspace.root, "annotations") is not None
    return Forgetting(files, models, remains, left, projects, is_kept)


def _of_people(
    workspace: Workspace, names: Sequence[str], files: Mapping[str, int], models: Sequence[Renewed]
) -> list[str]:
    """Those of these files that a run leaves as they are: a dry run finds what it was to take out, too."""
    removed = [label.split("@") for one in models for label in one.removed]
    folders = [workspace.models / name / number for name, number in removed]
    own = {workspace.root / name for name in files} | {workspace.settings_file}
    paths = {name: workspace.root / name for name in names}
    return [name for name, path in paths.items() if path not in own and not any(map(path.is_relative_to, folders))]


def _versions(workspace: Workspace, stones: Sequence[Tombstone], log: Sequence[Judgement]) -> tuple[str, ...]:
    """The labels of the versions that have learned from what tombstones are of, or may have."""
    evaluation = read_evaluation_set(workspace.judgements.parent)
    return tuple(one.label for one in with_traces(ModelStore(workspace.models), stones, log, evaluation))


def _all_judgements(workspace: Workspace) -> list[Judgement]:
    """The judgements of all lines of the log, those that were forgotten, too."""
    return read_lines(workspace.judgements, Judgement.from_dict).values


def _other_papers(workspace: Workspace) -> list[Paper]:
    """The papers of soft labels and of watches."""
    soft = read_lines(workspace.judgements.parent / SOFT_LABELS, SoftLabel.from_dict).values
    batches = sorted(folder_of(workspace).glob("*/batches/*.jsonl"))
    return [label.paper for label in soft] + [
        paper for batch in batches for paper in read_lines(batch, Paper.from_dict).values
    ]


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Keep pushes and watches of the workspace from working meanwhile.

    Raises:
        RefusedError: one is at work.
    """
    with push_lock(workspace), at_work(workspace) if folder_of(workspace).exists() else nullcontext(True) as is_free:
        if not is_free:
            raise RefusedError("a watch of this workspace is at work", "stop `labeler watch`, then try again")
        yield


def _state(workspace: Workspace) -> tuple[list[str], list[str]]:
    """The tombstones that this clone has heeded, and the versions that are still to be removed."""
    try:
        record = parse_json(regular_bytes(workspace.private / _STATE))
        return [str(key) for key in record["heeded"]], [str(label) for label in record["models"]]
    except (OSError, ValueError, LookupError, TypeError):
        return [], []


def _note_state(workspace: Workspace, heeded: Sequence[str], models: Sequence[str]) -> None:
    record = {"heeded": list(heeded), "models": list(models)}
    write_text(workspace.make_private() / _STATE, json.dumps(record) + "\n")
