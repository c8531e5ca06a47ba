"""The lawful paths of a matter as a desk explains them to whoever came: moves the kernel offers, and what else the law
gives. Taking it on stands first; nothing here turns anybody away: to say “not ours” is no path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minqing.doors.counter.forms import Lang
from minqing.kernel.clock.laws import load_laws
from minqing.kernel.matters.matter import Duty
from minqing.kernel.matters.offers import Offer

Words = str | Promise
#: Moves that are paths, in the order they are shown: what each does, and the law it rests on ('' for the method alone).
_MOVES: dict[str, tuple[Words, Words]] = {
    "accept": (
        _("先接下来：由我们跟到底，办得了办不了都给答复"),
        _("如果是信访事项：《信访工作条例》第二十二条、第二十三条，15 日内登记、告知"),
    ),
    "settle": (_("当场能办的当场办好，记下结果；由没有经手的人回访"), ""),
    "whistle": (_("一家办不了的，请有关部门到场一起办"), ""),
    "refer": (
        _("交给有权处理的一级去办，来访的人不用再跑一趟"),
        _("如果是信访事项：《信访工作条例》第二十二条，登记后分类转送有权处理的单位"),
    ),
    "transfer": (
        _("交给管这件事的单位，由它接着办、接着答复"),
        _("如果是信访事项：《信访工作条例》第二十二条；有争议的由共同上级定（第二十四条）"),
    ),
    "guide": (
        _("该由法院、仲裁、行政复议处理的，书面告诉到哪里去、依据哪一条，并跟到那边接手"),
        _("如果是信访事项：《信访工作条例》第三十一条第一项至第五项"),
    ),
}  # fmt: skip
#: What may be told to whoever came, whatever their matter.
ALSO: tuple[tuple[Words, Words, Words], ...] = (
    (
        _("人民调解"),
        _("双方愿意就可以申请，不收费；调解协议生效之日起 30 日内可以一起向法院申请司法确认"),
        _("《人民调解法》第四条、第三十三条"),
    ),
    (
        _("仲裁、行政复议、诉讼"),
        _("该走这些途径的事，登记以后书面告知到哪里去；各有法定期限，提醒本人别错过"),
        _("《信访工作条例》第三十一条"),
    ),
    (
        _("支付令"),
        _("欠钱事实清楚、互相不欠的，可以向法院申请；对方收到后 15 日内还钱或者书面异议"),
        _("《民事诉讼法》第二百二十五条至第二百二十八条"),
    ),
    (
        _("检举、控告"),
        _("交给纪检监察机关；材料不给被检举的人和单位看"),
        _("《信访工作条例》第二十二条、第三十条"),
    ),
    (
        _("对信访处理意见不服"),
        _("收到书面意见后 30 日内可以请求复查；对复查意见不服的，30 日内可以请求复核"),
        _("《信访工作条例》第三十五条、第三十六条"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class LawfulPath:
    """One move, in the desk's words."""

    verb: str
    title: str
    said: str
    law: str


def law_of(duty: Duty | None) -> str:
    """The article on which the limit of a running duty rests; '' where it rests on the method alone."""
    law = load_laws().get(duty.law) if duty is not None else None
    return f"{law.article}（{law.title}）" if law is not None else ""


def paths_of(offers: Sequence[Offer], lang: Lang) -> list[LawfulPath]:
    """The paths among the offers."""
    there = {offer.verb: offer for offer in offers}
    return [
        LawfulPath(verb, there[verb].title_en if lang == "en" else there[verb].title_zh, str(said), str(law))
        for verb, (said, law) in _MOVES.items()
        if verb in there
    ]
