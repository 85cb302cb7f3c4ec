"""The labels of papers in columns are those of one paper after the other."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labeler.bulk.columns import labels, printed
from labeler.bulk.job import Job
from labeler.digests.fields import readable
from labeler.papers.needs_cleaning import needs_cleaning
from labeler.score.model import TopicModel
from labeler.score.persistence import load_model
from tests.bulk.factories import assert_same_labels, labels_of, labels_one_by_one, real_papers
from tests.papers.test_cleaning import PIECES

ODD: list[tuple[str, str]] = [
    ("Plain title", "We train robots and robots to speak with people."),
    ("", "We train robots to speak."),
    ("Robots for robots", ""),
    ("Robots speak to robots", " "),
    ("  ", "We train robots to speak."),
    ("Speech &amp; robots: caf&eacute;", "Large- scale pre-\ntraining of Schr\\\"odinger models &amp;lt;i&gt; x."),
    ("A <b>bold</b> step", "<p>One.</p><p>Two for robots</p> and if a<b then <think> robots"),
    ("Ｆｕｌｌ　ｗｉｄｔｈ robots", "o\ufb03ce robots e\u0301tude soft\u00adware zero\u200bwidth"),
    ("$\\alpha$-robots and \\emph{speech}", "In $O(n \\log n)$ robots \\cite{x} of \\textbf{speech} ~ \\url{http://a.b/c}"),
    ("Robots that talk (arXiv:2503.11731v1 [cs.CL])", "arXiv:2503.11731v1 Announce Type: new Abstract: Robots talk."),
    ("Robots that talk (arXiv:2503.11731v1 [cs.CL]) ", "Robots talk of replaced robots."),
    ("Robots that talk  (arXiv:2503.11731 [cs.CL] UPDATED)", " arXiv:2503.11731 Announce  Type: new Abstract: Robots"),
    ("Robots", "arXiv:2503.11731v1 Announce Type: replace-cross Abstract: "),
    ("Robots __ robots", "speech __ speech and robots__robots"),
    ("深層学習 robots", "नमस्ते speech Ünïcode ŁÓDŹ ıSTANBUL İstanbul"),
    ("Robots\nof two lines", "Speech\nof\n\nfour lines\r\nand robots"),
    ("Tabs\tand\u00a0blanks", "robots\u2028speech\x00robots\x1f"),
    ("...", "!!! robots"),
    ("Le robot qui parle aux gens", "Nous apprenons aux robots comment parler avec toutes les personnes du monde."),
    ("Robots " * 300, "speech " * 3000),
    ("x" * 3000, "y" * 5000),
]  # fmt: skip
TEXT = st.lists(PIECES | st.sampled_from(["robots", "speech", "video", " ", " (arXiv:2503.11731 [cs.CL])"]), max_size=8)


@lru_cache
def model_at(folder: Path) -> TopicModel:
    return load_model(folder)


def in_columns(pairs: list[tuple[str, str]], job: Job) -> list[tuple[Any, ...]]:
    """The labels of titles and abstracts, in columns."""
    table = labels((readable(*pair) for pair in pairs), model_at(job.model), job.version, job.precision)
    return [labels_of(row) for row in table.to_pylist()]


def papers_of(table: pa.Table) -> list[tuple[str, str]]:
    return list(zip(table["title"].to_pylist(), table["abstract"].to_pylist(), strict=True))


def as_records(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"title": title, "abstract": abstract} for title, abstract in pairs]


@pytest.mark.slow
@pytest.mark.parametrize("pair", ODD, ids=range(len(ODD)))
def test_an_odd_paper_has_the_labels_that_it_has_by_itself(job: Job, pair: tuple[str, str]) -> None:
    assert_same_labels(in_columns([pair], job), labels_one_by_one(as_records([pair]), job))


@pytest.mark.slow
def test_thousands_of_real_papers_have_the_labels_that_they_have_by_themselves(job: Job, shared: Path) -> None:
    table = real_papers(2500)
    pairs = papers_of(table)
    assert_same_labels(in_columns(pairs, job), labels_one_by_one(as_records(pairs), job))


@settings(max_examples=60, deadline=None)
@example(title="Robots speak of robots", abstract=" ")
@example(title=" ", abstract="Robots")
@given(title=TEXT.map("".join), abstract=TEXT.map("".join))
def test_any_text_has_the_labels_that_it_has_by_itself(trained_once: Path, title: str, abstract: str) -> None:
    job = Job(trained_once / "models" / "mine" / "1", "mine@1", 0.9, {})
    pairs = [("Robots speak to robots", abstract), (title, "Speech of robots")]
    assert_same_labels(in_columns(pairs, job), labels_one_by_one(as_records(pairs), job))


@pytest.mark.slow
def test_topics_come_in_the_order_of_their_probabilities(trained_once: Path, shared: Path) -> None:
    table, model = real_papers(2000), model_at(trained_once / "models" / "mine" / "1")
    found = labels(papers_of(table), model, "mine@1", 0.9).to_pylist()
    several = [row for row in found if len(row["topics"]) > 1]
    assert len(several) > 20
    for row in several:
        probabilities = [topic["probability"] for topic in row["topics"]]
        assert probabilities == sorted(probabilities, reverse=True)
        assert all(row["scores"][topic["topic"]] == topic["probability"] for topic in row["topics"])


def test_columns_have_the_promised_types(job: Job) -> None:
    table = labels([("Robots", ""), ("", "Speech of robots")], model_at(job.model), job.version, job.precision)
    topics = model_at(job.model).linear.topics
    also = model_at(job.model).cross_lists is not None  # the model that comes with labeler knows of lists
    assert table.schema.names == ["topics", "scores", "decision", "reason", "model", *(["also"] if also else [])]
    kind = pa.list_(pa.struct([("topic", pa.string()), ("probability", pa.float32())]))
    assert not also or table.schema.field("also").type == kind
    assert table.schema.field("topics").type == pa.list_(
        pa.struct([("topic", pa.string()), ("probability", pa.float32()), ("because", pa.list_(pa.string()))])
    )
    assert table.schema.field("scores").type == pa.struct([(topic, pa.float32()) for topic in topics])
    assert {table.schema.field(name).type for name in ("decision", "reason", "model")} == {pa.string()}
    assert set(table["model"].to_pylist()) == {job.version}


@pytest.mark.slow
def test_a_reason_is_null_where_the_model_decides(job: Job, shared: Path) -> None:
    table = real_papers(1500)
    found = labels(papers_of(table), model_at(job.model), job.version, job.precision)
    decisions, reasons = found["decision"].to_pylist(), found["reason"].to_pylist()
    assert len(set(decisions)) > 1
    assert all(
        (reason is not None) >= (decision == "review") for decision, reason in zip(decisions, reasons, strict=True)
    )
    assert {reason for decision, reason in zip(decisions, reasons, strict=True) if decision == "auto"} <= {None}


def test_no_papers_have_no_labels(job: Job) -> None:
    model = model_at(job.model)
    empty, table = (labels(papers, model, job.version, job.precision) for papers in ([], [("Robots", "Robots")]))
    assert len(empty) == 0
    assert empty.schema == table.schema


def test_what_comes_does_not_depend_on_how_many_come_together(job: Job, shared: Path) -> None:
    table = real_papers(1100)
    pairs = papers_of(table)
    together = in_columns(pairs, job)
    for row in np.linspace(0, 1099, 7).astype(int).tolist():
        assert_same_labels(in_columns([pairs[row]], job), [together[row]])


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(st.none() | st.text(st.sampled_from("a- \t\r\n\x00\x1f\x7f\u2010é"), max_size=5), max_size=6),
    kind=st.sampled_from([pa.string(), pa.large_string()]),
    begin=st.integers(0, 3),
)
def test_where_all_is_printed_no_look_at_the_text_is_needed(
    texts: list[str | None], kind: pa.DataType, begin: int
) -> None:
    flags = printed(pa.array([*texts, *texts], kind)[begin : begin + len(texts)]).tolist()
    for text, is_printed in zip([*texts, *texts][begin:], flags, strict=False):
        assert not is_printed or needs_cleaning(text or "", True) == needs_cleaning(text or "")
    assert len(flags) == max(0, min(len(texts), 2 * len(texts) - begin))


def test_usual_texts_are_printed() -> None:
    column = pa.array(["robots", "two\nlines", None, "", "broken-\nup", "a\x00b", "a\tb", "last - one"])
    assert printed(column).tolist() == [True, True, True, True, False, False, False, True]
    assert printed(column[6:]).tolist() == [False, True]
    assert printed(pa.array([["a", "list"]])).tolist() == [False]
