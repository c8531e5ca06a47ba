"""Messages of residents from a table become matters: read, classified, masked, triaged, routed as far as the row says.

Running it again adds nothing: the outside number makes a row known. With `replay` each concern came in at its own
time; matters do not touch each other, so their order among themselves changes nothing. No grid is invented: a row
whose place is not known goes to the county's desk, which asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from minqing.base.errors import BadInput
from minqing.doors.exchange.mapping import Map
from minqing.doors.exchange.tables import Fault, Row, Table, read_table
from minqing.doors.exchange.times import read_moment
from minqing.kernel.matters.actions import Answer, Concern, report
from minqing.kernel.matters.reporting import foresee
from minqing.kernel.methods.model import Method
from minqing.registers.regions.queries import known_places
from minqing.registers.regions.rules import Region, code_of, parse_code

AT_ONCE = 500  # concerns a transaction
MOST_PEOPLE = 1_000_000
_NUMBER = "the outside number"


@dataclass(frozen=True)
class Tried:
    """A row that was read: the concern it is, and what would become of it."""

    line: int
    concern: Concern
    answer: Answer


Progress = Callable[[int], None]
Repeats = Callable[[Sequence[str], Sequence[Region]], Sequence[tuple[tuple[int, ...], tuple[int, ...], str]]]


@dataclass(frozen=True)
class Outcome:
    """What became of one row: 'new' with its code, 'known' with the code it has, or 'refused' with the reason."""

    line: int
    outcome: str
    code: str = ""
    why: str = ""


@dataclass
class Imported:
    """What became of a file, row by row, and what a clerk should look at."""

    read_as: str
    rows: list[Outcome] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    repeats: list[tuple[tuple[int, ...], str]] = field(default_factory=list)  # lines, why
    without_place: int = 0
    replaced: int = 0

    def count(self, outcome: str) -> int:
        """How many rows ended so."""
        return sum(row.outcome == outcome for row in self.rows)


def import_messages(
    path: Path,
    mapping: Map,
    method: Method,
    county: Region,
    *,
    replay: bool = False,
    repeats: Repeats | None = None,
    progress: Progress | None = None,
    starting: Callable[[int], None] | None = None,
) -> Imported:
    """Reads the table and reports every row that can be taken; the others are told with their line and reason."""
    taken, done = _read(read_table(path), mapping, county, replay=replay)
    if replay:
        taken.sort(key=lambda pair: (pair[1].moment is None, pair[1].moment, pair[0].line))
    taken = _with_repeats(taken, county, repeats, done)
    if starting:
        starting(len(taken))
    for first in range(0, len(taken), AT_ONCE):
        some = taken[first : first + AT_ONCE]
        for (row, _), answer in zip(some, report([concern for _, concern in some], method), strict=True):
            _note(done, row.line, answer)
        if progress:
            progress(len(some))
    done.rows.sort(key=lambda row: row.line)
    return done


def try_messages(table: Table, mapping: Map, method: Method, county: Region) -> tuple[Imported, list[Tried]]:
    """What would become of each row, by the same reading, triage and refusals; nothing is written or kept. A row that
    is on record already is 'known'."""
    taken, done = _read(table, mapping, county, replay=False)
    tried = []
    for (row, concern), answer in zip(taken, foresee([one for _, one in taken], method), strict=True):
        _note(done, row.line, answer)
        tried.append(Tried(row.line, concern, answer))
    done.rows.sort(key=lambda row: row.line)
    return done, tried


def _read(table: Table, mapping: Map, county: Region, *, replay: bool) -> tuple[list[tuple[Row, Concern]], Imported]:
    """The concerns of a table by its mapping, and what of it cannot be taken."""
    mapping.check_columns(table.columns)
    done = Imported(table.read_as, [_refused(fault) for fault in table.faults])
    taken: list[tuple[Row, Concern]] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        made = _concern(row, mapping, county, seen)
        if isinstance(made, Fault):
            done.rows.append(_refused(made))
        else:
            taken.append((row, made if replay else replace(made, moment=None)))
    return _placed(taken, county, done), done


def _refused(fault: Fault) -> Outcome:
    return Outcome(fault.line, "refused", why=fault.why)


def _note(done: Imported, line: int, answer: Answer) -> None:
    done.replaced += answer.replaced
    if answer.outcome == "refused":
        done.rows.append(Outcome(line, "refused", why=str(answer.why)))
        return
    done.answers[line] = answer
    done.rows.append(Outcome(line, "new" if answer.outcome == "written" else "known", answer.code))


def _concern(row: Row, mapping: Map, county: Region, seen: dict[str, int]) -> Concern | Fault:
    """The concern of a row, or what is wrong with it."""
    number = row.cells[mapping.external_id]
    title = " ".join(filter(None, (row.cells[name] for name in mapping.title)))
    text = "\n".join(filter(None, (row.cells[name] for name in mapping.text)))
    if not number:
        why = f"“{mapping.external_id}”是空的：没有编号，下次导入认不出这一行"
        return Fault(row.line, f"{why}（{_NUMBER} is empty: the row could not be known again）")
    if number in seen:
        return Fault(
            row.line,
            f"“{mapping.external_id}”和第 {seen[number]} 行相同（{_NUMBER} stands in row {seen[number]} already）",
        )
    if not title and not text:
        return Fault(row.line, "没有内容：标题和正文都是空的（says nothing: title and text are empty）")
    try:
        happened = _moment(row, mapping.happened, mapping)
        due = _moment(row, mapping.due, mapping)
        people = _people(row.cells.get(mapping.people, ""))
    except BadInput as fault:
        return Fault(row.line, str(fault))
    seen[number] = row.line
    word = mapping.places.find(row.cells)
    return Concern(
        place=parse_code(word) if word else county,
        channel=mapping.channel,
        title=title,
        text=text,
        category=mapping.categories.find(row.cells),
        people=people,
        source=mapping.source,
        external_id=number,
        external_due=due,
        moment=happened,
    )


def _moment(row: Row, column: str, mapping: Map) -> datetime | None:
    said = row.cells.get(column, "") if column else ""
    return read_moment(said, mapping.zone) if said else None


def _people(said: str) -> int:
    if not said:
        return 1
    if not said.isascii() or not said.isdigit() or not 1 <= int(said) <= MOST_PEOPLE:
        raise BadInput(
            f"人数“{said[:40]}”不对：请写 1 到 {MOST_PEOPLE:,} 的整数（no number of people from 1 to {MOST_PEOPLE:,}）"
        )
    return int(said)


def _placed(taken: list[tuple[Row, Concern]], county: Region, done: Imported) -> list[tuple[Row, Concern]]:
    """Refuses rows whose place is not on the register; counts those that name none."""
    known = known_places({concern.place for _, concern in taken} | {county})
    if county not in known:
        raise BadInput(
            f"名录里没有县 {code_of(county)}：请先载入（the county is not on the register: run `minqing init --county"
            " CODE` first）"
        )
    placed = []
    for row, concern in taken:
        if concern.place not in known:
            code = code_of(concern.place)
            why = f"名录里没有代码为 {code} 的地点：请改对照文件（place {code} is not on the register）"
            done.rows.append(Outcome(row.line, "refused", why=why))
            continue
        done.without_place += concern.place == county
        placed.append((row, concern))
    return placed


def _with_repeats(
    taken: list[tuple[Row, Concern]], county: Region, repeats: Repeats | None, done: Imported
) -> list[tuple[Row, Concern]]:
    """Notes on each concern how many differently worded ones alike came before it at its place; a person decides on
    merging. The same words again count once, so that nobody's insistence moves a matter (guard rail); where no place
    is known nothing is counted."""
    if repeats is None or not taken:
        return taken
    texts = [f"{concern.title}\n{concern.text}" for _, concern in taken]
    earlier: dict[int, int] = defaultdict(int)
    for members, same, why in repeats(texts, [concern.place for _, concern in taken]):
        done.repeats.append((tuple(taken[member][0].line for member in members), why))
        said: set[int] = set()
        for member, first in sorted(zip(members, same, strict=True)):
            if taken[member][1].place != county:
                earlier[member] = len(said - {first})
            said.add(first)
    return [
        (row, replace(concern, facts={"text.repeats": earlier[place]}) if earlier[place] else concern)
        for place, (row, concern) in enumerate(taken)
    ]
