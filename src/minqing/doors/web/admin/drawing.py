"""A method drawn in the page: its BPMN with the places reckoned for it, as SVG without a script or a style of its own.

What a phone cannot show is told again as a list (`admin/methods.html`).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe

_NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL", "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC", "di": "http://www.omg.org/spec/DD/20100524/DI",
}  # fmt: skip
_WIDE = {"userTask": 8, "lane": 20, "participant": 0}  # characters a line of a label has
_MOST = 4  # lines of a label; the list below the drawing has it whole


def drawn(bpmn: str, title: str) -> SafeString:
    """The drawing of a BPMN text of ours (`kernel.methods.bpmn`)."""
    top = ElementTree.fromstring(bpmn)
    parts = {one.get("id", ""): one for one in top.iter() if one.get("id")}
    shapes = [
        _shape(parts[one.get("bpmnElement", "")], _bounds(one)) for one in top.iterfind(".//bpmndi:BPMNShape", _NS)
    ]
    ways = [_way(parts[one.get("bpmnElement", "")], one) for one in top.iterfind(".//bpmndi:BPMNEdge", _NS)]
    pool = top.find(".//bpmndi:BPMNShape", _NS)
    x, y, wide, high = _bounds(pool) if pool is not None else (0, 0, 100, 100)
    return mark_safe(
        f'<svg class="drawing" xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {wide} {high + 10}"'
        f' width="{wide}" height="{high + 10}" role="img" aria-label="{escape(title)}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>' + "".join(ways) + "".join(shapes) + "</svg>"
    )


def _bounds(shape: ElementTree.Element) -> tuple[int, int, int, int]:
    found = shape.find("dc:Bounds", _NS)
    assert found is not None
    x, y, wide, high = (int(float(found.get(name, "0"))) for name in ("x", "y", "width", "height"))
    return x, y, wide, high


def _shape(part: ElementTree.Element, bounds: tuple[int, int, int, int]) -> str:
    kind, name = part.tag.rpartition("}")[2], part.get("name", "")
    x, y, wide, high = bounds
    middle, across = x + wide // 2, y + high // 2
    if kind in ("lane", "participant"):
        label = _text(x + 8, y + 18, name, _WIDE[kind], "start") if kind == "lane" else ""
        return f'<rect class="{kind}" x="{x}" y="{y}" width="{wide}" height="{high}"/>{label}'
    if kind == "userTask":
        top = across - 8 * (len(list(_lines(name, 8))) - 1)
        return f'<rect class="task" x="{x}" y="{y}" width="{wide}" height="{high}" rx="8"/>' + _text(
            middle, top, name, 8
        )
    if kind == "exclusiveGateway":
        corners = f"{middle},{y} {x + wide},{across} {middle},{y + high} {x},{across}"
        return f'<polygon class="gate" points="{corners}"/>' + _text(middle, y + high + 14, name, 10)
    look = {"endEvent": "end", "boundaryEvent": "timer"}.get(kind, "start")
    return f'<circle class="{look}" cx="{middle}" cy="{across}" r="{wide // 2}"/>' + _text(
        middle, y + high + 14, name, 10
    )


def _way(part: ElementTree.Element, edge: ElementTree.Element) -> str:
    points = [(point.get("x", "0"), point.get("y", "0")) for point in edge.iterfind("di:waypoint", _NS)]
    line = " ".join(f"{x},{y}" for x, y in points)
    said = f"<title>{escape(part.get('name', ''))}</title>"
    return f'<polyline class="way" points="{line}" marker-end="url(#tip)">{said}</polyline>'


def _text(x: int, y: int, said: str, wide: int, anchor: str = "middle") -> str:
    lines = "".join(
        f'<tspan x="{x}" dy="{16 if at else 0}">{escape(line)}</tspan>' for at, line in enumerate(_lines(said, wide))
    )
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{lines}</text>'


def _lines(said: str, wide: int) -> Iterator[str]:
    """The words in lines of so many characters, a Latin one counting half; at most so many lines. Latin words stay
    whole where a line has more than one."""
    line, count = "", 0
    for mark in said:
        if _width(line + mark) > wide:
            count += 1
            full, _, begun = line.rpartition(" ") if " " in line and mark != " " else (line, "", "")
            yield full + ("…" if count == _MOST else "")
            if count == _MOST:
                return
            line = begun
        line = (line + mark).lstrip()
    if line:
        yield line


def _width(line: str) -> float:
    return sum(0.55 if mark < "\u2e80" else 1.0 for mark in line)
