"""Announcement mails of arXiv: heads, abstracts, replaced and cross-listed entries, mails cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler import read_digest
from labeler.digests import read_inputs
from labeler.digests.readers import arxiv_email
from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, MAIL, OTHER, messages, read, source, titles

_RULE = "-" * 78


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_entries_are_read_with_all_they_say(tmp_path: Path, newline: str) -> None:
    first, second, third = read(tmp_path, "mail.txt", MAIL.replace("\n", newline)).papers
    assert first.title == "Sorting the Papers of a Day with Few Answers"
    assert first.abstract == ABSTRACT
    assert first.authors == ("Ann Lee", "Bo Ek", "Cleo Diaz")
    assert first.ids[:2] == ("arxiv:2601.88001", "doi:10.5555/invented.1")
    assert (first.date, first.categories, first.flags) == ("2026-01-12", ("cs.LG", "cs.DL"), ())
    assert first.url == "https://arxiv.org/abs/2601.88001"
    assert (second.title, second.abstract, second.date) == ("Listening to Bridges", OTHER, "2026-01-13")
    assert second.flags == ("cross_listed",)
    assert (third.title, third.abstract, third.id) == ("A Replaced Entry", "", "arxiv:2512.88003")
    assert third.flags == ("no_abstract", "replaced")


def test_mail_cut_inside_an_abstract_keeps_it_and_says_so(tmp_path: Path) -> None:
    reading = read(tmp_path, "mail.txt", MAIL[: MAIL.index("Cracks of")])
    assert titles(reading) == ["Sorting the Papers of a Day with Few Answers", "Listening to Bridges"]
    assert reading.papers[1].flags == ("cross_listed", "cut_short")
    assert reading.papers[1].abstract == OTHER[: OTHER.index("Cracks of")].strip()


def test_mail_cut_inside_a_head_keeps_the_title(tmp_path: Path) -> None:
    paper = read(tmp_path, "mail.txt", MAIL[: MAIL.index("Authors: Dana")]).papers[1]
    assert (paper.title, paper.abstract) == ("Listening to Bridges", "")
    assert paper.flags == ("cross_listed", "cut_short", "no_abstract")


def test_entry_without_a_title_is_refused_by_its_line(tmp_path: Path) -> None:
    reading = read(tmp_path, "mail.txt", MAIL.replace("Title: Listening to Bridges\n", ""))
    line = MAIL[: MAIL.index("arXiv:2601.88002")].count("\n")
    assert messages(reading) == [f"mail.txt, entry at line {line}: an entry without a title"]
    assert len(reading.papers) == 2


def test_head_may_hold_names_in_any_order_and_repeated(tmp_path: Path) -> None:
    mail = (
        f"\\\\\nTitle: First Title\nTitle: Second Title\n  continued\nAuthor: Ann Lee\nnoise\n\\\\\n{ABSTRACT}\n\\\\\n"
    )
    (paper,) = read(tmp_path, "mail.txt", mail).papers
    assert (paper.title, paper.authors, paper.abstract) == ("First Title", ("Ann Lee",), ABSTRACT)
    assert paper.url is None


def test_mail_without_entries_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no papers in mail\.txt \(read as arxiv_email\)"):
        read(tmp_path, "mail.txt", f"{_RULE}\nSubmissions to:\n{_RULE}\n", "arxiv_email")


def test_text_with_backslashes_is_no_mail(tmp_path: Path) -> None:
    assert not arxiv_email.looks_like(source(tmp_path, "a.tex", "a \\\\\nb \\\\\nTitle: x\n"))
    assert arxiv_email.looks_like(source(tmp_path, "b.txt", MAIL))


def test_real_mail_is_read_with_authors_categories_and_dates(shared: Path) -> None:
    papers = read_digest(shared / "digests" / "arxiv_email" / "2026-01-23.txt")
    assert len(papers) == 5
    assert [paper.id for paper in papers][:2] == ["arxiv:2601.15305", "arxiv:2601.15306"]
    assert all(paper.authors and paper.categories and paper.date and not paper.flags for paper in papers)
    assert {paper.date[:7] for paper in papers if paper.date} == {"2026-01"}
    assert (papers[0].date, papers[0].categories, len(papers[0].authors)) == ("2026-01-12", ("cs.AI",), 2)
    assert all(len(paper.abstract.split()) > 50 for paper in papers)
    assert "\\" not in "".join(paper.abstract[-3:] for paper in papers)


def test_real_malformed_mail_loses_nothing_in_silence(shared: Path) -> None:
    reading = read_inputs([str(shared / "digests" / "arxiv_email" / "malformed.txt")])
    assert reading.summary() == "5 records = 4 papers + 1 merged + 0 refused"
    by_id = {paper.id: paper for paper in reading.papers}
    assert {"arxiv:2601.99001", "arxiv:2601.99002", "arxiv:2601.99003"} <= by_id.keys()
    assert [name for name, paper in by_id.items() if "cut_short" in paper.flags] == ["arxiv:2601.99002"]
    assert sum(name.startswith("title:") for name in by_id) == 1
    assert [reason for _, reason, _ in reading.merged] == ["arxiv:2601.99001"]
