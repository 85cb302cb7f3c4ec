"""Numbers with nouns, names that resemble another one, and addresses, as sentences have them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from labeler.patterns import pattern

_PASSWORD = pattern(r"(?<=://)[^/?#\s]*@")  # and the name of whom it is of
_KEY = pattern(r"(?i)([?&][^=&#\s]*(?:key|token|secret|password|passwd|pwd|auth|signature|sig)=)[^&#\s;,'\")]+")


def counted(number: int, noun: str, many: str = "") -> str:
    """A number with its noun: ``1 paper``, ``2 papers``. ``many`` is a plural that is not the noun with an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {many or noun + 's'}"


def duration(seconds: float) -> str:
    """A time to wait, as in ``0:36`` or ``1:02:05``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{f'{hours}:{minutes:02}' if hours else minutes}:{rest:02}"


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The one of ``known`` that resembles ``name`` most, without regard to case; empty where none does."""
    return next(iter(nearest_ones(name, known, 1, cutoff)), "")


def nearest_ones(name: str, known: Iterable[str], count: int, cutoff: float = 0.6) -> list[str]:
    """The ones of ``known`` that resemble ``name``, at most ``count``, the nearest first."""
    by_folded = {each.casefold(): each for each in known}
    return [by_folded[each] for each in get_close_matches(name.casefold(), by_folded, n=count, cutoff=cutoff)]


def shortened(text: str, most: int) -> str:
    """``text``, or as many of its first words as have at most ``most`` characters, with a sign that more follows."""
    if len(text) <= most:
        return text
    beginning = text[: most + 1].rpartition(" ")[0] or text[:most]
    return beginning.rstrip(" ,;:.–—-") + "…"


def without_secrets(text: str) -> str:
    """``text`` whose addresses have neither what stands before the ``@``, nor the values of keys and tokens."""
    return _KEY.sub(r"\1…", _PASSWORD.sub("", text))
