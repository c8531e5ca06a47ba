"""Canary words in every personal field, every free text and the photo: after erasing the person they are nowhere.

Not in a table, a file of the instance (the database's own files and its log of changes among them), a log, an export,
or a backup taken afterwards; the journal still verifies and replay still equals the rows.
"""

from __future__ import annotations

import io
import json
import subprocess
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bench.stage import Stage, stage
from bench.walk import Client
from PIL import Image
from pypdf import PdfWriter

from minqing.base.postgres.binaries import binaries

WORDS = [
    "阿斯特拉巴", "贝洛瓦尔德", "基达里翁", "多纳塔罗", "埃尔芬斯通", "弗洛雷斯科", "甘多尔菲", "赫尔辛格", "伊索尔德",
    "雅克布森", "科瓦廖夫", "卢米纳拉",
]  # fmt: skip
NUMBERS = ["13987650042", "330727199001010456", "canary-mail-7731"]
EXIF_WORD = "CANARYGPSPHOTO"
PDF_WORD = "CANARYPDFKEY"


@pytest.fixture(scope="module")
def played(django_db_blocker: Any) -> Any:
    """One matter full of canaries, played to its end over HTTP, its notices sent; then the person is erased."""
    with django_db_blocker.unblock(), stage() as ready:
        code = _play(ready)
        (ready.home / "work.log").write_text(ready.run("work", "--once"))
        before = _where_found(ready)
        ready.run("user", "add", "keeper", "--name", "演示·档案员")
        asked = ("--phone", NUMBERS[0], "--as", "keeper", "--reason", "本人要求删除")
        ready.run("vault", "erase", code, *asked, "--yes")
        yield ready, code, before


def _play(ready: Stage) -> str:
    with closing(Client(ready.base)) as client:
        return _play_with(client, ready)


def _play_with(client: Client, ready: Stage) -> str:
    body = {
        "title": f"路灯不亮{WORDS[0]}", "text": f"村口路灯不亮，{WORDS[1]}每晚都怕摔倒",
        "place": str(ready.places[0])[:12], "channel": "hotline", "location": {"lon": 120.45, "lat": 29.05},
        "reporter": {
            "name": WORDS[2], "phone": NUMBERS[0], "address": f"{WORDS[3]}路1号", "id_number": NUMBERS[1],
            "email": f"{NUMBERS[2]}@example.org",
        },
    }  # fmt: skip
    status, told, _ = client.ask("POST", "/api/v1/matters", ready.intake, body)
    assert status == 201, told
    code: str = told["code"]
    worker = next(person for person in ready.people if person.level == "village")
    for move in (
        {"move": "note", "reason": f"去看过，{WORDS[4]}在家"},
        {"move": "correct", "form.household": f"{WORDS[11]}户"},
        {"move": "reveal", "name": "reporter.phone", "reason": f"回电{WORDS[5]}"},
        {"move": "settle", "records": ["result"], "reason": f"已修好，{WORDS[6]}"},
        {"move": "nonsense", "reason": WORDS[7]},
    ):
        status, answer, _ = client.ask("POST", f"/api/v1/matters/{code}/moves", worker.token, move)
        assert status == (422 if move["move"] == "nonsense" else 200), answer
        if move["move"] == "reveal":
            assert NUMBERS[0] in json.dumps(answer), "what is planted is there to be read by who may"
    _attach(ready, code, worker.token, f"{WORDS[9]}.jpg", "image/jpeg", _photo())
    _attach(ready, code, worker.token, f"{WORDS[9]}.pdf", "application/pdf", _odd_pdf())
    client.ask("GET", f"/api/v1/matters?q={urllib.request.quote(WORDS[1])}", worker.token)
    own = {"secret": told["secret"], "last4": NUMBERS[0][-4:]}
    assert WORDS[1] in json.dumps(client.ask("POST", f"/api/v1/public/{code}", "", own)[1], ensure_ascii=False)
    client.ask(
        "POST", f"/api/v1/public/{code}", "", {"secret": told["secret"], "move": {"move": "remind", "reason": WORDS[8]}}
    )
    _end(ready, client, code, told["secret"])
    return code


def _photo() -> bytes:
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = EXIF_WORD
    exif.get_ifd(0x8825)[29] = EXIF_WORD
    Image.new("RGB", (40, 40), "red").save(picture, "JPEG", exif=exif)
    return picture.getvalue() + EXIF_WORD.encode()


def _odd_pdf() -> bytes:
    """One that its reader warns of, with the name of a key that stands there twice."""
    paper, told = PdfWriter(), io.BytesIO()
    paper.add_blank_page(50, 50)
    paper.write(told)
    twice = f"/Type /Page\n/{PDF_WORD} 1\n/{PDF_WORD} 2\n".encode()
    odd = told.getvalue().replace(b"/Type /Page\n", twice, 1)
    assert twice in odd
    return odd


def _attach(ready: Stage, code: str, token: str, name: str, media: str, content: bytes) -> None:
    edge = "x1x2x3"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {media}\r\n\r\n'
    )
    data = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    request = urllib.request.Request(
        f"{ready.base}/api/v1/matters/{code}/files", data,
        {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={edge}"},
    )  # fmt: skip
    with urllib.request.urlopen(request) as answer:
        assert answer.status in (200, 201)


def _end(ready: Stage, client: Client, code: str, secret: str) -> None:
    """Whatever way leads to an end: somebody who may calls back, satisfied."""
    for person in ready.people:
        status, told, _ = client.ask("GET", f"/api/v1/matters/{code}", person.token)
        if status == 200 and told["clock"] == "ended":
            return
        if status != 200 or not any(move["move"] == "call_back" for move in told["moves"]):
            continue
        move = {"move": "call_back", "result": "satisfied", "reason": f"很满意，{WORDS[10]}"}
        status, told, _ = client.ask("POST", f"/api/v1/matters/{code}/moves", person.token, move)
        if status == 200 and told["clock"] == "ended":
            return
    raise AssertionError("nobody could end the matter")


def _needles() -> list[bytes]:
    words = [*WORDS, *NUMBERS, EXIF_WORD, PDF_WORD]
    plain = [word.encode() for word in words]
    in_hex = [word.encode().hex().encode() for word in words]  # as a column of bytes is printed
    escaped = [json.dumps(word).strip('"').encode() for word in WORDS]
    foreign = [word.encode(code) for word in WORDS for code in ("gb18030", "utf-16-le")]
    return plain + in_hex + escaped + foreign


def _found_in(data: bytes) -> list[str]:
    return [needle.decode("utf-8", "replace") for needle in _needles() if needle in data]


def _where_found(ready: Stage) -> dict[str, list[str]]:
    """Every file of the instance (what server and worker print among them) and every table that holds a canary."""
    found: dict[str, list[str]] = {}
    with psycopg.connect(ready.urls.owner, autocommit=True) as owner:
        tables = owner.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        for (table,) in tables.fetchall():
            with owner.cursor().copy(f'copy "{table}" to stdout') as out:
                if hits := _found_in(b"".join(bytes(block) for block in out)):
                    found[table] = hits
    for path in sorted(Path(ready.home).rglob("*")):
        if path.is_file() and (hits := _found_in(path.read_bytes())):
            found[str(path.relative_to(ready.home))] = hits
    return found


def test_even_before_erasure_no_canary_lies_readable_anywhere(played: Any) -> None:
    """Sealing comes first: what is never written readable need not be hunted down."""
    assert played[2] == {}


def test_after_erasure_no_table_file_or_log_holds_a_canary(played: Any) -> None:
    ready, _, _ = played
    assert _where_found(ready) == {}


def test_after_erasure_nothing_opens_any_more(played: Any) -> None:
    ready, code, _ = played
    with closing(Client(ready.base)) as client:
        for person in ready.people:
            for path in ("", "/journal", "/clock"):
                status, told, _ = client.ask("GET", f"/api/v1/matters/{code}{path}", person.token)
                assert not _found_in(json.dumps(told, ensure_ascii=False).encode()), (person.role, path, status)
    with psycopg.connect(ready.urls.owner) as owner:
        for table in ("vault_key", "vault_value", "vault_file", "vault_mark"):
            row = owner.execute(f"select count(*) from {table} where subject = %s", [code]).fetchone()
            assert row == (0,), table


def test_exports_and_later_backups_hold_no_canary(played: Any, tmp_path: Path) -> None:
    ready, _, _ = played
    exported = ready.run("journal", "export")
    assert "Reported" in exported
    assert not _found_in(exported.encode())
    dump = subprocess.run(
        [str(binaries().program("pg_dump")), "--dbname", ready.urls.owner], check=True, stdout=subprocess.PIPE
    ).stdout
    assert b"matters_matter" in dump
    assert not _found_in(dump)


def test_the_journal_still_verifies_and_replay_still_equals_the_rows(played: Any) -> None:
    ready, _, _ = played
    ready.run("journal", "verify")
    ready.run("journal", "rebuild", "--compare")
