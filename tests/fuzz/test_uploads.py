"""Files that somebody attaches, spoilt and hostile: made anew without what rode along, or refused in a sentence; never
more memory than a large photograph needs.

What is taken and what is left behind of sound files is told in registers/vault/tests/test_files.py.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import pypdf
import pytest
from hypothesis import strategies as some
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from tests.fuzz.damage import bytes_gone_wrong, words
from tests.fuzz.fuzzing import Fuzz, in_time, within

from minqing.base.errors import BadInput
from minqing.registers.vault.files import CleanFile, clean_upload
from minqing.registers.vault.sounds import RATES

STARTS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG", "application/pdf": b"%PDF-", "audio/wav": b"RIFF"}
#: What must never come out again: other files, markup, what tells of the photographer.
RIDERS = (b"<script", b"PK\x03\x04", b"<?php", b"/JavaScript", b"EVIL", b"GPS", b"Exif\0\0")
SCRIPT = b"<html><script>alert('EVIL')</script>"


def clean(data: bytes, name: str = "a.jpg", keep: bool = False) -> CleanFile | None:
    """None where it is refused in a sentence; else it is of a kind that is taken, alone, and would be taken again."""
    try:
        made = clean_upload(data, name, keep)
    except BadInput as refused:
        assert str(refused).strip()
        return None
    assert made.data.startswith(STARTS[made.media]) and made.size == len(made.data) and made.title
    assert made.latitude is None or (-90 <= made.latitude <= 90 and -180 <= (made.longitude or 0) <= 180)
    return made


def drawn(kind: str, **how: object) -> bytes:
    told = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert("RGB").save(told, kind, **how)
    return told.getvalue()


def photograph() -> bytes:
    """With place and device in it."""
    exif = Image.Exif()
    exif[0x0110], exif[0x8825] = "EVIL", {1: "N", 2: (29.0, 5.0, 1.0), 3: "E", 4: (120.0, 4.0, 1.0)}
    return drawn("JPEG", exif=exif, comment=b"EVIL")


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), (n, n, n)) for n in range(0, 250, 10)]
    told = io.BytesIO()
    frames[0].save(told, kind, save_all=True, append_images=frames[1:])
    return told.getvalue()


def paper() -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(200, 200)
    does = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('EVIL')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(does)
    writer.add_attachment("a.txt", b"EVIL")
    told = io.BytesIO()
    writer.write(told)
    return told.getvalue()


def sound(channels: int = 1, width: int = 2, rate: int = 16_000, frames: bytes = b"\1\2" * 400) -> bytes:
    each = channels * width
    shape = struct.pack("<HHIIHH", 1, channels, rate, rate * each % 2**32, each % 2**16, width * 8)
    body = b"fmt " + struct.pack("<I", len(shape)) + shape + b"data" + struct.pack("<I", len(frames)) + frames
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def archive() -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w") as made:
        made.writestr("EVIL.html", SCRIPT)
    return told.getvalue()


SOUND: Mapping[str, Callable[[], bytes]] = {
    "photograph": photograph,
    "drawing": lambda: drawn("PNG"),
    "webp": lambda: drawn("WEBP"),
    "gif": lambda: animated("GIF"),
    "moving webp": lambda: animated("WEBP"),
    "moving png": lambda: animated("PNG"),
    "bmp": lambda: drawn("BMP"),
    "paper": paper,
    "recording": sound,
}


@pytest.mark.parametrize("kind", SOUND)
def test_a_file_spoilt_in_its_bytes_is_made_anew_or_told(kind: str, fuzz: Fuzz) -> None:
    whole = SOUND[kind]()
    assert clean(whole) is not None
    fuzz(bytes_gone_wrong(whole), lambda data: clean(data, keep=True) and None, few=10, many=800)


@pytest.mark.parametrize("kind", SOUND)
def test_what_rides_along_with_a_file_stays_behind(kind: str, fuzz: Fuzz) -> None:
    whole, zipped = SOUND[kind](), archive()

    def holds(parts: tuple[bytes, bytes, str]) -> None:
        before, after, name = parts
        made = clean(before + whole + after, name)
        assert before or made is not None, "what is appended makes no file unreadable"
        assert made is None or not any(rider in made.data for rider in RIDERS)

    riders = some.sampled_from((b"", SCRIPT, zipped, paper(), b"<svg onload='EVIL'>", b"EVIL" * 500, sound()))
    names = some.one_of(some.sampled_from(("a.svg", "a.html", "../../a.php\0.jpg", "a" * 5000)), words)
    fuzz(
        some.tuples(some.sampled_from((b"", b"", b"GIF89a", b"\xff\xd8\xff", SCRIPT)), riders, names),
        holds,
        few=6,
        many=200,
    )


def test_no_text_is_taken_for_a_file_whatever_it_is_called(fuzz: Fuzz) -> None:
    bare = (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", SCRIPT, archive(), b"MZ",
        b"#!/bin/sh\n", b"\x1f\x8b\x08\0", b"GIF89a", b"BM", b"%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"\xff\xd8\xff",
        b"RIFF\xff\xff\xff\xffWEBPVP8X", b"\x89PNG\r\n\x1a\n", b"%!PS", b"{\\rtf1", b"\0" * 5000,
    )  # fmt: skip
    names = some.sampled_from(("a.jpg", "a.png", "a.pdf", "a.wav", "照片.JPEG"))

    def holds(parts: tuple[bytes, str]) -> None:
        assert clean(*parts) is None

    fuzz(
        some.tuples(some.one_of(some.sampled_from(bare), some.text().map(str.encode)), names), holds, few=40, many=1500
    )


def png(width: int, height: int, rows: int, colour: int = 6) -> bytes:
    """With `rows` rows of nothing, packed."""
    pack, depth = zlib.compressobj(9), {0: 1, 2: 3, 6: 4}[colour]
    packed = b"".join(pack.compress(bytes(1 + depth * width)) for _ in range(rows)) + pack.flush()

    def chunk(name: bytes, told: bytes) -> bytes:
        return struct.pack(">I", len(told)) + name + told + struct.pack(">I", zlib.crc32(name + told))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def many_passes(times: int) -> bytes:
    """A JPEG of several passes, the last one again and again: a hundred bytes each, and all pixels are gone through."""
    told = io.BytesIO()
    Image.new("L", (2000, 2000), 128).save(told, "JPEG", progressive=True)
    whole = told.getvalue()
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * times + b"\xff\xd9"


def wide(kind: str) -> bytes:
    """A head that promises far more than follows."""
    data = bytearray(animated("WEBP") if kind == "webp" else drawn("BMP" if kind == "bmp" else "GIF"))
    if kind == "webp":
        at = data.find(b"VP8X") + 12
        data[at : at + 6] = b"\xfe\x3f\0\xfe\x3f\0"
    elif kind == "bmp":
        data[18:26] = struct.pack("<ii", 2**31 - 1, 2**31 - 1)
    else:
        data[6:10] = b"\xff\xff\xff\xff"
    return bytes(data)


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "50,000 by 50,000": lambda: png(50_000, 50_000, 10),
    "all the pixels of the world": lambda: png(2**31 - 1, 2**31 - 1, 0),
    "just too many pixels": lambda: png(8000, 8000, 100),
    "a thousand passes": lambda: many_passes(1000),
    "passes behind a mark without a length": lambda: many_passes(0)[:-2] + b"\xff\x01" + many_passes(1000)[2:],
    "a wide webp": lambda: wide("webp"),
    "a wide bmp": lambda: wide("bmp"),
    "a wide gif": lambda: wide("gif"),
    "a recording that says it is long": lambda: sound().replace(b"data \3\0\0", b"data\xff\xff\xff\xff"),
    "a recording of no channel": lambda: sound(channels=0),
    "a recording of 65,535 channels": lambda: sound(channels=65_535),
    "a recording of no width": lambda: sound(width=0),
    "a recording of silence": lambda: sound(frames=b"\0" * 9_000_000),
    "a paper of itself": lambda: _bare_paper(b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1>>"),
    "brackets": lambda: _bare_paper(b"[" * 100_000 + b"]" * 100_000),
    "a paper packed a thousandfold": lambda: _packed_paper(),
}  # fmt: skip


def _bare_paper(first: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj" + first + b"endobj\ntrailer<</Root 1 0 R>>"


def _packed_paper() -> bytes:
    stream = zlib.compress(b"1 0 " + b" " * 90_000_000, 9)
    head = f"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {len(stream)}>>stream\n".encode()
    xref = zlib.compress(b"\2\0\5\0" * 4)
    told = b"%PDF-1.7\n5 0 obj" + head + stream + b"\nendstream endobj\n"
    at = len(told)
    told += f"6 0 obj<</Type/XRef/Size 4/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length {len(xref)}>>stream\n".encode()
    return told + xref + f"\nendstream endobj\nstartxref\n{at}\n%%EOF".encode()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bomb_is_refused_before_it_fills_the_memory(name: str, fuzz: Fuzz) -> None:
    data = HOSTILE[name]()
    assert len(data) < 10_000_000

    def holds(data: bytes) -> None:
        assert clean(data) is None or name == "a recording that says it is long"

    fuzz(some.just(data), holds, few=1, many=1, megabytes=150)


@pytest.mark.faults
def test_the_largest_photograph_stays_within_what_a_machine_has() -> None:
    """52 million pixels with something shining through: what costs most of what is taken."""
    data = png(7200, 7200, 7200)
    with in_time(), within(600):
        assert clean(data) is not None


def test_a_photograph_of_many_passes_as_the_web_has_them_is_taken() -> None:
    made = clean(many_passes(20))
    assert made is not None and made.media == "image/jpeg"


def test_where_a_photograph_was_taken_is_told_beside_it_or_not_at_all() -> None:
    kept = clean(photograph(), keep=True)
    assert kept is not None and (kept.latitude, kept.longitude) == (29.083611, 120.066944)
    for made in (kept, clean(photograph())):
        assert made is not None and not Image.open(io.BytesIO(made.data)).getexif()
        assert not any(rider in made.data for rider in RIDERS)


def test_recordings_of_odd_heads_are_made_anew_or_told(fuzz: Fuzz) -> None:
    heads = some.tuples(
        some.integers(0, 65_535), some.integers(0, 9),
        some.one_of(some.integers(0, 2**32 - 1), some.sampled_from(RATES)), some.binary(max_size=300),
    )  # fmt: skip

    def holds(head: tuple[int, int, int, bytes]) -> None:
        channels, width, rate, frames = head
        made = clean(sound(channels, width, rate, frames), "a.wav")
        assert made is None or made.data[:4] == b"RIFF"

    fuzz(heads, holds, few=60, many=3000)
