"""A mail that nobody has sent yet, for a mail program to open. The same papers give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import IO

from labeler.publish.chosen import heading
from labeler.publish.labelled import LabelledPaper

NAME = "eml"
SUFFIXES = (".eml",)
BINARY = True
DATED = LINKED = True
ABOUT = "mail without a recipient, as text and HTML"
_LONGEST_SUBJECT = 150  # characters
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def write(papers: Iterable[LabelledPaper], out: IO[bytes], names: Mapping[str, str]) -> None:
    """One message, of which mail programs make a draft. It is dated by the latest day of its papers."""
    from labeler.publish.digest_mail import Cover, digest_mail
    from labeler.publish.mail_entries import one_line
    from labeler.wording import shortened

    listed = list(papers)
    title = shortened(one_line(heading(len(listed), names)), _LONGEST_SUBJECT)
    message = digest_mail(listed, names, Cover(title, len(listed)))
    message["Subject"] = title
    message["X-Unsent"] = "1"
    if day := max(
        (day for item in listed if (day := item.paper.date or item.since) and _DAY.fullmatch(day)), default=""
    ):
        from datetime import UTC, datetime

        message["Date"] = datetime.fromisoformat(day).replace(tzinfo=UTC)
    out.write(message.as_bytes())
