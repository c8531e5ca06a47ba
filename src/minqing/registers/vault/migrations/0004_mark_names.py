"""A mark says which value it was made of and goes with it; old ones learn it from the values, or go if none is left."""

import re
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.db import migrations

from minqing.registers.vault.sealing import blind, unseal, unwrap

AT_ONCE = 1_000
KINDS = ("name", "phone", "address", "id_number", "email")
BETWEEN = re.compile(r"[、,，;；\n]+")


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


def name_old_marks(apps, editor) -> None:
    """Subject by subject: what the values that stand make of marks, of those that were there."""
    after = ""
    with editor.connection.cursor() as cursor:
        while rows := _next(cursor, after):
            for subject, of_one in groupby(rows, itemgetter(0)):
                _name(cursor, subject, [row[1:] for row in of_one])
                after = subject


def _next(cursor, after):
    cursor.execute(
        "select m.subject, m.token, m.kind, k.master, k.wrapped from vault_mark m"
        " left join vault_key k using (subject) where m.subject = any (array("
        "select distinct subject from vault_mark where subject > %s order by 1 limit %s)) order by 1",
        [after, AT_ONCE],
    )
    return cursor.fetchall()


def _name(cursor, subject, marks) -> None:
    known = {(token, kind) for token, kind, _, _ in marks}
    master, wrapped = marks[0][2:]
    made = _made(cursor, unwrap(subject, master, bytes(wrapped))) if wrapped is not None else set()
    cursor.execute("delete from vault_mark where subject = %s", [subject])
    for token, kind, name in sorted(one for one in made if one[:2] in known):
        cursor.execute("insert into vault_mark values (%s, %s, %s, %s)", [token, kind, subject, name])


def _made(cursor, key):
    cursor.execute(
        "select name, sealed from vault_value where subject = %s and name ~ '^(reporter|form)[.]'", [key.subject]
    )
    return {
        (blind(kind, part), kind, name)
        for name, sealed in cursor.fetchall()
        for part in _parts(name, unseal(key, name, sealed).decode())
        for kind in KINDS
        if name.startswith("form.") or name == f"reporter.{kind}"
    }


def _parts(name: str, said: str):
    every = BETWEEN.split(said) if name.startswith("form.") else []
    return [said, *(part.strip() for part in every if part.strip())]


class Migration(migrations.Migration):
    dependencies = (("vault", "0003_named"),)
    operations = (
        migrations.RunSQL(_read("0004_mark_column.sql")),
        migrations.RunPython(name_old_marks),
        migrations.RunSQL(_read("0004_mark_names.sql")),
    )
