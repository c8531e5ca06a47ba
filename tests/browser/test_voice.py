"""A resident says what happened instead of writing it; a desk hears it. The microphone is one the browser makes up."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.browser.conftest import PHONE, Instance

HEARD = """async (audio) => {
    if (!(audio.duration > 0)) await new Promise(done => audio.onloadedmetadata = done);
    return audio.duration;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser with a microphone that beeps, and that nobody has to allow."""
    place = os.environ.get("MINQING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert place, "没有浏览器：请先 apt-get install chromium（install chromium first）"
    media = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=place, args=["--no-sandbox", "--disable-background-networking", *media]
        )
        yield browser
        browser.close()


def recorded(page: Page, seconds: float = 1.5) -> None:
    """A recording of that length, as a person makes it."""
    page.locator("[data-record]").click()
    expect(page.locator("[data-voice] [data-said]")).to_have_text("正在录音，请说话")
    page.wait_for_timeout(seconds * 1000)
    page.locator("[data-record]").click()
    expect(page.locator("[data-taken]")).to_be_visible()


def test_what_is_sent_while_it_records_does_not_go_off_without_the_voice(instance: Instance, browser_as) -> None:
    page = browser_as("", PHONE)
    page.goto(f"/report/{instance.grids[0]}")
    page.evaluate("() => { BaseAudioContext.prototype.decodeAudioData = () => Promise.reject(new Error('no')); }")
    page.locator("#text").fill("村口路灯不亮")
    page.locator("[data-record]").click()
    expect(page.locator("[data-voice] [data-said]")).to_have_text("正在录音，请说话")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[data-voice] [data-said]")).to_contain_text("没有录成")
    page.wait_for_timeout(500)
    assert "/report/" in page.url and page.locator("#text").input_value() == "村口路灯不亮"


def test_what_a_resident_says_is_heard_at_the_desk(instance: Instance, browser_as) -> None:
    page = browser_as("", PHONE)
    page.goto(f"/report/{instance.grids[0]}")
    recorded(page)
    assert 1 < page.locator("audio.heard").evaluate(HEARD) < 4
    page.locator("[data-drop]").click()
    expect(page.locator("[data-taken]")).to_be_hidden()
    assert page.locator("[data-voice-file]").evaluate("one => one.files.length") == 0
    recorded(page)
    page.locator("#phone").fill("不是号码")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#phone-fault")).to_be_visible()
    assert page.locator("[data-voice-file]").evaluate("one => one.files.length") == 1  # it is there still
    page.locator("#phone").fill("13800000000")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/receipt")
    code = page.locator(".key").first.inner_text()

    desk = browser_as("village")  # who has it
    desk.goto(f"/matters/{code}")
    expect(desk.locator("h1")).to_contain_text("语音反映")
    desk.get_by_text("查看其中一项").click()
    form = desk.locator("#sealed-part form")
    chosen = form.locator("label", has_text=re.compile("录音 [12] 秒"))
    if chosen.count():
        chosen.first.click()
    else:
        form.locator("select").select_option(label=form.locator("option", has_text="录音").first.inner_text())
    form.locator("[name=reason]").fill("听反映的内容")
    form.get_by_role("button").last.click()
    heard = desk.locator("#sealed-part audio")
    expect(heard).to_be_visible()
    assert 1 < heard.evaluate(HEARD) < 4


def test_it_is_recorded_as_long_as_the_button_is_held(instance: Instance, browser_as) -> None:
    page = browser_as("", PHONE)
    page.goto(f"/report/{instance.grids[0]}")
    page.locator("[data-record]").scroll_into_view_if_needed()
    page.locator("[data-record]").hover()
    page.mouse.down()
    expect(page.locator("[data-voice] [data-said]")).to_have_text("正在录音，请说话")
    page.wait_for_timeout(1200)
    page.mouse.up()
    expect(page.locator("[data-taken]")).to_be_visible()
    expect(page.locator("[data-word]")).to_have_text("重新录")


def test_what_still_records_is_sent_when_the_form_is(instance: Instance, browser_as) -> None:
    page = browser_as("", PHONE)
    page.goto(f"/report/{instance.grids[0]}")
    page.locator("[data-record]").click()
    expect(page.locator("[data-voice] [data-said]")).to_have_text("正在录音，请说话")
    page.wait_for_timeout(1200)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/receipt")


def test_without_script_only_files_are_chosen(instance: Instance, browser_as) -> None:
    page = browser_as("", PHONE, script=False)
    page.goto(f"/report/{instance.grids[0]}")
    expect(page.locator("#files")).to_be_visible()
    expect(page.locator("[data-voice]")).to_be_hidden()
