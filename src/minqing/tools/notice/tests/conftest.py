"""A small register, matters that live in it, contacts as the vault would give them, and real gateways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection

from minqing.base import moments
from minqing.base.moments import CHINA
from minqing.kernel.matters.commands import Decision
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.entries import entry
from minqing.kernel.matters.journal import append
from minqing.kernel.matters.outbox import hand_over
from minqing.kernel.matters.reading import read_one
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.queries import casts
from minqing.tools.notice import ports
from minqing.tools.notice.rules import Reach
from minqing.tools.notice.tests.servers import GatewayServer, MailServer, gateway, mail_server
from minqing.wiring.reactions import REACTIONS
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).resolve().parents[5] / "methods"
MORNING = dt.datetime(2026, 6, 1, 10, 0, tzinfo=CHINA)  # a Monday
PHONE, MAIL = "13900000000", "zhang@example.cn"


@dataclass
class Book:
    """Contacts by code; `opened` is what was opened for what."""

    everybody: dict[str, str] = field(default_factory=lambda: {"sms": PHONE})
    chosen: str = ""
    opened: list[tuple[str, str, str]] = field(default_factory=list)

    def reach(self, code: str, kind: str, /) -> Reach:
        return Reach(self.chosen, frozenset(self.everybody))

    def address(self, code: str, way: str, kind: str, /) -> str:
        self.opened.append((code, way, kind))
        return self.everybody.get(way, "")

    def secret(self, code: str, /) -> str:
        return "SECRET4567"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    yield tmp_path / "home"
    moments.shift_by(dt.timedelta(0))


@pytest.fixture
def book(home: Path) -> Iterator[Book]:
    before = ports._bound.contacts
    book = Book()
    ports.bind(book)
    yield book
    ports._bound.contacts = before


@pytest.fixture
def sms() -> Iterator[GatewayServer]:
    with gateway() as server:
        yield server


@pytest.fixture
def letters() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def panan() -> Method:
    return load_method(METHODS / "panan-three-feelings.yaml", VOCABULARY)


@dataclass
class Played(StoredTrial):
    """A matter that is as sensitive as the test says, beyond what follows from it."""

    sensitivity: int = 0

    def take(self, actor, command):
        answer = decide(self.method, self.matter, command, self.context(actor))
        assert isinstance(answer, Decision), answer
        one = entry(answer.matter, answer.events, self.moment, self.method, actor=actor.person, before=self.stored,
                    sensitivity=self.sensitivity)  # fmt: skip
        append([one], by="trial", recorded=self.moment)
        self.stored = read_one(HOUSE, answer.matter.code)
        self.matter = self.stored.matter
        return answer.events


@dataclass
class County:
    """The ground of one test: a method, a grid, and ways to play and to tell."""

    method: Method
    place: int
    home: Path

    def matter(self, moment: dt.datetime = MORNING, text: str = "", sensitivity: int = 0, **told: object) -> Played:
        trial = Played(self.method, cast=casts({self.place})[self.place], moment=moment, sensitivity=sensitivity)
        trial.report(text, **({"place": self.place, "kind": "village-affair"} | told))
        return trial

    def react(self, now: dt.datetime = MORNING) -> None:
        """The outbox is read a minute before that moment, however slow the machine: the clock of the instance is moved
        there, as a trial moves it."""
        moments.shift_by(moments.shift() + now - dt.timedelta(minutes=1) - moments.now())
        while hand_over(REACTIONS).taken:
            pass

    def write(self, text: str) -> None:
        (self.home / "notices.yaml").write_text("from: 演示县民情中心\nphone: '12345'\n" + text, encoding="utf-8")

    def gateway(self, server: GatewayServer, more: str = "") -> None:
        self.write(
            f"sms:\n  url: {server.url}\n  fields: {{phone: '{{to}}', content: '{{text}}', id: '{{id}}'}}\n"
            f"  success: {{field: code, is: ['0'], refused: ['9']}}\n  timeout: 1\n{more}"
        )

    def unit(self, role: str) -> int:
        return casts({self.place})[self.place].units[role]


@pytest.fixture
def county(db, tmp_path: Path, home: Path, book: Book, panan: Method) -> County:
    return open_county(tmp_path, home, panan)


def open_county(tmp_path: Path, home: Path, method: Method) -> County:
    (tmp_path / "lists").mkdir()
    places = open_trial_county(tmp_path / "lists", towns=1, villages=1, grids=1)
    publish(method)
    return County(method, places[0], home)


def rows(statement: str, *values: object) -> list[tuple]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def states() -> dict[str, str]:
    """Kind → state of all messages to reporters."""
    return dict(rows("select kind, state from notice_message where unit = 0 order by id"))


def at(hour: int, minute: int = 0, day: int = 1) -> dt.datetime:
    return MORNING.replace(day=day, hour=hour, minute=minute)


def village_slug(county) -> str:
    return rows("select slug from regions_unit where id = %s", county.unit("village"))[0][0]
