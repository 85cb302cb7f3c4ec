"""Whole processes: one page labelled, and help."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from labeler.modelstore import ModelStore
from labeler.score.manifest import TrainingRecord
from tests.bench.speed.material import model
from tests.bench.speed.turns import Ended, Row, labeler, run
from tests.paths import SHARED

_ROUNDS = 11
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
        ours, theirs = _turns(lambda: labeler("--help"), lambda: run(sys.executable, "-c", "import typer"))
        yield Row("`labeler --help`; peer: `import typer`", ours, theirs, "< 0.15 s (0.1 s)")


def _turns(ours: object, theirs: object) -> tuple[list[float], list[float]]:
    ended: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS + 1):
        for call, told in zip((ours, theirs), ended, strict=True):
            process: Ended = call()  # type: ignore[operator]
            told.append(process.wall)
    return ended[0][1:], ended[1][1:]  # the first run warms the disk
