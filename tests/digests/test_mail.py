"""Raw mails: encodings of bodies, parts, forwarded messages, mbox."""

from __future__ import annotations

import gzip
import quopri
from email import policy
from email.message import EmailMessage
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.mail import is_mail, text_of_mails
from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, MAIL, read, titles

_BODY = MAIL.replace("small teams", "naïve ‘teams’ – not =3D")


def _mail(body: str = _BODY, **options: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "list@example.org", "cs daily"
    mail.set_content(body, **options)
    return mail


def _html(body: str) -> str:
    return "".join(f"<div>{escape(line).replace('  ', '&nbsp; ')}<br></div>\n" for line in body.splitlines())


def _forwarded(mail: EmailMessage, name: str = "") -> EmailMessage:
    outer = _mail("See below.")
    if name:
        outer.add_attachment(mail.as_bytes(), maintype="application", subtype="octet-stream", filename=name)
    else:
        outer.add_attachment(mail)
    return outer


def _alternative() -> EmailMessage:
    mail = _mail("This mail needs a program that shows HTML.")
    mail.add_alternative(f"<html><body>{_html(_BODY)}</body></html>", subtype="html")
    return mail


def _mbox(*mails: EmailMessage) -> bytes:
    return b"\n".join(b"From a@example.org Fri Jan 12 00:31:14 2026\n" + mail.as_bytes() for mail in mails)


def _quoted(sign: str) -> str:
    return "\n".join(f"{sign}{line}" for line in f"Forwarded\n\n{_BODY}".splitlines())


_MAILS = {
    "quoted-printable": _mail(cte="quoted-printable").as_bytes(),
    "base64": _mail(cte="base64").as_bytes(),
    "windows": _mail(cte="base64", charset="windows-1252").as_bytes(),
    "crlf": _mail(cte="quoted-printable").as_bytes(policy=policy.SMTP),
    "said to be latin-1": _mail(cte="base64", charset="windows-1252")
    .as_bytes()
    .replace(b"windows-1252", b"iso-8859-1"),
    "unknown charset": _mail(cte="base64").as_bytes().replace(b"utf-8", b"x-none"),
    "html": _mail(f"<html><body>{_html(_BODY)}</body></html>", subtype="html", cte="base64").as_bytes(),
    "preformatted": _mail(f"<pre>{escape(_BODY)}</pre>", subtype="html").as_bytes(),
    "alternative": _alternative().as_bytes(),
    "forwarded": _forwarded(_mail(cte="base64")).as_bytes(),
    "attached": _forwarded(_mail(cte="base64"), "list.eml").as_bytes(),
    "twice forwarded": _forwarded(_forwarded(_mail())).as_bytes(),
    "quoted": _mail(_quoted("> "), cte="quoted-printable").as_bytes(),
    "quoted twice": _mail(_quoted(">> "), cte="base64").as_bytes(),
    "mbox": _mbox(_mail(cte="base64"), _mail("Nothing."), _alternative()),
    "gzipped": gzip.compress(_mbox(_mail())),
    "apple": b"1234\n" + _mail().as_bytes() + b'<?xml version="1.0"?><plist></plist>',
    "mark": b"\xef\xbb\xbf" + _mail(cte="base64").as_bytes(),
    "body alone": quopri.encodestring(_BODY.encode()),
}


def _known(papers: list[Paper]) -> list[tuple[object, ...]]:
    return [(paper.id, paper.title, paper.abstract, paper.authors, paper.flags) for paper in papers]


@pytest.mark.parametrize("kind", list(_MAILS))
def test_a_raw_mail_holds_what_the_plain_one_does(tmp_path: Path, kind: str) -> None:
    plain = read(tmp_path, "plain.txt", _BODY)
    reading = read(tmp_path, "mail.eml", _MAILS[kind])
    assert len(plain.papers) == 3
    assert _known(reading.papers) == _known(plain.papers)
    assert not reading.refused


def test_attached_tables_are_read_and_other_attachments_told(tmp_path: Path) -> None:
    mail = _mail("Your export is attached.")
    mail.add_attachment(f'title,abstract\nÄpfel,"{ABSTRACT}"\n', subtype="csv", filename="export.csv")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="terms.pdf")
    reading = read(tmp_path, "mail.eml", mail.as_bytes())
    assert [paper.title for paper in reading.papers] == ["Äpfel"]
    assert reading.notes == ["mail.eml: the attachment terms.pdf was not read; to read it, save it from the mail"]


def test_a_mail_of_html_alone_is_named(tmp_path: Path) -> None:
    from labeler.errors import InputError

    mail = _mail("<html><p>A letter</p></html>", subtype="html", cte="base64")
    with pytest.raises(InputError, match=r"mail\.eml is an HTML page"):
        read(tmp_path, "mail.eml", mail.as_bytes())


def test_what_only_begins_like_a_mail_is_none() -> None:
    assert not is_mail(MAIL.encode())
    assert not is_mail(b"Date: Fri\nSubject: cs daily\n\nText\n")
    assert not is_mail(b'{"Content-Type": 1}\n')
    assert is_mail(b"From: a\nMIME-Version: 1.0\n\nText\n")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(_MAILS)), st.data())
def test_a_damaged_mail_is_no_fault(kind: str, data: st.DataObject) -> None:
    mail = bytearray(_MAILS[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(mail) - 1))
        mail[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
        if not mail:
            return
    text, notes = text_of_mails(bytes(mail))
    assert isinstance(text, str)
    assert all(isinstance(note, str) for note in notes)


_MIXED = (
    "From: a@x.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\n"
)


def test_a_library_that_is_attached_is_read(tmp_path: Path) -> None:
    part = 'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="refs.ris"\n'
    mail = f"{_MIXED}see attached\n--B\n{part}\nTY  - JOUR\nTI  - Rivers of the North\nER  - \n\n--B--\n"
    assert titles(read(tmp_path, "forwarded.eml", mail)) == ["Rivers of the North"]


def test_an_alert_that_is_attached_is_read_without_what_is_said_of_it(tmp_path: Path) -> None:
    address = "https://scholar.google.com/scholar_url?url=https://x.org/1"
    link = f'<h3><a href="{address}" class="gse_alrt_title">Rivers</a></h3>'
    alert = f"<html><body>{link}<div>A Lee - J, 2026</div><div class='gse_alrt_sni'>Some text …</div></body></html>"
    inner = f"From: b@x.org\nSubject: new\nContent-Type: text/html; charset=utf-8\n\n{alert}\n"
    mail = f"{_MIXED}fyi\n--B\nContent-Type: message/rfc822\n\n{inner}--B--\n"
    assert titles(read(tmp_path, "forwarded.eml", mail)) == ["Rivers"]
