"""A simulated fortnight goes through the real journal: it verifies, replays, is marked, and leaves work."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest
from django.db import connection

from minqing.base.errors import Conflict
from minqing.base.ledger.verify import verify
from minqing.insight.twin.actions import Made, write_year
from minqing.insight.twin.ground import ground_from
from minqing.insight.twin.outcome import Outcome
from minqing.insight.twin.scenario import default_scenario
from minqing.insight.twin.settings import with_settings
from minqing.insight.twin.texts import MARK
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.reading import MATTERS, codes_of, history, read
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import lineage
from minqing.registers.regions.queries import casts

UNTIL, DAYS = dt.date(2026, 6, 15), 14
SIZE = [("arrivals", "8"), ("helping.silent", "40%")]


def written(method: Method, folder: Path, seed: int = 1) -> tuple[Outcome, dict[str, int]]:
    folder.mkdir()
    grids = open_trial_county(folder)
    publish(method)
    return again(method, grids, seed)


def again(method: Method, grids: list[int], seed: int) -> tuple[Outcome, dict[str, int]]:
    places = {place for grid in grids for place in lineage(grid) if place % 10**9 == 0 or place in grids}
    made = Made(ground_from(casts({place for place in places if str(place).startswith("330727")}).values()),
                decreed_calendar(), dict.fromkeys(grids, "演示村"), {})  # fmt: skip
    told: dict[str, int] = defaultdict(int)

    def progress(step: str, done: int, total: int) -> None:
        assert done <= total
        told[step] += 1

    scenario = with_settings(default_scenario(method), SIZE)
    return write_year(method, made, scenario, UNTIL, DAYS, seed, progress), dict(told)


@pytest.mark.django_db
def test_the_year_is_in_the_journal_verifies_and_replays(panan: Method, tmp_path: Path) -> None:
    outcome, told = written(panan, tmp_path / "lists")
    assert outcome.matters > 60 and outcome.refusals == {}
    assert told == {"simulate": DAYS, "write": 1}
    codes = set(codes_of([("demo", f"{number:06}") for number in range(1, outcome.matters + 1)]).values())
    assert len(codes) == outcome.matters
    lines = 0
    for code, stored in read(HOUSE, codes).items():
        told_of = history(HOUSE, code)
        lines += len(told_of)
        assert replay([line.event for line in told_of]) == stored.matter
        assert stored.title.endswith(MARK) and stored.text.endswith(MARK)
    assert lines == outcome.events
    assert verify([MATTERS], tmp_path).count == 0


@pytest.mark.django_db
def test_words_are_sealed_and_every_line_that_names_one_finds_it(panan: Method, tmp_path: Path) -> None:
    written(panan, tmp_path / "lists")
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from ledger_line where data::text like '%%演示）%%' or data::text like '%%made-up%%'"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "select count(*) from ledger_line where data->>'body' <> '' and"
            " not exists (select from vault_value where name = data->>'body')"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_clock_has_work_left(panan: Method, tmp_path: Path) -> None:
    outcome, _ = written(panan, tmp_path / "lists")
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from matters_duty d join matters_matter m on m.id = d.matter_id"
            " where m.open and d.state = 0"
        )
        (running,) = cursor.fetchone()
    assert outcome.open_now > 0 and running >= outcome.open_now


@pytest.mark.django_db
def test_a_second_writing_of_the_same_numbers_writes_nothing(panan: Method, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    grids = open_trial_county(tmp_path / "lists")
    publish(panan)
    first, _ = again(panan, grids, 1)
    with pytest.raises(Conflict):
        again(panan, grids, 2)
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from matters_matter")
        assert cursor.fetchone() == (first.matters,)
