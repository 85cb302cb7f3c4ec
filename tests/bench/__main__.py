"""`make bench`: labeler's speed as a ratio to a peer in the same run, the two taking turns."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from labeler import TopicClassifier
from labeler.learn.to_sklearn import pipeline_of
from tests.places import SAMPLES

ROUNDS = 5


def main() -> None:
    """Print the table."""
    print("| job | labeler | peer | peer ÷ labeler |\n|---|---|---|---|")
    texts, topics = samples()
    classifier = TopicClassifier("multi").fit(texts, topics)
    pipeline = pipeline_of(classifier.model_)
    many = (texts * 40)[:5000]
    row(
        f"probabilities of {len(many)} papers, in one process; peer: scikit-learn pipeline of the same model",
        lambda: classifier.predict_proba(many),
        lambda: pipeline.predict_proba(many),
    )
    with tempfile.TemporaryDirectory() as folder:
        import joblib

        classifier.save(f"{folder}/model")
        joblib.dump(pipeline, f"{folder}/model.joblib")
        row(
            "start, load and label 24 papers, a new process; peer: scikit-learn and joblib",
            lambda: python(OURS, f"{folder}/model", SAMPLES / "digest.txt"),
            lambda: python(THEIRS, f"{folder}/model.joblib", SAMPLES / "digest.txt"),
        )


OURS = """
import sys; from labeler import load_model, read_digest
load_model(sys.argv[1]).predict_proba(read_digest(sys.argv[2]))
"""
THEIRS = """
import sys, joblib
texts = open(sys.argv[2]).read().split("\\n\\n")[6:]
joblib.load(sys.argv[1]).predict_proba([f"{a}\\n{b}" for a, b in zip(texts[::2], texts[1::2])])
"""


def samples() -> tuple[list[str], list[list[str]]]:
    """The invented papers and the topics that their first annotator chose."""
    texts, topics = [], []
    for task in json.loads((SAMPLES / "export.json").read_text(encoding="utf-8")):
        chosen = [row["value"].get("choices", []) for row in task["annotations"][0]["result"][:1]]
        texts.append(f"{task['data']['title']}\n{task['data']['abstract']}")
        topics.append([label for label in (chosen or [[]])[0] if label != "None of these"])
    return texts, topics


def row(job: str, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """Time both by turns and print the medians and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for call, told in zip((ours, theirs), times, strict=True):
            begun = time.perf_counter()
            call()
            told.append(time.perf_counter() - begun)
    mine, peer = (median(told) for told in times)
    print(f"| {job} | {mine:.3f} s | {peer:.3f} s | {peer / mine:.1f} |")


def python(program: str, *arguments: str | Path) -> None:
    """Run a program in a new process."""
    subprocess.run([sys.executable, "-c", program, *map(str, arguments)], check=True)


if __name__ == "__main__":
    main()
