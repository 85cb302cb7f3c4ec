"""Watches that mail what is new: each batch once to each person, also after kills and dead servers."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from labeler.flows import mail as mail_flow
from labeler.watching import inputs
from tests.conftest import Labeler
from tests.mail.server import MailServer
from tests.watching.conftest import SETTINGS, arrive, titles_in, watch_with
from tests.watching.replay import run_until

MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "papers@example.org"

[[mail.subscriber]]
address = "ada@example.org"

[[mail.subscriber]]
address = "ben@example.org"
on_empty = "{on_empty}"
"""


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PAUSE", 0.0)
    monkeypatch.setattr(mail_flow, "_PAUSES", (0.0,))


def mail_from(workspace: Path, port: int, on_empty: str = "skip") -> None:
    watch_with(workspace, SETTINGS + "mail = true\n" + MAIL.format(port=port, on_empty=on_empty))


def sent(post: MailServer) -> list[tuple[str, int]]:
    """To whom each message went, and which of the digests it was."""
    ids = list(dict.fromkeys(letter.message["Subject"] for letter in post.letters))
    return [(letter.to.partition("@")[0], ids.index(letter.message["Subject"])) for letter in post.letters]


def test_what_is_new_is_mailed_once(labeler: Labeler, watched: Path, post: MailServer) -> None:
    mail_from(watched, post.port)
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    assert labeler("watch", "--once").err.strip().endswith("latest.jsonl, 2 messages")
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"
    arrive(watched, "two.jsonl", ["Models of language", "Robots that walk"])
    labeler("watch", "--once")
    assert sent(post) == [("ada", 0), ("ben", 0), ("ada", 1), ("ben", 1)]
    assert "Robots that grasp" not in post.letters[-1].data.decode()


def test_a_dead_server_stops_nothing_and_is_tried_again(labeler: Labeler, watched: Path, post: MailServer) -> None:
    mail_from(watched, 1)
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 5
    assert "no mail server at 127.0.0.1:1" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]
    mail_from(watched, post.port)
    arrive(watched, "two.jsonl", ["Models of language"])
    assert labeler("watch", "--once").code == 0
    assert [to for to, _ in sent(post)] == ["ada", "ben", "ada", "ben"]


def test_who_is_refused_for_good_is_told_once(labeler: Labeler, watched: Path, post: MailServer) -> None:
    post.handler.rcpt = lambda address, _: "550 unknown" if address.startswith("ada") else None
    mail_from(watched, post.port)
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 5
    assert "no mail to ada@example.org, now or later: 550 unknown" in outcome.err
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"
    assert sent(post) == [("ben", 0)]


def test_who_cannot_be_reached_now_gets_it_later(labeler: Labeler, watched: Path, post: MailServer) -> None:
    post.handler.rcpt = lambda address, times: "451 later" if address.startswith("ada") and times < 2 else None
    mail_from(watched, post.port)
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    assert labeler("watch", "--once").code == 5
    assert labeler("watch", "--once").code == 0
    assert sorted(sent(post)) == [("ada", 0), ("ben", 0)]


def test_that_a_day_is_empty_is_mailed_to_who_wants_to_know_once(
    labeler: Labeler, watched: Path, post: MailServer
) -> None:
    mail_from(watched, post.port, "send")
    assert labeler("watch", "--once").err.strip() == "morning: nothing new: 1 message that nothing is new"
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"
    assert [to for to, _ in sent(post)] == ["ben"]


def test_without_settings_of_mail_the_rest_is_done(labeler: Labeler, watched: Path) -> None:
    watch_with(watched, SETTINGS + "mail = true\n")
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 3
    assert "[mail]" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]


@pytest.mark.slow
def test_kills_at_every_moment_send_each_message_once(trained: Path, post: MailServer, tmp_path: Path) -> None:
    mail_from(trained, post.port)
    (trained / "inbox").mkdir()
    arrive(trained, "one.jsonl", ["Robots that grasp"])
    moment, arguments = 1, ["--workspace", str(trained), "watch", "--once"]
    while run_until(moment, arguments, tmp_path / "messages") == -signal.SIGKILL:
        moment += 1
    assert moment > 5
    assert sorted(sent(post)) == [("ada", 0), ("ben", 0)]


def test_a_dead_server_is_asked_once_a_run_and_gets_all_days_later(
    labeler: Labeler, watched: Path, post: MailServer
) -> None:
    mail_from(watched, 1)
    for day in range(3):
        arrive(watched, f"{day}.jsonl", [f"Robots of day {day}"])
        outcome = labeler("watch", "--once")
        assert outcome.code == 5
        assert outcome.err.count("no mail server") == 1
    mail_from(watched, post.port)
    assert labeler("watch", "--once").code == 0
    assert len(post.letters) == 6


def test_a_day_with_a_dead_input_is_not_called_empty(labeler: Labeler, watched: Path, post: MailServer) -> None:
    mail_from(watched, post.port, "send")
    settings = Path("labeler.toml").read_text()
    watch_with(watched, settings.replace('"inbox/"', '"nothing.txt"'))
    assert labeler("watch", "--once").code == 3
    assert not post.letters


def test_a_missing_password_of_the_mail_server_is_a_fault_of_the_server_and_stops_nothing(
    labeler: Labeler, watched: Path, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_from(watched, post.port)
    watch_with(watched, Path("labeler.toml").read_text().replace("[mail]", '[mail]\nuser = "papers"'))
    monkeypatch.delenv("LABELER_MAIL_PASSWORD", raising=False)
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert (outcome.code, titles_in(Path("latest.jsonl"))) == (5, ["Robots that grasp"])
    assert "LABELER_MAIL_PASSWORD is not set" in outcome.err
