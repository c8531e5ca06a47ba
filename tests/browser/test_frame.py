"""The frame of every page in a real browser: who is let in, looks that stay, a phone, and a browser without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE, Watch


def test_a_desk_page_opens_for_whoever_is_signed_in(browser_as) -> None:
    page = browser_as("grid")
    assert page.goto("/today").status == 200
    assert page.url.endswith("/today")
    expect(page.locator(".bar .menu summary").last).to_be_visible()


def test_whoever_is_not_signed_in_comes_to_the_door(browser_as) -> None:
    page = browser_as("", PHONE)
    page.goto("/inbox")
    assert "/sign-in?next=" in page.url


def test_what_goes_wrong_in_the_browser_fails_the_test(browser_as, watch: Watch) -> None:
    page = browser_as()
    page.goto("/sign-in")
    page.evaluate("console.error('it broke')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: '/static/none.png'}))")
    page.wait_for_load_state("networkidle")
    told, watch.found[:] = "\n".join(watch.found), []
    assert "it broke" in told and "Content Security Policy" in told and "404: GET" in told


def test_files_that_are_too_large_together_are_told_before_they_are_sent(browser_as, instance) -> None:
    page = browser_as("", PHONE)
    page.goto(f"/report/{instance.grids[0]}")
    page.locator("#text").fill("村口三盏路灯不亮")
    paper = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * 16_000_000}
    page.locator("#files").set_input_files([paper, paper])
    send = page.locator("main form:has(#text) button[type=submit]").last
    send.click()
    expect(page.locator("#too-large")).to_contain_text("32 MB，一次最多 30 MB")
    assert page.url.endswith(instance.grids[0]) and page.locator("#text").input_value() == "村口三盏路灯不亮"
    page.locator("#files").set_input_files([])
    send.click()
    page.wait_for_url("**/receipt")


@pytest.mark.parametrize(("tongue", "words"), [("zh", "村口三盏路灯不亮"), ("en", "煤气泄漏，味道很大，快来人")])
def test_a_receipt_is_one_sheet_however_small_the_paper(browser_as, instance, tongue: str, words: str) -> None:
    """The second is an emergency, whose receipt says more."""
    page = browser_as("", PHONE, tongue=tongue)
    page.goto(f"/report/{instance.grids[0]}")
    page.locator("#text").fill(words)
    page.locator("main form:has(#text) button[type=submit]").last.click()
    page.wait_for_url("**/receipt")
    sheets = {size: len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size))) for size in ("A4", "A5")}
    assert sheets == {"A4": 1, "A5": 1}


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_a_page_speaks_the_tongue_of_the_browser(browser_as, tongue: str) -> None:
    page = browser_as("", PHONE, tongue=tongue)
    page.goto("/sign-in")
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-hans", "en": "en"}[tongue]
