"""A digest to its subscribers: who gets which papers, and what a server that fails leaves for the next run."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from labeler.config import Workspace, find_workspace
from labeler.digests import open_sources
from labeler.errors import InputError, NotFoundError
from labeler.flows import mail as module
from labeler.flows.label import Labelling, labelling
from labeler.flows.mail import mail_digest, write_messages
from labeler.mail.settings import MailSettings, mail_settings
from labeler.modelstore import ModelStore
from labeler.publish.labelled import LabelledPaper
from tests.mail.conftest import MakeServer, certificate, make_server, server
from tests.mail.factories import ADA, BO, write_settings
from tests.mail.server import MailServer

__all__ = ["MakeServer", "certificate", "make_server", "server"]
AtHand = tuple[Workspace, Labelling, list[LabelledPaper]]


@pytest.fixture
def at_hand(trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch) -> AtHand:
    """A workspace, and the labelled papers of a digest."""
    monkeypatch.setattr(module, "_PAUSES", (0.0, 0.0))
    workspace = find_workspace()
    job = labelling(ModelStore(workspace.models), None, workspace)
    return workspace, job, list(job.label(open_sources([str(digest)])))


def settings_of(workspace: Workspace, server: MailServer | None, each: str = "") -> MailSettings:
    write_settings(workspace.root, server, each=each)
    return mail_settings(find_workspace())


def test_a_digest_is_sent_once_to_each(at_hand: AtHand, server: MailServer) -> None:
    workspace, job, labelled = at_hand
    told: list[str] = []
    first = mail_digest(labelled, job, settings_of(workspace, server), workspace, told.append)
    assert (first.sent, first.before, first.fault, told) == ([ADA, BO], [], None, [ADA, BO])
    again = mail_digest(list(reversed(labelled)), job, settings_of(workspace, server), workspace)
    assert (again.sent, again.before, again.digest) == ([], [ADA, BO], first.digest)
    assert [letter.to for letter in server.letters] == [ADA, BO]


def test_who_wants_no_paper_of_it_gets_nothing(at_hand: AtHand, server: MailServer) -> None:
    workspace, job, labelled = at_hand
    found = mail_digest(labelled[:0], job, settings_of(workspace, server), workspace)
    assert (found.sent, found.empty) == ([], [ADA, BO])
    found = mail_digest(labelled[:0], job, settings_of(workspace, server, 'on_empty = "send"'), workspace)
    assert found.sent == [ADA, BO]


def test_a_server_that_is_gone_leaves_all_for_the_next_run(at_hand: AtHand, server: MailServer) -> None:
    workspace, job, labelled = at_hand
    settings = settings_of(workspace, server)
    server.stop()
    found = mail_digest(labelled, job, settings, workspace)
    assert found.fault is not None
    assert (found.sent, found.waiting) == ([], [ADA, BO])


def test_a_topic_that_does_not_exist_is_told_with_who_wants_it(at_hand: AtHand, tmp_path: Path) -> None:
    workspace, job, labelled = at_hand
    settings = settings_of(workspace, None, 'topics = ["plants"]')
    with pytest.raises(NotFoundError, match=f"which {ADA} wants"):
        write_messages(labelled, job, settings, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_messages_are_written_a_file_each(at_hand: AtHand, tmp_path: Path) -> None:
    workspace, job, labelled = at_hand
    found = write_messages(labelled, job, settings_of(workspace, None), tmp_path / "out")
    assert [Path(file).name for file in found.files] == [f"001-{ADA}.eml", f"002-{BO}.eml"]
    message = message_from_bytes(Path(found.files[0]).read_bytes(), policy=policy.default)
    assert message["To"] == ADA
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write"):
        write_messages(labelled, job, settings_of(workspace, None), tmp_path / "file")


def test_what_is_noted_tells_no_paper(at_hand: AtHand, server: MailServer) -> None:
    workspace, job, labelled = at_hand
    mail_digest(labelled, job, settings_of(workspace, server), workspace)
    records = [json.loads(line) for line in (workspace.private / "mail.jsonl").read_text().splitlines()]
    assert [(record["to"], record["state"]) for record in records] == [
        (ADA, "begun"), (ADA, "sent"), (BO, "begun"), (BO, "sent")
    ]  # fmt: skip
    assert not any(labelled[0].paper.title in json.dumps(record) for record in records)


@pytest.mark.parametrize(
    ("server", "links"),
    [("http://127.0.0.1:8080", 0), ("http://localhost:8080", 0), ("http://[::1]:80", 0), ("https://ls.example.org", 2)],
)
def test_messages_have_links_that_lead_somewhere_on_other_machines(
    at_hand: AtHand, tmp_path: Path, server: str, links: int
) -> None:
    workspace, job, labelled = at_hand
    papers = [labelled[0]._replace(task=f"{server}/projects/1/data?task=2"), *labelled[1:3]]
    found = write_messages(papers, job, settings_of(workspace, None), tmp_path / "out")
    texts = [message_from_bytes(Path(file).read_bytes(), policy=policy.default) for file in found.files]
    assert sum("judge it: " in text.get_body(("plain",)).get_content() for text in texts) == links  # type: ignore[union-attr]
    assert [note.partition(" leads")[0] for note in found.notes] == (
        [] if links else [f"messages have no links to Label Studio, as {server}"]
    )
