"""From a waiting message to the words that leave: only of the matter as it stands, in the sentences of `wording`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from minqing.base.moments import in_china
from minqing.kernel.matters.reading import Stored
from minqing.registers.regions.rules import Cast
from minqing.tools.notice.ports import contacts
from minqing.tools.notice.rows import Queued
from minqing.tools.notice.settings_file import Settings
from minqing.tools.notice.wording import by_when, digest, fill_resident, fill_staff, pick, until_when


@dataclass(frozen=True)
class Words:
    """A subject (mail only; it names the county, never the matter's kind) and a text."""

    subject: str
    text: str


def resident_message(one: Queued, stored: Stored, cast: Cast, chosen: Settings, now: datetime) -> Words:
    """What a reporter reads. The secret goes with the receipt alone, and never to what may be a shared phone."""
    matter, lang = stored.matter, chosen.language
    sensitive = stored.sensitivity >= 1
    unit = int(one.told.get("unit", matter.holder))  # whom the event named; else who has it now
    duty = matter.stage_duty() if unit == matter.holder else None
    gaps = {
        "code": one.code,
        "unit": cast.names.get(unit) or pick(("上级单位", "the level above"), lang),
        "by": by_when(duty.due if duty is not None else None, now, lang),
        "back": _call_us(chosen) if one.kind == "not-reached" else "",
        "letter": one.told.get("letter", ""),
        "until": until_when(matter.reopen_until, now, lang),
        "secret": contacts().secret(one.code) if one.kind == "receipt" and not sensitive else "",
        "site": chosen.site,
        "phone": chosen.phone,
        "from": chosen.sender,
    }
    text = fill_resident(one.kind, matter.end, sensitive, gaps, lang)
    subject = pick(("服务通知", "Service notice") if sensitive else ("{from}通知", "{from}: notice"), lang)
    return Words(subject.format_map({"from": chosen.sender}), text)


def _call_us(chosen: Settings) -> str:
    if not chosen.phone:
        return ""
    return pick((f"，您也可以回拨 {chosen.phone}", f"; you can also call {chosen.phone}"), chosen.language)


def unit_message(told: Sequence[Queued], chosen: Settings, now: datetime) -> Words:
    """What a unit reads at its work address: codes and times; whoever wants more looks into the matter."""
    lines = []
    for one in told:
        due = in_china(datetime.fromisoformat(one.told["due"])) if "due" in one.told else None
        gaps = {"code": one.code, "by": by_when(due, now, chosen.language), "letter": one.told.get("letter", "")}
        lines.append(fill_staff(one.kind, gaps, chosen.language))
    return Words(lines[0] if len(lines) == 1 else pick(("事项提醒", "matters"), chosen.language),
                 digest(lines, chosen.sender, chosen.language))  # fmt: skip
