# ruff: noqa: E501  (sentences as they are said)
"""Conditions: yes-or-no questions about a matter, never about a person or the clock; undecidable is never no."""

from __future__ import annotations

import datetime as dt

import pytest

from minqing.kernel.methods.conditions import BadCondition, Undecidable, compile_condition
from minqing.kernel.methods.vocabulary import CelType

DECLARED: dict[str, CelType] = {
    "kind": "string", "people": "int", "tags": "list", "form.cause": "string", "form.day": "timestamp",
    "form.end": "timestamp", "has.phone": "bool", "text.repeats": "int", "debt.score": "double",
    "open.task_force": "int",
}  # fmt: skip
PERSONAL = frozenset({"form.phone"})


def holds(text: str, **values: object) -> bool:
    condition = compile_condition(text, DECLARED, PERSONAL)
    return condition.holds(tuple(values[name.replace(".", "_")] for name in condition.names))


@pytest.mark.parametrize(
    ("text", "values", "answer"),
    [
        ("people >= 10", {"people": 10}, True),
        ("people >= 10", {"people": 9}, False),
        ("'fire' in tags || people > 3", {"tags": ("fire",), "people": 1}, True),
        ("'fire' in tags || people > 3", {"tags": (), "people": 1}, False),
        ("form.cause in ['邻里', '物业'] && !has.phone", {"form_cause": "物业", "has_phone": False}, True),
        ("debt.score >= 80.0", {"debt_score": 94.5}, True),
        ("open.task_force == 0", {"open_task_force": 2}, False),
        ("form.day < form.end", {"form_day": dt.date(2026, 2, 1), "form_end": dt.date(2026, 2, 2)}, True),
        ("kind.startsWith('dis')", {"kind": "dispute"}, True),
    ],
)
def test_a_condition_answers_yes_or_no(text: str, values: dict[str, object], answer: bool) -> None:
    assert holds(text, **values) is answer


def test_names_are_those_it_reads_in_a_fixed_order() -> None:
    condition = compile_condition("text.repeats > 1 && kind == 'people' && text.repeats < 9", DECLARED)
    assert condition.names == ("kind", "text.repeats")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("form.phone == '110'", 'the condition reads "form.phone", which is personal: conditions never read personal data '
                                "(use has.phone)"),
        ("form . phone != ''", 'the condition reads "form.phone", which is personal: conditions never read personal data '
                               "(use has.phone)"),
        ("now > form.day", "conditions cannot read the clock; write a limit or a ladder instead"),
        ("form.day > timestamp('2026-01-01T00:00:00Z')",
         "conditions cannot read the clock; write a limit or a ladder instead"),
        ("reporter.visits > 3", 'the condition reads "reporter.visits": conditions never look at who reports, nor how often '
                                "(text.repeats counts by place and cause)"),
        ("people + 1", '"people + 1" is no yes-or-no question: compare something, such as people > 5'),
        ("people > 4.5", '"people > 4.5" compares a whole number with a decimal one: write both alike, '
                         "decimals with a point (80.0), counts without (5)"),
        ("debt.score > 80", '"debt.score > 80" compares a whole number with a decimal one: write both alike, '
                            "decimals with a point (80.0), counts without (5)"),
        ("kind == 1", '"kind == 1" compares unlike things (string, int): words stand in quotes, numbers do not'),
        ("form.caus == 'x'", 'the condition reads "form.caus", which no condition can read. Did you mean "form.cause"?'),
    ],
)  # fmt: skip
def test_a_condition_that_may_not_be_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadCondition) as refused:
        compile_condition(text, DECLARED, PERSONAL)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("text", ["", "kind ==", "((((" * 90, "\0", "\ud800", "kind == 'a", "people > 9" * 9])
def test_what_is_no_expression_is_a_sentence_too(text: str) -> None:
    with pytest.raises(BadCondition):
        compile_condition(text, DECLARED, PERSONAL)


def test_a_word_inside_quotes_is_no_name() -> None:
    assert compile_condition("kind == 'form.phone' || kind == \"now\"", DECLARED, PERSONAL).names == ("kind",)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("10 / people > 1", (0,)),
        ("kind.matches('a(')", ("x",)),
        ("people > 1", ("x",)),
        ("kind == 'x'", ("\ud800",)),
        ("[0,0,0,0,0,0,0,0,0,0].all(a, " * 5 + "people > 0" + ")" * 5, (1,)),  # more steps than a question may take
    ],
)
def test_what_cannot_be_decided_is_an_error_and_never_a_no(text: str, values: tuple[object, ...]) -> None:
    with pytest.raises(Undecidable, match="cannot be decided here"):
        compile_condition(text, DECLARED).holds(values)


def test_the_same_values_are_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    condition = compile_condition("people > 7 && 'memo' != kind", DECLARED)
    asked = []
    decide = type(condition)._decide
    monkeypatch.setattr(type(condition), "_decide", lambda self, values: asked.append(values) or decide(self, values))
    assert [condition.holds(("a", 8)), condition.holds(("a", 8)), condition.holds(("a", 7))] == [True, True, False]
    assert asked == [("a", 8), ("a", 7)]
