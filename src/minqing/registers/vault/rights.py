"""The rights of a person: to know what is kept, to have a copy, to have it erased; and the end of what has to end.

个人信息保护法 art. 44, 45, 47, 19. All of it is the house's: called inside a transaction that sees the whole house,
which the caller opens; each call leaves lines in the access stream in that transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict, NotFound
from minqing.base.postgres import home_folder
from minqing.registers.vault.access import checked, keep_reason, name_of_reason, write_lines
from minqing.registers.vault.erasures import remember
from minqing.registers.vault.models import rows
from minqing.registers.vault.queries import brought_by, subjects_of
from minqing.registers.vault.rotation import House

#: By what a person is found: what people ask with.
KINDS = {"phone": "电话", "name": "姓名", "id_number": "身份证号", "address": "地址", "email": "电子邮箱"}
#: What one person has alone. A name and an address are shared: each of them finds, and proves nothing by itself.
PROVING = frozenset({"phone", "id_number", "email"})
NOBODY = "none"  # the subject of a look-up that found nothing: it leaves a line as well
LONGER = timedelta(days=90)  # what is past its end is kept so much longer while its matter is open
AT_ONCE = 500


@dataclass(frozen=True)
class Erased:
    """What was destroyed of one matter."""

    code: str
    values: int
    files: int


@dataclass(frozen=True)
class Retained:
    """What the end of retention did: matters, and values and files of them."""

    erased_matters: int = 0
    erased: int = 0
    prolonged_matters: int = 0
    prolonged: int = 0


def look_up(kind: str, value: str, reason: str, actor: int = 0) -> tuple[str, ...]:
    """The codes of the matters with that person's mark: for the person's own request, never for anything else."""
    return find({kind: value}, reason, actor)


def find(person: Mapping[str, str], reason: str, actor: int = 0) -> tuple[str, ...]:
    """The same by several marks (kind -> value) that all fit; a line for each matter, or one that nothing was found."""
    said = checked(reason)
    if not person or not all(kind in KINDS and value.strip() for kind, value in person.items()):
        raise BadInput(f"请给出{'、'.join(KINDS.values())}之一（give one of: {', '.join(KINDS)}）")
    codes = _all_of([subjects_of(kind, value) for kind, value in person.items()])
    lines = {code: {"by": by(person), "reason": name_of_reason(code, said)} for code in codes or (NOBODY,)}
    keep_reason(codes, said)
    write_lines("LookedUp", lines, actor)
    return codes


def own_matters(person: Mapping[str, str]) -> tuple[str, ...]:
    """The matters that person brought, for handing out or erasing: refused where what was given of them could be
    somebody else's too. Everything given has to fit what the reporter gave of themselves."""
    if len(person) < 2 and not PROVING.intersection(person):
        raise BadInput(
            "姓名、住址可能有人相同：导出、删除请用电话、身份证号或电子邮箱，或者至少两项都对得上"
            "（names and addresses are shared: give a phone, id number or e-mail, or two that both fit）"
        )
    return _all_of([brought_by(kind, value) for kind, value in person.items()])


def by(person: Mapping[str, str]) -> str:
    """By what a person was told from others, as a line holds it; never the values."""
    return "+".join(sorted(person))


def _all_of(found: Collection[Collection[str]]) -> tuple[str, ...]:
    return tuple(sorted(set.intersection(*map(set, found))))


def erase_subjects(codes: Collection[str], reason: str, actor: int = 0, why: str = "") -> tuple[Erased, ...]:
    """Destroys everything sealed about these matters: keys, values, files, marks, masked copies. All or none of them:
    an open matter is refused. The journal stays and verifies; its lines hold no words. `why`: by what whoever asked
    was known (`by`), or 'order'."""
    said = checked(reason)
    wanted = sorted(set(codes))
    done = rows("select code, unended, words, files from vault_erase(%s::text[])", [wanted])
    if unended := [code for code, still_open, _, _ in done if still_open]:
        raise Conflict(
            f"{_some(unended)} 还没有办结：请先撤回或办结，再删除；什么也没有删"
            "（still open: withdraw or end first; nothing was erased）"
        )
    if missing := sorted(set(wanted) - {code for code, _, _, _ in done}):
        raise NotFound(
            f"没有编码为 {_some(missing)} 的事项：请核对编码，什么也没有删（no such matter; nothing was erased）"
        )
    lines = {
        code: {"by": why, "reason": name_of_reason(code, said), "values": values, "files": files}
        for code, _, values, files in done
    }
    write_lines("Erased", lines, actor)
    remember(home_folder(), lines)  # outside the database and before the commit: no backup may bring them back
    return tuple(Erased(code, values, files) for code, _, values, files in done)


def retain(house: House, advance: Callable[[int], None] = lambda _: None) -> Retained:
    """Destroys what is past its end; what belongs to an open matter is kept 90 days longer. Opens its own
    transactions, one a set, so that it may be broken off and called again."""
    today = moments.today()
    total = Retained()
    while True:
        with house():
            found = rows("select * from vault_retain(%s, %s, %s)", [today, today + LONGER, AT_ONCE])
            longer = {code: many + files for code, unended, many, files, _ in found if unended}
            ended = [row for row in found if not row[1]]
            write_lines("Prolonged", {code: {"until": str(today + LONGER), "count": longer[code]} for code in longer})
            lines = {code: {"values": many, "files": files, "key": bare} for code, _, many, files, bare in ended}
            write_lines("Expired", lines)
        if not found:
            return total
        total = Retained(
            total.erased_matters + len(ended),
            total.erased + sum(many + files for _, _, many, files, _ in ended),
            total.prolonged_matters + len(longer),
            total.prolonged + sum(longer.values()),
        )
        advance(len(found))


def _some(codes: Collection[str]) -> str:
    told = sorted(codes)
    return "、".join(told[:5]) + (f" 等 {len(told)} 件" if len(told) > 5 else "")
