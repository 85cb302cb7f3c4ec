"""The loop with a real Label Studio server, round by round: `python -m tests.bench.loop` prints the table.

Papers of arXiv are pushed in batches, an annotator who knows their topics answers, the answers are pulled, a model is
trained; after each batch its macro-F1 is measured on a fixed random set. For `mix` and for `random`, over some seeds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labeler.modelstore import ModelStore
from labeler.score.persistence import load_model
from labeler.studio.local import Credentials, LocalStudio
from tests.conftest import STUDIO_PROGRAM
from tests.paths import DATA
from tests.studio.annotating import choices

TOPICS = {
    "cs.CV": "Computer vision",
    "cs.CL": "Computation and language",
    "cs.LG": "Machine learning",
    "cs.RO": "Robotics",
    "cs.CR": "Cryptography and security",
    "math.AP": "Analysis of partial differential equations",
    "quant-ph": "Quantum physics",
    "astro-ph.GA": "Astrophysics of galaxies",
}
BATCHES = (66, 67, 67)
POOL, TEST = 600, 1000


@dataclass(frozen=True, slots=True)
class Material:
    """Papers to ask about, papers to measure on, and what is true of each (its topic, or None)."""

    pool: list[dict[str, str]]
    test: list[dict[str, str]]
    truth: dict[str, str | None]


def material(seed: int) -> Material:
    """Papers of one draw; the ones to measure on are the same in all."""
    import pandas as pd

    frame = pd.read_parquet(DATA / "arxiv_until_2025.parquet")
    primary = frame["categories"].map(lambda listed: listed[0])
    ours = frame[primary.isin(TOPICS)]
    test = ours.sample(TEST, random_state=99)
    pool = ours.drop(test.index).sample(POOL, random_state=seed)
    truth = {f"arxiv:{number}": str(primary[row]) for row, number in frame["id"].items() if row in ours.index}
    return Material(_records(pool), _records(test), dict(truth))


def _records(frame: Any) -> list[dict[str, str]]:
    return [{"id": f"arxiv:{row.id}", "title": row.title, "abstract": row.abstract} for row in frame.itertuples()]


class Loop:
    """A workspace and its project on a server."""

    def __init__(self, folder: Path, server: Credentials, papers: Material) -> None:
        from label_studio_sdk import LabelStudio

        self.folder, self.papers = folder, papers
        self.sdk = LabelStudio(base_url=server.url, api_key=server.token, timeout=300)
        self.environment = os.environ | {"LABEL_STUDIO_URL": server.url, "LABEL_STUDIO_API_KEY": server.token}
        self.environment.pop("LABELER_WORKSPACE", None)
        self.run("init", str(folder), cwd=folder.parent)
        scheme = [f'[[topic]]\nid = "{topic}"\nname = "{name}"\n' for topic, name in TOPICS.items()]
        (folder / "annotations/topics.toml").write_text('mode = "single"\n\n' + "\n".join(scheme))
        lines = "\n".join(map(json.dumps, papers.pool))
        (folder / "digest.jsonl").write_text(lines, encoding="utf-8")

    def run(self, *words: str, cwd: Path | None = None) -> dict[str, Any]:
        """A command in a process of its own; what it prints as JSON."""
        command = [sys.executable, "-m", "labeler", *words, "--json"]
        done = subprocess.run(
            command, cwd=cwd or self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def batch(self, count: int, strategy: str) -> float:
        """Push, annotate, pull, train; the macro-F1 that is reached. Nothing may be doubled or lost on the way."""
        asked = self.run("push", "digest.jsonl", "--count", str(count), "--strategy", strategy)
        assert (asked["sent"], asked["waiting"]) == (count, count)
        project = int(asked["project"].rpartition("/")[2])
        tasks = list(self.sdk.tasks.list(project=project))
        assert len({task.data["paper_id"] for task in tasks}) == len(tasks)
        for task in tasks:
            if not task.total_annotations:
                topic = self.papers.truth[task.data["paper_id"]] or "None of these"
                self.sdk.annotations.create(id=task.id, result=[choices(topic)], lead_time=5.0)
        assert self.run("pull")["added"] == count
        assert self.run("train")["papers"]["labelled"] == len(tasks)
        return self.macro_f1()

    def macro_f1(self) -> float:
        """How right the current model is on the papers to measure on."""
        from sklearn.metrics import f1_score

        model = load_model(ModelStore(self.folder / "models").find().folder)
        told = model.predict([f"{paper['title']}\n{paper['abstract']}" for paper in self.papers.test])
        truth = [self.papers.truth[paper["id"]] for paper in self.papers.test]
        guessed = [str(topic) for topic in told]
        return float(f1_score(truth, guessed, labels=list(TOPICS), average="macro", zero_division=0))


def figures(server: Credentials, strategy: str, seeds: Sequence[int]) -> npt.NDArray[np.float64]:
    """Macro-F1 after each batch (n_seeds, n_batches)."""
    rows = []
    for seed in seeds:
        papers = material(seed)
        with tempfile.TemporaryDirectory() as folder:
            loop = Loop(Path(folder) / f"{strategy}-{seed}", server, papers)
            rows.append([loop.batch(count, strategy) for count in BATCHES])
        print(f"{strategy}, seed {seed}: {' '.join(f'{value:.3f}' for value in rows[-1])}", file=sys.stderr)
    return np.array(rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.loop", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = range(parser.parse_args().seeds)
    with tempfile.TemporaryDirectory() as folder:
        local = LocalStudio(Path(folder) / "studio", str(STUDIO_PROGRAM))
        server, _ = local.start(print)
        try:
            found = {strategy: figures(server, strategy, seeds) for strategy in ("mix", "random")}
        finally:
            local.stop()
    print("| after | mix | random | difference |\n|---|---|---|---|")
    for place, count in enumerate(np.cumsum(BATCHES)):
        mix, random = (found[strategy][:, place] for strategy in ("mix", "random"))
        apart = mix - random
        print(
            f"| {count} papers | {mix.mean():.3f} ± {mix.std():.3f} | {random.mean():.3f} ± {random.std():.3f} | "
            f"{apart.mean():+.3f} ± {apart.std():.3f} |"
        )


if __name__ == "__main__":
    main()
