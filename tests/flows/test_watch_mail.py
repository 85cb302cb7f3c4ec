"""What a watch mails, and what it says of messages that did not arrive."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, ServerError
from labeler.flows import mail as mail_flow
from labeler.flows.label import labelling
from labeler.flows.mail import Mailed
from labeler.flows.watch_mail import _check, mail_nothing, mail_papers
from labeler.modelstore import ModelStore
from tests.mail.conftest import MakeServer, certificate, make_server, server
from tests.mail.factories import write_settings
from tests.mail.server import MailServer

__all__ = ["MakeServer", "certificate", "make_server", "server"]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_flow, "_PAUSES", (0.0,))


def test_nobody_is_told_of_an_empty_day_who_does_not_want_to_know(trained: Path) -> None:
    write_settings(trained, None)
    assert mail_nothing(find_workspace(), "") == ""


def test_who_wants_to_know_is_told_of_an_empty_day_once(trained: Path, server: MailServer) -> None:
    write_settings(trained, server, each='on_empty = "send"')
    assert mail_nothing(find_workspace(), "") == "2 messages that nothing is new"
    assert mail_nothing(find_workspace(), "") == ""
    assert len(server.letters) == 2


def test_without_papers_no_message_is_sent_to_who_does_not_want_it(trained: Path, server: MailServer) -> None:
    write_settings(trained, server)
    workspace = find_workspace()
    job = labelling(ModelStore(workspace.models), None, workspace)
    assert mail_papers(workspace, [], job) == ("0 messages", [], [])


def test_without_settings_it_is_told(trained: Path) -> None:
    with pytest.raises(InputError, match=r"\[mail\]"):
        mail_nothing(find_workspace(), "")


def test_who_has_to_wait_is_told_and_who_is_refused_for_good_is_no_reason_to_try_again() -> None:
    _check(Mailed("digest", 1, failed={"a@x.org": "no such user"}, refused=["a@x.org"]))
    waiting = Mailed("digest", 1, failed={"a@x.org": "no such user", "b@x.org": "full"}, refused=["a@x.org"])
    with pytest.raises(ServerError, match=r"1 message could not be sent \(b@x\.org: full\)"):
        _check(waiting)
    fault = ServerError("it is gone", "start it")
    with pytest.raises(ServerError, match="it is gone"):
        _check(Mailed("digest", 1, fault=fault))
