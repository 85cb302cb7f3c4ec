"""Addresses of mail as people write them, and as they stand in a message."""

from __future__ import annotations

import re
from email.headerregistry import Address

_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")
_LOCAL = re.compile(r"(?:[\w!#$%&'*+/=?^`{|}~-]+\.)*[\w!#$%&'*+/=?^`{|}~-]+")  # dot-atom: RFC 5322, 3.2.3; RFC 6532
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_LONGEST_LOCAL, _LONGEST = 64, 254  # octets: RFC 5321, 4.5.3.1


def address_of(text: str) -> Address:
    """The address in ``name@example.org`` or ``A Name <name@example.org>``, its domain in ASCII (RFC 5891).

    Raises:
        ValueError: there is none to which mail can be sent; the message says what is wrong.
    """
    if not text.isprintable():
        raise ValueError("it has a line break or another control character")
    named = _NAMED.fullmatch(text)
    name, address = (named["name"], named["address"]) if named else ("", text)
    local, at, domain = address.strip().rpartition("@")
    if not at:
        raise ValueError("it has no @")
    host = _ascii_host(domain)
    if not _LOCAL.fullmatch(local) or len(local.encode()) > _LONGEST_LOCAL:
        raise ValueError(f"{local!r} is nothing that may stand before the @")
    if len(local.encode()) + 1 + len(host) > _LONGEST:
        raise ValueError("it is too long")
    return Address(name.strip("\"' "), local, host)


def key_of(address: Address) -> str:
    """What two addresses of one person have in common: case does not count."""
    return address.addr_spec.casefold()


def _ascii_host(domain: str) -> str:
    if domain.isascii():
        host = domain.lower()
    else:
        import idna

        try:
            host = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError as error:
            raise ValueError(f"{domain!r} is no domain") from error
    if not _HOST.fullmatch(host):
        raise ValueError(f"{domain!r} is no domain")
    return host
