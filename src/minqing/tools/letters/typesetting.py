"""Sets a paper with typst: a template of `papers/` and the value as data become a PDF, or a picture of a page.

Nothing that somebody wrote is ever read as markup: the value goes in as JSON, of which templates only set the text.
Templates fetch nothing. The same value gives the same bytes: the day that a PDF says it was made on is the paper's.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from minqing.base.errors import NotReady
from minqing.tools.letters.coverage import covers
from minqing.tools.letters.values import Brief, Letter, Paper

PAPERS = Path(__file__).with_name("papers")
_TEMPLATES: Mapping[type[Paper], str] = {Letter: "letter.typ", Brief: "brief.typ"}
#: Families that hold all characters of GB 2312 and more, the first that is installed; each may stand in for the other.
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC")
_NO_FONT = (
    "这台机器没有中文字体，生成不了文件：请管理员安装 fonts-noto-cjk（例如 apt-get install fonts-noto-cjk）后重启服务"
    "（no Chinese font here: install the package fonts-noto-cjk, then restart）"
)
_NO_LETTER = frozenset({"Co", "Cs", "Cn"})  # private (whatever a font draws there), unpaired, not given out
_LETTERS_KEPT = 8192  # characters looked up once: more than papers of a county use
_NO_TYPE = "〓"  # what printers set where they have no type: no name becomes another by a character left out
_CHOOSERS = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])  # choose a form of the letter before them


class Typesetter:
    """Sets papers with the fonts of one machine; a compiler a template is kept, for the first paper costs the most."""

    def __init__(self, fonts: typst.Fonts) -> None:
        self._families = _families(fonts.families())
        self._fonts = fonts
        self._files = _files(fonts, self._families["serif"])
        self._compilers: dict[str, typst.Compiler] = {}
        self._shown = lru_cache(_LETTERS_KEPT)(self._printed)
        self._one_at_a_time = Lock()  # a compiler sets one paper at a time; requests come in several threads

    def pdf(self, paper: Paper) -> bytes:
        """The paper as PDF."""
        return self._set(paper, format="pdf")[0]

    def pictures(self, paper: Paper, ppi: int = 96) -> list[bytes]:
        """The pages as PNG, for looking at."""
        return self._set(paper, format="png", ppi=ppi)

    def _set(self, paper: Paper, **wanted: Any) -> list[bytes]:
        told = {"paper": self._plain(asdict(paper)), "fonts": self._families}
        made = int(datetime.combine(paper.day, time(), UTC).timestamp())
        with self._one_at_a_time:
            compiler = self._compiler(_TEMPLATES[type(paper)])
            done = compiler.compile(sys_inputs={"told": json.dumps(told, ensure_ascii=False)}, timestamp=made, **wanted)
        return done if isinstance(done, list) else [done or b""]

    def _plain(self, told: Any) -> Any:
        """The value as JSON takes it, with a sign for every character that would not be printed."""
        if isinstance(told, dict):
            return {name: self._plain(value) for name, value in told.items()}
        if isinstance(told, list | tuple):
            return [self._plain(value) for value in told]
        if isinstance(told, date):
            return f"{told.year}年{told.month}月{told.day}日"
        if isinstance(told, str):
            return "".join(map(self._shown, told))
        return told

    def _printed(self, one: str) -> str:
        """A character as it is printed: itself, nothing for what only steers (control, direction), else the sign."""
        kind = unicodedata.category(one)
        if kind in ("Cc", "Cf"):
            return one if one == "\n" else ""
        if one.isspace() or ord(one) in _CHOOSERS:
            return one
        if kind in _NO_LETTER or (kind == "So" and ord(one) > 0xFFFF):  # drawings (emoji)
            return _NO_TYPE
        return one if any(covers(path, index, one) for path, index in self._files) else _NO_TYPE

    def _compiler(self, template: str) -> typst.Compiler:
        if template not in self._compilers:
            self._compilers[template] = typst.Compiler(
                PAPERS / template, root=PAPERS, font_paths=self._fonts, package_path=PAPERS, package_cache_path=PAPERS
            )
        return self._compilers[template]


@cache
def typesetter() -> Typesetter:
    """That of this machine; raises NotReady where it has no Chinese font."""
    return Typesetter(typst.Fonts(include_system_fonts=True, include_embedded_fonts=False))


def _families(installed: Sequence[str]) -> dict[str, list[str]]:
    """What templates set in: never a font without Chinese, which would print boxes."""
    serif, sans = ([name for name in wanted if name in installed] for wanted in (SERIF, SANS))
    if not serif and not sans:
        raise NotReady(_NO_FONT)
    return {"serif": serif + sans, "sans": sans + serif}


def _files(fonts: typst.Fonts, families: Sequence[str]) -> list[tuple[str, int]]:
    """The files of these families, then one font of each other file, from which typst takes what they lack."""
    every = fonts.fonts()
    ours = [(str(one.path), one.index) for name in families for one in every if one.family == name]
    return list(dict.fromkeys(ours)) + list({str(one.path): (str(one.path), one.index) for one in every}.values())
