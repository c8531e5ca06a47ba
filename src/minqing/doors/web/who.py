"""Who is looking at a page: the user of the session, in the post they chose. Asked anew with each request, so that
whoever has left, is on leave or lost the post sees nothing from the next click on."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from minqing.registers.accounts.held import HeldPost, posts_held, viewer_held
from minqing.registers.accounts.rules import Viewer

_POST = "post"
_LABELS = "posts"  # what the menu of the bar shows, so that no page asks for it


@dataclass(frozen=True)
class Myself:
    """Who is signed in, for the bar: the unit and role of the post in use, and the other posts they may act in."""

    name: str
    post: tuple[int, str, str] | None
    others: tuple[tuple[int, str, str], ...]


def user_of(request: HttpRequest) -> int:
    """The number of the user who is signed in; 0 for nobody."""
    user = getattr(request, "user", None)
    return int(user.pk) if user is not None and user.is_authenticated else 0


def viewer_of(request: HttpRequest) -> Viewer | None:
    """The viewer in the post that was chosen; None: nobody is signed in, or no post is (any longer) theirs."""
    user, post = user_of(request), request.session.get(_POST)
    if not user or not isinstance(post, int) or has_to_change(request):
        return None
    return viewer_held(user, post)


def has_to_change(request: HttpRequest) -> bool:
    """Whether they signed in with a starting password: then they choose their own before anything else."""
    return bool(getattr(request.user, "must_change", False))


def choose_post(request: HttpRequest, post: int) -> bool:
    """Acts in that post from now on; False where it is not theirs."""
    user = user_of(request)
    if not user or viewer_held(user, post) is None:
        return False
    request.session[_POST] = post
    request.session[_LABELS] = [(one.post, one.unit_name, one.role) for one in posts_held(user)]
    return True


def myself(request: HttpRequest) -> Myself | None:
    """What the bar shows of them; None where nobody is signed in."""
    if not user_of(request):
        return None
    chosen = request.session.get(_POST)
    known = [(int(post), str(unit), str(role)) for post, unit, role in request.session.get(_LABELS, ())]
    return Myself(
        name=getattr(request.user, "name", ""),
        post=next((one for one in known if one[0] == chosen), None),
        others=tuple(one for one in known if one[0] != chosen),
    )


def choices(request: HttpRequest) -> tuple[HeldPost, ...]:
    """The posts the user may choose among."""
    user = user_of(request)
    return posts_held(user) if user else ()
