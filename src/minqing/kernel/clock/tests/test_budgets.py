from __future__ import annotations

import pytest

from minqing.base.errors import BadInput
from minqing.kernel.clock.budgets import (
    BadBudget,
    Budget,
    Rung,
    budget_en,
    budget_zh,
    longer,
    parse_budget,
    parse_rung,
)

WRITTEN = ["30m", "24h", "2wh", "3d", "5wd", "6mo", "2y", "999999d"]
BAD = [
    "",
    "0d",
    "-3d",
    "999999999d",
    "1000000d",
    "05d",
    "5 wd",
    " 5wd",
    "5wd ",
    "５d",
    "5",
    "wd",
    "5D",
    "1.5h",
    "5d\x00",
    "5w",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_budget_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_budget(text)) == text


@pytest.mark.parametrize("text", [*BAD, "5d\ud800", "d" * 100_000])
def test_a_bad_budget_gets_a_short_printable_sentence(text: str) -> None:
    with pytest.raises(BadBudget, match="like 30m, 24h") as refusal:
        parse_budget(text)
    assert isinstance(refusal.value, ValueError) and isinstance(refusal.value, BadInput)
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 250


@pytest.mark.parametrize(("amount", "unit"), [(0, "d"), (-1, "h"), (1_000_000, "m"), (1, "w")])
def test_a_budget_made_by_hand_keeps_the_same_bounds(amount: int, unit: str) -> None:
    with pytest.raises(BadBudget):
        Budget(amount, unit)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("30m", "30分钟", "30 minutes"),
        ("24h", "24小时", "24 hours"),
        ("2wh", "2个工作小时", "2 working hours"),
        ("30d", "30日", "30 days"),
        ("1wd", "1个工作日", "1 working day"),
        ("6mo", "6个月", "6 months"),
        ("2y", "2年", "2 years"),
    ],
)
def test_a_budget_is_said_in_both_tongues(text: str, zh: str, en: str) -> None:
    assert (budget_zh(parse_budget(text)), budget_en(parse_budget(text))) == (zh, en)


@pytest.mark.parametrize(
    ("a", "b"),
    [("90d", "60d"), ("61m", "1h"), ("25h", "1d"), ("6wd", "8d"), ("45wd", "60d"), ("2mo", "60d"), ("13mo", "1y"),
     ("1d", "2wh"), ("9wh", "1wd")],
)  # fmt: skip
def test_longer_knows_which_gives_more_time(a: str, b: str) -> None:
    assert longer(parse_budget(a), parse_budget(b))
    assert not longer(parse_budget(b), parse_budget(a))


@pytest.mark.parametrize(("a", "b"), [("60m", "1h"), ("24h", "1d"), ("12mo", "1y"), ("5wd", "7d"), ("8wh", "1wd")])
def test_equal_times_are_not_longer(a: str, b: str) -> None:
    assert not longer(parse_budget(a), parse_budget(b)) and not longer(parse_budget(b), parse_budget(a))


def test_rungs_rise_from_percent_over_due_to_late() -> None:
    written = ["10%", "50%", "99%", "due", "late 30m", "late 2h", "late 1d", "late 2wd", "late 1mo"]
    rungs = [parse_rung(text) for text in written]
    assert sorted(reversed(rungs), key=lambda rung: rung.order) == rungs
    assert [str(rung) for rung in rungs] == written


@pytest.mark.parametrize(
    "text", ["", "0%", "100%", "150%", "-5%", "50 %", "late", "late ", "late 0d", "late  2d", "Due", "due "]
)
def test_a_bad_rung_gets_a_sentence(text: str) -> None:
    with pytest.raises(BadBudget, match="is not a rung"):
        parse_rung(text)


def test_a_rung_is_only_one_thing() -> None:
    with pytest.raises(BadBudget, match="only one of them"):
        Rung(percent=50, late=parse_budget("1d"))
