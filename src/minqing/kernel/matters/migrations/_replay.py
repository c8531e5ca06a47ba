"""Old rows learn from their own journal what a matter has come to remember since: replayed, a thousand at a time."""

from __future__ import annotations

from minqing.base.errors import BadInput
from minqing.kernel.matters.codec import dumps, event_from_json
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.rows import matter_row

AT_ONCE = 1_000


def replay_those(editor, having: str, params: tuple = ()) -> None:
    """Replays each matter `m` of which a line `l` of its journal fulfils `having`; the others have nothing to learn."""
    low = 0
    with editor.connection.cursor() as cursor:
        while ids := _next(cursor, having, params, low):
            low = ids[-1]
            for number in ids:
                _project(cursor, number)


def _next(cursor, having, params, low):
    cursor.execute(
        "select m.id from matters_matter m where m.id > %s and exists (select from ledger_line l"
        f" where l.stream = 1 and l.subject = m.id and {having}) order by m.id limit %s",
        [low, *params, AT_ONCE],
    )
    return [row[0] for row in cursor.fetchall()]


def _project(cursor, number) -> None:
    cursor.execute("select kind, data::text from ledger_line where stream = 1 and subject = %s order by seq", [number])
    try:
        made = replay(event_from_json(kind, data) for kind, data in cursor.fetchall())
    except (BadInput, ValueError, LookupError):
        return  # a broken journal stops no upgrade: `journal verify` and `rebuild --compare` tell of it
    state = dumps(matter_row(made)["state"])
    cursor.execute(
        "update matters_matter set state = %s::jsonb where id = %s and state is distinct from %s::jsonb",
        [state, number, state],
    )
