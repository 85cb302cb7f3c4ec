"""Records of MODS. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, altered, assert_complete, only, read

_MODS = f"""<mods><titleInfo><nonSort>The</nonSort><title>Sorting of a Day</title><subTitle>a study</subTitle></titleInfo><titleInfo type="alternative"><title>Alt</title></titleInfo>
<name type="personal"><namePart type="family">Lee</namePart><namePart type="given">Ann</namePart><role><roleTerm type="code">aut</roleTerm></role></name>
<name type="personal"><namePart>Ed Itor</namePart><role><roleTerm>edt</roleTerm></role></name><abstract>{ABSTRACT}</abstract><language><languageTerm type="code">ger</languageTerm></language>
<subject><topic>bridges</topic></subject><identifier type="doi">10.5555/inv.4</identifier><identifier type="isbn">9780000000000</identifier>
<relatedItem type="host"><titleInfo><title>Invented Studies</title></titleInfo><originInfo><dateIssued>2024-05</dateIssued></originInfo></relatedItem></mods>"""


@pytest.mark.parametrize(
    "content",
    [
        _MODS,
        f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{_MODS}</modsCollection>',
        f"<?xml version='1.0'?>\n<!-- x -->\n{_MODS}",
    ],
)
def test_mods(tmp_path: Path, content: str) -> None:
    paper = only(tmp_path, content, "mods")
    assert (paper.id, paper.title, paper.authors) == (
        "doi:10.5555/inv.4",
        "The Sorting of a Day: a study",
        ("Ann Lee",),
    )
    assert (paper.abstract, paper.date, paper.venue) == (ABSTRACT, "2024-05", "Invented Studies")
    assert (paper.language, paper.keywords) == ("ger", ("bridges",))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered(_MODS))
def test_no_record_is_too_odd(tmp_path: Path, text: str) -> None:
    with suppress(InputError):
        assert_complete(read(tmp_path, "a.xml", text.encode("utf-8", "replace"), "mods"))
