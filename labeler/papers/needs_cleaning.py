"""A fast check whether cleaning would change the words of a text, as cleaning takes a quarter of the time of scoring.

The check errs on the safe side: a text that needs no cleaning has the words of its cleaned form, while a text that
needs cleaning may turn out to be clean.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from labeler.papers.cleaning import ENTITY, LINE_END, OTHER_FORMS, clean
from labeler.papers.latex import ACCENTED, COMMAND, DECLARATIONS, STYLES, delatex, has_groups, outside_math
from labeler.papers.markup_tags import has_tags

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LINE_BREAK, _BLANK, _HYPHEN, _DELETE = b"\n -\x7f"
_REMOVED = ("text", "cite", "ref", "eqref", "label")  # prefixes of the names of commands that cleaning removes


def with_clean_words(text: str, printed: bool = False) -> str:
    """A text with the words of the cleaned text, faster than :func:`~labeler.papers.cleaning.clean`.

    The result is the text itself or the text without LaTeX, where that has the same words; spaces may differ.
    ``printed`` is as for :func:`needs_cleaning`.
    """
    if not needs_cleaning(text, printed):
        return text
    if "\\" in text and not needs_cleaning(without_latex := delatex(text), printed):
        return without_latex
    return clean(text)


def needs_cleaning(text: str, printed: bool = False) -> bool:
    """Whether :func:`~labeler.papers.cleaning.clean` may change the words of a text.

    ``printed`` says that :func:`printed_texts` has found the text to be printed, which spares a look at its characters.
    """
    if _characters_change(text, printed):
        return True
    if ("&" in text and ENTITY.search(text)) or ("<" in text and has_tags(text)):
        return True
    return _latex_changes(text)


def printed_texts(data: npt.NDArray[np.uint8], bounds: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which texts (n_texts,) have no control characters but single line breaks after whole words.

    Only ASCII control characters are looked for. ``data`` are the bytes of all texts, and ``bounds`` (n_texts + 1,)
    are the offsets at which each text begins and the last one ends. One search through all bytes takes a fraction of
    the time that a search through each text takes.
    """
    import numpy as np

    controls = np.flatnonzero((data < _BLANK) | (data == _DELETE))
    before = data[controls - 1]
    controls = controls[(data[controls] != _LINE_BREAK) | (before <= _BLANK) | (before == _HYPHEN)]
    printed = np.ones(len(bounds) + 1, bool)  # one more on either side, for what lies before and after the texts
    printed[np.searchsorted(bounds, controls, side="right")] = False
    return printed[1:-1]


def _characters_change(text: str, printed: bool) -> bool:
    """Whether normalization or the joining of lines changes characters of a text."""
    if not text.isascii():
        return (
            not text.isprintable() or OTHER_FORMS.search(text) is not None or not unicodedata.is_normalized("NFC", text)
        )
    if printed or text.isprintable():
        return False
    return not text.replace("\n", " ").isprintable() or LINE_END.search(text) is not None


def _latex_changes(text: str) -> bool:
    """Whether a text has LaTeX commands outside of mathematics whose removal changes a word."""
    if has_groups(text):
        return True
    if "\\" not in text:
        return False
    outside = outside_math(text)
    if outside is None or "\\$" in text:
        return True
    return any(_changes_words(name) for part in outside if "\\" in part for name in COMMAND.findall(part))


def _changes_words(name: str) -> bool:
    """Whether cleaning handles the command of this name in a way that changes words."""
    return (
        name in ACCENTED
        or name in STYLES
        or name in DECLARATIONS
        or name in ("href", "url", "_")
        or name.startswith(_REMOVED)
    )
