"""A method as BPMN 2.0 with diagram interchange, for the viewers and modellers other offices use.

A stage is a user task in the lane of its holder; a rung that moves is a timer on its edge; results part at an
exclusive gateway; an end is an end event. What may happen at any time is a start event of its own. BPMN knows no
working days: a timer says its time as the file does (5wd) unless ISO 8601 can say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from minqing.kernel.clock.budgets import Budget
from minqing.kernel.methods.layout import Node, Plan, laid_out
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.phrases import Phrases
from minqing.kernel.methods.picture import START, Arrow, Box, Picture, Why, picture
from minqing.kernel.methods.vocabulary import Vocabulary

SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
ISO = {"m": "PT{}M", "h": "PT{}H", "d": "P{}D", "mo": "P{}M", "y": "P{}Y"}
PLATFORM, TRIAGE = {"zh": "平台", "en": "platform"}, {"zh": "分流", "en": "triage"}
BY_HAND: tuple[Why, ...] = ("triage", "emergency", "move", "turn")


def bpmn(method: Method, vocabulary: Vocabulary | None = None, lang: str = "zh") -> str:
    """The XML text, with a layout, in a tongue. The vocabulary titles the verbs and facts of capabilities."""
    say = Phrases(method, vocabulary or Vocabulary({}))
    process = _Process(method, say, picture(method, say, lang), lang)
    return process.text()


def iso_duration(budget: Budget) -> str:
    """PT24H, P3D; working time, which ISO 8601 cannot say, as the file writes it."""
    return ISO.get(budget.unit, str(budget)).format(budget.amount)


class _Process:
    """Builds nodes and flows from the picture, lays them out, writes both."""

    def __init__(self, method: Method, say: Phrases, drawn: Picture, lang: str) -> None:
        self.method, self.say, self.drawn, self.lang = method, say, drawn, lang
        self.nodes: list[Node] = []
        self.flows: list[tuple[str, str, str]] = []
        self.numbers = {box.slug: number for number, box in enumerate(drawn.boxes)}
        for box in drawn.boxes:
            self.add(box)

    def ident(self, slug: str, what: str) -> str:
        return f"{what}_{self.numbers[slug]}"

    def entry(self, slug: str) -> str:
        """The node at which arrows into a box arrive."""
        return self.ident(slug, "box")

    def lane(self, box: Box) -> str:
        if box.shape != "stage":
            return PLATFORM[self.lang]
        return self.say.role_en(box.holder) if self.lang == "en" else self.say.role(box.holder)

    def add(self, box: Box) -> None:
        kind = {"stage": "userTask", "end": "endEvent", "turn": "exclusiveGateway"}.get(box.shape, "startEvent")
        self.nodes.append(
            Node(
                self.entry(box.slug),
                kind,
                box.title,
                self.lane(box),
                box.slug,
                event="conditional" if box.shape == "level" else "",
            )
        )
        for number, arrow in enumerate(self.drawn.leaving(box.slug, "clock", "itself")):
            self.edge(box, arrow, number)
        chosen = self.drawn.leaving(box.slug, *BY_HAND)
        source = self.entry(box.slug)
        if len(chosen) > 1 and kind != "exclusiveGateway":
            source = self.ident(box.slug, "choice")
            title = TRIAGE[self.lang] if box.slug == START else ""
            self.nodes.append(Node(source, "exclusiveGateway", title, self.lane(box), box.slug, beside=True))
            self.flows.append((self.entry(box.slug), source, ""))
        for arrow in chosen:
            self.flows.append((source, self.entry(arrow.target), arrow.label))

    def edge(self, box: Box, arrow: Arrow, number: int) -> None:
        """What moves a matter without a hand: an event on the edge of its task."""
        if box.shape != "stage":
            self.flows.append((self.entry(box.slug), self.entry(arrow.target), arrow.label))
            return
        ident = f"{self.ident(box.slug, 'edge')}_{number}"
        event = "timer" if arrow.why == "clock" else "conditional"
        told = self.time(arrow) if arrow.rung else arrow.label
        self.nodes.append(
            Node(
                ident,
                "boundaryEvent",
                arrow.label,
                self.lane(box),
                box.slug,
                on=self.entry(box.slug),
                event=event,
                says=told,
                number=number,
            )
        )
        self.flows.append((ident, self.entry(arrow.target), ""))

    def time(self, arrow: Arrow) -> str:
        """P3D for due; otherwise the rung and the time it hangs on, as the file says them."""
        limit = self.method.stages[arrow.source].limit
        if limit is None or arrow.rung is None:
            return str(arrow.rung)
        if limit.by_level:
            times = ", ".join(f"{level} {time}" for level, time in limit.by_level.items())
        else:
            time = limit.at(None)
            times = iso_duration(time) if isinstance(time, Budget) else str(time)
        return times if str(arrow.rung) == "due" else f"{arrow.rung}: {times}"

    def text(self) -> str:
        plan = laid_out(self.nodes, self.flows)
        root = ET.Element(
            "bpmn:definitions",
            {f"xmlns:{prefix}": url for prefix, url in SPACES.items()}
            | {"id": "definitions", "targetNamespace": f"urn:minqing:{self.method.slug}:{self.method.version}"},
        )
        both = ET.SubElement(root, "bpmn:collaboration", id="collaboration")
        ET.SubElement(
            both, "bpmn:participant", id="pool", name=_clean(self.method.title.said(self.lang)), processRef="process"
        )
        process = ET.SubElement(root, "bpmn:process", id="process", isExecutable="false")
        self.lanes(process, plan)
        for node in self.nodes:
            self.write(process, node)
        for number, (source, target, label) in enumerate(self.flows):
            flow = ET.SubElement(process, "bpmn:sequenceFlow", id=f"flow_{number}", sourceRef=source, targetRef=target)
            if label:
                flow.set("name", _clean(label))
        self.diagram(root, plan)
        ET.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    def lanes(self, process: ET.Element, plan: Plan) -> None:
        lanes = ET.SubElement(process, "bpmn:laneSet", id="lanes")
        for number, title in enumerate(plan.lanes):
            lane = ET.SubElement(lanes, "bpmn:lane", id=f"lane_{number}", name=_clean(title))
            for node in self.nodes:
                if node.lane == title:
                    ET.SubElement(lane, "bpmn:flowNodeRef").text = node.ident

    def write(self, process: ET.Element, node: Node) -> None:
        element = ET.SubElement(process, f"bpmn:{node.kind}", id=node.ident)
        if node.title:
            element.set("name", _clean(node.title))
        if node.on:
            element.set("attachedToRef", node.on)
        for number, (source, target, _) in enumerate(self.flows):
            if target == node.ident:
                ET.SubElement(element, "bpmn:incoming").text = f"flow_{number}"
            if source == node.ident:
                ET.SubElement(element, "bpmn:outgoing").text = f"flow_{number}"
        element[:] = sorted(element, key=lambda each: each.tag != "bpmn:incoming")
        if node.event:
            definition = ET.SubElement(element, f"bpmn:{node.event}EventDefinition", id=f"{node.ident}_when")
            inner = "timeDuration" if node.event == "timer" else "condition"
            said = ET.SubElement(definition, f"bpmn:{inner}", {"xsi:type": "bpmn:tFormalExpression"})
            said.text = _clean(node.says or node.title)

    def diagram(self, root: ET.Element, plan: Plan) -> None:
        plane = ET.SubElement(
            ET.SubElement(root, "bpmndi:BPMNDiagram", id="diagram"),
            "bpmndi:BPMNPlane",
            id="plane",
            bpmnElement="collaboration",
        )
        for ident, bounds in _shapes(plan):
            horizontal = {"isHorizontal": "true"} if ident == "pool" or ident.startswith("lane_") else {}
            shape = ET.SubElement(plane, "bpmndi:BPMNShape", {"id": f"{ident}_di", "bpmnElement": ident} | horizontal)
            names = ("x", "y", "width", "height")
            ET.SubElement(shape, "dc:Bounds", {name: str(value) for name, value in zip(names, bounds, strict=True)})
        for number, points in enumerate(plan.ways):
            way = ET.SubElement(plane, "bpmndi:BPMNEdge", id=f"flow_{number}_di", bpmnElement=f"flow_{number}")
            for x, y in points:
                ET.SubElement(way, "di:waypoint", x=str(x), y=str(y))


def _shapes(plan: Plan) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    yield "pool", plan.pool
    yield from ((f"lane_{number}", bounds) for number, bounds in enumerate(plan.lanes.values()))
    yield from plan.bounds.items()


def _clean(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(char if char.isprintable() else " " for char in text)
