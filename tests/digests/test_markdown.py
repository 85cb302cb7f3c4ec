"""Digests in Markdown: sections, tables, lists. All texts are invented."""

# ruff: noqa: E501  (digests stand as bots write them)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests import read_inputs
from labeler.digests.markdown import cells_of, links_in, plain_text
from labeler.digests.markdown_sections import Row, sections
from labeler.errors import InputError
from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, OTHER, read, titles
from tests.growth import LARGEST_RATIO, doubling

_BOT = f"""<div id=toc></div>

# Table of Contents

- [cs.LG](#cs.LG) [Total: 2]

# cs.LG [[Back]](#toc)

### [1] [Sorting a <SEG> Day with $x_i*y_i*z$](https://arxiv.org/abs/2601.88001)
*Ann Lee,Bo Ek*

Main category: cs.DL

TL;DR: A short text that a language model has written about this paper, and which is no abstract of it at all.

<details>
  <summary>Details</summary>
Motivation: None that is of interest.

Method: Asking.

Abstract: We study <think> spans: {ABSTRACT}
Results: they are fine.

</details>


### [2] [Listening to Bridges](https://arxiv.org/abs/2601.88002)
*Cleo Diaz*

TL;DR: short

<details>
  <summary>Abstract</summary>

{OTHER}

</details>
"""
_RICH = f"""# Daily 2026-01-14

### [1] [Sorting a Day](https://arxiv.org/abs/2601.88001)
> *Another title*

*Ann Lee, Bo Ek* | **Category: cs.LG, cs.DL** | **Updated: 2026-01-12**

**Keywords:** sorting, days

**Comment:** Withdrawn by the authors

> **TL;DR:** short

> **ai_Abstract:** {OTHER}

[up](#toc)

---
"""
_PAGE = f"""---
layout: default
title: Sorting a Day
---

# Sorting a Day
**arXiv**：[2601.88001v1](https://arxiv.org/abs/2601.88001) · [PDF](https://arxiv.org/pdf/2601.88001.pdf)
**作者**：Ann Lee, Bo Ek

## 3 点简述
- A point
- Another point, with [a link](https://arxiv.org/abs/2012.88009)

## 摘要（原文）

> {ABSTRACT[:100]}
> {ABSTRACT[100:]}
>   {OTHER}
"""
_TABLE = """## SLAM

|Publish Date|Title|Authors|PDF|Code|
|---|---|---|---|---|
|**2026-01-12**|**Sorting a \\| Day**|Ann Lee et.al.|[2601.88001](http://arxiv.org/abs/2601.88001)|null|
|**2026-01-13**|**Listening to
Bridges**|Bo Ek et.al.|[2601.88002](http://arxiv.org/abs/2601.88002)|[link](https://github.com/x/y)|

<p align=right>(<a href=#top>back to top</a>)</p>

## Other

| # | 题目 | 关键词 |
|---:|:--|---|
| 1 | [Decks of Wood](./papers/x.html) | decks, wood |
"""
_LIST = """# My reading

- [Sorting a Day](https://arxiv.org/abs/2601.88001) - Ann Lee, Bo Ek
* 2026-01-13, **Listening to Bridges**, Bo Ek et.al., Paper: [http://arxiv.org/abs/2601.88002](http://arxiv.org/abs/2601.88002)
1. Decks of Wood. [[pdf](https://arxiv.org/pdf/2601.88003)] [[code](https://github.com/x/y)]
2. **Planks** of Oak (2024), https://doi.org/10.5555/inv.4
- [Home](https://example.org) and [more](./index.md)
- not a paper
"""


def _papers(folder: Path, content: str, kind: str = "markdown") -> list[Paper]:
    reading = read(folder, "digest.md", content)
    assert (list(reading.formats.values()), reading.refused) == ([kind], [])
    return reading.papers


def test_sections_of_a_bot(tmp_path: Path) -> None:
    first, second = _papers(tmp_path, _BOT)
    assert (first.id, first.title) == ("arxiv:2601.88001", "Sorting a <SEG> Day with $x_i*y_i*z$")
    assert first.abstract == f"We study <think> spans: {ABSTRACT} Results: they are fine."
    assert (first.authors, first.categories, first.flags) == (("Ann Lee", "Bo Ek"), ("cs.DL",), ())
    assert (second.id, second.abstract, second.categories) == ("arxiv:2601.88002", OTHER, ("cs.LG",))


def test_what_a_language_model_wrote_is_no_abstract(tmp_path: Path) -> None:
    (paper,) = _papers(tmp_path, _RICH)
    assert (paper.abstract, paper.flags) == ("", ("no_abstract", "withdrawn"))
    assert (paper.authors, paper.categories) == (("Ann Lee", "Bo Ek"), ("cs.LG", "cs.DL"))
    assert (paper.date, paper.keywords) == ("2026-01-12", ("sorting", "days"))


def test_page_of_one_paper(tmp_path: Path) -> None:
    (paper,) = _papers(tmp_path, _PAGE)
    assert (paper.id, paper.title, paper.authors) == ("arxiv:2601.88001", "Sorting a Day", ("Ann Lee", "Bo Ek"))
    assert paper.abstract.startswith(ABSTRACT[:60])
    assert paper.abstract.endswith(OTHER)


@pytest.mark.parametrize(
    "text",
    [
        f"# Daily papers\n\n## 2026-01-14\n\n### Sorting a Day\n\n[arXiv](https://arxiv.org/abs/2601.88001)\n\n**Authors:** Ann Lee, Bo Ek\n\n**Summary:** {ABSTRACT}\n\n---\n",
        f"# Date: 2026-01-14\n\n## Sorting a Day\n**Authors**: Ann Lee and Bo Ek  \n**Link**: [arXiv](https://arxiv.org/abs/2601.88001)  \n**Domain**: NLP\n\n**Abstract**: \n{ABSTRACT}\n",
        f"## 1. [Sorting a Day](https://arxiv.org/pdf/2601.88001v2)\n- **Authors:** Ann Lee; Bo Ek\n- **Published:** 2026-01-14\n\n#### Abstract\n{ABSTRACT[:50]}\n{ABSTRACT[50:]}\n",
        f"### **Sorting a Day**\n\nAnn Lee, Bo Ek · [PDF](https://arxiv.org/pdf/2601.88001) · 2026-01-14\n\n{ABSTRACT}\n",
    ],
)
def test_shapes_of_other_bots(tmp_path: Path, text: str) -> None:
    (paper,) = _papers(tmp_path, text)
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2601.88001", "Sorting a Day", ABSTRACT)
    assert "Authors" not in text or paper.authors == ("Ann Lee", "Bo Ek")


def test_tables_of_papers(tmp_path: Path) -> None:
    first, second, third = _papers(tmp_path, _TABLE)
    assert (first.id, first.title, first.authors) == ("arxiv:2601.88001", "Sorting a | Day", ("Ann Lee",))
    assert (second.title, second.date) == ("Listening to Bridges", "2026-01-13")
    assert second.url == "http://arxiv.org/abs/2601.88002"
    assert (third.title, third.keywords, third.flags) == ("Decks of Wood", ("decks", "wood"), ("no_abstract",))


def test_thoughts_of_a_language_model_are_no_abstract(tmp_path: Path) -> None:
    row = "|**2026-01-12**|**Sorting a Day**|Ann Lee et.al.|[2601.88001](http://arxiv.org/abs/2601.88001)|<think> Well. </think> Short.|"
    (paper,) = _papers(tmp_path, f"|Publish Date|Title|Authors|PDF|摘要|\n|---|---|---|---|---|\n{row}\n")
    assert (paper.title, paper.flags) == ("Sorting a Day", ("no_abstract",))


def test_a_title_may_be_named_below_the_heading(tmp_path: Path) -> None:
    text = f"# Report\n\n## Target Paper\n\n**Title:** Sorting a Day\n\n**Authors:** Ann Lee, Bo Ek\n\n**Abstract:** \n> {ABSTRACT}\n"
    (paper,) = _papers(tmp_path, text)
    assert (paper.title, paper.authors, paper.abstract) == ("Sorting a Day", ("Ann Lee", "Bo Ek"), ABSTRACT)
    badge = f"# Sorting a Day\n\n[![arXiv](https://x.org/b.svg)](https://arxiv.org/abs/2601.88001)\n\n<b> Ann Lee and Bo Ek </b>\n\n**Abstract:** {ABSTRACT}\n"
    assert _papers(tmp_path, badge)[0].id == "arxiv:2601.88001"


def test_lists_of_links(tmp_path: Path) -> None:
    papers = _papers(tmp_path, _LIST)
    assert [(paper.id, paper.title) for paper in papers] == [
        ("arxiv:2601.88001", "Sorting a Day"),
        ("arxiv:2601.88002", "Listening to Bridges"),
        ("arxiv:2601.88003", "Decks of Wood"),
        ("doi:10.5555/inv.4", "Planks of Oak (2024)"),
    ]
    assert papers[1].authors == ("Bo Ek",)


@pytest.mark.parametrize(
    "text",
    [
        "# A program\n\nIt sorts. See [the paper](https://example.org).\n\n- fast\n- small\n",
        "# Contents\n\n- [2026-01-12](data/2026-01-12.md)\n- [2026-01-13](data/2026-01-13.md)\n",
        f"# Introduction\n\n{ABSTRACT} More is in [1](https://arxiv.org/abs/2601.88001).\n",
        "| Name | Price |\n|---|---|\n| Oak | 3 |\n",
    ],
)
def test_other_markdown_is_no_digest(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, "README.md", text)


def test_real_digests_are_read(shared: Path) -> None:
    folder = shared / "digests" / "daily_repos"
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        reading = read_inputs([str(path)])
        rows = sum(line.startswith("|") for line in text.splitlines())
        count = sum(line.startswith("### [") for line in text.splitlines()) or max(1, rows - 2)
        assert (list(reading.formats.values()), reading.records, reading.refused) == (["markdown"], count, [])
        if not rows:
            assert all(paper.authors and paper.id.startswith("arxiv:") for paper in reading.papers)
        if not rows and "xmkxabc" not in path.name:
            assert all(paper.abstract for paper in reading.papers)


def test_text_without_its_marks() -> None:
    assert plain_text("**Bold** *it* `code` [a [b] c](x) ![i](y) snake_case a*b*c $a_1*b_2*$ <think>") == (
        "Bold it code a [b] c snake_case a*b*c $a_1*b_2*$ <think>"
    )
    assert [link.target for link in links_in("[a](http://x.org/(b)) http://y.org. ![i](z)")] == [
        "http://x.org/(b)",
        "http://y.org",
    ]
    assert cells_of("| a | b \\| c |") == ["a", "b | c"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.sampled_from([_BOT, _RICH, _PAGE, _TABLE, _LIST, "\n", "|", "**", "- ", "# ", "```", "---\n", "> "]),
            st.text(max_size=20),
        ),
        max_size=8,
    )
)
def test_no_digest_is_too_odd(tmp_path: Path, pieces: list[str]) -> None:
    text = "### [0] [A first paper](https://arxiv.org/abs/2601.88000)\n\n" + "".join(pieces)
    reading = read(tmp_path, "a.md", text.encode("utf-8", "replace"), "markdown")
    assert reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused)
    assert titles(reading)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 12), st.booleans())
def test_every_paper_is_counted(tmp_path: Path, count: int, is_table: bool) -> None:
    numbers = range(count)
    rows = "".join(f"| On {number} | [l](https://arxiv.org/abs/2601.{88100 + number}) |\n" for number in numbers)
    parts = "".join(f"## [On {number}](https://arxiv.org/abs/2601.{88100 + number})\n\ntext\n\n" for number in numbers)
    assert read(tmp_path, "a.md", f"| Title | PDF |\n|---|---|\n{rows}" if is_table else parts).records == count


@pytest.mark.slow
def test_a_row_that_never_ends_is_read_in_one_go() -> None:
    def make(count: int) -> list[str]:
        return ["| Title | Abstract | Link |", "|---|---|---|", "| One | two", *["words that go on"] * count]

    assert doubling(make, lambda lines: list(sections(lines)), 3000) < LARGEST_RATIO


@given(st.lists(st.text("a| \\", min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=3))
def test_a_row_of_several_lines_has_the_cells_of_one(lines: list[str]) -> None:
    row = Row(0)
    for line in lines:
        row.add(line)
    assert row.count == len(cells_of(" ".join(row.lines)))
