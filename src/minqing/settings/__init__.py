"""Settings of the Django project: small, by concern; what differs between places comes from the environment."""

from __future__ import annotations

from minqing.settings.apps import INSTALLED_APPS
from minqing.settings.background import (
    PROCRASTINATE_AUTODISCOVER_MODULE_NAME,
    PROCRASTINATE_IMPORT_PATHS,
    PROCRASTINATE_PERIODIC_DEFAULTS,
    REACTIONS,
)
from minqing.settings.database import DATABASES
from minqing.settings.logs import LOGGING
from minqing.settings.pages import *  # noqa: F403  (each name is a setting of Django or of a library)
from minqing.settings.secret import SECRET_KEY
from minqing.settings.web import (
    ALLOWED_HOSTS,
    APPEND_SLASH,
    DATA_UPLOAD_MAX_MEMORY_SIZE,
    FILE_UPLOAD_HANDLERS,
    FILE_UPLOAD_MAX_MEMORY_SIZE,
    MIDDLEWARE,
    PROXIES,
    ROOT_URLCONF,
    STATIC_URL,
    TEMPLATES,
)

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

__all__ = [
    "ALLOWED_HOSTS",
    "APPEND_SLASH",
    "DATABASES",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "FILE_UPLOAD_HANDLERS",
    "FILE_UPLOAD_MAX_MEMORY_SIZE",
    "INSTALLED_APPS",
    "LOGGING",
    "MIDDLEWARE",
    "PROCRASTINATE_AUTODISCOVER_MODULE_NAME",
    "PROCRASTINATE_IMPORT_PATHS",
    "PROCRASTINATE_PERIODIC_DEFAULTS",
    "PROXIES",
    "REACTIONS",
    "ROOT_URLCONF",
    "SECRET_KEY",
    "STATIC_URL",
    "TEMPLATES",
]
