"""A mapping file: which columns of a table are what, and which words of it are which place or category.

It is a definition file (YAML, every value a text), so a wrong key or name is told with file, line and the right word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from minqing.base.definitions import Keys, Node, Reading, nearest, read_file, read_text, shown
from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.registers.regions.rules import parse_code

#: Beside the code, and where the program was started; the first stands before the second.
_FOLDERS = (Path(__file__).resolve().parents[4] / "maps", Path("maps"))

_TOP = ("source", "channel", "zone", "columns", "places", "categories")
_COLUMNS = ("external_id", "title", "text", "happened", "due", "people")
_TABLE = ("in", "table")


@dataclass(frozen=True)
class Words:
    """Words looked for in some columns, and what each stands for; the longest word wins, columns in their order."""

    columns: tuple[str, ...] = ()
    table: Mapping[str, str] = field(default_factory=dict)

    def find(self, cells: Mapping[str, str]) -> str:
        """What the first word found stands for; '' where none is."""
        for column in self.columns:
            text = cells.get(column, "")
            found = [word for word in self.table if word in text]
            if found:
                return self.table[max(found, key=lambda word: (len(word), -text.index(word)))]
        return ""


@dataclass(frozen=True)
class Map:
    """Columns by their meaning. `source` names the sending system: with the outside number it makes a row known."""

    source: str
    channel: str
    external_id: str
    title: tuple[str, ...]
    text: tuple[str, ...]
    happened: str = ""
    due: str = ""
    people: str = ""
    zone: dt.tzinfo = CHINA
    places: Words = Words()
    categories: Words = Words()

    def check_columns(self, columns: Collection[str]) -> None:
        """Raises BadInput for a column that the table does not have."""
        wanted = (
            self.external_id, *self.title, *self.text, self.happened, self.due, self.people,
            *self.places.columns, *self.categories.columns,
        )  # fmt: skip
        for name in wanted:
            if name and name not in columns:
                there = "、".join(name for name in columns if name)
                raise BadInput(
                    f"表里没有“{name}”这一列，只有：{there}。请改对照文件或表头（the table has no column “{name}”."
                    f"{nearest(name, columns)} It has: {there}）"
                )


def read_map(path: Path) -> Map:
    """Reads a mapping file; raises DefinitionErrors with all complaints."""
    top, _text = read_file(path)
    return _map_of(top, str(path))


def house_maps() -> dict[str, Path]:
    """The mapping files that come with the house, by name; none where it was installed without its checkout and not
    started in a folder that has `maps`."""
    found = {path.name: path for folder in reversed(_FOLDERS) for path in folder.glob("*.yaml")}
    return dict(sorted(found.items()))


def map_of_text(text: str, name: str) -> Map:
    """The same of a text that is held in memory, called `name` in complaints."""
    return _map_of(read_text(text, name), name)


def _map_of(top: Keys, name: str) -> Map:
    reading = Reading(name)
    reading.known_keys(top, "the mapping", _TOP, required=("source", "columns"))
    columns = reading.mapping(top.get("columns"), "columns")
    reading.known_keys(columns, "columns", _COLUMNS, required=("external_id", "text"))

    def column(key: str) -> str:
        return reading.text(columns.get(key), key) if columns.get(key) else ""

    found = Map(
        source=reading.text(top.get("source"), "source"),
        channel=reading.text(top.get("channel"), "channel") if top.get("channel") else "import",
        external_id=column("external_id"),
        title=reading.texts(columns.get("title"), "title") if columns.get("title") else (),
        text=reading.texts(columns.get("text"), "text"),
        happened=column("happened"),
        due=column("due"),
        people=column("people"),
        zone=_zone(reading, top.get("zone")),
        places=_words(reading, top.get("places"), "places", is_place=True),
        categories=_words(reading, top.get("categories"), "categories", is_place=False),
    )
    reading.stop_if_bad()
    return found


def _zone(reading: Reading, node: Node | None) -> dt.tzinfo:
    if node is None:
        return CHINA
    name = reading.text(node, "zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zh = f"没有叫“{name}”的时区：请写成 Asia/Shanghai 这样"
        reading.complain(node, f'no time zone is called "{name}": write it like Asia/Shanghai', zh)
        return CHINA


def _words(reading: Reading, node: Node | None, what: str, *, is_place: bool) -> Words:
    if node is None:
        return Words()
    block: Keys = reading.mapping(node, what)
    reading.known_keys(block, what, _TABLE, required=_TABLE)
    rows = reading.mapping(block.get("table"), f"table of {what}")
    table = {}
    for word, value in rows.entries.items():
        meaning = reading.text(value, f"{what} of {word}")
        if is_place and meaning:
            try:
                parse_code(meaning)
            except BadInput:
                text = f'"{shown(meaning)}" is no code of a place: it has 2, 4, 6, 9, 12 or 15 digits, such as 330727'
                zh = f"“{shown(meaning)}”不是区划代码：应为 2、4、6、9、12 或 15 位数字，例如 330727"
                reading.complain(value, text, zh)
        table[word] = meaning
    return Words(reading.texts(block.get("in"), f"in of {what}"), table)
