"""Whose address a request has: what a header says is believed from our own proxies alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from minqing.doors.counter.addresses import address_of
from minqing.settings.web import networks


def seen(settings, sender: str, told: str, proxies: str = "127.0.0.1,10.0.0.0/8") -> str:
    settings.PROXIES = networks(proxies)
    return address_of(RequestFactory().get("/", REMOTE_ADDR=sender, HTTP_X_FORWARDED_FOR=told))


@pytest.mark.parametrize(
    ("sender", "told", "address"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.7, 10.0.0.4", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.9", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.9, nobody", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.0.0.4", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_first_address_that_is_no_proxy_of_ours_is_the_callers(settings, sender, told, address) -> None:
    assert seen(settings, sender, told) == address


def test_by_default_nobody_is_believed(settings) -> None:
    assert seen(settings, "127.0.0.1", "203.0.113.7", proxies="") == "127.0.0.1"


def test_what_is_no_network_is_said_at_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="MINQING_PROXIES"):
        networks("127.0.0.1,proxy.example")
