"""What the page on the REST interface shows is so: its commands, its answers, its Python, and its codes."""

from __future__ import annotations

import json
import re
import shlex
import signal
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from labeler.api.faults import CODES
from labeler.api.schemas import MOST_EXPLAINED, MOST_PAPERS
from tests.cli.test_serve_api import started
from tests.paths import ROOT

PAGE = (ROOT / "docs/howto/rest.md").read_text(encoding="utf-8")
SHOWN = "http://127.0.0.1:9090"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def address(trained: Path) -> Iterator[str]:
    process, address = started(trained)
    yield address
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)


def answered(command: str, address: str) -> Any:
    """What is answered to a request as curl makes it."""
    _, place, *options = shlex.split(command.replace(SHOWN, address))
    told = dict(zip(options[::2], options[1::2], strict=True))
    headers = dict([told["-H"].split(": ", 1)]) if "-H" in told else {}
    answer = httpx.request("POST" if "-d" in told else "GET", place, content=told.get("-d"), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def is_part(shown: Any, answer: Any) -> bool:
    """Whether what is shown is in an answer, in which numbers and words may be others."""
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(key in answer and is_part(shown[key], answer[key]) for key in shown)
    if isinstance(shown, list):
        return isinstance(answer, list) and len(answer) >= len(shown) and all(map(is_part, shown, answer))
    return type(shown) is type(answer)


@pytest.mark.slow
def test_every_command_is_answered_and_as_shown(address: str) -> None:
    first, *commands = [line for block in blocks("sh") for line in block.replace("\\\n", "").splitlines()]
    assert first == "labeler serve --api"
    answers = [answered(command, address) for command in commands]
    assert len(answers) == 5
    shown, _ = map(json.loads, blocks("json"))
    assert is_part(shown, answers[0])
    assert shown["papers"][0]["topics"][0]["topic"] == answers[0]["papers"][0]["topics"][0]["topic"]
    assert answers[2]["status"] == "ok"
    (example,) = blocks("python")
    out = StringIO()
    with redirect_stdout(out):
        exec(example.replace(SHOWN, address), {})
    assert out.getvalue() == "Robots learn to walk ['robotics'] auto\n"


def test_codes_and_limits_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| (\d+) \| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == {str(status): code for status, code in CODES.items() if status != 500}
    assert f"{MOST_PAPERS:,} papers (`/explain`: {MOST_EXPLAINED})" in PAGE
