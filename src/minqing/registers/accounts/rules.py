"""The viewer: a person in a post, and what they may see. The kernel is told this about who acts, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["county", "town", "village", "region", "unit", "none"]
Range = tuple[int, int]

#: The settings of a transaction that row-level security reads, in the order of `Scope.settings`.
SETTINGS = (
    "minqing.house", "minqing.areas", "minqing.sensitivity", "minqing.units", "minqing.barred", "minqing.code",
    "minqing.access",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What somebody sees: matters in `areas` up to `sensitivity`, and those in which their `units` have a part; less
    what is against `barred` (the units of all the person's posts and all above them as positive numbers, the own person
    as a negative one).

    `level` and `key` name the viewer's own list (its index condition): 'county', or the town, village, region (grid) or
    unit of that key; 'none' sees no list. `areas` are half-open ranges of 15-digit region keys. `house` sees
    everything: the clock, replay, the county's own command line. `only`: the matter of that code, nothing else.
    `access`: also who read what (the access stream); for auditors.
    """

    level: Level = "none"
    key: int = 0
    areas: tuple[Range, ...] = ()
    sensitivity: int = 0
    units: tuple[int, ...] = ()
    barred: tuple[int, ...] = ()
    house: bool = False
    only: str = ""
    access: bool = False

    def settings(self) -> tuple[str, ...]:
        """The values of SETTINGS as PostgreSQL reads them. A transaction in which none is set sees nothing."""
        areas = ",".join(f"[{low},{high})" for low, high in self.areas)
        return (
            "on" if self.house else "",
            f"{{{areas}}}",
            str(self.sensitivity),
            _numbers(self.units),
            _numbers(self.barred),
            self.only,
            "on" if self.access else "",
        )


def _numbers(numbers: tuple[int, ...]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


NOTHING = Scope()
HOUSE = Scope(level="county", sensitivity=9, house=True)


@dataclass(frozen=True)
class Viewer:
    """Who acts: a person (0: nobody on the register, such as a resident), their unit (0: none), their roles.

    `roles` holds what the person is besides their unit: 'reporter', 'volunteer', 'mediator', 'machine', 'clock'.
    `role` is the post's kind in the accounts (ROLES of `accounts.posts`); `rights` what the token or session may do:
    'report', 'read', 'act', 'reveal'; `token` its number, 0 for none. `source`: the only outside source a program may
    report under ('' for people); `post` the post acted in, 0 for none. `units_besides`: the units of the person's other
    posts and all above those: they take no part in what is against one of them, whatever the post they act in.
    """

    person: int = 0
    unit: int = 0
    roles: frozenset[str] = frozenset()
    scope: Scope = NOTHING
    role: str = ""
    rights: frozenset[str] = frozenset()
    token: int = 0
    source: str = ""
    post: int = 0
    units_besides: tuple[int, ...] = ()


def reporter_of(code: str) -> Viewer:
    """The reporter of one matter, who has shown its secret: sees it alone and acts in the reporter's part."""
    return Viewer(roles=frozenset({"reporter"}), scope=Scope(only=code))


REPORTER = Viewer(roles=frozenset({"reporter"}))
MACHINE = Viewer(roles=frozenset({"machine"}), scope=HOUSE)
CLOCK = Viewer(roles=frozenset({"clock"}), scope=HOUSE)
COUNTER = Viewer(scope=HOUSE)  # the county's own command line: looks on, takes no part
