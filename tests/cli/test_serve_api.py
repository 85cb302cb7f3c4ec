"""The REST interface in a process of its own: who may reach it, what it says, and how it begins and ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest

from labeler.files import write_text
from tests.cli.process import COMMAND
from tests.conftest import Labeler, renew_model

TOKEN = "0123456789abcdef"
PAPER = {"title": "Robots learn to walk", "abstract": "We train legged robots."}


def started(folder: Path, *arguments: str, tokens: str = "") -> tuple[subprocess.Popen[str], str]:
    """A server that has said where it listens, and its address."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--api", "--port", "0", *arguments], cwd=folder, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"LABELER_API_TOKEN": tokens},
    )  # fmt: skip
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.fullmatch(r"Papers are labelled by mine@1 at (http://\S+); Ctrl-C ends it\.\n", line)
    assert found is not None, line
    return process, found[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.0.7", "example.org"])
def test_without_a_token_it_listens_on_this_machine_alone(trained: Path, labeler: Labeler, host: str) -> None:
    outcome = labeler("serve", "--api", "--host", host)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "LABELER_API_TOKEN is not set" in outcome.err


@pytest.mark.parametrize("token", ["short", f"{TOKEN},short", "a token with blanks in it", "ünicode-ünicode-ü"])
def test_a_token_that_is_weak_or_cannot_be_sent_is_told_and_not_shown(
    trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("LABELER_API_TOKEN", token)
    outcome = labeler("serve", "--api")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "shorter than 16 signs" in outcome.err
    assert TOKEN not in outcome.err
    assert "with blanks in it" not in outcome.err


@pytest.mark.parametrize("option", [["--connect"], ["--url", "http://127.0.0.1:1"]])
def test_options_for_label_studio_are_refused(trained: Path, labeler: Labeler, option: list[str]) -> None:
    outcome = labeler("serve", "--api", *option)
    assert (outcome.code, "are for Label Studio" in outcome.err) == (2, True)


def test_a_damaged_model_is_told_at_the_start(trained: Path, labeler: Labeler) -> None:
    (trained / "models/mine/1/weights.safetensors").write_bytes(b"x")
    outcome = labeler("serve", "--api")
    assert (outcome.code, outcome.err.count("\n")) == (6, 1)


@pytest.mark.slow
def test_tokens_let_in_and_stand_in_no_message(trained: Path) -> None:
    process, address = started(trained, "--host", "0.0.0.0", tokens=f"{TOKEN}, other-{TOKEN}")
    address = address.replace("0.0.0.0", "127.0.0.1")
    codes = [
        httpx.post(f"{address}/label", json={"papers": [PAPER]}, headers=headers).status_code
        for headers in ({"Authorization": f"Bearer {TOKEN}"}, {"Authorization": f"Bearer other-{TOKEN}"}, {})
    ]
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert codes == [200, 200, 401]
    assert (said, process.returncode) == ("labeler: interrupted\n", 130)


@pytest.mark.slow
def test_what_is_under_way_is_finished_when_it_is_asked_to_end(trained: Path) -> None:
    process, address = started(trained)
    port = int(address.rpartition(":")[2])
    body = json.dumps({"papers": [PAPER | {"title": f"Robots {number}"} for number in range(1000)]}).encode()
    head = f"POST /label HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"{head}\r\n\r\n".encode() + body[:-10])
        httpx.get(f"{address}/health")  # so that the request above has been begun
        process.terminate()
        time.sleep(0.2)
        client.sendall(body[-10:])
        answer = b""
        while piece := client.recv(1 << 16):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200")
    assert len(json.loads(answer.partition(b"\r\n\r\n")[2])["papers"]) == 1000
    assert process.communicate(timeout=60)[1] == "labeler: stopped, as it was asked to\n"
    assert process.returncode == 143


@pytest.mark.slow
def test_a_new_model_is_taken_up_while_clients_ask(trained: Path, trained_twice: Path) -> None:
    process, address = started(trained)
    models: list[str] = []
    ended = threading.Event()

    def ask() -> None:
        with httpx.Client() as client:
            while not ended.is_set():
                answer = client.post(f"{address}/label", json={"papers": [PAPER]}, timeout=60)
                models.append(answer.json()["model"] if answer.status_code == 200 else answer.text)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    renew_model(trained, trained_twice)
    end = time.monotonic() + 120
    while "mine@2" not in models and time.monotonic() < end:
        time.sleep(0.05)
    write_text(trained / "models/CURRENT", "nobody@1\n")
    while httpx.get(f"{address}/health").json()["status"] == "ok" and time.monotonic() < end:
        time.sleep(0.05)
    ended.set()
    for thread in threads:
        thread.join(60)
    process.terminate()
    said = process.communicate(timeout=60)[1].splitlines()
    assert set(models) == {"mine@1", "mine@2"}
    assert said[0] == "Papers are labelled by mine@2 now."
    assert said[1].startswith("The model stays mine@2: there is no model nobody@1")
    assert len(said) == 3


@pytest.mark.slow
def test_nothing_is_said_when_clients_leave_or_talk_rubbish(trained: Path) -> None:
    process, address = started(trained)
    port = int(address.rpartition(":")[2])
    head = "POST /label HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    papers = json.dumps({"papers": [PAPER] * 500})
    rubbish = [
        head.format(1000) + '{"pap', head.format(len(papers)) + papers, head.format("9" * 5000),
        head.format(5) + "[[[[[", "GET\r\n\r\n", "\x00" * 999 + "\r\n\r\n",
    ]  # fmt: skip
    try:
        for text in rubbish * 3:
            for linger in (0, 1):  # 1: the connection is reset
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(text.encode())
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", linger, 0))
        answer = httpx.post(f"{address}/label", json={"papers": [PAPER]}, timeout=60)
        assert answer.status_code == 200
    finally:
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert said == "labeler: interrupted\n"
