"""The main job on real input: 4,326 messages become matters, once. Shows counts only, never a word of them."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from minqing.base import moments
from minqing.doors.cli.county import prepare_county
from minqing.doors.exchange.mapping import read_map
from minqing.doors.exchange.messages import import_messages
from minqing.insight.measures.queries import count_journal
from minqing.kernel.matters.escalation import still_due, sweep
from minqing.kernel.matters.ports import repeats
from minqing.kernel.matters.reading import read
from minqing.kernel.matters.rebuild import compare
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.rules import parse_code
from minqing.registers.vault.queries import open_values

ROOT = Path(__file__).resolve().parents[2]
COUNTY = parse_code("330727")
DATA = Path(os.environ.get("MINQING_REAL_DATA", "no real data"))
FILE = DATA / "messages" / "unlabelled.csv"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FILE.exists(), reason="MINQING_REAL_DATA names no folder with the real messages"),
    pytest.mark.usefixtures("own_database", "home"),
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINQING_HOME", str(tmp_path))


def rows(statement: str) -> list[tuple]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def named_districts() -> Counter[str]:
    """By hand, from the raw file: which of the mapped district names stands in the subject, else in the text."""
    found: Counter[str] = Counter()
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for column in ("留言主题", "留言详情"):
                hits = re.findall(r"A[1-6]区|A7县|A8县|A9市", row[column])
                if hits:
                    found[hits[0]] += 1
                    break
            else:
                found[""] += 1
    return found


def test_the_messages_become_matters_once_and_the_clock_moves_them() -> None:
    prepare_county("330727")
    method, mapping = current_method("panan-three-feelings"), read_map(ROOT / "maps" / "messages.yaml")
    first = import_messages(FILE, mapping, method, COUNTY, repeats=repeats())
    assert (first.count("new"), first.count("refused")) == (4326, 0)

    again = import_messages(FILE, mapping, method, COUNTY)
    assert (again.count("new"), again.count("known")) == (0, 4326), "running it again adds nothing"
    assert rows("select count(*) from matters_matter") == [(4326,)]

    by_hand = named_districts()
    towns = dict(rows("select town, count(*) from matters_matter group by 1"))
    expected: Counter[int | None] = Counter()
    for name, number in by_hand.items():
        expected[parse_code(mapping.places.table[name]) if name else None] += number
    assert towns == dict(expected), "routed as far as the row says"
    assert rows("select count(*) from matters_matter where village is not null") == [(0,)], "no village is invented"
    assert rows("select count(*) from matters_duty d join regions_unit u on u.id = d.unit where u.level = 'grid'") == [
        (0,)
    ], "no grid is invented"
    assert first.without_place == by_hand[""]

    matters = read(HOUSE, [row[0] for row in rows("select code from matters_matter")])
    shown = "\n".join(one.title + one.text for one in matters.values())
    assert len(shown) > 4326 * 20
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", shown), "no mobile number is left in what lists show"
    with seen_by(HOUSE):
        said = {one.id: open_values(code).values() for code, one in matters.items()}
    openings = {number: [value.decode()[:20] for value in values] for number, values in said.items()}
    lines = rows("select subject, data::text from ledger_line where stream = 1")
    held = sum(len(words) == 20 and words in data for number, data in lines for words in openings[number])
    assert held == 0 and sum(map(len, openings.values())) > 4326, "no line of the journal holds the words"

    later = moments.now() + dt.timedelta(days=40)
    assert sweep(later, by="test").fired > 4000
    assert still_due(later) == 0
    counts = count_journal(later)
    assert counts.matters == 4326
    assert sum(duty.late + duty.open_late for duty in counts.duties if duty.kind.startswith("@")) > 4000
    assert compare().count == 0, "replay equals the rows"


def test_replay_starts_each_clock_at_the_messages_own_time() -> None:
    prepare_county("330727")
    method, mapping = current_method("panan-three-feelings"), read_map(ROOT / "maps" / "messages.yaml")
    done = import_messages(FILE, mapping, method, COUNTY, replay=True)
    assert done.count("new") == 4326
    first, last = rows("select min(opened), max(opened) from matters_matter")[0]
    assert (first.year, last.year) == (2017, 2020)
    assert rows("select count(*) from matters_duty where starts < timestamptz '2020-02-01'")[0][0] >= 4326
    sweep(moments.in_china(last), by="test", at_rung_time=True)
    assert compare().count == 0
