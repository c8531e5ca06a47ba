"""A trial instance: made-up people are entered in one click, by whoever sits near. Elsewhere there is no such page."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from minqing.doors.counter.trial import MARK, is_near, trial_logins
from minqing.doors.web.account.signing import asked, first_page
from minqing.doors.web.pages import open_page
from minqing.doors.web.who import choose_post
from minqing.registers.accounts.held import HeldPost, posts_held
from minqing.registers.accounts.queries import names_of, users_by_login
from minqing.registers.regions.versions import shelf

_BACKEND = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__name__}"


@dataclass(frozen=True)
class MadeUp:
    """Somebody who can be entered: the person's number, and the post they start in."""

    login: str
    person: int
    name: str
    post: HeldPost


def made_up_people(request: HttpRequest) -> tuple[MadeUp, ...]:
    """Whom the page to sign in offers; nobody on an instance that works for real, or to somebody far away."""
    logins = trial_logins()
    if not logins or not is_near(request):
        return ()
    kept = shelf("made-up")
    if logins not in kept:
        kept[logins] = _serving(logins)
    people: tuple[MadeUp, ...] = kept[logins]
    return people


def _serving(logins: tuple[str, ...]) -> tuple[MadeUp, ...]:
    numbers = users_by_login(logins)
    names = names_of(list(numbers.values()))
    found = [(login, numbers[login], posts_held(numbers[login])) for login in logins if login in numbers]
    return tuple(
        MadeUp(login, person, names[person], posts[0])
        for login, person, posts in found
        if posts and names[person].startswith(MARK)
    )


@require_POST
@open_page
def enter(request: HttpRequest) -> HttpResponse:
    """Signs in as one of them, without a password."""
    wanted = request.POST.get("person", "")
    one = next((one for one in made_up_people(request) if one.login == wanted), None)
    user = AuthenticationBackend().get_user(one.person) if one else None
    if one is None or user is None:
        raise Http404
    login(request, user, _BACKEND)
    choose_post(request, one.post.post)
    return redirect(asked(request) or first_page(request))
