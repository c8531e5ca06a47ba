"""People in the posts of the trial county, and a token for each: ground for trials through the doors.

Names are made up (演示…). Every unit of the ladder has two workers, so that who settled is not who calls back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from minqing.base import moments
from minqing.kernel.matters.trial_county import COUNTY, DEPARTMENTS
from minqing.registers.accounts.actions import UserPlan, add_users, issue_machine_token, issue_token, open_seat
from minqing.registers.accounts.posts import usual_role
from minqing.registers.regions.codes import Region, code_of, level_of, lineage
from minqing.registers.regions.queries import units_by_slug

DAYS = 700  # a trial may shift its clock by more than a year
SINCE = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Person:
    """One seat: the unit's slug, its level, the role, and the words of the token."""

    unit: str
    level: str
    role: str
    person: int
    token: str
    post: int = 0


def slug_of(place: Region) -> str:
    """The slug of the unit of the ladder that stands at a place."""
    return f"{level_of(place)}-{code_of(place)}"


def seat_trial_staff(grids: Sequence[Region], per_unit: int = 2) -> list[Person]:
    """Workers in every unit from these grids up to the county, and in the departments, each with a token."""
    places = sorted({place for grid in grids for place in lineage(grid) if level_of(place) not in ("city", "province")})
    units = [(slug_of(place), level_of(place), "territory") for place in places]
    units += [(plan.slug, "county", plan.kind) for plan in DEPARTMENTS]
    there = units_by_slug([slug for slug, _, _ in units])
    wanted = [
        (slug, level, usual_role(kind, level), number)
        for slug, level, kind in units
        if slug in there
        for number in range(1, per_unit + 1)
    ]
    return seat_people(wanted)


def seat_people(wanted: Sequence[tuple[str, str, str, int]]) -> list[Person]:
    """Seats one made-up person for each (unit's slug, its level, role, number); in the order asked for."""
    logins = [f"{slug}.{role.replace('_', '-')}-{number}"[-40:].strip(".-") for slug, _, role, number in wanted]
    numbers = add_users([UserPlan(login, f"演示·{login[-24:]}") for login in logins])
    today, people = moments.today(), []
    for (slug, level, role, number), login, person in zip(wanted, logins, numbers, strict=True):
        title = "grid-worker" if role == "grid_worker" else f"{role.replace('_', '-')}-{number}"
        post = open_seat(login, slug, title, min(SINCE, today), role=role)
        rights = issue_token(post, "演示", DAYS).words if role != "administrator" else ""
        people.append(Person(slug, level, role, person, rights, post))
    return people


def program_token(source: str) -> str:
    """The token of a program that reports under a source, for the trial county."""
    return issue_machine_token(source, "演示", DAYS, county=COUNTY).words
