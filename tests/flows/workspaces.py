"""Workspaces with judgements, and trainings in them."""

from __future__ import annotations

import json
from pathlib import Path

from labeler.config import find_workspace
from labeler.flows.import_ import import_tables
from labeler.flows.train import Training, train
from labeler.judgements import Judgement, JudgementLog
from labeler.topics import Mode
from tests.learn.factories import multi_papers, single_papers, text_of

SCHEME = '[[topic]]\nid = "{}"\nname = "{}"\n'


def make_scheme(workspace: Path, mode: str, *topics: str) -> None:
    text = f'mode = "{mode}"\n' + "".join(SCHEME.format(topic, topic.title()) for topic in topics)
    (workspace / "annotations" / "topics.toml").write_text(text)


def bring(
    workspace: Path, rows: list[tuple[str, str]], complete: bool = True, name: str = "table.jsonl", annotator: str = ""
) -> None:
    """Judgements from a table of texts and topics."""
    records = [
        {"title": text.split("\n")[0], "abstract": text.split("\n")[1], "topics": topics} for text, topics in rows
    ]
    (workspace / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    import_tables(find_workspace(str(workspace)), [str(workspace / name)], "topics", complete, annotator)


def with_settled_ties(workspace: Path) -> Path:
    """A workspace of three people, of whom one is often wrong, so that not the majority counts where two are tied.

    Returns the file of all papers.
    """
    make_scheme(workspace, "single", "robots", "speech")
    texts = [f"Paper {number} of many\nIt is about the matter with the number {number * 7}." for number in range(120)]
    for who, every, first in (("ada", 40, 0), ("bo", 3, 0), ("cy", 60, 40)):
        wrong = [number % every == 1 for number in range(120)]
        answers = [("robots", "speech")[(number + wrong[number]) % 2] for number in range(120)]
        bring(workspace, list(zip(texts, answers, strict=True))[first:], name=f"{who}.jsonl", annotator=who)
    return workspace / "ada.jsonl"


def judged(workspace: Path, mode: str, each: int = 5) -> None:
    make_scheme(workspace, mode, "robots", "speech", "vision")
    if mode == Mode.SINGLE:
        texts, topics = single_papers(each=each, none=each)
        bring(workspace, [(text, topic or "none") for text, topic in zip(texts, topics, strict=True)])
    else:
        texts, lists = multi_papers(each=each)
        bring(workspace, [(text, ";".join(row)) for text, row in zip(texts, lists, strict=True)])


def trained(workspace: Path, name: str = "mine", precision: float = 0.9, unread: tuple[str, ...] = ()) -> Training:
    return train(find_workspace(str(workspace)), name, precision, unread)


def log_of(workspace: Path) -> list[Judgement]:
    return JudgementLog(workspace / "annotations" / "judgements.jsonl").read().judgements


def pile(workspace: Path, papers: int = 60, name: str = "pile.jsonl") -> str:
    """A file of papers that nobody has judged."""
    topics = ("robots", "speech", "vision")
    texts = [text_of([topics[number % 3]], number + 1000).split("\n") for number in range(papers)]
    lines = [json.dumps({"title": title, "abstract": abstract}) + "\n" for title, abstract in texts]
    (workspace / name).write_text("".join(lines))
    return str(workspace / name)
