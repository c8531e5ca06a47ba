"""Pages that stay open: told of what comes in, drawn anew where nobody is choosing or typing, quiet in a hidden tab,
and plain about a server that does not answer. The browser's clock is moved; nothing here waits for real time."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, TimeoutError, expect
from tests.browser.conftest import Instance, Watch

ASKED = "/inbox/news"
LATER = "00:17"


def come_in(instance: Instance, title: str) -> str:
    """A concern that somebody reports meanwhile; its code."""
    told = {"title": title, "text": title, "place": instance.grids[0], "channel": "visit"}
    headers = {"Authorization": f"Bearer {instance.person('grid').token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{instance.base}/api/v1/matters", json.dumps(told).encode(), headers)
    ) as answer:
        return str(json.load(answer)["code"])


def opened(page: Page, path: str) -> list[int]:
    """The page, its clock in our hand; the list grows by the status of each answer to what it asks."""
    page.clock.install()
    answers: list[int] = []
    page.on("response", lambda one: answers.append(one.status) if urlsplit(one.url).path == ASKED else None)
    page.goto(path)
    return answers


def later(page: Page, by: str = LATER) -> None:
    """Moves the browser's clock on until the page asks: its timer may be set a moment after the answer before."""
    for _ in range(10):
        try:
            with page.expect_request(lambda one: urlsplit(one.url).path == ASKED, timeout=1_000):
                page.clock.fast_forward(by)
            break
        except TimeoutError:
            continue


def heard(page: Page, answers: list[int], wanted: list[int]) -> None:
    """Waits for the answer that is on its way."""
    for _ in range(100):
        if len(answers) >= len(wanted):
            break
        page.wait_for_timeout(50)
    assert answers == wanted


@pytest.mark.parametrize("path", ["/inbox", "/today"])
def test_what_comes_in_stands_on_the_page_without_a_reload(browser_as, instance: Instance, path: str) -> None:
    come_in(instance, "先有的一件")
    page = browser_as("village")
    answers = opened(page, path)
    page.evaluate("window.same = true")
    later(page)
    heard(page, answers, [204])
    code = come_in(instance, "井盖松动")
    later(page)
    expect(page.locator("#live").get_by_text(code, exact=True)).to_be_visible()
    expect(page.locator("[data-live-fresh]")).to_be_visible()
    assert page.evaluate("window.same"), "the page was not loaded again"
    later(page)
    heard(page, answers, [204, 200, 204])  # what is shown is not told again


def test_nothing_moves_under_what_is_ticked_until_it_is_asked_for(browser_as, instance: Instance) -> None:
    first = come_in(instance, "路灯不亮")
    page = browser_as("village")
    opened(page, "/inbox")
    page.locator(f"input[value='{first}']").check()
    code = come_in(instance, "水管漏水")
    later(page)
    bar = page.locator("[data-live-said] a")
    expect(bar).to_contain_text("有新的 1 件")
    assert page.locator("[data-live-said]").get_attribute("role") == "status"
    expect(page.locator("#live").get_by_text(code, exact=True)).to_have_count(0)
    bar.press("Enter")
    expect(page.locator("#live").get_by_text(code, exact=True)).to_be_visible()
    expect(page.locator(f"input[value='{first}']")).to_be_checked()
    expect(page.locator("[data-ticked]")).to_have_text("1")
    expect(bar).to_have_count(0)
    expect(page.locator("#live")).to_be_focused()


def test_what_is_being_typed_stays(browser_as, instance: Instance) -> None:
    page = browser_as("village")
    opened(page, "/inbox?late=1")
    page.get_by_text("存为我的常用").click()
    page.locator("#view-name").fill("我的超时")
    come_in(instance, "树倒了")
    later(page)
    expect(page.locator("[data-live-said] a")).to_be_visible()
    expect(page.locator("#view-name")).to_have_value("我的超时")
    expect(page.locator("#view-name")).to_be_focused()


def test_a_hidden_tab_asks_nothing_and_asks_at_once_when_it_is_looked_at(browser_as) -> None:
    page = browser_as("village")
    answers = opened(page, "/inbox")
    turn = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(turn, True)
    page.clock.fast_forward("05:00")
    page.wait_for_load_state("networkidle")
    assert answers == []
    with page.expect_response(lambda one: urlsplit(one.url).path == ASKED):
        page.evaluate(turn, False)
    heard(page, answers, [204])


def test_a_server_that_does_not_answer_is_told_asked_again_and_forgiven(browser_as, watch: Watch) -> None:
    page = browser_as("village")
    answers = opened(page, "/inbox")
    page.route(f"**{ASKED}*", lambda route: route.abort())
    lost = page.locator("[data-live-lost]")
    later(page)
    expect(lost).to_be_hidden()
    later(page, "00:06")
    expect(lost).to_be_visible()
    expect(lost).to_contain_text("连不上服务器")
    page.unroute(f"**{ASKED}*")
    later(page, "00:11")
    expect(lost).to_be_hidden()
    heard(page, answers, [204])


def test_whoever_was_signed_out_meanwhile_is_told_and_not_sent_away(browser_as) -> None:
    page = browser_as("village")
    opened(page, "/inbox")
    page.context.clear_cookies()
    later(page)
    expect(page.locator("[data-live-out]")).to_be_visible()
    assert page.url.endswith("/inbox")
