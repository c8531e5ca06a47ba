"""Files that come with a form: kept in memory until they are sealed; too much is refused whole. Whatever is not taken
is told, never dropped without a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from minqing.base.errors import MinqingError
from minqing.doors.counter.sizes import MEGABYTE, MOST_OF_A_FORM
from minqing.doors.web.faults import fault_page
from minqing.doors.web.once import name_of, request_of
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.uploads import Upload, attach
from minqing.registers.accounts.rules import Viewer

MOST_FILES = 5
MOST_CHOSEN = 30  # megabytes of the files alone, which the browser sees before it sends them

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


def dropped(request: HttpRequest) -> int:
    """About how large a file was that did not come through, too large for memory; 0 where none was dropped."""
    length = _length(request, 0)
    return length if length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE else 0


def _too_much(request: HttpRequest) -> HttpResponse | None:
    length = _length(request, MOST_OF_A_FORM + 1)
    if length <= MOST_OF_A_FORM:
        return None
    told = {"size": f"{length / MEGABYTE:.0f}", "most": MOST_CHOSEN}
    return fault_page(
        request, 413,
        _("照片和文件加起来 %(size)s MB，一次最多 %(most)d MB，没有收下。请按浏览器的“返回”：填的字一般都还在，"
          "少选几张再提交；照片可以以后再补。") % told,
    )  # fmt: skip


def _length(request: HttpRequest, unknown: int) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdecimal() else unknown


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
