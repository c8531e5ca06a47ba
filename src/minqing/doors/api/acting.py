"""One step on a matter by whoever asks, and what is answered when it cannot be: the ways in of posts and reporters."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from minqing.base.errors import BadInput, Conflict, NotFound
from minqing.doors.api.answers import Json, answered, told_lines, whole
from minqing.doors.api.auth import asking
from minqing.doors.api.preconditions import expected, requested, tongue
from minqing.doors.counter.forms import Lang, shown_moves
from minqing.doors.counter.opening import REVEAL, offers_of, open_one, sealed_of
from minqing.doors.counter.problems import Problem, key_used, unfit
from minqing.doors.counter.shapes import MoveIn
from minqing.doors.counter.stepping import Asked, step
from minqing.kernel.matters.actions import Acted
from minqing.kernel.matters.codes import clean_code
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.queries import lines_of, look
from minqing.kernel.matters.revealing import Revealed


@dataclass(frozen=True)
class Asker(Asked):
    """Who asks about which matter, and in what form they are shown it: (viewer, tongue, lines since) -> answer."""

    lang: Lang
    show: Callable[[Asker, int | None], Json]

    def shown(self, since: int | None = None) -> Json:
        """The matter as it stands now; with `since`, also what happened after that position."""
        return self.show(self, since)

    def moves(self) -> list[Json]:
        """What they may do now."""
        sight = look(self.viewer, self.code, sealed=True)
        return shown_moves(offers_of(sight, sealed_of(sight, self.lang)), self.lang)


def stored_code(spoken: str) -> str:
    """The code as it is stored; one that cannot be a code is a matter that is not there, and told what is wrong."""
    try:
        return clean_code(spoken)
    except BadInput as fault:
        raise Problem(404, "unknown", str(fault), extra={"reason": "code"}) from fault


def post_asking(request: HttpRequest, code: str, body: bytes) -> Asker:
    """Somebody in a post, by their token."""
    viewer = asking(request)
    once = requested(request, viewer, body)
    return Asker(viewer, stored_code(code), expected(request), once, tongue(request), as_post)


def as_post(asker: Asker, since: int | None) -> Json:
    """The whole of it, words masked."""
    sight = look(asker.viewer, asker.code, sealed=True)
    named = sealed_of(sight, asker.lang)
    body = whole(sight, offers_of(sight, named), named, asker.lang)
    if since is not None:
        body["lines"] = told_lines(lines_of(asker.viewer, asker.code), sight, asker.lang, since)
    return body


def move(request: HttpRequest, code: str, asked: MoveIn) -> HttpResponse:
    """Does it; answers with the matter as it stands then."""
    asker = post_asking(request, code, request.body)
    if asked.move == REVEAL:
        return answered_now(asker, revealed=_opened(open_one(asker.viewer, asker.code, asked.fields()), asker.lang))
    return answered_after(asker, asked.move, lambda: step(asker, asked))


def _opened(one: Revealed, lang: Lang) -> Json:
    """What was sealed, as it is sent; a file as base64."""
    return {
        "name": one.name, "kind": one.kind, "title": one.title.said(lang), "text": one.text, "media": one.media,
        "data": base64.b64encode(one.data).decode(),
    }  # fmt: skip


def answered_after(asker: Asker, verb: str, do: Callable[[], Acted | Refusal]) -> HttpResponse:
    """Does it, and answers with how the matter stands; raises Problem 409 or 422 with what is there now."""
    try:
        done = do()
    except Replayed as before:
        if not before.same_digest:
            raise key_used() from before
        return answered_now(asker, done=before.seq, headers={"Idempotency-Replayed": "true"})
    except Conflict as fault:
        raise stale(asker, verb, fault) from fault
    if isinstance(done, Refusal):
        raise unfit(done.zh, done.en, slug="refused", reason=done.reason, moves=asker.moves())
    return answered_now(asker, done=done.written.position)


def answered_now(
    asker: Asker, *, done: int = 0, revealed: Json | None = None, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The matter as it stands now. `done`: the position that the asker's own step led to. Who saw the matter for the
    last time by it (now it is against their own unit) is told that it was done, and nothing of the matter."""
    try:
        body: dict[str, Any] = asker.shown()
    except NotFound:
        if not done:
            raise
        body = {"code": asker.code, "position": done, "seen": False, "moves": []}
    if revealed is not None:
        body["revealed"] = revealed
    return answered(body, position=body["position"], headers=headers)


def stale(asker: Asker, verb: str, fault: Conflict) -> Problem:
    """Somebody else was faster: what was asked, the matter now, and what happened since."""
    theirs = asker.shown(asker.expect if asker.expect is not None else 0)
    return Problem(
        409, "stale", str(fault), extra={"yours": {"move": verb, "position": asker.expect}, "theirs": theirs}
    )
