"""Photographs inside of a PDF: they keep what their pixels need, and lose EXIF, XMP, comments and what is appended."""

from __future__ import annotations

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
    """A JPEG without the segments that hold EXIF, XMP, profiles, comments, and without what follows its end."""
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:  # pixels from here; in them the end is written nowhere but at the end
            break
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):  # 0xE0, 0xEE say how the colours are meant
            kept.append(jpeg[at : at + 2 + length])
        at += 2 + max(length, 2)
    end = jpeg.find(b"\xff\xd9", at)
    return b"".join(kept) + (jpeg[at : end + 2] if end >= 0 else jpeg[at:])


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
