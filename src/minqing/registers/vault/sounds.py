"""Recordings made anew: WAV without compression, because every desk can play it and nothing hides in it.

Of what was sent only the sound is read; names, comments, positions and whatever else a recorder writes beside it are
left behind. Standard library alone: compressed sound would need a decoder for foreign bytes.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

from minqing.base.errors import BadInput

LONGEST = 300  # seconds
RATES = range(8_000, 48_001)  # samples a second
_STARTS = (
    b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9", b"#!AMR", b"\x02#!SILK", b"#!SILK",
    b"OggS", b"fLaC", b"FORM", b".snd",
)  # fmt: skip
_HOW = "请在网页上点“录一段话”直接录，或另存为 WAV（PCM）格式再上传"


@dataclass(frozen=True)
class Sound:
    """A recording made anew, and how long it is."""

    data: bytes
    seconds: int


def is_wave(data: bytes) -> bool:
    """Whether it begins like a WAV file."""
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE"


def is_other_sound(data: bytes) -> bool:
    """Whether it begins like a recording of a kind that is not taken."""
    return data.startswith(_STARTS) or data[4:11] == b"ftypM4A" or data[4:11] == b"ftyp3gp"


def how_to_send() -> str:
    """What to do with a recording of another kind."""
    return f"；这种录音{_HOW}"


def rewrite_sound(data: bytes) -> Sound:
    """The sound alone, written again; BadInput when it cannot be read, is empty, too long or of an odd kind."""
    try:
        with wave.open(io.BytesIO(data)) as told:
            channels, width, rate = told.getnchannels(), told.getsampwidth(), told.getframerate()
            _check_kind(channels, width, rate)
            frames = told.readframes(LONGEST * rate + 1)
    except (wave.Error, EOFError, RuntimeError, ValueError) as fault:
        raise BadInput(f"录音打不开，可能已损坏或经过压缩：{_HOW}（the recording cannot be read as PCM）") from fault
    whole = len(frames) - len(frames) % (channels * width)
    count = whole // (channels * width)
    if not frames.strip(frames[:1]):  # nothing, or one and the same byte all along
        raise BadInput("录音里没有声音：请检查麦克风，再录一次（the recording is empty）")
    if count > LONGEST * rate:
        raise BadInput(f"录音超过 {LONGEST // 60} 分钟：请分成几段，挑要紧的上传（longer than {LONGEST} seconds）")
    return Sound(_written(channels, width, rate, frames[:whole]), max(1, round(count / rate)))


def _check_kind(channels: int, width: int, rate: int) -> None:
    if channels in (1, 2) and width in (1, 2) and rate in RATES:
        return
    raise BadInput(
        f"录音是 {channels} 声道、{width * 8} 位、{rate} 赫兹，播放不了：请另存为单声道、16 位、16000 赫兹的 WAV"
        "（one or two channels, 8 or 16 bits, 8000 to 48000 samples a second are taken）"
    )


def _written(channels: int, width: int, rate: int, frames: bytes) -> bytes:
    told = io.BytesIO()
    with wave.open(told, "wb") as made:
        made.setnchannels(channels)
        made.setsampwidth(width)
        made.setframerate(rate)
        made.writeframes(frames)
    return told.getvalue()
