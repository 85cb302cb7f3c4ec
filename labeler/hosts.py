"""Names of hosts: which of them are this machine's own."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a name or an address of a host is this machine's own, which others cannot reach."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str:
    """The host of a ``Host`` header (RFC 9110, section 7.2), without its port."""
    return header[1:].partition("]")[0] if header.startswith("[") else header.partition(":")[0]
