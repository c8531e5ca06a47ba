"""Backup and restore as an administrator meets them, on a served database: what is refused, and what is left then."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import connections

from minqing.base import moments
from minqing.base.backup import programs, taking
from minqing.base.errors import BadInput, NotReady
from minqing.doors.cli import main
from minqing.doors.cli.init import make_keys
from minqing.kernel.matters import ports
from minqing.kernel.matters.actions import Concern, Contact, act, report
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.erasures import NAME, read_list
from minqing.registers.vault.masters import forget
from minqing.registers.vault.queries import open_value
from minqing.registers.vault.rights import erase_subjects
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
PHONE = "13900009137"
Break = Callable[[Path, Path], None]


def run(home: Path, *arguments: object) -> Result:
    os.environ["MINQING_HOME"] = str(home)
    return CliRunner().invoke(main, [str(part) for part in arguments])


@pytest.fixture
def backed_up(own_database, tmp_path, monkeypatch) -> Iterator[tuple[Path, str, str]]:
    """A folder with home `h`, backup `b` and keys `k`; a matter erased before the backup, one open then. Afterwards the
    database is empty."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "h"
    monkeypatch.setenv("MINQING_HOME", str(home))
    monkeypatch.delenv("MINQING_ALLOW_SHIFT", raising=False)
    ports.bind(vocabulary=VOCABULARY)
    moments.shift_by(dt.timedelta(0))
    make_keys()
    (home / "note.txt").write_text("本县的备忘")
    publish(WUSHAN)
    (tmp_path / "lists").mkdir()
    place = open_trial_county(tmp_path / "lists", 1, 1, 1)[0]
    gone, still = _reported(place), _reported(place)
    act(gone, Command("withdraw"), reporter_of(gone), words="修好了")
    with seen_by(HOUSE):
        erase_subjects([gone], "本人要求")
    done = run(home, "backup", tmp_path / "b", "--keys", tmp_path / "k")
    assert done.exit_code == 0, done.output
    connections.close_all()
    with psycopg.connect(own_database.owner, autocommit=True) as owner:
        owner.execute("drop schema public cascade; create schema public")
    yield tmp_path, gone, still
    connections.close_all()
    forget(tmp_path / "n")


def _reported(place: int) -> str:
    contact = Contact("演示·卡伦", PHONE, "演示路 1 号")
    return report([Concern(place, "hotline", "路灯坏了", "村口的路灯不亮", contact=contact)], WUSHAN)[0].code


def restore(folder: Path, *more: object) -> Result:
    told = more or ("--erased", folder / "k" / NAME)
    return run(folder / "n", "restore", folder / "b", "--keys", folder / "k", *told)


def is_empty(folder: Path, own_database) -> bool:
    with psycopg.connect(own_database.owner) as owner:
        (tables,) = owner.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    return tables == 0 and not list((folder / "n").glob("*")) and not (folder / "n" / ".restore").exists()


def test_a_served_database_comes_back_with_the_same_root_and_its_words_open(backed_up) -> None:
    folder, gone, still = backed_up
    done = restore(folder)
    assert done.exit_code == 0, done.output
    root = json.loads((folder / "b" / "manifest.json").read_text())["counted"]["root"]
    assert root in done.output and "重新删除 0 件" in done.output, (
        "what was erased before the backup is not erased twice"
    )
    with seen_by(HOUSE):
        assert open_value(still, "reporter.phone") == PHONE.encode()
        assert open_value(gone, "reporter.phone") is None
    assert "没有发现问题" in run(folder / "n", "journal", "verify").output


def test_an_erasure_after_the_backup_is_done_again_also_where_the_matter_is_open_in_it(backed_up) -> None:
    folder, gone, still = backed_up
    newest = folder / "newest.list"
    later = json.dumps({"code": still, "at": "2026-11-22T10:00:00+08:00"})
    newest.write_text((folder / "k" / NAME).read_text() + later + "\n" + '{"code": "TORN')
    done = restore(folder, "--erased", newest)
    assert done.exit_code == 0 and "重新删除 1 件" in done.output, done.output
    with seen_by(HOUSE):
        assert open_value(still, "reporter.phone") is None
    assert {one.code for one in read_list(folder / "n" / "keys" / NAME)} == {gone, still}
    again = run(folder / "n", "vault", "erase-again", newest)
    assert "重新删除 0 件" in again.output, "its line is in the access stream now"
    for check in (("verify",), ("rebuild", "--compare")):
        assert "没有发现问题" in run(folder / "n", "journal", *check).output


def test_without_the_newest_list_of_erasures_one_has_to_say_so(backed_up, own_database) -> None:
    folder, _, _ = backed_up
    refused = run(folder / "n", "restore", folder / "b", "--keys", folder / "k")
    assert refused.exit_code == 2 and "--erasures-unknown" in refused.output and is_empty(folder, own_database)
    assert "无从得知" in restore(folder, "--erasures-unknown").output


def _manifest(**changed: object) -> Break:
    def change(backup: Path, keys: Path) -> None:
        told = json.loads((backup / "manifest.json").read_text())
        told["counted"] |= {name: changed.pop(name) for name in list(changed) if name in told["counted"]}
        (backup / "manifest.json").write_text(json.dumps(told | changed))

    return change


def _damage(backup: Path, keys: Path) -> None:
    dump = backup / "database.dump"
    whole = bytearray(dump.read_bytes())
    whole[len(whole) // 2] ^= 1
    dump.write_bytes(whole)


def _later_ring(backup: Path, keys: Path) -> None:
    told = json.loads((keys / "vault.json").read_text())
    (keys / "vault.json").write_text(json.dumps(told | {"current": 2, "masters": {"2": told["marks"]}}))


BROKEN: dict[str, tuple[Break, str]] = {
    "broken off": (lambda b, k: (b / "manifest.json").unlink(), "不是完整的备份"),
    "torn": (lambda b, k: (b / "manifest.json").write_text('{"format": 1, '), "读不懂"),
    "damaged": (_damage, "备份已损坏：database.dump"),
    "a file missing": (lambda b, k: (b / "database.dump").unlink(), "database.dump 不见了"),
    "a file too many": (lambda b, k: (b / "files" / "x").write_text("x"), "多出了 files/x"),
    "another format": (_manifest(format=2), "另一版本"),
    "newer tables": (_manifest(migrations=["matters.9999_later"]), "更新的民情"),
    "newer server": (_manifest(postgres=99), "备份来自 PostgreSQL 99"),
    "no keys": (lambda b, k: shutil.rmtree(k), "没有密钥文件夹"),
    "a key missing": (lambda b, k: (k / "bodies.key").unlink(), "缺少 bodies.key"),
    "another's key": (lambda b, k: (k / "bodies.key").write_bytes(b"x" * 32), "不是这份备份的密钥"),
    "keys after an exchange": (_later_ring, "换钥后旧的已销毁"),
    "another root": (_manifest(root="0" * 64), "日志与备份时的不一样"),
    "other rows": (_manifest(tables={}), "行，备份时是"),
}


def test_what_does_not_fit_is_told_in_a_sentence_and_the_home_stays_empty(backed_up, own_database) -> None:
    folder, _, _ = backed_up
    newest = folder / "newest.list"
    shutil.copy(folder / "k" / NAME, newest)
    for name in "bk":
        shutil.move(folder / name, folder / f"{name}-whole")
    for what, (break_it, sentence) in BROKEN.items():
        for name in "bk":
            shutil.copytree(folder / f"{name}-whole", folder / name)
        break_it(folder / "b", folder / "k")
        refused = restore(folder, "--erased", newest)
        assert refused.exit_code == 2 and sentence in refused.output, (what, refused.output)
        assert is_empty(folder, own_database), what
        for name in "bk":
            shutil.rmtree(folder / name, ignore_errors=True)


def test_a_database_or_a_home_that_holds_something_is_not_touched(backed_up, own_database) -> None:
    folder, _, _ = backed_up
    with psycopg.connect(own_database.owner, autocommit=True) as owner:
        owner.execute("create table theirs ()")
        refused = restore(folder)
        assert refused.exit_code == 2 and "另建一个空库" in refused.output
        assert owner.execute("select to_regclass('theirs') is not null").fetchone() == (True,)
        owner.execute("drop table theirs")
    (folder / "n" / "keys").mkdir(parents=True)
    refused = restore(folder)
    assert refused.exit_code == 2 and "恢复只进空文件夹" in refused.output
    (folder / "n" / "keys").rmdir()
    theirs = folder / "n" / "note.txt"
    theirs.write_text("theirs")
    refused = restore(folder)
    assert refused.exit_code == 2 and f"已有 {theirs.name}" in refused.output and theirs.read_text() == "theirs"


def test_checking_reads_every_byte_and_needs_no_database(backed_up) -> None:
    folder, _, _ = backed_up
    assert "备份完好" in run(folder / "n", "backup", "--check", folder / "b").output
    _damage(folder / "b", folder / "k")
    assert "备份已损坏" in run(folder / "n", "backup", "--check", folder / "b").output


@pytest.fixture
def plain(own_database, tmp_path, monkeypatch) -> Path:
    """An instance with keys and nothing in it."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "h"))
    make_keys()
    return tmp_path


def test_keys_are_never_put_beside_the_data_and_their_lack_is_told_loudly(plain: Path) -> None:
    home = plain / "h"
    for to, keys in ((plain / "b", plain / "b" / "keys"), (plain / "k" / "b", plain / "k"), (home / "b", plain / "k"),
                     (plain / "b", home / "copy")):  # fmt: skip
        refused = run(home, "backup", to, "--keys", keys)
        assert refused.exit_code == 2 and not to.exists() and not keys.exists(), refused.output
    loud = run(home, "backup", plain / "b")
    assert loud.exit_code == 0 and "没有保存密钥" in loud.stderr and "KEYS WERE NOT SAVED" in loud.stderr
    assert "已经有了" in run(home, "backup", plain / "c", "--keys", home / "keys" / "vault.json").output
    (plain / "shelf").mkdir()
    assert run(home, "backup", plain / "shelf").exit_code == 0
    assert len(list((plain / "shelf").glob("minqing-*"))) == 1, "a folder that is there gets a new one inside"


def test_no_backup_is_put_into_another_which_could_then_not_be_restored(plain: Path) -> None:
    home = plain / "h"
    assert run(home, "backup", plain / "b", "--keys", plain / "k").exit_code == 0
    for words in ((plain / "b",), (plain / "c", "--keys", plain / "k")):
        refused = run(home, "backup", *words)
        assert refused.exit_code == 2 and "本身就是一份备份" in refused.output, refused.output
    assert "备份完好" in run(home, "backup", "--check", plain / "b").output and not (plain / "c").exists()


def test_keys_that_have_their_name_go_where_the_data_does_not_get_its_own(plain: Path, monkeypatch) -> None:
    fill, home = taking._fill, plain / "h"

    def meanwhile(part: Path, *rest: object) -> object:
        (plain / "b").mkdir()  # somebody else was quicker
        return fill(part, *rest)

    monkeypatch.setattr(taking, "_fill", meanwhile)
    refused = run(home, "backup", plain / "b", "--keys", plain / "k")
    assert "已经有了" in refused.output and sorted(path.name for path in plain.iterdir()) == ["b", "h"]


def test_an_interrupted_backup_leaves_nothing_that_looks_complete(plain: Path, monkeypatch) -> None:
    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(taking, "write_manifest", broken_off)
    run(plain / "h", "backup", plain / "to" / "b", "--keys", plain / "k")
    assert list((plain / "to").iterdir()) == []


def test_where_no_pg_dump_fits_the_sentence_names_the_package() -> None:
    with pytest.raises(NotReady, match="postgresql-client-99"):
        programs.programs_for(99)


def test_two_backups_to_one_name_at_once_do_not_mix_and_what_was_killed_is_cleared_away(tmp_path: Path) -> None:
    killed = tmp_path / "b.dead.part"
    killed.mkdir()
    with pytest.raises(BadInput, match="已经有了"), taking._finished_as(tmp_path / "b") as first:
        assert not killed.exists()
        (first / "whose").write_text("the first's")
        with taking._finished_as(tmp_path / "b") as second:
            assert first != second and (first / "whose").exists()
            (second / "whose").write_text("the second's")
    assert (tmp_path / "b" / "whose").read_text() == "the second's" and list(tmp_path.iterdir()) == [tmp_path / "b"]


@pytest.mark.parametrize("lost", ["vault.json", "roots.pem", "secrets.key"])
def test_keys_that_a_restore_would_need_and_that_are_not_there_are_told_at_the_backup(plain: Path, lost: str) -> None:
    (plain / "h" / "keys" / lost).unlink()
    refused = run(plain / "h", "backup", plain / "b", "--keys", plain / "k")
    assert refused.exit_code == 2 and f"缺少 {lost}" in refused.output, refused.output
    assert not (plain / "b").exists() and not (plain / "k").exists()


def test_what_fails_while_it_is_moved_to_its_place_is_put_back_and_the_database_emptied(
    backed_up, own_database, monkeypatch
) -> None:
    folder, _, _ = backed_up

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    move = Path.rename

    def moved(self: Path, target: Path) -> Path:
        return full(self) if target.name == "keys" else move(self, target)

    monkeypatch.setattr(Path, "rename", moved)
    assert restore(folder).exit_code != 0
    assert is_empty(folder, own_database)
