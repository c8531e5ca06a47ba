"""What answers over HTTP: which hosts, how much is taken in, what every request passes through.

As little as may be: Django's usual middleware halves the rate. No sessions and no pages yet; a token stands in the
header of each request. Files stay in memory until they are sealed: none is ever put down readable in a folder.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from django.core.exceptions import ImproperlyConfigured

MEGABYTE = 1024 * 1024


def networks(told: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks, with commas between."""
    try:
        return tuple(ip_network(one.strip(), strict=False) for one in told.split(",") if one.strip())
    except ValueError as fault:
        raise ImproperlyConfigured(
            f"MINQING_PROXIES 要写地址或网段，用逗号隔开，例如 127.0.0.1,10.0.0.0/8：{fault}"
            "（addresses or networks with commas between）"
        ) from fault


#: Who stands in front of this server and is believed when it says for whom it asks (X-Forwarded-For). None by default:
#: whoever may write that header could pretend to be any address.
PROXIES = networks(os.environ.get("MINQING_PROXIES", ""))

ALLOWED_HOSTS = [
    host.strip() for host in os.environ.get("MINQING_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host.strip()
]
ROOT_URLCONF = "minqing.wiring.urls"
APPEND_SLASH = False
STATIC_URL = "/static/"
MIDDLEWARE = [
    "minqing.wiring.headers.every_answer",
    "minqing.wiring.headers.known_host",
    "minqing.wiring.keeping.DatabaseKept",
]
TEMPLATES: list[dict[str, Any]] = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}},
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MEGABYTE
#: The file of 10 MB and what a multipart body writes around it.
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * MEGABYTE + 64 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
