"""Who is looking at a page: the user of the session, in the post they chose. Asked anew with each request, so that
whoever has left, is on leave or lost the post sees nothing from the next click on."""

from __future__ import annotations

from django.http import HttpRequest

from minqing.registers.accounts.held import HeldPost, posts_held, viewer_held
from minqing.registers.accounts.rules import Viewer

_POST = "post"


def user_of(request: HttpRequest) -> int:
    """The number of the user who is signed in; 0 for nobody."""
    user = getattr(request, "user", None)
    return int(user.pk) if user is not None and user.is_authenticated else 0


def viewer_of(request: HttpRequest) -> Viewer | None:
    """The viewer in the post that was chosen; None: nobody is signed in, or no post is (any longer) theirs."""
    user, post = user_of(request), request.session.get(_POST)
    return viewer_held(user, post) if user and isinstance(post, int) else None


def choose_post(request: HttpRequest, post: int) -> bool:
    """Acts in that post from now on; False where it is not theirs."""
    user = user_of(request)
    if not user or viewer_held(user, post) is None:
        return False
    request.session[_POST] = post
    return True


def choices(request: HttpRequest) -> tuple[HeldPost, ...]:
    """The posts the user may choose among."""
    user = user_of(request)
    return posts_held(user) if user else ()
