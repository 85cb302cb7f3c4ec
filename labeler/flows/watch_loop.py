"""What a watch does with a Label Studio server: judgements come, models are trained, and papers are sent."""

from __future__ import annotations

from pathlib import Path

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace
from labeler.errors import TooFewJudgementsError
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


def pull_judgements(workspace: Workspace) -> list[str]:
    """Bring judgements from the server, if anything was pushed to one; return what is to be said of it.

    Raises:
        LabelerError: as for :func:`labeler.flows.pull.pull`.
    """
    if known_project(workspace) is None and known_project(workspace, review=True) is None:
        return []
    result = pull(workspace)
    added = len(result.imported.added)
    return [f"{counted(added, 'judgement')} brought from {result.project}"] if added else []


def train_if_due(workspace: Workspace, fewest: int) -> list[str]:
    """Train where at least so many papers were judged that the newest version has not learned from.

    A version that is worse than the one in use is kept and not put to use.

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
    try:
        outcome = train(workspace, settings.train_name, settings.train_precision, workspace.unread)
    except TooFewJudgementsError as error:
        return [str(error)]
    if not outcome.fresh:
        return []
    return [outcome.refusal or f"trained {outcome.version.label} with {counted(behind, 'newly judged paper')}"]


def push_papers(workspace: Workspace, file: Path, count: int) -> str:
    """Send papers of a file to the server until ``count`` of them wait there, and return how many were sent, in words.

    Raises:
        LabelerError: as for :func:`labeler.flows.push.push`.
    """
    result = push(workspace, [str(file)], "jsonl", PushRequest(count=count))
    return f"{counted(len(result.picks), 'paper')} sent to {result.project}"
