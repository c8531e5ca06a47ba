"""Role × post × endpoint × place × sensitivity × against: nobody learns anything of a matter that is not theirs to see.

The endpoints come from the OpenAPI: a new one without a row here fails. Who may see what is told by `ground`, in plain
words. Besides: raw SQL under the application's role, counts, search, error texts, and what the database is asked.
"""

from __future__ import annotations

import io
import json
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from ground import Ground, lay_ground
from PIL import Image

from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.trial_staff import Person
from minqing.registers.accounts.queries import viewer_of
from minqing.registers.accounts.rules import NOTHING
from minqing.registers.accounts.scoping import seen_by

API = "/api/v1"


def _picture() -> bytes:
    """One that is taken, so that what is answered is answered for the matter."""
    made = io.BytesIO()
    Image.new("RGB", (1, 1), "red").save(made, "JPEG")
    return made.getvalue()


#: operation → what is sent to ask about one matter; None: it names no matter (looked at below, by its own test).
ROWS: dict[tuple[str, str], dict[str, Any] | None] = {
    ("get", "/matters/{code}"): {},
    ("get", "/matters/{code}/journal"): {},
    ("get", "/matters/{code}/clock"): {},
    ("post", "/matters/{code}/moves"): {"json": {"move": "note", "reason": "看一看"}},
    ("post", "/matters/{code}/files"): {"file": _picture()},
    ("post", "/public/{code}"): {"json": {"secret": "22222-22222"}},
    ("get", "/matters"): None,
    ("post", "/matters"): None,
    ("post", "/matters/bulk"): None,
}  # fmt: skip
#: Tables whose rows belong to matters, and how to say which.
OF_MATTERS = {
    "matters_matter": "select code from matters_matter",
    "matters_duty": "select m.code from matters_duty d join matters_matter m on m.id = d.matter_id",
    "duties alone": "select matter_id from matters_duty",
    "ledger_line": "select subject from ledger_line where stream = 1",
    "vault_value": "select subject from vault_value",
    "vault_key": "select subject from vault_key",
    "vault_file": "select subject from vault_file",
    "matters_fired": "select duty_id from matters_fired",
    "who read what": "select code from ledger_subject where stream = 2",
    "lines of who read what": "select l.data ->> 'of' from ledger_line l where l.stream = 2",
    "notice_message": "select code from notice_message",
    "notice_inbox": "select code from notice_inbox",
    "matters_search": "select matter_id from matters_search",
    "matters_outbox": "select subject from matters_outbox",
    "vault_mark": "select subject from vault_mark",
    "matters_request": "select code from matters_request",
}
#: Of these nobody but the house sees a row, whatever they may see of the matter.
OF_THE_HOUSE = {"matters_search", "matters_outbox", "vault_mark", "matters_request"}
#: Hung on every matter by the owner: without rows nothing could leak.
HANGING = """
select count(*) from matters_matter m, ledger_append(
    2::smallint, m.code,
    json_build_array(json_build_object('kind', 'Revealed', 'happened', m.recorded,
                                       'data', json_build_object('of', m.code))), m.recorded);
insert into notice_message (once, code, kind, unit, way, told, happened, not_before, state)
    select 'm' || id, code, 'taken', holder, '', '{}', recorded, recorded, 'waiting' from matters_matter;
insert into notice_inbox (once, unit, code, kind, told, happened, urgent)
    select m.id || '.' || u.id, u.id, m.code, 'taken', '{}', m.recorded, false
    from matters_matter m cross join regions_unit u;
insert into matters_request select convert_to(code, 'UTF8'), '', code, 1, recorded from matters_matter;
insert into vault_file select code, 'f', 'image/jpeg', 'f', 1, '', 'p', 'g', '2040-01-01' from matters_matter;
insert into matters_fired select id, 9, starts, 'matrix' from matters_duty;
insert into vault_mark (token, kind, subject, name) select 'x' || code, 'name', code, 'n' from matters_matter
"""


@pytest.fixture(scope="module")
def ground(module_database, tmp_path_factory) -> Ground:
    return lay_ground(tmp_path_factory.mktemp("ground"), module_database.owner)


def _ask(client: Client, token: str, verb: str, path: str, row: dict[str, Any]) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if "file" in row:
        from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

        return client.post(path, {"file": SimpleUploadedFile("a.jpg", row["file"])}, headers=headers)
    if "json" in row:
        return client.post(path, json.dumps(row["json"]), content_type="application/json", headers=headers)
    return getattr(client, verb)(path, headers=headers)


def _operations(client: Client) -> set[tuple[str, str]]:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    return {
        (verb, path.removeprefix(API))
        for path, verbs in paths.items()
        for verb in verbs
        if verb in ("get", "post", "put", "patch", "delete")
    }


def test_every_operation_of_the_openapi_has_its_row(ground: Ground) -> None:
    assert _operations(Client()) == set(ROWS)


def _shape(answer: Any, code: str) -> str:
    """Status and words of an answer, without the code that was asked for."""
    return f"{answer.status_code} {answer.content.decode().replace(code, 'CODE')}"


def test_no_endpoint_tells_an_unseen_matter_from_one_that_does_not_exist(ground: Ground) -> None:
    client, asked = Client(), 0
    for person in [*ground.people, Person("", "", "nobody", 0, ""), Person("", "", "forged", 0, "mq_" + "A" * 43)]:
        for (verb, path), row in ROWS.items():
            if row is None:
                continue
            nowhere = new_code()
            absent = _shape(_ask(client, person.token, verb, API + path.format(code=nowhere), row), nowhere)
            for matter in ground.matters:
                answer = _ask(client, person.token, verb, API + path.format(code=matter.code), row)
                asked += 1
                assert answer.status_code < 500, (person.role, verb, path)
                known = person.token and person.role != "forged" and path != "/public/{code}"
                if known and ground.sees(person, matter):
                    assert answer.status_code not in (401, 404), (person.role, person.unit, verb, path, matter)
                else:
                    told = (person.role, person.unit, verb, path, matter)
                    assert _shape(answer, matter.code) == absent, told
                    assert matter.word not in answer.content.decode(), told
    assert asked > 2_000


def test_what_a_viewer_is_shown_names_no_other_matter(ground: Ground) -> None:
    """Everything an answer about a seen matter holds is its own: no code and no word of another."""
    client = Client()
    for person in ground.people:
        unseen = [matter for matter in ground.matters if not ground.sees(person, matter)]
        for matter in ground.matters:
            if not ground.sees(person, matter):
                continue
            for path in ("", "/journal", "/clock"):
                said = _ask(client, person.token, "get", f"{API}/matters/{matter.code}{path}", {}).content.decode()
                assert not [other for other in unseen if other.code in said or other.word in said]


def _listed(client: Client, token: str, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(50):
        answer = _ask(client, token, "get", f"{API}/matters?limit=7&{query}{cursor}", {})
        if answer.status_code in (401, 403):
            return []
        told = answer.json()
        found += told["matters"]
        if not told.get("next"):
            break
        cursor = f"&cursor={told['next']}"
    return found


@pytest.mark.parametrize("state", ["open", "all", "ended"])
def test_lists_their_pages_and_their_counts_hold_only_what_is_seen(ground: Ground, module_database, state: str) -> None:
    client, held = Client(), 0
    for person in ground.people:
        codes = [row["code"] for row in _listed(client, person.token, f"state={state}")]
        seen = {matter.code for matter in ground.matters if ground.sees(person, matter)}
        assert set(codes) <= seen, person
        assert len(set(codes)) == len(codes), "a line came twice"
        held += len(codes)
        counts = _ask(client, person.token, "get", f"{API}/matters?state={state}&limit=1", {}).json().get("counts", [])
        assert sum(int(one["count"].rstrip("+")) for one in counts) <= _duties(person, ground, module_database.owner)
    assert held > 0 or state == "ended"


def _duties(person: Person, ground: Ground, owner_url: str) -> int:
    """How many duties run in matters that they see."""
    seen = [matter.code for matter in ground.matters if ground.sees(person, matter)]
    with psycopg.connect(owner_url) as owner:
        row = owner.execute(
            "select count(*) from matters_duty d join matters_matter m on m.id = d.matter_id"
            " where d.state = 0 and m.code = any(%s)",
            [seen],
        ).fetchone()
    return int(row[0]) if row else 0


def test_a_county_list_is_whole(ground: Ground) -> None:
    """The other way round: what is theirs to see on the county's list is there, so nothing is lost by the locks."""
    client = Client()
    person = next(one for one in ground.people if one.role == "county_centre")
    codes = {row["code"] for row in _listed(client, person.token, "state=all")}
    assert codes == {matter.code for matter in ground.matters if ground.sees(person, matter)}


def test_search_finds_no_word_of_an_unseen_matter(ground: Ground) -> None:
    client, found = Client(), 0
    for person in ground.people:
        for matter in ground.matters:
            codes = {row["code"] for row in _listed(client, person.token, f"state=all&q={matter.word}")}
            if ground.sees(person, matter):
                found += matter.code in codes
            else:
                assert matter.code not in codes, (person.role, matter)
    assert found > 50, "the search must find what is seen, or this test cannot fail"


def test_raw_sql_under_the_applications_role_shows_what_the_scope_shows(ground: Ground, module_database) -> None:
    with psycopg.connect(module_database.owner) as owner:
        numbers = dict(owner.execute("select code, id from matters_matter").fetchall())
        duties = {d: m for d, m in owner.execute("select id, matter_id from matters_duty").fetchall()}
        owner.execute(HANGING)
        for table, statement in OF_MATTERS.items():
            assert owner.execute(statement).fetchone() is not None, f"{table} is empty: nothing could leak"
    for person in ground.people:
        viewer = viewer_of(person.token) if person.token else None
        scope = viewer.scope if viewer is not None else NOTHING
        seen = {matter.code for matter in ground.matters if viewer is not None and ground.sees(person, matter)}
        allowed = {str(one) for one in seen} | {str(numbers[one]) for one in seen}
        allowed |= {str(duty) for duty, matter in duties.items() if str(matter) in allowed}
        for table, statement in OF_MATTERS.items():
            with seen_by(scope), connection.cursor() as cursor:
                cursor.execute(statement)
                shown = {str(row[0]) for row in cursor.fetchall()}
            assert shown <= (set() if table in OF_THE_HOUSE else allowed), (person.role, table)
            if table == "matters_matter":
                assert shown == seen, person


def test_without_a_scope_raw_sql_shows_nothing(ground: Ground) -> None:
    for table, statement in OF_MATTERS.items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.fetchall() == [], table


def test_the_database_is_asked_the_same_for_an_unseen_matter_as_for_none(ground: Ground) -> None:
    """Equal time by equal work: the statements are the same, so what differs is not ours."""
    client = Client()
    for person in ground.people:
        unseen = next((matter for matter in ground.matters if not ground.sees(person, matter)), None)
        if unseen is None or not person.token:
            continue
        for path in ("", "/journal", "/clock"):
            absent, hidden = (
                _statements(client, person.token, f"{API}/matters/{code}{path}") for code in (new_code(), unseen.code)
            )
            assert absent == hidden, (person.role, path)


def _statements(client: Client, token: str, path: str) -> list[str]:
    _ask(client, token, "get", path, {})  # what is kept by a process is there afterwards
    with CaptureQueriesContext(connection) as asked:
        _ask(client, token, "get", path, {})
    return [_without_values(one["sql"]) for one in asked.captured_queries]


def _without_values(statement: str) -> str:
    parts = statement.split("'")
    return "'?'".join(parts[::2])


def test_a_report_tells_nothing_of_other_places(ground: Ground) -> None:
    """Who reports is told of their own report; an outside number of another source is no way to ask for a code."""
    client = Client()
    program = next(person for person in ground.people if person.role == "machine")
    body = {
        "title": "路灯不亮", "text": "路灯不亮", "place": str(ground.matters[0].place), "channel": "hotline",
        "source": "someone-else", "external_id": "1",
    }  # fmt: skip
    answer = _ask(client, program.token, "post", f"{API}/matters", {"json": body})
    assert answer.status_code in (403, 422), answer.content.decode()
