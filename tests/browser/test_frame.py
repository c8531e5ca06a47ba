"""The frame of every page in a real browser: who is let in, looks that stay, a phone, and a browser without script."""

from __future__ import annotations

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


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_a_page_speaks_the_tongue_of_the_browser(browser_as, tongue: str) -> None:
    page = browser_as("", PHONE, tongue=tongue)
    page.goto("/sign-in")
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-hans", "en": "en"}[tongue]
