"""What a resident may ask about what is kept of their matter: a copy, and, once it has ended, that it be erased."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.base.errors import MinqingError
from minqing.doors.counter.addresses import address_of
from minqing.doors.web.pages import open_page
from minqing.doors.web.resident.following import Said, page_after
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.matters.own_data import copy_own, erase_own
from minqing.kernel.matters.public import disclosed


@require_POST
@open_page
def own(request: HttpRequest) -> HttpResponse:
    """With code, secret and the last four digits of the phone: the copy as a file, or the erasure."""
    code, secret = request.POST.get("code", "")[:60], request.POST.get("secret", "")[:60]
    address, digits = address_of(request), request.POST.get("last4", "").strip() or "-"
    told = disclosed(code, secret, address, lang=tongue(), opens=False)
    try:
        if request.POST.get("want") == "erase":
            if request.POST.get("sure") != "yes":
                return page_after(
                    request, told, secret, Said(fault=_("还没有删除：确实要删，请先勾选“我确定”"), at="own")
                )
            erased = erase_own(code, secret, digits, address)
            return render(request, "web/resident/erased.html", {"erased": erased})
        packed = copy_own(code, secret, digits, address)
    except MinqingError as fault:
        return page_after(request, told, secret, Said(fault=told_of(fault), at="own"))
    headers = {"Content-Disposition": f'attachment; filename="minqing-{told.code}.zip"'}
    return HttpResponse(packed, content_type="application/zip", headers=headers)
