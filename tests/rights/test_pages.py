"""The same matrix for pages: role × post × page × place × sensitivity × against. A page without a row fails."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver
from ground import Ground, Told, lay_ground, take_in_at_windows
from PIL import Image

from minqing.doors.web.urls import urlpatterns
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.trial_staff import Person
from minqing.registers.accounts.held import posts_held


def _picture() -> SimpleUploadedFile:
    """One that is taken, so that what is answered is answered for the matter."""
    made = io.BytesIO()
    Image.new("RGB", (1, 1), "red").save(made, "JPEG")
    return SimpleUploadedFile("a.jpg", made.getvalue())


#: Pages about one matter: what is sent to ask about it (None: opened).
OF_ONE: dict[str, dict[str, Any] | None] = {
    "matter": None, "matter-moved": None, "matter-slip": None, "matter-other": None, "matter-alike": None, "move": None,
    "matter-letter": None, "received": None, "matter-sealed": {"name": "text", "reason": "核对情况"},
    "matter-files": {"file": _picture},
}  # fmt: skip
#: Pages that list matters, and how they are asked.
LISTS: dict[str, str] = {
    "today": "today", "inbox": "inbox", "inbox-news": "inbox/news?since=0", "matters": "matters?state=all",
    "admin-access": "admin/access", "reception": "reception", "brief": "reception/brief",
    "brief-pdf": "reception/brief.pdf",
}  # fmt: skip
#: A number only; nothing was read yet.
TELL_NO_CODE = {"inbox-news", "admin-access"}
#: Pages of the registers and methods: who opens them is asked, no matter is named there.
OF_REGISTERS = {
    "admin", "admin-units", "admin-unit", "admin-post-open", "admin-posts", "admin-post-end", "admin-post-leave",
    "admin-people", "admin-person-add", "admin-person", "admin-methods", "admin-method-new", "admin-method",
    "admin-method-diff", "admin-method-file", "admin-calendar", "admin-regions", "admin-region-list",
    "admin-region-import", "admin-mappings", "admin-health", "admin-method-try",
}  # fmt: skip
#: Pages of no matter, or of the one whose secret is sent along or whose concern is just being written.
OF_NONE = {
    "home", "report", "report-here", "place-sheet", "receipt", "follow", "own-data", "sign-in", "account_login",
    "enter-trial", "account_inactive", "choose-post", "account_logout", "me", "account_change_password",
    "account_reauthenticate", "gallery", "set_language", "new-matter", "new-near", "paste", "seen",
    "together",
}  # fmt: skip
LIBRARY = ("mfa_",)
#: What differs from answer to answer: the word against forged forms, one-time keys, the moment it was made.
VARIES = re.compile(r'(name="(?:csrfmiddlewaretoken|once)" value=")[^"]*|data-made="[^"]*"')


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and address of every page."""
    for one in patterns:
        address = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, address)
        else:
            yield one.name or address, address


ROUTES = dict(_routes(urlpatterns))


@pytest.fixture(scope="module")
def ground(module_database, tmp_path_factory) -> Ground:
    ground = lay_ground(tmp_path_factory.mktemp("ground"), module_database.owner)
    take_in_at_windows(ground, module_database.owner)
    return ground


@pytest.fixture(scope="module")
def browsers(ground: Ground) -> dict[int, Client]:
    """A browser of everybody who has a post, signed in, in that post."""
    made = {}
    for person in ground.people:
        if person.person:
            made[person.person] = client = Client()
            client.force_login(get_user_model().objects.get(pk=person.person), settings.AUTHENTICATION_BACKENDS[-1])
            (held,) = posts_held(person.person)
            client.post("/post", {"post": held.post})
    return made


def test_every_page_has_its_row() -> None:
    named = {name for name in ROUTES if not name.startswith(LIBRARY)}
    assert named == {*OF_ONE, *LISTS, *OF_REGISTERS, *OF_NONE}


def _address(name: str, code: str) -> str:
    told = {"code": code, "verb": "note", "kind": "acceptance"}
    return "/" + re.sub(r"<(?:[^>]*:)?(\w+)>", lambda part: told.get(part[1], part[0]), ROUTES[name])


def _asked(client: Client, name: str, code: str) -> Any:
    address = _address(name, code)
    row = OF_ONE[name]
    if row is None:
        return client.get(address)
    return client.post(address, {name: value() if callable(value) else value for name, value in row.items()})


def _shape(answer: Any, code: str) -> str:
    said = VARIES.sub(r"\1", answer.content.decode(errors="replace")).replace(code, "CODE")
    return f"{answer.status_code} {answer.get('Location', '').replace(code, 'CODE')} {said}"


def _people(ground: Ground) -> list[Person]:
    return [person for person in ground.people if person.person]


@pytest.mark.parametrize("name", OF_ONE)
def test_no_page_tells_an_unseen_matter_from_one_that_does_not_exist(
    ground: Ground, browsers: dict[int, Client], name: str
) -> None:
    shown = 0
    for person in _people(ground):
        client, nowhere = browsers[person.person], new_code()
        absent = _shape(_asked(client, name, nowhere), nowhere)
        for matter in ground.matters:
            answer = _asked(client, name, matter.code)
            assert answer.status_code < 500, (person.role, name)
            if ground.sees(person, matter):
                shown += _shape(answer, matter.code) != absent
            else:
                assert _shape(answer, matter.code) == absent, (person.role, person.unit, name, matter)
                assert matter.word not in answer.content.decode(errors="replace")
    assert shown > 20, "what is seen must open, or this test cannot fail"


@pytest.mark.parametrize("name", [*OF_ONE, *LISTS])
def test_no_page_opens_for_whoever_is_not_signed_in(ground: Ground, name: str) -> None:
    address = _address(name, ground.matters[0].code)
    for answer in (Client().get(address), Client().post(address)):
        assert answer.status_code in (302, 405), name
        if answer.status_code == 302:
            assert answer["Location"].startswith("/sign-in"), name


@pytest.mark.parametrize("name", LISTS)
def test_no_list_holds_a_code_or_a_word_of_an_unseen_matter(
    ground: Ground, browsers: dict[int, Client], name: str
) -> None:
    held = 0
    for person in _people(ground):
        said = _said(browsers[person.person].get("/" + LISTS[name]))
        held += sum(matter.code in said for matter in ground.matters if ground.sees(person, matter))
        strange = [one for one in ground.matters if not ground.sees(person, one) and _told_of(one, said)]
        assert strange == [], (person.role, person.unit, name)
    assert held > 0 or name in TELL_NO_CODE, "what is seen must stand there, or this test cannot fail"


def _said(answer: Any) -> str:
    """What a page or a paper says."""
    if answer.get("Content-Type") == "application/pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    return answer.content.decode(errors="replace")


def test_what_came_in_since_is_a_number_and_it_is_told(ground: Ground, browsers: dict[int, Client]) -> None:
    told = [browsers[one.person].get("/" + LISTS["inbox-news"]) for one in _people(ground) if one.role == "village"]
    assert told and all(answer.status_code == 200 and re.search(r"有新的 \d+|\d", _said(answer)) for answer in told)


def _told_of(matter: Told, said: str) -> bool:
    return matter.code in said or matter.word in said


def test_pages_are_drawn_from_templates_of_ours() -> None:
    """Nobody's words pass a template unescaped: what is marked safe is drawn by us (icons, QR codes, methods)."""
    door = Path(__file__).parents[2] / "src" / "minqing" / "doors" / "web"
    found = [
        f"{path.relative_to(door)}: {line.strip()}"
        for path in [*door.rglob("*.py"), *door.rglob("*.html")]
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"mark_safe|\|\s*safe\b|autoescape off|SafeString\(", line) and "import" not in line
    ]
    assert {line.partition(":")[0] for line in found} == {
        "resident/receipts.py", "templatetags/parts.py", "admin/drawing.py",
    }  # fmt: skip
