"""Answers of Europe PMC. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from labeler.errors import InputError
from tests.digests.factories import OTHER, altered, assert_complete, only, read

_EUROPE = f"""<?xml version="1.0"?><responseWrapper><version>6.9</version><hitCount>1</hitCount><resultList><result><id>88000004</id><source>MED</source><pmid>88000004</pmid><doi>10.5555/inv.6</doi><title>Sorting a Day.</title>
<authorString>Lee A, Ek B.</authorString><authorList><author><fullName>Lee A</fullName></author><author><fullName>Ek B</fullName></author></authorList><journalInfo><journal><title>Invented Studies</title></journal></journalInfo>
<pubYear>2024</pubYear><abstractText>&lt;h4&gt;Aim&lt;/h4&gt;{OTHER}</abstractText><language>eng</language><keywordList><keyword>bridges</keyword></keywordList><firstPublicationDate>2024-05-03</firstPublicationDate></result></resultList></responseWrapper>"""


def test_answer_of_europe_pmc(tmp_path: Path) -> None:
    paper = only(tmp_path, _EUROPE, "europe_pmc")
    assert (paper.ids[:2], paper.title, paper.abstract) == (
        ("doi:10.5555/inv.6", "pmid:88000004"),
        "Sorting a Day.",
        f"Aim {OTHER}",
    )
    assert (paper.authors, paper.date, paper.venue) == (("Lee A", "Ek B"), "2024-05-03", "Invented Studies")
    assert (paper.language, paper.keywords) == ("eng", ("bridges",))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered(_EUROPE))
def test_no_answer_is_too_odd(tmp_path: Path, text: str) -> None:
    with suppress(InputError):
        assert_complete(read(tmp_path, "a.xml", text.encode("utf-8", "replace"), "europe_pmc"))
