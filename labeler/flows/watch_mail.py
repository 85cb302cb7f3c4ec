"""What a watch mails: the papers of a batch, and that there are none on a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.errors import ServerError
from labeler.flows.label import Labelling, labelling
from labeler.flows.mail import Mailed, mail_digest
from labeler.mail.settings import mail_settings
from labeler.modelstore import ModelStore
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.publish.labelled import LabelledPaper


def mail_papers(
    workspace: Workspace, papers: Sequence[LabelledPaper], job: Labelling, dry_run: bool = False
) -> tuple[str, list[str], list[str]]:
    """Mail labelled papers to the subscribers, to each once.

    Returns what was done, who was refused for good, and notes.

    Raises:
        ServerError: the server takes nothing, or cannot take some messages now.
        LabelerError: as for :func:`labeler.flows.mail.mail_digest`.
    """
    mailed = mail_digest(papers, job, mail_settings(workspace), workspace, dry_run=dry_run)
    _check(mailed)
    refused = [f"no mail to {address}, now or later: {mailed.failed[address]}" for address in mailed.refused]
    return counted(len(mailed.sent), "message"), refused, mailed.notes


def mail_nothing(workspace: Workspace, model: str, dry_run: bool = False) -> str:
    """Mail that there is nothing new today to the subscribers who want to know it; return what was done.

    Raises:
        LabelerError: as for :func:`mail_papers`.
    """
    settings = mail_settings(workspace)
    if all(one.on_empty != "send" for one in settings.subscribers):
        return ""
    job = labelling(ModelStore(workspace.models), model or None, workspace)
    mailed = mail_digest([], job, settings, workspace, dry_run=dry_run)
    _check(mailed)
    return f"{counted(len(mailed.sent), 'message')} that nothing is new" if mailed.sent else ""


def _check(mailed: Mailed) -> None:
    """Check that nobody has to wait for a message.

    Raises:
        ServerError: somebody has.
    """
    if mailed.fault:
        raise mailed.fault
    waiting = [address for address in mailed.failed if address not in mailed.refused]
    if waiting:
        number, reason = counted(len(waiting), "message"), mailed.failed[waiting[0]]
        raise ServerError(f"{number} could not be sent ({waiting[0]}: {reason})", "tried again at the next run")
