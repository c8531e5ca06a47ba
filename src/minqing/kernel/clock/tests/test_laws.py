"""The table of legal clocks: what it says, and that a slip in it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.base.definitions import DefinitionErrors
from minqing.kernel.clock.budgets import Budget
from minqing.kernel.clock.laws import LegalClock, load_laws, read_laws

D, H, WD = "d", "h", "wd"
#: name, amount, unit, side, roll: the rows a petition office or a court clerk will look for first.
TABLE = [
    ("petition.accept", 15, D, "duty", "none"),              # 信访工作条例 22、23
    ("petition.reroute_objection", 5, WD, "duty", "none"),   # 23: the only one in working days
    ("petition.close", 60, D, "duty", "none"),               # 34
    ("petition.review.apply", 30, D, "right", "next-day"),   # 35
    ("petition.review.decide", 30, D, "duty", "none"),
    ("petition.rereview.apply", 30, D, "right", "next-day"), # 36
    ("mediation.confirm_apply", 30, D, "right", "next-day"), # 民事诉讼法 205
    ("payment_order.issue", 15, D, "duty", "next-day"),      # 民事诉讼法 227, 85
    ("payment_order.object", 15, D, "right", "next-day"),
    ("payment_order.undeliverable", 30, D, "duty", "next-day"),
    ("preservation.pre_suit.rule", 48, H, "duty", "none"),   # 104: hours do not roll
    ("preservation.sue", 30, D, "right", "next-day"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "amount", "unit", "side", "roll"), TABLE, ids=[row[0] for row in TABLE])
def test_a_legal_clock_gives_what_its_article_says(name: str, amount: int, unit: str, side: str, roll: str) -> None:
    clock = load_laws()[name]
    assert (clock.budget.amount, clock.budget.unit, clock.side, clock.roll) == (amount, unit, side, roll)


def test_where_the_law_is_silent_an_offices_duty_is_not_lengthened_by_a_holiday() -> None:
    petition = [clock for name, clock in load_laws().items() if name.startswith("petition.")]
    assert {clock.roll for clock in petition if clock.side == "duty"} == {"none"}
    assert {clock.roll for clock in petition if clock.side == "right"} == {"next-day"}


def test_rights_of_parties_counted_in_days_always_roll() -> None:
    days = [clock for clock in load_laws().values() if clock.side == "right" and clock.budget.unit in ("d", "mo", "y")]
    assert days and {clock.roll for clock in days} == {"next-day"}


def test_what_has_not_been_seen_says_so() -> None:
    unseen = {name for name, clock in load_laws().items() if not clock.checked}
    assert {"dishonest.term", "debt_cleanup.observation", "hotline.general"} <= unseen
    assert "petition.close" not in unseen


def test_extensions_and_lapses_are_the_laws_own() -> None:
    laws = load_laws()
    assert laws["petition.close"].extend == Budget(30, "d")
    assert laws["payment_order.issue"].extend is None
    assert laws["mediation.court_pre_filing"].agreed
    assert [name for name in ("petition.close", "preservation.sue") if laws[name].lapses] == ["preservation.sue"]


def test_every_clock_names_its_article_and_cannot_be_changed() -> None:
    laws = load_laws()
    assert all(clock.article and clock.title and clock.name == name for name, clock in laws.items())
    with pytest.raises(TypeError):
        laws["petition.close"] = laws["petition.accept"]  # type: ignore[index]
    assert isinstance(laws["petition.close"], LegalClock)


def test_a_slip_in_the_table_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "laws.yaml"
    path.write_text(
        "a.b: {is: 一, limit: 3 d, article: 甲, side: duty, roll: none}\n"
        "c.d: {is: 二, limit: 48h, article: 乙, side: office, roll: next-day}\n"
        "e.f: {is: 三, limit: 3d, side: duty, rol: none}\n",
        encoding="utf-8",
    )
    with pytest.raises(DefinitionErrors) as fault:
        read_laws(path)
    said = [(one.line, one.text.split(":")[0]) for one in fault.value.complaints]
    assert [line for line, _ in said] == [1, 2, 2, 3, 3]
    assert any("which never rolls" in one.text for one in fault.value.complaints)
