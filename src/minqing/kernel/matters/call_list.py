"""What a viewer is to call back now, most urgent first, with how often it was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from minqing.base import moments
from minqing.kernel.matters.calling import Tries, may_call, tries_of
from minqing.kernel.matters.own_list import ASKING
from minqing.kernel.matters.queries import Waiting, inbox
from minqing.kernel.matters.reading import read
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.versions import methods_of
from minqing.registers.accounts.rules import Viewer

_SPARE = 20  # lines read besides: some are for another person to call
_MOST_PAGES = 20  # a list that begins with more lines of others' than so many pages hold is told as far as it was read


@dataclass(frozen=True)
class ToCall:
    """One call-back: its line of the inbox, and its tries so far."""

    line: Waiting
    tries: Tries


def to_call(viewer: Viewer, many: int) -> list[ToCall]:
    """Of the viewer's own list those that they themselves may call: not what they solved, nor whom nobody calls."""
    found: list[ToCall] = []
    after: tuple[int, datetime, int] | None = None
    for _ in range(_MOST_PAGES):
        lines = inbox(viewer, many + _SPARE, after, mine=True, kinds=(ASKING,))
        found += _may_be_called(viewer, lines)
        if len(found) >= many or len(lines) < many + _SPARE:
            break
        after = (lines[-1].colour, lines[-1].due, lines[-1].duty)
    return found[:many]


def _may_be_called(viewer: Viewer, lines: Sequence[Waiting]) -> Iterator[ToCall]:
    there = read(viewer.scope, [line.code for line in lines])
    methods = methods_of({(line.method, line.version) for line in lines})
    surroundings = around({stored.matter.place for stored in there.values()})
    for line in lines:
        stored, method = there.get(line.code), methods[line.method, line.version]
        if stored is None:
            continue
        when = max(moments.now(), stored.happened)
        if may_call(method, stored.matter, surroundings.context(stored.matter.place, when, viewer, {})):
            yield ToCall(line, tries_of(method, stored.matter))
