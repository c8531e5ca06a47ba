"""Settings of the Django project: small, by concern; what differs between places comes from the environment."""

from minqing.settings.database import DATABASES

SECRET_KEY = "no pages are served yet: nothing is signed with this key"
INSTALLED_APPS: list[str] = []
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

__all__ = ["DATABASES"]
