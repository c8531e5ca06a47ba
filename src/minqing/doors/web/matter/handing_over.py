"""Papers that are handed to the reporter of a matter, as PDF: for whoever sees the matter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minqing.base.errors import NotFound
from minqing.doors.web.matter.letters import letter_of
from minqing.doors.web.matter.showing import code_in
from minqing.doors.web.pages import desk_page
from minqing.doors.web.paper import pdf_answer
from minqing.kernel.matters.papers import kinds_for
from minqing.kernel.matters.public import told_to_reporter
from minqing.kernel.matters.queries import look
from minqing.registers.accounts.rules import Viewer


@require_safe
@desk_page("read")
def letter(request: HttpRequest, viewer: Viewer, code: str, kind: str) -> HttpResponse:
    """One letter; that of a result is there once there is a result."""
    sight = look(viewer, code_in(code), only="@nothing")
    one = sight.stored.matter
    if kind not in kinds_for(one):
        raise NotFound(_("现在没有这份告知书：没有反映人的事不用告知，办理结果要等办出结果以后"))
    return pdf_answer(letter_of(kind, sight, told_to_reporter(one.code)), f"{one.code}-{kind}")
