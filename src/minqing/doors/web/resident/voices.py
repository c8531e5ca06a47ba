"""What residents say instead of writing it: a recording that the page made, beside the words or in their place.

The text of a matter that came as a recording alone says so in plain words; what it is about the desk hears and sorts.
"""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpRequest

from minqing.base.errors import BadInput
from minqing.doors.web.tongues import told_of
from minqing.kernel.matters.uploads import Upload, check_fits

FIELD = "voice"
LONGEST = 60  # seconds that the page records; what is taken is the vault's to say
#: They go on record, and that is kept in Chinese.
TITLE, TEXT = "语音反映", "反映人没有写字，录了一段话：内容请听这件事里的录音。"


def voice_in(request: HttpRequest) -> Upload | None:
    """The recording that was sent along; read again, it is the same."""
    file = request.FILES.get(FIELD)
    if not file:
        return None
    file.seek(0)
    return Upload(file.read(), "")


def fault_of(voice: Upload | None) -> str:
    """What is wrong with it; '' where it can be taken, or there is none."""
    if voice is None:
        return ""
    try:
        check_fits(voice)
    except BadInput as fault:
        return told_of(fault)
    return ""


def voice_part(voice: Upload | None = None) -> dict[str, Any]:
    """What the part of the page needs: a recording that came with a refused form stands in it again."""
    fits = voice is not None and not fault_of(voice)
    kept = f"data:audio/wav;base64,{base64.b64encode(voice.data).decode()}" if voice is not None and fits else ""
    return {"longest_voice": LONGEST, "voice": kept}
