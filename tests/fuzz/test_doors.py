"""What may be typed, sent or attached at the doors, as programs and people of a county would: taken as it is and shown
again, or refused with what to do; and what is refused has changed nothing.

The API against its own description is tried in tests/journeys/test_schemathesis.py, the command line in
tests/journeys/test_bad_input.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from hypothesis import strategies as some
from tests.fuzz.damage import billion_laughs, bytes_gone_wrong, definitions_gone_wrong, words
from tests.fuzz.fuzzing import Fuzz
from tests.fuzz.workbooks import BOMBS, sound

from minqing.doors.web.once import new_name
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.urls import urlpatterns
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src/minqing/doors/web/templates"
METHOD = (ROOT / "methods" / "panan-three-feelings.yaml").read_text("utf-8")
PLACES = "代码,名称,上级代码,类别,户数,纬度,经度,状态\r\n330727101201001,一格,,,,,,\r\n,新格,330727101201,,12,,,\r\n"
MAPPING = "source: trial\ncolumns: {external_id: 编号, title: 主题, text: 内容}\n"
SAMPLE = "编号,主题,内容\r\n1,路灯,村口路灯不亮\r\n2,水管,水管坏了\r\n"
#: Names of every control of every page.
NAMES = sorted(
    {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'name="([a-z0-9_.@-]+)"', path.read_text("utf-8"))
    }
)


@dataclass
class Ground:
    """Browsers and tokens of the county, and a matter of theirs."""

    browsers: Mapping[str, Client]
    token: str
    place: str
    unit: str
    code: str
    secret: str

    def api(self, verb: str, path: str, body: bytes = b"", media: str = "application/json", **headers: str) -> Any:
        """A program of the county centre asks."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = {"Authorization": f"Bearer {self.token}", **told}
        return Client(raise_request_exception=True).generic(verb, f"/api/v1/{path}", body, media, headers=asked)

    def path(self, pattern: str) -> str:
        """An address of a page, with what stands there filled in."""
        known = {"code": self.code, "place": self.place, "slug": self.unit, "verb": "note", "kind": "acceptance"}
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "1"), pattern)


@pytest.fixture
def ground(pages: Pages, office: Client) -> Ground:
    centre = next(one for one in pages.people if one.unit.startswith("county-"))
    browsers = {"resident": pages.as_(), "centre": pages.as_(centre.unit), "office": office}
    made = Ground(browsers, centre.token, pages.grids[0], f"grid-{pages.grids[0]}", "", "")
    answer = made.api("POST", "matters", json.dumps(report(made.place)).encode())
    assert answer.status_code == 201, answer.content
    made.code, made.secret = answer.json()["code"], answer.json()["secret"]
    return made


def report(place: str, **more: object) -> dict[str, Any]:
    return {"title": "路灯不亮", "text": "村口三盏路灯不亮", "place": place, "channel": "web", **more}


@contextmanager
def undone(ground: Ground) -> Iterator[None]:
    """What is done inside is taken back, and browsers are signed in as before."""
    kept = {who: {name: one.value for name, one in browser.cookies.items()} for who, browser in ground.browsers.items()}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for who, cookies in kept.items():
        ground.browsers[who].cookies.clear()
        ground.browsers[who].cookies.load(cookies)


def rows() -> tuple[int, ...]:
    """How much stands in the tables that a bad file could reach."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"(select count(*) from {table})" for table in tables()))
        return tuple(cursor.fetchone())


def tables() -> list[str]:
    there = set(connection.introspection.table_names())
    return [one for one in there if one.startswith(("matters_", "ledger_", "vault_", "regions_"))]


def refused_or_below(answer: Any) -> None:
    """No fault of ours; what is refused says what to do."""
    assert answer.status_code < 500, answer.content[:300]
    if answer.status_code >= 400 and answer.content:
        assert "application/problem+json" not in answer["Content-Type"] or answer.json()["detail"]


# ---- words


def test_words_are_kept_as_they_were_typed_or_refused(ground: Ground, fuzz: Fuzz) -> None:
    """By the API; shown on pages, searched, and set in a letter."""

    def holds(told: tuple[str, str, str, str]) -> None:
        title, text, name, where = told
        body = report(ground.place, title=title, text=text, location={"address": where or None})
        body["reporter"] = {"name": name or None, "phone": "13800001234"}
        with undone(ground):
            answer = ground.api("POST", "matters", json.dumps(body).encode())
            refused_or_below(answer)
            if answer.status_code != 201:
                assert answer.status_code == 422
                return
            code, secret = answer.json()["code"], answer.json()["secret"]
            own = ground.api("POST", f"public/{code}", json.dumps({"secret": secret, "last4": "1234"}).encode()).json()
            assert [own["title"], own["text"]] == json.loads(json.dumps([title, text])), "halves that meet are a whole"
            assert ground.api("GET", f"matters/{code}").status_code == 200
            for path in (f"matters/{code}", f"matters/{code}/slip", f"matters/{code}/letters/acceptance.pdf"):
                assert ground.browsers["centre"].get(f"/{path}").status_code == 200, path
            assert ground.browsers["centre"].get("/matters", {"q": own["title"][:60]}).status_code == 200

    fuzz(some.tuples(words, words, words, words), holds, few=4, many=150)


def test_whatever_is_typed_into_any_form_is_no_fault_of_ours(ground: Ground, fuzz: Fuzz) -> None:
    addresses = [ground.path(str(one.pattern)) for one in urlpatterns]
    named = some.sampled_from(NAMES)
    typed = some.dictionaries(named, some.one_of(words, some.lists(words, max_size=3)), max_size=6)
    media = some.sampled_from(("multipart", "form", "form"))
    who = some.sampled_from(sorted(ground.browsers))

    def holds(sent: tuple[str, str, dict[str, Any], str]) -> None:
        whose, path, fields, kind = sent
        told = {name: storable(value) for name, value in fields.items()} | {"once": new_name()}
        with undone(ground):
            browser = ground.browsers[whose]
            if kind == "multipart":
                refused_or_below(browser.post(path, told))
            else:
                body = "&".join(f"{name}={quoted(one)}" for name, value in fields.items() for one in every(value))
                refused_or_below(browser.post(path, body, "application/x-www-form-urlencoded"))

    fuzz(some.tuples(who, some.sampled_from(addresses), typed, media), holds, few=80, many=4000)


def test_whatever_stands_in_an_address_is_no_fault_of_ours(ground: Ground, fuzz: Fuzz) -> None:
    patterns = [str(one.pattern) for one in urlpatterns]
    asked = some.dictionaries(some.sampled_from([*NAMES, "cursor", "after", "next", "page"]), words, max_size=5)
    who = some.sampled_from(sorted(ground.browsers))

    def holds(sent: tuple[str, str, dict[str, str], str, bool]) -> None:
        whose, pattern, query, word, known = sent
        path = ground.path(pattern) if known else "/" + re.sub(r"<[^>]+>", quoted(word).replace("\\", ""), pattern)
        with undone(ground):
            asked = "&".join(f"{name}={quoted(value)}" for name, value in query.items())
            refused_or_below(ground.browsers[whose].get(f"{path}?{asked}"))

    fuzz(some.tuples(who, some.sampled_from(patterns), asked, words, some.booleans()), holds, few=80, many=4000)


def test_a_search_with_a_nul_is_refused_with_what_to_do(ground: Ground) -> None:
    for path in ("/admin/units?q=%00", "/admin/units?%00=x", "/matters?q=%00"):
        answer = ground.browsers["office"].get(path)
        assert answer.status_code in (403, 422), path
    assert "不能保存的字符" in ground.browsers["office"].get("/admin/units?q=%00").content.decode()


def test_a_cookie_that_names_no_session_is_none(ground: Ground) -> None:
    for value in ('"\\000abcdefgh"', '"\\377\\376abcdefgh"', "x" * 5000, '"' + "a" * 31 + '\\000"'):
        for name in ("minqing_session", "minqing_form", "minqing_tongue", "messages"):
            answer = Client(raise_request_exception=True).get("/today", headers={"Cookie": f"{name}={value}"})
            assert answer.status_code == 302


def quoted(text: str) -> str:
    """As a browser, or an enemy, writes it into an address."""
    return "".join(f"%{one:02X}" for one in text.encode("utf-8", "surrogatepass"))


def every(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def storable(value: Any) -> Any:
    """What a multipart form can be made of here: halves of characters go by the other form."""
    if isinstance(value, list):
        return [storable(one) for one in value]
    return value.encode("utf-8", "replace").decode()


# ---- requests of programs


def nested(depth: int, kind: str) -> str:
    return "[" * depth + "1" + "]" * depth if kind == "list" else '{"a":' * depth + "1" + "}" * depth


_NUMBERS = (
    "1e999",
    "-1e999",
    "NaN",
    "Infinity",
    "9" * 5000,
    "-0",
    "1e-999",
    "0.1",
    "99999999999999999999",
    "1E400",
    "1.0",
)
_PATHS = ("matters", "matters/bulk", "matters/{code}/moves", "public/{code}")


def test_odd_json_is_no_fault_of_ours(ground: Ground, fuzz: Fuzz) -> None:
    values = some.one_of(
        some.builds(nested, some.integers(1, 1200), some.sampled_from(("list", "keys"))),
        some.sampled_from((*_NUMBERS, '"\\ud800"', '"\\u0000"', "null", "true", "[]", "{}", json.dumps("长" * 5000))),
        words.map(json.dumps),
    )
    names = ["title", "text", "place", "people", "reporter", "location", "matters", "move", "secret", "last4", "x",
             "result", "reason", "against", "external_due", "form.a", "records", "stars"]  # fmt: skip
    fields = some.lists(some.tuples(some.sampled_from(names), values), max_size=6)

    def holds(sent: tuple[str, list[tuple[str, str]], bool]) -> None:
        path, told, whole = sent
        base = report(ground.place) | {"move": "note", "secret": ground.secret} if whole else {}
        parts = [f'"{name}": {value}' for name, value in told]
        if whole:
            kept = {"matters": ("title", "text", "place", "channel"), "public/{code}": ("secret",)}.get(path, ("move",))
            given = {name for name, _ in told}
            parts += [f'"{name}": {json.dumps(base[name])}' for name in kept if name not in given]
        with undone(ground):
            body = "{" + ", ".join(parts) + "}"
            refused_or_below(ground.api("POST", path.format(code=ground.code), body.encode()))

    fuzz(some.tuples(some.sampled_from(_PATHS), fields, some.booleans()), holds, few=60, many=4000)


def test_odd_cursors_keys_and_positions_are_no_fault_of_ours(ground: Ground, fuzz: Fuzz) -> None:
    names = ("cursor", "q", "limit", "state", "place", "stage", "level", "category", "late", "since", "after")
    query = some.dictionaries(some.sampled_from(names), words, max_size=3)
    visible = words.map(lambda text: text.encode("ascii", "ignore").decode().replace("\n", " ").replace("\r", " "))

    def holds(sent: tuple[dict[str, str], str, str]) -> None:
        told, key, position = sent
        with undone(ground):
            asked = "&".join(f"{name}={quoted(value)}" for name, value in told.items())
            refused_or_below(ground.api("GET", f"matters?{asked}"))
            body = b'{"move": "note", "reason": "x"}'
            headers = {"Idempotency_Key": key, "If_Match": position, "Accept_Language": key}
            refused_or_below(ground.api("POST", f"matters/{ground.code}/moves", body, **headers))

    fuzz(some.tuples(query, visible, visible), holds, few=25, many=1500)


def test_a_cursor_that_was_changed_is_refused_or_leads_to_a_page(ground: Ground, fuzz: Fuzz) -> None:
    ground.api("POST", "matters", json.dumps(report(ground.place, title="第二件")).encode())
    cursor = ground.api("GET", "matters?limit=1").json()["next"]
    assert cursor

    def holds(changed: bytes) -> None:
        with undone(ground):
            answer = ground.api("GET", f"matters?limit=1&cursor={quoted(changed.decode('latin-1'))}")
            assert answer.status_code in (200, 422)

    fuzz(bytes_gone_wrong(cursor.encode(), 3), holds, few=25, many=1500)


def part(name: bytes, content: bytes, more: bytes = b"") -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="' + name + b'"' + more + b"\r\n\r\n" + content + b"\r\n"


def test_odd_multipart_is_no_fault_of_ours_and_puts_nothing_on_record(ground: Ground, fuzz: Fuzz) -> None:
    file = b'; filename="a.png"'
    bodies = (
        part(b"title", b"x") * 5000 + b"--x--", part(b"file", b"", file) * 3000 + b"--x--", b"",
        part(b"file", b"x", b'; filename="' + b"../" * 900 + b'a"') + b"--x--", part(b"\xff\xfe", b"\xff") + b"--x--",
        part(b"file", b"x", b"; filename*=utf-8''%00%ff") + b"--x--",
        part(b"file", b"eA==", file + b"\r\nContent-Transfer-Encoding: base64") + b"--x--",
        part(b"file", b"=" * 999, file + b"\r\nContent-Transfer-Encoding: base64") + b"--x--",
        part(b"file", b"x", file + b"\r\nContent-Type: text/plain; charset=rot13") + b"--x--",
        part(b"title", b"x", b"\r\nX: " + b"y" * 70_000) + b"--x--", part(b"title", b"x" * 2_500_000) + b"--x--",
        part(b"title", b"a") + part(b"title", b"b") + part(b"file", b"\x89PNG", file) + b"--x--",
        part(b"record", "²".encode()) + part(b"file", b"GIF89a", file) + b"--x--",
    )  # fmt: skip
    paths = some.sampled_from(
        (f"/api/v1/matters/{ground.code}/files", f"/report/{ground.place}", "/admin/regions/import")
    )
    made = some.one_of(
        some.sampled_from(bodies), bytes_gone_wrong(part(b"file", b"\x89PNG\r\n\x1a\n" * 9, file) + b"--x--")
    )
    before = rows()

    def holds(sent: tuple[str, bytes]) -> None:
        path, body = sent
        with undone(ground):
            kind = "multipart/form-data; boundary=x"
            headers = {"Authorization": f"Bearer {ground.token}"} if path.startswith("/api") else {}
            answer = ground.browsers["office"].generic("POST", path, body, kind, headers=headers)
            refused_or_below(answer)
            assert answer.status_code >= 400 and rows() == before

    fuzz(some.tuples(paths, made), holds, few=20, many=1000)


# ---- files of an administrator


def test_a_bad_list_mapping_or_method_is_told_and_changes_nothing(ground: Ground, fuzz: Fuzz) -> None:
    def places(content: bytes) -> dict[str, Any]:
        return {"file": SimpleUploadedFile("a.xlsx", content)}

    sheet = sound(("代码", "名称", "上级代码"), ("", "新格", "330727101201"))
    bombs = some.sampled_from(("styles", "far columns")).map(lambda one: BOMBS[one]())
    lists = some.one_of(bytes_gone_wrong(PLACES.encode("gb18030")), bytes_gone_wrong(sheet), bombs).map(places)
    previews = words.map(lambda word: {"do": "apply", "rows": storable(word), "mark": "a"})
    mappings = definitions_gone_wrong(MAPPING).map(lambda text: tried(storable(text)))
    samples = bytes_gone_wrong(SAMPLE.encode()).map(lambda content: tried(MAPPING, content))
    methods = some.one_of(
        definitions_gone_wrong(METHOD).map(lambda text: {"text": storable(text)}),
        words.map(lambda word: {"text": storable(METHOD + word * 3)}),
        some.just({"text": billion_laughs(), "do": "publish"}),
    )
    made = some.one_of(
        some.tuples(some.just("/admin/regions/import"), some.one_of(lists, lists, previews)),
        some.tuples(some.just("/admin/mappings"), some.one_of(mappings, samples)),
        some.tuples(some.just("/admin/methods/new"), methods),
    )
    before = rows()

    def holds(sent: tuple[str, dict[str, Any]]) -> None:
        path, told = sent
        with undone(ground):
            refused_or_below(ground.browsers["office"].post(path, told))
            assert rows() == before, "looking at a file writes nothing"

    fuzz(made, holds, few=12, many=600)


def tried(text: str, sample: bytes = SAMPLE.encode()) -> dict[str, Any]:
    return {"text": text, "file": SimpleUploadedFile("a.csv", sample)}
