"""The command mail, with a real server of mail: who gets what, and once."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from labeler.flows import mail as flow
from tests.cli.process import COMMAND
from tests.conftest import Labeler
from tests.mail.factories import ADA, BO, CLEO, write_settings
from tests.mail.server import Letter, MailServer


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "_PAUSES", (0.0, 0.0, 0.0))


def log_of(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (workspace / ".labeler/mail.jsonl").read_text().splitlines()]


def states(workspace: Path) -> list[tuple[str, str]]:
    return [(record["to"].partition("@")[0], record["state"]) for record in log_of(workspace)]


def receivers(server: MailServer) -> list[str]:
    return [letter.to for letter in server.letters]


def text_of(letter: Letter) -> str:
    part = letter.message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_each_subscriber_gets_the_digest_once(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server)
    first = labeler("mail", digest)
    assert first.code == 0, first.err
    assert "24 papers: sent 2 messages." in first.err
    again = labeler("mail", digest, "--json")
    assert again.code == 0
    assert json.loads(again.out)["sent_before"] == [ADA, BO]
    assert receivers(server) == [ADA, BO]
    message = server.letters[0].message
    assert message["To"] == ADA
    assert message["From"] == "Papers <papers@example.org>"
    assert message["Subject"].endswith(": 24 papers")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert states(trained) == [("ada", "begun"), ("ada", "sent"), ("bo", "begun"), ("bo", "sent")]


def test_the_same_papers_are_the_same_digest_in_another_order_and_by_another_model(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA])
    assert labeler("read", digest, "-o", "papers.jsonl").code == 0
    lines = Path("papers.jsonl").read_text().splitlines(keepends=True)
    Path("papers.jsonl").write_text("".join(reversed(lines)))
    assert labeler("mail", digest).code == 0
    assert labeler("mail", "papers.jsonl", "--model", "arxiv").code == 0
    assert receivers(server) == [ADA]
    Path("papers.jsonl").write_text("".join(lines[1:]))
    assert labeler("mail", "papers.jsonl").code == 0
    assert receivers(server) == [ADA, ADA]
    assert len({letter.message["Message-ID"] for letter in server.letters}) == 2


def test_who_subscribes_later_gets_it_and_the_others_do_not_again(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA])
    assert labeler("mail", digest).code == 0
    write_settings(trained, server, ["Ada@Example.org", BO])
    assert labeler("mail", digest).code == 0
    assert receivers(server) == [ADA, BO]


def test_another_name_of_the_list_does_not_bring_a_digest_again(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA])
    server.handler.data = lambda _, times: "cut" if times == 1 else "451 4.3.0 Busy"
    assert labeler("mail", digest).code == 5
    server.handler.data = lambda _, __: None
    write_settings(trained, server, [ADA], mail='name = "Another name"')
    assert labeler("mail", digest).code == 0
    write_settings(trained, server, [ADA], mail='name = "A third name"\nunsubscribe = "bo@example.org"')
    assert labeler("mail", digest).code == 0
    first, again = server.letters
    assert first.message["Message-ID"] == again.message["Message-ID"]
    assert first.message["Date"] == again.message["Date"]


def test_each_person_gets_her_topics(labeler: Labeler, trained: Path, digest: Path, server: MailServer) -> None:
    write_settings(trained, server, [ADA], each='topics = ["vision"]\nleast_probability = 0.2')
    outcome = labeler("mail", digest)
    assert outcome.code == 0, outcome.err
    told = text_of(server.letters[0])
    assert "of 24 papers" in told
    assert "Topics: Visual understanding, from a probability of 0.2 on." in told
    assert "VISUAL UNDERSTANDING (" in told
    assert "ROBOTICS AND CONTROL (" not in told


def test_an_unknown_topic_is_told_with_its_person_and_nothing_is_sent(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA, BO], each='topics = ["Visual understnding"]')
    outcome = labeler("mail", digest)
    assert outcome.code == 4
    assert "which ada@example.org wants; did you mean 'Visual understanding'?" in outcome.err
    assert server.letters == []


@pytest.mark.parametrize(("on_empty", "sent"), [("skip", []), ("send", [ADA])])
def test_a_day_without_papers_is_as_each_wants_it_and_once(
    labeler: Labeler, trained: Path, server: MailServer, on_empty: str, sent: list[str]
) -> None:
    write_settings(trained, server, [ADA], each=f'on_empty = "{on_empty}"')
    Path("empty.json").write_text("[]")
    for _ in range(2):
        outcome = labeler("mail", "empty.json")
        assert outcome.code == 0, outcome.err
    assert receivers(server) == sent
    assert all("No papers." in text_of(letter) for letter in server.letters)


def test_a_dry_run_writes_the_messages_and_sends_and_notes_nothing(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer, tmp_path: Path
) -> None:
    write_settings(trained, server, mail='user = "papers"')  # whose password is not needed
    outcome = labeler("mail", digest, "--dry-run", tmp_path / "messages")
    assert outcome.code == 0, outcome.err
    assert server.letters == []
    assert not (trained / ".labeler" / "mail.jsonl").exists()
    files = sorted((tmp_path / "messages").iterdir())
    assert [file.name for file in files] == ["001-ada@example.org.eml", "002-bo@example.org.eml"]
    message = email.message_from_bytes(files[1].read_bytes(), policy=email.policy.default)
    assert message["To"] == BO


def test_what_a_dry_run_writes_is_what_is_sent(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer, tmp_path: Path
) -> None:
    people = ["Ádá <ada@example.org>", "用户@例子.example"]
    write_settings(trained, server, people, mail='name = "Überblick, täglich"')
    assert labeler("mail", digest, "--dry-run", tmp_path / "messages").code == 0
    assert labeler("mail", digest).code == 0
    written = [file.read_bytes() for file in sorted((tmp_path / "messages").iterdir())]
    for dry, letter in zip(written, server.letters, strict=True):
        assert re.sub(rb"Date: .*", b"", dry) == re.sub(rb"Date: .*", b"", letter.data)
    assert "To: 用户@xn--fsqu00a.example\r\n" in written[1].decode()


def test_a_refused_person_does_not_stop_the_others_and_is_tried_the_next_time(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA, BO, CLEO])
    server.handler.rcpt = lambda to, _: "550 5.1.1 No such user" if to == BO else None
    outcome = labeler("mail", digest)
    assert outcome.code == 5
    assert f"not sent to {BO}: 550 5.1.1 No such user" in outcome.err
    assert outcome.err.splitlines()[-1].startswith("labeler: 1 message of 3 could not be sent")
    assert receivers(server) == [ADA, CLEO]
    assert server.handler.asked["rcpt", BO] == 1  # what is refused for good is not tried again in the same run
    server.handler.rcpt = lambda _, __: None
    assert labeler("mail", digest).code == 0
    assert receivers(server) == [ADA, CLEO, BO]


def test_what_the_server_cannot_take_now_is_tried_again_after_the_others(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA, BO])
    server.handler.rcpt = lambda to, times: "450 4.2.0 Greylisted" if to == ADA and times < 3 else None
    outcome = labeler("mail", digest)
    assert outcome.code == 0, outcome.err
    assert receivers(server) == [BO, ADA]
    assert states(trained)[-1] == ("ada", "sent")
    assert len({letter.message["Date"] for letter in server.letters}) <= 2


def test_what_the_server_never_takes_is_given_up_for_now(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA, BO])
    server.handler.data = lambda to, _: "451 4.3.0 Busy" if to == ADA else None
    outcome = labeler("mail", digest)
    assert outcome.code == 5
    assert f"not sent to {ADA}: 451 4.3.0 Busy" in outcome.err
    assert server.handler.asked["data", ADA] == 3
    server.handler.data = lambda _, __: None
    assert labeler("mail", digest).code == 0
    assert receivers(server) == [BO, ADA]


def test_a_connection_that_is_cut_after_a_message_repeats_it_with_the_same_id_and_date(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA, BO])
    server.handler.data = lambda to, times: "cut" if (to, times) == (ADA, 1) else None
    assert labeler("mail", digest).code == 0
    assert receivers(server) == [ADA, BO, ADA]
    first, _, again = server.letters
    assert first.data == again.data


def test_a_server_that_dies_on_the_way_is_told_with_what_was_sent(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA, BO, CLEO])
    server.handler.rcpt = lambda to, _: "421 4.3.2 Going down" if to != ADA else None
    outcome = labeler("mail", digest, "--json")
    assert outcome.code == 5
    assert json.loads(outcome.out)["sent"] == [ADA]
    assert set(json.loads(outcome.out)["failed"]) == {BO, CLEO}


def test_a_server_that_is_gone_for_good_leaves_the_others_waiting(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA, BO, CLEO])
    server.handler.taken = lambda _: server.listen_no_longer()
    server.handler.data = lambda _, __: "cut"
    outcome = labeler("mail", digest, "--json")
    assert outcome.code == 5
    told = json.loads(outcome.out)
    assert (told["sent"], set(told["failed"]), told["waiting"]) == ([], {ADA}, [BO, CLEO])
    assert "no mail server at" in outcome.err
    server.handler.taken, server.handler.data = (lambda _: None), (lambda _, __: None)
    server.stop()
    server.start()
    assert labeler("mail", digest).code == 0
    assert set(receivers(server)) == {ADA, BO, CLEO}


def test_no_server_is_exit_code_5_and_the_next_run_sends(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server)
    server.stop()
    outcome = labeler("mail", digest)
    assert outcome.code == 5
    assert outcome.err.splitlines()[-1].startswith("labeler: no mail server at 127.0.0.1:")
    assert "24 papers: sent 0 messages (2 wait for the next run)." in outcome.err
    server.start()
    assert labeler("mail", digest).code == 0
    assert receivers(server) == [ADA, BO]


def test_without_settings_it_is_told_what_to_write(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("mail", digest)
    assert outcome.code == 3
    assert "there is no section [mail] in" in outcome.err.splitlines()[-1]


def start(workspace: Path, digest: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, "mail", digest], cwd=workspace, stderr=subprocess.PIPE)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before the eighth", "after the server took the seventh"])
def test_twenty_subscribers_and_a_kill_after_seven(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer, when: str
) -> None:
    people = [f"person{number}@example.org" for number in range(20)]
    write_settings(trained, server, people)
    running: list[subprocess.Popen[bytes]] = []

    def kill(to: str, _: int) -> str | None:
        os.kill(running[0].pid, signal.SIGKILL)
        running[0].wait()
        return None

    if when == "before the eighth":
        server.handler.rcpt = lambda to, times: kill(to, times) if to == people[7] else None
    else:
        server.handler.taken = lambda to: kill(to, 1) if to == people[6] else None
    running.append(start(trained, digest))
    running[0].communicate(timeout=60)
    assert running[0].returncode == -signal.SIGKILL
    assert receivers(server) == people[:7]
    server.handler.rcpt, server.handler.taken = (lambda _, __: None), (lambda _: None)
    assert labeler("mail", digest).code == 0
    count = Counter(receivers(server))
    assert set(count) == set(people)
    twice = [to for to in people if count[to] > 1]
    assert twice == ([] if when == "before the eighth" else [people[6]])
    letters = [letter for letter in server.letters if letter.to in twice]
    assert len({letter.data for letter in letters}) == len(twice)
    assert labeler("mail", digest).code == 0
    assert len(server.letters) == count.total()


@pytest.mark.slow
def test_two_runs_at_once_send_each_message_once(trained: Path, digest: Path, server: MailServer) -> None:
    people = [f"person{number}@example.org" for number in range(12)]
    write_settings(trained, server, people)
    both = [start(trained, digest) for _ in range(2)]
    told = [running.communicate(timeout=120)[1].decode() for running in both]
    assert [running.returncode for running in both] == [0, 0], told
    assert sorted(receivers(server)) == sorted(people)


def test_a_torn_log_is_mended_and_told(labeler: Labeler, trained: Path, digest: Path, server: MailServer) -> None:
    write_settings(trained, server, [ADA, BO])
    assert labeler("mail", digest).code == 0
    log = trained / ".labeler/mail.jsonl"
    data = log.read_bytes()
    log.write_bytes(b'"no record"\n' + data[:-20])
    outcome = labeler("mail", digest)
    assert outcome.code == 0
    assert "line 1: no record of a message" in outcome.err
    assert "may be sent again, with the same Message-ID" in outcome.err
    assert receivers(server) == [ADA, BO, BO]
    assert server.letters[1].data == server.letters[2].data


@pytest.mark.parametrize("place", ["a file", "a folder"])
def test_a_place_that_cannot_be_written_is_told(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer, place: str
) -> None:
    write_settings(trained, server)
    Path("taken").touch()
    (trained / ".labeler").mkdir(exist_ok=True)
    (trained / ".labeler/mail.jsonl").mkdir()
    outcome = labeler("mail", digest, *(["--dry-run", "taken"] if place == "a file" else []))
    assert outcome.code == 3
    assert outcome.err.splitlines()[-1].startswith("labeler: cannot write ")
    assert server.letters == []
