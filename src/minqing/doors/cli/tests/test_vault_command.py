"""look-up, export, erase, rotate and retain as an officer meets them, on a database of their own."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import zipfile
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import connection, connections

from minqing.base import moments
from minqing.base.errors import BadInput, NotReady
from minqing.base.ledger.streams import ACCESS
from minqing.doors.cli import main
from minqing.doors.cli.init import make_keys
from minqing.kernel.matters import ports
from minqing.kernel.matters.actions import Concern, Contact, act, report
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.actions import add_user
from minqing.registers.accounts.queries import users_by_login
from minqing.registers.accounts.rules import HOUSE, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault import rotation
from minqing.registers.vault.masters import forget, masters
from minqing.registers.vault.queries import names_of, open_value
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
PHONE = "13900009137"
REASON = ("--reason", "本人来电要求", "--as", "chen")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["vault", *arguments])


@pytest.fixture
def code(own_database, tmp_path, monkeypatch):
    """The code of a matter that was taken back by its reporter."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MINQING_ALLOW_SHIFT", raising=False)
    monkeypatch.setattr(rotation, "FRESH", 0.0)
    ports.bind(vocabulary=VOCABULARY)
    moments.shift_by(dt.timedelta(0))
    make_keys()
    publish(WUSHAN)
    (tmp_path / "lists").mkdir()
    add_user("chen", "演示·陈")
    yield reported(open_trial_county(tmp_path / "lists")[0])
    connections.close_all()


def reported(place: int) -> str:
    contact = Contact("演示·卡伦", PHONE, "演示路 1 号")
    (answer,) = report([Concern(place, "hotline", "路灯坏了", "村口的路灯不亮", contact=contact)], WUSHAN)
    act(answer.code, Command("withdraw"), reporter_of(answer.code), words="修好了")
    return answer.code


def test_a_matter_is_found_by_its_reporters_phone_and_by_nothing_without_a_reason(code: str) -> None:
    found = run("look-up", "--phone", f"+86 {PHONE}", *REASON)
    assert found.stdout.split() == [code] and "留痕" in found.stderr
    assert run("look-up", "--phone", PHONE).exit_code == 2
    assert run("look-up", "--phone", PHONE, "--name", "甲", *REASON).stdout == ""
    assert run("look-up", "--name", "演示·卡伦", *REASON).stdout.split() == [code]


def test_a_person_gets_a_copy_that_only_its_owner_reads(code: str, tmp_path: Path) -> None:
    target = tmp_path / "本人.zip"
    done = run("export", "--phone", PHONE, "--to", str(target), *REASON)
    assert done.exit_code == 0 and "1 件事项" in done.stdout
    assert target.stat().st_mode & 0o777 == 0o600
    told = json.loads(zipfile.ZipFile(target).read("个人信息.json"))
    assert {"名称": "电话", "内容": PHONE}.items() <= next(
        one for one in told["事项"][0]["内容"] if one["名称"] == "电话"
    ).items()
    nobody = run("export", "--phone", "13900000000", "--to", str(tmp_path / "none.zip"), *REASON)
    assert "没有这个人" in nobody.output
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["本人.zip"]
    assert "写不了" in run("export", "--phone", PHONE, "--to", str(tmp_path / "no" / "x.zip"), *REASON).output


def test_erasing_lists_first_and_erases_only_when_told_so_twice(code: str) -> None:
    listed = run("erase", code, "--phone", PHONE, *REASON)
    assert listed.exit_code == 0 and "电话" in listed.stdout and "什么也没有删" in listed.stdout
    assert PHONE not in listed.stdout
    with seen_by(HOUSE):
        assert names_of(code)
    done = run("erase", code, "--phone", PHONE, *REASON, "--yes")
    assert f"{code} 已删除" in done.stdout and "备份" in done.stdout
    with seen_by(HOUSE):
        assert names_of(code) == ()
    assert "没有封存的内容" in run("erase", code, "--on-order", *REASON).stdout
    missing = run("erase", "NOBODY", "--on-order", *REASON, "--yes")
    assert missing.exit_code != 0 and "核对编码" in missing.output


def test_nothing_is_handed_out_or_erased_for_a_name_or_an_address_alone(code: str, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    for person in (("--name", "演示·卡伦"), ("--address", "演示路 1 号")):
        assert "至少两项" in run("export", *person, "--to", str(target), *REASON).output
        assert "至少两项" in run("erase", code, *person, *REASON, "--yes").output
    assert "不是这个人" in run("erase", code, "--phone", "13900000000", *REASON, "--yes").output
    assert "--on-order" in run("erase", code, *REASON, "--yes").output
    with seen_by(HOUSE):
        assert names_of(code)
    both = ("--name", "演示·卡伦", "--address", "演示路 1 号")
    assert run("export", *both, "--to", str(target), *REASON).exit_code == 0
    assert run("erase", code, *both, *REASON, "--yes").exit_code == 0


def test_whoever_opens_the_vault_is_on_record(code: str, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    for command in (("look-up",), ("export", "--to", str(target)), ("erase", code, "--yes")):
        words = (*command, "--phone", PHONE, "--reason", "本人要求")
        assert run(*words).exit_code == 2
        assert "没有登录名为“li”" in run(*words, "--as", "li").output
    assert not target.exists()
    for command in (("look-up",), ("export", "--to", str(target)), ("erase", code, "--yes")):
        assert run(*command, "--phone", PHONE, *REASON).exit_code == 0
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select kind, actor from ledger_line where stream = %s order by kind", [ACCESS.number])
        told = set(cursor.fetchall())
    number = users_by_login(["chen"])["chen"]
    assert told == {("LookedUp", number), ("Exported", number), ("Erased", number)}


def test_masters_are_exchanged_and_everything_still_opens(code: str, tmp_path: Path) -> None:
    done = run("rotate")
    assert done.exit_code == 0 and re.search("第 2 号主密钥启用，1 把", done.stdout)
    assert set(masters(tmp_path / "home").keys) == {2}
    with seen_by(HOUSE):
        assert open_value(code, "reporter.phone") == PHONE.encode()


def test_the_end_of_retention_is_told_in_a_line(code: str, own_database) -> None:
    assert "0 件的 0 项到期" in run("retain").stdout
    with seen_by(HOUSE):
        count = len(names_of(code))
    with psycopg.connect(own_database.owner) as owner:
        for table in ("vault_value", "vault_file"):
            owner.execute(f"update {table} set ends = %s where subject = %s", [moments.today(), code])
    assert f"1 件的 {count} 项到期内容已销毁" in run("retain").stdout


def test_where_something_is_sealed_no_other_keys_are_made(code: str, tmp_path: Path) -> None:
    keys = tmp_path / "home" / "keys"
    kept = {path.name: path.read_bytes() for path in keys.iterdir()}
    shutil.rmtree(keys)
    forget(tmp_path / "home")
    with pytest.raises(NotReady, match="不要另建"):
        make_keys()
    assert not (keys / "vault.json").exists()
    for name in ("vault.json", *sorted(kept)):  # brought back one by one: nothing is made for what is not there yet
        if (keys / name).exists():
            continue
        (keys / name).write_bytes(kept[name])
        (keys / name).chmod(0o600)
        if name == "vault.json":
            with pytest.raises(BadInput, match=r"缺少 bodies\.key"):
                make_keys()
            assert [path.name for path in keys.iterdir()] == ["vault.json"]
    make_keys()
    assert {"roots.pem", "bodies.key", "secrets.key", "vault.json"} <= {path.name for path in keys.iterdir()}
