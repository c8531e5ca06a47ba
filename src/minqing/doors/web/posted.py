"""Files that residents send with a form: kept in memory until they are sealed; too much is refused whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from minqing.doors.web.faults import fault_page

MOST_FILES = 5
MOST = 32_000_000  # bytes of a form with its files
_DRAINED = 64_000_000  # bytes of a refused body that are read, so that its sender comes to read the refusal
_PIECE = 64_000

View = Callable[..., HttpResponseBase]


class InMemory(MemoryFileUploadHandler):
    """Never puts a file down on disk, whatever its size: the form as a whole was measured before it was read."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        """Says yes to every size."""
        self.activated = True


def with_files(view: View) -> View:
    """For views whose form carries files: worn outside of all that reads the form."""

    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            if (refused := _too_much(request)) is not None:
                return refused
            request.upload_handlers = [InMemory(request)]
        return view(request, *args, **kwargs)

    return through


def _too_much(request: HttpRequest) -> HttpResponse | None:
    told = request.META.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isascii() and told.isdecimal() else MOST + 1
    if length <= MOST:
        return None
    while length <= _DRAINED and request.read(_PIECE):
        pass
    return fault_page(request, 413, _("照片加起来太大了：请返回，少选几张再提交；照片可以以后在“查进度”里补"))
