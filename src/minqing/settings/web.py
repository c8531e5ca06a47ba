"""What answers over HTTP: which hosts, how much is taken in, what every request passes through.

As little as may be: Django's usual middleware halves the rate. What pages need besides is put around them alone
(wiring/pages.py); a program's token stands in the header of each request. Files stay in memory until they are sealed:
none is ever put down readable in a folder.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

import minqing

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
    "minqing.wiring.watching.watched",
    "minqing.wiring.headers.every_answer",
    "minqing.wiring.headers.known_host",
    "minqing.wiring.keeping.DatabaseKept",
    "minqing.wiring.pages.PagesOnly",
    "allauth.account.middleware.AccountMiddleware",  # it has to stand here; it costs microseconds
]
#: Ours come first: pages of allauth get our look.
_TEMPLATES = Path(minqing.__file__).parent / "doors" / "web" / "templates"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_TEMPLATES],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "minqing.doors.web.surroundings.of_page",
            ],
            "builtins": [
                "minqing.doors.web.templatetags.parts",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MEGABYTE
#: The file of 10 MB and what a multipart body writes around it.
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * MEGABYTE + 64 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
