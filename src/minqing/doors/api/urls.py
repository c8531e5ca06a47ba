"""Addresses of the API: its routes, its OpenAPI, a page to try it; everything else below /api/v1 is a problem."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.http import require_GET

from minqing.doors.api.docs_page import docs_page
from minqing.doors.api.gate import gated, nowhere
from minqing.doors.api.openapi import PREFIX, document
from minqing.doors.api.routes import api

_ROOT = PREFIX.strip("/") + "/"


@require_GET
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The OpenAPI, as docs/openapi.json holds it."""
    return HttpResponse(document(api), content_type="application/json")


_routes, _, _ = api.urls
urlpatterns = [
    path(f"{_ROOT}openapi.json", gated(openapi_json)),
    path(f"{_ROOT}docs", gated(docs_page)),
    *(
        path(_ROOT + str(route.pattern), gated(route.callback))
        for route in _routes
        if route.callback and str(route.pattern)
    ),
    re_path(rf"^{_ROOT}", gated(nowhere)),
]
