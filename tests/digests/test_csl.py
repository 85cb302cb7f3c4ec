"""CSL JSON, as Zotero and other reference managers export it. The sample is invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.digests.factories import ABSTRACT, read

# https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
_ITEMS = [
    {
        "id": "http://zotero.org/users/1/items/AB",
        "type": "article-journal",
        "title": "Sorting the papers of a day",
        "container-title": "Journal of Examples",
        "abstract": ABSTRACT,
        "DOI": "10.5555/x.1",
        "PMID": "30922926",
        "PMCID": "PMC123456",
        "URL": "https://example.org/1",
        "language": "en",
        "keyword": "sorting, papers",
        "author": [
            {"family": "Lee", "given": "Ann"},
            {"family": "Ek", "given": "Bo", "non-dropping-particle": "van der"},
            {"literal": "The Group"},
        ],
        "issued": {"date-parts": [["2020", 2, 3]]},
        "accessed": {"date-parts": [[2026, 1, 1]]},
    },
    {"id": "b", "title": "Counting cars", "note": "Read it\narXiv:2301.00022 [cs]", "issued": {"raw": "2023-01"}},
    {"id": "c", "type": "book", "title": "A book", "ISBN": "978-3-16-148410-0", "issued": {"date-parts": [[2019]]}},
]


@pytest.mark.parametrize("document", [_ITEMS, {"items": _ITEMS}, {item["id"]: item for item in _ITEMS}])
def test_all_fields_of_csl_are_kept(tmp_path: Path, document: object) -> None:
    reading = read(tmp_path, "a.json", json.dumps(document, indent=1))
    first, second, third = reading.papers
    assert first.ids[:2] == ("doi:10.5555/x.1", "pmid:30922926")
    assert "pmcid:123456" in first.ids
    assert first.authors == ("Ann Lee", "Bo van der Ek", "The Group")
    assert (first.abstract, first.date, first.url) == (ABSTRACT, "2020-02-03", "https://example.org/1")
    assert (first.venue, first.language, first.keywords) == ("Journal of Examples", "en", ("sorting", "papers"))
    assert (second.id, second.date) == ("arxiv:2301.00022", "2023-01")
    assert (third.ids[1:], third.date) == (("isbn:9783161484100",), "2019")
