"""POST /public/{code}: the reporter's way in, with the secret in the body. Whoever does not have it learns nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from minqing.doors.api.acting import Asker, answered_after, step
from minqing.doors.api.answers import Json, answered
from minqing.doors.api.forms import shown_moves
from minqing.doors.api.preconditions import expected, requested, tongue
from minqing.doors.api.shapes import PublicIn
from minqing.kernel.matters.public import disclosed, let_in


def public(request: HttpRequest, code: str, asked: PublicIn) -> HttpResponse:
    """What the secret shows; with `move`, after that step of the reporter."""
    address = request.META.get("REMOTE_ADDR", "")

    def shown(asker: Asker, since: int | None) -> Json:
        told = disclosed(asker.code, asked.secret, address, digits=asked.last4 or "", lang=asker.lang)
        steps = [{"at": line.happened, "sentence": line.sentence} for line in told.lines]
        own = {"title": told.title, "text": told.text} if asked.last4 else {}
        return {
            "code": told.code, "method": told.method, "stage": told.stage, "holder": told.holder, "due": told.due,
            "clock": told.clock, "position": told.position, "opened": told.opened,
            "steps": steps[since or 0 :], "moves": shown_moves(told.offers, asker.lang), **own,
        }  # fmt: skip

    viewer = let_in(code, asked.secret, address)
    plain = viewer.scope.only
    asker = Asker(viewer, plain, tongue(request), expected(request),
                  requested(request, viewer, request.body, plain), shown)  # fmt: skip
    wanted = asked.move
    if wanted is not None:
        return answered_after(asker, wanted.move, lambda: step(asker, wanted))
    body = asker.shown()
    return answered(body, position=body["position"])
