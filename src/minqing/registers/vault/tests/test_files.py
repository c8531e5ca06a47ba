"""Files come out as what we wrote: told by content, without position, script or passenger."""

from __future__ import annotations

import io
import wave
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from minqing.base.errors import BadInput
from minqing.registers.vault import files, papers, pictures
from minqing.registers.vault.embedded import without_segments
from minqing.registers.vault.files import clean_upload

CANARY = b"CANARY9137"


def noise(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((width, height), 90).convert(mode)


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    told = io.BytesIO()
    image.save(told, kind, **how)
    return told.getvalue()


def photograph(image: Image.Image | None = None, **how: object) -> bytes:
    """A JPEG with a position, a comment, a camera's name and an orientation."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = CANARY.decode(), 6
    exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 3.0, 36.0), 3: "E", 4: (120.0, 34.0, 12.0)})
    return saved(image or noise(), "JPEG", exif=exif, comment=CANARY, xmp=b"<x>" + CANARY + b"</x>", **how)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


class TestPictures:
    def test_a_photograph_leaves_its_position_behind_unless_it_is_wanted(self) -> None:
        data = photograph()
        assert CANARY in data and opened(data).getexif().get_ifd(0x8825)
        clean = clean_upload(data, "张三.jpg")
        assert clean.media == "image/jpeg" and CANARY not in clean.data
        assert not opened(clean.data).getexif() and "comment" not in opened(clean.data).info
        assert (clean.latitude, clean.longitude) == (None, None)
        wanted = clean_upload(data, "x", keep_position=True)
        assert (wanted.latitude, wanted.longitude) == (28.06, 120.57)
        assert wanted.data == clean.data

    def test_it_stands_upright(self) -> None:
        clean = clean_upload(photograph(), "x")
        assert opened(clean.data).size == (200, 320)
        assert clean.title == "图片 200×320"

    @pytest.mark.parametrize("orientation", range(1, 10))
    def test_every_orientation_is_applied_as_pillow_would(self, orientation: int) -> None:
        image = noise(64, 40)
        ImageDraw.Draw(image).rectangle((0, 0, 20, 10), fill="white")
        exif = Image.Exif()
        exif[0x0112] = orientation
        from_pillow = image.transpose(pictures._TURNS[orientation]) if orientation in pictures._TURNS else image
        clean = opened(clean_upload(saved(image, "JPEG", exif=exif, quality=95), "x").data)
        assert clean.size == from_pillow.size
        assert abs(clean.convert("L").getpixel((2, 2)) - from_pillow.convert("L").getpixel((2, 2))) < 70

    def test_the_longest_side_is_2560(self) -> None:
        assert opened(clean_upload(saved(noise(4000, 1000), "JPEG"), "x").data).size == (2560, 640)
        assert opened(clean_upload(saved(Image.new("L", (40_000, 1)), "PNG"), "x").data).size == (2560, 1)

    @pytest.mark.parametrize(("kind", "media"), [("PNG", "image/jpeg"), ("WEBP", "image/jpeg"), ("BMP", "image/jpeg")])
    def test_photographs_of_every_kind_become_jpeg(self, kind: str, media: str) -> None:
        colours = Image.merge("RGB", [Image.effect_noise((320, 200), 200) for _ in range(3)])
        assert clean_upload(saved(colours, kind), "x").media == media

    def test_drawings_and_what_shines_through_stay_png(self) -> None:
        drawing = Image.new("RGB", (300, 200), "white")
        ImageDraw.Draw(drawing).line((0, 0, 300, 200), fill="red")
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", CANARY.decode(), zip=False)
        clean = clean_upload(saved(drawing, "PNG", pnginfo=info), "x")
        assert clean.media == "image/png" and CANARY not in clean.data
        glass = noise(mode="RGBA")
        glass.putalpha(100)
        assert opened(clean_upload(saved(glass, "WEBP"), "x").data).mode == "RGBA"

    def test_of_a_moving_picture_the_first_frame_is_kept(self) -> None:
        frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue", "green")]
        clean = opened(clean_upload(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "x").data)
        assert getattr(clean, "n_frames", 1) == 1
        assert clean.convert("RGB").getpixel((1, 1)) == (255, 0, 0)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "I;16"])
    def test_pictures_of_every_mode_are_taken(self, mode: str) -> None:
        kind = "JPEG" if mode == "CMYK" else "PNG"
        image = Image.new("I;16", (40, 30)) if mode == "I;16" else noise(40, 30).convert(mode)
        assert opened(clean_upload(saved(image, kind), "x").data).size == (40, 30)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
    def test_what_is_appended_does_not_come_along(self, kind: str) -> None:
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as packed:
            packed.writestr("page.html", "<script>alert(1)</script>")
        data = saved(noise(), kind) + zipped.getvalue() + b"<html><script>" + CANARY
        clean = clean_upload(data, "x.html")
        assert CANARY not in clean.data and b"<script>" not in clean.data
        assert not zipfile.is_zipfile(io.BytesIO(clean.data))

    def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(self) -> None:
        def chunk(kind: bytes, told: bytes) -> bytes:
            return len(told).to_bytes(4, "big") + kind + told + zlib.crc32(kind + told).to_bytes(4, "big")

        size = (60_000).to_bytes(4, "big")
        bomb = (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", size + size + bytes([8, 2, 0, 0, 0]))
            + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
            + chunk(b"IEND", b"")
        )
        with pytest.raises(BadInput, match="像素"):
            clean_upload(bomb, "x")

    def test_a_broken_exif_costs_no_photograph(self) -> None:
        data = bytearray(photograph())
        start = data.index(b"Exif\0\0") + 6
        data[start : start + 40] = b"\xff" * 40
        assert clean_upload(bytes(data), "x", keep_position=True).latitude is None

    def test_half_a_photograph_is_told_in_a_sentence(self) -> None:
        with pytest.raises(BadInput, match="图片打不开"):
            clean_upload(photograph()[:3000], "x")


def paper(locked: bool = False) -> bytes:
    """A PDF with everything that is not to come along, and a photograph."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    picture = DecodedStreamObject()
    picture.set_data(photograph())
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Filter"): NameObject("/DCTDecode"),
            NameObject("/Metadata"): TextStringObject(CANARY.decode()),
        }
    )
    words = DecodedStreamObject()
    words.set_data(b"q 300 0 0 200 0 0 cm /A Do Q")
    script = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject(f"app.alert('{CANARY.decode()}')"),
        }
    )
    note = {
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Rect"): ArrayObject(page.mediabox),
        NameObject("/A"): script,
        NameObject("/Contents"): TextStringObject(CANARY.decode()),
        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(words)}),
    }
    look = DictionaryObject(note | {NameObject("/Subtype"): NameObject("/Widget")})
    link = DictionaryObject(note | {NameObject("/Subtype"): NameObject("/Link")})
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/A"): writer._add_object(picture)})}
    )
    page[NameObject("/Contents")] = writer._add_object(words)
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    page[NameObject("/PieceInfo")] = TextStringObject(CANARY.decode())
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(look), writer._add_object(link)])
    writer.root_object[NameObject("/OpenAction")] = script
    writer.add_attachment("x.html", b"<script>" + CANARY)
    writer.add_metadata({"/Author": CANARY.decode()})
    if locked:
        writer.encrypt("secret", algorithm="RC4-128")
    told = io.BytesIO()
    writer.write(told)
    return told.getvalue()


class TestPapers:
    def test_a_paper_keeps_what_shows_and_loses_what_acts_or_tells(self) -> None:
        data = paper()
        assert CANARY in data
        clean = clean_upload(data + b"PK\x05\x06<html>" + CANARY, "王五的劳动合同.docx")
        assert (clean.media, clean.title) == ("application/pdf", "劳动合同 1 页")
        for word in (
            CANARY,
            b"JavaScript",
            b"/JS",
            b"EmbeddedFile",
            b"/AA",
            b"/Author",
            b"/PieceInfo",
            b"/Producer",
            b"Exif",
            b"/Link",
        ):
            assert word not in clean.data, word
        page = PdfReader(io.BytesIO(clean.data)).pages[0]
        assert page["/Resources"]["/XObject"]["/A"]["/Subtype"] == "/Image"
        assert [note.get_object()["/Subtype"] for note in page["/Annots"]] == ["/Widget"]
        assert opened(page["/Resources"]["/XObject"]["/A"]._data).size == (320, 200)
        assert b"/A Do" in page.get_contents().get_data()

    def test_below_resources_nothing_stays_but_what_a_page_draws_with(self) -> None:
        """Also where a part is called as something else is in a note, and where two ways lead to it."""
        told = TextStringObject(CANARY.decode())
        writer = PdfWriter()
        page = writer.add_blank_page(300, 300)
        words = DecodedStreamObject()
        words.set_data(b"q Q")
        hidden = DictionaryObject({NameObject("/Metadata"): told, NameObject("/Type"): NameObject("/Font")})
        shared = writer._add_object(DictionaryObject({NameObject("/Metadata"): told}))
        page[NameObject("/Resources")] = DictionaryObject({
            NameObject("/Notes"): told, NameObject("/N"): DictionaryObject({NameObject("/Metadata"): told}),
            NameObject("/Font"): DictionaryObject({
                NameObject("/F1"): hidden, NameObject("/N"): DictionaryObject({NameObject("/JS"): told}),
                NameObject("/F2"): DictionaryObject({NameObject("/N"): DictionaryObject({NameObject("/AF"): told})}),
            }),
            NameObject("/ExtGState"): shared, NameObject("/Pattern"): DictionaryObject({NameObject("/P1"): shared}),
        })  # fmt: skip
        page[NameObject("/Contents")] = writer._add_object(words)
        told_pdf = io.BytesIO()
        writer.write(told_pdf)
        clean = clean_upload(told_pdf.getvalue(), "x").data
        assert CANARY not in clean
        kept = PdfReader(io.BytesIO(clean)).pages[0]["/Resources"]
        assert set(kept) <= {"/Font", "/ExtGState", "/Pattern"} and set(kept["/Font"]) == {"/F1", "/N", "/F2"}

    def test_between_the_scans_of_a_photograph_nothing_rides_along(self) -> None:
        drawn = io.BytesIO()
        Image.effect_noise((64, 48), 50).convert("RGB").save(drawn, "JPEG", progressive=True)
        plain = drawn.getvalue()
        second = plain.index(b"\xff\xc4", plain.index(b"\xff\xda"))  # tables between two scans
        spoken = len(CANARY).to_bytes(1) + CANARY
        comment = b"\xff\xfe" + (2 + len(spoken)).to_bytes(2) + spoken
        clean = without_segments(plain[:second] + comment + plain[second:] + CANARY)
        assert CANARY not in clean and clean.count(b"\xff\xda") == plain.count(b"\xff\xda") > 1
        assert opened(clean).convert("RGB").tobytes() == opened(plain).convert("RGB").tobytes()

    def test_every_page_comes_along(self) -> None:
        writer = PdfWriter()
        for number in range(5):
            writer.add_blank_page(100 + number, 100)
        told = io.BytesIO()
        writer.write(told)
        clean = PdfReader(io.BytesIO(clean_upload(told.getvalue(), "x").data))
        assert [page.mediabox.width for page in clean.pages] == [100, 101, 102, 103, 104]

    def test_a_locked_paper_is_told_in_a_sentence(self) -> None:
        with pytest.raises(BadInput, match="密码"):
            clean_upload(paper(locked=True), "x")

    def test_a_broken_paper_is_told_in_a_sentence(self) -> None:
        with pytest.raises(BadInput, match="打不开"):
            clean_upload(b"%PDF-1.7\n" + bytes(500), "x")

    def test_a_paper_of_too_many_pages_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(papers, "PAGES", 0)
        with pytest.raises(BadInput, match="页"):
            clean_upload(paper(), "x")


def recording(
    seconds: float = 1.0, rate: int = 8_000, channels: int = 1, width: int = 2, tone: bytes = b"\x01"
) -> bytes:
    """A WAV with a comment before the sound, one behind it, and bytes that are appended."""
    told = io.BytesIO()
    with wave.open(told, "wb") as made:
        made.setnchannels(channels)
        made.setsampwidth(width)
        made.setframerate(rate)
        made.writeframes((tone + b"\x7f") * int(seconds * rate * channels * width / 2))
    sound = told.getvalue()
    comment = b"LIST" + (len(CANARY) + 10).to_bytes(4, "little") + b"INFOICMT" + CANARY + b"\0\0"
    whole = sound[:12] + comment + sound[12:] + b"bext" + comment
    return whole[:4] + (len(whole) - 8).to_bytes(4, "little") + whole[8:]


class TestRecordings:
    def test_a_recording_keeps_its_sound_and_nothing_else(self) -> None:
        data = recording(2.0, 16_000)
        clean = clean_upload(data, "张三.wav")
        assert (clean.media, clean.title) == ("audio/wav", "录音 2 秒") and CANARY in data
        assert CANARY not in clean.data and b"bext" not in clean.data
        with wave.open(io.BytesIO(clean.data)) as told:
            assert told.getparams()[:4] == (1, 2, 16_000, 32_000)
            assert told.readframes(40_000) == b"\x01\x7f" * 32_000

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (recording(0), "没有声音"),
            (recording(tone=b"\x7f"), "没有声音"),
            (recording(301), "超过 5 分钟"),
            (recording(rate=96_000), "16000 赫兹"),
            (recording(width=4), "32 位"),
            (recording(channels=4), "4 声道"),
            (recording().replace(b"fmt \x10\0\0\0\x01\0", b"fmt \x10\0\0\0\x55\0"), "压缩"),
        ],
    )
    def test_what_not_every_desk_can_play_is_refused_with_what_to_do(self, data: bytes, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            clean_upload(data, "x.wav")

    def test_a_recording_that_broke_off_keeps_what_there_is(self) -> None:
        data = recording(60)
        assert clean_upload(data[: len(data) // 2 + 1], "x").title == "录音 30 秒"
        assert clean_upload(recording(65), "x").title == "录音 1 分 5 秒"


class TestAnythingElse:
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "空的"),
            (b"PK\x03\x04" + bytes(100), "另存为 PDF"),
            (b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
            (b"\0\0\0\x18ftypisom" + bytes(100), "录像不能上传"),
            (b"\x1a\x45\xdf\xa3" + bytes(100), "录像不能上传"),
            (b"RIFF\0\0\0\0AVI " + bytes(100), "录像不能上传"),
            (b"#!AMR\n" + bytes(100), "录一段话"),
            (b"ID3\x03" + bytes(100), "另存为 WAV"),
            (b"\0\0\0\x18ftypM4A " + bytes(100), "另存为 WAV"),
            (b"RIFF\0\0\0\0WAVE" + bytes(100), "打不开"),
            (b"<html><script>alert(1)</script>", "可以上传"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "可以上传"),
        ],
    )
    def test_it_is_refused_with_what_is_taken(self, data: bytes, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            clean_upload(data, "photo.jpg")

    def test_more_than_ten_megabytes_are_refused(self) -> None:
        with pytest.raises(BadInput, match="10 MB"):
            clean_upload(b"\xff\xd8\xff" + bytes(files.LARGEST), "x")

    def test_no_word_of_a_file_name_survives_but_those_of_the_list(self) -> None:
        data = photograph()
        for name in ("张三丰13800000001.jpg", "../../etc/passwd", "a\0b\ud800", ""):
            assert clean_upload(data, name).title == "图片 200×320"
        assert clean_upload(data, "张三丰的欠条.jpg").title == "欠条 200×320"


SEEDS = [
    saved(noise(24, 16), "JPEG"), saved(noise(24, 16), "PNG"), saved(noise(24, 16), "GIF"),
    saved(noise(24, 16), "WEBP"), saved(noise(24, 16), "BMP"), photograph(noise(24, 16)), paper(),
    recording(),
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_altered_files_raise_nothing_but_a_sentence(data: st.DataObject) -> None:
    told = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(told) - 1))
        told[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    try:
        clean_upload(bytes(told), "x", keep_position=True)
    except BadInput as refused:
        assert "（" in str(refused)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"BM",
            b"RIFF\0\0\0\0WEBP",
            b"RIFF\0\0\0\0WAVE",
            b"%PDF-1.4\n",
        ]
    ),
    st.binary(max_size=400),
)
def test_random_bytes_raise_nothing_but_a_sentence(start: bytes, rest: bytes) -> None:
    try:
        clean_upload(start + rest, "x", keep_position=True)
    except BadInput as refused:
        assert "（" in str(refused)
