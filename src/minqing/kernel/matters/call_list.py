"""What a viewer is to call back now, most urgent first, with how often it was tried."""

from __future__ import annotations

from dataclasses import dataclass

from minqing.base import moments
from minqing.kernel.matters.calling import Tries, may_call, tries_of
from minqing.kernel.matters.own_list import ASKING
from minqing.kernel.matters.queries import Waiting, inbox
from minqing.kernel.matters.reading import read
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.versions import methods_of
from minqing.registers.accounts.rules import Viewer

_SPARE = 20  # lines read besides: some are for another person to call


@dataclass(frozen=True)
class ToCall:
    """One call-back: its line of the inbox, and its tries so far."""

    line: Waiting
    tries: Tries


def to_call(viewer: Viewer, many: int) -> list[ToCall]:
    """Of the viewer's own list those that they themselves may call: not what they solved, nor whom nobody calls."""
    lines = inbox(viewer, many + _SPARE, mine=True, kinds=(ASKING,))
    there = read(viewer.scope, [line.code for line in lines])
    methods = methods_of({(line.method, line.version) for line in lines})
    surroundings = around({stored.matter.place for stored in there.values()})
    found: list[ToCall] = []
    for line in lines:
        stored, method = there.get(line.code), methods[line.method, line.version]
        if stored is None or len(found) == many:
            continue
        when = max(moments.now(), stored.happened)
        if may_call(method, stored.matter, surroundings.context(stored.matter.place, when, viewer, {})):
            found.append(ToCall(line, tries_of(method, stored.matter)))
    return found
