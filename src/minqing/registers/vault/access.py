"""Lines of the access stream that the vault writes itself: who looked up, took out, erased, and what ended by itself.

The subject is the code of the matter. A line holds no words: a reason stands in it by its keyed hash, as in the journal
of matters; the words of the reason are sealed beside what was looked at.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.base.ledger.keys import body_key
from minqing.base.ledger.streams import ACCESS
from minqing.base.moments import in_china
from minqing.base.postgres import home_folder
from minqing.registers.vault.models import rows
from minqing.registers.vault.queries import keys_of
from minqing.registers.vault.sealing import seal

Line = Mapping[str, object]

WRITING = 0x6D71_0003  # advisory lock of a code's lines: the same as of `kernel.matters.revealing`
_PURPOSE = "说明为什么查阅封存的内容"
_GROUND = "个人信息保护法第五十一条：操作权限和安全措施"
_KEPT = timedelta(days=3 * 365)


def write_lines(kind: str, lines: Mapping[str, Line | Collection[Line]], actor: int = 0) -> None:
    """Lines of one kind, one or several for each code, in one statement; a code's lines one after the other."""
    codes = sorted(lines)
    if not codes:
        return
    now, last = moments.now(), _last_lines(codes)
    told = [_as_json(kind, lines[code], max(now, last.get(code, now)), actor) for code in codes]
    rows(
        "select count(*) from unnest(%s::text[], %s::text[]) as n(code, lines),"
        " lateral ledger_append(%s::smallint, n.code, n.lines::json, %s::timestamptz)",
        [codes, told, ACCESS.number, now],
    )


def _last_lines(codes: Sequence[str]) -> dict[str, datetime]:
    """When the last lines of these codes happened: nothing happens before them, also where a trial's clock was moved
    back. Nobody else appends to these codes until the transaction ends."""
    rows(
        "select pg_advisory_xact_lock(%s, h)"
        " from (select distinct hashtext(c) from unnest(%s::text[]) c order by 1) s(h)",
        [WRITING, codes],
    )
    found = rows(
        "select code, happened from ledger_subject where stream = %s and code = any(%s)", [ACCESS.number, codes]
    )
    return {code: in_china(happened) for code, happened in found}


def _as_json(kind: str, told: Line | Collection[Line], happened: datetime, actor: int) -> str:
    every = [told] if isinstance(told, Mapping) else told
    lines = [{"kind": kind, "happened": happened.isoformat(), "actor": actor, "data": dict(line)} for line in every]
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":"))


def checked(reason: str) -> str:
    """The reason as it is kept; nobody opens the vault without one."""
    said = reason.strip()
    if not said:
        raise BadInput("请写明理由：为谁、为什么（give a reason: for whom and what for）")
    return said[:500]


def name_of_reason(code: str, reason: str) -> str:
    """The keyed hash by which a line names a reason."""
    return hmac.new(body_key(home_folder()), f"{code}\0reveal\0{reason}".encode(), "sha256").hexdigest()


def keep_reason(codes: Collection[str], reason: str) -> None:
    """Seals the words of a reason beside what it opened, where a key stands."""
    kept = [(code, name_of_reason(code, reason), key) for code, key in keys_of(codes).items()]
    rows(
        "select vault_keep(%s::text[], %s::text[], %s::text[], %s::bytea[], %s, %s, %s)",
        [[code for code, _, _ in kept], [name for _, name, _ in kept], ["reveal"] * len(kept),
         [seal(key, name, reason) for _, name, key in kept], _PURPOSE, _GROUND, moments.today() + _KEPT],
    )  # fmt: skip
