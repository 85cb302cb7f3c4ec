"""Areas of conference papers: learn from 2020-2022, label 2023-2024, beside scikit-learn's defaults.

The job is done as a user would: tables, `labeler import`, `labeler train`, `labeler label`. IJCAI names all areas of a
paper (imported --complete), AAAI one (--partial). Run with: python -m tests.bench.areas
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from labeler.cli import main
from labeler.measure.estimates import Estimate, bootstrap
from labeler.measure.metrics import macro_f1, micro_f1
from labeler.papers.cleaning import clean
from tests.paths import DATA


def frame() -> pd.DataFrame:
    """All rows, with the year and a text of title and abstract."""
    rows = pd.read_parquet(DATA / "ijcai_aaai_areas.parquet")
    return rows.assign(year=rows["date"].str[:4].astype(int), text=rows["title"] + "\n" + rows["abstract"].fillna(""))


def labeler_scores(workspace: Path, parts: Sequence[tuple[pd.DataFrame, str]], test: pd.DataFrame) -> Any:
    """Train on tables, each imported with its flag, and return the topics given to ``test`` (n_papers, n_topics)."""
    topics = areas(test)
    run("--quiet", "init", str(workspace))
    every = sorted({topic for rows, _ in parts for topics_of in rows["topics"] for topic in topics_of})
    scheme = "".join(f'\n[[topic]]\nid = "t{n}"\nname = {json.dumps(name)}\n' for n, name in enumerate(every))
    (workspace / "annotations/topics.toml").write_text(f'mode = "multi"\n{scheme}')
    for number, (rows, flag) in enumerate(parts):
        table = workspace / f"part{number}.parquet"
        rows[["title", "abstract", "topics"]].to_parquet(table)
        run("--workspace", str(workspace), "import", str(table), "--topics-column", "topics", flag)
    run("--workspace", str(workspace), "train")
    digest = workspace / "new.jsonl"
    digest.write_text(
        "".join(json.dumps({"title": row.title, "abstract": row.abstract}) + "\n" for row in test.itertuples())
    )
    labelled = [json.loads(line) for line in run("--workspace", str(workspace), "label", str(digest)).splitlines()]
    given = {record["title"]: {every[int(item["topic"][1:])] for item in record["topics"]} for record in labelled}
    return np.array([[topic in given[clean(title)] for topic in topics] for title in test["title"]])


def defaults(train: pd.DataFrame, test: pd.DataFrame) -> Any:
    """scikit-learn as everyone writes it: ``TfidfVectorizer()``, ``LogisticRegression()``, one-vs-rest, 0.5."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    every = sorted({topic for topics_of in train["topics"] for topic in topics_of})
    model = make_pipeline(TfidfVectorizer(), OneVsRestClassifier(LogisticRegression()))
    model.fit(train["text"], truth(train, every).astype(int))
    columns = [every.index(topic) for topic in areas(test)]
    return model.predict(test["text"])[:, columns].astype(bool)


def areas(rows: pd.DataFrame) -> list[str]:
    """The areas that occur in ``rows``."""
    return sorted({topic for topics in rows["topics"] for topic in topics})


def truth(rows: pd.DataFrame, topics: Sequence[str]) -> Any:
    """1 where a row names a topic, else 0: (n_rows, n_topics)."""
    return np.array([[float(topic in named) for topic in topics] for named in rows["topics"]])


def run(*arguments: str) -> str:
    """One labeler command; what it printed.

    Raises:
        RuntimeError: it failed.
    """
    out, talk = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(talk):
        code = main(list(arguments))
    if code:
        raise RuntimeError(talk.getvalue())
    return out.getvalue()


def compared(answers: Any, ours: Any, theirs: Any) -> dict[str, tuple[Estimate, Estimate, Estimate]]:
    """For macro- and micro-F1: ours, theirs, and the paired difference, with 95 % bootstrap intervals."""
    return {
        name: (
            bootstrap(lambda rows, f=figure: f(answers[rows], ours[rows]), len(answers)),
            bootstrap(lambda rows, f=figure: f(answers[rows], theirs[rows]), len(answers)),
            bootstrap(
                lambda rows, f=figure: f(answers[rows], ours[rows]) - f(answers[rows], theirs[rows]), len(answers)
            ),
        )
        for name, figure in (("macro-F1", macro_f1.score), ("micro-F1", micro_f1.score))
    }


def table() -> str:
    """The comparison, for training on both conferences and on IJCAI alone, in Markdown."""
    rows = frame()
    early, test = rows[rows["year"] <= 2022], rows[rows["year"] >= 2023]
    ijcai, aaai = early[early["venue"] == "ijcai"], early[early["venue"] == "aaai"]
    lines = [
        "| trained on | figure | labeler | scikit-learn defaults | difference | seconds |",
        "|---|---|---|---|---|---|",
    ]
    runs = (
        ("IJCAI complete, AAAI partial", [(ijcai, "--complete"), (aaai, "--partial")]),
        ("IJCAI alone, complete", [(ijcai, "--complete")]),
        ("all partial", [(early, "--partial")]),
    )
    for name, parts in runs:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            ours = labeler_scores(Path(folder) / "w", parts, test)
            seconds = time.perf_counter() - begun
        theirs = defaults(pd.concat([part for part, _ in parts]), test)
        for figure, estimates in compared(truth(test, areas(test)), ours, theirs).items():
            lines.append(f"| {name} | {figure} | {' | '.join(map(str, estimates))} | {seconds:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
