"""The viewer: a person in a post. What the kernel is told about who acts, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """Who acts: a person (0: nobody on the register, such as a resident), their unit (0: none), their roles.

    `roles` holds what the person is besides their unit: 'reporter', 'volunteer', 'mediator', 'machine', 'clock'.
    """

    person: int = 0
    unit: int = 0
    roles: frozenset[str] = frozenset()


REPORTER = Viewer(roles=frozenset({"reporter"}))
MACHINE = Viewer(roles=frozenset({"machine"}))
CLOCK = Viewer(roles=frozenset({"clock"}))
