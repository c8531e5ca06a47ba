"""Words of complaints about definition files: the nearest right word, what to do, what is meant, in both
tongues. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping

_NAMED = re.compile(r'([a-z ]+) (?:"([^"]*)"|([0-9]+))')


def nearest(word: str, words: Collection[str]) -> str:
    """' Did you mean "x"?' where one of the words is near, else nothing."""
    near = _near(word, words)
    return f' Did you mean "{near}"?' if near else ""


def perhaps(word: str, words: Collection[str]) -> str:
    """The same in Chinese."""
    near = _near(word, words)
    return f"是不是“{near}”？" if near else ""


def _near(word: str, words: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(word[:80], [w for w in words if w], n=1, cutoff=0.6)), "")


def shown(word: str) -> str:
    """A word of the file inside a sentence: on one line, not longer than a line."""
    flat = " ".join(word.split())
    return flat if len(flat) <= 60 else flat[:57] + "..."


def in_chinese(what: str, nouns: Mapping[str, str]) -> str:
    """What a complaint is about, in a Chinese sentence: 'in of places' is “places”的“in”, 'the mapping' its top.
    `nouns`: what things of such a file are called, so that 'is of stage "a"' is 环节“a”的“is”."""
    if what in nouns and " " in what:
        return nouns[what]
    if what.startswith("the ") and " of " not in what:
        return "文件最外层"
    each = what.startswith("each of ")
    parts = what.removeprefix("each of ").replace('" in ', '" of ').split(" of ")
    said = "的".join(_thing(part, nouns) for part in reversed(parts))
    return f"{said}的每一项" if each else said


def _thing(part: str, nouns: Mapping[str, str]) -> str:
    """stage "a", triage rule 3, the choices; else it is a key and stands as it is written."""
    found = _NAMED.fullmatch(part)
    if found is not None and found[1] in nouns:
        return f"第 {found[3]} 条{nouns[found[1]]}" if found[3] else f"{nouns[found[1]]}“{found[2]}”"
    phrase = part == "one" or part.startswith("the ")
    if phrase and part in nouns:
        return nouns[part]
    key = part.replace('"', "")
    return f"“{key}”"


def advice_on(text: str, line: int) -> tuple[str, str]:
    """What to do, in English and in Chinese."""
    lines = text.split("\n")
    here = lines[min(line, len(lines)) - 1]
    if "when:" in here:
        said = 'A condition with quotes, commas or brackets stands in double quotes: when: "..."'
        return said, '条件里有引号、逗号或括号的，要放在双引号里：when: "..."'
    if "\t" in here:
        return "Indent with spaces, not with tabs", "缩进请用空格，不要用制表符"
    said = "Look at the indent, the colons and the brackets of this line and the one before"
    return said, "请看这一行和上一行的缩进、冒号和括号"
