"""Answers of services in JSON, each in its form: every field that they state is read. All texts are invented."""

# ruff: noqa: E501  (answers stand as services give them)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.digests.factories import read

A = "We study how small teams sort the papers of a day when nobody has the time to read them all."
T = "Sorting a Day"
ANSWERS: dict[str, Any] = {
    "s2": {
        "total": 1,
        "data": [
            {
                "paperId": "abc",
                "externalIds": {"ArXiv": "2601.88001", "DOI": "10.5555/inv.1", "PubMed": "88000001", "CorpusId": 1},
                "title": T,
                "abstract": A,
                "venue": "Inv. Conf.",
                "publicationVenue": {"id": "x", "name": "Invented Conference"},
                "journal": {"name": "ArXiv"},
                "year": 2026,
                "publicationDate": "2026-01-12",
                "authors": [{"authorId": "1", "name": "Ann Lee"}],
                "fieldsOfStudy": ["Computer Science"],
                "s2FieldsOfStudy": [{"category": "Biology", "source": "x"}],
                "tldr": {"text": "short"},
                "url": "https://www.semanticscholar.org/paper/abc",
                "references": [{"paperId": "r", "title": "Cited paper of some length"}],
            }
        ],
    },
    "openalex": {
        "meta": {"count": 1},
        "results": [
            {
                "id": "https://openalex.org/W1",
                "doi": "https://doi.org/10.5555/inv.1",
                "title": T,
                "display_name": T,
                "publication_year": 2026,
                "publication_date": "2026-01-12",
                "ids": {"openalex": "https://openalex.org/W1", "pmid": "https://pubmed.ncbi.nlm.nih.gov/88000001"},
                "language": "en",
                "primary_location": {
                    "source": {"display_name": "Invented Studies"},
                    "landing_page_url": "https://doi.org/10.5555/inv.1",
                },
                "authorships": [{"author": {"display_name": "Ann Lee"}}],
                "keywords": [{"id": "k", "display_name": "Sorting"}],
                "concepts": [{"display_name": "CS"}],
                "abstract_inverted_index": {w: [i] for i, w in enumerate("We study how small teams sort".split())},
                "referenced_works": ["https://openalex.org/W2"],
                "related_works": [],
            }
        ],
    },
    "crossref": {
        "status": "ok",
        "message": {
            "items": [
                {
                    "DOI": "10.5555/inv.1",
                    "title": ["Sorting a <i>Day</i>"],
                    "abstract": "<jats:title>Abstract</jats:title><jats:p>Let <jats:inline-formula><mml:math><mml:mi>x</mml:mi></mml:math></jats:inline-formula> be. "
                    + A
                    + "</jats:p>",
                    "author": [{"given": "Ann", "family": "Lee", "sequence": "first"}, {"name": "Bridge Group"}],
                    "issued": {"date-parts": [[2026, 1, 12]]},
                    "container-title": ["Invented Studies"],
                    "subject": ["Sorting"],
                    "language": "en",
                    "URL": "https://doi.org/10.5555/inv.1",
                    "reference": [{"article-title": "Cited", "DOI": "10.5555/c"}],
                }
            ]
        },
    },
    "biorxiv": {
        "messages": [{"status": "ok"}],
        "collection": [
            {
                "title": T,
                "authors": "Lee, A.; Ek, B.",
                "author_corresponding": "Ann Lee",
                "doi": "10.1101/2024.01.02.888001",
                "date": "2024-01-02",
                "version": "1",
                "type": "new results",
                "category": "ecology",
                "jatsxml": "x",
                "abstract": A,
                "published": "10.5555/inv.1",
                "server": "biorxiv",
            }
        ],
    },
    "epmc": {
        "version": "6",
        "hitCount": 1,
        "resultList": {
            "result": [
                {
                    "id": "88000001",
                    "source": "MED",
                    "pmid": "88000001",
                    "pmcid": "PMC1",
                    "doi": "10.5555/inv.1",
                    "title": T,
                    "authorString": "Lee A, Ek B.",
                    "authorList": {"author": [{"fullName": "Lee A", "firstName": "Ann", "lastName": "Lee"}]},
                    "journalInfo": {"journal": {"title": "Invented Studies"}},
                    "pubYear": "2026",
                    "abstractText": "<h4>Aim</h4>" + A,
                    "language": "eng",
                    "firstPublicationDate": "2026-01-12",
                    "keywordList": {"keyword": ["sorting"]},
                    "meshHeadingList": {"meshHeading": [{"descriptorName": "Humans"}]},
                    "fullTextUrlList": {"fullTextUrl": [{"url": "https://x.org"}]},
                }
            ]
        },
    },
    "core": {
        "totalHits": 1,
        "results": [
            {
                "id": 123456,
                "title": T,
                "abstract": A,
                "authors": [{"name": "Lee, Ann"}],
                "doi": "10.5555/inv.1",
                "arxivId": "2601.88001",
                "pubmedId": "88000001",
                "publishedDate": "2026-01-12T00:00:00",
                "yearPublished": 2026,
                "language": {"code": "en", "name": "English"},
                "journals": [{"title": "Invented Studies", "identifiers": ["1234-5678"]}],
                "downloadUrl": "https://core.ac.uk/download/1.pdf",
                "references": [],
            }
        ],
    },
    "hf": [
        {
            "paper": {
                "id": "2601.88001",
                "authors": [{"name": "Ann Lee", "hidden": False}],
                "publishedAt": "2026-01-12T00:00:00.000Z",
                "title": T,
                "summary": A,
                "ai_summary": "short",
                "submittedOnDailyBy": {"fullname": "AK", "user": "akhaliq"},
            },
            "publishedAt": "2026-01-13",
            "title": T,
            "summary": A,
            "submittedBy": {"fullname": "AK", "name": "akhaliq"},
        }
    ],
    "kaggle": [
        {
            "id": "2601.88001",
            "submitter": "Ann Lee",
            "authors": "Ann Lee (Hill), Bo Ek",
            "title": T,
            "comments": "9 pages",
            "journal-ref": "Inv. Stud. 3",
            "doi": "10.5555/inv.1",
            "report-no": None,
            "categories": "cs.LG cs.DL",
            "license": None,
            "abstract": A,
            "versions": [
                {"version": "v1", "created": "Mon, 12 Jan 2026 10:00:00 GMT"},
                {"version": "v2", "created": "Tue, 13 Jan 2026 10:00:00 GMT"},
            ],
            "update_date": "2026-01-14",
            "authors_parsed": [["Lee", "Ann", ""], ["Ek", "Bo", ""]],
        }
    ],
    "datacite": {
        "data": [
            {
                "id": "10.5555/inv.1",
                "type": "dois",
                "attributes": {
                    "doi": "10.5555/inv.1",
                    "titles": [{"title": T}],
                    "creators": [{"name": "Lee, Ann", "givenName": "Ann", "familyName": "Lee"}],
                    "descriptions": [{"description": A, "descriptionType": "Abstract"}],
                    "publicationYear": 2026,
                    "publisher": "Hill",
                    "subjects": [{"subject": "sorting"}],
                    "language": "en",
                    "url": "https://x.org",
                },
            }
        ]
    },
    "dblp": {
        "result": {
            "hits": {
                "@total": "1",
                "hit": [
                    {
                        "@id": "1",
                        "info": {
                            "authors": {"author": [{"@pid": "1", "text": "Ann Lee"}]},
                            "title": "Sorting a Day.",
                            "venue": "INV",
                            "year": "2026",
                            "doi": "10.5555/inv.1",
                            "ee": "https://doi.org/10.5555/inv.1",
                            "url": "https://dblp.org/rec/x",
                        },
                    }
                ],
            }
        }
    },
    "openreview": {
        "notes": [
            {
                "id": "x",
                "content": {
                    "title": {"value": T},
                    "abstract": {"value": A},
                    "authors": {"value": ["Ann Lee"]},
                    "keywords": {"value": ["sorting"]},
                    "venue": {"value": "ICLR"},
                },
            }
        ]
    },
    "pubmed_esummary": {
        "result": {
            "uids": ["88000001"],
            "88000001": {
                "uid": "88000001",
                "pubdate": "2026 Jan 12",
                "source": "Inv Stud",
                "authors": [{"name": "Lee A", "authtype": "Author"}],
                "title": T,
                "fulljournalname": "Invented Studies",
                "lang": ["eng"],
                "articleids": [{"idtype": "pubmed", "value": "88000001"}, {"idtype": "doi", "value": "10.5555/inv.1"}],
            },
        }
    },
    "zenodo": {
        "hits": {
            "hits": [
                {
                    "id": 1,
                    "doi": "10.5555/inv.1",
                    "metadata": {
                        "title": T,
                        "description": "<p>" + A + "</p>",
                        "creators": [{"name": "Lee, Ann"}],
                        "publication_date": "2026-01-12",
                        "keywords": ["sorting"],
                        "language": "eng",
                    },
                }
            ],
            "total": 1,
        }
    },
    "cv": {
        "SLAM": {
            "2601.88001": "|**2026-01-12**|**Sorting a Day**|Ann Lee et.al.|[2601.88001](http://arxiv.org/abs/2601.88001)|null|\n",
            "2601.88002": "|**2026-01-13**|**Bridges of wood**|Bo Ek et.al.|[2601.88002](http://arxiv.org/abs/2601.88002)|null|\n",
        }
    },
    "cvweb": {
        "SLAM": {
            "2601.88001": "- 2026-01-12, **Sorting a Day**, Ann Lee et.al., Paper: [http://arxiv.org/abs/2601.88001](http://arxiv.org/abs/2601.88001)\n"
        }
    },
    "ads": {
        "response": {
            "numFound": 1,
            "docs": [
                {
                    "bibcode": "2026Inv",
                    "title": [T],
                    "abstract": A,
                    "author": ["Lee, Ann"],
                    "pubdate": "2026-01-00",
                    "pub": "Invented Studies",
                    "doi": ["10.5555/inv.1"],
                    "identifier": ["arXiv:2601.88001", "2026Inv"],
                    "keyword": ["sorting"],
                    "arxiv_class": ["cs.LG"],
                }
            ],
        }
    },
    "inspire": {
        "hits": {
            "hits": [
                {
                    "id": "1",
                    "metadata": {
                        "titles": [{"title": T}],
                        "abstracts": [{"value": A, "source": "arXiv"}],
                        "authors": [{"full_name": "Lee, Ann"}],
                        "arxiv_eprints": [{"value": "2601.88001", "categories": ["hep-th"]}],
                        "dois": [{"value": "10.5555/inv.1"}],
                        "publication_info": [{"journal_title": "Inv.Stud."}],
                        "earliest_date": "2026-01-12",
                    },
                }
            ]
        }
    },
    "springer": {
        "records": [
            {
                "identifier": "doi:10.5555/inv.1",
                "title": T,
                "creators": [{"creator": "Lee, Ann"}],
                "publicationName": "Invented Studies",
                "publicationDate": "2026-01-12",
                "abstract": A,
                "doi": "10.5555/inv.1",
                "keyword": ["sorting"],
                "language": "en",
                "url": [{"format": "", "platform": "", "value": "http://dx.doi.org/10.5555/inv.1"}],
            }
        ]
    },
    "scopus": {
        "search-results": {
            "entry": [
                {
                    "dc:title": T,
                    "dc:creator": "Lee A.",
                    "prism:publicationName": "Invented Studies",
                    "prism:coverDate": "2026-01-12",
                    "prism:doi": "10.5555/inv.1",
                    "dc:description": A,
                    "authkeywords": "sorting | days",
                    "pubmed-id": "88000001",
                    "link": [{"@ref": "self", "@href": "https://x.org"}],
                }
            ]
        }
    },
    "ieee": {
        "articles": [
            {
                "doi": "10.5555/inv.1",
                "title": T,
                "abstract": A,
                "authors": {"authors": [{"full_name": "Ann Lee"}]},
                "publication_title": "Invented Studies",
                "publication_date": "12 Jan 2026",
                "publication_year": 2026,
                "index_terms": {"author_terms": {"terms": ["sorting"]}},
                "html_url": "https://x.org",
            }
        ]
    },
    "doaj": {
        "results": [
            {
                "id": "x",
                "bibjson": {
                    "title": T,
                    "abstract": A,
                    "author": [{"name": "Ann Lee"}],
                    "year": "2026",
                    "month": "1",
                    "journal": {"title": "Invented Studies", "language": ["EN"]},
                    "keywords": ["sorting"],
                    "identifier": [{"type": "doi", "id": "10.5555/inv.1"}],
                },
            }
        ]
    },
}


# For each: identifiers, venue, date, keywords, categories, language.
EXPECTED: dict[str, tuple[Any, ...]] = {
    "s2": (
        ("arxiv:2601.88001", "doi:10.5555/inv.1", "pmid:88000001"),
        "Inv. Conf.",
        "2026-01-12",
        (),
        ("Biology",),
        None,
    ),
    "openalex": (("doi:10.5555/inv.1", "pmid:88000001"), "Invented Studies", "2026-01-12", ("Sorting",), (), "en"),
    "crossref": (("doi:10.5555/inv.1",), "Invented Studies", "2026-01-12", (), (), "en"),
    "biorxiv": (("doi:10.1101/2024.01.02.888001",), "biorxiv", "2024-01-02", (), ("ecology",), None),
    "epmc": (
        ("doi:10.5555/inv.1", "pmid:88000001"),
        "Invented Studies",
        "2026-01-12",
        ("sorting", "Humans"),
        (),
        "eng",
    ),
    "core": (
        ("arxiv:2601.88001", "doi:10.5555/inv.1", "pmid:88000001"),
        "Invented Studies",
        "2026-01-12",
        (),
        (),
        "English",
    ),
    "hf": (("arxiv:2601.88001",), None, "2026-01-12", (), (), None),
    "kaggle": (("arxiv:2601.88001", "doi:10.5555/inv.1"), "Inv. Stud. 3", "2026-01-12", (), ("cs.LG", "cs.DL"), None),
    "datacite": (("doi:10.5555/inv.1",), None, "2026", ("sorting",), (), "en"),
    "openreview": ((), "ICLR", None, ("sorting",), (), None),
    "zenodo": (("doi:10.5555/inv.1",), None, "2026-01-12", ("sorting",), (), "eng"),
    "ads": (("arxiv:2601.88001", "doi:10.5555/inv.1"), "Invented Studies", "2026-01", ("sorting",), (), None),
    "inspire": (("arxiv:2601.88001", "doi:10.5555/inv.1"), "Inv.Stud.", "2026-01-12", (), (), None),
    "springer": (("doi:10.5555/inv.1",), "Invented Studies", "2026-01-12", ("sorting",), (), "en"),
    "scopus": (("doi:10.5555/inv.1", "pmid:88000001"), "Invented Studies", "2026-01-12", ("sorting", "days"), (), None),
    "ieee": (("doi:10.5555/inv.1",), "Invented Studies", "2026-01-12", ("sorting",), (), None),
    "doaj": (("doi:10.5555/inv.1",), "Invented Studies", "2026-01", ("sorting",), (), None),
}


@pytest.mark.parametrize("service", EXPECTED)
def test_every_field_of_an_answer_is_read(tmp_path: Path, service: str) -> None:
    reading = read(tmp_path, "answer.json", json.dumps(ANSWERS[service]))
    (paper,) = reading.papers
    ids, *expected = EXPECTED[service]
    strong = tuple(one for one in paper.ids if one.startswith(("arxiv:", "doi:", "pmid:")))
    assert (strong, paper.title) == (ids, "Sorting a Day")
    assert [paper.venue, paper.date, paper.keywords, paper.categories, paper.language] == expected
    assert paper.authors
    assert paper.abstract.startswith(("We study how small teams sort", "Aim We study", "Let x be. We study"))
    assert paper.curator == ("AK" if service == "hf" else None)


@pytest.mark.parametrize(
    ("service", "identifier"),
    [
        ("dblp", "doi:10.5555/inv.1"),
        ("pubmed_esummary", "doi:10.5555/inv.1"),
        ("cv", "arxiv:2601.88001"),
        ("cvweb", "arxiv:2601.88001"),
    ],
)
def test_answers_without_abstracts_are_read(tmp_path: Path, service: str, identifier: str) -> None:
    paper = read(tmp_path, "answer.json", json.dumps(ANSWERS[service])).papers[0]
    assert (paper.id, paper.title.rstrip("."), paper.flags) == (identifier, "Sorting a Day", ("no_abstract",))
    assert paper.authors
    assert paper.date


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_single_records_are_unwrapped(tmp_path: Path, ending: str) -> None:
    items = [
        ANSWERS["zenodo"]["hits"]["hits"][0],
        ANSWERS["inspire"]["hits"]["hits"][0],
        ANSWERS["datacite"]["data"][0],
    ]
    for item in items:
        text = json.dumps(item, indent=None if ending == "jsonl" else 1)
        (paper,) = read(tmp_path, f"record.{ending}", text + "\n").papers
        assert "doi:10.5555/inv.1" in paper.ids
        assert paper.abstract == A
    digest = {
        "id": "x",
        "metadata": {"title": "A digest of papers of the day"},
        "papers": [{"title": T, "abstract": A}] * 2,
    }
    assert [paper.title for paper in read(tmp_path, "digest.json", json.dumps(digest)).papers] == [T]
