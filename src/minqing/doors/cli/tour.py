"""After the made-up county is there: its clock worked, its measures, a few matters as they stand, where to go on."""

from __future__ import annotations

from rich.console import Console

from minqing.base import moments
from minqing.doors.cli.matter_page import show_matter
from minqing.doors.cli.measures import show_figures, titles
from minqing.insight.measures.queries import count_journal
from minqing.insight.measures.rules import figures
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.queries import Wanted, inbox, listing
from minqing.registers.accounts.rules import COUNTER

WAITING, ENDED = 2, 1
_NEXT = """
接下来可以 · where to go next
  .venv/bin/minqing methods read panan-three-feelings     念一遍本县的工作法 / the method, read aloud
  .venv/bin/minqing simulate panan-three-feelings --days 90 --seed 1     推演 / what if
  .venv/bin/minqing clock due --from "2026-09-28 10:00" --budget 5wd     算一个期限 / a due time and why
  .venv/bin/minqing journal verify     核验日志 / check every line of the journal
  .venv/bin/minqing journal show 编码     任何一件事的来龙去脉 / any matter by its code
  README.md · README.zh.md     头十分钟 / the first ten minutes
"""


def show_around(console: Console) -> None:
    """Works the clock, then prints measures, matters with journals and clocks, and what to try."""
    swept = sweep(moments.now(), by="demo")
    console.print(f"巡钟：触发 {swept.fired} 级 / the clock fired {swept.fired} rungs")
    show_figures(figures(count_journal(moments.now())), titles(), console)
    console.print("\n在办的 · waiting", style="bold")
    for one in inbox(COUNTER, limit=WAITING):
        show_matter(one.code, console)
    console.print("\n办结的 · ended", style="bold")
    for each in listing(COUNTER, Wanted(state="ended"), limit=ENDED).rows:
        show_matter(each.code, console)
    console.print(_NEXT, highlight=False, markup=False, soft_wrap=True)
