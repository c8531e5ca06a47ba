"""What signing in leaves behind: sessions that ended, and wrong passwords that no longer count, are forgotten."""

from __future__ import annotations

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from minqing.base import moments


def forget_sign_ins() -> None:
    """Removes them. By the clock of the machine, as they were written."""
    now, counted = moments.now() - moments.shift(), get_cool_off()
    Session.objects.filter(expire_date__lt=now).delete()
    if counted is not None:
        AccessAttempt.objects.filter(attempt_time__lt=now - counted).delete()
