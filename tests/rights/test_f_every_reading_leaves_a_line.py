"""Guard rail (f): every reading of a sealed field leaves a line, written before the value is seen."""

from __future__ import annotations

import ast
from pathlib import Path

import psycopg
import pytest
from ground import METHOD

from minqing.base.errors import MinqingError
from minqing.kernel.matters.actions import act, report
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.concerns import Concern, Contact
from minqing.kernel.matters.revealing import reveal, sealed_names
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.trial_staff import seat_trial_staff
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.queries import viewer_of
from minqing.wiring.vocabulary import VOCABULARY

SOURCE = Path(__file__).parents[2] / "src" / "minqing"
#: Who may call what opens a sealed value, and why no line is due there.
OPENERS = {
    "registers/vault/sealing.py": "opens one value under its key: the one place that does",
    "registers/vault/queries.py": "opens values for the callers named here",
    "registers/vault/copies.py": "a person's own copy: its lines stand first (test_erasure)",
    "kernel/matters/revealing.py": "the one way to a value: it writes the line",
    "kernel/matters/masked.py": "opens masked copies, which hold no personal value",
}
OPENING = {"unseal", "open_value", "open_file", "open_values"}


def test_nothing_but_the_one_way_opens_a_sealed_value() -> None:
    found = []
    for path in SOURCE.rglob("*.py"):
        inside = path.relative_to(SOURCE).as_posix()
        if "tests/" in inside or inside in OPENERS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name in OPENING:
                found.append(f"{inside}:{node.lineno} {name}")
    assert found == []


@pytest.fixture
def held(own_database, tmp_path):
    """A matter with everything sealed that can be, and somebody who holds it."""
    places = open_trial_county(tmp_path, towns=1, villages=1, grids=1)
    people = seat_trial_staff(places)
    method = load_method(METHOD, VOCABULARY)
    publish(method)
    contact = Contact(
        name="演示甲", phone="13900000001", address="演示路1号", id_number="330727199001010000", email="a@b.cn"
    )
    concern = Concern(place=places[0], channel="web", title="路灯不亮", text="村口路灯不亮", contact=contact)
    (answer,) = report([concern], method)
    worker = next(viewer_of(one.token) for one in people if viewer_of(one.token).unit == answer.matter.holder)
    act(answer.code, Command("note"), worker, words="去看过了")
    return own_database, answer.code, worker


def _lines(database, code: str) -> list[dict[str, object]]:
    with psycopg.connect(database.owner) as owner:
        rows = owner.execute(
            "select l.kind, l.actor, l.data from ledger_line l join ledger_subject s using (stream, subject)"
            " where l.stream = 2 and s.code = %s order by l.seq",
            [code],
        )
        return [{"kind": kind, "actor": actor, **data} for kind, actor, data in rows.fetchall()]


def test_each_sealed_field_opened_leaves_exactly_one_line(held) -> None:
    database, code, worker = held
    names = [one.name for one in sealed_names(worker, code)]
    assert {"reporter.name", "reporter.phone", "reporter.address", "reporter.id_number", "reporter.email"} <= set(names)
    assert len(names) >= 8  # title, text and the words of the note besides
    for number, name in enumerate(names, 1):
        reveal(worker, code, name, "上门前联系")
        lines = _lines(database, code)
        assert len(lines) == number
        assert lines[-1]["name"] == name and lines[-1]["actor"] == worker.person
        assert "上门前联系" not in str(lines[-1]), "the reason is sealed too"


def test_without_a_reason_nothing_is_opened(held) -> None:
    _, code, worker = held
    for reason in ("", "   ", "原因" * 200):
        with pytest.raises(MinqingError):
            reveal(worker, code, "reporter.phone", reason)


def test_where_the_line_cannot_be_written_the_value_is_not_handed_out(held) -> None:
    """The line comes first: a database that refuses it refuses the value."""
    database, code, worker = held
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute("alter table ledger_line add constraint no_more check (stream <> 2) not valid")
    with pytest.raises(Exception, match="no_more"):
        reveal(worker, code, "reporter.phone", "上门前联系")
    assert _lines(database, code) == []
