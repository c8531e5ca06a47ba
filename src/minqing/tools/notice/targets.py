"""Where a message may be sent: an address that the file names once, over TLS, so that its certificate says who listens.

No address is ever taken from a request, a message or an answer. A county's gateway may stand in its own network, so
private addresses are allowed; never those of the machine itself (but for http to loopback) or of a cloud's own service.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: Link-local (a cloud answers there with the keys of the machine; one asks at 100.100.100.200), nobody, everybody.
_NEVER = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "224.0.0.0/4", "240.0.0.0/4", "::/127",
        "fe80::/10", "fd00:ec2::/32", "ff00::/8", "64:ff9b::/96", "2002::/16",
    )
)  # fmt: skip
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*\.?")
_WRITTEN_PLAINLY = re.compile(r"[\x21-\x7e]+")
_NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?")  # what a resolver takes for an address


def is_safe(url: str) -> bool:
    """Whether messages may go there: https, or http to this machine; a name or an address, no user and no password."""
    try:
        parts = urlsplit(url)
        plain = bool(_WRITTEN_PLAINLY.fullmatch(url)) and "\\" not in url and parts.port != 0
    except ValueError:
        return False
    if not plain or "@" in parts.netloc or parts.fragment:
        return False
    host = (parts.hostname or "").lower()
    if parts.scheme == "http":
        return host in LOOPBACK
    return parts.scheme == "https" and (host in LOOPBACK or _is_somebody(parts, host))


def _is_somebody(parts: SplitResult, host: str) -> bool:
    """A name, or an address in its usual form that is neither this machine nor a cloud's own service."""
    if "[" not in parts.netloc and not _NUMBERS.fullmatch(host):
        return bool(_NAME.fullmatch(host))
    try:
        address = ip_address(host)
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return not any((inner or address) in one for one in _NEVER)
