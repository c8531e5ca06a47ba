"""How long a password has to be, said in the tongue of the page: the sentence of the library has no Chinese."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """The library's check with a sentence of ours."""

    def get_error_message(self) -> str:
        """What to do."""
        return _("太短了：至少 %(least)d 位") % {"least": self.min_length}
