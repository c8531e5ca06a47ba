"""Made-up words for made-up matters: a title and a text by category, and what desks write along. All marked 演示.

The templates stand in data/texts.yaml. They name no person and hold no number that could be somebody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

import yaml

TEMPLATES = Path(__file__).parent / "data" / "texts.yaml"
MARK = "（演示）"
CONDUCT = "order/conduct"

_SPOTS = ("村口", "老街", "桥头", "祠堂边", "文化礼堂旁", "上半村", "下半村", "溪边", "小学旁", "卫生室旁", "停车场",
          "晒场边", "后山脚", "水口", "公交站旁", "菜场旁", "村委会旁", "新区", "老宅区", "茶山上")  # fmt: skip
_TIMES = ("两天", "三四天", "一个星期", "十来天", "半个月", "大半天", "一晚上", "好几回", "快一个月", "两三个小时")
_FOUND = ("巡查时发现：", "走访时看到：", "网格巡查发现：")

#: What is written along with a verb.
_SAID: Mapping[str, tuple[str, ...]] = {
    "note": ("已到现场看过，正在联系有关方面。", "和反映人通了话，说明了办理步骤。", "约好明天上午再到现场。",
             "材料已经收齐，等下一步协商。", "双方都愿意谈，约在村委会见面。", "施工队已经排期。"),
    "answer": ("已派人到场，问题属实，已经处理。", "经查属本部门职责，已安排维修。", "已与乡镇会商，按方案办理。"),
    "waive": ("对方已口头答复，不再等书面材料。", "情况已经清楚，不必再等。"),
    "reopen": ("办好以后又出现同样的情况，请再看看。", "还有一处没有办好。"),
    "withdraw": ("事情自己解决了，不用再办。", "已经和对方说好，撤回。"),
    "arrive": ("已到现场。", "人员已到位，正在了解情况。"),
}  # fmt: skip
_ELSE = ("按规定办理。", "已按程序办理并告知反映人。", "情况已核实。")


@cache
def templates() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Category (or emergency/SLUG) -> its titles and texts."""
    read = yaml.safe_load(TEMPLATES.read_text("utf-8"))
    return {category: tuple((title, text) for title, text in pairs) for category, pairs in read.items()}


def categories() -> dict[str, float]:
    """How often each category comes, by how many templates it has."""
    return {name: float(len(found)) for name, found in templates().items() if not name.startswith("emergency/")}


def concern(category: str, emergency: str, village: str, found: bool, chance: Random) -> tuple[str, str]:
    """A title and a text; `found` by a patrol or a device: nobody reported it."""
    known = templates()
    pairs = known.get(f"emergency/{emergency}") or known.get(category) or known[CONDUCT]
    title, text = chance.choice(pairs)
    for slot, word in (("{村}", village), ("{处}", chance.choice(_SPOTS)), ("{时}", chance.choice(_TIMES))):
        text = text.replace(slot, word)
    return title + MARK, (chance.choice(_FOUND) if found else "") + text + MARK


def said(verb: str, chance: Random) -> str:
    """What a desk writes along with a verb."""
    return chance.choice(_SAID.get(verb, _ELSE)) + MARK
