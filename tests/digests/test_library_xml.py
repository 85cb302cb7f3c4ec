"""XML of libraries, reference managers and publishers: EndNote, MODS, JATS, Europe PMC. All texts are invented."""

# ruff: noqa: E501  (records stand as programs write them)

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, OTHER, messages, read, titles

_STYLE = '<style face="normal" font="default" size="100%">'


def _endnote(title: str = "Sorting a Day", more: str = "") -> str:
    return f"""<record><database name="My.enl" path="x">My.enl</database><source-app name="EndNote" version="20.0">EndNote</source-app><rec-number>1</rec-number>
    <ref-type name="Journal Article">17</ref-type><contributors><authors><author>{_STYLE}Lee, Ann</style></author><author>Ek, Bo</author></authors></contributors>
    <titles><title>{_STYLE}{title}</style></title><secondary-title>{_STYLE}Invented Studies</style></secondary-title></titles>
    <dates><year>{_STYLE}2024</style></year><pub-dates><date>May 3</date></pub-dates></dates><abstract>{_STYLE}{ABSTRACT}</style></abstract>
    <keywords><keyword>bridges&#xD;decks</keyword><keyword>{_STYLE}age</style></keyword></keywords>{more}</record>"""


_MODS = f"""<mods><titleInfo><nonSort>The</nonSort><title>Sorting of a Day</title><subTitle>a study</subTitle></titleInfo><titleInfo type="alternative"><title>Alt</title></titleInfo>
<name type="personal"><namePart type="family">Lee</namePart><namePart type="given">Ann</namePart><role><roleTerm type="code">aut</roleTerm></role></name>
<name type="personal"><namePart>Ed Itor</namePart><role><roleTerm>edt</roleTerm></role></name><abstract>{ABSTRACT}</abstract><language><languageTerm type="code">ger</languageTerm></language>
<subject><topic>bridges</topic></subject><identifier type="doi">10.5555/inv.4</identifier><identifier type="isbn">9780000000000</identifier>
<relatedItem type="host"><titleInfo><title>Invented Studies</title></titleInfo><originInfo><dateIssued>2024-05</dateIssued></originInfo></relatedItem></mods>"""
_JATS = f"""<article article-type="research-article" dtd-version="1.2" xml:lang="en" xmlns:mml="http://www.w3.org/1998/Math/MathML"><front><journal-meta><journal-title-group><journal-title>Invented Studies</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">88000003</article-id><article-id pub-id-type="doi">10.5555/inv.5</article-id><title-group><article-title>Sorting <italic>a</italic> Day</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Lee</surname><given-names>Ann</given-names></name><xref>1</xref></contrib><contrib contrib-type="editor"><name><surname>No</surname></name></contrib><contrib contrib-type="author"><collab>Bridge Group</collab></contrib></contrib-group>
<pub-date pub-type="ppub"><year>2025</year></pub-date><pub-date pub-type="epub"><day>3</day><month>5</month><year>2024</year></pub-date>
<abstract abstract-type="graphical"><p>picture</p></abstract><abstract><title>Abstract</title><sec><title>Aim</title><p>Let <inline-formula><alternatives><tex-math>\\documentclass{{x}}\\begin{{document}}$x^2$\\end{{document}}</tex-math><mml:math><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula> be.</p></sec><sec><title>Results</title><p>{OTHER}</p></sec></abstract>
<kwd-group><kwd>bridges</kwd></kwd-group></article-meta></front><body><p>Body</p></body><back><ref-list><ref><article-title>Cited</article-title></ref></ref-list></back></article>"""
_EUROPE = f"""<?xml version="1.0"?><responseWrapper><version>6.9</version><hitCount>1</hitCount><resultList><result><id>88000004</id><source>MED</source><pmid>88000004</pmid><doi>10.5555/inv.6</doi><title>Sorting a Day.</title>
<authorString>Lee A, Ek B.</authorString><authorList><author><fullName>Lee A</fullName></author><author><fullName>Ek B</fullName></author></authorList><journalInfo><journal><title>Invented Studies</title></journal></journalInfo>
<pubYear>2024</pubYear><abstractText>&lt;h4&gt;Aim&lt;/h4&gt;{OTHER}</abstractText><language>eng</language><keywordList><keyword>bridges</keyword></keywordList><firstPublicationDate>2024-05-03</firstPublicationDate></result></resultList></responseWrapper>"""


def _only(folder: Path, content: str, kind: str) -> Paper:
    reading = read(folder, "library.xml", content)
    assert (list(reading.formats.values()), reading.records, len(reading.papers)) == ([kind], 1, 1)
    return reading.papers[0]


def test_library_of_endnote(tmp_path: Path) -> None:
    more = "<urls><related-urls><url>https://example.org/a</url></related-urls></urls><electronic-resource-num>https://doi.org/10.5555/Inv.3</electronic-resource-num><accession-num>88000005</accession-num><remote-database-provider>NLM</remote-database-provider><research-notes>read twice</research-notes><language>English</language>"
    paper = _only(
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


@pytest.mark.parametrize(
    "content",
    [
        _MODS,
        f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{_MODS}</modsCollection>',
        f"<?xml version='1.0'?>\n<!-- x -->\n{_MODS}",
    ],
)
def test_mods(tmp_path: Path, content: str) -> None:
    paper = _only(tmp_path, content, "mods")
    assert (paper.id, paper.title, paper.authors) == (
        "doi:10.5555/inv.4",
        "The Sorting of a Day: a study",
        ("Ann Lee",),
    )
    assert (paper.abstract, paper.date, paper.venue) == (ABSTRACT, "2024-05", "Invented Studies")
    assert (paper.language, paper.keywords) == ("ger", ("bridges",))


@pytest.mark.parametrize(
    "content",
    [
        _JATS,
        f"<pmc-articleset>{_JATS}</pmc-articleset>",
        f"<OAI-PMH><ListRecords><record><metadata>{_JATS}</metadata></record></ListRecords></OAI-PMH>",
    ],
)
def test_jats(tmp_path: Path, content: str) -> None:
    paper = _only(tmp_path, content, "oai_pmh" if content.startswith("<OAI") else "jats")
    assert (paper.ids[:2], paper.title) == (("doi:10.5555/inv.5", "pmid:88000003"), "Sorting a Day")
    assert (paper.authors, paper.date, paper.venue) == (("Ann Lee", "Bridge Group"), "2024-05-03", "Invented Studies")
    assert (paper.abstract, paper.keywords, paper.language) == (
        f"Aim Let $x^2$ be. Results {OTHER}",
        ("bridges",),
        "en",
    )


def test_answer_of_europe_pmc(tmp_path: Path) -> None:
    paper = _only(tmp_path, _EUROPE, "europe_pmc")
    assert (paper.ids[:2], paper.title, paper.abstract) == (
        ("doi:10.5555/inv.6", "pmid:88000004"),
        "Sorting a Day.",
        f"Aim {OTHER}",
    )
    assert (paper.authors, paper.date, paper.venue) == (("Lee A", "Ek B"), "2024-05-03", "Invented Studies")
    assert (paper.language, paper.keywords) == ("eng", ("bridges",))


def test_article_without_a_front_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.xml", f"<pmc-articleset><article><body/></article>{_JATS}</pmc-articleset>")
    assert messages(reading) == ["a.xml, entry 1: an article without what describes it (article-meta)"]
    assert len(reading.papers) == 1
