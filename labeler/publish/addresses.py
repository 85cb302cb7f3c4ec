"""Addresses of papers as links may have them: of the web alone, and in the letters of a URI."""

from __future__ import annotations

import re
from urllib.parse import quote

_LONGEST = 2000  # characters, which all browsers and Excel take
_WEB = re.compile(r"https?://[A-Za-z0-9.:_\[\]-]+(?:[/?#]|\Z)", re.IGNORECASE)
_SIGNS = "%/:=&?~#+!$,;'@()*[]"  # which mean something in a URI (RFC 3986)
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def web_address(url: str | None) -> str:
    """``url`` as a URI (RFC 3986), with other signs escaped; empty where it is no address of the web."""
    if not url or not _WEB.match(url):
        return ""
    address = _NO_ESCAPE.sub("%25", quote(url, safe=_SIGNS, errors="replace"))
    return address if len(address) <= _LONGEST else ""
