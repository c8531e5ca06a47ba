"""Whether this instance is a trial: a file below MINQING_HOME that names the made-up people whom anybody near may be.

`minqing demo` writes it where it made the instance itself, never where a county was there before; `minqing init
--county` takes it away. Without it nobody enters without a password.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from django.http import HttpRequest

from minqing.base.postgres import home_folder
from minqing.doors.counter.addresses import address_of

#: How the name of everybody made up begins.
MARK = "演示·"
#: This machine, and networks that are never routed. What Python calls private holds more.
_NEAR = tuple(
    ip_network(one)
    for one in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


def mark_trial(logins: Sequence[str]) -> None:
    """From now on these people are entered in one click."""
    _file().write_text(json.dumps({"trial": True, "people": list(logins)}, ensure_ascii=False) + "\n", "utf-8")


def end_trial() -> bool:
    """From now on everybody needs a password; False where it was no trial."""
    was = _file().is_file()
    _file().unlink(missing_ok=True)
    return was


def trial_logins() -> tuple[str, ...]:
    """Who may be entered in one click; nobody where this is no trial."""
    try:
        told = json.loads(_file().read_text("utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(told["people"])


def is_near(request: HttpRequest) -> bool:
    """Whether a request comes from this machine or its own network. Where a proxy that is not believed
    (MINQING_PROXIES) stands in between, nobody knows where it comes from: it is taken for far."""
    told = address_of(request)
    if told == request.META.get("REMOTE_ADDR") and any(name in request.META for name in _FORWARDED):
        return False
    try:
        address = ip_address(told)
    except ValueError:  # a socket file: only a proxy asks there
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in _NEAR)


def _file() -> Path:
    return home_folder() / "trial.json"
