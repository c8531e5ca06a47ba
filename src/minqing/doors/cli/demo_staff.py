"""The made-up people of the made-up county: users, posts and seats, opened in sets; nobody's name, all marked 演示."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from minqing.insight.twin.ground import BESIDE
from minqing.registers.accounts.actions import StaffPlan, open_staff
from minqing.registers.accounts.queries import seated_in
from minqing.registers.regions.queries import terms_of

_SURNAMES = "张王李陈周吴郑羊马卢孔蔡胡曹厉施潘金黄徐"
_GIVEN = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸东南西北春夏秋冬"
_STAFF = {"grid": 1, "village": 3, "town": 6, "county": 12, BESIDE: 4}
#: Who looks on, and one who lends a hand: role -> level of the first unit they sit in.
_BESIDES = {"leader": "county", "administrator": "county", "auditor": "county", "volunteer": "village"}


def staff_the_county(units: Mapping[str, int], desks: Mapping[int, str], since: dt.date) -> dict[int, Sequence[int]]:
    """Who works where: the people of each unit by their numbers; opened where there are no posts yet."""
    standing = {term.unit for term in terms_of(list(units.values()))}
    wanted = [
        (slug, _title(desks.get(unit, BESIDE), number), "", number + 1)
        for slug, unit in units.items()
        if unit not in standing
        for number in range(_STAFF[desks.get(unit, BESIDE)])
    ]
    for role, level in _BESIDES.items():
        slug = next((slug for slug in units if slug.startswith(f"{level}-")), None)
        if slug is not None and units[slug] not in standing:
            wanted.append((slug, role, role, 1))
    plans = zip(wanted, made_up_names(), strict=False)
    open_staff([
        StaffPlan(f"{slug}-{role or 'p'}{number}", name, slug, title, since, role=role)
        for (slug, title, role, number), name in plans
    ])  # fmt: skip
    return _people(units)


def _people(units: Mapping[str, int]) -> dict[int, Sequence[int]]:
    terms = [term for term in terms_of(list(units.values())) if term.role not in _BESIDES]
    users = seated_in([term.id for term in terms])
    people: dict[int, list[int]] = {}
    for term in terms:
        if term.id in users:
            people.setdefault(term.unit, []).append(users[term.id])
    return dict(people)


def _title(level: str, number: int) -> str:
    if level == "grid":
        return "grid-worker"
    return "head" if number == 0 else "staff"


def made_up_names() -> Iterator[str]:
    """演示·张一, 演示·王一 …: nobody's name, and no two the same."""
    for first, second in product(("", *_GIVEN), _GIVEN):
        for surname in _SURNAMES:
            yield f"演示·{surname}{first}{second}"
