"""Other masters while the system runs: a new one, every key wrapped anew, the old ones destroyed.

Nothing sealed is touched: only the keys of subjects are wrapped again. In this order: the new master stands in the
file; keys go over in batches; then the database refuses keys under old masters (whoever still had the old ring in
hand is rolled back instead of losing what it sealed); stragglers go over; the database finds that no row is left; only
then the old masters leave the file. Broken off anywhere, it goes on from there when called again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from minqing.base.errors import Conflict
from minqing.base.postgres import home_folder
from minqing.registers.vault.masters import FRESH, add_master, drop_masters, forget, masters
from minqing.registers.vault.models import counted_by_master, keys_under_others, rows
from minqing.registers.vault.sealing import rewrap, unwrap

#: Opens one transaction that sees the whole house, such as `lambda: seen_by(HOUSE)`.
House = Callable[[], AbstractContextManager[None]]

AT_ONCE = 2_000
TRIES = 5  # of three seconds each (lock_timeout of the functions)
ROTATING = 0x6D71_0004  # our advisory lock: "mq", four


@dataclass(frozen=True)
class Rotated:
    """`master` wraps all now, `keys` were wrapped anew, `dropped` masters are gone."""

    master: int
    keys: int
    dropped: tuple[int, ...]


def keys_to_rotate(house: House) -> int:
    """How many keys a rotation will wrap anew, for a bar of progress."""
    with house():
        return sum(counted_by_master().values())


def rotate(house: House, advance: Callable[[int], None] = lambda _: None) -> Rotated:
    """Wraps every key under a new master, or goes on with what was broken off; outside of any transaction."""
    home = home_folder()
    with _alone():
        forget(home)
        ring = masters(home)
        if len(ring.keys) == 1:  # else a rotation was broken off: its master wraps on
            add_master(home)
            time.sleep(FRESH)  # by then every process wraps with the new one
        current = masters(home).current
        done = _go_over(house, current, advance)
        _alone_with_keys(house, "select vault_bar_masters(%s::smallint)", current)
        done += _go_over(house, current, advance)
        _alone_with_keys(house, "select vault_masters_hold()")
        old = frozenset(masters(home).keys) - {current}
        drop_masters(home, old)
        return Rotated(current, done, tuple(sorted(old)))


def _go_over(house: House, current: int, advance: Callable[[int], None]) -> int:
    """Wraps what other masters wrap, batch by batch, each a transaction of its own."""
    done, after = 0, ""
    while True:
        with house():
            batch = keys_under_others(current, after, AT_ONCE)
            if not batch:
                return done
            after = batch[-1][0]
            fresh = [rewrap(unwrap(*key)) for key in batch]
            rows(
                "select vault_rewrap(%s::text[], %s::smallint[], %s::smallint[], %s::bytea[])",
                [[key.subject for key in fresh], [key[1] for key in batch], [key.master for key in fresh],
                 [key.wrapped for key in fresh]],
            )  # fmt: skip
        done += len(batch)
        advance(len(batch))


def _alone_with_keys(house: House, statement: str, *values: int) -> None:
    """A statement that has the table of keys to itself: waits for who reads it, such as a backup, a few seconds at a
    time, so that nobody queues behind it for long."""
    for _ in range(TRIES):
        try:
            with house():
                rows(statement, values)
            return
        except OperationalError as fault:
            if not isinstance(fault.__cause__, LockNotAvailable):
                raise
    raise Conflict(
        "别的操作（例如正在做的备份）占着钥匙表：请等它结束后再运行 minqing vault rotate，会接着做，什么也没有丢"
        "（something else, such as a backup, holds the table of keys: run this again when it is over）"
    )


@contextmanager
def _alone() -> Iterator[None]:
    """No two rotations at once; the lock ends with the connection, also by kill -9."""
    if not rows("select pg_try_advisory_lock(%s)", [ROTATING])[0][0]:
        raise Conflict("另一个命令正在轮换主密钥：请等它结束（another rotation is running）")
    try:
        yield
    finally:
        rows("select pg_advisory_unlock(%s)", [ROTATING])
