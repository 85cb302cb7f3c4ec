"""Letters that a program took for others (``naÃ¯ve``): UTF-8 that was read as Windows-1252 or Latin-1."""

from __future__ import annotations

from labeler.patterns import pattern

# The first byte of a letter in UTF-8 and one that follows it, as Windows-1252 and Latin-1 show them.
_FOLLOWS = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = pattern(f"[Â-ß][{_FOLLOWS}]|[à-ï][{_FOLLOWS}]{{2}}")


def is_misread(text: str) -> bool:
    """Whether there are such letters in a text, as far as that is likely."""
    return not text.isascii() and _MISREAD.search(text) is not None


def mended(text: str) -> str:
    """The text with the letters that were meant, where that is certain; else the text as it is.

    It is certain where ftfy (Speer 2019, https://doi.org/10.5281/zenodo.2591652) finds a way back through the encodings
    that leaves nothing of the kind, and nothing unreadable.
    """
    if not is_misread(text):
        return text
    import ftfy  # which takes time to load

    found = ftfy.fix_encoding(text)
    return text if is_misread(found) or "\ufffd" in found else found
