"""Photos that come with a concern a desk takes in: the reporter's own, each once however often sent. Of what a patrol
found nobody is the reporter: the photos are those of whoever was there."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest

from minqing.base.errors import NotFound
from minqing.doors.web.posted import MOST_FILES, put_files
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.uploads import Upload
from minqing.registers.accounts.rules import Viewer, reporter_of


def put_photos(request: HttpRequest, matter: Matter, viewer: Viewer) -> list[str]:
    """What was not taken of the files of a form, and why; the matter stands without them."""
    uploads = [Upload(file.read(), file.name or "") for file in request.FILES.getlist("files")[:MOST_FILES]]
    who = _who(matter, viewer) if uploads and matter.reporter == "nobody" else reporter_of(matter.code)
    return put_files(request, matter.code, who, uploads, "file of a report")


def _who(matter: Matter, viewer: Viewer) -> Viewer:
    """The viewer in their post; one who has no part in the matter any more by the way of what comes in, under their
    own name. On an emergency no photo that came with it is the first act that its clock waits for."""
    if matter.emergency:
        return replace(reporter_of(matter.code), person=viewer.person)
    try:
        if any(offer.verb == "record" for offer in look(viewer, matter.code, only="record").offers):
            return viewer
    except NotFound:  # it went where they do not see it
        pass
    return replace(reporter_of(matter.code), person=viewer.person, unit=viewer.unit)
