"""What a watch does with a Label Studio server: judgements come, models are trained, and papers are sent."""

from __future__ import annotations

from pathlib import Path

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace
from labeler.errors import ServerError, TooFewJudgementsError
from labeler.evaluation.frozen import read_evaluation_set
from labeler.flows.pull import pull
from labeler.flows.push import PushRequest, push
from labeler.flows.put_to_use import not_learned
from labeler.flows.train import train
from labeler.judgements import read_log
from labeler.modelstore import ModelStore
from labeler.studio.pull_state import known_project
from labeler.topics import load_checked_scheme
from labeler.wording import counted


def pull_judgements(workspace: Workspace, dry_run: bool = False) -> list[str]:
    """Bring judgements from the server, if anything was pushed to one; return what is to be said of it.

    Raises:
        LabelerError: as for :func:`labeler.flows.pull.pull`.
    """
    if known_project(workspace) is None and known_project(workspace, review=True) is None:
        return []
    result = pull(workspace, dry_run=dry_run)
    added, verb = len(result.imported.added), "would be brought" if dry_run else "brought"
    return [f"{counted(added, 'judgement')} {verb} from {result.project}"] if added else []


def train_if_due(workspace: Workspace, fewest: int, dry_run: bool = False) -> list[str]:
    """Train where at least so many papers were judged that the newest version has not learned from.

    A version that is worse than the one in use is kept and not put to use. A dry run tells that it would train.

    Raises:
        LabelerError: as for :func:`labeler.flows.train.train`.
    """
    settings = workspace.settings
    log = read_log(workspace)
    if not log.judgements:
        return []
    apart = read_evaluation_set(workspace.judgements.parent).identifiers
    labels = consensus_labels(log.judgements, load_checked_scheme(workspace.topics)).labels
    labelled = [item for item in labels.papers if apart.isdisjoint(item.paper.ids)]
    newest = ModelStore(workspace.models).newest(settings.train_name)
    behind = len(labelled) if newest is None else not_learned(newest, labelled)
    if behind < fewest:
        return []
    if dry_run:
        return [f"would train {settings.train_name} with {counted(behind, 'newly judged paper')}"]
    try:
        outcome = train(workspace, settings.train_name, settings.train_precision, workspace.unread)
    except TooFewJudgementsError as error:
        return [str(error)]
    if not outcome.fresh:
        return []
    return [outcome.refusal or f"trained {outcome.version.label} with {counted(behind, 'newly judged paper')}"]


def push_papers(workspace: Workspace, file: Path, count: int, dry_run: bool = False) -> str:
    """Send papers of a file to the server until ``count`` of them wait there, and return how many were sent, in words.

    Raises:
        LabelerError: as for :func:`labeler.flows.push.push`.
    """
    result = push(workspace, [str(file)], "jsonl", PushRequest(count=count, dry_run=dry_run))
    papers = counted(len(result.picks), "paper")
    if result.failure:
        raise ServerError(result.failure)
    return f"{papers} for {result.project or 'a new project'}" if dry_run else f"{papers} sent to {result.project}"
