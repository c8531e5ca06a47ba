"""The daily root: a Merkle hash over the last lines of every subject touched that day, with the root before it, signed.

Lines fold by when they were recorded. It stands in the database and in a file outside it: MINQING_HOME/roots/DAY.json.
Sealing waits for appends under way and bars new ones for as long as it takes; a day is sealed once, in order.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.base.ledger.keys import public_key, signing_key
from minqing.base.ledger.merkle import leaf, merkle
from minqing.base.ledger.sight import whole_ledger
from minqing.base.moments import CHINA

_SEALING = 1835090691  # the advisory lock of ledger_floor and ledger_seal

_HEADS = """
select distinct on (stream, subject) stream, subject, seq, hash from ledger_line
where recorded >= %s and recorded < %s order by stream, subject, seq desc
"""


@dataclass(frozen=True)
class Root:
    """A sealed day as its file and its row tell it."""

    day: dt.date
    statement: str
    root: str
    signature: str

    @property
    def told(self) -> dict[str, object]:
        """day, previous, subjects, lines, merkle."""
        found: dict[str, object] = json.loads(self.statement)
        return found


def seal(home: Path, day: dt.date) -> Root:
    """Seals one day that is over, and writes its file."""
    if moments.today() <= day:
        raise BadInput(f"{day} 还没有过完，不能封存：请在第二天再做。")
    made, last = _seal(home, day)
    if made is None:
        raise BadInput(f"{last} 已经封存，不能再封存 {day}：日根按日期先后，一天一个。")
    return made


def _seal(home: Path, day: dt.date) -> tuple[Root | None, dt.date]:
    """The root made, or none where that day or a later one, which is told, was sealed already."""
    key = signing_key(home)
    with whole_ledger(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_SEALING])
        cursor.execute("select day, encode(root, 'hex') from ledger_root order by day desc limit 1")
        last = cursor.fetchone()
        if last is not None and last[0] >= day:
            return None, last[0]
        statement = _statement(day, last[1] if last else "", *heads_of(day))
        root = hashlib.sha256(statement.encode()).digest()
        signature = key.sign(statement.encode())
        made = Root(day, statement, root.hex(), signature.hex())
        _refuse_another_on_file(home, made)
        cursor.execute(
            "select ledger_seal(%s, %s::timestamptz, %s, %s, %s)", [day, moments.now(), statement, root, signature]
        )
        write_root(home, made)  # before the commit: a kill in between leaves a file that the next sealing makes again
    return made, day


def _refuse_another_on_file(home: Path, root: Root) -> None:
    """A file is evidence: a database put back or tampered with is not to write over what was signed before."""
    path = _file(home, root.day)
    if path.exists() and _read(path) != root:
        raise BadInput(
            f"数据库里没有 {root.day} 的日根，{path} 里却有一个内容不同的，没有改动它："
            "数据库可能恢复到了旧备份，或被人动过。请先查明原因；确认无误后把这个文件移到别处保存，再封存。"
        )


def seal_until(home: Path, day: dt.date) -> list[Root]:
    """Seals a day and, before it, every day since the last root on which something was recorded."""
    return [seal(home, each) for each in [*(each for each in unsealed_days() if each < day), day]]


def seal_past(home: Path) -> list[Root]:
    """Seals every day with lines that is over; a day that another process sealed meanwhile is done.

    Unlike `seal_until` it makes no root for an empty yesterday: nothing recorded, nothing to show.
    """
    made = (_seal(home, day)[0] for day in unsealed_days())
    return [root for root in made if root is not None]


def unsealed_days() -> list[dt.date]:
    """Days since the last root on which something was recorded and which are over by the instance's clock."""
    with whole_ledger(), connection.cursor() as cursor:
        cursor.execute(
            "select distinct (recorded at time zone 'Asia/Shanghai')::date as day from ledger_line"
            " where recorded >= coalesce((select (max(day) + 1)::timestamp at time zone 'Asia/Shanghai'"
            " from ledger_root), '-infinity') and recorded < %s order by day",
            [_midnight(moments.today())],
        )
        return [row[0] for row in cursor.fetchall()]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), CHINA)


def heads_of(day: dt.date) -> tuple[int, str]:
    """How many subjects were touched that day, and the hash over them."""
    with whole_ledger(), connection.cursor() as heads:
        heads.execute(_HEADS, [_midnight(day), _midnight(day + dt.timedelta(days=1))])
        leaves = [leaf(stream, subject, seq, bytes(head)) for stream, subject, seq, head in heads.fetchall()]
    return len(leaves), merkle(leaves).hex()


def _statement(day: dt.date, previous: str, subjects: int, tree: str) -> str:
    told = {"day": day.isoformat(), "previous": previous, "subjects": subjects, "merkle": tree}
    return json.dumps(told, separators=(",", ":"))


def write_root(home: Path, root: Root) -> None:
    """The file outside the database; copy the folder to where the county's administrators cannot change it."""
    path = _file(home, root.day)
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"statement": root.statement, "root": root.root, "signature": root.signature}
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(json.dumps(told, indent=1) + "\n")
    beside.replace(path)


def _file(home: Path, day: dt.date) -> Path:
    return home / "roots" / f"{day}.json"


def roots_on_file(home: Path) -> dict[dt.date, Root]:
    """The roots of the files, by day."""
    return {root.day: root for root in map(_read, sorted((home / "roots").glob("????-??-??.json")))}


def _read(path: Path) -> Root:
    try:
        told = json.loads(path.read_text())
        return Root(dt.date.fromisoformat(path.stem), told["statement"], told["root"], told["signature"])
    except (ValueError, KeyError, TypeError):
        raise BadInput(f"{path} 不是日根文件：请从备份中找回。") from None


def roots_in_database() -> dict[dt.date, Root]:
    """The roots of the table, by day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select day, statement, encode(root, 'hex'), encode(signature, 'hex') from ledger_root order by day"
        )
        return {row[0]: Root(*row) for row in cursor.fetchall()}


def signed(home: Path, root: Root) -> bool:
    """Whether this instance's key signed the statement, and the root is its hash."""
    try:
        public_key(home).verify(bytes.fromhex(root.signature), root.statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return hashlib.sha256(root.statement.encode()).hexdigest() == root.root
