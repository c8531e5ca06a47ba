"""What if a limit were another one: the loaded method with single limits replaced, for a simulation only. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from minqing.base.definitions import nearest
from minqing.base.errors import BadInput
from minqing.kernel.clock.budgets import Budget, parse_budget
from minqing.kernel.methods.model import CALL_BACK, Limit, Method

Setting = tuple[str, str]


def for_method(setting: Setting) -> bool:
    """Whether a setting is about the method (`stages.grid.limit`, `call_back.within`), not about the scenario."""
    parts = setting[0].split(".")
    return setting[0] == "call_back.within" or (parts[0] == "stages" and len(parts) > 2 and parts[2] == "limit")


def with_limits(method: Method, settings: Iterable[Setting]) -> Method:
    """The method with the limits named: `stages.grid.limit=2d`, or of one level `stages.village.limit.red=12h`."""
    for name, text in settings:
        slug = CALL_BACK if name == "call_back.within" else name.split(".")[1]
        stage = method.stages.get(slug)
        if stage is None or stage.limit is None:
            waiting = [one.slug for one in method.stages.values() if one.limit is not None]
            raise BadInput(f"{name}: no stage “{slug}” has a limit: {', '.join(waiting)}.{nearest(slug, waiting)}")
        levels = name.split(".")[3:] if slug != CALL_BACK else []
        limit = _changed(stage.limit, levels, parse_budget(text), name)
        method = replace(method, stages={**method.stages, slug: replace(stage, limit=limit)})
    return method


def _changed(limit: Limit, levels: list[str], budget: Budget, name: str) -> Limit:
    if not levels:
        return replace(limit, time=budget, by_level={})
    if levels[0] not in limit.by_level or len(levels) > 1:
        known = ", ".join(limit.by_level) or "none: the limit is one for all"
        raise BadInput(f"{name}: this limit has no level “{'.'.join(levels)}” (levels: {known})")
    return replace(limit, by_level={**limit.by_level, levels[0]: budget})
