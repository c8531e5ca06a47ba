"""Checks everything: each line against its hash and the one before it, rows against their last line, days against
their signed roots. Window passes over ranges of subjects; what is wrong comes back as sentences.

A cut tail with a rewritten head shows only against a root: keep a copy of the roots folder elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from django.db import connection

from minqing.base.ledger.roots import Root, heads_of, roots_in_database, roots_on_file, signed, unsealed_days
from minqing.base.ledger.sight import whole_ledger
from minqing.base.ledger.streams import Stream

MOST = 1000  # faults written out; beyond, only counted
AT_ONCE = 20_000  # subjects in one pass: some 150,000 lines

_PASS = """
with head as materialized (select * from ({heads}) h where subject >= %s and subject < %s),
seen as (
    select l.subject, h.code, l.seq, l.kind, l.hash, h.position, h.head,
           lag(l.seq, 1, 0) over w as seq_before,
           lead(l.seq) over w is null as last,
           sha256(coalesce(lag(l.hash) over w, ledger_genesis({number}::smallint, h.code))
                  || ledger_body(h.code, l.seq, l.happened, l.recorded, l.kind, l.actor, l.data)) as reckoned,
           l.happened < lag(l.happened) over w or l.recorded < lag(l.recorded) over w as backwards
    from ledger_line l left join head h using (subject)
    where l.stream = {number} and l.subject >= %s and l.subject < %s
    window w as (partition by l.subject order by l.seq)
)
select count(*), count(distinct subject) filter (where code is not null), (select count(*) from head),
       coalesce(json_agg(json_build_array(subject, code, seq, kind, seq_before, hash is distinct from reckoned,
                                          case when last then position end, last and hash is distinct from head))
                filter (where code is null or seq <> seq_before + 1 or hash is distinct from reckoned or backwards
                        or last and (seq <> position or hash is distinct from head)), '[]')::text
from seen
"""
_ROWS_ONLY = """
select code from ({heads}) h where subject >= %s and subject < %s
and not exists (select from ledger_line l where l.stream = {number} and l.subject = h.subject)
"""
_LAST = """
select greatest((select max(subject) from ledger_line where stream = {number}),
                (select max(subject) from ({heads}) h))
"""


@dataclass(frozen=True)
class Fault:
    """`what`: altered, missing, backwards, stray, row, root."""

    what: str
    where: str
    seq: int
    sentence: str


@dataclass
class Findings:
    """What a verification saw. `unsealed` days with lines are over and without a root: a remark, no fault."""

    lines: int = 0
    subjects: int = 0
    days: int = 0
    unsealed: int = 0
    count: int = 0
    faults: list[Fault] = field(default_factory=list)

    def complain(self, what: str, where: str, seq: int, sentence: str) -> None:
        """One more fault."""
        self.count += 1
        if len(self.faults) < MOST:
            self.faults.append(Fault(what, where, seq, sentence))


Progress = Callable[[int], None]


def verify(streams: Sequence[Stream], home: Path, progress: Progress | None = None) -> Findings:
    """Everything. `progress` is told how many lines were just checked."""
    found = Findings()
    with whole_ledger():
        for stream in streams:
            _verify_stream(stream, found, progress or (lambda lines: None))
        _verify_roots(home, found)
        found.unsealed = len(unsealed_days())
    return found


def _verify_stream(stream: Stream, found: Findings, progress: Progress) -> None:
    told = {"heads": stream.heads, "number": stream.number}
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(**told))
        last = cursor.fetchone()[0]
        for low in range(0, (last or -1) + 1, AT_ONCE):
            part = [low, low + AT_ONCE]
            cursor.execute(_PASS.format(**told), part * 2)
            lines, subjects, rows, faults = cursor.fetchone()
            found.lines += lines
            found.subjects += subjects
            for fault in json.loads(faults):
                _tell(stream, found, *fault)
            if rows != subjects:
                cursor.execute(_ROWS_ONLY.format(**told), part)
                for (code,) in cursor.fetchall():
                    found.complain("missing", code, 1, f"{stream.subjects} {code}：有记录，日志却一行也没有。")
            progress(lines)


def _tell(
    stream: Stream,
    found: Findings,
    subject: int,
    code: str | None,
    seq: int,
    kind: str,
    before: int,
    altered: bool,
    position: int | None,
    other_head: bool,
) -> None:
    """The sentence for a faulty line: what was done to it, not all that follows from it."""
    if code is None:
        found.complain("stray", str(subject), seq, f"日志第 {seq} 行属于 {stream.subjects} {subject}，却没有它的记录。")
        return
    where = f"{stream.subjects} {code}"
    if seq != before + 1:
        gap = f"第 {before + 1} 行" if seq == before + 2 else f"第 {before + 1} 至 {seq - 1} 行"
        found.complain("missing", code, before + 1, f"{where}：日志{gap}不见了。")
    elif altered:
        found.complain("altered", code, seq, f"{where}：日志第 {seq} 行（{kind}）被改过或换了位置。")
    elif position is None:
        found.complain("backwards", code, seq, f"{where}：日志第 {seq} 行（{kind}）的时间早于前一行。")
    if position is not None and position > seq:
        found.complain("missing", code, seq + 1, f"{where}：记录写到第 {position} 行，日志只到第 {seq} 行。")
    elif position is not None and (position != seq or other_head):
        found.complain("row", code, seq, f"{where}：记录（第 {position} 行）与日志最后一行（第 {seq} 行）对不上。")


def _verify_roots(home: Path, found: Findings) -> None:
    filed, stored = roots_on_file(home), roots_in_database()
    for day in sorted(filed.keys() | stored.keys()):
        found.days += 1
        for sentence in _root_faults(home, filed.get(day), stored.get(day)):
            found.complain("root", day.isoformat(), 0, f"{day} 的日根：{sentence}")
    for (_, before), (day, after) in pairwise(sorted((filed or stored).items())):
        if after.told["previous"] != before.root:
            found.complain("root", day.isoformat(), 0, f"{day} 的日根：没有接着 {before.day} 的日根，中间有的不见了。")


def _root_faults(home: Path, filed: Root | None, stored: Root | None) -> list[str]:
    """What is wrong with one sealed day; the file counts more than the table."""
    faults = []
    if filed is None:
        faults.append("文件不见了，请从备份中找回。")
    elif stored is None:
        faults.append("数据库里没有这一天的日根，被删去了。")
    elif filed != stored:
        faults.append("文件与数据库里的不一样。")
    root = filed or stored
    assert root is not None  # the day comes from one of them
    if not signed(home, root):
        faults.append("签名不对。")
    subjects, tree = heads_of(root.day)
    if (subjects, tree) != (root.told["subjects"], root.told["merkle"]):
        sealed = root.told["subjects"]
        faults.append(f"封存时涉及 {sealed} 件，现在数出 {subjects} 件，内容不符：那天的日志在封存后被动过。")
    return faults
