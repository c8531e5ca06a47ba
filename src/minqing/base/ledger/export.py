"""The ledger as JSON lines: each with its code, so that the chain can be checked from the file alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from django.db import connection

from minqing.base.ledger.sight import whole_ledger
from minqing.base.ledger.streams import Stream

AT_ONCE = 5_000  # subjects read in one statement

_LINES = """
select h.code, l.seq, ledger_micros(l.happened), ledger_micros(l.recorded), l.kind, l.actor, l.data::text,
       encode(l.hash, 'hex')
from ledger_line l join ({heads}) h using (subject)
where l.stream = {number} and l.subject >= %s and l.subject < %s order by l.subject, l.seq
"""


def export_lines(streams: Sequence[Stream]) -> Iterator[str]:
    """Every line of these streams as a JSON object; moments are microseconds since 1970, `data` keeps its bytes."""
    for stream in streams:
        with whole_ledger(), connection.cursor() as cursor:
            cursor.execute("select max(subject) from ledger_line where stream = %s", [stream.number])
            last = cursor.fetchone()[0]
        for low in range(0, (last or -1) + 1, AT_ONCE):
            yield from _some(stream, low)


def _some(stream: Stream, low: int) -> Iterator[str]:
    with whole_ledger(), connection.cursor() as cursor:
        cursor.execute(_LINES.format(heads=stream.heads, number=stream.number), [low, low + AT_ONCE])
        rows = cursor.fetchall()
    for code, seq, happened, recorded, kind, actor, data, head in rows:
        named = json.dumps(code, ensure_ascii=False)
        yield (
            f'{{"stream":"{stream.name}","code":{named},"seq":{seq},"happened":{happened},"recorded":{recorded},'
            f'"kind":"{kind}","actor":{actor},"hash":"{head}","data":{data}}}'
        )
