"""Words of pages for values that come without a title of their own: channels, places, categories."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from minqing.registers.regions.codes import Region, is_key, level_of, lineage
from minqing.registers.regions.queries import known_places
from minqing.tools.text.suggestion import UNSORTED
from minqing.tools.text.tree import our_tree

#: How a concern came in: slug and title, in the order in which a desk meets them.
CHANNELS = (
    ("phone", _("打到单位的电话")),
    ("window", _("上门、窗口")),
    ("visit", _("走访时听到")),
    ("patrol", _("巡查时看到")),
    ("chat", _("群聊、微信")),
    ("letter", _("来信")),
    ("hotline", _("热线转来")),
    ("web", _("网上、扫码")),
    ("import", _("表格导入")),
)


#: Those that no desk chooses, though matters come by them.
_OTHERS = (
    ("grid", _("网格员上报")),
    ("qr", _("扫码")),
    ("12345", _("12345 热线")),
    ("petition", _("信访转来")),
    ("police", _("110 转来")),
    ("wechat", _("微信小程序、公众号")),
    ("device", _("设备报警")),
)
KNOWN_CHANNELS = CHANNELS + _OTHERS


def channel_title(slug: str) -> str:
    """What a channel is called; a program's own keeps its slug."""
    return str(dict(KNOWN_CHANNELS).get(slug, slug))


def place_title(place: Region) -> str:
    """A grid with its village, for every village has a first one; '' for a place on no register."""
    areas = lineage(place)[:2] if is_key(place) and level_of(place) == "grid" else (place,)
    known = known_places(areas)
    return " ".join(known[area].name for area in reversed(areas) if area in known)


def category_title(path: str, lang: str) -> str:
    """A category with its class: 水电气暖讯／供水. One of a tree that the county brought is its own title."""
    if path == UNSORTED:
        return str(_("还没有归类"))
    tree = our_tree()
    if lang != "en":
        return tree.title(path)
    steps = path.split("/")
    known = [tree.categories.get("/".join(steps[: n + 1])) for n in range(len(steps))]
    return " / ".join(one.en or one.zh if one is not None else step for one, step in zip(known, steps, strict=True))


def categories(lang: str) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Every category, by the title of its class."""
    found: dict[str, list[tuple[str, str]]] = {}
    for leaf in our_tree().leaves():
        title = leaf.en if lang == "en" and leaf.en else leaf.zh
        found.setdefault(category_title(leaf.path.partition("/")[0], lang), []).append((leaf.path, title))
    return found.items()
