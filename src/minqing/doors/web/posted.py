"""Files that come with a form: kept in memory until they are sealed; too much is refused whole. Whatever is not taken
is told, never dropped without a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from minqing.base.errors import MinqingError
from minqing.doors.web.faults import fault_page
from minqing.doors.web.once import name_of, request_of
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.uploads import Upload, attach
from minqing.registers.accounts.rules import Viewer

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


def put_files(request: HttpRequest, code: str, viewer: Viewer, uploads: Sequence[Upload], *about: object) -> list[str]:
    """Puts the files of a form on record as the viewer's, each once however often it is sent. Answers with what was not
    taken, and why; the matter stands without it. `about`: which part of which form they are."""
    trouble = []
    for number, upload in enumerate(uploads):
        once = request_of(name_of(request.POST), *about, code, number, typed=upload.data)
        try:
            put = attach(code, viewer, upload, request=once)
        except Replayed:
            continue
        except MinqingError as fault:
            trouble.append(told_of(fault))
        else:
            if isinstance(put, Refusal):
                trouble.append(put.en if tongue() == "en" else put.zh)
    return trouble
