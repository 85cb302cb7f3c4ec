"""The loop of the README, day by day: papers are asked, judged and learned from, and the next day's digest is labelled.

A day's digest holds the papers of 14 categories in the shares in which they come. An annotator who knows their topics
answers what `labeler export --count` asks; everything runs through the commands that a user has.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from labeler.cli import main
from tests.bench.quality import splits
from tests.bench.quality.ledger import Record
from tests.bench.quality.ours import background_file

REFUSED = 6  # how `train` ends where the gate refuses its version
DAYS, PAPERS, ASKED = 20, 100, 20  # days, papers of a digest, papers that are judged a day
TOPICS = {topic: splits.NAMES[topic] for topic in tuple(splits.NAMES)[: splits.MIXED_TOPICS]}


@dataclass(frozen=True)
class Arm:
    """A way to go about it: how papers are picked, and whether ``train`` has ``--unread``."""

    label: str
    strategy: str
    unread: bool


ARMS = {
    "days-mix-unread": Arm("`mix`, `--unread`", "mix", True),
    "days-mix": Arm("`mix`, without `--unread`", "mix", False),
    "days-random-unread": Arm("`random`, `--unread`", "random", True),
}


def digests(seed: int) -> list[pd.DataFrame]:
    """A digest for each day and one before the first: late papers drawn at random, in the order of their dates."""
    _, late = splits.arxiv_rows()
    rows = late[late["topic"].isin(list(TOPICS))].sample((DAYS + 1) * PAPERS, random_state=seed)
    rows = rows.sort_values(["date", "id"], kind="stable")
    return [rows.iloc[first : first + PAPERS] for first in range(0, len(rows), PAPERS)]


def simulated(arm: Arm, seed: int) -> list[Record]:
    """What came of each day: the share of papers with the right topic, and what `train` had said."""
    days = digests(seed)
    truth = {f"arxiv:{row.id}": row.topic for day in days for row in day.itertuples()}
    with tempfile.TemporaryDirectory() as folder, _inside(Path(folder)):
        _run("init", ".")
        Path("labeler.toml").write_text(f'[train]\nbackground = "{background_file()}"\n', encoding="utf-8")
        scheme = "\n".join(f'[[topic]]\nid = "{topic}"\nname = "{name}"\n' for topic, name in TOPICS.items())
        Path("annotations/topics.toml").write_text(f'mode = "single"\n\n{scheme}', encoding="utf-8")
        seen: list[str] = []
        results: list[Record] = []
        told: Any = {}
        for day, (today, tomorrow) in enumerate(pairwise(days)):
            seen.append(_written(today, day))
            _judge(seen, arm, day, truth)
            unread = (part for name in seen for part in ("--unread", name) if arm.unread)
            learned = _run("train", *unread, "--json", fine=(0, REFUSED))
            told = json.loads(learned[0]) if learned[1] == 0 else told  # a version that is refused is not used
            results.append(_labelled(_written(tomorrow, day + 1), truth) | _said(told))
    return results


def _judge(seen: list[str], arm: Arm, day: int, truth: dict[str, str]) -> None:
    """Ask about papers, answer, and bring the answers in."""
    _run("export", *seen, "--count", str(ASKED), "--strategy", arm.strategy, "-o", f"tasks-{day}.json")
    tasks = json.loads(Path(f"tasks-{day}.json").read_text(encoding="utf-8"))
    for number, task in enumerate(tasks):
        task["id"] = day * ASKED + number + 1
        choice = TOPICS[truth[task["data"]["paper_id"]]]
        result = {"from_name": "topics", "to_name": "abstract", "type": "choices", "value": {"choices": [choice]}}
        made = f"2026-01-{day + 1:02d}T00:00:00Z"
        task["annotations"] = [
            {"id": task["id"], "completed_by": 1, "result": [result], "created_at": made, "updated_at": made}
        ]
    Path(f"answers-{day}.json").write_text(json.dumps(tasks), encoding="utf-8")
    _run("import", f"answers-{day}.json")


def _labelled(digest: str, truth: dict[str, str]) -> Record:
    """How right the labels of a digest are, and those of its papers that are decided without a person."""
    papers = [json.loads(line) for line in _run("label", digest, "--to", "jsonl")[0].splitlines()]
    right = [[part["topic"] for part in paper["topics"]] == [truth[paper["id"]]] for paper in papers]
    automatic = [fine for fine, paper in zip(right, papers, strict=True) if paper["decision"] == "auto"]
    return {"right": sum(right) / len(right), "decided": len(automatic), "decided_right": sum(automatic)}


def _said(told: Any) -> Record:
    """What `train` says of the share that is right: on held-out papers, and the interval for new papers."""
    measured, no_topic = told["measured"].get("micro_f1"), told.get("no_topic")
    right = told.get("right") or (measured and [measured["low"], measured["high"]])
    return {
        "said": measured and measured["value"],
        "interval": right,
        "no_topic": no_topic and [no_topic["low"], no_topic["high"]],
    }


def _written(digest: pd.DataFrame, day: int) -> str:
    name = f"digest-{day:02d}.jsonl"
    lines = [
        json.dumps({"id": f"arxiv:{row.id}", "title": row.title, "abstract": row.abstract, "date": row.date})
        for row in digest.itertuples()
    ]
    Path(name).write_text("\n".join(lines), encoding="utf-8")
    return name


def _run(*words: str, fine: tuple[int, ...] = (0,)) -> tuple[str, int]:
    """What a command prints, and how it ends."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(words))
    assert code in fine, f"{' '.join(words)}: {err.getvalue()}"
    return out.getvalue(), code


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
