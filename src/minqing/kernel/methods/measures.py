"""The measures that files may publish, by name only, and what good is: up, down or neither.

How they are counted stands with those who count them (insight). What is `neither` is shown and never has a target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Good = Literal["up", "down", "neither"]


@dataclass(frozen=True)
class MeasureKind:
    """A measure: its names and which way is better. `people`: it counts what people answered, not what offices did."""

    zh: str
    en: str
    good: Good
    people: bool = False


MEASURES: Mapping[str, MeasureKind] = {
    "on_time": MeasureKind("按时办结率", "duties done on time", "up"),
    "late": MeasureKind("超期率", "duties done late or open and late", "down"),
    "closed_out": MeasureKind("销号率", "matters closed", "up"),
    "satisfied": MeasureKind("回访满意率", "closed satisfied, of those called back", "up", people=True),
    "answered": MeasureKind("书面答复办结率", "closed answered, not satisfied", "neither", people=True),
    "not_reached": MeasureKind("回访未联系上率", "closed with the reporter not reached", "neither", people=True),
    "not_called": MeasureKind("未回访率", "closed without a call, by sampling or wish", "neither", people=True),
    "verified": MeasureKind("现场核实办结率", "closed on another person's look", "neither"),
    "guided": MeasureKind("引导法定途径率", "led into the procedure of law", "neither"),
    "ends": MeasureKind("六种办结方式占比", "shares of the six ends", "neither", people=True),
    "returned": MeasureKind("回访退回率", "called back unsatisfied and returned", "neither", people=True),
    "reopened": MeasureKind("重开率", "reopened after the close", "neither"),
    "settled_by_stage": MeasureKind("各环节办结占比", "where matters were settled, by stage", "neither"),
    "settled_by_level": MeasureKind("各层级办结占比", "where matters were settled, by level", "neither"),
    "report_in_on_time": MeasureKind("吹哨按时报到率", "whistles answered by a report-in on time", "up"),
    "dual_attendance": MeasureKind("双到场率", "whistles with both sides attending", "up"),
    "coverage": MeasureKind("走访覆盖率", "households visited, of all", "up"),
    "visits": MeasureKind("走访次数", "visits", "neither"),
    "handling_time": MeasureKind("平均办理时长", "time from report to close", "down"),
}

#: Counts that a place could push down by silencing people: never a measure with a direction.
NEVER_BETTER: Mapping[str, str] = {
    "petitions": "petitions",
    "repeat_petitions": "petitions",
    "petition_rate": "petitions",
    "complaints": "complaints",
    "complaint_rate": "complaints",
    "police_calls": "police calls",
    "reports": "reports",
    "matters": "reports",
    "suits": "suits",
    "escalated": "matters raised a level",
}
