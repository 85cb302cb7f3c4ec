"""Libraries of EndNote in XML. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, altered, assert_complete, only, read, titles

_STYLE = '<style face="normal" font="default" size="100%">'


def _endnote(title: str = "Sorting a Day", more: str = "") -> str:
    return f"""<record><database name="My.enl" path="x">My.enl</database><source-app name="EndNote" version="20.0">EndNote</source-app><rec-number>1</rec-number>
    <ref-type name="Journal Article">17</ref-type><contributors><authors><author>{_STYLE}Lee, Ann</style></author><author>Ek, Bo</author></authors></contributors>
    <titles><title>{_STYLE}{title}</style></title><secondary-title>{_STYLE}Invented Studies</style></secondary-title></titles>
    <dates><year>{_STYLE}2024</style></year><pub-dates><date>May 3</date></pub-dates></dates><abstract>{_STYLE}{ABSTRACT}</style></abstract>
    <keywords><keyword>bridges&#xD;decks</keyword><keyword>{_STYLE}age</style></keyword></keywords>{more}</record>"""


def test_library_of_endnote(tmp_path: Path) -> None:
    more = "<urls><related-urls><url>https://example.org/a</url></related-urls></urls><electronic-resource-num>https://doi.org/10.5555/Inv.3</electronic-resource-num><accession-num>88000005</accession-num><remote-database-provider>NLM</remote-database-provider><research-notes>read twice</research-notes><language>English</language>"
    paper = only(
        tmp_path,
        f"<?xml version='1.0'?><xml><records>{_endnote('Sorting <SEG> &lt;think&gt; a Day'.replace('<SEG>', '&lt;SEG&gt;'), more)}</records></xml>",
        "endnote_xml",
    )
    assert (paper.ids[:2], paper.title) == (("doi:10.5555/inv.3", "pmid:88000005"), "Sorting <SEG> <think> a Day")
    assert (paper.authors, paper.date, paper.venue) == (("Lee, Ann", "Ek, Bo"), "2024-05-03", "Invented Studies")
    assert (paper.keywords, paper.notes, paper.language) == (("bridges", "decks", "age"), ("read twice",), "English")
    assert (paper.abstract, paper.flags) == (ABSTRACT, ())


def test_titles_in_several_runs_of_letters_are_one(tmp_path: Path) -> None:
    title = f"{_STYLE}On </style><style face='italic'>E. coli</style>{_STYLE} again"
    records = _endnote(title.removeprefix(_STYLE)) + _endnote("Second")
    assert titles(read(tmp_path, "a.xml", f"<xml><records>{records}</records></xml>")) == ["On E. coli again", "Second"]
    assert read(tmp_path, "a.xml", "<xml><records></records></xml>").records == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered(f"<xml><records>{_endnote()}</records></xml>"))
def test_no_library_is_too_odd(tmp_path: Path, text: str) -> None:
    with suppress(InputError):
        assert_complete(read(tmp_path, "a.xml", text.encode("utf-8", "replace"), "endnote_xml"))
