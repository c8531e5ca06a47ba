"""From which network address a request comes: the proxies of MINQING_PROXIES are believed, nobody else."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of the caller: from the right of X-Forwarded-For the first that is no proxy of ours, where the
    request itself comes from one; else whoever sent it."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = settings.PROXIES
    address: str = request.META.get("REMOTE_ADDR", "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while told and _is_one_of(proxies, address):
        before = told.pop().strip()
        if not _is_address(before):
            break
        address = before
    return address


def _is_one_of(proxies: tuple[IPv4Network | IPv6Network, ...], address: str) -> bool:
    return bool(proxies) and _is_address(address) and any(ip_address(address) in one for one in proxies)


def _is_address(told: str) -> bool:
    try:
        ip_address(told)
    except ValueError:
        return False
    return True
