"""Words that databases and programs write where there is nothing: ``nan``, ``[No abstract available]``, ``-``."""

from __future__ import annotations

import re
from typing import Any

_EMPTY = frozenset(
    """
    nan none null nil na n/a n.a. n.a n\\a #n/a <na> nat undefined - -- --- – — . .. ... … ? () [] {} "" ''
    #name? #value! #ref! #div/0! #num! #null!
    """.split()
)
_LONGEST = 250  # letters of a sentence that says that there is no abstract
_WHAT = r"(?:abstracts?|summar(?:y|ies)|descriptions?|texts?)"
_THERE = (
    r"(?:available|provided|found|given|supplied|present|included|recorded|indexed|entered|submitted|required|exists?"
    r"|existing|accessible|applicable|specified|listed|known|published)"
)
_PAPER = r"(?:article|paper|record|document|item|publication|work|entry|content|chapter|book|issue|title|resource)"
_BE = r"(?:is|was|are|has been|have been)"
_REST = r"(?: (?:yet|here|online))?(?: (?:for|in|from|by|of|at|on|with)\b.*)?"
_NOT = r"(?:no|n[ãa]o|non|nicht|niet)"
_WITHOUT = r"(?:sin|no hay|pas de|aucun|sem|keine?|geen|nessun|brak|inget|ingen)"
_SUMMARY = (
    r"(?:resumen|resumo|r[ée]sum[ée]|abstract|zusammenfassung|riassunto|samenvatting|abstra[kc]tu?|streszczenia"
    r"|sammanfattning)"
)
_ABROAD = r"(?:verf[üu]gbar|vorhanden|beschikbaar|disponible|dispon[íi]vel|disponibile|dostępn\w+|tillgänglig\w*)"
_NO_ABSTRACT = (
    rf"(?:sorry )?(?:there {_BE} )?(?:no|without(?: an)?)(?: associated)? {_WHAT}(?: text)?(?: {_BE})?"
    rf"(?: (?:currently|yet))?(?: {_THERE})?{_REST}"
    rf"|(?:the |an? |this )?{_WHAT} (?:{_BE} )?(?:currently )?(?:not|un)(?: yet)? ?{_THERE}{_REST}"
    rf"|(?:the |an? |this )?{_WHAT} (?:{_BE} )?(?:missing|unknown|withheld|pending|to follow|to come)"
    rf"|(?:this|the) {_PAPER} (?:has|contains|comes with|had) no (?:associated )?{_WHAT}"
    rf"|(?:this|the) {_PAPER} (?:does|did) not (?:have|contain|include) (?:an? |any )?{_WHAT}"
    r"|abstract(?: (?:n a|none|nil|nan|null))?|summary|not available|unavailable|not provided|no data"
    rf"|not applicable|unknown|missing|tba|tbd|empty|blank|click on the {_PAPER} title to read more"
    rf"|{_SUMMARY} (?:{_NOT} (?:est )?{_ABROAD}|indispon[íi]vel|indisponible)|{_WITHOUT} {_SUMMARY}(?: {_ABROAD})?"
    r"|[暂暫無无]{1,2}摘要|摘要 ?[暂暫無无]{1,2}|(?:要旨|抄録|要約|概要)なし|초록 ?(?:없음|없습니다)"
    r"|нет аннотации|аннотация отсутствует|özet (?:yok|bulunamadı|mevcut değil)"
)
_NO_TITLE = r"untitled|no title(?: (?:available|provided|given))?|title (?:is )?(?:not available|missing)"


def is_nothing(value: Any) -> bool:
    """Whether a value of a record says nothing: None, NaN, a blank text, an empty list, or ``nan``, ``N/A``, ``-``."""
    if isinstance(value, str):
        return not (text := value.strip()) or (len(text) <= 9 and text.lower() in _EMPTY)
    if value is None or isinstance(value, list | tuple | dict):
        return not value
    try:
        return bool(value != value)  # NaN
    except (TypeError, ValueError):  # pandas.NA has no truth; nor have arrays
        return type(value).__name__ == "NAType"


def is_no_abstract(text: str) -> bool:
    """Whether a text stands where there is no abstract, such as ``[No abstract available]``."""
    return len(text) <= _LONGEST and (is_nothing(text) or _matches(_NO_ABSTRACT, text))


def is_no_title(text: str) -> bool:
    """Whether a text stands where there is no title, such as ``[Untitled]``."""
    if len(text) > _LONGEST:
        return False
    return is_nothing(text) or (len(text) < 40 and "title" in text.lower() and _matches(_NO_TITLE, text))


def _matches(pattern: str, text: str) -> bool:
    """Whether the words of a text, in lower case with single spaces, are of a pattern."""
    return re.fullmatch(pattern, " ".join(re.findall(r"\w+", text.lower()))) is not None
