"""Files that administrators choose: how large one may be, said with its size, also where it never came through."""

from __future__ import annotations

from django.http import HttpRequest

from minqing.base.errors import BadInput
from minqing.doors.counter.sizes import MEGABYTE
from minqing.doors.web.posted import dropped


def sent_file(request: HttpRequest, most: int, missing: str) -> bytes:
    """What stands in the file field `file`; `missing` is what to do where nothing was chosen.

    A file that is too large for memory is dropped before it gets here: only the length of the form tells of it.
    """
    sent = request.FILES.get("file")
    size = (sent.size or 0) if sent is not None else dropped(request)
    if size > most:
        told, limit = f"{size / MEGABYTE:.1f}", most // MEGABYTE
        raise BadInput(
            f"文件有 {told} MB，最多 {limit} MB：请分成几个，或只留要用的行"
            f"（the file has {told} MB, {limit} MB is the most: split it, or keep the rows you need）"
        )
    if sent is None:
        raise BadInput(missing)
    content: bytes = sent.read()
    return content
