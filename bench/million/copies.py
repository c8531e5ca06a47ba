"""Matters that stand in a store, multiplied: each copy under a code and numbers of its own, sealed under a key of its
own, its lines chained anew, as rows for COPY. What the writing function once made of the pattern is kept as it is.

A copy of what has ended may lie whole weeks earlier, so that a few weeks make a year. Limits: patterns have no files,
no blind marks, and name no other matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import psycopg
from psycopg import sql

from minqing.kernel.matters.bodies import name_of
from minqing.kernel.matters.masked import TEXT, TITLE
from minqing.registers.vault.sealing import new_key, seal, unseal, unwrap

#: Table -> the column by which its rows hang on a matter: its number, its code, or (fired rungs) a duty.
TABLES = {
    "matters_matter": "id", "ledger_line": "subject", "matters_duty": "matter_id", "matters_fired": "duty_id",
    "matters_search": "matter_id", "vault_key": "subject", "vault_value": "subject",
}  # fmt: skip
_CODE = re.compile("[2-9A-HJ-NP-TW-Z]{4}-[2-9A-HJ-NP-TW-Z]{4}")
_HASH = re.compile("[0-9a-f]{64}")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d+)?\+\d\d(:\d\d)?")
_NUMBER = re.compile('"external_id":"[0-9]+"')
Row = list[str]


@dataclass
class Pattern:
    """The rows of one matter by table, as COPY writes them; its words by the name they are sealed under."""

    code: str
    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})
    words: dict[str, str] = field(default_factory=dict)
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class Columns:
    """The columns of each table in their order, and where one stands."""

    names: Mapping[str, Sequence[str]]

    def at(self, table: str, name: str) -> int:
        return list(self.names[table]).index(name)


def columns_of(owner: psycopg.Connection) -> Columns:
    """As the database has them."""
    found: dict[str, list[str]] = {table: [] for table in TABLES}
    rows = owner.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
        " and table_name = any(%s) order by table_name, ordinal_position",
        [list(TABLES)],
    )
    for table, name in rows:
        found[table].append(name)
    return Columns(found)


def patterns_of(owner: psycopg.Connection, columns: Columns, *, running: bool, many: int) -> list[Pattern]:
    """Matters that stand here, still open or ended, that can be multiplied."""
    owner.execute(
        "create temporary table chosen on commit drop as select id, code from matters_matter where open = %s limit %s",
        [running, many],
    )
    owner.execute("create temporary table owed on commit drop as select id from matters_duty d join chosen c"
                  " on c.id = d.matter_id".replace("select id", "select d.id, c.code"))  # fmt: skip
    found: dict[str, Pattern] = {}
    for table, key in TABLES.items():
        for code, row in _rows(owner, columns, table, key):
            found.setdefault(code, Pattern(code)).rows[table].append(row)
    kept = [pattern for pattern in found.values() if _alone(pattern)]
    for pattern in kept:
        _open(pattern, columns)
    return kept


def _rows(owner: psycopg.Connection, columns: Columns, table: str, key: str) -> Iterator[tuple[str, Row]]:
    of = {"matter_id": "c.id = t.{}", "id": "c.id = t.{}", "duty_id": "c.id = t.{}"}.get(key)
    on = of or ("c.id = t.{} and t.stream = 1" if table == "ledger_line" else "c.code = t.{}")
    chosen = sql.Identifier("owed" if key == "duty_id" else "chosen")
    order = sql.SQL(" order by c.code, t.seq" if table == "ledger_line" else " order by c.code")
    query = sql.SQL("copy (select c.code, t.* from {} t join {} c on " + on + "{}) to stdout").format(
        sql.Identifier(table), chosen, sql.Identifier(key), order
    )
    with owner.cursor().copy(query) as out:
        left = b""
        for block in out:
            *lines, left = (left + bytes(block)).split(b"\n")
            for line in lines:
                code, *row = line.decode().split("\t")
                yield code, row


def _alone(pattern: Pattern) -> bool:
    """Whether it names no other matter."""
    told = "\n".join("\t".join(row) for table in ("matters_matter", "ledger_line") for row in pattern.rows[table])
    return set(_CODE.findall(told)) == {pattern.code} and bool(pattern.rows["vault_key"])


def _open(pattern: Pattern, columns: Columns) -> None:
    """Its words in the clear: a copy seals them again."""
    ((_, master, wrapped),) = (
        [row[columns.at("vault_key", name)] for name in ("subject", "master", "wrapped")]
        for row in pattern.rows["vault_key"]
    )
    key = unwrap(pattern.code, int(master), _bytes(wrapped))
    at = {name: columns.at("vault_value", name) for name in ("name", "sealed")}
    for row in pattern.rows["vault_value"]:
        pattern.words[row[at["name"]]] = unseal(key, row[at["name"]], _bytes(row[at["sealed"]])).decode()
    (matter,) = pattern.rows["matters_matter"]
    title, text = (_bytes(matter[columns.at("matters_matter", name)]) for name in ("title_masked", "text_masked"))
    pattern.title, pattern.text = unseal(key, TITLE, title).decode(), unseal(key, TEXT, text).decode()


def _bytes(told: str) -> bytes:
    return bytes.fromhex(told.removeprefix("\\\\x"))


def _hex(value: bytes) -> str:
    return "\\\\x" + value.hex()


def can_lie_earlier(pattern: Pattern) -> bool:
    """Whether all its moments are written as such: tries of calling count days, which nobody would find here."""
    return not any('"tries"' in cell for row in pattern.rows["matters_matter"] for cell in row)


def earlier(pattern: Pattern, weeks: int) -> Pattern:
    """The same so many weeks before."""
    if not weeks:
        return pattern
    span = timedelta(weeks=weeks)

    def moved(found: re.Match[str]) -> str:
        was = datetime.fromisoformat(found[0] if found[3] else found[0] + ":00")
        return (was - span).isoformat(found[1], timespec="microseconds")

    rows = {
        table: [[_MOMENT.sub(moved, cell) for cell in row] for row in rows]
        for table, rows in pattern.rows.items()
        if table not in ("matters_search", "vault_key")
    }
    return Pattern(pattern.code, pattern.rows | rows, pattern.words, pattern.title, pattern.text)


class Copier:
    """Makes copies of one pattern: the rows of each table are one text with slots, filled anew for each copy."""

    def __init__(self, pattern: Pattern, columns: Columns) -> None:
        self._pattern, self._columns = pattern, columns
        hashes = {name.removesuffix(".title") for name in pattern.words if _HASH.match(name)}
        self._names = {name: f"n{place}" for place, name in enumerate(sorted(hashes))}
        duties = [row[columns.at("matters_duty", "id")] for row in pattern.rows["matters_duty"]]
        self.duties = len(duties)
        self._lines = [self._line(row) for row in pattern.rows["ledger_line"]]
        self._sealed = [row[columns.at("vault_value", "name")] for row in pattern.rows["vault_value"]]
        slots: dict[str, list[dict[str, str]]] = {
            "matters_matter": [{"id": "%(id)s", "head": "%(head)s", "external_id": "%(id)s",
                                "title_masked": "%(title)s", "text_masked": "%(text)s"}],
            "ledger_line": [{"subject": "%(id)s", "hash": f"%(h{place})s"} for place in range(len(self._lines))],
            "matters_duty": [{"id": f"%(d{place})s", "matter_id": "%(id)s"} for place in range(len(duties))],
            "matters_fired": [
                {"duty_id": f"%(d{duties.index(row[columns.at('matters_fired', 'duty_id')])})s"}
                for row in pattern.rows["matters_fired"]
            ],
            "matters_search": [{"matter_id": "%(id)s"}],
            "vault_key": [{"master": "%(master)s", "wrapped": "%(wrapped)s"}],
            "vault_value": [{"sealed": f"%(s{place})s"} for place in range(len(self._sealed))],
        }  # fmt: skip
        self._told = {
            table: "".join(self._template(table, row, cells) for row, cells in zip(rows, slots[table], strict=True))
            for table, rows in pattern.rows.items()
        }

    def _template(self, table: str, row: Row, slots: Mapping[str, str]) -> str:
        cells = [
            slots[name] if name in slots else self._slotted(cell)
            for name, cell in zip(self._columns.names[table], row, strict=True)
        ]
        return "\t".join(cells) + "\n"

    def _slotted(self, told: str) -> str:
        """The text with slots where its own code, number and names of words stood."""
        told = told.replace("%", "%%").replace(self._pattern.code, "%(code)s")
        for name, slot in self._names.items():
            told = told.replace(name, f"%({slot})s")
        return _NUMBER.sub('"external_id":"%(id)s"', told)

    def _line(self, row: Row) -> tuple[str, str]:
        """What stands behind the code in its canonical form, with slots."""
        at = {name: self._columns.at("ledger_line", name) for name in self._columns.names["ledger_line"]}
        seq, happened, recorded, kind, actor, data = (
            row[at[name]] for name in ("seq", "happened", "recorded", "kind", "actor", "data")
        )
        told = f"%(code)s|{seq}|{_micros(happened)}|{_micros(recorded)}|{kind}|{actor}|{self._slotted(_plain(data))}"
        return f"h{int(seq) - 1}", told

    def copy(self, code: str, matter: int, duty: int) -> dict[str, str]:
        """One more, under that code and number, its duties numbered from `duty` on: the rows of each table."""
        pattern, words = self._pattern, self._pattern.words
        key = new_key(code)
        told = {"code": code, "id": str(matter), "master": str(key.master), "wrapped": _hex(key.wrapped)}
        for name, slot in self._names.items():
            title = words.get(f"{name}.title")
            told[slot] = name_of(code, words[name]) if title is None else name_of(code, title, words[name])
        for place in range(self.duties):
            told[f"d{place}"] = str(duty + place)
        for place, name in enumerate(self._sealed):
            plain = name.removesuffix(".title")
            named = self._names.get(plain)
            new = name if named is None else told[named] + (".title" if plain != name else "")
            told[f"s{place}"] = _hex(seal(key, new, words[name]))
        told["title"], told["text"] = _hex(seal(key, TITLE, pattern.title)), _hex(seal(key, TEXT, pattern.text))
        prev = sha256(f"matter|{code}".encode()).digest()
        for slot, line in self._lines:
            prev = sha256(prev + (line % told).encode()).digest()
            told[slot] = _hex(prev)
        told["head"] = _hex(prev)
        return {table: template % told for table, template in self._told.items()}


def _plain(told: str) -> str:
    return told.replace("\\\\", "\\")


def _micros(told: str) -> int:
    was = datetime.fromisoformat(told if told[-3] == ":" else told + ":00")
    return int((was - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
