"""What people do on pages in the story of the whole loop, by the words they read there, never by marks of the page.

Nothing here asks the kernel or the API. With MINQING_PICTURES set to a folder, what they saw is kept there.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PATIENCE = 60_000  # milliseconds until a page answers on a busy machine
_numbers = count(1)


@dataclass
class Onlooker:
    """Somebody before a page."""

    page: Page
    who: str

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)

    @property
    def main(self) -> Locator:
        """What the page says, without the frame of every page."""
        return self.page.get_by_role("main")

    def picture(self, name: str) -> None:
        """Keeps what they see, where a folder is named for it."""
        if folder := os.environ.get("MINQING_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / f"{next(_numbers):02}-{self.who}-{name}.png"
            self.page.screenshot(path=str(path), full_page=True)


@dataclass
class Resident(Onlooker):
    """Who reports and follows; no register has them."""

    code: str = ""
    secret: str = ""

    def report(self, place: str, text: str, phone: str) -> None:
        """Fills in the form that the QR code of a place opens, and keeps the receipt."""
        self.page.goto(f"/report/{place}")
        self.page.get_by_role("textbox", name="发生了什么").fill(text)
        self.page.get_by_role("textbox", name="称呼").fill("演示居民")
        self.page.get_by_role("textbox", name="电话").fill(phone)
        self.picture("report")
        self.page.get_by_role("button", name="提交").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("收到了，这是您的回执")
        told = self.page.get_by_role("term").all_inner_texts()
        receipt = dict(zip(told, self.page.get_by_role("definition").all_inner_texts(), strict=True))
        self.code, self.secret = receipt["编码"].strip(), receipt["查询密码"].strip()
        self.picture("receipt")
        self.page.get_by_role("button", name="我记下了，关闭这张回执").click()
        expect(self.main).not_to_contain_text(self.secret)

    def follows(self, *words: str) -> None:
        """Looks with code and secret, and is told this of how it stands and of what was done."""
        self.page.goto("/follow")
        self.page.get_by_role("textbox", name="编码").fill(self.code)
        self.page.get_by_role("textbox", name="查询密码").fill(self.secret)
        self.page.get_by_role("button", name="查进度").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(self.code)
        for said in words:
            expect(self.main).to_contain_text(said)
        self.picture("follow")

    def answers(self, answer: str, words: str) -> None:
        """Says on the page how it was, while the call-back is due."""
        self.page.get_by_role("radio", name=answer).check()
        self.page.get_by_role("textbox", name="想说的话").fill(words)
        self.page.get_by_role("button", name="答复").click()
        expect(self._told("您的答复已记下")).to_be_visible()

    def rates(self, stars: str) -> None:
        """Says how it was done, once it has ended."""
        self.page.get_by_role("group").filter(has_text="评的是这件事办得怎么样").get_by_text("评价").first.click()
        self.page.get_by_role("radio", name=stars).check()
        self.page.get_by_role("button", name="评价").click()
        expect(self._told("已经收到：评价")).to_be_visible()
        self.picture("rated")

    def _told(self, words: str) -> Locator:
        return self.page.get_by_role("status").filter(has_text=words)


@dataclass
class Desk(Onlooker):
    """Somebody with a post, before the pages of it."""

    def finds(self, code: str, where: str = "待办", **filters: str) -> None:
        """Comes to a matter as everybody does: a list from the bar above, narrowed if need be, then its line."""
        self.page.goto("/today")
        self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=where).click()
        if filters:
            self.page.get_by_text("更多条件").click()
        for label, value in filters.items():
            self.page.get_by_role("combobox", name=label).select_option(label=value)
        if filters:
            self.page.get_by_role("button", name="按条件列出").click()
        self.main.get_by_role("link").filter(has_text=code).first.click()
        expect(self.page).to_have_title(f"{code} 楼上漏水，两家吵了几回 · 民情")

    @property
    def bar(self) -> Locator:
        """The moves that are offered, and the form of the one that was chosen."""
        return self.page.get_by_role("region", name="要办的")

    def offered(self, move: str) -> Locator:
        """The button of a move."""
        return self.bar.get_by_role("link", name=move, exact=True)

    def sees(self, *words: str) -> None:
        """The timeline tells what others did."""
        for said in words:
            expect(self.page.get_by_role("region", name="经过")).to_contain_text(said)

    def does(self, move: str, *choose: str, say: str = "") -> None:
        """Presses the button of a move, ticks what is to be chosen, writes a word and sends it."""
        self.offered(move).click()
        form = self.page.get_by_role("region", name=move, exact=True)
        expect(form.get_by_role("button", name=move, exact=True)).to_be_visible()
        for title in choose:
            form.get_by_label(title, exact=True).first.check()
        if say:
            form.get_by_role("textbox").fill(say)
        self.picture(f"before-{move}")
        form.get_by_role("button", name=move, exact=True).click()
        expect(self.page.get_by_role("status").filter(has_text=f"办好了：{move}")).to_be_visible()
        self.picture(f"after-{move}")

    def finds_call(self, code: str) -> None:
        """Comes to a call-back as who is to make it does: from the calls of today."""
        self.page.goto("/today")
        calls = self.page.get_by_role("region", name="要打的回访电话")
        self.picture("calls")
        calls.get_by_role("link").filter(has_text=code).click()
        expect(self.call).to_be_visible()

    @property
    def call(self) -> Locator:
        """The panel of the call-back."""
        return self.page.get_by_role("region", name="打电话问反映人")

    def dials(self) -> str:
        """Opens the number for the call-back, as one that can be pressed; the number."""
        self.call.get_by_role("button", name="显示电话").click()
        number = self.call.get_by_role("status").get_by_role("link")
        expect(number).to_have_attribute("href", re.compile(r"^tel:\d+$"))
        self.picture("dials")
        return number.inner_text().strip()

    def asked(self, result: str) -> None:
        """Enters what came of the call: one press."""
        self.call.get_by_role("button", name=result, exact=True).click()
        expect(self.page.get_by_role("status").filter(has_text="办好了：回访")).to_be_visible()
        self.picture("asked")

    def opens(self, what: str, reason: str) -> str:
        """Opens one sealed value for a reason; what it says."""
        part = self.page.get_by_role("region", name="封存的内容")
        part.get_by_text("查看其中一项").click()
        part.get_by_role("radio", name=what).check()
        part.get_by_role("textbox", name="理由").fill(reason)
        part.get_by_role("button", name="写明理由并查看").click()
        shown = part.get_by_role("status")
        expect(shown).to_contain_text(what)
        self.picture("opened")
        return shown.inner_text()
