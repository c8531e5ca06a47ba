"""Functions of the database that the application's role may call: each has its row here, and keeps to it.

row security: runs as who calls it, sees what they see, or only computes. The others run as the owner: house (refuses
every other scope), scope (answers what the scope of the transaction sees), proof (answers only who knows what cannot
be guessed: the hash of a token, the head of a matter, a key; or counts and tells nobody anything), journal (writes
lines that are chained, checked and never changed).
"""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from minqing.registers.accounts.rules import NOTHING, Scope
from minqing.registers.accounts.scoping import seen_by

COUNTY = Scope(areas=((0, 10**15),), sensitivity=9, units=(1,), access=True)
KEPT = {
    "row security": """
        accounts_besides accounts_seat ledger_body ledger_chain ledger_floor ledger_genesis ledger_micros ledger_step
        matters_area_marks matters_lines matters_look matters_outbox_guard matters_read matters_sight vault_house
        vault_named""",
    "house": """
        accounts_token_issue accounts_token_revoke accounts_tokens matters_codes matters_forget_requests
        matters_forget_words matters_outbox_again matters_outbox_done matters_outbox_revive matters_outbox_take
        matters_publish matters_shift_clock matters_take_due vault_bar_masters vault_erase vault_keep
        vault_masters_hold vault_retain vault_rewrap""",
    "scope": "matters_find",
    "proof": "accounts_token matters_keys matters_knock matters_requested matters_shut",
    "journal": "ledger_append ledger_seal matters_append",
}
ROWS = {name: how for how, names in KEPT.items() for name in names.split()}
HOUSE_ONLY = [name for name, how in ROWS.items() if how == "house"]
#: Calls that the application's role may make; a trigger is no call, and the jobs of procrastinate know no matter.
CALLABLE = """
select p.proname, p.prosecdef, coalesce(array_to_string(p.proconfig, ' '), ''),
       array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as a(t, n) order by n)
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.prorettype <> 'trigger'::regtype
  and has_function_privilege(p.oid, 'execute') and p.proname not like 'procrastinate%%'"""

pytestmark = pytest.mark.django_db


def _callable() -> list[tuple[str, bool, str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(CALLABLE)
        return [tuple(row) for row in cursor.fetchall()]


def test_every_function_that_the_application_may_call_has_its_row() -> None:
    found = {name for name, *_ in _callable()}
    assert (found - set(ROWS), set(ROWS) - found) == (set(), set())


def test_only_those_that_are_kept_otherwise_run_as_the_owner() -> None:
    """Whoever runs as the owner passes row security; and finds tables where the owner's path says, not the caller's."""
    for name, definer, settings, _ in _callable():
        if definer:
            assert ROWS[name] != "row security", name
            assert "search_path=public, pg_temp" in settings, name


@pytest.mark.parametrize("name", HOUSE_ONLY)
def test_what_is_of_the_house_refuses_every_other_scope(name: str) -> None:
    called = [types for other, _, _, types in _callable() if other == name]
    for scope in (None, NOTHING, COUNTY):
        for types in called:
            asked = ", ".join(f"null::{one}" for one in types)
            with pytest.raises(DatabaseError, match="house"), transaction.atomic(), connection.cursor() as cursor:
                if scope is None:
                    cursor.execute(f"select * from {name}({asked})")
                with seen_by(scope or NOTHING):
                    cursor.execute(f"select * from {name}({asked})")


def test_what_answers_a_scope_or_a_proof_answers_nobody_without_one() -> None:
    for name, _, _, types in _callable():
        if ROWS.get(name) not in ("scope", "proof"):
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select * from {name}({', '.join(f'null::{one}' for one in types)})")
            assert cursor.fetchall() in ([], [(False,)], [(None,)]), name
