"""Words leave the tables: what stood readable is sealed, batch by batch, and the pages that held it are given up."""

from pathlib import Path

from django.db import migrations

from minqing.kernel.matters import ports
from minqing.kernel.matters.keeping import kept
from minqing.registers.vault.sealing import new_key, seal, word_mark

AT_ONCE = 1_000


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


def seal_old_words(apps, editor) -> None:
    """Every matter gets its key; its words, masked copies and search marks follow from it."""
    low = 0
    with editor.connection.cursor() as cursor:
        while rows := _next(cursor, low):
            low = rows[-1][0]
            for number, code, opened, title, text in rows:
                _seal(cursor, number, code, opened, bytes(title), bytes(text))


def _next(cursor, low):
    cursor.execute(
        "select id, code, (opened at time zone 'Asia/Shanghai')::date, title_masked, text_masked"
        " from matters_matter where id > %s order by id limit %s",
        [low, AT_ONCE],
    )
    return cursor.fetchall()


def _seal(cursor, number, code, opened, title, text) -> None:
    key = new_key(code)
    cursor.execute("insert into vault_key values (%s, %s, %s)", [code, key.master, key.wrapped])
    cursor.execute("select hash, kind, text from matters_body where matter_id = %s", [number])
    for name, kind, said in cursor.fetchall():
        name, why = (f"{name}.title" if kind == "title" else name), kept(kind)
        cursor.execute(
            "insert into vault_value values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            [code, name, kind, seal(key, name, said), why.purpose, why.ground, why.ends(opened)],
        )
    if not title and not text:
        return
    cursor.execute(
        "update matters_matter set title_masked = %s, text_masked = %s where id = %s",
        [seal(key, "masked.title", title), seal(key, "masked.text", text), number],
    )
    marks = [word_mark(word) for word in ports.cut(f"{title.decode()}\n{text.decode()}")]
    cursor.execute(
        "insert into matters_search"
        " select id, array_to_tsvector(%s::text[]) || matters_area_marks(region, town, village)"
        " from matters_matter where id = %s",
        [sorted(set(marks)), number],
    )


class Migration(migrations.Migration):
    dependencies = (("matters", "0003_sight"), ("vault", "0001_initial"))
    operations = (
        migrations.RunSQL(_read("0004_tables.sql")),
        migrations.RunPython(seal_old_words),
        migrations.RunSQL(_read("0004_dropped.sql")),
        migrations.RunSQL(_read("0004_append.sql")),
    )
