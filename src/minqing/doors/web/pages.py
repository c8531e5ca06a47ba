"""What every page has in common: who may open it, forms that were not forged, faults that become pages.

`open_page` is for residents, who do not sign in; `desk_page` hands the viewer to its view and sends whoever is not
signed in to the door. A view that changes a register says so: within the others one version of it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from minqing.base.errors import MinqingError
from minqing.doors.counter.characters import check_clean
from minqing.doors.counter.problems import Problem
from minqing.doors.web.faults import fault_page, is_part, of_fault
from minqing.doors.web.who import has_to_change, user_of, viewer_of
from minqing.registers.regions.versions import one_version

View = Callable[..., HttpResponse]  # (request, …)
DeskView = Callable[..., HttpResponse]  # (request, viewer, …)


def open_page(view: View, *, changes_registers: bool = False) -> View:
    """A page that everybody may open."""
    return _guarded(view, nullcontext if changes_registers else one_version)


def own_page(view: View, *, sets_password: bool = False) -> View:
    """A page of whoever is signed in about themselves, in whatever post or none. A starting password opens only the
    page that sets another."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not user_of(request):
            return _to_the_door(request)
        if has_to_change(request) and not sets_password:
            return redirect("account_change_password")
        request.viewer = viewer_of(request)  # type: ignore[attr-defined]  # what the frame of the page shows
        return view(request, *args, **kwargs)

    return open_page(seen, changes_registers=sets_password)


def desk_page(*rights: str, roles: tuple[str, ...] = (), changes_registers: bool = False) -> Callable[[DeskView], View]:
    """A page for whoever is signed in, in a post with these rights (and one of these roles)."""

    def made(view: DeskView) -> View:
        def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = viewer_of(request)
            if viewer is None:
                return _to_the_door(request)
            request.viewer = viewer  # type: ignore[attr-defined]  # what the frame of the page shows
            if not viewer.rights.issuperset(rights) or (roles and viewer.role not in roles):
                return fault_page(request, 403, _("您现在的岗位不办这件事：请换一个岗位，或找经办的同事"))
            return view(request, viewer, *args, **kwargs)

        return _guarded(wraps(view)(seen), nullcontext if changes_registers else one_version)

    return made


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """To sign in, or to choose a post; a part of a page is answered with where to go."""
    name = "choose-post" if user_of(request) else "sign-in"
    back = request.get_full_path() if request.method == "GET" and not is_part(request) else ""
    answer = redirect(name)
    if back:
        answer["Location"] += "?" + urlencode({"next": back})
    if is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer


def _guarded(view: View, around: Callable[[], Any]) -> View:
    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            check_clean(dict(request.GET.lists()))
            with around():
                return view(request, *args, **kwargs)
        except (Problem, MinqingError) as fault:
            return of_fault(request, fault)

    return csrf_protect(through)
