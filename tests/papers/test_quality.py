"""What is wrong with the text of a paper: flags, on texts that have the fault and on those that only look like it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.fields import paper_of
from labeler.papers.quality import SENTENCES, flags_of
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, OTHER, lines

LONG = ABSTRACT * 3


@pytest.mark.parametrize(
    "abstract",
    [
        f"{ABSTRACT[:-20]}…",
        f"{ABSTRACT[:-20]} ...",
        f"{ABSTRACT[:-20]} [...]",
        f"{ABSTRACT[:-20]}... (truncated)",
        f"{ABSTRACT[:-20]} … Read more",
        f"{ABSTRACT[:-20]} Show more.",
        "We study how small teams sort the papers of a day when nobody has time for all of the",
        "We study how small teams sort the papers of a day when nobody has time, and compare, with",
        LONG[:255] if LONG[254].isalnum() else LONG[:250],
    ],
)
def test_an_abstract_that_breaks_off_is_flagged(abstract: str) -> None:
    assert list(flags_of("A title", abstract)) == ["cut_abstract"]


@pytest.mark.parametrize(
    "abstract",
    [
        ABSTRACT,
        ABSTRACT[:-1],
        "In these notes we say more.",
        "Less is more",
        "Code: https://github.com/a/b",
        "What do models dream of?",
        "Models that we rely on",
        f"{ABSTRACT} (Abridged)",
        f"{ABSTRACT} We call it A*",
    ],
)
def test_an_abstract_that_ends_is_not(abstract: str) -> None:
    assert not list(flags_of("A title", abstract))


@pytest.mark.parametrize(
    "text",
    [
        "Sorting <a href='x'>papers</a> of a day.",
        "One <xref>two</xref> three.",
        "H<tt>x</tt>",
        "Cats &amp; dogs &lt; 3.",
        r"We present \textbf{Sorting} of papers.",
        r"\begin{abstract} We sort. \end{abstract}",
        r"Where \cite{Lee} and $a_b$ stand.",
    ],
)
def test_markup_that_is_left_is_flagged(text: str) -> None:
    assert list(flags_of(text, ABSTRACT)) == ["markup_left"]
    assert list(flags_of("A title", text)) == ["markup_left"]


@pytest.mark.parametrize(
    "text",
    [
        r"An $\epsilon$-net with $\mathbf{x} \in \mathbb{R}^n$ and \(\alpha\).",
        r"Fields with B \geq 10 and 360\deg.",
        "Tokens <think>, <SEG> and <s> are words.",
        "If a < b and c > d, AT&T; R&D.",
        "Cats & dogs",
    ],
)
def test_mathematics_and_words_are_no_markup(text: str) -> None:
    assert not list(flags_of("A title", text))


@pytest.mark.parametrize(
    ("title", "flag"),
    [
        ("Call for Papers: Special Issue on Sorting", "call_for_papers"),
        ("Second Call for Participation - SORT 2026", "call_for_papers"),
        ("Sorting of papers: call for papers", "call_for_papers"),
        ("CFP: SORT 2026", "call_for_papers"),
        ("Table of Contents", "table_of_contents"),
        ("Contents, Volume 12, Issue 3", "table_of_contents"),
        ("Issue Information", "table_of_contents"),
        ("Front Matter", "table_of_contents"),
        ("Inhaltsverzeichnis", "table_of_contents"),
        ("目录", "table_of_contents"),
        ("RETRACTED: Sorting papers", "retracted"),
        ("RETRACTED ARTICLE: Sorting papers", "retracted"),
        ("Retraction Note to: Sorting papers", "retracted"),
        ("[Retracted] Sorting papers", "retracted"),
        ("Sorting papers (Retracted article. See vol. 3)", "retracted"),
        ("Retraction: Sorting papers", "retracted"),
        ("WITHDRAWN: Sorting papers", "withdrawn"),
    ],
)
def test_what_is_no_usual_paper_is_flagged(title: str, flag: str) -> None:
    assert list(flags_of(title, "")) == ["no_abstract", flag]


@pytest.mark.parametrize(
    "title",
    [
        "What predatory journals write in their calls for papers",
        "CFP-Gen: functional proteins",
        "The contents of Saturn's rings",
        "Contents of arsenic in rice",
        "Retraction of the tongue in infants",
        "Why papers are retracted",
        "On retractions in topology",
        "Covers of graphs",
        "Index theory",
        "A call for open science",
    ],
)
def test_papers_about_these_are_not(title: str) -> None:
    assert not list(flags_of(title, ABSTRACT))


@pytest.mark.parametrize(
    "abstract",
    [
        "This article has been retracted at the request of the editor. " + ABSTRACT,
        "The above article, published online on 3 May, has been retracted by agreement.",
        "RETRACTED: " + ABSTRACT,
    ],
)
def test_an_abstract_may_say_that_it_is_retracted(abstract: str) -> None:
    assert "retracted" in flags_of("A title", abstract)


@pytest.mark.parametrize(
    "fields",
    [{"is_retracted": True}, {"Publication Type": "Journal Article; Retracted Publication"}, {"isRetracted": "true"}],
)
def test_a_database_may_say_that_a_paper_is_retracted(fields: dict[str, object]) -> None:
    assert paper_of({"title": "A title", "abstract": ABSTRACT} | fields, "a").flags == ("retracted",)
    unmarked = (
        dict.fromkeys(fields, "Journal Article") if "Publication Type" in fields else dict.fromkeys(fields, False)
    )
    assert paper_of({"title": "A title", "abstract": ABSTRACT} | unmarked, "a").flags == ()


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=50))
def test_every_flag_is_explained(title: str, abstract: str, comments: str) -> None:
    assert set(flags_of(title, abstract, comments)) <= set(SENTENCES)


def test_hardly_a_usual_paper_is_flagged(shared: Path) -> None:
    batch = next(pq.ParquetFile(shared / "data" / "arxiv_until_2025.parquet").iter_batches(5000))
    found = [paper_of(row, "a").flags for row in batch.to_pylist()]
    for flag, most in (("cut_abstract", 10), ("markup_left", 60), ("call_for_papers", 0), ("retracted", 0)):
        assert sum(flag in flags for flags in found) <= most, flag


def test_read_counts_flags_and_says_what_to_do(tmp_path: Path, labeler: Labeler) -> None:
    german = (
        "Wir untersuchen, wie kleine Gruppen die Arbeiten eines Tages ordnen, wenn niemand die Zeit hat, sie zu lesen, "
        "und vergleichen drei Wege, nach den Themen zu fragen."
    )
    path = tmp_path / "a.jsonl"
    path.write_text(
        lines(
            {"title": "Sorting", "abstract": ABSTRACT},
            {"title": "Bridges", "abstract": OTHER[:-30] + " ..."},
            {"title": "Ordnen", "abstract": german},
            {"title": "Nothing"},
            {"title": "Nothing else"},
        )
    )
    outcome = labeler("read", path)
    assert outcome.code == 0
    told = " ".join(outcome.err.split())
    assert "no_abstract: 2 papers without an abstract, labelled by the title alone: export them with abstracts" in told
    assert "cut_abstract: 1 paper with an abstract that breaks off" in told
    assert "other_language: 1 paper in another language than your papers" in told
    assert "5 papers: 2 in English, 2 in a language that cannot be told, 1 in German" in told
    records = map(json.loads, labeler("read", path, "--json").out.splitlines())
    assert [record["language"] for record in records] == [None, None, "de", None, None]
