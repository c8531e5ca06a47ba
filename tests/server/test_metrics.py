"""`/metrics`: opened by its token alone, true to the house, and nothing of a person, a matter or a place in it."""

from __future__ import annotations

import datetime as dt
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test import Client

from minqing.base import moments
from minqing.kernel.matters import ports
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.wiring import figures, metrics
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).parents[2] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
LINE = re.compile(r'^(minqing_\w+)(\{(?:[a-z]+="[^"\\]*",?)+\})? (-?[\d.e+-]+)$')
#: What labels may be called; none of them a person, a matter, a unit or a place.
LABELS = {"state", "method", "verb", "process", "route", "status", "le"}


def scrape(token: str = "rightly") -> dict[str, float]:
    """Every sample, after a look at how each is written."""
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain; version=0.0.4")
    found = {}
    for line in answer.content.decode().splitlines():
        if not line.startswith("# "):
            name, labels, value = LINE.fullmatch(line).groups()
            assert set(re.findall(r'(\w+)="', labels or "")) <= LABELS, line
            found[name + (labels or "")] = float(value)
    return found


@pytest.fixture
def house(own_database, tmp_path, monkeypatch):
    """An instance whose figures are opened by a token."""
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(metrics.TOKEN, "rightly")
    monkeypatch.setattr(metrics, "FRESH", 0.0)
    monkeypatch.setattr(metrics, "SLOW", 60_000)  # a machine that stalls leaves no figure out
    monkeypatch.setattr(metrics, "_kept", (0.0, []))
    monkeypatch.setattr(figures, "OWN", figures.Figures())
    ports.bind(vocabulary=VOCABULARY)
    publish(WUSHAN)
    yield own_database
    connections.close_all()


def reported(tmp_path, many: int) -> None:
    (tmp_path / "lists").mkdir()
    places = open_trial_county(tmp_path / "lists", towns=1, villages=1, grids=1)
    ago = moments.now() - dt.timedelta(minutes=10)
    store_made_up(WUSHAN, places, [ago] * many, ago)


def as_owner(database, statement: str) -> None:
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute(statement)


def test_without_its_token_there_is_no_such_page(house, monkeypatch):
    strange = [{}, {"authorization": "Bearer wrongly"}, {"authorization": "rightly"}, {"authorization": "Bearer "}]
    for headers in strange:
        answer = Client().get("/metrics", headers=headers)
        assert answer.status_code == 404 and b"minqing_" not in answer.content
    monkeypatch.delenv(metrics.TOKEN)
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_it_tells_the_lags_and_depths_of_the_house(house, tmp_path):
    reported(tmp_path, 3)
    as_owner(
        house,
        "update matters_duty set next_at = now() - interval '5 minutes' where state = 0 and main;"
        " insert into procrastinate_workers (last_heartbeat) values (now())",
    )
    told = scrape()
    assert told["minqing_up"] == 1 and abs(told["minqing_clock_offset_seconds"]) < 5
    assert told["minqing_rungs_due"] == 3 and 290 <= told["minqing_sweep_lag_seconds"] < 900
    assert told["minqing_outbox_rows"] == 3 and 590 <= told["minqing_outbox_age_seconds"] < 1200
    assert told["minqing_outbox_aside_rows"] == 0 and told["minqing_work_seen_timestamp_seconds"] > 1.7e9
    assert told["minqing_jobs_late"] > 0 and told["minqing_database_connections_most"] >= 20
    assert sum(value for name, value in told.items() if name.startswith("minqing_database_connections{")) >= 1
    as_owner(house, "update matters_outbox set tries = 99")
    assert scrape()["minqing_outbox_aside_rows"] == 3


def test_moves_are_told_by_method_and_verb_and_never_fewer_than_five(house, monkeypatch):
    told = {("wushan-three-rests", "accept"): 5, ("wushan-three-rests", "withdraw"): 4}
    monkeypatch.setattr(metrics, "moves_since", lambda moment: told)
    moves = {name: value for name, value in scrape().items() if name.startswith("minqing_moves_recent")}
    assert moves == {'minqing_moves_recent{method="wushan-three-rests",verb="accept"}': 5}


def test_moves_are_counted_from_the_journal(house, tmp_path):
    reported(tmp_path, 1)
    with psycopg.connect(house.owner) as owner:
        kinds = owner.execute("select count(*) from ledger_line where stream = 1 and kind = 'Reported'").fetchone()
    counted = metrics.moves_since(moments.now() - dt.timedelta(hours=1))
    assert sum(counted.values()) == kinds[0] > 0 and set(counted) == {("wushan-three-rests", "report")}
    assert metrics.moves_since(moments.now() + dt.timedelta(hours=1)) == {}


def test_requests_are_counted_by_the_template_of_their_route(house):
    for address in ("/healthz", "/healthz", "/m/7KQ2-9XR3", "/api/v1/matters/7KQ2-9XR3", "/nobody-knows-王小明"):
        Client().get(address)
    Client().generic("GEHEIM", "/healthz")
    told = scrape()
    assert told['minqing_requests_total{method="GET",route="/healthz",status="200"}'] == 2
    assert told['minqing_requests_total{method="?",route="/healthz",status="200"}'] == 1
    assert told['minqing_request_seconds_count{route="/healthz"}'] == 3
    assert told['minqing_request_seconds_bucket{route="/healthz",le="+Inf"}'] == 3
    assert told['minqing_requests_total{method="GET",route="?",status="404"}'] >= 1
    assert not [name for name in told if "7KQ2" in name or "王" in name or "nobody" in name or "GEHEIM" in name]


def test_whoever_is_asked_tells_the_sum_of_all_processes_also_of_those_that_ended(house, tmp_path, monkeypatch):
    monkeypatch.setenv(figures.FOLDER, str(tmp_path))
    other = figures.Figures()
    other.count("GET", "/healthz", 200, 0.004)
    other.count("GET", "/healthz", 200, 30.0)
    other.keep()
    figures.OWN.count("GET", "/healthz", 200, 0.03)
    total, memory = figures.of_all()
    assert total.answered == {("GET", "/healthz", 200): 3} and total.seconds["/healthz"] == pytest.approx(30.034)
    assert total.took == {("/healthz", 0): 1, ("/healthz", len(figures.BOUNDS)): 1, ("/healthz", 3): 1}
    assert figures.of_all()[0].answered == total.answered, "to be asked adds nothing"
    assert memory[os.getpid()] > 10_000_000


def test_a_database_that_does_not_answer_is_told_and_keeps_nothing_else_back(house, monkeypatch):
    def lost() -> None:
        raise metrics.DatabaseError

    monkeypatch.setattr(metrics, "rungs_waiting", lost)
    told = scrape()
    assert told["minqing_up"] == 0 and "minqing_rungs_due" not in told
    assert any(name.startswith("minqing_process_resident_bytes") for name in told)


def test_a_figure_that_takes_too_long_is_left_out_and_the_others_are_told(house, monkeypatch):
    monkeypatch.setattr(metrics, "SLOW", 1000)
    with psycopg.connect(house.owner) as owner:
        owner.execute("lock table matters_outbox in access exclusive mode")
        tries = [scrape() for _ in range(3)]  # a machine that stalls may leave out another once
        owner.rollback()
    assert all(told["minqing_up"] == 1 and "minqing_outbox_rows" not in told for told in tries)
    assert any({"minqing_rungs_due", "minqing_jobs_waiting"} <= set(told) for told in tries)
    monkeypatch.setattr(metrics, "SLOW", 60_000)
    assert "minqing_outbox_rows" in scrape()


def test_figures_are_told_where_none_can_be_written(house, tmp_path, monkeypatch):
    monkeypatch.setenv(figures.FOLDER, str(tmp_path / "gone"))
    figures.OWN.count("GET", "/healthz", 200, 0.004)
    assert scrape()['minqing_requests_total{method="GET",route="/healthz",status="200"}'] == 1


def test_counts_are_kept_by_several_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv(figures.FOLDER, str(tmp_path))
    one = figures.Figures()
    one.count("GET", "/", 200, 0.1)
    with ThreadPoolExecutor(4) as pool:
        for kept in [pool.submit(one.keep) for _ in range(400)]:
            kept.result()
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


def test_what_the_database_said_is_told_again_for_some_seconds(house, monkeypatch):
    monkeypatch.setattr(metrics, "FRESH", 60.0)
    before = scrape()["minqing_rungs_due"]
    monkeypatch.setattr(metrics, "rungs_waiting", lambda: pytest.fail("the database was asked again"))
    assert scrape()["minqing_rungs_due"] == before
