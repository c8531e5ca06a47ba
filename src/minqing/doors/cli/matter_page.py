"""One matter as a page of text: where it stands, its journal in plain words, each running clock and why it ends then.

Shows the masked copy only; the words themselves are for those who may see them.
"""

from __future__ import annotations

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from minqing.base import moments
from minqing.kernel.matters.codes import clean_code
from minqing.kernel.matters.reading import histories, read_one
from minqing.kernel.matters.reckoning import explain_duty
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.telling import Lang, Teller, shown, standing_words
from minqing.kernel.matters.versions import methods_of
from minqing.registers.accounts.rules import HOUSE, Viewer

_TITLE, _TEXT = 40, 160


def show_matter(code: str, console: Console, lang: Lang = "zh") -> None:
    """Prints the page; raises BadInput where there is no such matter."""
    stored = read_one(HOUSE, clean_code(code))
    matter = stored.matter
    method = methods_of([(matter.method, matter.version)])[matter.method, matter.version]
    context = around([matter.place]).context(matter.place, moments.now(), Viewer(), {})
    units = context.cast.names
    standing = standing_words(matter, method, units)
    console.print(Panel(Text(_head(stored.title, stored.text)), title=f"{matter.code} · {standing}"))
    teller, day = Teller(method, units, lang), ""
    for line in histories(HOUSE, [stored.id])[stored.id]:
        moment = f"{line.happened:%Y-%m-%d %H:%M}"
        console.print(Text(f"  {moment if moment != day else ' ' * len(moment)}  {teller.tell(line.event)}"))
        day = moment
    for duty in matter.open_duties():
        late = "，已超期" if duty.due < moments.now() else ""
        console.print(Text(f"  时限 · {teller.duty(duty.id)}：{shown(duty.due)}{late}", style="bold"))
        for sentence in explain_duty(duty, context, lang, matter):
            console.print(Text(f"    {sentence}"))


def _head(title: str, text: str) -> str:
    flat = " ".join(text.split())
    return "\n".join(filter(None, (title[:_TITLE], flat[:_TEXT] + ("…" if len(flat) > _TEXT else ""))))
