"""Which paper a link leads to."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from labeler.papers.ids import arxiv_id, doi
from labeler.patterns import pattern

_IN_PATH = pattern(r"(?:^|/)(?=10\.\d{4,9}/)")
_IN_QUERY = ("id", "doi")  # of journals.plos.org/plosone/article?id=10.1371/…
# What publishers put after a DOI.
_PARTS = r"(?:abstract|full|full-text|fulltext|pdf|pdfdirect|epdf|epub|meta|html|summary|references|issue-toc|citation)"
_AFTER = pattern(rf"(?:/{_PARTS}|\.(?:pdf|html?|xml|full|abstract|short)(?:\+html|-text)?)+/?$", re.IGNORECASE)
_RXIV = pattern(
    r"(?:bio|med)rxiv\.org/(?:cgi/)?content/(?:\w+/)?(?:(?P<prefix>10\.\d{4,9})/)?(?P<name>(?:20(?:19|2\d)\.\d\d\.\d\d\.)?\d{6,9})(?!\d)",
    re.IGNORECASE,
)
_NATURE = pattern(r"nature\.com/articles/(s\d{5}-\d{3}-\d{4,5}-[\da-z]|nature\d{5})(?![\w-])", re.IGNORECASE)
# Where papers lie of which the link says no identifier.
_OF_PAPER = pattern(
    r"https?://(?:[\w-]+\.)*(?:openreview\.net/(?:forum|pdf)\?|aclanthology\.org/[\w.-]+|proceedings\.mlr\.press/v\d+/\w"
    r"|openaccess\.thecvf\.com/content|(?:papers\.nips|(?:papers|proceedings)\.neurips)\.cc/paper|ecva\.net/papers/"
    r"|semanticscholar\.org/paper/|ieeexplore\.ieee\.org/(?:abstract/)?document/\d|sciencedirect\.com/science/article/"
    r"|hal\.science/hal-\d|ssrn\.com/(?:sol3/papers\.cfm|abstract=)|usenix\.org/conference/\S+/presentation/|jmlr\.org/papers/v\d)",
    re.IGNORECASE,
)
_GUARDED = pattern(r"//urldefense\.(?:com|us)/v3/__(https?:[^\s]{1,4000}?)__;")
_MOST_WAYS = 3  # that a link leads by, one after the other
_NEW_PREFIX = "2025.12"  # since that month, DOIs of bioRxiv and medRxiv have another prefix
_PUBMED = pattern(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|europepmc\.org/(?:abstract|article)/MED/)(\d{1,9})\b",
    re.IGNORECASE,
)


def identifiers_of_link(link: str) -> dict[str, str]:
    """The identifiers in a link (``arxiv_id``, ``doi``, ``pmid``), as fields of a record."""
    link = link.strip()
    if found := arxiv_id(link) if "/" in link else None:
        return {"arxiv_id": found}
    if match := _PUBMED.search(link):
        return {"pmid": match[1]}
    if (match := _RXIV.search(link)) and (match["prefix"] or match["name"] < _NEW_PREFIX):
        return {"doi": f"{match['prefix'] or '10.1101'}/{match['name']}"}
    if found := _doi_in(link):
        return {"doi": found}
    if match := _NATURE.search(link):
        return {"doi": f"10.1038/{match[1].lower()}"}
    return {}


def leads_to_paper(link: str) -> bool:
    """Whether a link leads to a paper, as its identifier or the place where it lies shows."""
    return bool(identifiers_of_link(link)) or _OF_PAPER.match(link.strip()) is not None


def _doi_in(link: str) -> str | None:
    if "10." not in link:
        return None
    try:
        parts = urlsplit(link)
        query = parse_qs(parts.query)
    except ValueError:
        return None
    if "doi.org" in (parts.hostname or ""):
        return doi(link)
    path = unquote(parts.path)
    if match := _IN_PATH.search(path):
        return doi(_AFTER.sub("", path[match.end() :]))
    return next((doi(value) for name in _IN_QUERY for value in query.get(name, []) if value.startswith("10.")), None)


def target_of(link: str) -> str:
    """Where a link leads that goes by way of a search engine, a counter of clicks, a library's proxy or what guards
    mails (``scholar_url?url=…``, ``login?url=…``, Safe Links, URL Defense).
    """
    for _ in range(_MOST_WAYS):
        if guarded := _GUARDED.search(link):
            link = guarded[1]
            continue
        try:
            parts = urlsplit(link.strip())
            query = parse_qs(parts.query)
        except ValueError:
            return link
        names = ("url", "q") if parts.path.endswith(("/scholar_url", "/url")) else ("url", "u", "target", "redirect")
        inner = next((query[name][0] for name in names if name in query), "")
        if not inner.startswith(("http://", "https://")):
            return link
        link = inner
    return link
