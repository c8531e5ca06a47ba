"""Settings of the Django project: small, by concern; what differs between places comes from the environment."""

from __future__ import annotations

from minqing.settings.apps import INSTALLED_APPS
from minqing.settings.database import DATABASES

SECRET_KEY = "no pages are served yet: nothing is signed with this key"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

__all__ = ["DATABASES", "INSTALLED_APPS"]
