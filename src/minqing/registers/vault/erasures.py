"""The list of erasures: `keys/erased.list`, outside the database and only ever longer, so that no backup brings back
what a person had erased (个人信息保护法 art. 47).

A backup cannot know what is erased after it. Each erasure stands in this list, on disk, before it is committed; it
is copied with the keys. Restoring compares the list with the access stream of what was restored and erases again
what is missing there. It names codes and moments, never a person. What ends by its date needs no list: the dates
stand in the rows.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connections, transaction

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.base.ledger.keys import keep_folder, keys_folder
from minqing.base.ledger.streams import ACCESS
from minqing.base.postgres.place import write_private
from minqing.registers.vault.access import write_lines
from minqing.registers.vault.rotation import House

NAME = "erased.list"
AGAIN = "restored"  # why, as the line of an erasure done again holds it

_KNOWN = """
select s.code, count(*) from ledger_subject s join ledger_line l using (stream, subject)
where s.stream = %s and l.kind = 'Erased' and s.code = any(%s) group by 1
"""
TABLES = ("vault_key", "vault_mark", "vault_value", "vault_file")


@dataclass(frozen=True, order=True)
class Erasure:
    """One erasure of everything sealed about one matter."""

    at: str
    code: str


def remember(home: Path, codes: Iterable[str]) -> None:
    """Appends them, on disk when this returns: called inside the transaction that erases, before its commit."""
    at = moments.now().isoformat()
    lines = "".join(json.dumps({"code": code, "at": at}, ensure_ascii=False) + "\n" for code in codes)
    if not lines:
        return
    path = keys_folder(home) / NAME
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # given back with the file
        whole = file.read()
        file.seek(whole.rfind(b"\n") + 1)  # a torn line is of an erasure that was never committed
        file.truncate()
        file.write(lines.encode())
        file.flush()
        os.fsync(descriptor)
    keep_folder(path.parent)


def write_list(home: Path, erasures: Collection[Erasure]) -> None:
    """Puts a whole list in the place of the one there: that of a restored instance, from all that is known."""
    lines = "".join(json.dumps({"code": one.code, "at": one.at}, ensure_ascii=False) + "\n" for one in sorted(erasures))
    path = keys_folder(home) / NAME
    if lines:
        write_private(path, lines)
        keep_folder(path.parent)


def read_list(path: Path) -> set[Erasure]:
    """The erasures of a list; BadInput where it cannot be read. A torn last line counts for nothing."""
    try:
        whole = path.read_bytes()
        told = [json.loads(line) for line in whole[: whole.rfind(b"\n") + 1].splitlines()]
        return {Erasure(str(one["at"]), str(one["code"])) for one in told}
    except FileNotFoundError:
        raise BadInput(f"没有删除清单 {path}：请核对路径（there is no list of erasures: check the path）") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            f"删除清单 {path} 读不懂：请给出完整的一份（the list of erasures cannot be read: give a whole one）"
        ) from None


def erase_again(erasures: Collection[Erasure], house: House) -> tuple[str, ...]:
    """Destroys what these erasures destroyed and the restored database brought back, also of matters that are open in
    it; each leaves its line in the access stream. Returns the codes. Needs the owner of the tables."""
    wanted = Counter(one.code for one in erasures)
    missing = _unknown(wanted, house)
    if not missing:
        return ()
    codes = sorted(missing)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("select set_config('minqing.house', 'on', true), set_config('minqing.barred', '{}', true)")
        cursor.execute("select matters_forget_words(%s)", [codes])
        for table in TABLES:
            cursor.execute(f"delete from {table} where subject = any(%s)", [codes])
    with house():  # last: broken off before, it is all done again
        write_lines("Erased", {code: [{"by": AGAIN}] * missing[code] for code in codes})
    return tuple(codes)


def _unknown(wanted: Counter[str], house: House) -> Counter[str]:
    """How many erasures of a code the access stream does not know; codes of no matter here are left out."""
    with house(), connections["default"].cursor() as cursor:
        cursor.execute(_KNOWN, [ACCESS.number, list(wanted)])
        known: dict[str, int] = dict(cursor.fetchall())
        cursor.execute("select code from matters_matter where code = any(%s)", [list(wanted)])
        here = {code for (code,) in cursor.fetchall()}
    return Counter({code: many - known.get(code, 0) for code, many in wanted.items()
                    if code in here and many > known.get(code, 0)})  # fmt: skip
