"""What the forms that take a concern in have in common: its title where none was given, its request, its refusal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from minqing.doors.counter.incoming import concern_of, looked_up
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import ReportIn
from minqing.doors.web.once import request_of
from minqing.kernel.matters.actions import Request, report
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.versions import method_of_county
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import code_of

LONGEST_OWN_TITLE = 24  # characters of a text that become its title
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")
_SENTENCE = re.compile(r"[。！？!?；;\n\r]")


def title_from(text: str) -> str:
    """The first words of a text, where no title was given; "…" for one without words."""
    first = " ".join(_SENTENCE.split(text.strip(), maxsplit=1)[0].split())
    first = "".join(sign for sign in first if sign.isprintable())
    if 0 < len(first) <= LONGEST_OWN_TITLE:
        return first
    if first.isascii() and " " in first[: 2 * LONGEST_OWN_TITLE]:  # whole words; twice as many signs say as much
        return textwrap.shorten(first, 2 * LONGEST_OWN_TITLE, placeholder="…")
    return first[:LONGEST_OWN_TITLE] + "…"


def location_in(posted: Mapping[str, str]) -> dict[str, object] | None:
    """The spot in words, and in degrees where the device told them."""
    words, lat, lon = (posted.get(field, "").strip() for field in ("spot", "lat", "lon"))
    told: dict[str, object] = {"address": words} if words else {}
    with suppress(ValueError):  # the device alone fills the hidden fields: without sense they say nothing
        told |= {"lat": float(lat), "lon": float(lon)} if lat and lon else {}
    return told or None


def once_of(name: str, told: ReportIn, *about: object) -> Request:
    """The request of a report from a form: `about` says whose form it is, and which part of it."""
    return request_of(name, "report", *about, typed=told.model_dump_json().encode())


def reported(told: ReportIn, viewer: Viewer, once: Request, *, unknown: int = 0, anywhere: bool = False) -> str:
    """The code of the matter that a report became, now or when the same form was sent before. `unknown`: how many it is
    against who are on no register; `anywhere`: in the viewer's county, not their area alone."""
    concern = concern_of(told, viewer, looked_up([told]), anywhere=anywhere)
    concern = replace(concern, against_unknown=unknown)
    try:
        (answer,) = report([concern], method_of_county(code_of(concern.place)), requests=[once])
    except Replayed as before:
        if not before.same_digest:
            raise Problem(
                422, "key-used", "刚才那一份已经收到。如果这是另一件事，请再点一次“提交”",
                "the one before is on record; if this is another, press the button once more",
            ) from before  # fmt: skip
        return before.code
    if answer.outcome == "refused":
        assert answer.why is not None
        raise Problem(422, "refused", answer.why.zh, answer.why.en)
    return answer.code
