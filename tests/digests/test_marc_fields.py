"""Records in MARC, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from labeler.digests.marc_fields import marc_fields


def fields(*datafields: str, fixed: str = "") -> dict[str, Any]:
    """What a record says; a field is written as ``245 a Title b Subtitle``."""
    inner = f'<controlfield tag="008">{fixed}</controlfield>' if fixed else ""
    for text in datafields:
        tag, *parts = text.split("$")
        subfields = "".join(f'<subfield code="{part[0]}">{part[1:]}</subfield>' for part in parts)
        inner += f'<datafield tag="{tag}" ind1=" " ind2=" ">{subfields}</datafield>'
    found = marc_fields(etree.fromstring(f'<record xmlns="http://www.loc.gov/MARC21/slim">{inner}</record>'))
    return {name: value for name, value in found.items() if value}


FIXED = "200505s2020    xx            000 0 ger d"


@pytest.mark.parametrize(
    ("datafields", "expected"),
    [
        ((), {}),
        (("245$aSorting a day :$ba study /$cAnn Lee.",), {"title": "Sorting a day: a study"}),
        (("245$aPapers.$n2,$pDays /",), {"title": "Papers: 2: Days"}),
        (("520$aWe study days.$bMore.", "520$aAnd nights."), {"abstract": "We study days. More.\nAnd nights."}),
        (("100$aLee, Ann B.,", "700$aEk, Bo.$4aut", "700$aItor, Ed$eeditor."), {"authors": ["Lee, Ann B.", "Ek, Bo"]}),
        (("110$aA Group.",), {"authors": ["A Group"]}),
        (("264$c[2021]",), {"date": "2021"}),
        (("260$c©1998.",), {"date": "1998"}),
        (("264$c2021-05",), {"date": "2021-05"}),
        (("773$tStudies.$g3 (2020)",), {"venue": "Studies"}),
        (("041$ager",), {"language": "ger"}),
        (("650$aRivers.$xBeds", "653$aDays"), {"keywords": ["Rivers", "Days"]}),
        (("500$aRead twice.",), {"notes": ["Read twice."]}),
        (("020$a9783161484100 (pbk.)",), {"isbn": ["9783161484100"]}),
        (("024$a10.5555/x$2doi", "856$uhttps://x.org/a"), {"doi": "doi:10.5555/x", "url": "https://x.org/a"}),
        (("024$2doi$a10.5555/x",), {"doi": "doi:10.5555/x"}),
    ],
)  # fmt: skip
def test_what_a_record_says(datafields: tuple[str, ...], expected: dict[str, Any]) -> None:
    assert fields(*datafields) == expected


def test_the_fixed_field_has_year_and_language_where_no_other_has() -> None:
    assert fields(fixed=FIXED) == {"date": "2020", "language": "ger"}
    assert fields("264$c2021", "041$aeng", fixed=FIXED) == {"date": "2021", "language": "eng"}
    assert fields(fixed="short") == {}
