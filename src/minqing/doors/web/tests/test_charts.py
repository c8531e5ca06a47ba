"""A drawing says the same in its table as in the data its script gets, and neither says what is hidden."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

from minqing.doors.web.charts import Chart, Series
from minqing.doors.web.reception.two_weeks import chart_of
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import html_of
from minqing.doors.web.tests.test_matter import COUNTY
from minqing.insight.measures.day_by_day import OneDay
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.versions import current_method
from minqing.registers.regions.codes import parse_code

DAY = date(2026, 11, 1)


def figure_of(html: str, slug: str) -> str:
    (found,) = re.findall(rf'<figure class="chart" data-chart="chart-{slug}".*?</figure>', html, re.S)
    return str(found)


def data_of(html: str, slug: str) -> dict[str, Any]:
    (found,) = re.findall(rf'<script id="chart-{slug}" type="application/json">(.*?)</script>', html)
    told: dict[str, Any] = json.loads(found)
    return told


def test_the_brief_draws_its_days_and_tells_them_in_a_table(pages: Pages) -> None:
    made = [Concern(parse_code(pages.grids[0]), channel="window", title="灯", text="村口路灯不亮")] * 6
    report(made, current_method("wushan-three-rests"))
    html = html_of(pages.as_(COUNTY), "/reception/brief")
    figure = figure_of(html, "days")
    told = data_of(html, "days")
    came = told["series"][0]
    assert came["title"] == "收到" and came["counts"][-1] == 6 and len(came["counts"]) == 14
    last = figure.split("<tr>")[-1]
    assert last.count('<td class="text-end">') == 3 and '<td class="text-end">6</td>' in last
    assert "<details open>" in figure, "without script the table is there to be read"
    assert re.search(r'<div class="chart-shown" hidden>', figure) and "最近 14 天" in figure
    assert not re.search(r'style="|<script(?! id="chart)', figure)


def test_only_a_page_with_a_chart_asks_for_the_drawing_and_none_for_the_library(pages: Pages) -> None:
    brief, today = (html_of(pages.as_(COUNTY), path) for path in ("/reception/brief", "/today"))
    assert re.search(r'<script src="[^"]*web/chart[^"]*" data-library="[^"]*echarts[^"]*" defer>', brief)
    assert 'src="/static/vendor/echarts' not in brief
    assert "echarts" not in today and "web/chart" not in today


def test_a_place_below_the_towns_does_not_draw_how_few_came_in() -> None:
    days = [OneDay(DAY + timedelta(n), *counts) for n, counts in enumerate(((3, 7, 2), (0, 4, 0), (5, 0, 0)))]
    village = chart_of(days, few=True)
    assert [one.counts for one in village.series] == [(None, 0, 5), (7, None, 0), (2, 0, 0)]
    assert next(iter(village.rows())) == ("11-01", "—", "7", "2") and "不到 5 件" in village.note
    assert 3 not in village.data()["series"][0]["counts"]
    town = chart_of(days, few=False)
    assert [one.counts for one in town.series] == [(3, 0, 5), (7, 4, 0), (2, 0, 0)] and not town.note


def test_where_nothing_is_to_be_drawn_there_is_only_the_table() -> None:
    assert not Chart("x", "x", "日", ("a", "b"), (Series("y", (0, None)),)).drawn
    assert Chart("x", "x", "日", ("a", "b"), (Series("y", (0, 1)),)).drawn
