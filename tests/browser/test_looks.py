"""Every page as people meet it: nothing serious for who reads by ear or with weak eyes (axe), in both tongues, light
and dark, on a desk and on a phone; no sideways scroll; the keyboard reaches what is to be done. Pictures of each page
go to the folder named by MINQING_PICTURES. A page of the table of addresses that has no row here fails.

A page is loaded once in each tongue, and that load turned to every width and light: all rules meet it in each. Limit:
two pages of somebody with a passkey are not opened: a browser gives none to an address without a name.
"""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.conftest import DESK, PHONE, Instance, Watch, context_of

from minqing.base import moments
from minqing.doors.web.sessions import SessionStore
from minqing.doors.web.urls import urlpatterns
from minqing.kernel.matters.trial_staff import SINCE
from minqing.registers.accounts.actions import open_seat

NARROWEST = 360
PASSWORD = "a sentence of this test"
HEIGHT = 844
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS_ONES = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(met => met.violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.failureSummary.slice(-160)}`)))"""


@dataclass
class Made:
    """What pages are opened with."""

    code: str
    secret: str
    place: str
    unit: str
    post: int
    login: str
    careful: str  # has a second factor
    instance: Instance


def receipt(page: Page, made: Made) -> None:
    """Of a report that was just sent from this device."""

    def kept() -> str:
        session = SessionStore()
        session["receipt"] = {"code": made.code, "at": moments.now().timestamp(), "trouble": []}
        session.create()
        return str(session.session_key)

    word = made.instance.aside(kept)
    page.context.add_cookies([{"name": "minqing_session", "value": word, "url": made.instance.base}])
    page.goto("/receipt")


def followed(page: Page, made: Made) -> None:
    """The matter, for who has its secret."""
    page.goto("/follow")
    page.locator("#code").fill(made.code)
    page.locator("#secret").fill(made.secret)
    page.locator("main button[type=submit]").click()
    page.get_by_text(made.code).first.wait_for()


def second_step(page: Page, made: Made) -> None:
    """The password was right; now the code of the app is asked for."""
    page.goto("/sign-in")
    page.locator("input[name=login]").fill(made.careful)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/sign-in/code")


def confirmed(path: str) -> Callable[[Page, Made], None]:
    """A page that asks for the password once more before it opens."""

    def confirm(page: Page, made: Made) -> None:
        page.goto(path)
        if not page.url.endswith(path):  # not yet in this session
            page.locator("main input[type=password]").fill(PASSWORD)
            page.locator("main button[type=submit]").first.click()
            page.wait_for_url(f"**{path}")

    return confirm


Opening = str | Callable[[Page, Made], None]
#: Name of the address → who opens it ('' for a resident), and how.
PAGES: dict[str, tuple[str, Opening]] = {
    "home": ("", "/"),
    "report": ("", "/report"),
    "report-here": ("", "/report/{place}"),
    "receipt": ("", receipt),
    "follow": ("", followed),
    "sign-in": ("", "/sign-in?next=%2Finbox"),
    "account_inactive": ("", "/sign-in/closed"),
    "gallery": ("village", "/gallery"),
    "choose-post": ("leader", "/post"),
    "me": ("grid", "/me"),
    "account_change_password": ("grid/2", "/me/password"),
    "account_reauthenticate": ("grid/2", "/me/again"),
    "account_logout": ("grid", "/sign-out"),
    "mfa_activate_totp": ("grid/2", confirmed("/me/app")),
    "mfa_add_webauthn": ("grid/2", confirmed("/me/passkeys/new")),
    "mfa_authenticate": ("", second_step),
    "mfa_reauthenticate": ("town/2", "/me/again/code"),
    "mfa_deactivate_totp": ("town/2", confirmed("/me/app/off")),
    "mfa_view_recovery_codes": ("town/2", confirmed("/me/codes")),
    "mfa_generate_recovery_codes": ("town/2", confirmed("/me/codes/new")),
    "today": ("village", "/today"),
    "inbox": ("village", "/inbox"),
    "matters": ("town", "/matters"),
    "together": ("village", "/inbox/together?code={code}"),
    "new-matter": ("village", "/new"),
    "paste": ("village", "/paste"),
    "place-sheet": ("", "/report/{place}/sheet"),
    "matter": ("village", "/matters/{code}"),
    "move": ("village", "/matters/{code}/moves/note"),
    "matter-slip": ("village", "/matters/{code}/slip"),
    "matter-alike": ("village", "/matters/{code}/alike"),
    "reception": ("village", "/reception"),
    "received": ("village", "/reception/of/{code}"),
    "brief": ("town", "/reception/brief"),
    "admin": ("administrator", "/admin"),
    "admin-units": ("administrator", "/admin/units"),
    "admin-unit": ("administrator", "/admin/units/{unit}"),
    "admin-post-open": ("administrator", "/admin/units/{unit}/open"),
    "admin-posts": ("administrator", "/admin/posts"),
    "admin-post-end": ("administrator", "/admin/posts/{post}/end"),
    "admin-post-leave": ("administrator", "/admin/posts/{post}/leave"),
    "admin-people": ("administrator", "/admin/people"),
    "admin-person-add": ("administrator", "/admin/people/add"),
    "admin-methods": ("administrator", "/admin/methods"),
    "admin-method": ("administrator", "/admin/methods/of/panan-three-feelings"),
    "admin-method-diff": ("administrator", "/admin/methods/of/panan-three-feelings/diff"),
    "admin-method-new": ("administrator", "/admin/methods/new"),
    "admin-access": ("auditor", "/admin/access"),
    "admin-calendar": ("administrator", "/admin/calendar"),
    "admin-regions": ("administrator", "/admin/regions"),
    "admin-region-import": ("administrator", "/admin/regions/import"),
    "admin-mappings": ("administrator", "/admin/mappings"),
    "admin-method-try": ("administrator", "/admin/methods/try?of=panan-three-feelings"),
    "admin-health": ("administrator", "/admin/health"),
    "admin-person": ("administrator", "/admin/people/who/{login}"),
}
#: Addresses that are no page: another name of one, an answer to a form or a script, a part of a page, a file.
NO_PAGES = {
    "admin-region-list",
    "account_login", "mfa_index", "mfa_list_webauthn", "mfa_login_webauthn", "enter-trial", "set_language", "seen",
    "inbox-news", "new-near", "admin-method-file", "matter-moved", "matter-other", "matter-sealed", "matter-files",
    "own-data", "matter-letter", "brief-pdf",
}  # fmt: skip
#: Pages that only somebody with a passkey meets.
WITH_A_PASSKEY = {"mfa_reauthenticate_webauthn", "mfa_remove_webauthn"}


@pytest.fixture(scope="module")
def made(instance: Instance) -> Made:
    """A matter that was reported where the grid worker serves."""
    person = instance.person("grid")
    told = {"title": "路灯不亮", "text": "村口三盏路灯不亮", "place": instance.grids[0], "channel": "visit"}
    asked = urllib.request.Request(
        f"{instance.base}/api/v1/matters", json.dumps(told).encode(),
        {"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(asked) as answer:
        report = json.load(answer)
    village, leader = instance.person("village"), instance.person("leader")
    login = instance.aside(lambda: _login(village.person))
    instance.aside(lambda: _give_password(instance.person("grid/2").person))
    careful = instance.person("town/2").person
    instance.aside(lambda: _give_factors(careful))
    instance.aside(lambda: open_seat(_login(leader.person), leader.unit, "besides", SINCE, role="auditor"))
    return Made(
        report["code"], report["secret"], instance.grids[0], village.unit, village.post, login,
        instance.aside(lambda: _login(careful)), instance,
    )  # fmt: skip


def _login(person: int) -> str:
    return str(get_user_model().objects.get(pk=person).login)


def _give_password(person: int) -> None:
    user = get_user_model().objects.get(pk=person)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])


def _give_factors(person: int) -> None:
    _give_password(person)
    user = get_user_model().objects.get(pk=person)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def test_every_page_has_a_row_here() -> None:
    names = {str(one.name) for one in urlpatterns}
    assert names - NO_PAGES - WITH_A_PASSKEY - set(PAGES) == set()
    assert (set(PAGES) | NO_PAGES | WITH_A_PASSKEY) - names == set()


@pytest.fixture(scope="module")
def contexts(instance: Instance, chromium: Browser) -> Iterator[dict[tuple[str, str], BrowserContext]]:
    """Of who is signed in, one for each tongue: the files of pages are fetched once."""
    kept: dict[tuple[str, str], BrowserContext] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def page_of(
    instance: Instance, chromium: Browser, contexts: dict[tuple[str, str], BrowserContext], watch: Watch
) -> Iterator[Callable[[str, str], Page]]:
    """`page_of(who, tongue)`: an empty page, Chinese on a desk or English on a phone. A resident's device is new."""
    pages, devices = [], []

    def page_of(who: str, tongue: str) -> Page:
        context = contexts.get((who, tongue)) or context_of(
            instance, chromium, who, DESK if tongue == "zh" else PHONE, tongue=tongue
        )
        if who:
            contexts[who, tongue] = context
        else:
            devices.append(context)
        pages.append(context.new_page())
        watch.over(pages[-1])
        return pages[-1]

    yield page_of
    for one in pages + devices:
        one.close()


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fit_for_everybody(page_of, made: Made, name: str, tongue: str, tmp_path: Path) -> None:
    who, how = PAGES[name]
    page = page_of(who, tongue)
    opened(page, how, made)
    pictures = Path(os.environ.get("MINQING_PICTURES") or tmp_path)
    faults = unfit(page, tongue, lambda width: str(pictures / f"{name}-{width}-{tongue}.png"))
    if tongue == "zh":
        faults += out_of_reach(page)
    assert faults == []


#: What the checks say → the rule of a style sheet that brings it about.
BREAKS = {
    "dark: color-contrast": "[data-bs-theme=dark] main p { color: #333 !important }",
    "light: color-contrast": "[data-bs-theme=light] main p { color: #ccc !important }",
    "px too wide for 360": "@media (max-width: 370px) { .wide { width: 420px } }",
    "px too wide for 390": "@media (min-width: 380px) and (max-width: 500px) { .wide { width: 420px } }",
    "px too wide for 1280": "@media (min-width: 1200px) { .wide { width: 1400px } }",
    "390: .*target-size": "@media (max-width: 500px) { .small { all: unset; font-size: 6px !important } }",
    "1280: .*target-size": "@media (min-width: 1200px) { .small { all: unset; font-size: 6px !important } }",
    "390: .*label: #code": "main label { display: none !important }",
    "1280: .*label: #code": "main label { display: none !important }",
    "cannot be seen": "main .btn-primary:focus { outline: none !important }",
}
BROKEN = """rules => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [sheet];
    for (const [tag, name] of [["button", "small"], ["button", "small"], ["div", "wide"]]) {
        const added = document.createElement(tag);
        added.className = name;
        added.textContent = "+";
        document.querySelector("main").append(added);
    }
}"""


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_what_keeps_somebody_out_is_found_in_the_light_and_width_where_it_shows(
    page_of, tongue: str, tmp_path: Path
) -> None:
    page = page_of("", tongue)
    page.goto("/follow")
    page.evaluate(BROKEN, "\n".join(BREAKS.values()))
    faults = "\n".join(unfit(page, tongue, lambda width: str(tmp_path / f"{width}.png")) + out_of_reach(page))
    assert [said for said in BREAKS if not re.search(said, faults)] == []


def opened(page: Page, how: Opening, made: Made) -> None:
    """Opens the page; it is the page that was meant."""
    if callable(how):
        how(page, made)
        return
    path = how.format(**vars(made))
    answer = page.goto(path)
    assert answer.status == 200 and page.url.endswith(path), (answer.status, page.url)


def unfit(page: Page, tongue: str, picture: Callable[[str], str]) -> list[str]:
    """What keeps somebody out of this page, at every width and in both lights; it is light again then."""
    faults = []
    page.evaluate(f"{AXE_SCRIPT};0")
    for width, named in ((DESK, "desk"), (PHONE, "phone"), (NARROWEST, "")):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{over} px too wide for {width}"] if over > 0 else []
        if named:
            page.screenshot(path=picture(named), full_page=True)
            faults += [f"{width}: {fault}" for fault in _met(page)]
    return faults


def _met(page: Page) -> list[str]:
    """What the rules find at this width, in both lights."""
    faults = []
    for light in ("dark", "light"):
        page.evaluate("light => { document.documentElement.dataset.bsTheme = light }", light)
        faults += [f"{light}: {fault}" for fault in page.evaluate(SERIOUS_ONES, RULES)]
    return faults


def out_of_reach(page: Page) -> list[str]:
    """The keyboard passes over the header, comes to the main action and shows that it is there."""
    first = page.locator("a[href], button, input, select, textarea, summary").first
    if first.get_attribute("href") != "#main":
        return ["the first step does not lead to what is said here"]
    first.press("Enter")
    main = page.locator("main .btn-primary:visible:not([disabled])")
    if main.count() == 0:
        return []
    wanted = main.first.element_handle()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement === one", wanted):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return [] if shown else ["where the keyboard is cannot be seen"]
        if page.evaluate("document.activeElement === document.body"):
            return ["the page ended before its main action"]
    return ["its main action is more than 80 steps away"]
