"""Articles in JATS. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from labeler.errors import InputError
from tests.digests.factories import OTHER, altered, assert_complete, messages, only, read

_JATS = f"""<article article-type="research-article" dtd-version="1.2" xml:lang="en" xmlns:mml="http://www.w3.org/1998/Math/MathML"><front><journal-meta><journal-title-group><journal-title>Invented Studies</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">88000003</article-id><article-id pub-id-type="doi">10.5555/inv.5</article-id><title-group><article-title>Sorting <italic>a</italic> Day</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Lee</surname><given-names>Ann</given-names></name><xref>1</xref></contrib><contrib contrib-type="editor"><name><surname>No</surname></name></contrib><contrib contrib-type="author"><collab>Bridge Group</collab></contrib></contrib-group>
<pub-date pub-type="ppub"><year>2025</year></pub-date><pub-date pub-type="epub"><day>3</day><month>5</month><year>2024</year></pub-date>
<abstract abstract-type="graphical"><p>picture</p></abstract><abstract><title>Abstract</title><sec><title>Aim</title><p>Let <inline-formula><alternatives><tex-math>\\documentclass{{x}}\\begin{{document}}$x^2$\\end{{document}}</tex-math><mml:math><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula> be.</p></sec><sec><title>Results</title><p>{OTHER}</p></sec></abstract>
<kwd-group><kwd>bridges</kwd></kwd-group></article-meta></front><body><p>Body</p></body><back><ref-list><ref><article-title>Cited</article-title></ref></ref-list></back></article>"""


@pytest.mark.parametrize(
    "content",
    [
        _JATS,
        f"<pmc-articleset>{_JATS}</pmc-articleset>",
        f"<OAI-PMH><ListRecords><record><metadata>{_JATS}</metadata></record></ListRecords></OAI-PMH>",
    ],
)
def test_jats(tmp_path: Path, content: str) -> None:
    paper = only(tmp_path, content, "oai_pmh" if content.startswith("<OAI") else "jats")
    assert (paper.ids[:2], paper.title) == (("doi:10.5555/inv.5", "pmid:88000003"), "Sorting a Day")
    assert (paper.authors, paper.date, paper.venue) == (("Ann Lee", "Bridge Group"), "2024-05-03", "Invented Studies")
    assert (paper.abstract, paper.keywords, paper.language) == (
        f"Aim Let $x^2$ be. Results {OTHER}",
        ("bridges",),
        "en",
    )


def test_article_without_a_front_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.xml", f"<pmc-articleset><article><body/></article>{_JATS}</pmc-articleset>")
    assert messages(reading) == ["a.xml, entry 1: an article without what describes it (article-meta)"]
    assert len(reading.papers) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered(_JATS))
def test_no_article_is_too_odd(tmp_path: Path, text: str) -> None:
    with suppress(InputError):
        assert_complete(read(tmp_path, "a.xml", text.encode("utf-8", "replace"), "jats"))
