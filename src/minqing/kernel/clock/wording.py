"""The words of the sentence chain in both languages. Numbers are written so that a program can read them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from minqing.kernel.clock.budgets import Budget, budget_en, budget_zh
from minqing.kernel.clock.course import End

Lang = Literal["zh", "en"]

_ZH = {
    "rule_m": "期限{budget}，自{start}起连续计算，昼夜、节假日都计入。",
    "rule_h": "期限{budget}，自{start}起连续计算，昼夜、节假日都计入。",
    "rule_wh": "期限{budget}，自{start}起，只计工作日的上班时间（{hours}）。",
    "rule_d": "期限{budget}，自{start}起算，当日不计入，从{first}开始数，最后一日24:00届满。",
    "rule_wd": "期限{budget}，自{start}起算，当日不计入，从{first}开始数，只数工作日。",
    "rule_mo": "期限{budget}，自{start}起算，当日不计入，到期月的对应日届满，没有对应日的以月末为准。",
    "rule_y": "期限{budget}，自{start}起算，当日不计入，到期年的对应日届满，没有对应日的以月末为准。",
    "extended": "延长{budget}{reason}。",
    "together": "连同延长，期限为{legs}。",
    "paused": "{start}至{end}暂停计时{reason}。",
    "held": "{start}起暂停计时{reason}，尚未恢复；恢复以前，下面的到期时间只是最早的时间。",
    "off": "其间放假：{days}。",
    "made_up": "其间调休上班：{days}。",
    "more": "，另有{count}段",
    "seconds": "自{start}至{end}共{passed}：计入{counted}{paused}。",
    "working_hours": "{parts}，共{passed}{paused}。",
    "full_days": "其间{count}个工作日各计{length}",
    "gave": "{day}计{length}",
    "days": "自{first}至{last}共{passed}日：计入{counted}日{rest}{paused}。",
    "days_wd": "自{first}至{last}共{passed}日：计入工作日{counted}日{rest}{paused}。",
    "less_rest": "，休息日{amount}日不计",
    "less_paused_days": "，暂停{amount}日不计",
    "less_paused": "，其中暂停{amount}不计",
    "stays": "最后一日{last}是法定休假日（{name}），本期限不顺延。",
    "rolls": "最后一日{last}是法定休假日（{name}），顺延到休假日后的第一日{day}。",
    "provisional": "{years}年放假安排尚未公布，暂按周一至周五上班推算，公布后重新计算。",
    "due": "到期：{moment}。",
}
_EN = {
    "rule_m": "{budget} from {start}, day and night, holidays included.",
    "rule_h": "{budget} from {start}, day and night, holidays included.",
    "rule_wh": "{budget} from {start}, only within the working hours ({hours}) of working days.",
    "rule_d": "{budget} from {start}: that day is not counted, the first is {first}, the last ends at 24:00.",
    "rule_wd": "{budget} from {start}: that day is not counted, the first is {first}, only working days count.",
    "rule_mo": "{budget} from {start}: that day is not counted; ends on the same date, or the last day of the month.",
    "rule_y": "{budget} from {start}: that day is not counted; ends on the same date, or the last day of the month.",
    "extended": "Extended by {budget}{reason}.",
    "together": "With what was added the budget is {legs}.",
    "paused": "Paused from {start} to {end}{reason}.",
    "held": "Paused since {start}{reason} and not resumed: until then the due time below is the earliest.",
    "off": "Holidays passed: {days}.",
    "made_up": "Make-up working days passed: {days}.",
    "more": ", and {count} more",
    "seconds": "From {start} to {end}: {passed}, {counted} counted{paused}.",
    "working_hours": "{parts}: {passed} in all{paused}.",
    "full_days": "{count} working days in between with {length} each",
    "gave": "{day} gives {length}",
    "days": "From {first} to {last}: {passed} days, {counted} counted{rest}{paused}.",
    "days_wd": "From {first} to {last}: {passed} days, {counted} working days counted{rest}{paused}.",
    "less_rest": ", {amount} rest days not counted",
    "less_paused_days": ", {amount} paused days not counted",
    "less_paused": ", {amount} of it paused and not counted",
    "stays": "The last day {last} is a holiday ({name}); this time does not move.",
    "rolls": "The last day {last} is a holiday ({name}); it moves to the first day after it, {day}.",
    "provisional": "The holidays of {years} are not decreed yet: Monday to Friday is assumed, to be reckoned again.",
    "due": "Due: {moment}.",
}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FESTIVALS_EN = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "国庆节": "National Day",
    "中秋节": "Mid-Autumn Festival",
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": "70th anniversary of the victory of 1945",
}  # fmt: skip  (a county's own names are shown as they are)


def festival_said(name: str, lang: str) -> str:
    """What a festival is called; one that a county named itself is told as it is."""
    return _FESTIVALS_EN.get(name, name) if lang == "en" else name


@dataclass(frozen=True)
class Words:
    """How a language writes days, moments, lengths and names."""

    lang: Lang
    templates: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        return self.templates[key].format(**values)

    def budget(self, budget: Budget) -> str:
        return budget_zh(budget) if self.lang == "zh" else budget_en(budget)

    def join(self, parts: list[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def day(self, day: dt.date) -> str:
        if self.lang == "zh":
            return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS_ZH[day.weekday()]}）"
        return f"{day.isoformat()} ({_WEEKDAYS_EN[day.weekday()]})"

    def moment(self, moment: dt.datetime) -> str:
        return f"{self.day(moment.date())}{' ' if self.lang == 'en' else ''}{_clock(moment)}"

    def end(self, end: End) -> str:
        """A due moment: the end of a day is written as its 24:00."""
        if end.moment.toordinal() == end.day:
            return self.moment(end.moment)
        return f"{self.day(dt.date.fromordinal(end.day))}{' ' if self.lang == 'en' else ''}24:00"

    def because(self, reason: str) -> str:
        """The reason in brackets, where there is one."""
        if not reason:
            return ""
        return f"（{reason}）" if self.lang == "zh" else f" ({reason})"

    def gave(self, day: int, microseconds: int) -> str:
        length = self.length(dt.timedelta(microseconds=microseconds))
        return self.say("gave", day=self.day(dt.date.fromordinal(day)), length=length)

    def length(self, length: dt.timedelta) -> str:
        """`26小时5分`, `26 h 5 min`: hours are not folded into days."""
        minutes, rest = divmod(length, dt.timedelta(minutes=1))
        hours, minutes = divmod(minutes, 60)
        seconds = f"{rest.total_seconds():.6f}".rstrip("0").rstrip(".")
        units = ("小时", "分", "秒") if self.lang == "zh" else (" h", " min", " s")
        parts = [f"{n}{unit}" for n, unit in zip((hours, minutes, seconds), units, strict=True) if n not in (0, "0")]
        return ("" if self.lang == "zh" else " ").join(parts) or f"0{units[2]}"

    def stretch(self, first: dt.date, last: dt.date, name: str | None) -> str:
        until = "" if first == last else f"{'至' if self.lang == 'zh' else ' to '}{self.day(last)}"
        named = self.holiday(name, own=True)
        return f"{self.day(first)}{until}{named}" if self.lang == "zh" else f"{self.day(first)}{until} {named}"

    def holiday(self, name: str | None, own: bool = False) -> str:
        """The festival; without a name a county's own day, or a weekend."""
        if name is not None:
            return name if self.lang == "zh" else _FESTIVALS_EN.get(name, name)
        if self.lang == "zh":
            return "本地安排" if own else "周末"
        return "own day" if own else "weekend"

    def years(self, years: list[int]) -> str:
        return str(years[0]) if len(years) == 1 else f"{years[0]}{'至' if self.lang == 'zh' else ' to '}{years[-1]}"


def _clock(moment: dt.datetime) -> str:
    text = f"{moment.hour:02}:{moment.minute:02}"
    if moment.microsecond:
        return f"{text}:{moment.second:02}.{moment.microsecond:06}"
    return f"{text}:{moment.second:02}" if moment.second else text


WORDS: Mapping[Lang, Words] = {"zh": Words("zh", _ZH), "en": Words("en", _EN)}
