"""“可能是同一件事”: other open matters that may be the same concern, each held beside this one and merged by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from minqing.doors.web.faults import is_part
from minqing.doors.web.matter.showing import code_in, facts_of
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import tongue
from minqing.kernel.matters.alike import Alike, alike
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.versions import methods_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.queries import names_of_units


@require_GET
@desk_page("read", "act")
def alike_ones(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The list, which a matter's page asks for once it stands; a page of its own without script."""
    sight = look(viewer, code_in(code), only="merge")
    may_merge = any(offer.verb == "merge" for offer in sight.offers)
    found = alike(viewer, sight) if may_merge else []
    template = "web/matter/alike.html" if is_part(request) else "web/matter/alike_page.html"
    return render(request, template, facts_of(sight) | {"alike": rows_of(found), "may_merge": may_merge})


def rows_of(found: Sequence[Alike]) -> list[dict[str, Any]]:
    """What a list of them shows, masked as every list is."""
    methods = methods_of({(one.stored.matter.method, one.stored.matter.version) for one in found})
    units = names_of_units({one.stored.matter.holder for one in found} - {0})
    return [
        {
            "code": one.stored.matter.code,
            "title": one.stored.title,
            "same_words": one.same_words,
            "stage": methods[one.stored.matter.method, one.stored.matter.version]
            .stages[one.stored.matter.stage]
            .title.said(tongue()),
            "holder": units.get(one.stored.matter.holder, ""),
            "opened": one.stored.opened,
        }
        for one in found
    ]
