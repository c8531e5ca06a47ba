"""Several processes, one server: who starts it, who ends it, what survives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

from minqing.base.postgres import running, wait_until_stopped, watcher
from minqing.base.postgres.locks import is_held
from minqing.base.postgres.place import Place


def postmaster(home: Path) -> int:
    return int((Place(home).data / "postmaster.pid").read_text().splitlines()[0])


def watchers(home: Path) -> list[int]:
    seen = subprocess.run(["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in seen.splitlines() if "watcher.py" in line and f"{home}/" in line]


def is_up(home: Path) -> bool:
    return is_held(Place(home).server_lock)


def test_several_processes_share_one_server_and_the_last_one_to_leave_ends_it(home, users):
    first, second = users(home), users(home)
    assert first.dsn() == second.dsn() != ""
    first.leave()
    with psycopg.connect(attach_only_to_look(home)) as owner:
        assert owner.execute("SELECT 1").fetchone() == (1,)
    second.leave()
    assert wait_until_stopped(home, 60)


def attach_only_to_look(home: Path) -> str:
    with running(home) as server:
        return server.dsn_owner


def test_the_server_ends_when_its_last_user_was_killed(home, users):
    only = users(home)
    assert only.dsn()
    assert is_up(home)
    only.kill()
    assert wait_until_stopped(home, 60)
    assert not Path(Place(home).data / "postmaster.pid").exists(), "it was shut down, not killed"


def test_three_that_start_at_once_on_an_empty_place_get_one_server(folder, users):
    home = folder / "new"
    together = [users(home) for _ in range(3)]
    assert len({user.dsn() for user in together}) == 1
    assert len(watchers(home)) == 1
    for user in together:
        user.kill()
    assert wait_until_stopped(home, 60)


def test_a_killed_server_is_brought_back_by_the_next_command_with_all_rows_at_the_same_address(home, users):
    with running(home) as before:
        with psycopg.connect(before.dsn_owner) as owner:
            owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        os.kill(postmaster(home), signal.SIGKILL)
        next_command = users(home)
        assert next_command.dsn() == before.dsn_owner
        with psycopg.connect(before.dsn_owner) as owner:
            assert owner.execute("SELECT sum(n) FROM kept").fetchone() == (500500,)


def test_a_process_that_stays_revives_a_killed_server_by_attaching_again(home):
    done = subprocess.run([sys.executable, "-c", REVIVE, home], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"
    assert wait_until_stopped(home, 60)


REVIVE = """
import os, signal, sys
from pathlib import Path
from minqing.base.postgres import attach, launch, place
home = Path(sys.argv[1])
pid = lambda: int((home / "postgres/data/postmaster.pid").read_text().split()[0])
server, first = attach(home), pid()
os.kill(first, signal.SIGKILL)
while launch.answering(place.Place(home)):
    pass
print(attach(home) == server, pid() != first)
"""


def test_a_server_that_does_not_end_when_told_is_ended_as_by_a_crash_and_comes_back_whole(home, monkeypatch):
    monkeypatch.setattr(watcher, "STUBBORN", 0.5)
    with running(home) as server:
        with psycopg.connect(server.dsn_owner) as owner:
            owner.execute("CREATE TABLE held AS SELECT generate_series(1, 1000) AS n")
        with psycopg.connect(server.dsn_root) as root:
            asked = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
            (checkpointer,) = root.execute(asked).fetchone()
        os.kill(checkpointer, signal.SIGSTOP)  # a fast shutdown waits for it
    assert wait_until_stopped(home, 60)
    with running(home) as server, psycopg.connect(server.dsn_owner) as owner:
        assert owner.execute("SELECT sum(n) FROM held").fetchone() == (500500,)


def test_a_killed_watcher_is_replaced_by_the_next_command(home, users):
    first = users(home)
    assert first.dsn()
    (watcher,) = watchers(home)
    os.kill(watcher, signal.SIGKILL)
    second = users(home)
    assert second.dsn()
    assert watchers(home) not in ([], [watcher])
    first.leave()
    second.leave()
    assert wait_until_stopped(home, 60)


def test_a_forked_child_that_lingers_does_not_keep_the_server_up(home):
    lingering = subprocess.Popen([sys.executable, "-c", FORK, home], stdin=subprocess.PIPE)
    try:
        assert lingering.wait(30) == 0
        assert wait_until_stopped(home, 60)
    finally:
        lingering.stdin.close()


FORK = """
import os, sys
from pathlib import Path
from minqing.base.postgres import attach
attach(Path(sys.argv[1]))
if os.fork() == 0:
    sys.stdin.read()
"""


def test_blocks_and_attachments_of_one_process_do_not_end_each_other(home):
    with running(home) as outer:
        with running(home) as inner:
            assert inner == outer
        assert is_up(home)
        assert watchers(home)
    assert wait_until_stopped(home, 60)


def test_attaching_again_keeps_one_share(home):
    done = subprocess.run([sys.executable, "-c", TWICE, home], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


TWICE = """
import sys
from pathlib import Path
from minqing.base.postgres import attach, server
attach(Path(sys.argv[1])), attach(Path(sys.argv[1]))
print(len(server._shares))
"""
