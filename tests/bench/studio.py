"""How long push and pull take with a real server, and how much of that is ours: `python -m tests.bench.studio`.

Ten thousand papers of arXiv (or `--papers`): pushed, pushed again, pulled when nearly all are annotated; and the daily
case, 500 papers that wait when a new model comes.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from labeler.config import find_workspace
from labeler.flows.train import train
from labeler.papers import Paper
from labeler.studio.local import LocalStudio
from labeler.studio.projects import find_projects
from labeler.studio.server import Server
from labeler.studio.tasks import task
from tests.bench.loop import TOPICS
from tests.conftest import STUDIO_PROGRAM, run_labeler
from tests.paths import DATA
from tests.studio.annotating import choices

OPEN = 500
JUDGED = 600


@dataclass
class Waiting:
    """Seconds spent waiting for a server's answers."""

    seconds: float = 0.0

    def __enter__(self) -> Waiting:
        self._send = httpx.Client.send

        def timed(client: httpx.Client, *arguments: Any, **options: Any) -> httpx.Response:
            began = time.perf_counter()
            try:
                return self._send(client, *arguments, **options)
            finally:
                self.seconds += time.perf_counter() - began

        httpx.Client.send = timed  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        httpx.Client.send = self._send  # type: ignore[method-assign]


def row(name: str, *command: str | Path) -> dict[str, Any]:
    """One command, timed: a row of the table is printed; what the command told is returned."""
    began = time.perf_counter()
    with Waiting() as waiting:
        outcome = run_labeler(*command, "--json")
    whole = time.perf_counter() - began
    assert outcome.code == 0, outcome.err
    print(f"| {name} | {whole:.1f} | {whole - waiting.seconds:.1f} | {1 - waiting.seconds / whole:.0%} |", flush=True)
    told: dict[str, Any] = json.loads(outcome.out)
    return told


def prepared(folder: Path, papers: int) -> list[dict[str, Any]]:
    """A workspace with a digest of so many papers and two models; the digest's records."""
    import pandas as pd

    assert run_labeler("--quiet", "init", folder).code == 0
    scheme = [f'[[topic]]\nid = "{topic}"\nname = "{name}"\n' for topic, name in TOPICS.items()]
    (folder / "annotations/topics.toml").write_text('mode = "single"\n\n' + "\n".join(scheme))
    frame = pd.read_parquet(DATA / "arxiv_until_2025.parquet").sample(papers + JUDGED, random_state=5)
    records = [
        {"id": f"arxiv:{one.id}", "title": one.title, "abstract": one.abstract, "topics": str(one.categories[0])}
        for one in frame.itertuples()
    ]
    lines = [json.dumps({**one, "topics": one["topics"] if one["topics"] in TOPICS else "none"}) for one in records]
    (folder / "judged.jsonl").write_text("\n".join(lines[papers:]))
    (folder / "digest.jsonl").write_text("\n".join(lines[:papers]))
    os.chdir(folder)
    assert run_labeler("import", "judged.jsonl", "--topics-column", "topics", "--complete").code == 0
    for precision in (0.9, 0.8):
        train(find_workspace(), "mine", precision)
    return records[:papers]


def annotated_elsewhere(server: Server, records: list[dict[str, Any]]) -> None:
    """Put the papers that the project does not hold into it, each with an annotation."""
    (project,) = find_projects(server, Path("annotations/workspace.id").read_text().strip())
    held = {one.data["paper_id"] for one in project.tasks()}
    answers = [
        task(Paper.make(one["title"], one["abstract"], ids=[one["id"]]), list(TOPICS), "for the bench")
        | {"predictions": [], "annotations": [{"result": [choices("cs.LG")], "lead_time": 4.0}]}
        for one in records
        if one["id"] not in held
    ]
    for begin in range(0, len(answers), 2000):
        part = answers[begin : begin + 2000]
        server.request("annotating", lambda sdk, part=part: sdk.projects.import_tasks(id=project.id, request=part))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.studio", description=__doc__)
    parser.add_argument("--papers", type=int, default=10_000)
    papers = parser.parse_args().papers
    with tempfile.TemporaryDirectory() as folder:
        local = LocalStudio(Path(folder) / "studio", str(STUDIO_PROGRAM))
        known, _ = local.start(lambda _: None)
        os.environ |= {"LABEL_STUDIO_URL": known.url, "LABEL_STUDIO_API_KEY": known.token}
        server = Server(known.url, known.token)
        print(f"| {papers} papers | seconds | ours | share |\n|---|---|---|---|")
        try:
            prepared(Path(folder) / "all", papers)
            row("push", "push", "digest.jsonl", "--model", "mine@1")
            row("the same again", "push", "digest.jsonl", "--model", "mine@1")
            row("a new model for all", "push", "digest.jsonl", "--model", "mine@2")
            records = prepared(Path(folder) / "daily", papers)
            row(f"push of {OPEN}", "push", "digest.jsonl", "--count", str(OPEN), "--model", "mine@1")
            annotated_elsewhere(server, records)
            row("pull of the others", "pull")
            for model in ("mine@2", "mine@1"):
                row(f"a new model for {OPEN}", "push", "digest.jsonl", "--count", str(OPEN), "--model", model)
        finally:
            os.chdir("/")
            local.stop()


if __name__ == "__main__":
    main()
