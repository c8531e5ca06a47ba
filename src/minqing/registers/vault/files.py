"""Files at the door: told by their content, never by their name; made anew, so that nothing rides along.

Taken: photographs and drawings (JPEG, PNG, WebP, GIF, BMP), PDF, recordings as plain WAV. What leaves here was
written by us: no EXIF, no position, no script, no attachment, nothing appended. The sender's file name may hold a
person's name, so only words of a closed list survive from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from minqing.base.errors import BadInput
from minqing.registers.vault.papers import rewrite_pdf
from minqing.registers.vault.pictures import is_picture, redraw
from minqing.registers.vault.sounds import how_to_send, is_other_sound, is_wave, rewrite_sound

LARGEST = 10 * 1024 * 1024  # bytes that are taken
TAKEN = "JPEG、PNG、WebP、GIF、BMP 图片、PDF 文件和 WAV 录音"

#: What a file may be called after: kinds of papers and pictures, never names. The first that occurs is taken.
_TITLES = (
    "劳动合同", "租赁合同", "合同", "协议", "欠条", "借条", "收据", "收条", "发票", "工资条", "考勤", "转账记录",
    "判决书", "裁定书", "调解书", "申请书", "告知书", "通知", "答复", "委托书", "承诺书", "意见书", "报告", "鉴定",
    "流水", "证明", "登记表", "会议记录", "笔录", "现场", "聊天记录", "截图", "图纸", "照片", "录像截图", "清单",
)  # fmt: skip

_HEIC = {b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")}
_MATROSKA = b"\x1a\x45\xdf\xa3"  # films, and what browsers record
_OFFICE = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


@dataclass(frozen=True)
class CleanFile:
    """A file made anew. `title` is what it may be called before anyone opens it; the position only if asked for."""

    media: str
    data: bytes
    size: int
    title: str
    latitude: float | None = None
    longitude: float | None = None


def clean_upload(data: bytes, name: str, keep_position: bool = False) -> CleanFile:
    """The file made anew, or BadInput in a sentence that says what is taken. `keep_position`: of a photograph, told
    beside the file; never in it."""
    if not data:
        raise BadInput("文件是空的：请重新选择（the file is empty）")
    if len(data) > LARGEST:
        raise BadInput(f"文件有 {len(data) / 1024 / 1024:.1f} MB，最多 10 MB：请压缩或分开上传（larger than 10 MB）")
    if is_picture(data):
        drawn = redraw(data, keep_position)
        latitude, longitude = drawn.position or (None, None)
        title = _title(name, "图片", f"{drawn.width}×{drawn.height}")
        return CleanFile(drawn.media, drawn.data, len(drawn.data), title, latitude, longitude)
    if b"%PDF-" in data[:1024]:
        paper = rewrite_pdf(data)
        return CleanFile("application/pdf", paper.data, len(paper.data), _title(name, "PDF 文件", f"{paper.pages} 页"))
    if is_wave(data):
        sound = rewrite_sound(data)
        return CleanFile("audio/wav", sound.data, len(sound.data), _title(name, "录音", _length(sound.seconds)))
    raise BadInput(f"这种文件不能上传，可以上传{TAKEN}{_hint(data)}（only pictures, PDF and WAV files are taken）")


def _hint(data: bytes) -> str:
    if data[4:12] in _HEIC:
        return "；苹果手机的 HEIC 照片请先另存为 JPEG"
    if data.startswith(_OFFICE):
        return "；Word、Excel、WPS 文件请先另存为 PDF，压缩包请解开后逐个上传"
    if is_other_sound(data):
        return how_to_send()
    if data[4:8] == b"ftyp" or data.startswith((b"RIFF", _MATROSKA)):
        return "；录像不能上传，请截图；录音请在网页上点“录一段话”直接录，或另存为 WAV 再上传"
    return ""


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return " ".join([f"{minutes} 分"] * bool(minutes) + [f"{rest} 秒"] * bool(rest))


def _title(name: str, kind: str, measure: str) -> str:
    told = next((word for word in _TITLES if word in name), kind)
    return f"{told} {measure}"
