"""Pictures drawn anew: the pixels are read and written again, upright, at most 2560 on a side, and nothing else comes
along: no EXIF, XMP, comment, colour profile, further frame or appended byte."""

from __future__ import annotations

import io
import math
import re
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from PIL import Image

from minqing.base.errors import BadInput

PIXELS = 52_000_000  # the camera of a phone; more would cost a server its memory
MANY = 12_000_000  # pixels beyond which one is drawn at a time: each takes hundreds of megabytes meanwhile
SIDE = 2560
SCANS = 40  # passes of a JPEG over its pixels: cameras need one, the web ten; a few kilobytes can ask for thousands
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_LARGEST_DRAWING = 4 * 1024 * 1024  # a PNG beyond is a photograph: JPEG on white
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")

_MARKER = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")  # with a length behind it: nothing stuffed, no restart
_SCAN, _END = 0xDA, 0xD9
_one_at_a_time = threading.Lock()

Image.MAX_IMAGE_PIXELS = None  # a warning helps nobody; `_open` refuses before a pixel is read

_ORIENTATION, _GPS = 0x0112, 0x8825
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A picture made anew; `position` (latitude, longitude) only when it was asked for and stood in it."""

    media: str
    data: bytes
    width: int
    height: int
    position: tuple[float, float] | None = None


def is_picture(data: bytes) -> bool:
    """Whether it begins like a picture of a kind that is taken."""
    return data.startswith(_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def redraw(data: bytes, keep_position: bool = False) -> Drawn:
    """The picture made anew; BadInput when it is none, is broken or has too many pixels."""
    try:
        image = _open(data)
        orientation, position = _told(image, keep_position)
        with _one_at_a_time if image.width * image.height > MANY else nullcontext():
            turned = _small(image, orientation)
        media, drawn = _written(turned, photograph=image.format in ("JPEG", "MPO"))
    except BadInput:
        raise
    except Exception as fault:  # what a parser of foreign bytes raises is not to be foreseen
        raise BadInput("图片打不开，可能已损坏：请重新拍照或另存后上传（the picture cannot be read）") from fault
    return Drawn(media, drawn, turned.width, turned.height, position)


def _open(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    if image.width * image.height > PIXELS:
        raise BadInput(f"图片有 {image.width}×{image.height} 像素，太大了：请缩小到 5000 万像素以内（too many pixels）")
    if data.startswith(_STARTS[0]) and _scans(data) > SCANS:
        raise BadInput(
            "图片的存法很少见，读不了：请另存为普通的 JPEG 再上传（too many scans: save it as a plain JPEG）"
        )
    image.draft("RGB", (SIDE, SIDE))  # JPEG alone: decoded at half or a quarter where that is enough
    return image


def _scans(data: bytes) -> int:
    """How many passes the first picture of a JPEG takes; no more are counted than are too many."""
    at, found = 2, 0
    while found <= SCANS and (marker := _MARKER.search(data, at)) is not None and data[marker.start() + 1] != _END:
        found += data[marker.start() + 1] == _SCAN
        at = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")  # over the segment's own bytes
    return found


def _told(image: Image.Image, keep_position: bool) -> tuple[int, tuple[float, float] | None]:
    """Orientation and position, read before everything but the pixels is left behind."""
    try:
        exif = image.getexif()
        orientation = exif.get(_ORIENTATION, 1)
        return orientation, _position(exif.get_ifd(_GPS)) if keep_position else None
    except Exception:  # broken EXIF makes no picture worse: it is left out anyway
        return 1, None


def _position(gps: dict[int, Any]) -> tuple[float, float] | None:
    if not {1, 2, 3, 4} <= gps.keys():
        return None
    latitude, longitude = (_degrees(gps[at + 1], gps[at]) for at in (1, 3))
    real = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if real else None


def _degrees(told: tuple[Any, Any, Any], side: str) -> float:
    degrees, minutes, seconds = (float(part) for part in told)
    return round((degrees + minutes / 60 + seconds / 3600) * (-1 if side in ("S", "W") else 1), 6)


def _small(image: Image.Image, orientation: int) -> Image.Image:
    """RGB, or RGBA where something shines through; the first frame, upright, small enough."""
    shines = image.has_transparency_data
    mode = "RGBA" if shines else "RGB"
    small = image if image.mode == mode else image.convert(mode)  # a copy would be twice the memory
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    if orientation in _TURNS:
        small = small.transpose(_TURNS[orientation])
    if shines and small.getchannel("A").getextrema() == (255, 255):
        small = small.convert("RGB")
    small.info = {}  # comments and profiles are written from here
    return small


def _written(image: Image.Image, photograph: bool) -> tuple[str, bytes]:
    if not photograph and (image.mode == "RGBA" or image.getcolors(256) is not None):
        drawing = _saved(image, "PNG", optimize=True)
        if len(drawing) <= _LARGEST_DRAWING:
            return "image/png", drawing
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    return "image/jpeg", _saved(image, "JPEG", quality=85)


def _saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    told = io.BytesIO()
    image.save(told, kind, **how)
    return told.getvalue()
