"""Tags of mark-up in titles and abstracts: those of HTML, and those of JATS and MathML where these show for certain.

Only the tags of mark-up that digests use are taken off: ``<think>``, ``<SEG>``, ``<s>`` and the like are words.
"""

from __future__ import annotations

import re

from labeler.patterns import pattern

_END = r"(?:\s+[\w:-]+=[^<>]*|\s*)/?>"
TAG = pattern(
    rf"</?(?:jats:[a-z-]+|mml:[a-z]+|p|br|i|b|em|strong|sub|sup|inf|span|div|italic|bold|h[1-6]|ul|ol|li){_END}",
    re.IGNORECASE,
)
_BREAKING_TAG = pattern(rf"</?(?:jats:p|jats:title|p|br|div|h[1-6]|ul|ol|li){_END}", re.IGNORECASE)
# Without a prefix, these may be words, too; a text in which one of the certain ones ends has them as mark-up.
_CERTAIN = ("</math>", "</sec>", "</inline-formula>", "</disp-formula>", "</ext-link>", "</xref>")
_BREAKING_JATS = pattern(rf"</?(?:sec|title|st|list|list-item){_END}")
_JATS_OR_MATHML = pattern(
    r"</?(?:sec|title|st|list|list-item|inline-formula|disp-formula|tex-math|alternatives|ext-link|xref|named-content"
    r"|monospace|underline|sc|math|semantics|mrow|mi|mn|mo|ms|mtext|mspace|mstyle|mfrac|msqrt|mroot|msub|msup|msubsup"
    rf"|mover|munder|munderover|mtable|mtr|mtd|mfenced|mpadded){_END}"
)


def has_tags(text: str) -> bool:
    """Whether :func:`without_tags` changes a text."""
    return TAG.search(text) is not None or _is_structured(text)


def without_tags(text: str) -> str:
    """A text without tags; those that end a line leave a line break."""
    text = TAG.sub("", _BREAKING_TAG.sub("\n", text))
    return _JATS_OR_MATHML.sub("", _BREAKING_JATS.sub("\n", text)) if _is_structured(text) else text


def _is_structured(text: str) -> bool:
    return "</" in text and any(tag in text for tag in _CERTAIN)
