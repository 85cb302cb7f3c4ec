"""The log of mail: what was sent once is not sent again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.errors import InputError
from labeler.mail.sent import BEGUN, REFUSED, SENT, WAITING, Letter, open_log, sent_so_far

LETTER = Letter("digest-1", "Ada@example.org", "<1@labeler>", 3)


def test_a_letter_that_was_sent_is_known_in_the_next_run_whatever_the_case_of_its_address(tmp_path: Path) -> None:
    with open_log(tmp_path / "sent.jsonl") as log:
        assert not log.has(LETTER)
        log.begin(LETTER)
        assert not log.has(LETTER)
        log.note(LETTER, SENT)
        assert log.has(LETTER)
    with open_log(tmp_path / "sent.jsonl") as log:
        assert log.has(LETTER._replace(to="ada@EXAMPLE.org", message_id="<2@labeler>"))
        assert not log.has(LETTER._replace(digest="digest-2"))
        assert not log.has(LETTER._replace(to="bo@example.org"))
        assert log.messages == []


def test_the_log_is_looked_at_without_being_made(tmp_path: Path) -> None:
    assert not sent_so_far(tmp_path / "sent.jsonl").has(LETTER)
    assert list(tmp_path.iterdir()) == []
    with open_log(tmp_path / "sent.jsonl") as log:
        log.note(LETTER, SENT)
    assert sent_so_far(tmp_path / "sent.jsonl").has(LETTER)


@pytest.mark.parametrize("state", [BEGUN, REFUSED, WAITING])
def test_what_did_not_arrive_is_tried_again(tmp_path: Path, state: str) -> None:
    with open_log(tmp_path / "sent.jsonl") as log:
        log.note(LETTER, state, "why")
    with open_log(tmp_path / "sent.jsonl") as log:
        assert not log.has(LETTER)
    record = json.loads((tmp_path / "sent.jsonl").read_text())
    assert (record["state"], record["reason"], record["papers"], record["to"]) == (state, "why", 3, "Ada@example.org")


def test_a_message_that_is_sent_again_has_the_id_and_the_date_of_its_first_try(tmp_path: Path) -> None:
    with open_log(tmp_path / "sent.jsonl") as log:
        message_id, date = log.begin(LETTER)
    with open_log(tmp_path / "sent.jsonl") as log:
        assert log.begin(LETTER._replace(message_id="<2@labeler>")) == (message_id, date)
    assert message_id == "<1@labeler>"
    assert date.tzinfo is not None
    assert (tmp_path / "sent.jsonl").read_text().count("\n") == 1


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"at": "today", "state": "sent", "to": "a", "digest": "d", "message": "m"}']
)
def test_lines_that_cannot_be_read_are_told_and_passed_over(tmp_path: Path, line: str) -> None:
    with open_log(tmp_path / "sent.jsonl") as log:
        log.note(LETTER, SENT)
    with (tmp_path / "sent.jsonl").open("a") as file:
        file.write(f"{line}\n")
    with open_log(tmp_path / "sent.jsonl") as log:
        assert log.has(LETTER)
        assert len(log.messages) == 1


def test_a_place_that_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError), open_log(tmp_path):
        pytest.fail("it was opened")
