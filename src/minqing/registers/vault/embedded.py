"""Photographs inside of a PDF: they keep what their pixels need, and lose EXIF, XMP, comments and what is appended."""

from __future__ import annotations

import re
import zlib

from pypdf.generic import ArrayObject, NameObject, NullObject, StreamObject

from minqing.base.errors import BadInput

_UNPACKED = 40 * 1024 * 1024
_BOXES = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}  # of JPEG 2000: what a picture needs


def strip_picture(stream: StreamObject) -> None:
    """Takes what tells about the photographer out of a stream, if it is a photograph."""
    told = stream.get("/Filter", NullObject())
    filters = [str(one) for one in told] if isinstance(told, ArrayObject) else [str(told)]
    if not filters or filters[-1] not in ("/DCTDecode", "/DCT", "/JPXDecode"):
        return
    data: bytes = stream._data
    for packed in filters[:-1]:
        data = _unpacked(packed, data)
    stream._data = without_boxes(data) if filters[-1] == "/JPXDecode" else without_segments(data)
    if len(filters) > 1:
        stream[NameObject("/Filter")] = NameObject(filters[-1])
        stream.pop("/DecodeParms", None)


def _unpacked(packed: str, data: bytes) -> bytes:
    if packed not in ("/FlateDecode", "/Fl"):
        raise BadInput("PDF 里的图片用了少见的格式：请打印成新的 PDF 再上传（a picture in the PDF is packed oddly）")
    unpacking = zlib.decompressobj()
    plain = unpacking.decompress(data, _UNPACKED)
    if unpacking.unconsumed_tail:
        raise BadInput("PDF 里的图片太大：请打印成新的 PDF 再上传（a picture in the PDF is too large）")
    return plain


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG of what its pixels need: tables, frames and scans, how its colours are meant; up to its end. EXIF, XMP,
    profiles, comments, small pictures and whatever else is no such segment are left out, between scans too."""
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    kept, at = [jpeg[:2]], 2
    while (found := _MARKER.search(jpeg, at)) is not None:
        at, marker = found.start(), found[0][1]
        if marker == 0xD9:
            kept.append(found[0])
            break
        length = max(int.from_bytes(jpeg[at + 2 : at + 4], "big"), 2)
        kept.append(_segment(marker, jpeg[at : at + 2 + length]))
        at += 2 + length
        if marker == 0xDA:  # pixels follow, up to the next marker
            after = _MARKER.search(jpeg, at)
            end = after.start() if after is not None else len(jpeg)
            kept.append(jpeg[at:end])
            at = end
    return b"".join(kept)


#: What is no byte of pixels (FF 00), no mark within them (FF D0 to FF D7), no filling (FF FF).
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")


def _segment(marker: int, segment: bytes) -> bytes:
    """The segment, if pixels need it; of what may carry a small picture (APP0) or more (APP14) the head alone."""
    if marker == 0xE0:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00" if segment[4:9] == b"JFIF\x00" else b""
    if marker == 0xEE:
        return b"\xff\xee\x00\x0e" + segment[4:16] if segment[4:9] == b"Adobe" and len(segment) >= 16 else b""
    return segment if 0xC0 <= marker <= 0xDF else b""


def without_boxes(picture: bytes) -> bytes:
    """A JPEG 2000 file without XML, identifiers and unknown boxes; a bare code stream stays as it is."""
    if picture[4:8] != b"jP  ":
        return picture
    kept, at = [], 0
    while at + 8 <= len(picture):
        length, kind = int.from_bytes(picture[at : at + 4], "big"), picture[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(picture[at + 8 : at + 16], "big")
        end = at + length if length >= 8 else len(picture)
        if kind in _BOXES:
            kept.append(picture[at:end])
        at = end
    return b"".join(kept)
