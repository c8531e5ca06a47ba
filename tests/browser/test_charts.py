"""A chart in a real browser: drawn after the page under the strict policy, in the look of the page, as wide as it may
be, on paper; where nothing can be drawn its table stands open. Pages without a chart never ask for the library."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESK, PHONE, Instance, Watch

PATH = "/reception/brief"
#: The colours of the drawing.
_SEEN = """() => {
  const canvas = document.querySelector("figure.chart canvas");
  const told = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data, colours = new Set();
  for (let at = 0; at < told.length; at += 4) if (told[at + 3] > 200) colours.add(told.slice(at, at + 3).join());
  return [...colours];
}"""


@pytest.fixture(scope="module", autouse=True)
def _came_in(instance: Instance) -> None:
    """Two lamps that were reported today."""
    for _ in range(2):
        told = {"title": "路灯不亮", "text": "村口路灯不亮", "place": instance.grids[0], "channel": "visit"}
        asked = urllib.request.Request(
            f"{instance.base}/api/v1/matters", json.dumps(told).encode(),
            {"Authorization": f"Bearer {instance.person('grid').token}", "Content-Type": "application/json"},
        )  # fmt: skip
        urllib.request.urlopen(asked).close()


def drawn(page: Page, look: str = "light") -> list[str]:
    """The colours of the drawing, once it stands in that look."""
    figure = page.locator(f"figure.chart[data-drawn={look}]")
    page.locator("figure.chart").scroll_into_view_if_needed()
    figure.wait_for()
    return list(page.evaluate(_SEEN))


def asked_for(page: Page) -> list[str]:
    """What the page asks for, from now on."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    return asked


def test_a_chart_is_drawn_and_follows_the_look_of_the_page(browser_as) -> None:
    page = browser_as("county")
    page.goto(PATH)
    light = drawn(page)
    assert "27,95,168" in light, "the blue of light pages"
    expect(page.locator("figure.chart details")).not_to_have_attribute("open", "")
    page.locator("[data-look=dark]").click()
    dark = drawn(page, "dark")
    assert "143,189,243" in dark and "27,95,168" not in dark


def test_a_chart_is_as_wide_as_a_phone_lets_it_and_tells_what_is_pointed_at(browser_as) -> None:
    page = browser_as("county", PHONE)
    page.goto(PATH)
    drawn(page)
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(
            "() => { const box = document.querySelector('.chart-box');"
            " return Math.abs(box.querySelector('canvas').clientWidth - box.clientWidth) < 2 }"
        )
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    box = page.locator(".chart-box").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    expect(page.locator(".chart-said")).to_contain_text("收到 2")


def test_the_library_comes_after_the_page_and_only_where_there_is_a_chart(browser_as) -> None:
    page = browser_as("county")
    asked = asked_for(page)
    page.goto("/today")
    page.wait_for_load_state("networkidle")
    assert not [one for one in asked if "echarts" in one or "web/chart" in one]
    page.add_init_script("addEventListener('load', () => { window.atLoad = Boolean(window.echarts) })")
    page.goto(PATH)
    drawn(page)
    assert page.evaluate("window.atLoad") is False
    assert [one for one in asked if "echarts" in one]


def test_a_chart_on_paper_is_light_and_fits_the_sheet(browser_as) -> None:
    page = browser_as("county", dark=True)
    page.goto(PATH)
    drawn(page, "dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert "27,95,168" in drawn(page)
    assert page.evaluate("document.querySelector('figure.chart canvas').clientWidth") == 640
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert "143,189,243" in drawn(page, "dark")


def test_where_the_library_does_not_come_the_table_stands_open(browser_as, watch: Watch) -> None:
    page = browser_as("county")
    page.route("**/vendor/echarts*", lambda route: route.abort())
    page.goto(PATH)
    expect(page.locator("figure.chart details")).to_have_attribute("open", "")
    expect(page.locator(".chart-shown")).to_be_hidden()
    script_less = browser_as("county", script=False)
    script_less.goto(PATH)
    expect(script_less.locator("figure.chart table")).to_be_visible()
    expect(script_less.locator(".chart-shown")).to_be_hidden()
