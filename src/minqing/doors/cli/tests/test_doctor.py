"""`minqing doctor`: each fault is made real, and its line is seen; nothing is changed by looking."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import connection, connections

from minqing.base import moments
from minqing.base.backup.lately import BORN, STAMP, last_backup, note_backup
from minqing.base.ledger.keys import body_key, secrets_key, signing_key
from minqing.base.ledger.roots import seal_past
from minqing.doors.cli import main
from minqing.doors.cli.doctor_database import LOCKED, clock_offset
from minqing.kernel.matters import ports
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.trial_staff import seat_trial_staff
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.vault.masters import forget, masters
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
Room = namedtuple("Room", "total used free")


def doctor(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *arguments])


def faults(check: str) -> str:
    """What the doctor says of one thing; empty where it is well."""
    said = doctor("--json")
    assert said.exit_code in (0, 1), said.output
    (found,) = [one for one in json.loads(said.stdout) if one["check"] == check]
    assert found["state"] == ("fault" if found["faults"] else "ok")
    assert said.exit_code == 1 or not found["faults"]
    return "\n".join(found["faults"])


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """The folder of an instance with its keys; no database answers."""
    for name in ("DATABASE_URL", "MINQING_OWNER_URL"):
        monkeypatch.setenv(name, "postgresql://minqing:canary-77@127.0.0.1:9/minqing")
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    monkeypatch.setenv("MINQING_HOME", str(home))
    for make in (signing_key, body_key, secrets_key, masters):
        make(home)
    return home


@pytest.fixture
def empty(home, own_database, monkeypatch):
    """An instance with its tables and keys, and nothing else."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_ALLOW_SHIFT", "1")
    ports.bind(vocabulary=VOCABULARY)
    yield own_database
    moments.shift_by(dt.timedelta(0))
    forget(home)
    connections.close_all()


@pytest.fixture
def county(empty, tmp_path):
    """A county at work: a method, people in their posts, a matter of ten minutes ago."""
    publish(WUSHAN)
    (tmp_path / "lists").mkdir()
    places = open_trial_county(tmp_path / "lists", towns=1, villages=1, grids=2)
    seat_trial_staff(places)
    ago = moments.now() - dt.timedelta(minutes=10)
    store_made_up(WUSHAN, places, [ago], ago)
    return empty


def as_owner(database, statement: str) -> None:
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute(statement)


def shift(by: str) -> None:
    assert CliRunner().invoke(main, ["clock", "shift", by]).exit_code == 0


def test_a_folder_that_others_may_write_or_that_is_not_there_is_told(home, monkeypatch):
    assert faults("home") == ""
    home.chmod(0o777)
    assert f"chmod go-w {home}" in faults("home")
    monkeypatch.setenv("MINQING_HOME", str(home / "nowhere"))
    assert "请核对 MINQING_HOME" in faults("home") and not (home / "nowhere").exists()


def test_a_key_that_is_gone_open_to_others_or_of_another_account_is_told(home):
    assert faults("keys") == ""
    key = home / "keys" / "bodies.key"
    key.chmod(0o644)
    assert f"chmod 600 {key}" in faults("keys")
    key.chmod(0o600)
    (home / "keys").chmod(0o750)
    assert f"chmod 700 {home / 'keys'}" in faults("keys")
    (home / "keys").chmod(0o700)
    (home / "notices.yaml").write_text("sender: 演示县\n")
    assert "notices.yaml" in faults("keys")
    (home / "notices.yaml").unlink()
    if os.geteuid() == 0:
        os.chown(key, 65534, -1)
        assert f"{key} 属于" in faults("keys")
        os.chown(key, 0, -1)
    assert faults("keys") == ""
    key.unlink()
    assert "缺少密钥 bodies.key" in faults("keys")


def test_a_backup_that_was_never_made_or_is_too_old_is_told(home):
    assert faults("backup") == "", "an instance of today owes none yet"
    made = (moments.now() - 27 * HOUR).timestamp()
    os.utime(home / BORN, (made, made))
    assert "还没有备份过" in faults("backup")
    note_backup(home, keys=False)
    assert faults("backup") == ""
    told = (moments.now() - 27 * HOUR).isoformat()
    (home / STAMP).write_text(json.dumps({"taken": told, "keys": True}))
    assert "上次备份是 1 天 3 小时以前" in faults("backup")
    for torn in ("", "{}", '{"taken": 5, "keys": true}', '{"taken": "gestern", "keys": true}', "[]"):
        (home / STAMP).write_text(torn)
        assert last_backup(home) is None and "还没有备份过" in faults("backup")


def test_a_disk_without_room_is_told(home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Room(100 << 30, 0, 50 << 30))
    assert faults("disk") == ""
    for room in (Room(100 << 30, 0, 4 << 30), Room(1000 << 30, 0, 90 << 30)):
        monkeypatch.setattr(shutil, "disk_usage", lambda folder, room=room: room)
        assert f"只剩 {room.free >> 30}.0 GB" in faults("disk")


def test_a_data_folder_of_another_postgresql_is_told(home, monkeypatch):
    monkeypatch.delenv("DATABASE_URL"), monkeypatch.delenv("MINQING_OWNER_URL")
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "postgres" / "data" / "PG_VERSION").write_text("12\n")
    assert "written by PostgreSQL 12" in faults("data-folder")


def test_a_database_that_rests_is_told_and_not_woken(home, monkeypatch):
    monkeypatch.delenv("DATABASE_URL"), monkeypatch.delenv("MINQING_OWNER_URL")
    assert "minqing init" in faults("database")
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "postgres" / "data" / "PG_VERSION").write_text("18\n")
    before = sorted(home.rglob("*"))
    said = doctor()
    assert said.exit_code == 1 and "内置数据库没有在运行" in said.stdout and "… 巡钟 sweep" in said.stdout
    assert sorted(home.rglob("*")) == before


def test_a_served_database_that_cannot_be_reached_is_told_without_its_password(home):
    said = doctor("--json")
    assert "cannot be reached" in faults("database") and "canary-77" not in said.output


def test_files_of_pages_that_were_not_gathered_are_told(home, settings, tmp_path):
    settings.WHITENOISE_USE_FINDERS, settings.STATIC_ROOT = False, tmp_path
    assert "make setup" in faults("pages")
    (tmp_path / "staticfiles.json").write_text("{}")
    assert faults("pages") == ""
    settings.WHITENOISE_USE_FINDERS = True  # they were edited since
    assert "make setup" in faults("pages")


def test_a_time_zone_that_does_not_exist_is_told(home, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert faults("zone") == ""
    monkeypatch.setenv("TZ", "Asia/Panan")
    assert "没有时区 TZ=Asia/Panan" in faults("zone")


def test_too_few_open_files_are_told(home):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
        assert "LimitNOFILE" in faults("limits")
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
        assert faults("limits") == ""
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_tables_behind_or_ahead_of_the_program_are_told(empty):
    assert faults("tables") == ""
    as_owner(empty, "insert into django_migrations (app, name, applied) values ('matters', '9999_later', now())")
    assert "数据库比程序新（matters 9999_later）" in faults("tables")
    as_owner(empty, "delete from django_migrations where app = 'matters' and name > '0003'")
    assert "还没有升级" in faults("tables")


def test_a_right_too_many_or_too_few_is_told(empty):
    assert faults("roles") == ""
    role = connection.settings_dict["USER"]
    as_owner(empty, f'grant update on ledger_line to "{role}"')
    assert "多了写权限（ledger_line UPDATE）" in faults("roles")
    as_owner(empty, f'revoke update on ledger_line from "{role}"; revoke insert on django_session from "{role}"')
    assert "缺写权限（django_session INSERT）" in faults("roles")


def test_every_table_behind_row_security_is_watched(empty):
    with psycopg.connect(empty.owner) as owner:
        found = owner.execute(
            "select c.relname::text from pg_class c where c.relrowsecurity and c.relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert {name for (name,) in found} == set(LOCKED)


def test_a_lock_that_was_opened_is_told(empty):
    assert faults("locks") == ""
    as_owner(empty, "alter table vault_value disable row level security")
    assert "alter table vault_value enable row level security" in faults("locks")
    as_owner(empty, "alter table vault_value enable row level security")
    as_owner(empty, "create policy wide on matters_matter for select using (true)")
    assert "表 matters_matter 的行级规则被改过" in faults("locks")
    as_owner(empty, "drop policy wide on matters_matter; alter table ledger_line disable trigger ledger_line_grows")
    assert "表 ledger_line 的触发器被关了" in faults("locks")


def test_keys_of_another_instance_are_told(county, home, tmp_path):
    assert faults("vault-keys") == ""
    (home / "keys" / "vault.json").unlink()
    (home / "keys" / "vault.made").unlink()
    forget(home)
    masters(home)
    assert "不是封存本库内容的那一份" in faults("vault-keys")


def test_a_clock_that_is_shifted_or_apart_is_told(empty):
    assert faults("clocks") == ""
    shift("+3d")
    assert "clock shift reset" in faults("clocks")
    assert list(clock_offset(dt.timedelta(seconds=4))) == []
    for apart in (9, -9):
        assert f"相差 {apart:+d} 秒" in "".join(clock_offset(dt.timedelta(seconds=apart)))


def test_a_duty_that_nobody_fired_is_told(county):
    assert faults("sweep") == ""
    shift("+20d")
    assert re.search(r"到点的时限没有触发，最早的晚了 \d+ 天", faults("sweep")) and "minqing work" in faults("sweep")
    assert CliRunner().invoke(main, ["tick"]).exit_code == 0
    assert faults("sweep") == ""


def test_what_nobody_heard_of_and_what_was_put_aside_is_told(county, own_database):
    assert re.search(r"项后续处理在等，最早的等了 1\d 分钟：", faults("outbox"))
    as_owner(own_database, "update matters_outbox set tries = 99")
    assert "已搁置" in faults("outbox") and "--again" in faults("outbox")
    as_owner(own_database, "delete from matters_outbox")
    assert faults("outbox") == ""


def test_a_worker_that_does_not_run_and_jobs_that_failed_or_wait_are_told(county, own_database):
    assert "minqing work 没有在运行" in faults("worker")
    as_owner(own_database, "insert into procrastinate_workers (last_heartbeat) values (now())")
    assert faults("worker") == ""
    assert "过点没做" in faults("jobs")
    assert CliRunner().invoke(main, ["work", "--once"]).exit_code == 0
    assert faults("jobs") == ""
    as_owner(
        own_database,
        "insert into procrastinate_jobs (queue_name, task_name, status, args)"
        " values ('default', 'forget-keys', 'todo', '{}'), ('default', 'hand-over', 'todo', '{}');"
        " update procrastinate_jobs set status = 'doing' where task_name = 'forget-keys' and status = 'todo';"
        " update procrastinate_jobs set status = 'failed' where task_name = 'forget-keys' and status = 'doing';"
        " update procrastinate_events set at = now() - interval '2 hours'",
    )
    said = faults("jobs")
    assert "1 个定时任务失败（forget-keys）" in said and "1 个定时任务在等，最早的等了 " in said


def test_a_notice_that_went_nowhere_is_told(county, own_database):
    assert faults("notices") == ""
    columns = "once, code, kind, unit, way, told, happened, not_before, state"
    as_owner(
        own_database,
        f"insert into notice_message ({columns})"
        " values ('a', '', 'taken', 1, 'sms', '{}', now(), now() - interval '1 hour', 'given_up'),"
        "        ('b', '', 'taken', 1, 'sms', '{}', now(), now() - interval '1 hour', 'waiting')",
    )
    said = faults("notices")
    assert "1 条通知没送到" in said and "1 条通知过点没发" in said


def test_a_last_day_that_was_tampered_with_or_never_sealed_is_told(county, home):
    assert faults("journal") == ""
    shift("+2d")
    assert "1 天的日志没有封存" in faults("journal")
    (root,) = seal_past(home)
    assert faults("journal") == ""
    path = home / "roots" / f"{root.day}.json"
    told = path.read_text()
    path.write_text(told.replace(root.signature[:8], "00000000"))
    assert "文件与数据库里的不一样" in faults("journal")
    path.write_text(told)
    (home / "keys" / "roots.pem").unlink(), (home / "keys" / "roots.pub.pem").unlink()
    path.rename(home / "kept")
    signing_key(home)
    (home / "kept").rename(path)
    assert "签名不对" in faults("journal")


def test_lines_changed_after_their_day_was_sealed_are_told(county, home, own_database):
    shift("+2d")
    seal_past(home)
    as_owner(
        own_database,
        "alter table ledger_line disable trigger ledger_line_grows;"
        " update ledger_line set hash = sha256(hash) where stream = 1;"
        " alter table ledger_line enable always trigger ledger_line_grows",
    )
    assert "封存后被动过" in faults("journal")


def test_an_instance_without_a_method_or_units_is_told(empty):
    assert "还没有发布工作法" in faults("methods") and "还没有单位" in faults("units")


def test_a_unit_where_nobody_is_on_duty_is_told(county, own_database):
    assert (faults("methods"), faults("units")) == ("", "")
    as_owner(
        own_database,
        "update regions_post set ends = current_date - 3, starts = current_date - 9"
        " where unit_id = (select id from regions_unit where slug = 'trial-water')",
    )
    assert "单位 trial-water今天无人在岗" in faults("units")


def test_a_year_without_its_holidays_is_told(empty):
    assert "1999" not in faults("calendar")
    shift("+1500d")
    assert "年的放假安排" in faults("calendar") and "clock reproject" in faults("calendar")


def test_looking_changes_nothing(county, home):
    """Neither a file nor a row: the session may only read, and nothing is written below the home."""
    before = {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in sorted(home.rglob("*"))}
    counted = _counted(county)
    assert doctor().exit_code == 1
    assert {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in sorted(home.rglob("*"))} == before
    assert _counted(county) == counted


def _counted(database) -> list[tuple]:
    with psycopg.connect(database.owner) as owner:
        tables = owner.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        return [owner.execute(f"select '{name}', count(*), max(xmin::text::bigint) from {name}").fetchone()
                for (name,) in tables]  # fmt: skip


def test_it_tells_people_and_programs_the_same(home):
    (home / "keys" / "bodies.key").unlink()
    told, shown = json.loads(doctor("--json").stdout), doctor().stdout
    assert len({one["check"] for one in told}) == len(told) == 24
    assert sum(len(one["faults"]) for one in told) >= 2
    for one in told:
        for sentence in one["faults"]:
            assert f"✗ {one['title']}：{sentence}" in shown and "\n" not in sentence
    assert "发现 " in shown.strip().splitlines()[-1] and "要等数据库连上才能查" in shown


def test_an_instance_that_is_well_is_said_to_be_so(county, home, own_database, settings, tmp_path):
    settings.WHITENOISE_USE_FINDERS, settings.STATIC_ROOT = False, tmp_path
    (tmp_path / "staticfiles.json").write_text("{}")
    assert CliRunner().invoke(main, ["work", "--once"]).exit_code == 0
    as_owner(own_database, "insert into procrastinate_workers (last_heartbeat) values (now())")
    said = subprocess.run(
        [sys.executable, "-c", "from minqing.wiring.start import main; main()", "doctor", "--json"],
        capture_output=True, text=True, env=os.environ | {"MINQING_GATHER": "1", "MINQING_STATIC": str(tmp_path)},
        check=False,
    )  # fmt: skip
    wrong = [one for one in json.loads(said.stdout) if one["state"] != "ok"]
    assert (said.returncode, wrong) == (0, []), said.stderr
