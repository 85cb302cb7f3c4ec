"""Answers in the forms of the services, after their documentation. All papers are invented."""

from __future__ import annotations

from typing import Any

from labeler.digests import Reading

ABSTRACT = "We study how small teams sort the papers of a day when nobody has the time to read them all."


def title(number: int) -> str:
    return f"Sorting the Papers of a Long Day, Part {number} of Many"


def hf(*numbers: int) -> list[dict[str, Any]]:
    """https://huggingface.co/docs/hub/api: daily papers."""
    return [
        {
            "paper": {
                "id": f"2611.{number:05}",
                "title": title(number),
                "summary": f"{ABSTRACT} Number {number}.",
                "authors": [{"name": "Ann Lee", "hidden": False}],
                "publishedAt": "2026-11-25T00:00:00.000Z",
                "upvotes": number,
            },
            "publishedAt": "2026-11-25T19:00:00.000Z",
            "title": title(number),
        }
        for number in numbers
    ]


def arxiv_api(numbers: list[int], total: int, start: int = 0) -> bytes:
    """https://info.arxiv.org/help/api/user-manual.html: an answer of the API."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2611.{number:05}v1</id><updated>2026-11-25T18:00:00Z</updated>"
        f"<published>2026-11-25T18:00:00Z</published><title>{title(number)}</title>"
        f"<summary>{ABSTRACT} Number {number}.</summary><author><name>Ann Lee</name></author>"
        '<category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/></entry>\n'
        for number in numbers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>ArXiv Query</title><id>http://arxiv.org/api/x</id><updated>2026-11-26T00:00:00-05:00</updated>"
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{total}</opensearch:totalResults>"
        '<opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{start}</opensearch:startIndex>{entries}</feed>"
    ).encode()


def arxiv_error(why: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>'
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>'
        "<entry><id>http://arxiv.org/api/errors#incorrect_id_format</id><title>Error</title>"
        f"<summary>{why}</summary></entry></feed>"
    ).encode()


def arxiv_feed(*numbers: int) -> bytes:
    """https://info.arxiv.org/help/rss.html: the announcement of today in Atom."""
    entries = "".join(
        f"<entry><id>oai:arXiv.org:2611.{number:05}v1</id><title>{title(number)}</title>"
        f'<updated>2026-11-26T05:00:00Z</updated><link href="https://arxiv.org/abs/2611.{number:05}" rel="alternate"/>'
        f"<summary>arXiv:2611.{number:05}v1 Announce Type: new \nAbstract: {ABSTRACT} Number {number}.</summary>"
        '<category term="cs.CL"/><published>2026-11-26T00:00:00-05:00</published></entry>'
        for number in numbers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us"><id>http://rss.arxiv.org/atom/cs.CL</id>'
        f"<title>cs.CL updates on arXiv.org</title><updated>2026-11-26T05:00:00Z</updated>{entries}</feed>"
    ).encode()


def esearch(numbers: list[int], total: int | None = None) -> dict[str, Any]:
    """https://www.ncbi.nlm.nih.gov/books/NBK25499/: an answer of esearch, retmode json."""
    ids = [str(90_000_000 + number) for number in numbers]
    count = str(len(ids) if total is None else total)
    return {
        "header": {"type": "esearch", "version": "0.3"},
        "esearchresult": {"count": count, "retmax": str(len(ids)), "retstart": "0", "idlist": ids},
    }


def efetch(pmids: str) -> bytes:
    """https://www.ncbi.nlm.nih.gov/books/NBK25499/: an answer of efetch, retmode xml."""
    records = "".join(
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><Title>Invented Studies'
        f"</Title></Journal><ArticleTitle>{title(int(pmid))}</ArticleTitle><Abstract><AbstractText>{ABSTRACT} Number "
        f"{pmid}.</AbstractText></Abstract><AuthorList><Author><LastName>Lee</LastName><ForeName>Ann</ForeName>"
        "</Author></AuthorList></Article></MedlineCitation></PubmedArticle>"
        for pmid in pmids.split(",")
    )
    return (
        '<?xml version="1.0" ?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
        f'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd"><PubmedArticleSet>{records}</PubmedArticleSet>'
    ).encode()


def europe_pmc(numbers: list[int], total: int, following: str) -> dict[str, Any]:
    """https://europepmc.org/RestfulWebService: an answer of search, resultType core, format json."""
    results = [
        {
            "id": f"PPR{number}",
            "source": "PPR",
            "doi": f"10.5555/inv.{number}",
            "title": title(number),
            "authorString": "Lee A.",
            "abstractText": f"{ABSTRACT} Number {number}.",
            "firstPublicationDate": "2026-11-25",
        }
        for number in numbers
    ]
    return {"version": "6.9", "hitCount": total, "nextCursorMark": following, "resultList": {"result": results}}


def openalex(numbers: list[int], total: int, following: str | None) -> dict[str, Any]:
    """https://docs.openalex.org: an answer of works."""
    results = [
        {
            "id": f"https://openalex.org/W{number}",
            "doi": f"https://doi.org/10.5555/inv.{number}",
            "title": title(number),
            "publication_date": "2026-11-25",
            "authorships": [{"author": {"display_name": "Ann Lee"}}],
            "abstract_inverted_index": {
                word: [place] for place, word in enumerate(f"Number {number} tells how teams sort papers".split())
            },
        }
        for number in numbers
    ]
    return {"meta": {"count": total, "per_page": 100, "next_cursor": following}, "results": results, "group_by": []}


def crossref(numbers: list[int], total: int) -> dict[str, Any]:
    """https://api.crossref.org: an answer of works."""
    listed = [
        {
            "DOI": f"10.5555/inv.{number}",
            "title": [title(number)],
            "abstract": f"<jats:p>{ABSTRACT} Number {number}.</jats:p>",
            "author": [{"given": "Ann", "family": "Lee"}],
            "issued": {"date-parts": [[2026, 11, 25]]},
        }
        for number in numbers
    ]
    message = {"total-results": total, "items": listed, "items-per-page": 100}
    return {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}


def semantic_scholar(numbers: list[int], total: int, token: str | None) -> dict[str, Any]:
    """https://api.semanticscholar.org/api-docs/graph: an answer of paper bulk search."""
    data = [
        {
            "paperId": f"{number:040x}",
            "externalIds": {"DOI": f"10.5555/inv.{number}"},
            "title": title(number),
            "abstract": f"{ABSTRACT} Number {number}.",
            "publicationDate": "2026-11-25",
            "authors": [{"authorId": "1", "name": "Ann Lee"}],
        }
        for number in numbers
    ]
    return {"total": total, "token": token, "data": data}


def biorxiv(numbers: list[int], total: int, cursor: int, server: str = "bioRxiv") -> dict[str, Any]:
    """https://api.biorxiv.org: an answer of details."""
    if not numbers:
        return {"messages": [{"status": "no posts found"}], "collection": []}
    collection = [
        {
            "title": title(number),
            "authors": "Lee, A.; Ek, B.",
            "doi": f"10.1101/2026.11.25.{number:06}",
            "date": "2026-11-25",
            "version": "1",
            "type": "new results",
            "category": "cell biology",
            "abstract": f"{ABSTRACT} Number {number}.",
            "server": server,
        }
        for number in numbers
    ]
    told = {"status": "ok", "interval": "x", "cursor": cursor, "count": len(numbers), "total": str(total)}
    return {"messages": [told], "collection": collection}


def numbers(reading: Reading) -> list[int]:
    """The numbers of the papers in a reading."""
    return [int(paper.title.split("Part ")[1].split()[0]) for paper in reading.papers]
