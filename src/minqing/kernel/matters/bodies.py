"""Words at the door: cleaned, measured, and named by a keyed hash, so that a journal line never holds them."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from minqing.base.errors import BadInput
from minqing.base.ledger.keys import body_key
from minqing.base.postgres import home_folder

LONGEST_TITLE = 500  # characters
LONGEST_TEXT = 1_000_000  # bytes of UTF-8; a door may be stricter
LONGEST_VALUE = 4_000  # characters of one field
_DIRT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Words:
    """A title and a text that can be stored; `replaced` counts the characters that could not (now U+FFFD)."""

    title: str = ""
    text: str = ""
    replaced: int = 0


def clean_words(title: str, text: str) -> Words:
    """The words with NUL and halves of surrogates replaced; what is too long is refused, never cut."""
    clean_title, first = _DIRT.subn("\ufffd", title)
    clean_text, second = _DIRT.subn("\ufffd", text)
    if len(clean_title) > LONGEST_TITLE:
        raise BadInput(f"标题有 {len(clean_title)} 字，最多 {LONGEST_TITLE} 字：请把内容写到正文里。")
    if len(clean_text) > LONGEST_TEXT or len(clean_text.encode()) > LONGEST_TEXT:
        raise BadInput("正文超过 1 MB：请摘要填写，原文作为附件。")
    return Words(clean_title, clean_text, first + second)


def clean_value(value: str) -> str:
    """The value of one field, as it can be stored; too long is refused."""
    clean = _DIRT.sub("\ufffd", value).strip()
    if len(clean) > LONGEST_VALUE:
        raise BadInput(f"一栏有 {len(clean)} 字，最多 {LONGEST_VALUE} 字：请把内容写到正文里。")
    return clean


def name_of(code: str, *words: str) -> str:
    """The keyed hash that names words in the journal of one matter; the same words elsewhere have another name."""
    told = "\0".join((code, *words)).encode()
    return hmac.new(body_key(home_folder()), told, "sha256").hexdigest()
