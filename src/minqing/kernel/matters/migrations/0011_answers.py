"""What reporters answered to a call-back binds whoever makes it: old rows learn it from their own journal."""

from django.db import migrations

from minqing.base.errors import BadInput
from minqing.kernel.matters.codec import dumps, event_from_json
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.rows import matter_row

AT_ONCE = 1_000
#: An answer is a note of the reporter's that says `to`; no other note does.
ANSWERED = """
select m.id from matters_matter m where m.id > %s and exists (
    select from ledger_line l where l.stream = 1 and l.subject = m.id and l.kind = 'Acted'
    and l.data::jsonb @> '{"verb": "note", "role": "reporter"}' and l.data::jsonb ? 'to')
order by m.id limit %s"""


def project_answers(apps, editor) -> None:
    """Replays the matters that have an answer; the others have nothing to learn."""
    low = 0
    with editor.connection.cursor() as cursor:
        while ids := _next(cursor, low):
            low = ids[-1]
            for number in ids:
                _project(cursor, number)


def _next(cursor, low):
    cursor.execute(ANSWERED, [low, AT_ONCE])
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


class Migration(migrations.Migration):
    dependencies = (("matters", "0010_call_backs"),)
    operations = (migrations.RunPython(project_answers),)
