"""Nothing secret or personal stands in any log of a run over real processes, also where the database fails amid.

Canaries are typed and shown everywhere: words, names, numbers, passwords, codes of second factors, session keys,
tokens, secrets of receipts and of a gateway. Then tables vanish, refuse rows and hang, and the process of the database
that runs a statement is killed. What the server, the worker, the command line and PostgreSQL wrote meanwhile is read.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from bench.stage import PROGRAM, Stage, free_port, stage
from bench.walk import Client
from psycopg import sql
from tests.security.guest import Guest

WORDS = {
    "text": "奥布里昂", "title": "珀耳塞福", "name": "法布里齐奥", "phone": "13987650077", "id": "330727199001017754",
    "address": "卡斯特利亚路", "email": "canary-mail-8852@example.org", "note": "莫里康内", "asked": "泰奥菲尔",
    "search": "斯卡拉蒂", "wrong password": "wrong-canary-3391", "password": "河畔-canary-第三棵柳树-5571",
    "wrong login": "canary.login.6620", "gateway": "canary-gateway-secret-9917", "bad token": "mq_canary00000000000000",
}  # fmt: skip
#: Tables that are made to vanish together, each with what is asked of the command line meanwhile; then those that are
#: made to take no row. Each breaks another step of what people do.
GONE = (("django_session",), ("accounts_user", "vault_value"), ("mfa_authenticator", "ledger_line"))
CLOSED = ("accounts_user", "axes_accessattempt", "matters_matter", "notice_message")
#: What the command line is asked for while a table is gone.
PROGRAMS = {
    "accounts_user": ("user", "password", WORDS["wrong login"]),
    "ledger_line": ("vault", "look-up", "--phone", WORDS["phone"], "--as", "nobody", "--reason", WORDS["asked"]),
}


Trouble = Callable[[psycopg.Connection, str], AbstractContextManager[None]]


class Play:
    """Everything that is said and shown, and to whom."""

    def __init__(self, ready: Stage) -> None:
        self.ready = ready
        self.canaries = dict(WORDS)
        self.said = ""  # what programs of the command line printed
        self.worker = next(one for one in ready.people if one.level == "village")
        self.desk, self.resident = Guest(ready.base), Guest(ready.base)
        self.code = self.secret = self.login = self.totp = ""

    def program(self, *arguments: str) -> None:
        """One command that may fail; what it prints on its stderr is a log too, its stdout is for whoever asked."""
        done = subprocess.run([str(PROGRAM), *arguments], env=self.ready.environment, capture_output=True, text=True)
        self.said += done.stderr

    def programs(self, tables: Sequence[str]) -> None:
        """What the command line is asked while these are gone."""
        for table in tables:
            if table in PROGRAMS:
                self.program(*PROGRAMS[table])

    def begin(self) -> None:
        """An account with its second factor, a report with its secret: as they are made."""
        users = json.loads(self.ready.run("user", "list", "--json"))
        self.login = next(one["login"] for one in users if one["id"] == self.worker.person)
        starting = subprocess.run(
            [str(PROGRAM), "user", "password", self.login], env=self.ready.environment, capture_output=True, text=True
        )
        self.canaries["starting password"] = words = starting.stdout.strip()
        self.said += starting.stderr
        self.desk.post("/sign-in", {"login": self.login, "password": words})
        new = WORDS["password"]
        self.desk.post("/me/password", {"oldpassword": words, "password1": new, "password2": new})
        self.desk.post("/me/again", {"password": new})
        self.totp = re.findall(r'secret">([A-Z2-7]+)<', self.desk.get("/me/app").text)[0]
        self.canaries["second factor"] = self.totp
        assert self.desk.post("/me/app", {"code": self.code_now()}, page="/me").status == 302
        for number, code in enumerate(re.findall(r"<li><code>(\w+)</code>", self.desk.get("/me/codes").text)):
            self.canaries[f"recovery code {number}"] = code
        self.read_reset()
        assert self.desk.get("/today").status == 200
        self.report()

    def read_reset(self) -> None:
        """The page that tells of the starting password, before anything else."""
        newest = re.findall(r'name="read" value="([^"]+)"', self.desk.get("/post").text)
        if newest:
            self.desk.post("/post", {"read": newest[0]})
        self.desk.get("/post")

    def code_now(self) -> str:
        return str(format_hotp_value(hotp_value(self.totp, next(iter(yield_hotp_counters_from_time())))))

    def report(self) -> None:
        """By the API, with all fields; on the page, with its receipt."""
        with closing(Client(self.ready.base)) as client:
            status, told, _ = client.ask("POST", "/api/v1/matters", self.ready.intake, _report(self.ready))
            if status == 201:
                self.code, self.secret = told["code"], told["secret"]
                self.canaries[f"secret {self.code}"] = self.secret
        place = str(self.ready.places[0])[:12]
        form = {"text": WORDS["text"], "name": WORDS["name"], "phone": WORDS["phone"], "title": WORDS["title"]}
        self.resident.post(f"/report/{place}", form)
        shown = self.resident.get("/receipt").text
        for secret in re.findall(r'name="secret" value="([^"]+)"', shown):
            self.canaries["secret of the page"] = secret

    def once_more(self) -> None:
        """What people do, whatever it comes to: signing in and out, reading, searching, moving, opening, following."""
        other = Guest(self.ready.base)
        other.post("/sign-in", {"login": WORDS["wrong login"], "password": WORDS["wrong password"]})
        other.post("/sign-in", {"login": self.login, "password": WORDS["wrong password"]})
        other.post("/sign-in", {"login": self.login, "password": WORDS["password"]})
        other.post("/sign-in/code", {"code": self.canaries["recovery code 3"]})
        other.post("/sign-in/code", {"code": self.code_now()})
        self.desk.get("/today")
        self.desk.get(f"/matters?q={quote(WORDS['search'])}")
        self.desk.post("/me/password", {"oldpassword": WORDS["wrong password"], "password1": "x", "password2": "x"})
        self.resident.post("/follow", {"code": self.code, "secret": self.secret})
        with closing(Client(self.ready.base)) as client:
            moves = f"/api/v1/matters/{self.code}/moves"
            client.ask("GET", f"/api/v1/matters?q={quote(WORDS['search'])}", self.worker.token)
            client.ask("GET", f"/api/v1/matters/{self.code}", WORDS["bad token"])
            client.ask("POST", moves, self.worker.token, {"move": "note", "reason": WORDS["note"]})
            reveal = {"move": "reveal", "name": "reporter.phone", "reason": WORDS["asked"]}
            client.ask("POST", moves, self.worker.token, reveal)
            own = {"secret": self.secret, "last4": WORDS["phone"][-4:]}
            client.ask("POST", f"/api/v1/public/{self.code}", "", own)
        self.report()
        self._keep(other)

    def _keep(self, *guests: Guest) -> None:
        for guest in (self.desk, self.resident, *guests):
            for number, (name, value) in enumerate(guest.seen_keys):
                if name in ("minqing_session", "minqing_form") and len(value) > 8:
                    self.canaries[f"cookie {name} {number} {id(guest)}"] = value


def _report(ready: Stage) -> dict[str, Any]:
    return {
        "title": f"路灯{WORDS['title']}", "text": f"村口路灯不亮，{WORDS['text']}，{WORDS['search']}",
        "place": str(ready.places[0])[:12], "channel": "hotline",
        "reporter": {
            "name": WORDS["name"], "phone": WORDS["phone"], "address": f"{WORDS['address']}1号",
            "id_number": WORDS["id"], "email": WORDS["email"],
        },
    }  # fmt: skip


NOTICES = """notices: 1
from: 民情中心
sms:
  url: http://127.0.0.1:{port}/send
  headers: {{Authorization: "Bearer {{secret.gateway}}"}}
  fields: {{phone: "{{to}}", content: "{{text}}"}}
"""


@pytest.fixture(scope="module")
def played(django_db_blocker: Any) -> Iterator[Play]:
    """The whole run; what is read afterwards are its logs."""
    with django_db_blocker.unblock(), stage(villages=1, grids=1) as ready:
        ready.environment["MINQING_NOTICE_GATEWAY"] = WORDS["gateway"]
        (ready.home / "notices.yaml").write_text(NOTICES.format(port=free_port()))
        play = Play(ready)
        play.begin()
        play.once_more()
        with psycopg.connect(ready.urls.owner, autocommit=True) as owner:
            for tables in GONE:
                with _each(owner, _vanished, tables):
                    play.once_more()
                    play.programs(tables)
            with _each(owner, _refusing, CLOSED):
                play.once_more()
                play.program("work", "--once")
        play.program("work", "--once")
        _killed_amid(play)
        for row in _rows(ready, "select password from accounts_user where password like 'argon2%'"):
            play.canaries[f"hash {row[0][-8:]}"] = row[0]
        yield play


@contextmanager
def _each(owner: psycopg.Connection, trouble: Trouble, tables: Sequence[str]) -> Iterator[None]:
    with ExitStack() as all_of_them:
        for table in tables:
            all_of_them.enter_context(trouble(owner, table))
        yield


@contextmanager
def _vanished(owner: psycopg.Connection, table: str) -> Iterator[None]:
    """The table is not there: each statement on it is an error, with its words."""
    old, gone = sql.Identifier(table), sql.Identifier(f"{table}_gone")
    owner.execute(sql.SQL("alter table {} rename to {}").format(old, gone))
    try:
        yield
    finally:
        owner.execute(sql.SQL("alter table {} rename to {}").format(gone, old))


@contextmanager
def _refusing(owner: psycopg.Connection, table: str) -> Iterator[None]:
    """The table takes no row: PostgreSQL tells which one failed."""
    name = sql.Identifier(table)
    owner.execute(sql.SQL("alter table {} add constraint closed check (false) not valid").format(name))
    try:
        yield
    finally:
        owner.execute(sql.SQL("alter table {} drop constraint closed").format(name))


def _killed_amid(play: Play) -> None:
    """A statement waits for a lock; the process that runs it is killed: PostgreSQL tells what it ran."""
    waiting = "select pid from pg_locks where not granted and relation = 'django_session'::regclass"
    with ThreadPoolExecutor(1) as asking, suppress(psycopg.OperationalError):
        with psycopg.connect(play.ready.urls.owner) as owner:
            owner.execute("lock table django_session in access exclusive mode")
            asked = asking.submit(_quietly, lambda: play.desk.get("/today"))
            for _ in range(1200):
                if found := owner.execute(waiting).fetchall():
                    break
                time.sleep(0.1)
            assert found, "nobody waits"
            os.kill(found[0][0], signal.SIGKILL)  # takes all connections along, this one too
        asked.result()


def _quietly(ask: Callable[[], object]) -> None:
    """The database goes away amid: what is answered is of no interest here."""
    try:
        ask()
    except OSError:
        return


def _rows(ready: Stage, query: str) -> list[tuple[Any, ...]]:
    for _ in range(60):
        try:
            with psycopg.connect(ready.urls.owner) as owner:
                return owner.execute(query).fetchall()
        except psycopg.OperationalError:
            time.sleep(0.5)  # it comes back
    raise AssertionError("the database did not come back")


def _logs(play: Play) -> dict[str, str]:
    home = play.ready.home
    files = {path.name: path.read_text(errors="replace") for path in (home / "serve.log", home / "postgres" / "log")}
    return files | {"stderr of the command line": play.said}


def test_the_run_made_the_faults_it_is_about(played: Play) -> None:
    """Else the next test would read logs of nothing."""
    logs = _logs(played)
    for table in {*sum(GONE, ()), *CLOSED}:
        assert f'"{table}"' in logs["log"], f"no statement on {table} failed"
    assert "ProgrammingError" in logs["serve.log"] and "terminated by signal 9" in logs["log"]
    assert len(played.canaries) > len(WORDS) + 15


@pytest.mark.parametrize("log", ["serve.log", "log", "stderr of the command line"])
def test_no_log_holds_a_secret_or_a_word_of_anybody(played: Play, log: str) -> None:
    lines = _logs(played)[log].splitlines()
    found = {
        name: line[:300]
        for line in lines
        for name, word in played.canaries.items()
        if word in line or _hex(word) in line
    }
    assert found == {}


def _hex(word: str) -> str:
    """As a column of bytes is printed."""
    return word.encode().hex()
