"""A thousand letters, one PDF each, anchored to bare sheets of the same typesetter in the same run.

The letters are made up; each says other words, so that none is set from what the compiler still knows of the last one.
The anchor sets one line on a sheet in the same face: what typst takes for a PDF of one page, whatever stands on it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from minqing.tools.letters.typesetting import SERIF, typesetter
from minqing.tools.letters.values import Letter, Section

LETTERS = 1_000
_TURNS = 4  # letters and sheets in turn: a machine that slows down slows both
_DAY = date(2026, 1, 1)
_SHEET = "#set text(font: json(bytes(sys.inputs.told)).fonts)\n#text(json(bytes(sys.inputs.told)).line)\n"


def measure() -> dict[str, object]:
    """{"letters_per_s"}: the figure, and in `raw` the sheets a second, the ratio, and how large a letter is (bytes)."""
    setter, size, took = typesetter(), 0, {"letters": 0.0, "sheets": 0.0}
    with TemporaryDirectory() as folder:
        sheet = _sheets(Path(folder))
        setter.pdf(_letter(0))  # the first of a process finds its fonts
        sheet(0)
        for turn in range(_TURNS):
            some = range(turn * LETTERS // _TURNS + 1, (turn + 1) * LETTERS // _TURNS + 1)
            took["letters"] += _seconds(lambda number: setter.pdf(_letter(number)), some)
            took["sheets"] += _seconds(sheet, some)
        size = len(setter.pdf(_letter(LETTERS)))
    letters, sheets = LETTERS / took["letters"], LETTERS / took["sheets"]
    raw = {"letters": LETTERS, "sheets_per_s": round(sheets, 1), "ratio": round(letters / sheets, 3), "bytes": size}
    return {"letters_per_s": {"value": round(letters, 1), "raw": raw}}


def _seconds(step: Callable[[int], object], numbers: range) -> float:
    began = time.perf_counter()
    for number in numbers:
        step(number)
    return time.perf_counter() - began


def _sheets(folder: Path) -> Callable[[int], object]:
    """A compiler kept for one-line sheets, as the typesetter keeps those of its papers."""
    place = folder / "sheet.typ"
    place.write_text(_SHEET, encoding="utf-8")
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    compiler = typst.Compiler(place, root=folder, font_paths=fonts)
    family = [name for name in SERIF if name in fonts.families()]

    def set_one(number: int) -> object:
        told = json.dumps({"fonts": family, "line": f"第 {number} 张"}, ensure_ascii=False)
        return compiler.compile(sys_inputs={"told": told}, format="pdf")

    return set_one


def _letter(number: int) -> Letter:
    """A letter as a matter's: its code, the way it went, where else one may turn."""
    steps = tuple(f"2026年{step}月{number % 28 + 1}日　演示{number % 97}村办理到第 {step} 步" for step in range(1, 8))
    return Letter(
        "办理结果告知书", f"编码 {number:06d}", "反映人：", f"您反映的第 {number} 件事项，现将办理结果告知如下。",
        (("事项编码", f"{number:06d}"), ("事情所在地", f"演示{number % 97}村"), ("结果", "已报告办好，等待回访")),
        (
            Section("一、办了什么", (), steps),
            Section("二、您不满意怎么办", ("接下来会有人向您回访，回访的人不是办理的人。没有办好，请照实说。",)),
            Section("三、还有哪些途径", ("不影响您依法走其他途径：可以申请调解、仲裁，也可以向人民法院起诉。",)),
        ),
        f"演示{number % 97}村", _DAY + timedelta(days=number % 300), "本单不写反映内容，也不写查询密码；请保管好编码。",
    )  # fmt: skip
