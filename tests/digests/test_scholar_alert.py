"""Google Scholar's alerts: pages, mails, many mails. All texts are invented."""

# ruff: noqa: E501  (pages stand as sites write them)

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests import read_inputs
from labeler.errors import InputError
from tests.digests.factories import read, titles

_NEXT = '<div><a href="https://scholar.google.com/scholar_share?url=x"><img alt="Save"></a></div>'


def _alert(title: str, link: str, line: str, snippet: str) -> str:
    return (
        f'<h3 style="margin:0"><span>[PDF]</span> <a href="https://scholar.google.de/scholar_url?url={link}&amp;hl=en" '
        f'class="gse_alrt_title" style="x">{title}</a></h3><div style="color:#006621">{line}</div>'
        f'<div class="gse_alrt_sni">{snippet}</div>{_NEXT}'
    )


_PAGE = (
    "<!doctype html><html><head><style>.gse_alrt_title{}</style></head><body>"
    + _alert("Sorting a &lt;SEG&gt; <b>Day</b>", "https://arxiv.org/pdf/2601.88001v2", "A Lee, B Ek…\xa0- "
             "arXiv preprint arXiv:2601.88001, 2026", "We study how <br>small <b>teams</b> sort …")
    + _alert("Listening to Bridges", "https://onlinelibrary.wiley.com/doi/full/10.5555/inv.2%3Faf%3DR", "C Fox - 2025",
             "Bridges age in ways that nobody sees.")
    + _alert("[BUCH] Decks", "https://example.org/b", "C Fox, …", "")
    + "<p>This alert is sent by Google Scholar.</p></body></html>"
)  # fmt: skip


def _mail(html: str, plain: str = "") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Google Scholar Alerts <alerts@example.org>", "Sorting - new results"
    mail.set_content(plain or "Your mail program cannot show this.")
    mail.add_alternative(html, subtype="html", cte="base64")
    return bytes(mail)


def test_alert(tmp_path: Path) -> None:
    reading = read(tmp_path, "alert.html", _PAGE)
    assert list(reading.formats.values()) == ["scholar_alert"]
    first, second, third = reading.papers
    assert (first.id, first.title, first.authors) == ("arxiv:2601.88001", "Sorting a <SEG> Day", ("A Lee", "B Ek…"))
    assert (first.abstract, first.flags) == ("We study how small teams sort …", ("cut_short",))
    assert (first.date, first.venue) == ("2026", "arXiv preprint arXiv:2601.88001")
    assert (second.id, second.authors, second.date) == ("doi:10.5555/inv.2", ("C Fox",), "2025")
    assert (second.venue, second.flags) == (None, ())
    assert (third.title, third.flags, third.authors) == ("[BUCH] Decks", ("no_abstract",), ("C Fox",))


@pytest.mark.parametrize("count", [1, 3])
def test_mails_with_alerts(tmp_path: Path, count: int) -> None:
    mails = [_mail(_PAGE.replace("Decks", f"Decks {number}")) for number in range(count)]
    name = "alert.eml" if count == 1 else "alerts.mbox"
    content = mails[0] if count == 1 else b"".join(b"From x Mon Jan  5 2026\n" + mail + b"\n\n" for mail in mails)
    reading = read(tmp_path, name, content)
    assert list(reading.formats.values()) == ["scholar_alert"]
    assert (reading.records, len(reading.papers)) == (3 * count, 2 + count)


def test_quoted_printable_and_pieces_of_pages(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content(_PAGE, subtype="html", cte="quoted-printable")
    assert len(read(tmp_path, "a.eml", bytes(mail)).papers) == 3
    piece = _PAGE[_PAGE.index("<h3") : -200]
    assert titles(read(tmp_path, "a.html", piece))[:2] == ["Sorting a <SEG> Day", "Listening to Bridges"]


def test_odd_nesting_is_survived(tmp_path: Path) -> None:
    page = _PAGE.replace("<body>", "<body>" + "<div>" * 500)
    assert len(read(tmp_path, "a.html", page).papers) == 3
    with pytest.raises(InputError, match="no papers in"):  # the parser goes no deeper
        read(tmp_path, "a.html", page.replace("<div>", "<div>" * 100), "scholar_alert")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(_PAGE)), st.integers(0, 60), st.text(max_size=6))
def test_no_alert_is_too_odd(tmp_path: Path, start: int, length: int, put: str) -> None:
    page = _PAGE[:start] + put + _PAGE[start + length :]
    reading = read(tmp_path, "a.html", page.encode("utf-8", "replace"), "scholar_alert")
    assert reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused)


@pytest.mark.parametrize("path", ["decoded_read_0", "decoded_read_1", "decoded_unread_0", "labpubs_golden_alert"])
def test_real_alerts_are_read(shared: Path, path: str) -> None:
    file = shared / "digests" / "scholar_alerts" / f"{path}.html"
    reading = read_inputs([str(file)])
    assert list(reading.formats.values()) == ["scholar_alert"]
    assert len(reading.papers) == reading.records == file.read_text(encoding="utf-8").count('class="gse_alrt_title"')
    assert all(paper.authors and paper.abstract and paper.url for paper in reading.papers)


def test_alert_as_mail_programs_save_it(tmp_path: Path) -> None:
    """They put letters before classes, and lead links by way of their own servers."""
    page = _PAGE.replace("gse_alrt", "m_-12345gse_alrt").replace(
        "https://scholar.google.de/scholar_url?url=https://arxiv.org/pdf/2601.88001v2&amp;hl=en",
        "https://www.google.com/url?q=https%3A%2F%2Fscholar.google.de%2Fscholar_url%3Furl%3Dhttps%3A%2F%2Farxiv.org%2Fpdf%2F2601.88001v2&amp;source=gmail",
    )
    first, second, third = read(tmp_path, "a.html", page).papers
    assert (first.id, first.abstract) == ("arxiv:2601.88001", "We study how small teams sort …")
    assert (second.id, third.title) == ("doi:10.5555/inv.2", "[BUCH] Decks")


def test_saved_page_of_results(tmp_path: Path) -> None:
    result = """<div class="gs_r gs_or gs_scl"><div class="gs_ggs"><a href="https://x.org/a.pdf">[PDF] x.org</a></div><div class="gs_ri">
    <h3 class="gs_rt"><span class="gs_ctc">[HTML]</span> <a href="https://arxiv.org/abs/2601.88001">Sorting a <b>Day</b></a></h3>
    <div class="gs_a"><a href="/citations?user=x">A Lee</a>, B Ek - Invented Studies, 2024 - Hill</div><div class="gs_rs">We study <br>how…</div>
    <div class="gs_fl"><a>Save</a> <a>Cited by 3</a></div></div></div>"""
    (paper,) = read(tmp_path, "a.html", f"<!doctype html><html><body>{result}</body></html>").papers
    assert (paper.id, paper.title, paper.authors) == ("arxiv:2601.88001", "Sorting a Day", ("A Lee", "B Ek"))
    assert (paper.venue, paper.date, paper.flags) == ("Invented Studies", "2024", ("cut_short",))
