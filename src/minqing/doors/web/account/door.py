"""The page to sign in: login and password, a passkey, and on a trial instance somebody made up in one click."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView

from minqing.doors.web.account.trial import made_up_people
from minqing.doors.web.pages import open_page


class Door(LoginView):  # type: ignore[misc]  # allauth has no types
    """allauth's, with whom a trial offers."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows."""
        told: dict[str, Any] = super().get_context_data(**kwargs)
        return told | {"made_up": made_up_people(self.request)}


sign_in = open_page(Door.as_view())
