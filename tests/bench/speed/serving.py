"""`python -m tests.bench.speed.serving [--small]`: the REST interface beside a scikit-learn pipeline in FastAPI.

Fifty clients, each with a connection of its own, send one abstract after the other; they and the server share the
cores. Both servers hold the same weights and run in one process, in turns. The peer is what people write in an
afternoon: TfidfVectorizer and LogisticRegression, and the probability of each topic as the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import pickle
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from labeler.modelstore import ModelStore
from labeler.score.manifest import TrainingRecord
from tests.bench.speed.material import material, model, scikit_learn
from tests.conftest import run_labeler
from tests.paths import ROOT

TOPICS, CLIENTS = 30, 50
FULL, SMALL = (10.0, 3, (1, 20)), (2.0, 1, (1,))  # seconds, rounds, papers in a request
_PEER = """
import pickle, sys
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
class Paper(BaseModel):
    title: str
    abstract: str = ""
class Papers(BaseModel):
    papers: list[Paper]
app, pipeline = FastAPI(), pickle.load(open(sys.argv[1], "rb"))
@app.post("/label")
%s label(asked: Papers) -> list[dict[str, float]]:
    found = pipeline.predict_proba([f"{paper.title}\\n{paper.abstract}" for paper in asked.papers])
    return [dict(zip(pipeline.classes_.tolist(), row.tolist())) for row in found]
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]};", file=sys.stderr, flush=True)
Server(uvicorn.Config(app, port=0, log_level="error", access_log=False)).run()
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second, the seconds that half and 99 of 100 of them took at most, and CPU seconds of the server."""

    rate: float
    half: float
    most: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.rate:.0f} | {1000 * self.half:.0f} ms | {1000 * self.most:.0f} ms | {1000 * self.cpu:.2f} ms"


def lines(seconds: float, rounds: int, papers: Sequence[int]) -> Iterator[str]:
    """The lines of the document: a row for each server and number of papers in a request."""
    yield "| server | papers in a request | requests a second | half within | 99 % within | CPU a request |"
    yield "|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        commands = {"`labeler serve --api`": ours(Path(folder)), **theirs(Path(folder))}
        for count in papers:
            told: dict[str, list[Load]] = {name: [] for name in commands}
            for _ in range(rounds):
                for name, command in commands.items():
                    told[name].append(measured(command, seconds, count))
            for name, loads in told.items():
                values = ([getattr(load, field) for load in loads] for field in ("rate", "half", "most", "cpu"))
                yield f"| {name} | {count} | {Load(*map(median, values))} |"


def ours(folder: Path) -> list[str]:
    """The command that serves a model of labeler."""
    workspace = folder / "workspace"
    assert run_labeler("--quiet", "init", workspace).code == 0
    ModelStore(workspace / "models").add("bench", model(TOPICS), TrainingRecord(), "# bench\n")
    return [sys.executable, "-m", "labeler", "--workspace", str(workspace), "serve", "--api", "--port", "0"]


def theirs(folder: Path) -> dict[str, list[str]]:
    """The commands that serve the same weights with FastAPI and scikit-learn, by what they are called."""
    if find_spec("fastapi") is None:
        print("FastAPI is not installed: its rows are missing")
        return {}
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    vectoriser, weights, intercepts = scikit_learn(model(TOPICS).linear)
    regression = LogisticRegression()
    # In the order of memory that fitting leaves it in; the other one would be copied at each request.
    regression.coef_, regression.intercept_ = np.asfortranarray(weights.T), np.asarray(intercepts, np.float64)
    regression.classes_ = np.array([f"topic{number:04}" for number in range(TOPICS)])
    (folder / "pipeline.pickle").write_bytes(pickle.dumps(make_pipeline(vectoriser, regression)))
    commands = {}
    for name, word in (
        ("FastAPI, scikit-learn (`def`)", "def"),
        ("the same without threads (`async def`)", "async def"),
    ):
        program = folder / f"{word}.py"
        program.write_text(_PEER % word, encoding="utf-8")
        commands[name] = [sys.executable, str(program), str(folder / "pipeline.pickle")]
    return commands


def measured(command: Sequence[str], seconds: float, papers: int) -> Load:
    """What fifty clients get from a server that is started by a command."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    try:
        found = None
        while found is None:
            line = process.stderr.readline()
            assert line, "the server has ended"
            found = re.search(r"http://127\.0\.0\.1:(\d+);", line)
        asyncio.run(clients(int(found[1]), 1, papers))  # so that what is made at the first request is made
        used = cpu_of(process.pid)
        begun = time.perf_counter()
        times = asyncio.run(clients(int(found[1]), seconds, papers))
        taken = time.perf_counter() - begun
        used = cpu_of(process.pid) - used
    finally:
        process.terminate()
        process.wait(60)
    return Load(len(times) / taken, *np.quantile(times, [0.5, 0.99]).tolist(), used / len(times))


def cpu_of(process: int) -> float:
    """The CPU seconds of a process (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


async def clients(port: int, seconds: float, papers: int) -> list[float]:
    """The seconds of each request of all clients."""
    texts = [text.partition("\n") for text in material().asked[:2000]]
    entries = [{"title": title, "abstract": abstract} for title, _, abstract in texts]
    end = time.perf_counter() + seconds
    found = await asyncio.gather(*(client(port, entries, papers, number, end) for number in range(CLIENTS)))
    return [taken for one in found for taken in one]


async def client(port: int, entries: Sequence[dict[str, Any]], papers: int, number: int, end: float) -> list[float]:
    """One client: its requests, one after the other, on one connection. A request that fails ends it all."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times: list[float] = []
    position = number * 37
    while time.perf_counter() < end:
        some = [entries[(position + offset) % len(entries)] for offset in range(papers)]
        position += papers
        body = json.dumps({"papers": some}).encode()
        head = f"POST /label HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        begun = time.perf_counter()
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        length = re.search(rb"(?i)content-length: (\d+)", answer)
        assert length is not None
        await reader.readexactly(int(length[1]))
        times.append(time.perf_counter() - begun)
    writer.close()
    return times


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed.serving", description=__doc__)
    parser.add_argument("--small", action="store_true", help="two seconds each, once, one paper in a request")
    small = parser.parse_args().small
    for line in lines(*(SMALL if small else FULL)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
