"""`python -m bench.pictures`: the README's pictures, taken of the made-up county as it runs, into docs/pictures."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.pages import Visitor, chromium, demo_county, matters_known

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PHONE, DESK = (390, 780), (1280, 800)
COLOURS = 128  # of a palette: pages are flat, the files become a quarter


def main() -> None:
    """Takes each picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with demo_county() as port, sync_playwright() as driver:
        base = f"http://127.0.0.1:{port}"
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for tongue in ("zh", "en"):
            _resident(browser, base, tongue)
            _staff(browser, base, port, tongue)
        browser.close()


def _resident(browser: Browser, base: str, tongue: str) -> None:
    """Reports on a phone, and reads how it stands."""
    page = _page(browser, base, PHONE, tongue)
    page.goto("/report/330727001003001")
    page.locator("#text").fill("村口三盏路灯不亮，老人晚上出门看不见路。")
    _kept(page, "report", tongue)
    page.locator("main form:has(#text) button[type=submit]").last.click()
    page.wait_for_url("**/receipt")
    _kept(page, "receipt", tongue)
    code, secret = page.locator(".receipt .key").all_inner_texts()
    page.goto("/follow")
    page.locator("#code").fill(code)
    page.locator("#secret").fill(secret)
    page.locator("main button[type=submit]").first.click()
    page.get_by_text(code).first.wait_for()
    _kept(page, "follow", tongue)


def _staff(browser: Browser, base: str, port: int, tongue: str) -> None:
    """Desks and administrators at work."""
    for role, name, path in (
        ("town", "today", "/today"),
        ("town", "matter", "/matters/{code}"),
        ("administrator", "method", "/admin/methods/of/panan-three-feelings"),
    ):
        visitor = Visitor(port, role)
        known = matters_known(visitor) if "{" in path else {}
        page = _page(browser, base, DESK, tongue)
        page.context.add_cookies([{"name": one, "value": word, "url": base} for one, word in visitor.cookies.items()])
        page.goto(path.format(**known))
        _kept(page, name, tongue)


def _page(browser: Browser, base: str, size: tuple[int, int], tongue: str) -> Page:
    context = browser.new_context(
        base_url=base, viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Shanghai",
        locale="en-GB" if tongue == "en" else "zh-CN",
    )  # fmt: skip
    return context.new_page()


def _kept(page: Page, name: str, tongue: str) -> None:
    """What the window shows, as a small file."""
    page.wait_for_load_state("networkidle")
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    image.save(FOLDER / f"{name}-{tongue}.png", optimize=True)


if __name__ == "__main__":
    main()
