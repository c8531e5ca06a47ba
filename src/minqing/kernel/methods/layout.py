"""Where the parts of a drawing stand: lanes one below the other, each stage in its own column, ways at right angles.

Pixels. Simple on purpose: a drawing that a viewer shows and a person can then move about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Bounds = tuple[int, int, int, int]  # x, y, width, height
Point = tuple[int, int]
SIZES = {
    "userTask": (120, 80),
    "exclusiveGateway": (50, 50),
    "boundaryEvent": (36, 36),
    "startEvent": (36, 36),
    "endEvent": (36, 36),
}
LEFT, HEAD, COLUMN, ROW, MARGIN = 160, 30, 190, 110, 40


@dataclass(frozen=True)
class Node:
    """A part to be placed. `group`: what shares its column; `beside`: right of it; `on`: on the edge of that one."""

    ident: str
    kind: str
    title: str
    lane: str
    group: str
    beside: bool = False
    on: str = ""
    event: str = ""
    says: str = ""
    number: int = 0


@dataclass(frozen=True)
class Plan:
    """Bounds of pool, lanes and nodes, and the points of each way in the order of the flows."""

    pool: Bounds
    lanes: dict[str, Bounds]
    bounds: dict[str, Bounds]
    ways: tuple[tuple[Point, ...], ...]


def laid_out(nodes: Sequence[Node], flows: Sequence[tuple[str, str, str]]) -> Plan:
    """Places everything. Boundary events stand on the lower edge of their task."""
    cells = _cells(nodes)
    lanes = _lanes(nodes, cells)
    width = LEFT + COLUMN * (1 + max(column for column, _ in cells.values()))
    bounds = {node.ident: _place(node, cells[node.ident], lanes[node.lane][1]) for node in nodes if not node.on}
    bounds |= {node.ident: _on_edge(node, bounds[node.on]) for node in nodes if node.on}
    placed = {title: (HEAD, top, width - HEAD, height) for title, (_, top, height) in lanes.items()}
    high = sum(height for _, _, height in lanes.values())
    ways = tuple(
        _way(bounds[source], bounds[target], number, on_edge=source.startswith("edge"))
        for number, (source, target, _) in enumerate(flows)
    )
    return Plan((0, 0, width, high), placed, {node.ident: bounds[node.ident] for node in nodes}, ways)


def _cells(nodes: Sequence[Node]) -> dict[str, tuple[int, int]]:
    """Column and row: starts first, each stage with its choice in a column and row of its own, turns and ends last."""
    tasks = [node for node in nodes if node.kind == "userTask"]
    columns = {node.group: 2 + 2 * number for number, node in enumerate(tasks)}
    rows = {node.group: [each.group for each in tasks if each.lane == node.lane].index(node.group) for node in tasks}
    last = 2 + 2 * len(tasks)
    taken = {last: sum(node.kind == "startEvent" for node in nodes)}  # below the starts: their ways pass above
    cells: dict[str, tuple[int, int]] = {}
    for node in nodes:
        if node.on:
            continue
        if node.group in columns:
            cells[node.ident] = (columns[node.group] + node.beside, rows[node.group])
            continue
        column = 1 if node.beside else {"startEvent": 0, "endEvent": last + 1}.get(node.kind, last)
        cells[node.ident] = (column, taken.get(column, 0))
        taken[column] = taken.get(column, 0) + 1
    return cells


def _lanes(nodes: Sequence[Node], cells: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int, int]]:
    """Lane -> its number, top and height, in the order in which lanes come up."""
    rows: dict[str, int] = {}
    for node in nodes:
        if not node.on:
            rows[node.lane] = max(rows.get(node.lane, 0), 1 + cells[node.ident][1])
    lanes, top = {}, 0
    for number, (title, count) in enumerate(rows.items()):
        height = count * ROW + MARGIN
        lanes[title] = (number, top, height)
        top += height
    return lanes


def _place(node: Node, cell: tuple[int, int], top: int) -> Bounds:
    wide, high = SIZES[node.kind]
    x = LEFT + cell[0] * COLUMN - wide // 2
    return (x, top + MARGIN // 2 + cell[1] * ROW + (ROW - high) // 2, wide, high)


def _on_edge(node: Node, task: Bounds) -> Bounds:
    wide, high = SIZES[node.kind]
    x, y, _, height = task
    return (x + 12 + node.number * (wide + 6), y + height - high // 2, wide, high)


def _way(source: Bounds, target: Bounds, number: int, *, on_edge: bool) -> tuple[Point, ...]:
    """Out at the right (an edge event: below), in at the left; each way turns in a channel of its own."""
    end = (target[0], target[1] + target[3] // 2)
    if on_edge:
        start = (source[0] + source[2] // 2, source[1] + source[3])
        below = start[1] + 3 + number % 3 * 3
        turn = target[0] - 14 - number % 5 * 6
        return (start, (start[0], below), (turn, below), (turn, end[1]), end)
    start = (source[0] + source[2], source[1] + source[3] // 2)
    if end[0] > start[0]:
        turn = end[0] - 14 - number % 5 * 6
        return (start, (turn, start[1]), (turn, end[1]), end) if start[1] != end[1] else (start, end)
    out, back = start[0] + 10 + number % 5 * 6, end[0] - 14 - number % 5 * 6
    between = max(start[1], end[1]) - ROW // 2 + 4 + number % 3 * 4
    return (start, (out, start[1]), (out, between), (back, between), (back, end[1]), end)
