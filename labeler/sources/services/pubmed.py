"""PubMed, by NCBI's E-utilities: https://www.ncbi.nlm.nih.gov/books/NBK25499/ (esearch, then efetch).

Their rate: https://www.ncbi.nlm.nih.gov/books/NBK25497/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from labeler.errors import InputError, UsageError
from labeler.sources.days import today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session, number

NAME = "pubmed"
ABOUT = "PubMed: what was added for a query"
URL = "https://eutils.ncbi.nlm.nih.gov"
QUERY = "words or a query as on its site (sleep apnea[mesh] AND trial), of the last 7 days or @DAY; or numbers (PMIDs)"
EXAMPLE = "pubmed:sleep apnea"
PAUSE = 0.4
RATE = "5 in 2 seconds (3 a second are allowed)"
KEY_VARIABLE, KEY_PARAMETER = "NCBI_API_KEY", "api_key"
_DAYS = 7
_MOST = 9_999  # that esearch gives of PubMed
_PAGE = 200  # numbers in one address
_PMID = re.compile(r"[0-9]{5,9}")


def pages(query: Query, session: Session) -> Iterator[Page]:
    """The records, those that were added last first."""
    words = query.text.replace(",", " ").split()
    total: int | None = None
    if words and all(map(_PMID.fullmatch, words)):
        numbers = words
    else:
        if not words:
            raise UsageError("pubmed needs a query", f"for example `labeler fetch {EXAMPLE}`")
        numbers, total = _found(query, session)
    for begin in range(0, len(numbers), _PAGE):
        listed = numbers[begin : begin + _PAGE]
        parameters = {"db": "pubmed", "id": ",".join(listed), "retmode": "xml", **_who(session)}
        _, file = session.xml("/entrez/eutils/efetch.fcgi", parameters)
        yield Page(file, len(listed), total)


def _found(query: Query, session: Session) -> tuple[list[str], int | None]:
    """The numbers of the records, and how many there are."""
    since = query.since or today() - timedelta(days=_DAYS)
    dates = {"datetype": "edat", "mindate": f"{since:%Y/%m/%d}", "maxdate": f"{today():%Y/%m/%d}"}
    parameters = {"db": "pubmed", "term": query.text, **dates, "retmode": "json", "retmax": min(query.most, _MOST)}
    answer, _ = session.json("/entrez/eutils/esearch.fcgi", {**parameters, **_who(session)})
    result = answer.get("esearchresult")
    if isinstance(result, dict) and (fault := result.get("ERROR")):
        raise InputError(f"pubmed does not understand this: {str(fault)[:200]}", "write it as on its site")
    session.notes.extend(_notes(result))
    numbers = [str(each) for each in session.items(answer, "esearchresult", "idlist") if _PMID.fullmatch(str(each))]
    return numbers[: query.most], number(result.get("count")) if isinstance(result, dict) else None


def _notes(result: Any) -> list[str]:
    """What of the query was left out."""
    told = result.get("errorlist") if isinstance(result, dict) else None
    lists = list(told.values()) if isinstance(told, dict) else []
    words = [word for each in lists if isinstance(each, list) for word in each if isinstance(word, str)]
    return [f"pubmed left out what it does not know: {', '.join(words)[:200]}"] if words else []


def _who(session: Session) -> dict[str, str]:
    """Who asks, as NCBI wants to know it."""
    return {"tool": "labeler", "email": session.client.settings.contact}
