"""Further kinds of Markdown: labels as items, notes with a head of YAML, curated lists, bold headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.digests.links import identifiers_of_link, leads_to_paper
from labeler.papers import Paper
from tests.digests.factories import read

A = "We study how invented rivers carve their beds over long periods of time."
B = "Ponds become lakes when nobody looks after the reeds that grow along their shores in summer."


def papers(tmp_path: Path, text: str) -> list[Paper]:
    return read(tmp_path, "digest.md", text).papers


@pytest.mark.parametrize(
    ("title", "link", "authors", "abstract"),
    [
        ("标题：", "**链接**：", "**作者**：", "**摘要**："),
        ("", "id: ", "Authors: ", "Abstract: "),
        ("Title: ", "**Link:** ", "**Authors:** ", "**Abstract:** "),
        ("", "论文链接：", "作者：", "摘要："),
    ],
)
def test_items_that_begin_with_a_label_belong_to_their_heading(
    tmp_path: Path, title: str, link: str, authors: str, abstract: str
) -> None:
    text = "# Papers of the day\n"
    for number, (name, said) in enumerate((("Rivers of the North", A), ("Ponds", B)), start=1):
        text += f"\n## {number}. {title}{name}\n- {link}[2601.8800{number}](https://arxiv.org/abs/2601.8800{number})\n"
        text += f"- {authors}Ann Lee, Bo Ek\n- {abstract}{said}\n"
    first, second = papers(tmp_path, text)
    assert (first.id, first.title, first.abstract) == ("arxiv:2601.88001", "Rivers of the North", A)
    assert (second.id, second.title, second.authors) == ("arxiv:2601.88002", "Ponds", ("Ann Lee", "Bo Ek"))


def test_a_number_of_arxiv_before_a_title_is_none_of_it(tmp_path: Path) -> None:
    link = "[[pdf](https://arxiv.org/pdf/2601.88001)]"
    (paper,) = papers(tmp_path, f"## cs.CL\n\n- **[2601.88001] Rivers of the North** {link}\n  - Abstract: {A}\n")
    assert (paper.title, paper.abstract) == ("Rivers of the North", A)


@pytest.mark.parametrize("authors", ['authors: ["Ann Lee", "Bo Ek"]', "authors:\n  - Ann Lee\n  - Bo Ek"])
def test_a_note_on_one_paper_has_the_fields_of_its_head(tmp_path: Path, authors: str) -> None:
    head = f'---\ntitle: "Rivers of the North"\n{authors}\nyear: 2026\ndoi: 10.5555/inv.1\ntags: [rivers, beds]\n---\n'
    (paper,) = papers(tmp_path, f"{head}\n# Rivers of the North\n\n## Abstract\n{A}\n\n## Notes\nMine.\n")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Rivers of the North", A)
    assert (paper.authors, paper.date, paper.keywords) == (("Ann Lee", "Bo Ek"), "2026", ("rivers", "beds"))
    (paper,) = papers(tmp_path, f"{head}\nMy own words on it.\n")
    assert (paper.id, paper.title) == ("doi:10.5555/inv.1", "Rivers of the North")


def test_a_page_of_one_paper_needs_no_link(tmp_path: Path) -> None:
    (paper,) = papers(tmp_path, f"# Rivers of the North\n\nAnn Lee\n\n## Abstract\n\n{A}\n\n## Introduction\n\nLong.\n")
    assert (paper.title, paper.abstract) == ("Rivers of the North", A)


def test_the_summary_of_a_day_is_no_abstract(tmp_path: Path) -> None:
    text = (
        f"# Papers of the day\n\n## Summary\n\n{A}\n\n## [Ponds and Lakes](https://arxiv.org/abs/2601.88001)\n\n{B}\n"
    )
    assert [paper.title for paper in papers(tmp_path, text)] == ["Ponds and Lakes"]


def test_items_of_curated_lists_may_link_to_where_papers_lie(tmp_path: Path) -> None:
    text = """# Awesome Rivers

## Contents
- [Surveys](#surveys)

## Surveys
- **Awesome survey of rivers**, *Ann Lee*. [[Paper](https://aclanthology.org/2026.acl-long.1)] [[Code](https://github.com/x/y)]
- Rivers all around. [paper](https://arxiv.org/abs/2601.88001) ![stars](https://img.shields.io/x)
- (ICLR'26) [Flowing transformers](https://openreview.net/forum?id=abc) - Bo Ek
- [A tool for rivers](https://github.com/x/z)
"""
    titles = [paper.title for paper in papers(tmp_path, text)]
    assert titles == ["Awesome survey of rivers", "Rivers all around", "Flowing transformers"]


def test_bold_lines_with_a_number_are_headings(tmp_path: Path) -> None:
    text = "".join(
        f"**{number}. {title}**\n\narXiv:2601.8800{number} | [PDF](https://arxiv.org/pdf/2601.8800{number})\n\n"
        f"**Abstract:** {said}\n\n---\n\n"
        for number, title, said in ((1, "Rivers of the North", A), (2, "Ponds and Lakes", B))
    )
    first, second = papers(tmp_path, text)
    assert (first.id, first.title, first.abstract) == ("arxiv:2601.88001", "Rivers of the North", A)
    assert (second.id, second.title, second.abstract) == ("arxiv:2601.88002", "Ponds and Lakes", B)


@pytest.mark.parametrize(
    ("link", "doi"),
    [
        ("https://www.nature.com/articles/s41500-026-00001-1", "10.1038/s41500-026-00001-1"),
        ("https://www.nature.com/articles/nature12373.pdf", "10.1038/nature12373"),
        ("https://www.nature.com/articles/d41500-026-00001-1x", None),
    ],
)
def test_links_of_nature_hold_the_end_of_a_doi(link: str, doi: str | None) -> None:
    assert identifiers_of_link(link).get("doi") == doi


@pytest.mark.parametrize(
    ("link", "is_paper"),
    [
        ("https://proceedings.mlr.press/v202/lee26a.html", True),
        ("https://papers.nips.cc/paper/2026/hash/x", True),
        ("https://ieeexplore.ieee.org/document/1", True),
        ("https://arxiv.org/abs/2601.88001", True),
        ("https://github.com/x/y", False),
        ("https://aclanthology.org/", False),
    ],
)
def test_links_lead_to_papers_or_not(link: str, is_paper: bool) -> None:
    assert leads_to_paper(link) is is_paper
