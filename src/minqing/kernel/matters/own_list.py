"""Whose list: the level and key of a viewer's inbox, which an index serves, and what a caller finds in it besides.

A desk owes what its unit owes. Who is asked to call back by a role of their own (`volunteer`) owes nothing by name:
what waits to be called where their unit has a part stands in their list (docs/decisions/0008), and in that of a
volunteer's post, which acts for no unit, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from minqing.kernel.matters.cast import lends_a_hand
from minqing.kernel.matters.versions import current_methods
from minqing.kernel.methods.model import CALL_BACK
from minqing.registers.accounts.rules import Level, Scope, Viewer

ASKING = "@" + CALL_BACK  # the duty of calling back

# The index condition of each level's duties. What no list shows stands at 'none'.
_LEVELS: Mapping[Level, str] = {
    "county": "d.main",
    "town": "d.town = %(key)s and d.main",
    "village": "d.village = %(key)s and d.main",
    "region": "d.region = %(key)s and d.main",
    "unit": "d.unit = %(key)s",
    "none": "false",
}
# The call-backs of the county have an index of their own: what waits to be called is never much. The method is asked
# for apart: below row security a look at another table would keep the index from serving.
_ASKED = f"d.kind = '{ASKING}' and %(key)s = any(d.units)"
_BY_FILE = "exists (select from matters_matter a where a.id = d.matter_id and a.method = any(%(asking)s))"
_CALLERS = {
    True: f"{_ASKED} and {_BY_FILE}",
    False: f"(d.unit = %(key)s or ({_ASKED})) and (d.unit = %(key)s or {_BY_FILE})",
}


def list_of(viewer: Viewer, mine: bool) -> Scope:
    """The scope with its own list, or (`mine`) with that of the viewer's unit."""
    if not mine:
        return viewer.scope
    return replace(viewer.scope, level="unit" if viewer.unit else "none", key=viewer.unit)


def duties_of(viewer: Viewer, mine: bool) -> tuple[Scope, str, dict[str, Any]]:
    """The scope of a list of duties, the condition of its duties (`matters_duty d`), and the values it names."""
    scope = list_of(viewer, mine)
    asking = _asking(viewer) if scope.level == "unit" else []
    calls_alone = scope.level == "unit" and lends_a_hand(viewer)
    condition = _CALLERS[calls_alone] if asking or calls_alone else _LEVELS[scope.level]
    return scope, condition, {"key": scope.key, "asking": asking}


def _asking(viewer: Viewer) -> list[str]:
    """The methods whose file asks one of the viewer's own roles to call back."""
    if not viewer.roles:
        return []
    blocks = [(method.slug, method.call_back) for method in current_methods()]
    return [slug for slug, block in blocks if block is not None and viewer.roles.intersection(block.by)]
