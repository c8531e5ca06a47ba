"""Guard rail (d): every personal field has a purpose, a ground and an end date; without them nothing is kept."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.db import connection

from minqing.kernel.matters.filling import WORDS
from minqing.kernel.methods.loader import check_file, load_folder
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).parents[2] / "methods"
SEALED = {"vault_value": "'name', 'phone'", "vault_file": "'name', 'image/jpeg', 'photo', 3"}
NAMED = {"vault_value": "name, kind", "vault_file": "name, media, title, size"}


@pytest.mark.django_db
def test_the_tables_of_the_vault_refuse_a_value_without_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_name like 'vault%' and column_name in ('purpose', 'ground', 'ends') and is_nullable = 'NO'"
        )
        found = set(cursor.fetchall())
    assert found == {(table, column) for table in SEALED for column in ("purpose", "ground", "ends")}


@pytest.mark.django_db
def test_every_table_with_sealed_values_is_one_of_them() -> None:
    """A new table with a sealed column is to carry purpose, ground and end too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns where column_name = 'sealed' and table_schema = 'public'"
        )
        assert {table for (table,) in cursor.fetchall()} == set(SEALED)


@pytest.mark.parametrize("table", SEALED)
@pytest.mark.parametrize(
    "told",
    ["null, '履行法定职责', '2029-01-01'", "'', '履行法定职责', '2029-01-01'", "'回访', null, '2029-01-01'",
     "'回访', '', '2029-01-01'", "'回访', '履行法定职责', null"],
)  # fmt: skip
def test_not_even_the_owner_of_the_tables_stores_a_value_without_them(own_database, table: str, told: str) -> None:
    into = f"insert into {table} (subject, {NAMED[table]}, sealed, purpose, ground, ends)"
    with psycopg.connect(own_database.owner, autocommit=True) as owner:
        owner.execute(f"{into} values ('K7M2-9QX7', {SEALED[table]}, 'x', '回访', '履行法定职责', '2029-01-01')")
        with pytest.raises(psycopg.errors.IntegrityError):
            owner.execute(f"{into} values ('K7M2-9QX8', {SEALED[table]}, 'x', {told})")


@pytest.mark.parametrize("path", sorted(METHODS.glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("key", ["personal", "ground", "keep"])
def test_a_method_file_with_a_personal_field_that_lacks_one_of_them_is_refused(
    path: Path, key: str, tmp_path: Path
) -> None:
    text = path.read_text("utf-8")
    field = "  visitor: {is: 来访人, type: person, personal: 回访, ground: 本人同意, keep: 2y}\n"
    changed = tmp_path / path.name
    changed.write_text(text.replace("form:\n", "form:\n" + field, 1), "utf-8")
    before = {complaint.text for complaint in check_file(changed, VOCABULARY)}
    lacking = ", ".join(part for part in field.strip(" \n").removesuffix("}").split(", ") if not part.startswith(key))
    changed.write_text(text.replace("form:\n", f"form:\n  {lacking}}}\n", 1), "utf-8")
    after = {complaint.text for complaint in check_file(changed, VOCABULARY)}
    assert any("is personal" in complaint for complaint in after - before), after


def test_no_personal_field_of_a_method_stands_in_a_journal_line() -> None:
    """What is personal is sealed: a form field of such a type is never a plain value of an event."""
    personal = {
        field.type for method in load_folder(METHODS, VOCABULARY).values() for field in method.form.values()
        if field.personal
    }  # fmt: skip
    assert personal <= set(WORDS)
