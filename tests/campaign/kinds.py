"""The kinds of trial. Each is a function of the base workspace's copy and of chance; a fault is raised."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx

from tests.campaign.trial import (
    SECONDS,
    FaultError,
    end,
    leftovers,
    log_lines,
    mutated,
    run,
    run_and_kill,
    same,
    start,
)
from tests.mail.server import MailServer, make_certificate
from tests.paths import DIGESTS, SAMPLES, SHARED

Kind = Callable[[Path, Random], int]
"""Runs commands in a workspace and returns how many."""

_EXPORT, _DIGEST, _TABLE, _SOFT = "export.json", "digest.txt", "digest-topics.csv", "predictions.csv"
_WRITING = (
    ("import", _EXPORT),
    ("train",),
    ("label", _DIGEST, "-o", "labels.csv"),
    ("label", "digests", "-o", "labels"),
    ("label", "digests", "-o", "joined.jsonl"),
    ("read", _DIGEST, "-o", "papers.jsonl"),
    ("export", _DIGEST, "-o", "tasks.json"),
    ("topics", "config", "-o", "interface.xml"),
    ("models", "use", "mine@1"),
    ("watch", "--once"),
    ("import", "--soft", _SOFT, "--from", "other"),
    ("evaluate", "--report", "report.html"),
    ("topics", "add", "Weather"),
    ("models", "export", "-o", "model.joblib"),
    ("forget", "--annotator", "ben@example.org", "--yes"),
    ("label", _DIGEST, "--new", "--to", "jsonl"),
    ("curve",),
    ("themes", _DIGEST, "--add", "1", "--name", "Found"),
)
_WATCHED = "watched.jsonl"
_WATCH = f'\n[[watch]]\ninputs = ["digests/"]\noutputs = ["{_WATCHED}", "feed.atom"]\n'
_READING = (
    ("status",),
    ("models", "list"),
    ("topics", "check"),
    ("label", _DIGEST, "--to", "table"),
    ("agreement",),
    ("annotators",),
    ("suspects",),
    ("themes", _DIGEST),
    ("doctor",),
    ("plugins",),
)


def base_workspace(folder: Path) -> Path:
    """A trained workspace with the samples beside it, from which each trial has a copy."""
    workspace = folder / "base"
    run(folder, "--quiet", "init", str(workspace)).check()
    shutil.copy(SAMPLES / "topics.toml", workspace / "annotations")
    for name in (_EXPORT, _DIGEST, _TABLE):
        shutil.copy(SAMPLES / name, workspace)
    (workspace / "digests").mkdir()
    for number in range(6):
        shutil.copy(SAMPLES / _DIGEST, workspace / "digests" / f"{number}.txt")
    with (workspace / _TABLE).open(encoding="utf-8") as stream:
        said = [f'"{row["title"]}",vision,0.7' for row in csv.DictReader(stream)]
    (workspace / _SOFT).write_text("\n".join(("title,topic,probability", *said)), encoding="utf-8")
    with (workspace / "labeler.toml").open("a", encoding="utf-8") as settings:
        settings.write(_WATCH)
    run(workspace, "import", _EXPORT).check()
    run(workspace, "train").check()
    return workspace


def killed(workspace: Path, random: Random) -> int:
    """A command is killed and run again: it ends as if it had not been killed, and nothing is left behind."""
    arguments = random.choice(_WRITING)
    name = arguments[-1] if "-o" in arguments else _WATCHED if arguments[0] == "watch" else ""
    output = workspace / name if name else None
    if arguments[0] == "import":
        (workspace / "annotations" / "judgements.jsonl").unlink()
    undisturbed = shutil.copytree(workspace, workspace.with_name("undisturbed"))
    run(undisturbed, *arguments).check()
    end_by = random.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
    first = run_and_kill(workspace, random.uniform(0.05, 1.2), *arguments, with_signal=end_by)
    if first.code not in (-signal.SIGKILL, -signal.SIGTERM, 128 + signal.SIGTERM):
        first.check()
    log_lines(workspace)
    if output is not None and output.is_file():
        same(f"what {first.told} left", output.read_bytes(), (undisturbed / name).read_bytes())
    run(workspace, *arguments).check()
    same("the log", _judgements(workspace), _judgements(undisturbed))
    if output is not None and output.is_file():
        same(f"what {first.told} wrote", output.read_bytes(), (undisturbed / name).read_bytes())
    if output is not None and output.is_dir():
        same(f"what {first.told} wrote", _files(output), _files(undisturbed / name))
    if left := list(leftovers(workspace)):
        raise FaultError(f"{first.told}, killed and run again, left {left[0].relative_to(workspace)}")
    run(workspace, "label", _DIGEST, "--to", "csv").check()
    return 4


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith((".", "_"))}


def _judgements(workspace: Path) -> list[tuple[str, str]]:
    records = (json.loads(line) for line in log_lines(workspace))
    return sorted((record["paper"], record["annotator"]) for record in records)


def together(workspace: Path, random: Random) -> int:
    """Two commands run at the same time: both end well, and neither spoils what the other does."""
    if random.random() < 0.5:
        (workspace / "annotations" / "judgements.jsonl").unlink()
    pair = [random.choice(_WRITING), random.choice(_WRITING + _READING)]
    running = [start(workspace, *arguments) for arguments in pair]
    done = [end(process, arguments) for process, arguments in zip(running, pair, strict=True)]
    for one in done:
        one.check()
    lines = log_lines(workspace)
    same("the number of judgements", len({json.loads(line)["id"] for line in lines}), len(lines))
    run(workspace, "label", _DIGEST, "--to", "csv").check()
    return 3


def without_room(workspace: Path, random: Random) -> int:
    """No file may grow beyond some size, as on a full disk: the command says so and leaves things as they were."""
    arguments = random.choice(_WRITING)
    before = log_lines(workspace)
    done = run(workspace, *arguments, largest_file=random.choice((0, 100, 1_000, 20_000, 500_000))).check()
    if done.code or arguments[0] != "forget":
        same("the log", log_lines(workspace)[: len(before)], before)
    if done.code and "-o" in arguments and (workspace / arguments[-1]).is_file():
        raise FaultError(f"{done.told} failed and left {arguments[-1]}")
    run(workspace, *arguments).check()
    if left := list(leftovers(workspace)):
        raise FaultError(f"{done.told} left {left[0].relative_to(workspace)}")
    return 2


def damaged_input(workspace: Path, random: Random) -> int:
    """A digest, a table or an export is damaged: what can be read is, the rest is told."""
    source = random.choice(_inputs())
    path = workspace / f"damaged{source.suffix}"
    path.write_bytes(mutated(source.read_bytes()[:200_000], random))
    before = log_lines(workspace)
    commands = (
        ("read", path.name),
        ("read", path.name, "--json"),
        ("label", path.name, "--to", random.choice(("table", "md", "csv", "jsonl"))),
        ("import", path.name),
        ("import", path.name, "--topics-column", "topics", "--complete"),
        ("explain", path.name),
        ("export", path.name, "-o", "tasks.json"),
    )
    for arguments in random.sample(commands, 2):
        run(workspace, *arguments).check()
    same("the log", log_lines(workspace)[: len(before)], before)
    return 2


def _inputs() -> list[Path]:
    folders = [SAMPLES, SHARED / "cases", SHARED / "cases" / "hostile", *DIGESTS.glob("*")]
    return sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file())


def damaged_workspace(workspace: Path, random: Random) -> int:
    """A file of the workspace is damaged: commands that need it say so, others go on."""
    if random.random() < 0.3:
        run(workspace, "label", "digests", "-o", "labels").check()
    files = [path for path in workspace.rglob("*") if path.is_file() and path.stat().st_size < 20_000_000]
    own = [path for path in files if path.suffix != ".txt"]
    path = random.choice(sorted(own))
    path.write_bytes(mutated(path.read_bytes(), random))
    for arguments in random.sample(
        (*_WRITING, *_READING, ("models", "show", "mine@1"), ("push", _DIGEST, "--dry-run")), 3
    ):
        run(workspace, *arguments).check()
    return 3


def other_clocks(workspace: Path, random: Random) -> int:
    """The clock jumps by years between runs: a watch publishes each paper once, and the log is as it was."""
    before = log_lines(workspace)
    papers = json.loads(run(workspace, "read", _DIGEST, "--json").check().out.decode().splitlines()[0])
    for number in range(3):
        new = papers | {"title": f"{papers['title']} {number}", "id": None, "ids": []}
        (workspace / "digests" / f"new{number}.jsonl").write_text(json.dumps(new) + "\n", encoding="utf-8")
        jump = f"{random.choice('+-')}{random.randrange(1, 4000)}d"
        for arguments in (("watch", "--once"), random.choice(_READING)):
            run(workspace, *arguments, before=("faketime", "-f", jump)).check()
    _, *published = (workspace / "feed.atom").read_text(encoding="utf-8").split("<entry>")
    titles = [entry.split("</title>")[0].split(">")[-1] for entry in published]
    same("the papers of the feed", len(set(titles)), len(titles))
    for number in range(3):
        if not any(title.endswith(f" {number}") for title in titles):
            raise FaultError(f"paper {number} was never published: the feed has {len(titles)}")
    same("the log", log_lines(workspace), before)
    return 7


def odd_surroundings(workspace: Path, random: Random) -> int:
    """No home, no place for temporary files, another language, a window of no width, or nowhere to write to."""
    odd: dict[str, str] = random.choice(
        (
            {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent"},
            {"TMPDIR": "/nonexistent"},
            {"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
            {"COLUMNS": random.choice(("0", "-5", "1", "99999999", "x"))},
            {"TZ": random.choice(("Pacific/Kiritimati", "Nowhere/At_All", ""))},
            {"LABELER_TRAIN_PRECISION": random.choice(("2", "nan", "much", "-1"))},
        )
    )
    before = log_lines(workspace)
    for arguments in random.sample((*_WRITING, *_READING), 2):
        is_full = random.random() < 0.3
        words = ("sh", "-c", 'exec "$@" > /dev/full', "sh") if is_full else ()
        run(workspace, *arguments, before=words, **odd).check()
        if arguments[0] != "forget":
            same("the log", log_lines(workspace)[: len(before)], before)
        before = log_lines(workspace)
    return 2


def killed_mail(workspace: Path, random: Random) -> int:
    """Sending is killed, and run again: everybody gets the digest, and what comes twice has one Message-ID."""
    people = [f"{name}@example.org" for name in ("ada", "bo", "cy", "di")]
    server = MailServer(make_certificate(workspace.parent), "none")
    server.start()
    try:
        people_told = "".join(f'\n[[mail.subscriber]]\naddress = "{one}"\n' for one in people)
        settings = (
            f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nsender = "papers@example.org"\n'
        )
        with (workspace / "labeler.toml").open("a", encoding="utf-8") as stream:
            stream.write(f"\n{settings}{people_told}")
        for _ in range(2):
            run_and_kill(workspace, random.uniform(0.3, 1.5), "mail", _DIGEST)
        run(workspace, "mail", _DIGEST).check()
        run(workspace, "mail", _DIGEST).check()
    finally:
        server.stop()
    same("who got it", sorted({letter.to for letter in server.letters}), people)
    for one in people:
        ids = {str(letter.message["Message-ID"]) for letter in server.letters if letter.to == one}
        same(f"the messages to {one}", len(ids), 1)
    return 4


def serving(workspace: Path, random: Random) -> int:
    """The server is asked for nonsense while models change, and killed: all answers are whole, and a new one starts."""
    before = log_lines(workspace)
    server, address = _server(workspace)
    training = start(workspace, "train", "--unread", _DIGEST)
    while training.poll() is None:
        _ask(address, random)
        if random.random() < 0.02:
            training.kill()
    trained = end(training, ("train", "--unread", _DIGEST))
    if trained.code != -signal.SIGKILL:
        trained.check()
        until = time.monotonic() + SECONDS
        while httpx.get(f"{address}/health").json()["model"] != "mine@2":
            if time.monotonic() > until:
                raise FaultError("the model that was trained is not taken up")
            time.sleep(0.1)
    server.send_signal(random.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT)))
    ended = end(server, ("serve", "--api"))
    if ended.code not in (-signal.SIGKILL, 128 + signal.SIGTERM):
        ended.check()
    server, address = _server(workspace)
    for _ in range(20):
        _ask(address, random)
    server.send_signal(signal.SIGTERM)
    same("the exit code", end(server, ("serve", "--api")).code, 128 + signal.SIGTERM)
    same("the log", log_lines(workspace), before)
    return 3


def _server(workspace: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A running REST interface, and where it listens."""
    process = start(workspace, "serve", "--api", "--port", "0")
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    if " at http://" not in line:
        raise FaultError(f"labeler serve --api did not start: {line}")
    return process, line.split(" at ")[1].split(";")[0]


def _ask(address: str, random: Random) -> None:
    """Send papers, some of them damaged, and look at the answer."""
    papers = [
        {"title": f"Robots learn to walk {number}", "abstract": "Legs."} for number in range(random.randrange(1, 9))
    ]
    whole = json.dumps({"papers": papers}).encode()
    is_damaged = random.random() < 0.5
    body = mutated(whole, random) if is_damaged else whole
    path = random.choice(("/label", "/explain")) if is_damaged else "/label"
    answer = httpx.post(f"{address}{path}", content=body, headers={"Content-Type": "application/json"}, timeout=SECONDS)
    said = answer.json()
    if answer.status_code >= 500 or (not is_damaged and len(said["papers"]) != len(papers)):
        raise FaultError(f"POST {path} of {body[:300]!r} was answered {answer.status_code}: {answer.text[:300]}")


KINDS: dict[str, Kind] = {
    function.__name__: function
    for function in (
        killed,
        together,
        without_room,
        damaged_input,
        damaged_workspace,
        other_clocks,
        odd_surroundings,
        killed_mail,
        serving,
    )
}
NEEDED = {"other_clocks": ("faketime",), "killed_mail": ("openssl",)}  # programs
