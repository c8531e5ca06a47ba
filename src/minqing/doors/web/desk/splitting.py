"""A piece of a chat group, pasted → the messages in it, without the names of who wrote them. Pure.

A header is a line that names a time, a writer or both, as chat programs copy them; without any header a blank line
parts messages. Words with a clock in them are no header: only a date makes one of a line without a colon. What a
machine put in (somebody joined, a picture) is left out, and so are messages without words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MOST_MESSAGES = 50  # of one paste
_CLOCK = r"(?:凌晨|早上|上午|中午|下午|晚上)?\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s?[AaPp][Mm])?"
_DAY = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.月]\d{1,2}日?|昨天|今天|星期[一二三四五六日天])"
_TIME = rf"(?:{_DAY}\s*)?{_CLOCK}"
_DATED = rf"(?:\d{{4}}[-/.年])?\d{{1,2}}[-/.月]\d{{1,2}}日?\s*{_CLOCK}"
_NAME = r"[^\s:：,，。、；;！!？?\[\]【】][^:：,，。、；;！!？?\[\]【】\n]{0,29}"
#: How chat programs write who said something when; what follows on the same line is the message.
_HEADERS = (
    re.compile(rf"^[\[【(（]\s*{_TIME}\s*[\])）】]\s*(?:{_NAME}[:：])?\s*(?P<rest>.*)$"),  # [10:02] name: words
    re.compile(rf"^{_NAME}\s+{_DATED}\s*[:：]?\s*$"),  # name 2026/11/20 10:02
    re.compile(rf"^{_TIME}\s+{_NAME}[:：]\s*(?P<rest>.*)$"),  # 10:02 name: words
    re.compile(rf"^{_DATED}\s+{_NAME}\s*$"),  # 2026-11-20 10:02:11 name
    re.compile(rf"^{_TIME}\s*$"),  # a time alone
)
_BARE = re.compile(r"^[—\-=\s]*$")
#: What the program says, not a person.
_NOISE = re.compile(
    r"^(?:\[(?:图片|视频|语音|表情|文件|动画表情|链接|位置|红包|Photo|Video|Sticker|Image)\]|.{0,30}(?:加入了群聊|撤回了一条消息|拍了拍.{0,30}|修改群名为.{0,40}))$"
)


def messages_in(pasted: str) -> list[str]:
    """The messages, in order, each once and without blanks around; at most MOST_MESSAGES."""
    lines = [
        line.strip() for line in pasted.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    ]
    parted = _by_header(lines) if any(_rest_of(line) is not None for line in lines) else _by_blank(lines)
    words = ("\n".join(line for line in message if line and not _BARE.match(line)).strip() for message in parted)
    kept = [said for said in words if said and not _NOISE.match(said)]
    return list(dict.fromkeys(kept))[:MOST_MESSAGES]


def _rest_of(line: str) -> str | None:
    """What stands on a header line behind the header; None for a line that is no header."""
    for header in _HEADERS:
        if (found := header.match(line)) is not None:
            return found.groupdict().get("rest") or ""
    return None


def _by_header(lines: Sequence[str]) -> Iterator[list[str]]:
    """Each header begins a message; what stands before the first is one by itself."""
    message: list[str] = []
    for line in lines:
        rest = _rest_of(line)
        if rest is None:
            message.append(line)
            continue
        yield message
        message = [rest]
    yield message


def _by_blank(lines: Sequence[str]) -> Iterator[list[str]]:
    message: list[str] = []
    for line in lines:
        if line:
            message.append(line)
        elif message:
            yield message
            message = []
    yield message
