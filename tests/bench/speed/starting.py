"""Whole processes: one page labelled, and help."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from labeler import read_digest
from labeler.files import json_line
from labeler.judgements import Judgement
from labeler.modelstore import ModelStore
from labeler.papers import Paper
from labeler.score.manifest import TrainingRecord
from tests.bench.speed.material import model
from tests.bench.speed.turns import Ended, Row, labeler, run
from tests.paths import SHARED

_ROUNDS = 11
_JUDGEMENTS = 50_000
PAGE = SHARED / "digests/hf_page/trending_page.txt"
PEER = """
import sys, joblib
lines = [line for line in open(sys.argv[2], encoding="utf-8").read().split("\\n") if line.strip()][5:]
texts = [f"{title} __ {title} __ {abstract}" for title, abstract in zip(lines[::2], lines[1::2])]
for row in joblib.load(sys.argv[1]).predict_proba(texts):
    print(row.max())
"""


def rows() -> Iterator[Row]:
    """The rows of the table: seconds of the clock, as that is what people wait for."""
    with tempfile.TemporaryDirectory() as folder:
        import joblib

        from labeler.learn.to_sklearn import pipeline_of

        workspace, peer = f"{folder}/workspace", f"{folder}/peer.joblib"
        labeler("--quiet", "init", workspace)
        learned = model(30)
        ModelStore(Path(workspace) / "models").add("mine", learned, TrainingRecord(), "")
        joblib.dump(pipeline_of(learned), peer)
        script = Path(folder) / "peer.py"
        script.write_text(PEER)
        ours, theirs = _turns(
            lambda: labeler("label", str(PAGE), "--to", "md", folder=workspace),
            lambda: run(sys.executable, str(script), peer, str(PAGE)),
        )
        job = "`labeler label` of the page of 73 papers, whole process; peer: scikit-learn and joblib"
        yield Row(job, ours, theirs, "×8, < 0.2 s (0.12 s)")
        yield beside_a_log(Path(workspace), learned.topics)
        ours, theirs = _turns(lambda: labeler("--help"), lambda: run(sys.executable, "-c", "import typer"))
        yield Row("`labeler --help`; peer: `import typer`", ours, theirs, "< 0.15 s (0.1 s)")


def beside_a_log(workspace: Path, topics: tuple[str, ...]) -> Row:
    """The page in a workspace whose log has very many judgements, some of them on papers of the page."""
    plain = workspace.with_name("plain")
    shutil.copytree(workspace, plain)
    scheme = "".join(f'[[topic]]\nid = "{topic}"\n' for topic in topics)
    for folder in (workspace, plain):
        (folder / "annotations" / "topics.toml").write_text(scheme)
    papers = [*read_digest(PAGE), *(_invented(number) for number in range(_JUDGEMENTS))][:_JUDGEMENTS]
    with (workspace / "annotations" / "judgements.jsonl").open("w", encoding="utf-8") as log:
        for number, paper in enumerate(papers):
            source = {"file": "judged.csv", "row": number}
            fields = (
                paper.id,
                paper.ids,
                paper.title,
                paper.abstract,
                "ada",
                topics[:1],
                "2026-03-01T10:00:00Z",
                source,
            )
            log.write(json_line(Judgement(*fields, offered=topics).to_dict()) + "\n")
    time.sleep(3)  # the index is kept when the log has not changed for some seconds
    ours, theirs = _turns(*(partial(labeler, "label", str(PAGE), folder=str(at)) for at in (workspace, plain)))
    return Row(f"the same with {_JUDGEMENTS:,} judgements in the log; peer: without", ours, theirs, "near ×1")


def _invented(number: int) -> Paper:
    words = " ".join(f"word{number * step % 997}" for step in range(1, 180))
    return Paper.make(f"An invented paper of number {number}", f"{words}.", ids=[f"doi:10.1000/{number}"])


def _turns(ours: object, theirs: object) -> tuple[list[float], list[float]]:
    ended: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS + 1):
        for call, told in zip((ours, theirs), ended, strict=True):
            process: Ended = call()  # type: ignore[operator]
            told.append(process.wall)
    return ended[0][1:], ended[1][1:]  # the first run warms the disk
