"""The HTML part of a mail in a real browser, as mail programs show it: it fits, asks for nothing, and nothing runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.publish.digest_mail import Cover, digest_mail
from tests.conftest import Labeler
from tests.mail.factories import ADA, write_settings
from tests.mail.server import MailServer
from tests.pages.browser import open_browser, show
from tests.publish.factories import labelled, paper
from tests.publish.test_eml import HOSTILE, parts

OF_WHOLE_PAGES = ("landmark-one-main", "region")  # mail programs show a mail as a part of theirs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


def check(browser: Any, page: Path, width: int, scheme: str) -> None:
    with show(browser, page, width, color_scheme=scheme) as shown:
        assert shown.asked == [page.as_uri()]
        assert shown.said == []
        assert shown.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        style = "getComputedStyle(document.body)"
        colours = shown.page.evaluate(f"[{style}.backgroundColor, {style}.color]")
        background, ink = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
        assert (background < ink) == (scheme == "dark"), colours
        assert [told for told in shown.violations() if told.partition(":")[0] not in OF_WHOLE_PAGES] == []


def test_a_digest_that_was_sent_reads_on_a_phone_and_on_a_desk(
    browser: Any, labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server, [ADA])
    assert labeler("mail", digest).code == 0
    part = server.letters[0].message.get_body(("html",))
    assert part is not None
    page = trained / "part.html"
    page.write_text(part.get_content(), encoding="utf-8")
    for width, scheme in ((320, "light"), (390, "dark"), (800, "light")):
        check(browser, page, width, scheme)


def test_whatever_papers_topics_and_people_are_called_nothing_runs(browser: Any, tmp_path: Path) -> None:
    papers = []
    for number, text in enumerate(HOSTILE):
        one = paper(
            f"{number} {text} {'x' * 300}", f"Abstract {text}", authors=(text,), url=f"https://example.org/{text}"
        )
        item = labelled(one, ((text, 0.9, (text,)), ("y", 0.8, ())), "review", "ambiguous")
        papers.append(item._replace(by={text: (text,)}, torn=(text, None), model=text, task=f"javascript:{text}"))
    names = {text: text for text in HOSTILE}
    page = tmp_path / "part.html"
    page.write_text(parts(digest_mail(papers, names, Cover(HOSTILE[1], len(papers), HOSTILE)))[1], encoding="utf-8")
    for width, scheme in ((390, "light"), (800, "dark")):
        check(browser, page, width, scheme)
