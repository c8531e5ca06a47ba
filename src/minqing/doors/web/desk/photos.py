"""Photos that come with a concern a desk takes in: on record as the reporter's own, each once however often sent."""

from __future__ import annotations

from django.http import HttpRequest

from minqing.base.errors import MinqingError
from minqing.doors.web.once import name_of, request_of
from minqing.doors.web.posted import MOST_FILES
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.uploads import Upload, attach
from minqing.registers.accounts.rules import reporter_of


def put_photos(request: HttpRequest, code: str) -> list[str]:
    """What was not taken of the files of a form, and why; the matter stands without them."""
    trouble = []
    for number, file in enumerate(request.FILES.getlist("files")[:MOST_FILES]):
        upload = Upload(file.read(), file.name or "")
        once = request_of(name_of(request.POST), "file of a report", code, number, typed=upload.data)
        try:
            put = attach(code, reporter_of(code), upload, request=once)
        except Replayed:
            continue
        except MinqingError as fault:
            trouble.append(told_of(fault))
        else:
            if isinstance(put, Refusal):
                trouble.append(put.en if tongue() == "en" else put.zh)
    return trouble
