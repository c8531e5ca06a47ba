"""POST /matters/{code}/files: one file as multipart/form-data; it stays in memory until it is sealed."""

from __future__ import annotations

import re

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from minqing.doors.api.acting import answered_after, post_asking
from minqing.doors.api.gate import MOST_OF_A_FILE
from minqing.doors.counter.asked import misfit
from minqing.doors.counter.characters import dirty, is_clean, twice
from minqing.doors.counter.problems import Problem, too_large, unreadable
from minqing.doors.counter.words import LONGEST_FIELD
from minqing.kernel.matters.uploads import Upload, attach

_RECORD = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_UNREADABLE = "\ufffd"  # what the framework puts where a form is no UTF-8
_FLAGS = {"": False, "false": False, "true": True}

#: What the OpenAPI says of the body: read here, as the framework's own way may put a file down on disk.
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "a picture or PDF, at most 10 MB"},
                    "title": {"type": "string", "maxLength": LONGEST_FIELD, "description": "what it is"},
                    "record": {
                        "type": "string", "pattern": "^[a-z][a-z0-9_-]{0,59}$",
                        "description": "which record of the method it is",
                    },
                    "keep_position": {
                        "type": "string", "enum": ["true", "false"],
                        "description": "keep where a photo was taken, sealed beside it",
                    },
                },
                "required": ["file"],
            }
        }
    },
}  # fmt: skip


class InMemory(MemoryFileUploadHandler):
    """Never puts a file down on disk, whatever its size; what is too large was refused before it was read."""

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        """Says yes to every size."""
        self.activated = True


def attach_file(request: HttpRequest, code: str) -> HttpResponse:
    """Puts it on record; answers with the matter as it stands then."""
    upload = _read(request)
    told = "\0".join((upload.name, upload.record, str(upload.keep_position))).encode("utf-8", "replace")
    asker = post_asking(request, code, told + b"\0" + upload.data)
    return answered_after(
        asker, "record", lambda: attach(asker.code, asker.viewer, upload, expect=asker.expect, request=asker.once)
    )


def _read(request: HttpRequest) -> Upload:
    if request.content_type != "multipart/form-data":
        raise Problem(415, "media-type", "请用 multipart/form-data 发送", "send it as multipart/form-data")
    request.upload_handlers = [InMemory(request)]
    try:
        fields, files = request.POST, request.FILES
    except RequestDataTooBig as fault:
        raise too_large("10 MB") from fault
    except MultiPartParserError as fault:
        raise unreadable("表单读不懂，请检查后再发", "the form cannot be read") from fault
    if strange := sorted({*fields, *files} - {"file", "title", "record", "keep_position"}):
        raise misfit([{"at": name[:60], "fault": "没有这一栏（no such field）"} for name in strange])
    if names := [name for name, values in fields.lists() if len(values) > 1]:
        raise twice(names[0])
    file = files.get("file")
    if file is None or len(files.getlist("file")) != 1:
        raise misfit([{"at": "file", "fault": "请附上一个文件（one file is needed）"}])
    if file.size is None or file.size > MOST_OF_A_FILE:
        raise too_large("10 MB")
    title = _title(str(fields.get("title", ""))) or (file.name or "")[:LONGEST_FIELD]
    return Upload(
        file.read(), title, _record(str(fields.get("record", ""))),
        _flag(str(fields.get("keep_position", ""))),
    )  # fmt: skip


def _title(told: str) -> str:
    if not is_clean(told) or _UNREADABLE in told:
        raise dirty()
    if len(told) > LONGEST_FIELD:
        raise misfit([{"at": "title", "fault": f"最多 {LONGEST_FIELD} 字（too long）"}])
    return told


def _record(told: str) -> str:
    if told and not _RECORD.fullmatch(told):
        raise misfit([{"at": "record", "fault": "应为材料的标识（slug of a record）"}])
    return told


def _flag(told: str) -> bool:
    if told not in _FLAGS:
        raise misfit([{"at": "keep_position", "fault": "应为 true 或 false（true or false）"}])
    return _FLAGS[told]
