"""Words that databases and programs write where there is nothing: ``nan``, ``[No abstract available]``, ``-``."""

from __future__ import annotations

import re
from typing import Any

_EMPTY = frozenset(
    """
    nan none null nil na n/a n.a. n.a n\\a #n/a <na> nat undefined - -- --- – — . .. ... … ? () [] {} "" ''
    """.split()
)
_LONGEST = 250  # letters of a sentence that says that there is no abstract
_WHAT = r"(?:abstracts?|summar(?:y|ies)|descriptions?|texts?)"
_THERE = (
    r"(?:available|provided|found|given|supplied|present|included|recorded|indexed|entered|submitted|required|exist(?:s|ing)?"
    r"|accessible|applicable|specified|listed|known|published)"
)
_PAPER = r"(?:article|paper|record|document|item|publication|work|entry|content|chapter|book|issue|title|resource)"
_NO_ABSTRACT = re.compile(
    rf"(?:sorry )?(?:there (?:is|was) )?(?:no|without(?: an)?)(?: associated)? {_WHAT}(?: text)?(?: (?:is|was|are|has been|have been))?"
    rf"(?: (?:currently|yet))?(?: {_THERE})?(?: (?:yet|here|online))?(?: (?:for|in|from|by|of|at|on|with)\b.*)?"
    rf"|(?:the |an? |this )?{_WHAT} (?:(?:is|was|are) )?(?:currently )?(?:not|un)(?: yet)? ?{_THERE}(?: (?:yet|here|online|for|in"
    r"|from|by|of|at|on)\b.*)?"
    rf"|(?:the |an? |this )?{_WHAT} (?:is |was |are )?(?:missing|unknown|withheld|pending|to follow)"
    rf"|(?:this|the) {_PAPER} (?:has|contains|comes with|had) no (?:associated )?{_WHAT}"
    rf"|(?:this|the) {_PAPER} (?:does|did) not (?:have|contain|include) (?:an? |any )?{_WHAT}"
    r"|abstract(?: (?:n a|none|nil|nan|null))?|summary|not available|unavailable|not provided|no data|unknown|missing|tba|tbd|empty|blank"
    rf"|click on the {_PAPER} title to read more"
    r"|(?:resumen|resumo|r[ée]sum[ée]|abstract|zusammenfassung|riassunto|samenvatting)"
    r" (?:no|n[ãa]o|non|nicht|niet) (?:est )?(?:disponible|dispon[íi]vel|disponibile|verf[üu]gbar|vorhanden|beschikbaar)"
    r"|(?:sin resumen|sem resumo|pas de r[ée]sum[ée]|kein(?:e)? (?:abstract|zusammenfassung)(?: (?:verf[üu]gbar"
    r"|vorhanden))?|geen (?:abstract|samenvatting)(?: beschikbaar)?|nessun (?:abstract|riassunto)(?: disponibile)?)"
    r"|[暂暫無无]{1,2}摘要|要旨なし|抄録なし|нет аннотации|аннотация отсутствует"
)
_NO_TITLE = re.compile(r"untitled|no title(?: (?:available|provided|given))?|title (?:is )?(?:not available|missing)")


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
    return len(text) <= _LONGEST and (is_nothing(text) or _NO_ABSTRACT.fullmatch(_words(text)) is not None)


def is_no_title(text: str) -> bool:
    """Whether a text stands where there is no title, such as ``[Untitled]``."""
    if len(text) > _LONGEST:
        return False
    return is_nothing(text) or (
        len(text) < 40 and "title" in text.lower() and _NO_TITLE.fullmatch(_words(text)) is not None
    )


def _words(text: str) -> str:
    """The words of a text in lower case with single spaces, without what is around and between them."""
    return " ".join(re.findall(r"\w+", text.lower()))
