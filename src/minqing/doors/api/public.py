"""POST /public/{code}: the reporter's way in, with the secret in the body. Whoever does not have it learns nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from minqing.doors.api.acting import Asker, answered_after
from minqing.doors.api.answers import Json, answered
from minqing.doors.api.preconditions import expected, requested, tongue
from minqing.doors.counter.addresses import address_of
from minqing.doors.counter.forms import shown_moves
from minqing.doors.counter.shapes import PublicIn
from minqing.doors.counter.stepping import step
from minqing.kernel.matters.public import disclosed, let_in


def public(request: HttpRequest, code: str, asked: PublicIn) -> HttpResponse:
    """What the secret shows; with `move`, after that step of the reporter.

    Digits of the phone are checked before the step: what is answered 403 was not done.
    """
    address = address_of(request)
    viewer = let_in(code, asked.secret, address)
    plain, lang = viewer.scope.only, tongue(request)
    own: Json = {}

    def shown(asker: Asker, since: int | None, digits: str = "") -> Json:
        told = disclosed(plain, asked.secret, address, digits=digits, lang=lang)
        if digits:
            own.update({"title": told.title, "text": told.text})
        lines = told.lines[since or 0 :]  # by position: not every one is told
        steps = [{"at": line.happened, "sentence": line.sentence} for line in lines if line.sentence]
        return {
            "code": told.code, "method": told.method, "stage": told.stage, "holder": told.holder, "due": told.due,
            "clock": told.clock, "position": told.position, "opened": told.opened,
            "reply": told.reply, "replied": told.replied,
            "answer": told.answer.answer if told.answer else "", "answered": told.answer.at if told.answer else None,
            "stars": told.stars, "rating": told.rating,
            "steps": steps, "moves": shown_moves(told.offers, lang), **own,
        }  # fmt: skip

    once = requested(request, viewer, request.body, plain)
    asker = Asker(viewer, plain, expected(request), once, lang, shown)
    wanted = asked.move
    body = shown(asker, None, asked.last4 or "") if asked.last4 or wanted is None else {}
    if wanted is not None:
        return answered_after(asker, wanted.move, lambda: step(asker, wanted))
    return answered(body, position=body["position"])
